// All data about people here is synthetic.
#include "client/import/csv_rows.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <sstream>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "lintas/migration_information/v1/migration_information.pb.h"

namespace lintas::client {
namespace {

namespace area = migration_information::v1;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

struct Seen {
  uint64_t line;
  std::string source_key;
  std::vector<std::string> errors;  // `field RULE`
};

template <typename Record>
struct Result {
  absl::Status status;
  std::vector<Record> records;
  std::vector<Seen> rows;
  std::vector<std::string> unknown;
};

template <typename Record>
Result<Record> ReadAll(const std::string& text, const FieldMapping& mapping = {}) {
  Result<Record> result;
  CsvRows rows(Record::descriptor(), mapping);
  std::istringstream in(text);
  result.status = rows.Read(in, [&](CsvRow* row) {
    Seen seen{row->line, row->source_key, {}};
    for (const FieldViolation& error : row->errors) {
      seen.errors.push_back(absl::StrCat(error.field, " ", error.rule));
    }
    result.rows.push_back(seen);
    result.records.push_back(static_cast<const Record&>(*row->record));
    return absl::OkStatus();
  });
  result.unknown = rows.unknown_columns();
  return result;
}

constexpr char kCrossingHeader[] =
    "source_key,direction,port,crossing_time,outcome,document_code,document_number,document_issuer,"
    "family_name,given_name,native_script,birth_date,sex,nationality,national_number,visa_class,"
    "permitted_until,carrier,flight,purpose\n";
constexpr char kCrossingRow[] =
    "K-1,ENTRY,KHPNH,2026-03-01T08:15:30.25+07:00,ADMITTED,P,C1234567,IDN,SANTOSO,BUDI,,1988-03-00,"
    "M,IDN;KHM,3171011203880001,T,2026-03-30,Garuda Indonesia,GA 864,TOURISM\n";

TEST(CsvRows, FillsEveryColumnOfACrossing) {
  const auto result = ReadAll<area::Crossing>(absl::StrCat(kCrossingHeader, kCrossingRow));
  ASSERT_TRUE(result.status.ok()) << result.status;
  ASSERT_EQ(result.records.size(), 1u);
  EXPECT_THAT(result.rows[0].errors, IsEmpty());
  EXPECT_EQ(result.rows[0].source_key, "K-1");
  EXPECT_THAT(result.unknown, IsEmpty());
  const area::Crossing& crossing = result.records[0];
  EXPECT_EQ(crossing.direction(), area::Crossing::ENTRY);
  EXPECT_EQ(crossing.outcome(), area::Crossing::ADMITTED);
  EXPECT_EQ(crossing.port(), "KHPNH");
  EXPECT_EQ(crossing.crossing_time().seconds(), 1772327730);  // 2026-03-01T01:15:30Z
  EXPECT_EQ(crossing.crossing_time().nanos(), 250'000'000);
  EXPECT_EQ(crossing.utc_offset_minutes(), 420);
  EXPECT_EQ(crossing.document().code(), "P");
  EXPECT_EQ(crossing.document().number(), "C1234567");
  EXPECT_EQ(crossing.document().issuer(), "IDN");
  ASSERT_EQ(crossing.person().names_size(), 1);
  EXPECT_EQ(crossing.person().names(0).family_name(), "SANTOSO");
  EXPECT_EQ(crossing.person().names(0).given_name(), "BUDI");
  EXPECT_EQ(crossing.person().birth_date().year(), 1988);
  EXPECT_EQ(crossing.person().birth_date().month(), 3);
  EXPECT_EQ(crossing.person().birth_date().day(), 0);
  EXPECT_EQ(crossing.person().sex(), types::v1::Person::M);
  EXPECT_THAT(crossing.person().nationalities(), ElementsAre("IDN", "KHM"));
  EXPECT_EQ(crossing.person().national_number(), "3171011203880001");
  EXPECT_EQ(crossing.visa_class(), "T");
  EXPECT_EQ(crossing.permitted_until_date(), "2026-03-30");
  EXPECT_EQ(crossing.carrier(), "Garuda Indonesia");
  EXPECT_EQ(crossing.flight(), "GA 864");
  EXPECT_EQ(crossing.purpose(), "TOURISM");
}

TEST(CsvRows, FillsTheOtherTypesFromTheirOwnColumns) {
  const auto travellers = ReadAll<area::Traveller>(
      "source_key,family_name,given_name,native_script,birth_date,sex,nationality,national_number,"
      "place_of_birth\nT1,,SOPHEA,សុភា,1990-00-00,F,KHM,123456789,Kampot\n");
  ASSERT_TRUE(travellers.status.ok()) << travellers.status;
  EXPECT_EQ(travellers.records[0].person().place_of_birth(), "Kampot");
  EXPECT_EQ(travellers.records[0].person().names(0).native_script(), "សុភា");
  EXPECT_EQ(travellers.records[0].documents_size(), 0);

  const auto documents = ReadAll<area::TravelDocument>(
      "source_key,document_code,document_number,issuer,issue_date,expiry_date,status,family_name,"
      "given_name,native_script,birth_date,sex,nationality,national_number\n"
      "D1,PP,N0012345,KHM,2020-01-02,2030-01-01,CANCELLED,SOK,DARA,,1985-05-05,M,KHM,\n");
  ASSERT_TRUE(documents.status.ok()) << documents.status;
  EXPECT_EQ(documents.records[0].document().issuer(), "KHM");
  EXPECT_EQ(documents.records[0].status(), area::TravelDocument::CANCELLED);
  EXPECT_EQ(documents.records[0].expiry_date(), "2030-01-01");

  const auto stays = ReadAll<area::StayPermit>(
      "source_key,permit_number,permit_class,list_version,valid_from,valid_to,status,"
      "document_number,document_issuer,family_name,given_name,native_script,birth_date,sex,"
      "nationality,national_number,address,host\n"
      "S1,2026/17,E,2025-1,2026-01-01,2026-12-31,VALID,C1234567,IDN,SANTOSO,BUDI,,1988-03-12,M,IDN,"
      ",\"Street 1, Phnom Penh\",Example Ltd\n");
  ASSERT_TRUE(stays.status.ok()) << stays.status;
  EXPECT_EQ(stays.records[0].start_date(), "2026-01-01");
  EXPECT_EQ(stays.records[0].end_date(), "2026-12-31");
  EXPECT_EQ(stays.records[0].address(), "Street 1, Phnom Penh");
  EXPECT_EQ(stays.records[0].host(), "Example Ltd");

  const auto works = ReadAll<area::WorkPermit>(
      "source_key,permit_number,occupation,year,status,valid_from,valid_to,document_number,"
      "document_issuer,family_name,given_name,native_script,birth_date,sex,nationality,"
      "national_number,employer\n"
      "W1,WP-9,Cook,2026,VALID,2026-01-01,2026-12-31,C1234567,IDN,SANTOSO,BUDI,,,M,IDN,,Kitchen\n");
  ASSERT_TRUE(works.status.ok()) << works.status;
  EXPECT_EQ(works.records[0].year(), 2026);
  EXPECT_EQ(works.records[0].occupation(), "Cook");
  EXPECT_EQ(works.records[0].employer(), "Kitchen");
  EXPECT_FALSE(works.records[0].person().has_birth_date());
}

TEST(CsvRows, HandsOnABadRowWithItsErrorsAndGoesOn) {
  const std::string bad =
      absl::StrReplaceAll(kCrossingRow, {{"ENTRY", "INTO"},
                                         {"2026-03-01T08:15:30.25+07:00", "2026-03-01 08:15"},
                                         {"1988-03-00", "1988-02-30"},
                                         {"SANTOSO", "SAN\xff"}});
  const auto result = ReadAll<area::Crossing>(absl::StrCat(kCrossingHeader, bad, kCrossingRow));
  ASSERT_TRUE(result.status.ok());
  ASSERT_EQ(result.rows.size(), 2u);
  EXPECT_THAT(result.rows[0].errors,
              ElementsAre("crossing.direction UNKNOWN_VALUE", "crossing.crossing_time NOT_A_TIME",
                          "crossing.person.names[0].family_name NOT_UTF8",
                          "crossing.person.birth_date BAD_PARTIAL_DATE"));
  EXPECT_THAT(result.rows[1].errors, IsEmpty());
  EXPECT_EQ(result.records[1].person().names(0).family_name(), "SANTOSO");
}

TEST(CsvRows, LeavesNothingOfARowInTheNext) {
  const std::string header = "source_key,given_name,nationality,sex\n";
  const auto result = ReadAll<area::Traveller>(header + "1,BUDI,IDN,M\n2,DEWI,,\n,X,,\n");
  ASSERT_TRUE(result.status.ok()) << result.status;
  EXPECT_EQ(result.records[1].person().names_size(), 1);
  EXPECT_EQ(result.records[1].person().nationalities_size(), 0);
  EXPECT_EQ(result.records[1].person().sex(), types::v1::Person::SEX_UNSPECIFIED);
  EXPECT_THAT(result.rows[2].errors, ElementsAre("source_key REQUIRED"));
}

TEST(CsvRows, ErrorsNeverHoldTheValue) {
  const std::string text =
      "source_key,permit_number,document_number,document_issuer,given_name,year\n"
      "1,P1,C1,IDN,BUDI,SecretYear\n";
  CsvRows rows(area::WorkPermit::descriptor(), {});
  std::istringstream in(text);
  int count = 0;
  ASSERT_TRUE(rows.Read(in,
                        [&](CsvRow* row) {
                          EXPECT_EQ(row->errors.size(), 1u);
                          EXPECT_EQ(row->errors[0].field, "work_permit.year");
                          EXPECT_EQ(row->errors[0].rule, "NOT_A_NUMBER");
                          EXPECT_THAT(row->errors[0].description, Not(HasSubstr("Secret")));
                          ++count;
                          return absl::OkStatus();
                        })
                  .ok());
  EXPECT_EQ(count, 1);
}

TEST(CsvRows, SaysWhichRowsHaveTooManyOrTooFewFields) {
  const auto result = ReadAll<area::Traveller>("source_key,given_name\n1,BUDI,more\n2\n3,DEWI\n");
  ASSERT_EQ(result.rows.size(), 3u);
  EXPECT_THAT(result.rows[0].errors, ElementsAre("traveller TOO_MANY_COLUMNS"));
  EXPECT_THAT(result.rows[1].errors, ElementsAre("traveller MISSING_COLUMNS"));
  EXPECT_THAT(result.rows[2].errors, IsEmpty());
}

TEST(CsvRows, CountsPhysicalLinesWhateverEndsThem) {
  const auto lines = [](const std::string& text) {
    std::vector<uint64_t> numbers;
    for (const Seen& row : ReadAll<area::Traveller>(text).rows) numbers.push_back(row.line);
    return numbers;
  };
  EXPECT_THAT(lines("source_key,given_name\n1,A\n\n2,B"), ElementsAre(2, 4));
  EXPECT_THAT(lines("source_key,given_name\r\n1,A\r\n\r\n2,B\r\n3,C"), ElementsAre(2, 4, 5));
  EXPECT_THAT(lines("source_key,given_name\r1,A\r2,B"), ElementsAre(2, 3));
  EXPECT_THAT(lines("\n\nsource_key,given_name\n1,\"A\nB\r\nC\"\n2,B"), ElementsAre(4, 7));
}

TEST(CsvRows, DropsAByteOrderMarkAndKeepsQuotedText) {
  const auto result = ReadAll<area::Traveller>(
      "\xef\xbb\xbfsource_key,given_name,place_of_birth\n\"1\",\"A \"\"B\"\", C\", Kampot \n");
  ASSERT_TRUE(result.status.ok()) << result.status;
  EXPECT_EQ(result.rows[0].source_key, "1");
  EXPECT_EQ(result.records[0].person().names(0).given_name(), "A \"B\", C");
  EXPECT_EQ(result.records[0].person().place_of_birth(), "Kampot");
}

TEST(CsvRows, NamesAllRequiredColumnsThatAreMissing) {
  const auto result = ReadAll<area::Crossing>("port,outcome,document_number\nKHPNH,ADMITTED,C1\n");
  EXPECT_EQ(ErrorReason(result.status), "MISSING_COLUMNS");
  for (const char* column : {"source_key", "direction", "crossing_time", "document_issuer",
                             "family_name or given_name or native_script"}) {
    EXPECT_THAT(std::string(result.status.message()), HasSubstr(column));
  }
  EXPECT_THAT(std::string(result.status.message()), Not(HasSubstr("outcome")));
  EXPECT_THAT(result.rows, IsEmpty());
}

TEST(CsvRows, AsksForAllOfAnOptionalMessageOnceAColumnFillsAPart) {
  const auto result = ReadAll<area::Traveller>("source_key,given_name,document_number\n1,A,B\n");
  EXPECT_EQ(ErrorReason(result.status), "MISSING_COLUMNS");
  EXPECT_THAT(std::string(result.status.message()), HasSubstr("document_issuer"));
}

TEST(CsvRows, TellsUnknownColumnsOnceAndLeavesThemOut) {
  const auto result = ReadAll<area::Traveller>(
      "source_key,given_name,shoe_size,meta,name\n1,BUDI,43,x,countries/idn/travellers/1\n");
  ASSERT_TRUE(result.status.ok());
  EXPECT_THAT(result.unknown, ElementsAre("shoe_size", "meta", "name"));
  EXPECT_FALSE(result.records[0].has_meta());
  EXPECT_EQ(result.records[0].name(), "");
}

TEST(CsvRows, RefusesTwoColumnsForOneField) {
  const auto result = ReadAll<area::TravelDocument>(
      "source_key,given_name,document_number,issuer,document_issuer\n");
  EXPECT_EQ(ErrorReason(result.status), "DUPLICATE_COLUMN");
}

TEST(CsvRows, TakesColumnsByMappingAndByPath) {
  const auto mappings = ParseMappings(
      "# agency's names\nNo = source_key\nNama = person.names.given_name\n\nCatatan =\n");
  ASSERT_TRUE(mappings.ok()) << mappings.status();
  const auto result =
      ReadAll<area::Traveller>("No,Nama,Catatan,person.sex\n1,BUDI,x,M\n", mappings->at(0));
  ASSERT_TRUE(result.status.ok()) << result.status;
  EXPECT_THAT(result.unknown, IsEmpty());
  EXPECT_EQ(result.records[0].person().names(0).given_name(), "BUDI");
  EXPECT_EQ(result.records[0].person().sex(), types::v1::Person::M);
}

TEST(CsvRows, RefusesAMappingThatIsNone) {
  EXPECT_EQ(ErrorReason(ParseMappings("a\n").status()), "BAD_MAPPING");
  EXPECT_EQ(ErrorReason(ParseMappings("= b\n").status()), "BAD_MAPPING");
  EXPECT_EQ(ErrorReason(ParseMappings("a = b\na = c\n").status()), "BAD_MAPPING");
  const auto result =
      ReadAll<area::Traveller>("source_key,Nama\n", CsvMapping{{"Nama", "nickname"}});
  EXPECT_EQ(ErrorReason(result.status), "BAD_MAPPING");
}

TEST(CsvRows, TakesWordsDaysAndConstantsByMapping) {
  FieldMapping mapping;
  mapping.columns = {
      {"No", "source_key"}, {"Sex", "sex"}, {"Born", "birth_date"}, {"Name", "given_name"}};
  mapping.values["Sex"] = {{"LAKI-LAKI", "M"}};
  mapping.dates["Born"] = "DD/MM/YYYY";
  mapping.constants = {{"place_of_birth", "MEDAN"}, {"document_code", "P"}};
  const auto result = ReadAll<area::Traveller>(
      "No,Name,Sex,Born\n1,BUDI,LAKI-LAKI,00/02/1990\n2,SITI,F,1990\n", mapping);
  ASSERT_TRUE(result.status.ok()) << result.status;
  EXPECT_EQ(result.records[0].person().sex(), types::v1::Person::M);
  EXPECT_EQ(result.records[0].person().birth_date().year(), 1990);
  EXPECT_EQ(result.records[0].person().birth_date().month(), 2);
  EXPECT_EQ(result.records[0].person().birth_date().day(), 0);
  EXPECT_EQ(result.records[0].person().place_of_birth(), "MEDAN");
  // A constant completes a document and makes up none.
  EXPECT_EQ(result.records[0].documents_size(), 0);
  EXPECT_THAT(result.rows[1].errors, ElementsAre("traveller.person.birth_date BAD_PARTIAL_DATE"));
}

TEST(CsvRows, FillsFurtherElementsAndListsOfNames) {
  const auto result = ReadAll<area::Traveller>(
      "source_key,given_name,person.names[1].given_name,aliases,documents[1].number,"
      "documents[0].number,documents[0].issuer,documents[1].issuer\n"
      "1,BOEDI,BUDI,Mas Budi; Pak B,X2,X1,IDN,KHM\n");
  ASSERT_TRUE(result.status.ok()) << result.status;
  const auto& record = result.records[0];
  ASSERT_EQ(record.person().names_size(), 2);
  EXPECT_EQ(record.person().names(1).given_name(), "BUDI");
  EXPECT_THAT(record.person().aliases(), testing::ElementsAre("Mas Budi", "Pak B"));
  ASSERT_EQ(record.documents_size(), 2);
  EXPECT_EQ(record.documents(0).number(), "X1");
  EXPECT_EQ(record.documents(1).issuer(), "KHM");
}

TEST(CsvRows, RefusesQuotationMarksAtWrongPlaces) {
  const std::string header = "source_key,given_name\n";
  const auto inside = ReadAll<area::Traveller>(header + "1,A\n2,B\"C\n");
  EXPECT_EQ(ErrorReason(inside.status), "MALFORMED_CSV");
  EXPECT_THAT(std::string(inside.status.message()), HasSubstr("Line 3"));
  EXPECT_EQ(inside.rows.size(), 1u);
  const auto open = ReadAll<area::Traveller>(header + "1,\"A\n2,B\n");
  EXPECT_EQ(ErrorReason(open.status), "MALFORMED_CSV");
  const auto long_row =
      ReadAll<area::Traveller>(absl::StrCat(header, "1,\"", std::string(2 << 20, 'a')));
  EXPECT_EQ(ErrorReason(long_row.status), "ROW_TOO_LONG");
}

TEST(CsvRows, RefusesAFileWithoutAHeader) {
  EXPECT_EQ(ErrorReason(ReadAll<area::Traveller>("").status), "EMPTY_FILE");
  EXPECT_EQ(ErrorReason(ReadAll<area::Traveller>("\n\n").status), "EMPTY_FILE");
}

TEST(CsvRows, StopsWithTheErrorOfItsReader) {
  CsvRows rows(area::Traveller::descriptor(), {});
  std::istringstream in("source_key,given_name\n1,A\n2,B\n3,C\n");
  const absl::Status status = rows.Read(in, [](CsvRow* row) {
    return row->number == 2 ? absl::AbortedError("enough") : absl::OkStatus();
  });
  EXPECT_EQ(status.code(), absl::StatusCode::kAborted);
  EXPECT_EQ(rows.row_count(), 2u);
}

TEST(CsvRows, ReadsAcrossChunksAndLetsRecordsBeTaken) {
  std::string text = "source_key,given_name,place_of_birth\n";
  constexpr int kRows = 5000;
  for (int i = 0; i < kRows; ++i) absl::StrAppend(&text, i, ",NAME,\"place ", i, "\"\n");
  CsvRows rows(area::Traveller::descriptor(), {});
  std::istringstream in(text);
  std::vector<std::unique_ptr<google::protobuf::Message>> taken;
  ASSERT_TRUE(rows.Read(in,
                        [&](CsvRow* row) {
                          EXPECT_EQ(row->source_key, absl::StrCat(row->number - 1));
                          taken.push_back(std::move(row->record));
                          return absl::OkStatus();
                        })
                  .ok());
  ASSERT_EQ(taken.size(), static_cast<size_t>(kRows));
  for (int i = 0; i < kRows; ++i) {
    const auto& traveller = static_cast<const area::Traveller&>(*taken[static_cast<size_t>(i)]);
    ASSERT_EQ(traveller.person().place_of_birth(), absl::StrCat("place ", i));
  }
}

TEST(ParseRfc3339, ReadsOffsetsAndRefusesOtherForms) {
  int64_t seconds = 0;
  int32_t nanos = 0;
  int offset = 0;
  ASSERT_TRUE(ParseRfc3339("1970-01-01T00:00:00Z", &seconds, &nanos, &offset));
  EXPECT_EQ(seconds, 0);
  ASSERT_TRUE(ParseRfc3339("2026-01-01T09:00:00.000000001+09:00", &seconds, &nanos, &offset));
  EXPECT_EQ(seconds, 1767225600);
  EXPECT_EQ(nanos, 1);
  EXPECT_EQ(offset, 540);
  ASSERT_TRUE(ParseRfc3339("2025-12-31T20:30:00-03:30", &seconds, &nanos, &offset));
  EXPECT_EQ(seconds, 1767225600);
  EXPECT_EQ(offset, -210);
  for (const char* text :
       {"", "2026-01-01", "2026-01-01T09:00:00", "2026-01-01 09:00:00Z", "2026-02-29T09:00:00Z",
        "2026-01-01T24:00:00Z", "2026-01-01T09:60:00Z", "2026-01-01T09:00:61Z",
        "2026-01-01T09:00:00.Z", "2026-01-01T09:00:00+0700", "2026-01-01T09:00:00+24:00",
        "2026-01-01T09:00:00Zx"}) {
    EXPECT_FALSE(ParseRfc3339(text, &seconds, &nanos, &offset)) << text;
  }
}

}  // namespace
}  // namespace lintas::client

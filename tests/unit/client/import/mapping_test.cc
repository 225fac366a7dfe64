#include "client/import/mapping.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <sstream>

#include "absl/strings/str_cat.h"
#include "client/import/csv_rows.h"
#include "client/record.h"
#include "server/base/error.h"

namespace lintas::client {
namespace {

using testing::Contains;
using testing::ElementsAre;

TEST(Mapping, OfEveryBuiltInAgencyFitsItsRecordType) {
  EXPECT_THAT(KnownAgencies(), Contains("manpower"));
  for (const std::string& agency : KnownAgencies()) {
    const auto mappings = MappingsOfAgency(agency);
    ASSERT_TRUE(mappings.ok()) << agency << mappings.status();
    for (const FieldMapping& mapping : *mappings) {
      const auto kind = KindOfType(mapping.type);
      ASSERT_TRUE(kind.ok()) << agency;
      std::vector<std::string> header;
      for (const auto& [column, target] : mapping.columns) header.push_back(column);
      const auto columns = CsvColumns::Make((*kind)->message(), header, mapping);
      EXPECT_TRUE(columns.ok()) << agency << " " << mapping.file << ": " << columns.status();
      // A word or a form for a column that the file does not have is a mistake.
      for (const auto& each : mapping.values) EXPECT_EQ(mapping.columns.count(each.first), 1u);
      for (const auto& each : mapping.dates) EXPECT_EQ(mapping.columns.count(each.first), 1u);
    }
  }
  EXPECT_EQ(FieldViolations(MappingsOfAgency("nobody").status()).at(0).rule, "UNKNOWN_AGENCY");
}

TEST(Mapping, ReadsManpowersPermits) {
  const auto mappings = MappingsOfAgency("manpower");
  ASSERT_TRUE(mappings.ok());
  const auto mapping = ChooseMapping(*mappings, "/in/permits-2026-03-01.csv", "");
  ASSERT_TRUE(mapping.ok()) << mapping.status();
  EXPECT_EQ(mapping->type, "work_permit");
  CsvRows rows((*KindOfType("work_permit"))->message(), *mapping);
  std::istringstream in(
      "Record ID,Permit No,Occupation,Permit Year,Issued,Expires,State,Passport No,"
      "Passport Country,Surname,Given Names,Khmer Name,Also Known As,Date of Birth,Sex,"
      "Nationality,Employer,Printed On\n"
      "SYN-1,EP-1,WELDER,2026,01/02/2026,31/12/2026,ACTIVE,X0000001,IDN,,SUHARTO,,Soeharto,"
      "00/05/1990,MALE,IDN,Synthetic Trading,today\n");
  AnyRecord any;
  std::vector<FieldViolation> errors;
  const absl::Status status = rows.Read(in, [&](CsvRow* row) {
    errors = row->errors;
    any.mutable_work_permit()->CopyFrom(*row->record);
    return absl::OkStatus();
  });
  ASSERT_TRUE(status.ok()) << status;
  ASSERT_TRUE(errors.empty()) << errors[0].field << errors[0].rule;
  const auto& permit = any.work_permit();
  EXPECT_EQ(permit.start_date(), "2026-02-01");
  EXPECT_EQ(permit.status(), migration_information::v1::WorkPermit::VALID);
  EXPECT_EQ(permit.document().code(), "P");
  EXPECT_THAT(permit.person().aliases(), ElementsAre("Soeharto"));
  EXPECT_EQ(permit.person().names(0).family_name(), "");
  EXPECT_EQ(permit.person().birth_date().day(), 0);
  EXPECT_TRUE(rows.unknown_columns().empty());
}

TEST(Mapping, ChoosesByTheFilesNameThenByTheType) {
  const auto mappings = MappingsOfAgency("visa");
  ASSERT_TRUE(mappings.ok());
  EXPECT_EQ(ChooseMapping(*mappings, "Cekal_maret.csv", "")->type, "ban");
  EXPECT_EQ(ChooseMapping(*mappings, "export.csv", "visa")->type, "visa");
  const auto neither = ChooseMapping(*mappings, "export.csv", "");
  EXPECT_EQ(FieldViolations(neither.status()).at(0).rule, "NO_MAPPING");
}

TEST(Mapping, TurnsDaysOfItsFormAndLeavesOthers) {
  EXPECT_EQ(DayOf("31/12/2026", "DD/MM/YYYY"), "2026-12-31");
  EXPECT_EQ(DayOf("20261231", "YYYYMMDD"), "2026-12-31");
  EXPECT_EQ(DayOf("00/02/1990", "DD/MM/YYYY"), "1990-02-00");
  for (const char* other : {"", "2026-12-31", "31-12-2026", "3a/12/2026"}) {
    EXPECT_EQ(DayOf(other, "DD/MM/YYYY"), other);
  }
}

TEST(Mapping, RefusesJsonThatIsNone) {
  for (const char* bad :
       {"{", "{}", R"({"files":[]})", R"({"files":[1]})", R"({"files":[{"type":1}]})",
        R"({"files":[{"columns":{"a":1}}]})", R"({"files":[{"values":{"a":"b"}}]})",
        R"({"files":[{"dates":{"a":"day"}}]})", R"({"files":[{"colums":{}}]})"}) {
    EXPECT_EQ(ErrorReason(ParseMappings(bad).status()), "BAD_MAPPING") << bad;
  }
}

}  // namespace
}  // namespace lintas::client

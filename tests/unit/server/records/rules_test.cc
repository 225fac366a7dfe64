// All data about people here is synthetic.
#include "server/records/rules.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "lintas/migration_information/v1/migration_information.pb.h"
#include "server/records/record_type.h"

namespace lintas {
namespace {

namespace area = migration_information::v1;
using options::v1::Field;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::UnorderedElementsAre;

area::Crossing GoodCrossing() {
  area::Crossing crossing;
  auto* person = crossing.mutable_person();
  person->add_names()->set_given_name("BUDI");
  person->add_nationalities("IDN");
  person->set_national_number("3171011203880001");
  person->mutable_birth_date()->set_year(1988);
  auto* document = crossing.mutable_document();
  document->set_code("P<");
  document->set_number("C1234567");
  document->set_issuer("IDN");
  crossing.set_direction(area::Crossing::ENTRY);
  crossing.set_port("KHPNH");
  crossing.mutable_crossing_time()->set_seconds(1767225600);
  crossing.set_outcome(area::Crossing::ADMITTED);
  crossing.set_permitted_until_date("2026-03-01");
  crossing.set_flight("GA 864");
  return crossing;
}

std::vector<FieldViolation> Check(const google::protobuf::Message& record) {
  static const RecordTypes* const types = new RecordTypes(
      {area::Traveller::descriptor()->file(), area::TravelDocument::descriptor()->file(),
       area::Crossing::descriptor()->file(), area::StayPermit::descriptor()->file(),
       area::WorkPermit::descriptor()->file()});
  std::vector<FieldViolation> violations;
  types->ByDescriptor(record.GetDescriptor())->Validate(record, &violations);
  return violations;
}

std::vector<std::string> Broken(const google::protobuf::Message& record) {
  std::vector<std::string> broken;
  for (const FieldViolation& violation : Check(record)) {
    broken.push_back(absl::StrCat(violation.field, " ", violation.rule));
  }
  return broken;
}

std::string Text(absl::string_view text, Field::Rule rule, int length_max = 0) {
  const char* broken = BrokenTextRule(text, rule, length_max);
  return broken == nullptr ? "" : broken;
}

TEST(Rules, TakeAGoodRecord) { EXPECT_THAT(Broken(GoodCrossing()), IsEmpty()); }

TEST(Rules, TellAllRequiredFieldsOfAnEmptyRecordAtOnce) {
  EXPECT_THAT(Broken(area::Crossing()),
              UnorderedElementsAre("crossing.person REQUIRED", "crossing.document REQUIRED",
                                   "crossing.direction REQUIRED", "crossing.port REQUIRED",
                                   "crossing.crossing_time REQUIRED", "crossing.outcome REQUIRED"));
}

TEST(Rules, AskForRequiredFieldsOfAMessageThatIsThere) {
  area::Crossing crossing = GoodCrossing();
  crossing.mutable_person()->clear_names();
  crossing.mutable_document()->clear_issuer();
  crossing.mutable_document()->set_number("   ");
  EXPECT_THAT(Broken(crossing),
              ElementsAre("crossing.person.names REQUIRED", "crossing.document.number REQUIRED",
                          "crossing.document.issuer REQUIRED"));
}

TEST(Rules, AskForOnePartOfEachName) {
  area::Crossing crossing = GoodCrossing();
  crossing.mutable_person()->add_names()->set_family_name("  ");
  crossing.mutable_person()->add_names()->set_native_script("សុខ");
  EXPECT_THAT(Broken(crossing), ElementsAre("crossing.person.names[1] REQUIRED"));
}

TEST(Rules, CountRepeatedFieldsInPaths) {
  area::Traveller traveller;
  traveller.mutable_person()->add_names()->set_given_name("A\nB");
  traveller.mutable_person()->add_nationalities("IDN");
  traveller.mutable_person()->add_nationalities("XKK");
  traveller.mutable_person()->add_nationalities("");
  traveller.add_documents()->set_number("c1");
  EXPECT_THAT(Broken(traveller),
              ElementsAre("traveller.person.names[0].given_name CONTROL_CHARACTER",
                          "traveller.person.nationalities[1] NOT_A_STATE_CODE",
                          "traveller.person.nationalities[2] REQUIRED",
                          "traveller.documents[0].number NOT_A_DOCUMENT_NUMBER",
                          "traveller.documents[0].issuer REQUIRED"));
}

TEST(Rules, RefuseEnumNumbersThatAreNotDeclared) {
  area::Crossing crossing = GoodCrossing();
  crossing.set_direction(static_cast<area::Crossing::Direction>(3));
  crossing.mutable_person()->set_sex(static_cast<types::v1::Person::Sex>(-1));
  crossing.set_outcome(area::Crossing::DEPARTURE_DEFERRED);
  EXPECT_THAT(Broken(crossing),
              ElementsAre("crossing.person.sex UNKNOWN_VALUE", "crossing.direction UNKNOWN_VALUE"));
}

TEST(Rules, RefuseBirthDatesThatNoCalendarHas) {
  area::Crossing crossing = GoodCrossing();
  auto* date = crossing.mutable_person()->mutable_birth_date();
  const auto set = [&](int year, int month, int day) {
    date->set_year(year);
    date->set_month(month);
    date->set_day(day);
    return Broken(crossing);
  };
  EXPECT_THAT(set(0, 0, 0), IsEmpty());
  EXPECT_THAT(set(1988, 2, 29), IsEmpty());
  EXPECT_THAT(set(1987, 2, 29), ElementsAre("crossing.person.birth_date BAD_PARTIAL_DATE"));
  EXPECT_THAT(set(1988, 0, 1), ElementsAre("crossing.person.birth_date BAD_PARTIAL_DATE"));
  EXPECT_THAT(set(88, 1, 1), ElementsAre("crossing.person.birth_date BAD_PARTIAL_DATE"));
}

TEST(Rules, RefuseTimesThatRfc3339CannotWrite) {
  area::Crossing crossing = GoodCrossing();
  auto* time = crossing.mutable_crossing_time();
  time->set_seconds(253402300799);
  time->set_nanos(999'999'999);
  EXPECT_THAT(Broken(crossing), IsEmpty());
  time->set_seconds(253402300800);
  EXPECT_THAT(Broken(crossing), ElementsAre("crossing.crossing_time NOT_A_TIME"));
  time->set_seconds(0);
  time->set_nanos(1'000'000'000);
  EXPECT_THAT(Broken(crossing), ElementsAre("crossing.crossing_time NOT_A_TIME"));
  time->set_nanos(-1);
  EXPECT_THAT(Broken(crossing), ElementsAre("crossing.crossing_time NOT_A_TIME"));
}

TEST(Rules, LeaveNameAndMetaToTheNode) {
  area::Crossing crossing = GoodCrossing();
  crossing.set_name("any\ntext");
  crossing.mutable_meta()->set_etag("\n");
  EXPECT_THAT(Broken(crossing), IsEmpty());
}

TEST(Rules, NeverTellTheValue) {
  area::Crossing crossing = GoodCrossing();
  crossing.set_port("SECRET");
  crossing.mutable_document()->set_number("secret");
  crossing.set_permitted_until_date("SECRET");
  const auto violations = Check(crossing);
  EXPECT_EQ(violations.size(), 3u);
  for (const FieldViolation& violation : violations) {
    EXPECT_THAT(absl::AsciiStrToLower(violation.description), Not(HasSubstr("secret")));
    EXPECT_FALSE(violation.description.empty());
  }
}

TEST(TextRules, BoundTheLengthInBytes) {
  EXPECT_EQ(Text(std::string(200, 'a'), Field::RULE_UNSPECIFIED), "");
  EXPECT_EQ(Text(std::string(201, 'a'), Field::RULE_UNSPECIFIED), "TOO_LONG");
  EXPECT_EQ(Text("សុ", Field::RULE_UNSPECIFIED, 6), "");
  EXPECT_EQ(Text("សុភ", Field::RULE_UNSPECIFIED, 8), "TOO_LONG");
}

TEST(TextRules, AskForUtf8WithoutControls) {
  EXPECT_EQ(Text("\xff", Field::CODE), "NOT_UTF8");
  EXPECT_EQ(Text("a\tb", Field::RULE_UNSPECIFIED), "CONTROL_CHARACTER");
  EXPECT_EQ(Text("", Field::STATE_CODE), "");
}

TEST(TextRules, KnowStateCodesOfIsoAndIcao) {
  for (const char* code :
       {"IDN", "KHM", "D", "DEU", "GBD", "RKS", "UNO", "XXA", "XXB", "XXX", "EUE", "ZWE", "ABW"}) {
    EXPECT_EQ(Text(code, Field::STATE_CODE), "") << code;
  }
  for (const char* code : {"idn", "ID", "XKK", "UTO", "I", "IDNN", "A A", "ZZZ", "D<<", "AB["}) {
    EXPECT_EQ(Text(code, Field::STATE_CODE), "NOT_A_STATE_CODE") << code;
  }
}

TEST(TextRules, KnowDocumentCodesAndNumbers) {
  for (const char* code : {"P", "P<", "PP", "I", "AC"}) {
    EXPECT_EQ(Text(code, Field::DOCUMENT_CODE), "") << code;
  }
  for (const char* code : {"p", "<P", "P1", "PPP", "P "}) {
    EXPECT_EQ(Text(code, Field::DOCUMENT_CODE), "NOT_A_DOCUMENT_CODE") << code;
  }
  EXPECT_EQ(Text("C1234567", Field::DOCUMENT_NUMBER_FORM), "");
  for (const char* number : {"c1234567", "C 1", "C-1", "C<1", "C\u00c91"}) {
    EXPECT_EQ(Text(number, Field::DOCUMENT_NUMBER_FORM), "NOT_A_DOCUMENT_NUMBER") << number;
  }
}

TEST(TextRules, KnowListedPortsOnly) {
  for (const char* port : {"IDCGK", "IDYIA", "KHPNH", "KHREP", "ID-ENTIKONG", "KH-TECHO"}) {
    EXPECT_EQ(Text(port, Field::PORT), "") << port;
  }
  for (const char* port : {"CGK", "KTI", "ID CGK", "idcgk", "KHZZZ", "SGSIN"}) {
    EXPECT_EQ(Text(port, Field::PORT), "UNKNOWN_PORT") << port;
  }
}

TEST(TextRules, KnowDatesCodesAndFlights) {
  EXPECT_EQ(Text("2024-02-29", Field::DATE), "");
  for (const char* date : {"2023-02-29", "2024-02-00", "29-02-2024", "2024-02-29T00:00:00Z"}) {
    EXPECT_EQ(Text(date, Field::DATE), "NOT_A_DATE") << date;
  }
  EXPECT_EQ(Text("aZ0-/.", Field::CODE), "");
  EXPECT_EQ(Text("a b", Field::CODE), "NOT_A_CODE");
  EXPECT_EQ(Text("GA 864-A", Field::FLIGHT), "");
  EXPECT_EQ(Text("GA/864", Field::FLIGHT), "NOT_A_FLIGHT");
}

}  // namespace
}  // namespace lintas

#include "server/areas/migration_information/checks.h"

#include <gtest/gtest.h>

#include "tests/support/two_nodes.h"

namespace lintas {
namespace {

class ChecksTest : public testing::Test {
 protected:
  // The rules that `record` breaks.
  std::vector<std::string> Broken(const google::protobuf::Message& record) {
    std::vector<FieldViolation> violations;
    migration_information::Check(*types_->ByDescriptor(record.GetDescriptor()), record,
                                 SigningDayForTest(), &violations);
    std::vector<std::string> rules;
    for (const auto& violation : violations) rules.push_back(violation.rule);
    return rules;
  }
  using Rules = std::vector<std::string>;
  const std::unique_ptr<RecordTypes> types_ = MakeRecordTypes();
};

TEST_F(ChecksTest, TakeAPlainCrossing) { EXPECT_EQ(Broken(MakeCrossing()), Rules()); }

TEST_F(ChecksTest, RefuseABirthAfterToday) {
  PersonForTest person;
  person.year = 2026;
  person.month = 3;
  person.day = 3;
  EXPECT_EQ(Broken(MakeCrossing(person)), Rules{"FUTURE_BIRTH"});
  person.day = 2;  // It is the second already somewhere.
  EXPECT_EQ(Broken(MakeCrossing(person)), Rules());
  person.month = person.day = 0;  // Some day of this year.
  EXPECT_EQ(Broken(MakeCrossing(person)), Rules());
}

TEST_F(ChecksTest, RefuseATimeFarAheadAndAnImpossibleOffset) {
  mi::Crossing crossing = MakeCrossing();
  crossing.mutable_crossing_time()->set_seconds(
      absl::ToUnixSeconds(SigningDayForTest() + absl::Hours(25)));
  EXPECT_EQ(Broken(crossing), Rules{"FUTURE_TIME"});
  crossing = MakeCrossing();
  crossing.set_utc_offset_minutes(15 * 60);
  EXPECT_EQ(Broken(crossing), Rules{"BAD_OFFSET"});
  crossing.set_utc_offset_minutes(9 * 60);  // Jayapura.
  EXPECT_EQ(Broken(crossing), Rules());
}

TEST_F(ChecksTest, RefuseAnEndBeforeTheBeginning) {
  mi::StayPermit permit = MakeStayPermit();
  permit.set_end_date("2025-12-31");
  EXPECT_EQ(Broken(permit), Rules{"EXPIRES_BEFORE"});
  permit.set_end_date(permit.start_date());
  EXPECT_EQ(Broken(permit), Rules());
  mi::TravelDocument document;
  *document.mutable_person() = MakePerson({});
  document.set_issue_date("2026-02-01");
  document.set_expiry_date("2026-01-31");
  EXPECT_EQ(Broken(document), Rules{"EXPIRES_BEFORE"});
}

TEST_F(ChecksTest, RefuseAWorkPermitOfNoYear) {
  mi::WorkPermit permit;
  *permit.mutable_person() = MakePerson({});
  permit.set_year(1989);
  EXPECT_EQ(Broken(permit), Rules{"BAD_YEAR"});
  permit.set_year(2026);
  EXPECT_EQ(Broken(permit), Rules());
}

TEST_F(ChecksTest, ReadAClassInItsListsVersion) {
  mi::Visa visa;
  *visa.mutable_person() = MakePerson({});
  visa.set_visa_class("A2");
  visa.set_list_version("IDN-2024");
  EXPECT_EQ(Broken(visa), Rules());
  visa.set_list_version("IDN-2025");  // A1 to A3 were merged.
  EXPECT_EQ(Broken(visa), Rules{"NOT_IN_LIST"});
  for (const char* listed : {"A", "C1", "C22A", "E33G", "ITAS"}) {
    visa.set_visa_class(listed);
    EXPECT_EQ(Broken(visa), Rules()) << listed;
  }
  for (const char* not_listed : {"EB", "C221", "C1AB", "X"}) {
    visa.set_visa_class(not_listed);
    EXPECT_EQ(Broken(visa), Rules{"NOT_IN_LIST"}) << not_listed;
  }
  visa.set_list_version("KHM-2024");
  visa.set_visa_class("EB");
  EXPECT_EQ(Broken(visa), Rules());
  visa.set_visa_class("E28");
  EXPECT_EQ(Broken(visa), Rules{"NOT_IN_LIST"});
}

TEST_F(ChecksTest, TakeALaterListAndRefuseAnUnknownOne) {
  mi::StayPermit permit = MakeStayPermit();
  permit.set_list_version("IDN-2031");
  EXPECT_EQ(Broken(permit), Rules());
  for (const char* unknown : {"IDN-2023", "IDN", "KHM-24", "MYS-2026"}) {
    permit.set_list_version(unknown);
    EXPECT_EQ(Broken(permit), Rules{"UNKNOWN_LIST"}) << unknown;
  }
  mi::Crossing crossing = MakeCrossing();
  crossing.set_visa_class("VE30");
  crossing.set_visa_list_version("KHM-2024");
  EXPECT_EQ(Broken(crossing), Rules());
  crossing.set_visa_class("VE31");
  EXPECT_EQ(Broken(crossing), Rules{"NOT_IN_LIST"});
}

mi::Ban MakeBan(mi::Ban::Kind kind, const std::string& end) {
  mi::Ban ban;
  *ban.mutable_person() = MakePerson({});
  ban.set_kind(kind);
  ban.set_rule_set("IDN-2024");
  ban.set_start_date("2026-01-15");
  ban.set_end_date(end);
  return ban;
}

TEST_F(ChecksTest, KeepABanWithinItsRuleSetsPeriods) {
  EXPECT_EQ(Broken(MakeBan(mi::Ban::EXIT_BAN, "2026-07-15")), Rules());
  mi::Ban ban = MakeBan(mi::Ban::EXIT_BAN, "2026-07-16");
  EXPECT_EQ(Broken(ban), Rules{"BAN_TOO_LONG"});
  ban.set_extension_count(1);
  EXPECT_EQ(Broken(ban), Rules());
  ban.set_extension_count(2);
  EXPECT_EQ(Broken(ban), Rules{"TOO_MANY_EXTENSIONS"});
  EXPECT_EQ(Broken(MakeBan(mi::Ban::ENTRY_BAN, "2036-01-15")), Rules());
  EXPECT_EQ(Broken(MakeBan(mi::Ban::ENTRY_BAN, "2036-01-16")), Rules{"BAN_TOO_LONG"});
  ban = MakeBan(mi::Ban::ENTRY_BAN, "");
  EXPECT_EQ(Broken(ban), Rules{"NO_END"});
  ban.set_for_life(true);
  EXPECT_EQ(Broken(ban), Rules());
  ban.set_kind(mi::Ban::EXIT_BAN);
  EXPECT_EQ(Broken(ban), Rules{"NOT_FOR_LIFE"});
  ban.set_rule_set("IDN-1999");
  EXPECT_EQ(Broken(ban), Rules{"UNKNOWN_RULE_SET"});
  // No period was found for Cambodia: none is enforced.
  ban = MakeBan(mi::Ban::EXIT_BAN, "2056-01-01");
  ban.set_rule_set("KHM-2024");
  EXPECT_EQ(Broken(ban), Rules());
}

TEST_F(ChecksTest, CompareAnOverstaysDaysFineAndWaiver) {
  mi::Overstay overstay;
  *overstay.mutable_person() = MakePerson({});
  overstay.set_permitted_until_date("2026-01-31");
  overstay.set_departure_date("2026-02-10");
  overstay.set_days(10);
  EXPECT_EQ(Broken(overstay), Rules());
  overstay.set_days(11);
  EXPECT_EQ(Broken(overstay), Rules{"DAYS_DISAGREE"});
  overstay.set_days(0);
  overstay.set_departure_date("2026-01-31");
  EXPECT_EQ(Broken(overstay), Rules{"NO_OVERSTAY"});
  overstay.clear_departure_date();
  overstay.set_fine_amount(100);
  EXPECT_EQ(Broken(overstay), Rules{"NOT_A_CURRENCY"});
  overstay.set_fine_currency("USD");
  EXPECT_EQ(Broken(overstay), Rules());
  overstay.set_waived_amount(101);
  EXPECT_EQ(Broken(overstay), (Rules{"WAIVES_TOO_MUCH", "NOT_WAIVED"}));
  overstay.set_waived_amount(100);
  overstay.set_fine_status(mi::Overstay::WAIVED);
  EXPECT_EQ(Broken(overstay), Rules());
  overstay.set_fine_amount(-1);
  EXPECT_EQ(Broken(overstay), (Rules{"NEGATIVE", "WAIVES_TOO_MUCH"}));
}

TEST_F(ChecksTest, WantAListsLegsToBeOneJourney) {
  mi::PassengerList list;
  list.add_legs()->set_departure_port("IDCGK");
  list.mutable_legs(0)->set_arrival_port("SGSIN");
  list.add_legs()->set_departure_port("SGSIN");
  list.mutable_legs(1)->set_arrival_port("KHPNH");
  // A list that claims more than it holds is kept with both numbers.
  list.set_stated_count(136);
  list.set_listed_count(10);
  EXPECT_EQ(Broken(list), Rules());
  list.mutable_legs(1)->set_departure_port("THBKK");
  EXPECT_EQ(Broken(list), Rules{"LEGS_APART"});
  list.mutable_legs(1)->set_departure_port("SGSIN");
  list.mutable_legs(1)->set_arrival_port("KHXXX");
  EXPECT_EQ(Broken(list), Rules{"UNKNOWN_PORT"});
  list.mutable_legs(1)->set_arrival_port("kh1");
  EXPECT_EQ(Broken(list), Rules{"NOT_A_LOCODE"});
  list.mutable_legs(1)->set_arrival_port("KHPNH");
  list.mutable_legs(0)->mutable_departure_time()->set_seconds(2);
  list.mutable_legs(0)->mutable_arrival_time()->set_seconds(1);
  EXPECT_EQ(Broken(list), Rules{"ARRIVES_BEFORE"});
}

TEST_F(ChecksTest, WantAProvinceOfAParty) {
  mi::Presence presence;
  *presence.mutable_person() = MakePerson({});
  for (const char* province : {"", "KH-12", "ID-JK"}) {
    presence.set_province(province);
    EXPECT_EQ(Broken(presence), Rules()) << province;
  }
  for (const char* province : {"TH-10", "KH-", "12"}) {
    presence.set_province(province);
    EXPECT_EQ(Broken(presence), Rules{"NOT_A_PROVINCE"}) << province;
  }
}

TEST_F(ChecksTest, RefuseASeparatorInANameAndNameTheRulesSource) {
  mi::Traveller traveller;
  *traveller.mutable_person() = MakePerson({});
  traveller.mutable_person()->add_aliases("A;B");
  std::vector<FieldViolation> violations;
  migration_information::Check(*types_->ByDescriptor(traveller.GetDescriptor()), traveller,
                               SigningDayForTest(), &violations);
  ASSERT_EQ(violations.size(), 1u);
  EXPECT_EQ(violations[0].field, "traveller.person.aliases[0]");
  EXPECT_NE(violations[0].description.find("types.proto"), std::string::npos);
}

}  // namespace
}  // namespace lintas

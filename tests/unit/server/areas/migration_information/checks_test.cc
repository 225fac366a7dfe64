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

}  // namespace
}  // namespace lintas

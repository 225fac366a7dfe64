#include "server/areas/migrant_status/rules/employer_change.h"

#include <gtest/gtest.h>

#include "tests/unit/server/areas/migrant_status/status_facts.h"

namespace lintas::migrant_status {
namespace {

using v1::Finding;

MaybeFinding On(const Facts& facts, Day at) {
  return EmployerChange({facts, ParametersForTest(), at});
}

TEST(EmployerChange, IsTwoEmployersAtOnce) {
  Facts facts = FactsForTest();
  facts.work_permits = {Work(Day(2026, 1, 1), Day(2026, 12, 31), "PABRIK SINTETIS"),
                        Work(Day(2026, 5, 1), Day(2026, 12, 31), "TOKO SINTETIS")};
  EXPECT_FALSE(On(facts, Day(2026, 4, 30)));
  const MaybeFinding finding = On(facts, Day(2026, 5, 1));
  ASSERT_TRUE(finding);
  EXPECT_EQ(finding->value(), Finding::IRREGULAR_BY_UNAUTHORISED_WORK);
  EXPECT_EQ(finding->standard(), Finding::SUSPICION);
  EXPECT_EQ(finding->since_date(), "2026-05-01");
}

TEST(EmployerChange, IsNotedWhereTheFirstWasTakenBackOrOver) {
  Facts facts = FactsForTest();
  facts.work_permits = {Work(Day(2026, 1, 1), Day(2026, 4, 30), "PABRIK SINTETIS"),
                        Work(Day(2026, 5, 1), Day(2026, 12, 31), "TOKO SINTETIS")};
  EXPECT_FALSE(On(facts, Day(2026, 5, 1)));
  facts.work_permits[0].end = Day(2026, 12, 31);
  facts.work_permits[0].cancelled = true;
  EXPECT_FALSE(On(facts, Day(2026, 5, 1)));
}

TEST(EmployerChange, SaysNothingOfAnEmployerThatIsWithheld) {
  Facts facts = FactsForTest();
  facts.work_permits = {Work(Day(2026, 1, 1), Day(2026, 12, 31), ""),
                        Work(Day(2026, 5, 1), Day(2026, 12, 31), "TOKO SINTETIS")};
  EXPECT_FALSE(On(facts, Day(2026, 6, 1)));
}

TEST(EmployerChange, ReadsOneEmployerInOtherWriting) {
  EXPECT_TRUE(SameEmployer("Pabrik  Sintetis, PT", "PT PABRIK SINTETIS"));
  EXPECT_FALSE(SameEmployer("PABRIK SINTETIS", "PABRIK SINTETIK"));
}

}  // namespace
}  // namespace lintas::migrant_status

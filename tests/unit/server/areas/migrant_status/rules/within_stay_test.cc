#include "server/areas/migrant_status/rules/within_stay.h"

#include <gtest/gtest.h>

#include "tests/unit/server/areas/migrant_status/status_facts.h"

namespace lintas::migrant_status {
namespace {

using v1::Finding;

MaybeFinding On(const Facts& facts, Day at) {
  return WithinStay({facts, ParametersForTest(), at}, StayOn(facts, at));
}

TEST(WithinStay, HoldsToTheLastPermittedDay) {
  const Facts facts = FactsForTest({Entered(Day(2026, 3, 1), "T", Day(2026, 3, 30))});
  const MaybeFinding finding = On(facts, Day(2026, 3, 30));
  ASSERT_TRUE(finding);
  EXPECT_EQ(finding->value(), Finding::REGULAR);
  EXPECT_EQ(finding->since_date(), "2026-03-01");
  EXPECT_EQ(finding->reason(), "permitted until 2026-03-30");
  EXPECT_FALSE(On(facts, Day(2026, 3, 31)));
}

TEST(WithinStay, IsNeverSaidFromAbsence) {
  EXPECT_FALSE(On(FactsForTest(), Day(2026, 3, 1)));
  EXPECT_FALSE(On(FactsForTest({Entered(Day(2026, 3, 1), "T")}), Day(2026, 3, 1)));
}

TEST(WithinStay, SaysWhatIsMissingBesideAPermitAlone) {
  Facts facts = FactsForTest();
  facts.stay_permits = {Stay("EB", Day(2026, 1, 20), Day(2026, 7, 20))};
  const MaybeFinding finding = On(facts, Day(2026, 7, 1));
  ASSERT_TRUE(finding);
  EXPECT_EQ(finding->gaps(0), Finding::ENTRY_RECORD);
  EXPECT_EQ(finding->standard(), Finding::REASONABLE_GROUNDS);
}

}  // namespace
}  // namespace lintas::migrant_status

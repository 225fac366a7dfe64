#include "server/areas/migrant_status/rules/expired_permit.h"

#include <gtest/gtest.h>

#include "tests/unit/server/areas/migrant_status/status_facts.h"

namespace lintas::migrant_status {
namespace {

using v1::Finding;

MaybeFinding On(const Facts& facts, Day at) {
  return ExpiredPermit({facts, ParametersForTest(), at}, StayOn(facts, at));
}

TEST(ExpiredPermit, IsAnOverstayFromTheDayAfter) {
  Facts facts = FactsForTest({Entered(Day(2026, 1, 1), "E", Day(2026, 1, 30))});
  facts.stay_permits = {Stay("EB", Day(2026, 1, 20), Day(2026, 7, 20))};
  EXPECT_FALSE(On(facts, Day(2026, 7, 20)));
  const MaybeFinding finding = On(facts, Day(2026, 7, 21));
  ASSERT_TRUE(finding);
  EXPECT_EQ(finding->since_date(), "2026-07-21");
  EXPECT_EQ(finding->evidence_names(0), "stay permit EB");
  EXPECT_EQ(finding->standard(), Finding::REASONABLE_GROUNDS);
}

TEST(ExpiredPermit, IsASuspicionWithoutAnEntryOnRecord) {
  Facts facts = FactsForTest();
  facts.stay_permits = {Stay("EB", Day(2026, 1, 20), Day(2026, 7, 20))};
  const MaybeFinding finding = On(facts, Day(2026, 8, 1));
  ASSERT_TRUE(finding);
  EXPECT_EQ(finding->standard(), Finding::SUSPICION);
  EXPECT_EQ(finding->gaps(0), Finding::ENTRY_RECORD);
}

TEST(ExpiredPermit, IsNoneOnceExtendedOrGone) {
  Facts facts = FactsForTest({Entered(Day(2026, 1, 1), "E")});
  facts.stay_permits = {Stay("EB", Day(2026, 1, 20), Day(2026, 7, 20)),
                        Stay("ER", Day(2026, 7, 21), Day(2027, 7, 20))};
  EXPECT_FALSE(On(facts, Day(2026, 8, 1)));
  facts.stay_permits.pop_back();
  facts.crossings.push_back(Left(Day(2026, 7, 30)));
  EXPECT_FALSE(On(facts, Day(2026, 8, 1)));
}

}  // namespace
}  // namespace lintas::migrant_status

#include "server/areas/migrant_status/rules/no_record.h"

#include <gtest/gtest.h>

#include "tests/unit/server/areas/migrant_status/status_facts.h"

namespace lintas::migrant_status {
namespace {

using v1::Finding;

MaybeFinding On(const Facts& facts, Day at) {
  return NoRecord({facts, ParametersForTest(), at}, StayOn(facts, at));
}

TEST(NoRecord, IsCannotSayWithWhatIsMissing) {
  const MaybeFinding finding = On(FactsForTest(), Day(2026, 6, 1));
  ASSERT_TRUE(finding);
  EXPECT_EQ(finding->value(), Finding::CANNOT_SAY);
  EXPECT_EQ(finding->gaps(0), Finding::ENTRY_RECORD);
  EXPECT_EQ(finding->gaps(1), Finding::STAY_PERMIT);
  EXPECT_EQ(finding->standard(), Finding::STANDARD_UNSPECIFIED);
}

TEST(NoRecord, MissesTheLastDayOfAnEntryThatStatesNone) {
  const MaybeFinding finding = On(FactsForTest({Entered(Day(2026, 3, 1), "T")}), Day(2026, 6, 1));
  ASSERT_TRUE(finding);
  EXPECT_EQ(finding->gaps(0), Finding::PERMITTED_UNTIL);
}

TEST(NoRecord, IsSilentWhereSomethingTells) {
  EXPECT_FALSE(
      On(FactsForTest({Entered(Day(2026, 3, 1), "T", Day(2026, 3, 30))}), Day(2026, 6, 1)));
  EXPECT_FALSE(
      On(FactsForTest({Entered(Day(2026, 3, 1)), Left(Day(2026, 3, 2))}), Day(2026, 6, 1)));
}

}  // namespace
}  // namespace lintas::migrant_status

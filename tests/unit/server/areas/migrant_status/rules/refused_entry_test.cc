#include "server/areas/migrant_status/rules/refused_entry.h"

#include <gtest/gtest.h>

#include "tests/unit/server/areas/migrant_status/status_facts.h"

namespace lintas::migrant_status {
namespace {

using v1::Finding;

MaybeFinding On(const Facts& facts, Day at) {
  return RefusedEntry({facts, ParametersForTest(), at});
}

TEST(RefusedEntry, WithALaterRecordInTheCountryIsASuspicion) {
  Facts facts = FactsForTest({TurnedBack(Day(2026, 3, 1))});
  EXPECT_FALSE(On(facts, Day(2026, 6, 1)));
  facts.work_permits = {Work(Day(2026, 4, 1), Day(2026, 12, 31))};
  const MaybeFinding finding = On(facts, Day(2026, 6, 1));
  ASSERT_TRUE(finding);
  EXPECT_EQ(finding->value(), Finding::IRREGULAR_BY_ENTRY);
  EXPECT_EQ(finding->standard(), Finding::SUSPICION);
  EXPECT_FALSE(On(facts, Day(2026, 3, 15)));
}

TEST(RefusedEntry, IsMendedByAnAdmission) {
  Facts facts = FactsForTest({TurnedBack(Day(2026, 3, 1)), Entered(Day(2026, 3, 20))});
  facts.work_permits = {Work(Day(2026, 4, 1), Day(2026, 12, 31))};
  EXPECT_FALSE(On(facts, Day(2026, 6, 1)));
}

}  // namespace
}  // namespace lintas::migrant_status

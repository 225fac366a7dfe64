#include "server/areas/migrant_status/rules/exemption_days.h"

#include <gtest/gtest.h>

#include "tests/unit/server/areas/migrant_status/status_facts.h"

namespace lintas::migrant_status {
namespace {

using v1::Finding;

MaybeFinding On(const Facts& facts, Day at, const std::string& country = "khm") {
  return ExemptionDays({facts, ParametersForTest(country), at}, StayOn(facts, at));
}

TEST(ExemptionDays, AreThirtyWithTheDayOfEntryAsTheFirst) {
  const Facts facts = FactsForTest({Entered(Day(2026, 3, 1), "VE30")});
  EXPECT_FALSE(On(facts, Day(2026, 3, 30)));
  const MaybeFinding finding = On(facts, Day(2026, 3, 31));
  ASSERT_TRUE(finding);
  EXPECT_EQ(finding->days(), 1);
  EXPECT_EQ(finding->since_date(), "2026-03-31");
}

TEST(ExemptionDays, YieldToWhatTheBorderStated) {
  EXPECT_FALSE(
      On(FactsForTest({Entered(Day(2026, 3, 1), "VE30", Day(2026, 3, 14))}), Day(2026, 3, 31)));
}

TEST(ExemptionDays, AreReadInTheHostsOwnList) {
  const Facts facts = FactsForTest({Entered(Day(2026, 3, 1), "A1")}, "idn");
  EXPECT_TRUE(On(facts, Day(2026, 4, 1), "idn"));
  EXPECT_FALSE(On(facts, Day(2026, 4, 1), "khm"));  // A is a diplomat's class there.
}

TEST(ExemptionDays, SayNothingWithoutTheParameter) {
  const Facts facts = FactsForTest({Entered(Day(2026, 3, 1), "VE30")});
  EXPECT_FALSE(
      ExemptionDays({facts, Parameters(), Day(2027, 1, 1)}, StayOn(facts, Day(2027, 1, 1))));
}

}  // namespace
}  // namespace lintas::migrant_status

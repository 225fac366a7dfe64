#include "server/areas/migrant_status/rules/elsewhere.h"

#include <gtest/gtest.h>

#include "tests/unit/server/areas/migrant_status/status_facts.h"

namespace lintas::migrant_status {
namespace {

using v1::Finding;

MaybeFinding On(const Facts& facts, Day at) { return Elsewhere({facts, ParametersForTest(), at}); }

TEST(Elsewhere, WhoEnteredTheOtherCountryIsNotInTheHosts) {
  const MaybeFinding finding =
      On(FactsForTest({Entered(Day(2026, 3, 20), "")}, "idn"), Day(2026, 6, 1));
  ASSERT_TRUE(finding);
  EXPECT_EQ(finding->value(), Finding::NOT_THERE);
  EXPECT_EQ(finding->since_date(), "2026-03-20");
  EXPECT_EQ(finding->standard(), Finding::REASONABLE_GROUNDS);
}

TEST(Elsewhere, WhoLeftItMayBeAnywhere) {
  const MaybeFinding finding = On(FactsForTest({Left(Day(2026, 2, 28))}, "idn"), Day(2026, 6, 1));
  ASSERT_TRUE(finding);
  EXPECT_EQ(finding->value(), Finding::CANNOT_SAY);
  EXPECT_EQ(finding->gaps(0), Finding::DESTINATION);
}

TEST(Elsewhere, WhomItsBorderNeverSawItDoesNotSpeakOf) {
  EXPECT_FALSE(On(FactsForTest({}, "idn"), Day(2026, 6, 1)));
}

}  // namespace
}  // namespace lintas::migrant_status

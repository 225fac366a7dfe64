#include "server/areas/migrant_status/rules/visitor_work.h"

#include <gtest/gtest.h>

#include "tests/unit/server/areas/migrant_status/status_facts.h"

namespace lintas::migrant_status {
namespace {

using v1::Finding;

MaybeFinding On(const Facts& facts, Day at) {
  return VisitorWork({facts, ParametersForTest(), at}, StayOn(facts, at));
}

TEST(VisitorWork, IsAWorkPermitOnAVisitorsEntry) {
  Facts facts = FactsForTest({Entered(Day(2026, 3, 1), "T")});
  EXPECT_FALSE(On(facts, Day(2026, 3, 10)));
  facts.work_permits = {Work(Day(2026, 3, 5), Day(2026, 12, 31))};
  const MaybeFinding finding = On(facts, Day(2026, 3, 10));
  ASSERT_TRUE(finding);
  EXPECT_EQ(finding->value(), Finding::IRREGULAR_BY_UNAUTHORISED_WORK);
  EXPECT_EQ(finding->standard(), Finding::SUSPICION);
  EXPECT_EQ(finding->evidence_names_size(), 2);
  EXPECT_FALSE(On(facts, Day(2026, 3, 4)));
}

TEST(VisitorWork, IsTheStatedPurpose) {
  Facts facts = FactsForTest({Entered(Day(2026, 3, 1), "VE30")});
  facts.crossings[0].purpose = "WORK";
  EXPECT_TRUE(On(facts, Day(2026, 3, 10)));
  facts.crossings[0].purpose = "HOLIDAY";
  EXPECT_FALSE(On(facts, Day(2026, 3, 10)));
}

TEST(VisitorWork, IsNoneOnceTheStayWasChanged) {
  Facts facts = FactsForTest({Entered(Day(2026, 3, 1), "T")});
  facts.work_permits = {Work(Day(2026, 3, 5), Day(2026, 12, 31))};
  facts.stay_permits = {Stay("EB", Day(2026, 3, 8), Day(2026, 12, 31))};
  EXPECT_TRUE(On(facts, Day(2026, 3, 7)));
  EXPECT_FALSE(On(facts, Day(2026, 3, 8)));
}

TEST(VisitorWork, IsNoneOfOtherClasses) {
  Facts facts = FactsForTest({Entered(Day(2026, 3, 1), "EB")});
  facts.work_permits = {Work(Day(2026, 3, 5), Day(2026, 12, 31))};
  EXPECT_FALSE(On(facts, Day(2026, 3, 10)));
}

}  // namespace
}  // namespace lintas::migrant_status

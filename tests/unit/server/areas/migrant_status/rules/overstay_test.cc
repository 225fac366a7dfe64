#include "server/areas/migrant_status/rules/overstay.h"

#include <gtest/gtest.h>

#include "tests/unit/server/areas/migrant_status/status_facts.h"

namespace lintas::migrant_status {
namespace {

using v1::Finding;

MaybeFinding On(const Facts& facts, Day at) {
  return Overstay({facts, ParametersForTest(), at}, StayOn(facts, at));
}
MaybeFinding RecordedOn(const Facts& facts, Day at) {
  return OverstayRecorded({facts, ParametersForTest(), at});
}

TEST(Overstay, BeginsTheDayAfterTheLastPermittedOne) {
  const Facts facts = FactsForTest({Entered(Day(2026, 3, 1), "T", Day(2026, 3, 30))});
  EXPECT_FALSE(On(facts, Day(2026, 3, 30)));
  const MaybeFinding finding = On(facts, Day(2026, 6, 1));
  ASSERT_TRUE(finding);
  EXPECT_EQ(finding->value(), Finding::IRREGULAR_BY_OVERSTAY);
  EXPECT_EQ(finding->days(), 63);
  EXPECT_EQ(finding->since_date(), "2026-03-31");
  EXPECT_EQ(finding->standard(), Finding::REASONABLE_GROUNDS);
  EXPECT_EQ(finding->evidence_names(0), "entry 2026-03-01");
  EXPECT_EQ(finding->rule().code(), "OVERSTAY");
  EXPECT_NE(finding->rule().source(), "");
}

TEST(Overstay, IsNoneAfterADeparture) {
  const Facts facts =
      FactsForTest({Entered(Day(2026, 3, 1), "T", Day(2026, 3, 30)), Left(Day(2026, 4, 2))});
  EXPECT_TRUE(On(facts, Day(2026, 4, 1)));
  EXPECT_FALSE(On(facts, Day(2026, 4, 2)));
}

TEST(Overstay, IsNoneWhereNothingSaysHowLong) {
  EXPECT_FALSE(On(FactsForTest({Entered(Day(2020, 3, 1), "T")}), Day(2026, 6, 1)));
  EXPECT_FALSE(On(FactsForTest(), Day(2026, 6, 1)));
}

TEST(OverstayRecorded, IsTheHostsOwnWord) {
  Facts facts = FactsForTest();
  facts.overstays = {{"overstay", Day(2026, 3, 30), absl::nullopt}};
  EXPECT_FALSE(RecordedOn(facts, Day(2026, 3, 30)));
  const MaybeFinding finding = RecordedOn(facts, Day(2026, 4, 9));
  ASSERT_TRUE(finding);
  EXPECT_EQ(finding->standard(), Finding::BALANCE_OF_PROBABILITIES);
  EXPECT_EQ(finding->days(), 10);
}

TEST(OverstayRecorded, EndsWithADepartureAnAdmissionOrAPermit) {
  Facts facts = FactsForTest();
  facts.overstays = {{"overstay", Day(2026, 3, 30), Day(2026, 4, 5)}};
  EXPECT_TRUE(RecordedOn(facts, Day(2026, 4, 4)));
  EXPECT_FALSE(RecordedOn(facts, Day(2026, 4, 5)));
  facts.overstays[0].departure = absl::nullopt;
  facts.stay_permits = {Stay("EB", Day(2026, 5, 1), Day(2026, 5, 31))};
  EXPECT_FALSE(RecordedOn(facts, Day(2026, 5, 2)));
  facts.stay_permits.clear();
  facts.crossings = {Entered(Day(2026, 4, 6), "T", Day(2026, 5, 5))};
  EXPECT_FALSE(RecordedOn(facts, Day(2026, 4, 6)));
}

}  // namespace
}  // namespace lintas::migrant_status

#include "server/areas/migrant_status/facts.h"

#include <gtest/gtest.h>

#include "tests/support/two_nodes.h"
#include "tests/unit/server/areas/migrant_status/status_facts.h"

namespace lintas::migrant_status {
namespace {

using State = CurrentStay::State;

TEST(AddFacts, ReadsTheDayOfACrossingAtThePort) {
  mi::Crossing crossing = MakeCrossing();
  // 18:30 on 1 March in London is 01:30 on 2 March in Jakarta.
  crossing.mutable_crossing_time()->set_seconds(absl::ToUnixSeconds(
      absl::FromCivil(absl::CivilMinute(2026, 3, 1, 18, 30), absl::UTCTimeZone())));
  crossing.set_permitted_until_date("2026-03-31");
  Facts facts;
  AddFacts(crossing, &facts);
  ASSERT_EQ(facts.crossings.size(), 1u);
  EXPECT_EQ(facts.crossings[0].day, Day(2026, 3, 2));
  EXPECT_EQ(*facts.crossings[0].permitted_until, Day(2026, 3, 31));
}

TEST(AddFacts, ReadsAYearAsTheTimeOfAWorkPermit) {
  mi::WorkPermit permit;
  permit.set_year(2026);
  Facts facts;
  AddFacts(permit, &facts);
  EXPECT_TRUE(Runs(facts.work_permits[0], Day(2026, 12, 31)));
  EXPECT_FALSE(Runs(facts.work_permits[0], Day(2027, 1, 1)));
}

TEST(AddFacts, TakesNothingOfFinesWaiversAndPresences) {
  mi::Overstay plain, waived;
  plain.set_name("o");
  plain.set_permitted_until_date("2026-03-31");
  waived = plain;
  waived.set_fine_amount(1000000);
  waived.set_fine_status(mi::Overstay::WAIVED);
  waived.set_waiver_ground("VICTIM");
  Facts a, b;
  AddFacts(plain, &a);
  AddFacts(waived, &b);
  EXPECT_EQ(a.overstays[0].name, b.overstays[0].name);
  EXPECT_EQ(a.overstays[0].permitted_until, b.overstays[0].permitted_until);
  EXPECT_EQ(a.overstays[0].departure, b.overstays[0].departure);
  mi::Presence presence;
  AddFacts(presence, &a);
  EXPECT_TRUE(a.crossings.empty() && a.stay_permits.empty() && a.others.empty());
}

TEST(StayOn, IsTheLastAdmission) {
  const Facts facts = FactsForTest({Entered(Day(2026, 1, 1)), Left(Day(2026, 1, 20)),
                                    Entered(Day(2026, 3, 1)), TurnedBack(Day(2026, 4, 1))});
  EXPECT_EQ(StayOn(facts, Day(2025, 12, 31)).state, State::kUnknown);
  EXPECT_EQ(StayOn(facts, Day(2026, 1, 19)).state, State::kThere);
  EXPECT_EQ(StayOn(facts, Day(2026, 2, 1)).state, State::kLeft);
  const CurrentStay stay = StayOn(facts, Day(2026, 5, 1));
  EXPECT_EQ(stay.state, State::kThere);
  EXPECT_EQ(stay.entry->day, Day(2026, 3, 1));
}

TEST(StayOn, EndsWithTheDepartureThatAnOverstayNames) {
  Facts facts = FactsForTest({Entered(Day(2026, 3, 1))});
  facts.overstays = {{"overstay", Day(2026, 3, 30), Day(2026, 4, 5)}};
  EXPECT_EQ(StayOn(facts, Day(2026, 4, 4)).state, State::kThere);
  EXPECT_EQ(StayOn(facts, Day(2026, 4, 5)).state, State::kLeft);
  // A later entry is a later stay.
  facts.crossings.push_back(Entered(Day(2026, 4, 10)));
  EXPECT_EQ(StayOn(facts, Day(2026, 4, 10)).state, State::kThere);
}

TEST(StayOn, GoesByTheTimesOfOneDay) {
  Facts facts = FactsForTest({Left(Day(2026, 3, 1)), Entered(Day(2026, 3, 1))});
  EXPECT_EQ(StayOn(facts, Day(2026, 3, 1)).state, State::kLeft);  // At one moment: entered, left.
  facts.crossings[0].time += absl::Hours(1);
  ASSERT_TRUE(facts.crossings[0].entry);
  Sort(&facts);
  EXPECT_EQ(StayOn(facts, Day(2026, 3, 1)).state, State::kThere);
}

}  // namespace
}  // namespace lintas::migrant_status

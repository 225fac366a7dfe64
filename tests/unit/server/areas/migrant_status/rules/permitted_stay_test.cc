#include "server/areas/migrant_status/rules/permitted_stay.h"

#include <gtest/gtest.h>

#include "tests/unit/server/areas/migrant_status/status_facts.h"

namespace lintas::migrant_status {
namespace {

using v1::Finding;

using Basis = PermittedStay::Basis;

PermittedStay Permitted(const Facts& facts, Day at, const std::string& country = "khm") {
  return PermittedStayOf({facts, ParametersForTest(country), at}, StayOn(facts, at));
}

TEST(PermittedStay, IsWhatTheBorderStated) {
  const Facts facts = FactsForTest({Entered(Day(2026, 3, 1), "T", Day(2026, 3, 30))});
  const PermittedStay stay = Permitted(facts, Day(2026, 3, 10));
  EXPECT_EQ(stay.basis, Basis::kStated);
  EXPECT_EQ(stay.last, Day(2026, 3, 30));
}

TEST(PermittedStay, CountsTheDayOfEntryAsTheFirst) {
  EXPECT_EQ(LastDayOf(Day(2026, 3, 1), 30, ParametersForTest()), Day(2026, 3, 30));
  EXPECT_EQ(LastDayOf(Day(2026, 3, 1), 30, Parameters()), Day(2026, 3, 31));
}

TEST(PermittedStay, GoesWithTheLongestPermitThatHasBegun) {
  Facts facts = FactsForTest({Entered(Day(2026, 1, 1), "E", Day(2026, 1, 30))});
  facts.stay_permits = {Stay("EB", Day(2026, 1, 20), Day(2026, 7, 20)),
                        Stay("ER", Day(2026, 9, 1), Day(2027, 9, 1))};
  EXPECT_EQ(Permitted(facts, Day(2026, 8, 1)).last, Day(2026, 7, 20));
  EXPECT_EQ(Permitted(facts, Day(2026, 9, 1)).last, Day(2027, 9, 1));
  facts.stay_permits[0].cancelled = true;
  EXPECT_EQ(Permitted(facts, Day(2026, 8, 1)).basis, Basis::kStated);
}

TEST(PermittedStay, OfAnEarlierStayPermitsNothingInThisOne) {
  Facts facts = FactsForTest({Entered(Day(2026, 5, 1), "E")});
  facts.stay_permits = {Stay("EB", Day(2025, 1, 1), Day(2025, 12, 31))};
  EXPECT_EQ(Permitted(facts, Day(2026, 5, 2)).basis, Basis::kNone);
}

TEST(PermittedStay, TakesAVisaThatWasOpenOnTheDayOfEntry) {
  Facts facts = FactsForTest({Entered(Day(2026, 5, 1), "C1")}, "idn");
  facts.visas = {{"visa", "C1", Day(2026, 4, 1), Day(2026, 6, 30), 60, true}};
  EXPECT_EQ(Permitted(facts, Day(2026, 5, 2), "idn").last, Day(2026, 6, 29));
  facts.visas[0].end = Day(2026, 4, 30);
  EXPECT_EQ(Permitted(facts, Day(2026, 5, 2), "idn").basis, Basis::kNone);
  facts.visas[0].end = Day(2026, 6, 30);
  facts.visas[0].usable = false;
  EXPECT_EQ(Permitted(facts, Day(2026, 5, 2), "idn").basis, Basis::kNone);
}

TEST(OverstayDays, BeginOnTheDayThatTheHostSays) {
  agreement::v1::StatusTerms terms;
  auto* parameter = terms.add_parameters();
  parameter->set_country("khm");
  parameter->set_code(kOverstayFirstDay);
  parameter->set_value(3);  // Two days of grace.
  const Parameters grace(terms, "khm");
  const Day last(2026, 3, 30);
  for (int past = -40; past <= 400; ++past) {
    EXPECT_EQ(OverstayDays(last, last + past, ParametersForTest()), std::max(0, past));
    EXPECT_EQ(OverstayDays(last, last + past, grace), std::max(0, past - 2));
  }
}

TEST(OverstayReason, SaysWhatTheHostCountsApart) {
  EXPECT_EQ(OverstayReason(60, ParametersForTest("idn")),
            "60 days past the last permitted one, as the host counts");
  EXPECT_EQ(
      OverstayReason(61, ParametersForTest("idn")),
      "61 days past the last permitted one, as the host counts; more than the 60 beyond which "
      "it counts apart");
  EXPECT_EQ(OverstayReason(1, ParametersForTest()),
            "1 day past the last permitted one, as the host counts");
}

}  // namespace
}  // namespace lintas::migrant_status

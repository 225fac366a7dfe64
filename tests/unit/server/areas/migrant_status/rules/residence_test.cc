#include "server/areas/migrant_status/rules/residence.h"

#include <gtest/gtest.h>

#include "tests/unit/server/areas/migrant_status/status_facts.h"

namespace lintas::migrant_status {
namespace {

using v1::Finding;

Finding On(const Facts& facts, Day at, const std::string& country = "khm") {
  return Residence({facts, ParametersForTest(country), at}, StayOn(facts, at));
}

TEST(Residence, IsByTheClassOfTheLastEntry) {
  EXPECT_EQ(On(FactsForTest({Entered(Day(2026, 1, 1), "T")}), Day(2026, 1, 2)).value(),
            Finding::VISITOR);
  EXPECT_EQ(On(FactsForTest({Entered(Day(2026, 1, 1), "EB")}), Day(2026, 1, 2)).value(),
            Finding::TEMPORARY_RESIDENT);
}

TEST(Residence, IsReadInTheHostsList) {
  EXPECT_EQ(
      On(FactsForTest({Entered(Day(2026, 1, 1), "B1")}, "idn"), Day(2026, 1, 2), "idn").value(),
      Finding::VISITOR);
  // B is an official's class in Cambodia: in no list of the agreement.
  const Finding official = On(FactsForTest({Entered(Day(2026, 1, 1), "B")}), Day(2026, 1, 2));
  EXPECT_EQ(official.value(), Finding::CANNOT_SAY);
  EXPECT_EQ(official.gaps(0), Finding::CLASS);
}

TEST(Residence, GoesWithThePermitThatGivesMost) {
  Facts facts = FactsForTest({Entered(Day(2026, 1, 1), "C1")}, "idn");
  facts.stay_permits = {Stay("ITAS", Day(2026, 1, 1), Day(2026, 12, 31)),
                        Stay("ITAP", Day(2026, 6, 1), Day(2030, 12, 31))};
  EXPECT_EQ(On(facts, Day(2026, 5, 1), "idn").value(), Finding::TEMPORARY_RESIDENT);
  EXPECT_EQ(On(facts, Day(2026, 6, 1), "idn").value(), Finding::PERMANENT_RESIDENT);
}

TEST(Residence, IsNoneFromTheDayOfDeparture) {
  const Facts facts = FactsForTest({Entered(Day(2026, 1, 1)), Left(Day(2026, 1, 20))});
  EXPECT_EQ(On(facts, Day(2026, 1, 19)).value(), Finding::VISITOR);
  EXPECT_EQ(On(facts, Day(2026, 1, 20)).value(), Finding::NOT_THERE);
  EXPECT_EQ(On(facts, Day(2026, 1, 20)).since_date(), "2026-01-20");
}

TEST(Residence, BeforeTheFirstRecordCannotBeSaid) {
  EXPECT_EQ(On(FactsForTest({Entered(Day(2026, 1, 1))}), Day(2025, 12, 31)).value(),
            Finding::CANNOT_SAY);
}

TEST(Residence, WithoutParametersCannotBeSaid) {
  const Facts facts = FactsForTest({Entered(Day(2026, 1, 1))});
  const Finding finding =
      Residence({facts, Parameters(), Day(2026, 1, 2)}, StayOn(facts, Day(2026, 1, 2)));
  EXPECT_EQ(finding.gaps(0), Finding::PARAMETER);
}

}  // namespace
}  // namespace lintas::migrant_status

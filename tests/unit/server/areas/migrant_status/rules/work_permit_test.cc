#include "server/areas/migrant_status/rules/work_permit.h"

#include <gtest/gtest.h>

#include "tests/unit/server/areas/migrant_status/status_facts.h"

namespace lintas::migrant_status {
namespace {

using v1::Finding;

Finding On(const Facts& facts, Day at) {
  return WorkPermit({facts, ParametersForTest(), at}, StayOn(facts, at));
}

TEST(WorkPermit, IsValidToItsLastDayThenExpired) {
  Facts facts = FactsForTest({Entered(Day(2026, 1, 1), "EB")});
  facts.work_permits = {Work(Day(2026, 1, 1), Day(2026, 6, 30), "PABRIK SINTETIS")};
  EXPECT_EQ(On(facts, Day(2026, 6, 30)).value(), Finding::PERMIT_VALID);
  EXPECT_EQ(On(facts, Day(2026, 6, 30)).gaps_size(), 0);
  const Finding expired = On(facts, Day(2026, 7, 1));
  EXPECT_EQ(expired.value(), Finding::PERMIT_EXPIRED);
  EXPECT_EQ(expired.since_date(), "2026-07-01");
}

TEST(WorkPermit, ThatBeginsLaterIsNoneYet) {
  Facts facts = FactsForTest({Entered(Day(2026, 1, 1), "EB")});
  facts.work_permits = {Work(Day(2026, 8, 1), Day(2026, 12, 31))};
  EXPECT_EQ(On(facts, Day(2026, 7, 1)).value(), Finding::PERMIT_NONE);
}

TEST(WorkPermit, TakenBackIsNone) {
  Facts facts = FactsForTest({Entered(Day(2026, 1, 1), "EB")});
  facts.work_permits = {Work(Day(2026, 1, 1), Day(2026, 12, 31))};
  facts.work_permits[0].cancelled = true;
  EXPECT_EQ(On(facts, Day(2026, 7, 1)).value(), Finding::PERMIT_NONE);
  EXPECT_EQ(On(facts, Day(2026, 7, 1)).evidence_names(0), "work permit 2026-01-01");
}

TEST(WorkPermit, NotOnRecordIsASuspicionAtTheHostsNodeOnly) {
  Facts facts = FactsForTest({Entered(Day(2026, 1, 1), "EB")});
  const Finding none = On(facts, Day(2026, 2, 1));
  EXPECT_EQ(none.value(), Finding::PERMIT_NONE);
  EXPECT_EQ(none.standard(), Finding::SUSPICION);
  EXPECT_EQ(none.gaps(0), Finding::WORK_PERMIT);
  facts.complete = false;
  EXPECT_EQ(On(facts, Day(2026, 2, 1)).value(), Finding::CANNOT_SAY);
}

}  // namespace
}  // namespace lintas::migrant_status

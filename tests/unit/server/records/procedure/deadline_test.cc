#include "server/records/procedure/deadline.h"

#include <gtest/gtest.h>

#include "tests/support/signed_agreement.h"
#include "tests/unit/server/records/procedure/tables_for_test.h"

namespace lintas {
namespace {

using agreement::v1::Deadline;

absl::Time At(int month, int day, int hour, int minute = 0) {
  return absl::FromCivil(absl::CivilMinute(2026, month, day, hour, minute), absl::UTCTimeZone());
}

Calendar CalendarOf(const std::string& country) {
  const agreement::v1::Agreement agreement = DefaultAgreementForTest();
  for (const auto& days : agreement.calendars()) {
    if (days.country() == country) return Calendar(days);
  }
  return Calendar({});
}

Deadline Period(uint32_t amount, Deadline::Unit unit) {
  Deadline period;
  period.set_amount(amount);
  period.set_unit(unit);
  return period;
}

absl::Time Due(const Deadline& period, absl::Time begin, std::vector<ClockStop> stops = {},
               absl::Time now = absl::UnixEpoch(), const char* country = "khm") {
  return DueTime(period, CalendarOf(country), begin, stops, now);
}

TEST(Calendar, KnowsRestDaysAndHolidays) {
  const Calendar khm = CalendarOf("khm");
  EXPECT_TRUE(khm.IsWorkingDay(absl::CivilDay(2026, 4, 13)));
  EXPECT_FALSE(khm.IsWorkingDay(absl::CivilDay(2026, 4, 14))) << "Khmer New Year";
  EXPECT_FALSE(khm.IsWorkingDay(absl::CivilDay(2026, 4, 18))) << "a Saturday";
  EXPECT_TRUE(CalendarOf("idn").IsWorkingDay(absl::CivilDay(2026, 4, 14)));
  EXPECT_FALSE(CalendarOf("idn").IsWorkingDay(absl::CivilDay(2026, 8, 17)));
}

TEST(Calendar, ADayBeginsWhereTheSeatIs) {
  EXPECT_EQ(CalendarOf("idn").DayOf(At(3, 1, 16, 59)), absl::CivilDay(2026, 3, 1));
  EXPECT_EQ(CalendarOf("idn").DayOf(At(3, 1, 17)), absl::CivilDay(2026, 3, 2));
  EXPECT_EQ(CalendarOf("idn").EndOf(absl::CivilDay(2026, 3, 2)), At(3, 2, 17));
}

TEST(Deadline, HoursRunFromMomentToMoment) {
  EXPECT_EQ(Due(Period(24, Deadline::HOURS), At(4, 13, 9)), At(4, 14, 9)) << "holidays count";
}

TEST(Deadline, CalendarDaysEndWithTheirLastDayAndOnAWorkingOne) {
  // Monday 2 March + 3 days = Thursday 5 March, 24:00 in Phnom Penh.
  EXPECT_EQ(Due(Period(3, Deadline::CALENDAR_DAYS), At(3, 2, 3)), At(3, 5, 17));
  // + 5 days = Saturday, rolled over Sunday 8 March to Monday.
  EXPECT_EQ(Due(Period(5, Deadline::CALENDAR_DAYS), At(3, 2, 3)), At(3, 9, 17));
}

TEST(Deadline, WorkingDaysAreThoseOfTheCountingSide) {
  // From Friday 10 April: Cambodia is closed from the 14th to the 16th, Indonesia is not.
  EXPECT_EQ(Due(Period(3, Deadline::WORKING_DAYS), At(4, 10, 3)), At(4, 20, 17));
  EXPECT_EQ(Due(Period(3, Deadline::WORKING_DAYS), At(4, 10, 3), {}, absl::UnixEpoch(), "idn"),
            At(4, 15, 17));
}

TEST(Deadline, TheDayOfTheEventIsTheCountingSidesDay) {
  // Sunday 17:30 UTC is Monday in Phnom Penh: Monday does not count, Tuesday is day 1.
  EXPECT_EQ(Due(Period(1, Deadline::WORKING_DAYS), At(3, 1, 17, 30)), At(3, 3, 17));
  EXPECT_EQ(Due(Period(1, Deadline::WORKING_DAYS), At(3, 1, 16, 30)), At(3, 2, 17));
}

TEST(Deadline, StoppedTimeDoesNotCount) {
  const std::vector<ClockStop> stops = {
      {absl::ToUnixSeconds(At(3, 3, 3)), absl::ToUnixSeconds(At(3, 5, 3))}};
  EXPECT_EQ(Due(Period(24, Deadline::HOURS), At(3, 3, 1), stops), At(3, 6, 1));
  // Tuesday and Wednesday stood still.
  EXPECT_EQ(Due(Period(3, Deadline::WORKING_DAYS), At(3, 2, 3), stops), At(3, 9, 17));
}

TEST(Deadline, AStopWithoutEndLastsUntilNow) {
  const std::vector<ClockStop> stops = {{absl::ToUnixSeconds(At(3, 3, 3)), absl::nullopt}};
  EXPECT_EQ(Due(Period(24, Deadline::HOURS), At(3, 3, 1), stops, At(3, 3, 8)), At(3, 4, 6));
}

class DueOfTest : public testing::Test {
 protected:
  DueOfTest() {
    auto* terms = agreement_.add_procedure_terms();
    terms->set_procedure("test_request");
    Deadline* period = terms->add_deadlines();
    period->set_state("sent");
    period->set_track("ROUTINE");
    period->set_amount(10);
    period->set_unit(Deadline::WORKING_DAYS);
    period->set_counted_by(Deadline::REQUESTED);
    period->set_due_soon_hours(48);
    period->set_escalation_office("Director of Cooperation");
    StepFact ask;
    ask.place = {"idn", 4};
    ask.procedure = "test_request";
    ask.code = "ASK";
    ask.time_s = absl::ToUnixSeconds(At(3, 9, 2));  // A Monday.
    steps_.Add(ask);
  }
  absl::optional<lintas::Due> DueAt(absl::Time now) {
    return DueOf(table_, *Evaluate(table_, steps_), agreement_, now);
  }

  agreement::v1::Agreement agreement_ = DefaultAgreementForTest();
  const ProcedureTable table_ = TableForTest();
  StepSet steps_;
};

TEST_F(DueOfTest, IsDerivedFromTheClock) {
  const absl::optional<lintas::Due> early = DueAt(At(3, 10, 0));
  ASSERT_TRUE(early.has_value());
  EXPECT_EQ(early->time, At(3, 23, 17));  // Two weeks of working days in Cambodia.
  EXPECT_EQ(early->counted_by, "khm");
  EXPECT_FALSE(early->soon || early->overdue);
  EXPECT_TRUE(DueAt(At(3, 21, 17))->soon);
  const absl::optional<lintas::Due> late = DueAt(At(3, 23, 17));
  EXPECT_TRUE(late->overdue);
  EXPECT_FALSE(late->soon);
  EXPECT_EQ(late->escalation_country, "khm");
  EXPECT_EQ(late->escalation_office, "Director of Cooperation");
}

TEST_F(DueOfTest, ThereIsNoneWhereTheAgreementSetsNone) {
  agreement_.clear_procedure_terms();
  EXPECT_FALSE(DueAt(At(3, 10, 0)).has_value());
}

TEST_F(DueOfTest, ThereIsNoneInAFinalState) {
  StepFact withdraw;
  withdraw.place = {"idn", 5};
  withdraw.procedure = "test_request";
  withdraw.code = "WITHDRAW";
  withdraw.predecessor = StepPlace{"idn", 4};
  steps_.Add(withdraw);
  EXPECT_FALSE(DueAt(At(12, 1, 0)).has_value());
}

}  // namespace
}  // namespace lintas

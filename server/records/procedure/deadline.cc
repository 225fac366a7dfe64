#include "server/records/procedure/deadline.h"

#include <algorithm>

#include "server/agreement/well_formed.h"

namespace lintas {
namespace {

using agreement::v1::Deadline;

// A period of more days than this is a mistake in the data, not a deadline.
constexpr int kDaysMax = 3660;

absl::CivilDay NextWorkingDay(const Calendar& calendar, absl::CivilDay day) {
  for (int i = 0; i < kDaysMax && !calendar.IsWorkingDay(day); ++i) ++day;
  return day;
}

absl::CivilDay AddWorkingDays(const Calendar& calendar, absl::CivilDay day, int count) {
  for (int i = 0; count > 0 && i < kDaysMax; ++i) {
    if (calendar.IsWorkingDay(++day)) --count;
  }
  return day;
}

absl::Time StopEnd(const ClockStop& stop, absl::Time now) {
  return stop.end_s ? absl::FromUnixSeconds(*stop.end_s)
                    : std::max(now, absl::FromUnixSeconds(stop.begin_s));
}

// Days of the kind that the period counts from the day of `begin` until that of `end`.
int StoppedDays(const Calendar& calendar, bool working, absl::Time begin, absl::Time end) {
  int days = 0;
  const absl::CivilDay last = calendar.DayOf(end);
  for (absl::CivilDay day = calendar.DayOf(begin); day < last && days < kDaysMax; ++day) {
    days += !working || calendar.IsWorkingDay(day);
  }
  return days;
}

}  // namespace

Calendar::Calendar(const agreement::v1::CountryCalendar& days) {
  if (days.zones_size() > 0) {
    zone_ = absl::FixedTimeZone(days.zones(0).utc_offset_minutes() * 60);
  }
  for (const auto day : days.rest_days()) {
    // ISO 8601: Monday is 1.
    if (day >= 1 && day <= 7) rest_.insert(static_cast<absl::Weekday>(day - 1));
  }
  for (const auto& holiday : days.holidays()) {
    absl::CivilDay day;
    if (ParseDay(holiday.date(), &day)) holidays_.insert(day);
  }
}

bool Calendar::IsWorkingDay(absl::CivilDay day) const {
  return rest_.count(absl::GetWeekday(day)) == 0 && holidays_.count(day) == 0;
}

absl::Time DueTime(const Deadline& period, const Calendar& calendar, absl::Time begin,
                   const std::vector<ClockStop>& stops, absl::Time now) {
  const int amount = static_cast<int>(std::min<uint32_t>(period.amount(), kDaysMax * 24));
  if (period.unit() == Deadline::HOURS) {
    absl::Time due = begin + absl::Hours(amount);
    for (const ClockStop& stop : stops) {
      const absl::Time from = std::max(begin, absl::FromUnixSeconds(stop.begin_s));
      due += std::max(absl::ZeroDuration(), StopEnd(stop, now) - from);
    }
    return due;
  }
  const bool working = period.unit() == Deadline::WORKING_DAYS;
  int days = amount;
  for (const ClockStop& stop : stops) {
    const absl::Time from = std::max(begin, absl::FromUnixSeconds(stop.begin_s));
    days += StoppedDays(calendar, working, from, StopEnd(stop, now));
  }
  const absl::CivilDay first = calendar.DayOf(begin);
  const absl::CivilDay last =
      working ? AddWorkingDays(calendar, first, days) : NextWorkingDay(calendar, first + days);
  return calendar.EndOf(last);
}

const agreement::v1::ProcedureTerms* TermsOf(const agreement::v1::Agreement& agreement,
                                             absl::string_view procedure) {
  for (const auto& terms : agreement.procedure_terms()) {
    if (terms.procedure() == procedure) return &terms;
  }
  return nullptr;
}

absl::optional<Due> DueOf(const ProcedureTable& table, const ProcedureState& state,
                          const agreement::v1::Agreement& agreement, absl::Time now) {
  if (state.state->clock == ClockStart::kNone) return absl::nullopt;
  const agreement::v1::ProcedureTerms* terms = TermsOf(agreement, table.code());
  if (terms == nullptr) return absl::nullopt;
  for (const Deadline& deadline : terms->deadlines()) {
    if (deadline.state() != state.state->name || deadline.track() != state.track) continue;
    std::string requested;
    for (const std::string& party : agreement.parties()) {
      if (party != state.requester) requested = party;
    }
    Due due;
    due.counted_by = deadline.counted_by() == Deadline::REQUESTER ? state.requester : requested;
    agreement::v1::CountryCalendar days;
    for (const auto& calendar : agreement.calendars()) {
      if (calendar.country() == due.counted_by) days = calendar;
    }
    const int64_t begin =
        state.state->clock == ClockStart::kOpened ? state.opened_s : state.entered_s;
    due.time = DueTime(deadline, Calendar(days), absl::FromUnixSeconds(begin), state.stops, now);
    due.overdue = !state.suspended && now >= due.time;
    due.soon = !state.suspended && !due.overdue &&
               now + absl::Hours(deadline.due_soon_hours()) >= due.time;
    due.escalation_office = deadline.escalation_office();
    due.escalation_country = state.state->mover == Mover::kRequester ? state.requester : requested;
    return due;
  }
  return absl::nullopt;
}

}  // namespace lintas

// Deadlines of the agreement: hours, calendar days, working days; whose day counts; clocks that
// stood still (P19, P29; docs/procedures.md). Pure functions of data; the clock is handed in.
//
// How days are counted (parameter; pattern: Regulation (EEC, Euratom) 1182/71 article 3): the day
// of the event does not count; a period in days ends with the last hour of its last day; if that is
// no working day, with the last hour of the next one. A period in hours runs from moment to moment.
#ifndef LINTAS_SERVER_RECORDS_PROCEDURE_DEADLINE_H_
#define LINTAS_SERVER_RECORDS_PROCEDURE_DEADLINE_H_

#include <set>
#include <string>
#include <vector>

#include "absl/time/civil_time.h"
#include "absl/time/time.h"
#include "absl/types/optional.h"
#include "lintas/agreement/v1/agreement.pb.h"
#include "server/records/procedure/procedure_state.h"

namespace lintas {

// One country's days, as the agreement says.
class Calendar {
 public:
  // Days count in the zone of the seat, the first one named; UTC if none is.
  explicit Calendar(const agreement::v1::CountryCalendar& days);

  bool IsWorkingDay(absl::CivilDay day) const;
  absl::CivilDay DayOf(absl::Time time) const { return absl::ToCivilDay(time, zone_); }
  // The first moment after `day`.
  absl::Time EndOf(absl::CivilDay day) const { return absl::FromCivil(day + 1, zone_); }

 private:
  absl::TimeZone zone_ = absl::UTCTimeZone();
  std::set<absl::Weekday> rest_;
  std::set<absl::CivilDay> holidays_;
};

// When a period that begins at `begin` is over; `stops` do not count, one without an end lasts
// until `now`.
absl::Time DueTime(const agreement::v1::Deadline& period, const Calendar& calendar,
                   absl::Time begin, const std::vector<ClockStop>& stops, absl::Time now);

// What a procedure's deadline is at `now`.
struct Due {
  absl::Time time;
  bool soon = false, overdue = false;
  // Who hears of it once overdue; country and office.
  std::string escalation_country, escalation_office;
  std::string counted_by;  // Country whose days count.
};

const agreement::v1::ProcedureTerms* TermsOf(const agreement::v1::Agreement& agreement,
                                             absl::string_view procedure);
// Nothing if the state has no deadline, or the agreement sets none.
absl::optional<Due> DueOf(const ProcedureTable& table, const ProcedureState& state,
                          const agreement::v1::Agreement& agreement, absl::Time now);

}  // namespace lintas

#endif  // LINTAS_SERVER_RECORDS_PROCEDURE_DEADLINE_H_

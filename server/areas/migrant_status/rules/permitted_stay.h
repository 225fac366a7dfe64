// The last day on which a stay is permitted, from all that can permit it. Not a rule of its own:
// those on overstay, exemption and expired permits ask it.
#ifndef LINTAS_SERVER_AREAS_MIGRANT_STATUS_RULES_PERMITTED_STAY_H_
#define LINTAS_SERVER_AREAS_MIGRANT_STATUS_RULES_PERMITTED_STAY_H_

#include "server/areas/migrant_status/rules/rule.h"

namespace lintas::migrant_status {

struct PermittedStay {
  // What gave the last day.
  enum class Basis {
    kNone,        // Nothing tells.
    kStated,      // The officer at the border wrote it.
    kExemption,   // The class of entry and the exemption's days.
    kVisa,        // A visa's days after an entry.
    kStayPermit,  // A stay permit's last day.
  };
  Basis basis = Basis::kNone;
  Day last;
  std::vector<std::string> evidence;
};

// The last day of a stay of `days` that began on `entry`: the day of entry is day 1 if the
// parameter ENTRY_DAY_COUNTS says so.
Day LastDayOf(Day entry, int days, const Parameters& parameters);

// The latest of: what the entry states; if it states nothing, the exemption's or the visa's days;
// the end of any stay permit that began by `input.at`, ends after the entry and was not taken back.
PermittedStay PermittedStayOf(const RuleInput& input, const CurrentStay& stay);

// The days past `last` on `at`, as the host counts (OVERSTAY_FIRST_DAY); 0 within.
int OverstayDays(Day last, Day at, const Parameters& parameters);

// `63 days past the last permitted one`, and whether that is more than OVERSTAY_LONG_DAYS.
std::string OverstayReason(int days, const Parameters& parameters);

// The finding of the three rules: none if `at` is within.
MaybeFinding PastLastDay(const RuleText& rule, const RuleInput& input, const PermittedStay& stay,
                         v1::Finding::Standard standard);

}  // namespace lintas::migrant_status

#endif  // LINTAS_SERVER_AREAS_MIGRANT_STATUS_RULES_PERMITTED_STAY_H_

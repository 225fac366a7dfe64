// Rule OVERSTAY: past the last day that the border officer stated, or that a visa's days give.
// Source: DOMAIN section 2, each host's counting of days and fines by the day (parameters
// OVERSTAY_FIRST_DAY, OVERSTAY_LONG_DAYS, ENTRY_DAY_COUNTS). Without a departure on record it is
// reasonable grounds: one may be missing.
// Rule OVERSTAY_RECORDED: the host's own record of an overstay that goes on. What became of the
// fine is not asked: that it was waived can betray a victim (R2).
#ifndef LINTAS_SERVER_AREAS_MIGRANT_STATUS_RULES_OVERSTAY_H_
#define LINTAS_SERVER_AREAS_MIGRANT_STATUS_RULES_OVERSTAY_H_

#include "server/areas/migrant_status/rules/rule.h"

namespace lintas::migrant_status {

MaybeFinding Overstay(const RuleInput& input, const CurrentStay& stay);
MaybeFinding OverstayRecorded(const RuleInput& input);

}  // namespace lintas::migrant_status

#endif  // LINTAS_SERVER_AREAS_MIGRANT_STATUS_RULES_OVERSTAY_H_

// Rule EXEMPTION_DAYS: past the days of a visa exemption, where the entry states no last day.
// Source: DOMAIN section 3: the ASEAN framework gives up to 14 days, both sides in practice 30, and
// the day of entry counts as day 1 by one secondary source: parameters EXEMPTION_DAYS,
// EXEMPTION_CLASSES, ENTRY_DAY_COUNTS.
#ifndef LINTAS_SERVER_AREAS_MIGRANT_STATUS_RULES_EXEMPTION_DAYS_H_
#define LINTAS_SERVER_AREAS_MIGRANT_STATUS_RULES_EXEMPTION_DAYS_H_

#include "server/areas/migrant_status/rules/rule.h"

namespace lintas::migrant_status {

MaybeFinding ExemptionDays(const RuleInput& input, const CurrentStay& stay);

}  // namespace lintas::migrant_status

#endif  // LINTAS_SERVER_AREAS_MIGRANT_STATUS_RULES_EXEMPTION_DAYS_H_

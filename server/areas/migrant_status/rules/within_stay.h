// Rule WITHIN_STAY: on or before the last permitted day. Says nothing against what other rules
// find. Source: DOMAIN section 2, last permitted day of a crossing, permit or visa.
#ifndef LINTAS_SERVER_AREAS_MIGRANT_STATUS_RULES_WITHIN_STAY_H_
#define LINTAS_SERVER_AREAS_MIGRANT_STATUS_RULES_WITHIN_STAY_H_

#include "server/areas/migrant_status/rules/rule.h"

namespace lintas::migrant_status {

MaybeFinding WithinStay(const RuleInput& input, const CurrentStay& stay);

}  // namespace lintas::migrant_status

#endif  // LINTAS_SERVER_AREAS_MIGRANT_STATUS_RULES_WITHIN_STAY_H_

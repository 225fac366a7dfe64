// Rule EXPIRED_PERMIT: past the last day of the stay permit that permitted the stay longest.
// Source: DOMAIN section 2, stay permits of both countries end with their last day.
#ifndef LINTAS_SERVER_AREAS_MIGRANT_STATUS_RULES_EXPIRED_PERMIT_H_
#define LINTAS_SERVER_AREAS_MIGRANT_STATUS_RULES_EXPIRED_PERMIT_H_

#include "server/areas/migrant_status/rules/rule.h"

namespace lintas::migrant_status {

MaybeFinding ExpiredPermit(const RuleInput& input, const CurrentStay& stay);

}  // namespace lintas::migrant_status

#endif  // LINTAS_SERVER_AREAS_MIGRANT_STATUS_RULES_EXPIRED_PERMIT_H_

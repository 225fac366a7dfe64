// Rule PLACEMENT, axis labour: the State of origin's word on how a worker went. No record type
// holds placements yet, so it cannot say. Source: DOMAIN section 3, PMI placement (R28); section 4,
// axis labour.
#ifndef LINTAS_SERVER_AREAS_MIGRANT_STATUS_RULES_PLACEMENT_H_
#define LINTAS_SERVER_AREAS_MIGRANT_STATUS_RULES_PLACEMENT_H_

#include "server/areas/migrant_status/rules/rule.h"

namespace lintas::migrant_status {

v1::Finding Placement();

}  // namespace lintas::migrant_status

#endif  // LINTAS_SERVER_AREAS_MIGRANT_STATUS_RULES_PLACEMENT_H_

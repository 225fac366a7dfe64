// Rule RESIDENCE: none after a departure; else by the stay permit that runs, else by the class of
// the last entry. Source: DOMAIN section 2, classes of both countries' lists (parameters
// VISITOR_CLASSES, TEMPORARY_CLASSES, PERMANENT_CLASSES, EXEMPTION_CLASSES); section 4, axis
// residence.
#ifndef LINTAS_SERVER_AREAS_MIGRANT_STATUS_RULES_RESIDENCE_H_
#define LINTAS_SERVER_AREAS_MIGRANT_STATUS_RULES_RESIDENCE_H_

#include "server/areas/migrant_status/rules/rule.h"

namespace lintas::migrant_status {

v1::Finding Residence(const RuleInput& input, const CurrentStay& stay);

}  // namespace lintas::migrant_status

#endif  // LINTAS_SERVER_AREAS_MIGRANT_STATUS_RULES_RESIDENCE_H_

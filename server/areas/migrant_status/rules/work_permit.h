// Rule WORK_PERMIT, axis labour: valid, expired or none, by the host's work permits. That none is
// on record is `none` at the host's own node only, as a suspicion; elsewhere the records do not
// tell. Source: DOMAIN section 2, Cambodia's EB needs a work permit (parameter WORK_CLASSES);
// section 4, axis labour.
#ifndef LINTAS_SERVER_AREAS_MIGRANT_STATUS_RULES_WORK_PERMIT_H_
#define LINTAS_SERVER_AREAS_MIGRANT_STATUS_RULES_WORK_PERMIT_H_

#include "server/areas/migrant_status/rules/rule.h"

namespace lintas::migrant_status {

v1::Finding WorkPermit(const RuleInput& input, const CurrentStay& stay);

}  // namespace lintas::migrant_status

#endif  // LINTAS_SERVER_AREAS_MIGRANT_STATUS_RULES_WORK_PERMIT_H_

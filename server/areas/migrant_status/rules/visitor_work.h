// Rule VISITOR_WORK: work on a visitor's entry: the last entry's class is a visitor's, no other
// stay permit runs, and a work permit runs or the stated purpose was work. A suspicion, and a sign
// of deceptive recruitment (DOMAIN section 5, `visitor entry then no stamp change`): screen first.
// Source: DOMAIN sections 2 and 3: exemption and tourist classes are for visits only, EB needs a
// work permit; parameters VISITOR_CLASSES, EXEMPTION_CLASSES, WORK_PURPOSES.
#ifndef LINTAS_SERVER_AREAS_MIGRANT_STATUS_RULES_VISITOR_WORK_H_
#define LINTAS_SERVER_AREAS_MIGRANT_STATUS_RULES_VISITOR_WORK_H_

#include "server/areas/migrant_status/rules/rule.h"

namespace lintas::migrant_status {

MaybeFinding VisitorWork(const RuleInput& input, const CurrentStay& stay);

}  // namespace lintas::migrant_status

#endif  // LINTAS_SERVER_AREAS_MIGRANT_STATUS_RULES_VISITOR_WORK_H_

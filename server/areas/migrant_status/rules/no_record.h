// Rule NO_RECORD: the person is known and what would tell is not on record here. Absence is no
// finding about a person: it is CANNOT_SAY with what is missing. Source: DOMAIN section 10: no
// record and not disclosable look alike.
#ifndef LINTAS_SERVER_AREAS_MIGRANT_STATUS_RULES_NO_RECORD_H_
#define LINTAS_SERVER_AREAS_MIGRANT_STATUS_RULES_NO_RECORD_H_

#include "server/areas/migrant_status/rules/rule.h"

namespace lintas::migrant_status {

MaybeFinding NoRecord(const RuleInput& input, const CurrentStay& stay);

}  // namespace lintas::migrant_status

#endif  // LINTAS_SERVER_AREAS_MIGRANT_STATUS_RULES_NO_RECORD_H_

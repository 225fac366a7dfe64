// Rule ELSEWHERE, axis residence: what the other country's border tells of a stay in the host
// country. Who entered that country is not in the host's; who left it may be anywhere. It is
// evidence beside the host's own word, never in its place. Source: DOMAIN section 4: the other side
// gives evidence; conflicting answers stay side by side with an owner.
#ifndef LINTAS_SERVER_AREAS_MIGRANT_STATUS_RULES_ELSEWHERE_H_
#define LINTAS_SERVER_AREAS_MIGRANT_STATUS_RULES_ELSEWHERE_H_

#include "server/areas/migrant_status/rules/rule.h"

namespace lintas::migrant_status {

// `input.facts` are the other country's. None if its border saw nobody.
MaybeFinding Elsewhere(const RuleInput& input);

}  // namespace lintas::migrant_status

#endif  // LINTAS_SERVER_AREAS_MIGRANT_STATUS_RULES_ELSEWHERE_H_

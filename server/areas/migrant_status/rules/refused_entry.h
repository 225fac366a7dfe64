// Rule REFUSED_ENTRY: turned back at the border, no admission since, and a later record of the same
// country that shows the person there. A suspicion: that record may have been prepared before.
// Source: DOMAIN section 4, axis regularity, `irregular by entry`.
#ifndef LINTAS_SERVER_AREAS_MIGRANT_STATUS_RULES_REFUSED_ENTRY_H_
#define LINTAS_SERVER_AREAS_MIGRANT_STATUS_RULES_REFUSED_ENTRY_H_

#include "server/areas/migrant_status/rules/rule.h"

namespace lintas::migrant_status {

MaybeFinding RefusedEntry(const RuleInput& input);

}  // namespace lintas::migrant_status

#endif  // LINTAS_SERVER_AREAS_MIGRANT_STATUS_RULES_REFUSED_ENTRY_H_

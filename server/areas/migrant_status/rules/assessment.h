// Rule ASSESSMENT, axis trafficking: no record type holds assessments yet, so none is on record;
// that says nothing of the person, and self-description counts for nothing (R23 of DOMAIN section
// 1). Source: DOMAIN sections 4 and 5.
#ifndef LINTAS_SERVER_AREAS_MIGRANT_STATUS_RULES_ASSESSMENT_H_
#define LINTAS_SERVER_AREAS_MIGRANT_STATUS_RULES_ASSESSMENT_H_

#include "absl/strings/string_view.h"
#include "server/areas/migrant_status/rules/rule.h"

namespace lintas::migrant_status {

// Whether the axis exists: not at the node of a State of which the person is or may be a national
// (R2), not for a role that does not see PROTECTED. `nationalities`: upper-case alpha-3, as shown
// by any record; with none known nobody can tell whose national it is, and it does not exist.
bool AssessmentExists(const std::vector<std::string>& nationalities, absl::string_view own_country,
                      bool sees_protected);
v1::Finding Assessment();

}  // namespace lintas::migrant_status

#endif  // LINTAS_SERVER_AREAS_MIGRANT_STATUS_RULES_ASSESSMENT_H_

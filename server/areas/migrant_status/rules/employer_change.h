// Rule EMPLOYER_CHANGE: work permits of two employers that follow one another, the earlier one's
// time not over and not taken back, so that no notice of change is on record. A suspicion: the
// notice may be elsewhere. Employers are compared as written, blanks, case and order of words
// apart; the section SENSITIVE is withheld from the partner and from some roles, and then the rule
// says nothing. Source: DOMAIN section 2, work_permit: a permit names its employer.
#ifndef LINTAS_SERVER_AREAS_MIGRANT_STATUS_RULES_EMPLOYER_CHANGE_H_
#define LINTAS_SERVER_AREAS_MIGRANT_STATUS_RULES_EMPLOYER_CHANGE_H_

#include "absl/strings/string_view.h"
#include "server/areas/migrant_status/rules/rule.h"

namespace lintas::migrant_status {

MaybeFinding EmployerChange(const RuleInput& input);
// True if both name one employer.
bool SameEmployer(absl::string_view a, absl::string_view b);

}  // namespace lintas::migrant_status

#endif  // LINTAS_SERVER_AREAS_MIGRANT_STATUS_RULES_EMPLOYER_CHANGE_H_

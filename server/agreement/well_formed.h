// What every agreement must say and what none may say, apart from its signatures. Pure.
#ifndef LINTAS_SERVER_AGREEMENT_WELL_FORMED_H_
#define LINTAS_SERVER_AGREEMENT_WELL_FORMED_H_

#include <vector>

#include "absl/strings/string_view.h"
#include "absl/time/civil_time.h"
#include "lintas/agreement/v1/agreement.pb.h"
#include "server/base/error.h"

namespace lintas {

// Appends every mistake in `agreement`, with paths as `grants[2].operations[0]`. Rules:
//   REQUIRED, DUPLICATE, UNDECLARED (a purpose), UNKNOWN_OPERATION, UNKNOWN_ROLE, UNKNOWN_SECTION,
//   SECTION_NEVER_LEAVES, NO_CONTENT_FOR_ROLE, OWN_NATIONALS_ONLY (R7), CASE_REQUIRED (R7),
//   NO_LISTS_FOR_ATTACHE (R7), TOO_LARGE,
//   NO_ADOPTER, TWO_OFFICE_HOLDERS (P20), COUNTRY, PARTY, PARTNERSHIP, PREVIOUS_DIGEST, CODE_FORM,
//   KEY_FORM, DATE_FORM, DATE_ORDER, UNKNOWN_FIELD.
void CheckWellFormed(const agreement::v1::Agreement& agreement,
                     std::vector<FieldViolation>* violations);

// `YYYY-MM-DD`, a day that exists. False otherwise.
bool ParseDay(absl::string_view text, absl::CivilDay* day);

}  // namespace lintas

#endif  // LINTAS_SERVER_AGREEMENT_WELL_FORMED_H_

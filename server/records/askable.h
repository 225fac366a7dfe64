// Which of the own records the partner may get by asking (R2, P2). Pure.
#ifndef LINTAS_SERVER_RECORDS_ASKABLE_H_
#define LINTAS_SERVER_RECORDS_ASKABLE_H_

#include "server/agreement/agreement.h"
#include "server/records/reader.h"

namespace lintas {

// True if `found` is `country`'s own and current, its type is one of those that the agreement lets
// be asked for, and it is released or no protection stands on it: a mark changes nothing for what
// the partner holds (R2). PROTECTED never leaves either way (release.h). Whom it is about and who
// asks is judged elsewhere.
bool MayBeAskedFor(const FoundRecord& found, const std::string& country,
                   const AgreementVersion& agreement);

}  // namespace lintas

#endif  // LINTAS_SERVER_RECORDS_ASKABLE_H_

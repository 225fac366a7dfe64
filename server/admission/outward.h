// What a caller gets to see of a status (P26). Pure.
#ifndef LINTAS_SERVER_ADMISSION_OUTWARD_H_
#define LINTAS_SERVER_ADMISSION_OUTWARD_H_

#include "absl/status/status.h"

namespace lintas {

// The one text of P26, on screens and in errors.
constexpr char kNothingToShare[] = "nothing to share; this does not mean that no record exists";

// NOT_FOUND becomes the one answer of P26, with one text, one reason and nothing else in it, unless
// its reason says that something of the node itself is not there yet (NO_CHECKPOINT, NO_AGREEMENT).
// What our own mistakes say (INTERNAL, UNKNOWN, DATA_LOSS) stays in the log. All else passes.
absl::Status StatusToOutward(const absl::Status& status);

}  // namespace lintas

#endif  // LINTAS_SERVER_ADMISSION_OUTWARD_H_

// What a command ends with, and how an error reads. Pure; safe from any thread.
#ifndef LINTAS_CLIENT_EXIT_CODE_H_
#define LINTAS_CLIENT_EXIT_CODE_H_

#include <string>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"

namespace lintas::client {

// Scripts rely on these numbers: they are never changed.
enum class ExitCode : int {
  kDone = 0,
  // A fault of the node or of this program, or damaged bytes.
  kFault = 1,
  kUsage = 2,
  kNothingToShare = 3,
  kRefused = 4,
  kInvalidInput = 5,
  kUnavailable = 6,
  kConflict = 7,
};

// Knows all 17 codes.
ExitCode ExitCodeOf(absl::StatusCode code);

// P26: one text whether a record is absent, protected or undisclosable.
constexpr absl::string_view kNothingToShare =
    "nothing to share; this does not mean that no record exists";

// The lines for standard error, each ending in newline: one for each bad field (field, rule, what
// is expected), or one with the message and its reason. A status that ends in kFault also shows
// `trace_id`, by which the operator finds the call in the node's log.
std::string DescribeError(const absl::Status& status, absl::string_view trace_id);

}  // namespace lintas::client

#endif  // LINTAS_CLIENT_EXIT_CODE_H_

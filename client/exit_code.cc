#include "client/exit_code.h"

#include <vector>

#include "absl/strings/str_cat.h"
#include "client/terminal_text.h"
#include "server/base/error.h"

namespace lintas::client {

ExitCode ExitCodeOf(absl::StatusCode code) {
  switch (code) {
    case absl::StatusCode::kOk:
      return ExitCode::kDone;
    case absl::StatusCode::kNotFound:
      return ExitCode::kNothingToShare;
    case absl::StatusCode::kPermissionDenied:
    case absl::StatusCode::kUnauthenticated:
    case absl::StatusCode::kResourceExhausted:
      return ExitCode::kRefused;
    case absl::StatusCode::kInvalidArgument:
    case absl::StatusCode::kOutOfRange:
      return ExitCode::kInvalidInput;
    case absl::StatusCode::kUnavailable:
    case absl::StatusCode::kDeadlineExceeded:
    case absl::StatusCode::kCancelled:
      return ExitCode::kUnavailable;
    case absl::StatusCode::kAborted:
    case absl::StatusCode::kAlreadyExists:
    case absl::StatusCode::kFailedPrecondition:
      return ExitCode::kConflict;
    case absl::StatusCode::kUnknown:
    case absl::StatusCode::kInternal:
    case absl::StatusCode::kDataLoss:
    case absl::StatusCode::kUnimplemented:
    default:
      return ExitCode::kFault;
  }
}

std::string DescribeError(const absl::Status& status, absl::string_view trace_id) {
  if (ExitCodeOf(status.code()) == ExitCode::kNothingToShare) {
    return absl::StrCat(kNothingToShare, "\n");
  }
  std::string text;
  for (const FieldViolation& violation : FieldViolations(status)) {
    absl::StrAppend(&text,
                    WithoutControls(absl::StrCat(violation.field, ": ", violation.rule, ": ",
                                                 violation.description)),
                    "\n");
  }
  if (text.empty()) {
    const std::string reason = ErrorReason(status);
    absl::StrAppend(&text, "lintas: ",
                    WithoutControls(absl::StrCat(
                        status.message(), reason.empty() ? "" : absl::StrCat(" (", reason, ")"))),
                    "\n");
  }
  if (ExitCodeOf(status.code()) == ExitCode::kFault && !trace_id.empty()) {
    absl::StrAppend(&text, "trace ", trace_id, "\n");
  }
  return text;
}

}  // namespace lintas::client

// Errors as users see them: a code, one google.rpc.ErrorInfo and, for bad input, one
// google.rpc.BadRequest with every bad field at once (AIP-193). They travel inside absl::Status as
// payloads; edge/ turns them into gRPC details. No personal data in any part of them.
#ifndef LINTAS_SERVER_BASE_ERROR_H_
#define LINTAS_SERVER_BASE_ERROR_H_

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"

namespace lintas {

// An error with a machine-readable reason. `reason`: UPPER_SNAKE, at most 63 signs, never renamed.
// `metadata` holds all that varies in `message`.
absl::Status MakeError(absl::StatusCode code, absl::string_view reason, absl::string_view message,
                       const std::map<std::string, std::string>& metadata = {});

// The reason of `status`, empty if it has none.
std::string ErrorReason(const absl::Status& status);

// One bad field: its path (for example `crossing.document.number`) and the rule it breaks.
struct FieldViolation {
  std::string field;
  // UPPER_SNAKE, for example REQUIRED, NOT_A_COUNTRY_CODE.
  std::string rule;
  // One sentence that says what is expected and where the rule comes from. Never the value.
  std::string description;
};

// INVALID_ARGUMENT with reason INVALID_FIELDS and all `violations`; OK if there are none.
absl::Status FieldsError(const std::vector<FieldViolation>& violations);

// The violations that `status` carries, empty if none.
std::vector<FieldViolation> FieldViolations(const absl::Status& status);

// The serialised google.rpc.Status of `status` with its details, for grpc-status-details-bin.
// `domain` is the service's full name.
std::string SerializeErrorDetails(const absl::Status& status, absl::string_view domain);

// The absl::Status that `code`, `message` and the details bytes stand for (the client's way back).
absl::Status ParseErrorDetails(absl::StatusCode code, absl::string_view message,
                               absl::string_view details);

}  // namespace lintas

#endif  // LINTAS_SERVER_BASE_ERROR_H_

#include "server/admission/outward.h"

#include <string>

#include "server/admission/reasons.h"
#include "server/base/error.h"

namespace lintas {

absl::Status StatusToOutward(const absl::Status& status) {
  switch (status.code()) {
    case absl::StatusCode::kNotFound: {
      const std::string reason = ErrorReason(status);
      if (reason == "NO_CHECKPOINT" || reason == "NO_AGREEMENT") return status;
      return MakeError(absl::StatusCode::kNotFound, kNothingToShareReason, kNothingToShare);
    }
    case absl::StatusCode::kInternal:
    case absl::StatusCode::kUnknown:
    case absl::StatusCode::kDataLoss:
      return MakeError(absl::StatusCode::kInternal, kInternalReason,
                       "the node made a mistake; its log has more under the trace id");
    default:
      return status;
  }
}

}  // namespace lintas

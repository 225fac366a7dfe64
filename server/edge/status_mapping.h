// The way of a status to the wire and back. Pure; safe from any thread.
#ifndef LINTAS_SERVER_EDGE_STATUS_MAPPING_H_
#define LINTAS_SERVER_EDGE_STATUS_MAPPING_H_

#include <grpcpp/support/status.h>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"

namespace lintas {

// Trailers must pass every client's limit on metadata; long lists of violations lose their end.
constexpr size_t kErrorDetailBytesMax = 6 << 10;
constexpr size_t kErrorMessageBytesMax = 1 << 10;

// The gRPC code for each of the 17 codes.
grpc::StatusCode ToGrpcCode(absl::StatusCode code);
// `INVALID_ARGUMENT` and so on, for logs and metrics.
absl::string_view GrpcCodeName(grpc::StatusCode code);

// With google.rpc.Status in the details: ErrorInfo with `domain` (the service's full name),
// BadRequest, and RetryInfo for UNAVAILABLE, which alone is retried unasked.
grpc::Status ToGrpcStatus(const absl::Status& status, absl::string_view domain);

// The way back, for a call to the partner. What the line itself says (no answer, broken, too late)
// is kUnavailable; the rest is the partner's word.
absl::Status FromGrpcStatus(const grpc::Status& status);

}  // namespace lintas

#endif  // LINTAS_SERVER_EDGE_STATUS_MAPPING_H_

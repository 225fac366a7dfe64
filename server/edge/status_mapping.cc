#include "server/edge/status_mapping.h"

#include <string>

#include "google/rpc/error_details.pb.h"
#include "google/rpc/status.pb.h"
#include "server/base/error.h"

namespace lintas {
namespace {

constexpr int kRetryDelaySeconds = 1;

struct CodePair {
  absl::StatusCode ours;
  grpc::StatusCode grpc;
  absl::string_view name;
};

constexpr CodePair kCodes[] = {
    {absl::StatusCode::kOk, grpc::StatusCode::OK, "OK"},
    {absl::StatusCode::kCancelled, grpc::StatusCode::CANCELLED, "CANCELLED"},
    {absl::StatusCode::kUnknown, grpc::StatusCode::UNKNOWN, "UNKNOWN"},
    {absl::StatusCode::kInvalidArgument, grpc::StatusCode::INVALID_ARGUMENT, "INVALID_ARGUMENT"},
    {absl::StatusCode::kDeadlineExceeded, grpc::StatusCode::DEADLINE_EXCEEDED, "DEADLINE_EXCEEDED"},
    {absl::StatusCode::kNotFound, grpc::StatusCode::NOT_FOUND, "NOT_FOUND"},
    {absl::StatusCode::kAlreadyExists, grpc::StatusCode::ALREADY_EXISTS, "ALREADY_EXISTS"},
    {absl::StatusCode::kPermissionDenied, grpc::StatusCode::PERMISSION_DENIED, "PERMISSION_DENIED"},
    {absl::StatusCode::kResourceExhausted, grpc::StatusCode::RESOURCE_EXHAUSTED,
     "RESOURCE_EXHAUSTED"},
    {absl::StatusCode::kFailedPrecondition, grpc::StatusCode::FAILED_PRECONDITION,
     "FAILED_PRECONDITION"},
    {absl::StatusCode::kAborted, grpc::StatusCode::ABORTED, "ABORTED"},
    {absl::StatusCode::kOutOfRange, grpc::StatusCode::OUT_OF_RANGE, "OUT_OF_RANGE"},
    {absl::StatusCode::kUnimplemented, grpc::StatusCode::UNIMPLEMENTED, "UNIMPLEMENTED"},
    {absl::StatusCode::kInternal, grpc::StatusCode::INTERNAL, "INTERNAL"},
    {absl::StatusCode::kUnavailable, grpc::StatusCode::UNAVAILABLE, "UNAVAILABLE"},
    {absl::StatusCode::kDataLoss, grpc::StatusCode::DATA_LOSS, "DATA_LOSS"},
    {absl::StatusCode::kUnauthenticated, grpc::StatusCode::UNAUTHENTICATED, "UNAUTHENTICATED"},
};

// The details, with as many violations as fit.
std::string Details(const absl::Status& status, absl::string_view domain) {
  std::string bytes = SerializeErrorDetails(status, domain);
  const bool fits = bytes.size() <= kErrorDetailBytesMax;
  if (fits && status.code() != absl::StatusCode::kUnavailable) return bytes;
  google::rpc::Status details;
  if (!details.ParseFromString(bytes)) return bytes;
  if (!fits) {
    if (details.message().size() > kErrorMessageBytesMax) details.clear_message();
    for (auto& any : *details.mutable_details()) {
      google::rpc::BadRequest bad;
      if (!any.UnpackTo(&bad)) continue;
      while (bad.ByteSizeLong() > kErrorDetailBytesMax / 2) {
        bad.mutable_field_violations()->RemoveLast();
      }
      any.PackFrom(bad);
    }
  }
  if (status.code() == absl::StatusCode::kUnavailable) {
    google::rpc::RetryInfo retry;
    retry.mutable_retry_delay()->set_seconds(kRetryDelaySeconds);
    details.add_details()->PackFrom(retry);
  }
  return details.SerializeAsString();
}

}  // namespace

grpc::StatusCode ToGrpcCode(absl::StatusCode code) {
  for (const CodePair& pair : kCodes) {
    if (pair.ours == code) return pair.grpc;
  }
  return grpc::StatusCode::UNKNOWN;
}

absl::string_view GrpcCodeName(grpc::StatusCode code) {
  for (const CodePair& pair : kCodes) {
    if (pair.grpc == code) return pair.name;
  }
  return "UNKNOWN";
}

grpc::Status ToGrpcStatus(const absl::Status& status, absl::string_view domain) {
  if (status.ok()) return grpc::Status::OK;
  return grpc::Status(ToGrpcCode(status.code()),
                      std::string(status.message().substr(0, kErrorMessageBytesMax)),
                      Details(status, domain));
}

absl::Status FromGrpcStatus(const grpc::Status& status) {
  if (status.ok()) return absl::OkStatus();
  absl::StatusCode code = absl::StatusCode::kUnknown;
  for (const CodePair& pair : kCodes) {
    if (pair.grpc == status.error_code()) code = pair.ours;
  }
  if (!status.error_details().empty()) {
    return ParseErrorDetails(code, status.error_message(), status.error_details());
  }
  // The partner gave no reason with these: gRPC made them of what happened on the line.
  switch (code) {
    case absl::StatusCode::kUnavailable:
    case absl::StatusCode::kDeadlineExceeded:
    case absl::StatusCode::kCancelled:
    case absl::StatusCode::kInternal:
    case absl::StatusCode::kUnknown:
      return MakeError(absl::StatusCode::kUnavailable, "LINE", status.error_message());
    default:
      return absl::Status(code, status.error_message());
  }
}

}  // namespace lintas

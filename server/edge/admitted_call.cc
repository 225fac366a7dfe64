#include "server/edge/admitted_call.h"

#include <chrono>

#include "server/base/error.h"

namespace lintas {
namespace {

std::string ValueOf(const grpc::CallbackServerContext& context, const char* key) {
  const auto& metadata = context.client_metadata();
  const auto range = metadata.equal_range(key);
  if (range.first == range.second || std::next(range.first) != range.second) return "";
  return std::string(range.first->second.data(), range.first->second.size());
}

}  // namespace

CallMetadata MetadataOf(const grpc::CallbackServerContext& context) {
  CallMetadata metadata;
  metadata.purpose = ValueOf(context, kPurposeKey);
  metadata.case_id = ValueOf(context, kCaseKey);
  metadata.wait_for = ValueOf(context, kWaitForKey);
  // Admission refuses this: whoever asks to wait must not be answered as if it had not asked.
  if (metadata.wait_for.empty() && context.client_metadata().count(kWaitForKey) > 0) {
    metadata.wait_for = "?";
  }
  metadata.trace_id = ValueOf(context, kTraceKey);
  // gRPC gives the end of its clock if the caller has set no deadline.
  const auto deadline = context.deadline();
  if (deadline < std::chrono::system_clock::time_point::max()) {
    metadata.deadline = absl::FromChrono(deadline);
  }
  return metadata;
}

absl::StatusOr<Principal> Authenticate(const Callers& callers, const grpc::AuthContext& context) {
  absl::StatusOr<Principal> principal = callers.principal(context);
  if (principal.ok() || principal.status().code() == absl::StatusCode::kPermissionDenied ||
      principal.status().code() == absl::StatusCode::kUnauthenticated) {
    return principal;
  }
  return MakeError(absl::StatusCode::kUnauthenticated, ErrorReason(principal.status()),
                   "the caller is not known here");
}

CallRecord BeginRecord(const ServedMethod& served) {
  CallRecord record;
  record.method = served.method->full_name;
  record.begin = served.door->clock->Now();
  return record;
}

}  // namespace lintas

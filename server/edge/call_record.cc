#include "server/edge/call_record.h"

#include "server/base/log.h"
#include "server/edge/status_mapping.h"

namespace lintas {

void CallRecord::End(grpc::StatusCode code, Clock* clock, Metrics* metrics) const {
  const absl::Duration latency = clock->Now() - begin;
  const absl::string_view name = GrpcCodeName(code);
  if (metrics != nullptr) metrics->CountCall(method, name, latency);
  const bool refused = code == grpc::StatusCode::UNAUTHENTICATED ||
                       code == grpc::StatusCode::PERMISSION_DENIED ||
                       code == grpc::StatusCode::RESOURCE_EXHAUSTED;
  const LogLevel level = refused ? LogLevel::kInfo : LogLevel::kDebug;
  if (!IsLogged(level)) return;
  Log(level, refused ? "refused" : "call", trace_id,
      {{"method", method},
       {"code", name},
       {"role", role},
       {"latency_ms", absl::ToDoubleMilliseconds(latency)}});
}

}  // namespace lintas

// CallRecord: the log line and the numbers that one call leaves when it ends.
#ifndef LINTAS_SERVER_EDGE_CALL_RECORD_H_
#define LINTAS_SERVER_EDGE_CALL_RECORD_H_

#include <grpcpp/support/status.h>

#include <chrono>
#include <string>

#include "absl/time/time.h"
#include "server/base/clock.h"
#include "server/edge/metrics.h"

namespace lintas {

// What a stream that must end waits for a write under way before it is cut off without a word.
constexpr std::chrono::seconds kStalledWriteMax{1};

struct CallRecord {
  std::string method;
  absl::Time begin;
  std::string trace_id;
  std::string role;  // Empty until authenticated.

  // Refusals at info, all else at debug. `metrics` may be null.
  void End(grpc::StatusCode code, Clock* clock, Metrics* metrics) const;
};

}  // namespace lintas

#endif  // LINTAS_SERVER_EDGE_CALL_RECORD_H_

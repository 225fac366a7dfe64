// Metrics: numbers for Prometheus. Labels are method, code and ledger, nothing else: no label and
// no value says anything of a person, an office or a case. Safe from any thread.
#ifndef LINTAS_SERVER_EDGE_METRICS_H_
#define LINTAS_SERVER_EDGE_METRICS_H_

#include <cstdint>
#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"

namespace lintas {

class Metrics {
 public:
  // Serves /metrics in plain HTTP on `address`, which must be this machine's own: `127.0.0.1:9464`.
  // Port 0 takes a free one. kInvalidArgument, reason NOT_LOOPBACK; kUnavailable if it is taken.
  static absl::StatusOr<std::unique_ptr<Metrics>> Serve(const std::string& address);
  ~Metrics();
  Metrics(const Metrics&) = delete;
  Metrics& operator=(const Metrics&) = delete;

  int port() const;

  // One call ended. `method` is one that is served here: a name from outside would grow the table.
  void CountCall(absl::string_view method, absl::string_view code, absl::Duration latency);
  // `ledger`: exchange, home or replica. Entries: appended, under the last checkpoint, held by the
  // partner.
  struct LedgerSizes {
    uint64_t size = 0, signed_size = 0, held_size = 0;
  };
  void SetLedger(absl::string_view ledger, const LedgerSizes& sizes);
  // How long ago the replica was known to be level with the partner's ledger.
  void SetReplicaAge(absl::Duration age);
  // Groups committed since the start; never goes down.
  void SetCommits(uint64_t commits);
  void SetAlarms(size_t raised);
  // Resident memory of this process, read now.
  void SampleMemory();

 private:
  struct Rep;
  explicit Metrics(std::unique_ptr<Rep> rep);
  const std::unique_ptr<Rep> rep_;
};

}  // namespace lintas

#endif  // LINTAS_SERVER_EDGE_METRICS_H_

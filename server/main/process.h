// Process: a node with its store, its network and its threads.
//
//   committer   the one thread that steps the ledgers
//   link        pulls, cosigns, releases answers
//   feed        reads the ledgers for those who watch them
//   background  moves derived keys into files; nightly rewrites files after erasures (P3)
//   ticker      trust, streams, metrics, once in half a second
#ifndef LINTAS_SERVER_MAIN_PROCESS_H_
#define LINTAS_SERVER_MAIN_PROCESS_H_

#include <atomic>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "server/edge/edge_server.h"
#include "server/main/config.h"
#include "server/main/node.h"
#include "server/main/partner_adapter.h"
#include "server/store/rocksdb/file_heads.h"
#include "server/store/rocksdb/rocksdb_store.h"

namespace lintas {

// A thread that does a slice of work when woken, or after a while.
class Worker {
 public:
  // `slice` returns how long to wait for the next wake; zero goes on at once.
  explicit Worker(std::function<absl::Duration()> slice);
  ~Worker();  // Ends after the slice in progress.
  void Wake();

 private:
  void Run();
  const std::function<absl::Duration()> slice_;
  std::mutex mutex_;
  std::condition_variable changed_;
  bool woken_ = false;
  bool stop_ = false;
  std::thread thread_;
};

class Process {
 public:
  // Opens everything and serves. The error says what an operator must do.
  static absl::StatusOr<std::unique_ptr<Process>> Start(const Config& config);
  // Ends calls, then threads; whatever was answered is on disk.
  ~Process();

  int officers_port() const;
  int partner_port() const;
  Node& node() { return *node_; }

 private:
  Process() = default;
  absl::Status OpenNode(const Config& config);
  absl::Status OpenEdge(const Config& config);
  void StartWorkers();
  absl::Duration Commit();
  absl::Duration Link();
  absl::Duration Feed();
  absl::Duration Background();
  absl::Duration Tick();
  void ExchangeRevocations();
  void SetMetrics(absl::Time now);

  Config config_;
  std::unique_ptr<Clock> clock_;
  std::unique_ptr<Random> random_;
  std::unique_ptr<RocksDbStore> store_;
  std::unique_ptr<FileHeadStore> heads_;
  std::unique_ptr<TrustStore> trust_;
  std::unique_ptr<OpenStreams> streams_;
  std::unique_ptr<Metrics> metrics_;
  std::unique_ptr<PartnerTransport> transport_;
  std::unique_ptr<Node> node_;
  std::unique_ptr<PartnerAdapter> partner_port_;
  std::unique_ptr<EdgeServer> edge_;
  uint64_t commits_ = 0;
  // Groups and runs handed in since the last commit step.
  std::atomic<int> enqueued_{0};
  bool ledger_failed_ = false;
  absl::Time next_compaction_;
  std::unique_ptr<Worker> committer_, link_, feed_, background_, ticker_;
};

}  // namespace lintas

#endif  // LINTAS_SERVER_MAIN_PROCESS_H_

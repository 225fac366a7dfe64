// PullPump: sends frames to the pulls in progress. Reading the ledger may wait for the disk and
// gRPC's threads must not, so one thread of its own reads, and keeps a few frames ahead of each.
//
//   F1  One write at a time for each stream; frames leave in the order of the source.
//   F2  A stream with nothing to send asks its source again after NotifyCheckpoint, and says that
//       the line is alive every kHeartbeatEvery.
//   F3  A stream that ended is let go of at the latest after the round that is under way.
//
// Safe from any thread.
#ifndef LINTAS_SERVER_EDGE_PULL_PUMP_H_
#define LINTAS_SERVER_EDGE_PULL_PUMP_H_

#include <condition_variable>
#include <map>
#include <memory>
#include <mutex>
#include <thread>

#include "absl/time/time.h"
#include "server/base/clock.h"

namespace lintas {

constexpr absl::Duration kHeartbeatEvery = absl::Seconds(2);

// A stream that the pump serves.
class PumpedStream {
 public:
  virtual ~PumpedStream() = default;
  // Takes what the source has, up to what the stream keeps ahead. The pump's thread only.
  virtual void Pump(absl::Time now) = 0;
  // As Pump, and a heartbeat if nothing left since `now` less kHeartbeatEvery.
  virtual void Beat(absl::Time now) = 0;
};

class PullPump {
 public:
  explicit PullPump(Clock* clock);
  ~PullPump();
  PullPump(const PullPump&) = delete;
  PullPump& operator=(const PullPump&) = delete;

  void Add(std::shared_ptr<PumpedStream> stream);
  void Remove(const PumpedStream* stream);
  // The stream has room for frames.
  void Wake(const PumpedStream* stream);
  // There may be something new for every stream. Cheap: for the committer's thread.
  void NotifyCheckpoint();
  void Tick(absl::Time now);

 private:
  struct Entry {
    std::shared_ptr<PumpedStream> stream;
    bool pump = false, beat = false;
  };
  void Run();

  Clock* const clock_;
  std::mutex mutex_;
  std::condition_variable wake_;
  std::map<const PumpedStream*, Entry> streams_;
  bool work_ = false;
  bool stop_ = false;
  std::thread thread_;
};

}  // namespace lintas

#endif  // LINTAS_SERVER_EDGE_PULL_PUMP_H_

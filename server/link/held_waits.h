// HeldWaits: answers that are held back until the partner's "held" cosignature covers what was
// written (P6). A list that Tick serves: no thread, nothing blocks. Thread safe; `done` is called
// once, from Wait or Tick, and never if this object goes first.
#ifndef LINTAS_SERVER_LINK_HELD_WAITS_H_
#define LINTAS_SERVER_LINK_HELD_WAITS_H_

#include <functional>
#include <mutex>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "server/base/ids.h"

namespace lintas {

constexpr size_t kHeldWaitsMax = 4096;
// Of a call without a deadline, or with a later one.
constexpr absl::Duration kHeldWaitMax = absl::Minutes(10);
// The answer leaves so long before the deadline (half of the time if that is shorter): past it the
// caller has stopped listening and would not learn that the write is durable.
constexpr absl::Duration kHeldWaitLead = absl::Milliseconds(500);

class HeldWaits {
 public:
  using Done = std::function<void(absl::Status)>;

  // `held_size`: how much of the own exchange ledger the partner holds; never decreases.
  explicit HeldWaits(std::function<TreeSize()> held_size) : held_size_(std::move(held_size)) {}
  HeldWaits(const HeldWaits&) = delete;
  HeldWaits& operator=(const HeldWaits&) = delete;

  // OK when the partner holds the entry `last`, at once if it does. kDeadlineExceeded, reason
  // PARTNER_NOT_YET, if not in time, and at once if kHeldWaitsMax answers wait.
  void Wait(Index last, absl::Time deadline, absl::Time now, Done done);
  void Tick(absl::Time now);

 private:
  struct Waiting {
    Index last;
    absl::Time give_up;
    Done done;
  };

  const std::function<TreeSize()> held_size_;
  std::mutex mutex_;
  std::vector<Waiting> waiting_;
};

}  // namespace lintas

#endif  // LINTAS_SERVER_LINK_HELD_WAITS_H_

#include "server/link/held_waits.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "server/base/error.h"

namespace lintas {
namespace {

absl::Status NotYet() {
  return MakeError(absl::StatusCode::kDeadlineExceeded, "PARTNER_NOT_YET",
                   "durable here; the partner has not confirmed yet");
}

}  // namespace

void HeldWaits::Wait(Index last, absl::Time deadline, absl::Time now, Done done) {
  if (held_size_().covers(last)) return done(absl::OkStatus());
  const absl::Duration left = std::min(deadline - now, kHeldWaitMax);
  const absl::Duration wait = left - std::min(kHeldWaitLead, left / 2);
  {
    std::lock_guard<std::mutex> lock(mutex_);
    if (wait > absl::ZeroDuration() && waiting_.size() < kHeldWaitsMax) {
      waiting_.push_back({last, now + wait, std::move(done)});
      return;
    }
  }
  done(NotYet());
}

void HeldWaits::Tick(absl::Time now) {
  std::vector<Waiting> over;
  TreeSize held;
  {
    std::lock_guard<std::mutex> lock(mutex_);
    if (waiting_.empty()) return;
    held = held_size_();
    const auto first = std::stable_partition(
        waiting_.begin(), waiting_.end(),
        [&](const Waiting& one) { return !held.covers(one.last) && now < one.give_up; });
    over.assign(std::make_move_iterator(first), std::make_move_iterator(waiting_.end()));
    waiting_.erase(first, waiting_.end());
  }
  // Outside the lock: an answer may lead to the next wait.
  for (Waiting& one : over) one.done(held.covers(one.last) ? absl::OkStatus() : NotYet());
}

}  // namespace lintas

#include "server/edge/pull_pump.h"

#include <utility>
#include <vector>

namespace lintas {

PullPump::PullPump(Clock* clock) : clock_(clock), thread_([this] { Run(); }) {}

PullPump::~PullPump() {
  {
    std::lock_guard<std::mutex> lock(mutex_);
    stop_ = true;
  }
  wake_.notify_one();
  thread_.join();
}

void PullPump::Add(std::shared_ptr<PumpedStream> stream) {
  std::lock_guard<std::mutex> lock(mutex_);
  const PumpedStream* key = stream.get();
  streams_[key] = {std::move(stream), true, false};
  work_ = true;
  wake_.notify_one();
}

void PullPump::Remove(const PumpedStream* stream) {
  std::shared_ptr<PumpedStream> kept;
  std::lock_guard<std::mutex> lock(mutex_);
  auto found = streams_.find(stream);
  if (found == streams_.end()) return;
  kept = std::move(found->second.stream);
  streams_.erase(found);
}

void PullPump::Wake(const PumpedStream* stream) {
  std::lock_guard<std::mutex> lock(mutex_);
  auto found = streams_.find(stream);
  if (found == streams_.end()) return;
  found->second.pump = true;
  work_ = true;
  wake_.notify_one();
}

void PullPump::NotifyCheckpoint() {
  std::lock_guard<std::mutex> lock(mutex_);
  for (auto& each : streams_) each.second.pump = work_ = true;
  if (work_) wake_.notify_one();
}

void PullPump::Tick(absl::Time) {
  std::lock_guard<std::mutex> lock(mutex_);
  for (auto& each : streams_) each.second.beat = work_ = true;
  if (work_) wake_.notify_one();
}

void PullPump::Run() {
  std::vector<Entry> due;
  std::unique_lock<std::mutex> lock(mutex_);
  while (true) {
    wake_.wait(lock, [this] { return work_ || stop_; });
    if (stop_) return;
    work_ = false;
    due.clear();
    for (auto& each : streams_) {
      if (each.second.pump || each.second.beat) due.push_back(each.second);
      each.second.pump = each.second.beat = false;
    }
    lock.unlock();
    const absl::Time now = clock_->Now();
    for (Entry& entry : due) {
      if (entry.pump) entry.stream->Pump(now);
      if (entry.beat) entry.stream->Beat(now);
    }
    due.clear();
    lock.lock();
  }
}

}  // namespace lintas

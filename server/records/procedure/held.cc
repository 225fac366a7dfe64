#include "server/records/procedure/held.h"

namespace lintas {

void Arrivals::Note(uint64_t index, uint64_t below, TreeSize committed) {
  std::lock_guard<std::mutex> lock(mutex_);
  below_.erase(below_.begin(), below_.lower_bound(committed.value()));
  below_[index] = below;
}

bool Arrivals::AnyBelow(TreeSize committed, TreeSize held) const {
  std::lock_guard<std::mutex> lock(mutex_);
  for (auto at = below_.lower_bound(committed.value()); at != below_.end(); ++at) {
    if (at->second < held.value()) return true;
  }
  return false;
}

}  // namespace lintas

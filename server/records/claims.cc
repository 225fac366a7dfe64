#include "server/records/claims.h"

#include <utility>

namespace lintas {

bool Claims::TryClaim(const std::string& key) {
  std::lock_guard<std::mutex> lock(mutex_);
  return held_.emplace(key, std::vector<std::function<void()>>()).second;
}

void Claims::WhenFree(const std::string& key, std::function<void()> free) {
  {
    std::lock_guard<std::mutex> lock(mutex_);
    const auto found = held_.find(key);
    if (found != held_.end()) {
      found->second.push_back(std::move(free));
      return;
    }
  }
  free();
}

void Claims::Release(const std::vector<std::string>& keys) {
  std::vector<std::function<void()>> waiting;
  {
    std::lock_guard<std::mutex> lock(mutex_);
    for (const std::string& key : keys) {
      const auto found = held_.find(key);
      if (found == held_.end()) continue;
      for (auto& free : found->second) waiting.push_back(std::move(free));
      held_.erase(found);
    }
  }
  for (auto& free : waiting) free();
}

}  // namespace lintas

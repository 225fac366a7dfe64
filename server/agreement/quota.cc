#include "server/agreement/quota.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "server/base/check.h"
#include "server/base/error.h"

namespace lintas {

Quota::Quota(std::string what, absl::Duration window, size_t keys_max)
    : what_(std::move(what)), window_(window), keys_max_(keys_max) {
  LINTAS_CHECK(window_ >= absl::Seconds(1));
}

int64_t Quota::WindowOf(absl::Time now) const {
  return absl::ToUnixSeconds(now) / absl::ToInt64Seconds(window_);
}

absl::Status Quota::Charge(absl::string_view key, uint64_t count, uint64_t limit, absl::Time now) {
  const int64_t window = WindowOf(now);
  absl::MutexLock lock(&mutex_);
  // A clock that steps back into the window before must not open a second allowance; one that was
  // far ahead and is set right must not leave the quota shut.
  if (window > current_ || window < current_ - 1) {
    current_ = window;
    used_.clear();
  }
  auto found = used_.find(key);
  const uint64_t used = found == used_.end() ? 0 : found->second;
  const bool full = found == used_.end() && used_.size() >= keys_max_;
  if (full || count > limit || used > limit - count) {
    const int64_t end_s = (current_ + 1) * absl::ToInt64Seconds(window_);
    const int64_t wait_s = std::max<int64_t>(1, end_s - absl::ToUnixSeconds(now));
    return MakeError(
        absl::StatusCode::kResourceExhausted, "QUOTA",
        absl::StrCat("the agreement's limit ", what_, " is reached; try again in ", wait_s, " s"),
        {{"quota", what_},
         {"limit", absl::StrCat(limit)},
         {"retry_after_s", absl::StrCat(wait_s)}});
  }
  if (found == used_.end()) {
    used_.emplace(key, count);
  } else {
    found->second += count;
  }
  return absl::OkStatus();
}

uint64_t Quota::Used(absl::string_view key, absl::Time now) const {
  absl::MutexLock lock(&mutex_);
  if (WindowOf(now) > current_) return 0;
  auto found = used_.find(key);
  return found == used_.end() ? 0 : found->second;
}

}  // namespace lintas

// Quota: how much of something one key (a principal, a partner's officer, the partner) may have in
// a window of time. Admission counts by it at home, link/ counts the partner's questions by it
// (P25).
#ifndef LINTAS_SERVER_AGREEMENT_QUOTA_H_
#define LINTAS_SERVER_AGREEMENT_QUOTA_H_

#include <cstdint>
#include <string>

#include "absl/base/thread_annotations.h"
#include "absl/container/flat_hash_map.h"
#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"

namespace lintas {

// Thread safe. Windows are fixed and counted from 1970 UTC: a minute is a minute of the clock, a
// day a day of UTC. In memory only, outside the fold (P15): a restart begins new windows, unless
// the owner charges again what it has on record, in the order of time and by the time at which it
// was.
class Quota {
 public:
  // `what` names the quota in errors, for example `searches_per_minute`. At most `keys_max` keys
  // are remembered in one window; one more is refused, so that memory is bounded.
  Quota(std::string what, absl::Duration window, size_t keys_max = 100000);

  // Takes `count` out of `key`'s `limit` in the window of `now`, all of it or nothing.
  // kResourceExhausted, reason QUOTA, metadata `quota`, `limit` and `retry_after_s` otherwise.
  absl::Status Charge(absl::string_view key, uint64_t count, uint64_t limit, absl::Time now);
  // What `key` has taken in the window of `now`.
  uint64_t Used(absl::string_view key, absl::Time now) const;

 private:
  int64_t WindowOf(absl::Time now) const;

  const std::string what_;
  const absl::Duration window_;
  const size_t keys_max_;
  mutable absl::Mutex mutex_;
  int64_t current_ ABSL_GUARDED_BY(mutex_) = 0;
  absl::flat_hash_map<std::string, uint64_t> used_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace lintas

#endif  // LINTAS_SERVER_AGREEMENT_QUOTA_H_

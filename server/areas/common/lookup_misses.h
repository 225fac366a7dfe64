// LookupMisses: an attaché's lookups that showed nothing, whatever the reason was, in all areas
// together. At the agreed number the day's lookups end, so that nobody walks through numbers or
// names by one method after another (R7). Thread safe.
#ifndef LINTAS_SERVER_AREAS_COMMON_LOOKUP_MISSES_H_
#define LINTAS_SERVER_AREAS_COMMON_LOOKUP_MISSES_H_

#include "absl/status/status.h"
#include "server/agreement/agreement.h"
#include "server/agreement/quota.h"
#include "server/call/call.h"

namespace lintas {

constexpr uint32_t kMissesPerDayDefault = 30;

class LookupMisses {
 public:
  // `book` outlives it.
  explicit LookupMisses(const AgreementBook* book) : book_(book) {}

  // RESOURCE_EXHAUSTED, reason QUOTA, if the caller's misses of the day are used up. Charges
  // nothing.
  absl::Status MayLookUp(const Call& call);
  // The lookup of `call` showed nothing.
  void Count(const Call& call);

 private:
  const AgreementBook* const book_;
  Quota misses_{"misses_per_day", absl::Hours(24)};
};

}  // namespace lintas

#endif  // LINTAS_SERVER_AREAS_COMMON_LOOKUP_MISSES_H_

#include "server/areas/common/lookup_misses.h"

namespace lintas {

absl::Status LookupMisses::MayLookUp(const Call& call) {
  const AgreementVersionPtr agreement = book_->InForce();
  uint32_t limit = agreement ? agreement->agreement().attache_limits().misses_per_day() : 0;
  if (limit == 0) limit = kMissesPerDayDefault;
  const std::string& who = call.principal.spiffe_uri;
  // Charged once it was a miss; where none is left, this only makes the error.
  if (misses_.Used(who, call.now) < limit) return absl::OkStatus();
  return misses_.Charge(who, 1, limit, call.now);
}

void LookupMisses::Count(const Call& call) {
  // Lookups at once may all have been let in: each counts.
  (void)misses_.Charge(call.principal.spiffe_uri, 1, UINT32_MAX, call.now);
}

}  // namespace lintas

// Making and showing a trust bundle (server/ledger/trust/trust_bundle.h). Pure; safe from any
// thread.
#ifndef LINTAS_CERTS_BUNDLE_H_
#define LINTAS_CERTS_BUNDLE_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/civil_time.h"
#include "lintas/trust/v1/trust.pb.h"
#include "server/crypto/key_file.h"
#include "server/ledger/trust/trust_bundle.h"

namespace lintas {

struct BundleParts {
  std::string country;
  std::string partnership;
  std::string authority_pems;  // One PEM or more, joined.
  std::string revocation_list_pem;
  const NodeKeys* keys = nullptr;
  std::vector<trust::v1::AuthorityKey> authority_keys;
  absl::CivilDay issue_day;
  // The bundle before this one, to keep its keys' history; null for the first.
  const trust::v1::TrustBundle* previous = nullptr;
  // Where a key that differs from that of `previous` begins (P23).
  uint64_t exchange_from_size = 0;
  uint64_t home_from_size = 0;
};
// A draft if it follows `previous`: SignSuccessions makes it whole. kInvalidArgument as
// CheckBundle; kFailedPrecondition if a key changed and no size was given.
absl::StatusOr<trust::v1::TrustBundle> MakeBundle(const BundleParts& parts);

// All of it as a person reads it, with the fingerprint last. `bundle` was checked; it may be a
// draft.
std::string DescribeBundle(const trust::v1::TrustBundle& bundle);

}  // namespace lintas

#endif  // LINTAS_CERTS_BUNDLE_H_

// Whose signatures count for a receipt, from the trust bundles that the Parties swapped in person.
// Pure; safe from any thread.
#ifndef LINTAS_CLIENT_RECEIPT_POLICY_H_
#define LINTAS_CLIENT_RECEIPT_POLICY_H_

#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "lintas/trust/v1/trust.pb.h"
#include "server/base/ids.h"
#include "server/ledger/note/policy.h"
#include "server/ledger/trust/trust_bundle.h"

namespace lintas::client {

// The policy for receipts of the ledger `origin` at `size`: the key that a bundle names for this
// size (P23). `bundles` were checked (ParseBundle). If a bundle of another country is there, one of
// that country's "held" keys must have cosigned: the origin's own country is no witness of itself.
// kInvalidArgument if no bundle names the ledger.
absl::StatusOr<note::Policy> PolicyOf(const std::vector<trust::v1::TrustBundle>& bundles,
                                      absl::string_view origin, TreeSize size);

}  // namespace lintas::client

#endif  // LINTAS_CLIENT_RECEIPT_POLICY_H_

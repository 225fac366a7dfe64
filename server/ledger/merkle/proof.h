// Proofs of RFC 6962 2.1: that a leaf is in a tree, and that one tree extends another. Pure; safe
// from any thread as far as the HashSource is.
#ifndef LINTAS_SERVER_LEDGER_MERKLE_PROOF_H_
#define LINTAS_SERVER_LEDGER_MERKLE_PROOF_H_

#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "server/base/ids.h"
#include "server/crypto/sha256.h"
#include "server/ledger/merkle/hash_source.h"

namespace lintas::merkle {

// The root of the first `size` leaves. Passes on the source's errors.
absl::StatusOr<Hash> RootAt(TreeSize size, const HashSource& source);

// PATH(index, D[size]), from the leaf's sibling upward. kInvalidArgument unless size covers index.
absl::StatusOr<std::vector<Hash>> InclusionProof(Index index, TreeSize size,
                                                 const HashSource& source);

// The two sizes of a consistency question.
struct SizePair {
  TreeSize older;
  TreeSize newer;
};

// PROOF(older, D[newer]); empty if both are equal. kInvalidArgument unless 0 < older <= newer:
// every tree extends the empty one, which proves nothing.
absl::StatusOr<std::vector<Hash>> ConsistencyProof(SizePair sizes, const HashSource& source);

// Both verifiers: kInvalidArgument if the question or the proof's length is wrong, kDataLoss if the
// hashes do not lead to the root.

absl::Status VerifyInclusion(const Hash& leaf_hash, Index index, TreeSize size,
                             const std::vector<Hash>& proof, const Hash& root);

// Refuses older size 0. Equal sizes need an empty proof and equal roots.
struct RootPair {
  Hash older;
  Hash newer;
};
absl::Status VerifyConsistency(SizePair sizes, const std::vector<Hash>& proof,
                               const RootPair& roots);

}  // namespace lintas::merkle

#endif  // LINTAS_SERVER_LEDGER_MERKLE_PROOF_H_

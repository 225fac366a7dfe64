#include "server/ledger/merkle/proof.h"

#include <algorithm>
#include <cstdint>

#include "server/base/status.h"
#include "server/ledger/merkle/tree_hash.h"

namespace lintas::merkle {
namespace {

// The largest power of two below `n`, n > 1.
uint64_t SplitPoint(uint64_t n) { return uint64_t{1} << (63 - __builtin_clzll(n - 1)); }

bool IsPowerOfTwo(uint64_t n) { return n != 0 && (n & (n - 1)) == 0; }

// MTH(D[begin:end]) for the ranges that RFC 6962's splits give: `begin` is a multiple of the
// smallest power of two that is not below end - begin.
absl::StatusOr<Hash> RangeHash(uint64_t begin, uint64_t end, const HashSource& source) {
  const uint64_t size = end - begin;
  if (IsPowerOfTwo(size)) return source.Subtree(__builtin_ctzll(size), begin / size);
  const uint64_t split = SplitPoint(size);
  ASSIGN_OR_RETURN(const Hash left, RangeHash(begin, begin + split, source));
  ASSIGN_OR_RETURN(const Hash right, RangeHash(begin + split, end, source));
  return NodeHash(left, right);
}

absl::Status WrongLength() {
  return absl::InvalidArgumentError("the proof has a wrong number of hashes for these sizes");
}

}  // namespace

absl::StatusOr<Hash> RootAt(TreeSize size, const HashSource& source) {
  if (size == TreeSize(0)) return EmptyRoot();
  return RangeHash(0, size.value(), source);
}

absl::StatusOr<std::vector<Hash>> InclusionProof(Index index, TreeSize size,
                                                 const HashSource& source) {
  if (!size.covers(index)) return absl::InvalidArgumentError("the tree does not hold this index");
  std::vector<Hash> proof;
  uint64_t begin = 0;
  uint64_t end = size.value();
  while (end - begin > 1) {
    const uint64_t split = begin + SplitPoint(end - begin);
    const bool in_left = index.value() < split;
    ASSIGN_OR_RETURN(const Hash sibling,
                     in_left ? RangeHash(split, end, source) : RangeHash(begin, split, source));
    proof.push_back(sibling);
    (in_left ? end : begin) = split;
  }
  std::reverse(proof.begin(), proof.end());
  return proof;
}

absl::StatusOr<std::vector<Hash>> ConsistencyProof(SizePair sizes, const HashSource& source) {
  const uint64_t older = sizes.older.value();
  if (older == 0 || sizes.older > sizes.newer) {
    return absl::InvalidArgumentError("a consistency proof needs 0 < older size <= newer size");
  }
  std::vector<Hash> proof;
  uint64_t begin = 0;
  uint64_t end = sizes.newer.value();
  // The verifier knows the older root, so a subtree that is the whole older tree is left out.
  bool is_older_tree = true;
  while (older < end) {
    const uint64_t split = begin + SplitPoint(end - begin);
    const bool in_left = older <= split;
    ASSIGN_OR_RETURN(const Hash other,
                     in_left ? RangeHash(split, end, source) : RangeHash(begin, split, source));
    proof.push_back(other);
    if (!in_left) is_older_tree = false;
    (in_left ? end : begin) = split;
  }
  if (!is_older_tree) {
    ASSIGN_OR_RETURN(const Hash common, RangeHash(begin, end, source));
    proof.push_back(common);
  }
  std::reverse(proof.begin(), proof.end());
  return proof;
}

// RFC 9162 2.1.3.2; the proof is the same as in RFC 6962.
absl::Status VerifyInclusion(const Hash& leaf_hash, Index index, TreeSize size,
                             const std::vector<Hash>& proof, const Hash& root) {
  if (!size.covers(index)) return absl::InvalidArgumentError("the tree does not hold this index");
  uint64_t node = index.value();
  uint64_t last = size.value() - 1;
  Hash hash = leaf_hash;
  for (const Hash& sibling : proof) {
    if (last == 0) return WrongLength();
    if (node % 2 == 1 || node == last) {
      hash = NodeHash(sibling, hash);
      // The last node of a row may have no sibling there; it rises until it is a right child.
      while (node % 2 == 0 && node != 0) {
        node >>= 1;
        last >>= 1;
      }
    } else {
      hash = NodeHash(hash, sibling);
    }
    node >>= 1;
    last >>= 1;
  }
  if (last != 0) return WrongLength();
  if (hash != root) return absl::DataLossError("the inclusion proof does not lead to the root");
  return absl::OkStatus();
}

namespace {

// RFC 9162 2.1.4.2, for 0 < older < newer.
absl::Status VerifyExtension(SizePair sizes, const std::vector<Hash>& proof,
                             const RootPair& roots) {
  uint64_t node = sizes.older.value() - 1;
  uint64_t last = sizes.newer.value() - 1;
  for (; node % 2 == 1; node >>= 1) last >>= 1;
  // A full older tree is one subtree of the newer one: its root stands for the left-out first hash.
  const bool starts_at_root = IsPowerOfTwo(sizes.older.value());
  if (!starts_at_root && proof.empty()) return WrongLength();
  Hash older = starts_at_root ? roots.older : proof[0];
  Hash newer = older;
  for (size_t i = starts_at_root ? 0 : 1; i < proof.size(); ++i) {
    if (last == 0) return WrongLength();
    if (node % 2 == 1 || node == last) {
      older = NodeHash(proof[i], older);
      newer = NodeHash(proof[i], newer);
      while (node % 2 == 0 && node != 0) {
        node >>= 1;
        last >>= 1;
      }
    } else {
      newer = NodeHash(newer, proof[i]);
    }
    node >>= 1;
    last >>= 1;
  }
  if (last != 0) return WrongLength();
  if (older != roots.older) {
    return absl::DataLossError("the consistency proof does not lead to the older root");
  }
  if (newer != roots.newer) {
    return absl::DataLossError("the consistency proof does not lead to the newer root");
  }
  return absl::OkStatus();
}

}  // namespace

absl::Status VerifyConsistency(SizePair sizes, const std::vector<Hash>& proof,
                               const RootPair& roots) {
  if (sizes.older == TreeSize(0) || sizes.older > sizes.newer) {
    return absl::InvalidArgumentError("a consistency proof needs 0 < older size <= newer size");
  }
  if (sizes.older < sizes.newer) return VerifyExtension(sizes, proof, roots);
  if (!proof.empty()) return WrongLength();
  if (roots.older != roots.newer) {
    return absl::DataLossError("two roots for one tree size");
  }
  return absl::OkStatus();
}

}  // namespace lintas::merkle

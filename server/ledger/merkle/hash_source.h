// HashSource: where proofs take the hashes of complete subtrees from.
#ifndef LINTAS_SERVER_LEDGER_MERKLE_HASH_SOURCE_H_
#define LINTAS_SERVER_LEDGER_MERKLE_HASH_SOURCE_H_

#include <cstdint>
#include <map>
#include <memory>
#include <utility>

#include "absl/status/statusor.h"
#include "server/crypto/sha256.h"
#include "server/ledger/merkle/tile.h"
#include "server/ledger/merkle/tree_builder.h"

namespace lintas::merkle {

class HashSource {
 public:
  virtual ~HashSource() = default;
  // The hash of the complete subtree over the leaves [index << tree_level, (index + 1) <<
  // tree_level). kNotFound if the source does not reach so far.
  virtual absl::StatusOr<Hash> Subtree(int tree_level, uint64_t index) const = 0;
};

// Reads from a tree's edge and, left of it, from full tiles. A tile is read and hashed once and
// then kept, up to kTilesKept of them. Not thread safe; make one per request. `tiles` and `edge`
// must outlive it, and every full tile that `edge` gave out must be in `tiles`.
class TileHashSource : public HashSource {
 public:
  TileHashSource(const TileSource& tiles, const TreeBuilder& edge) : tiles_(tiles), edge_(edge) {}

  absl::StatusOr<Hash> Subtree(int tree_level, uint64_t index) const override;

  static constexpr size_t kTilesKept = 64;

 private:
  absl::StatusOr<const TileNodes*> Nodes(int level, uint64_t index) const;

  const TileSource& tiles_;
  const TreeBuilder& edge_;
  mutable std::map<std::pair<int, uint64_t>, std::unique_ptr<TileNodes>> kept_;
};

}  // namespace lintas::merkle

#endif  // LINTAS_SERVER_LEDGER_MERKLE_HASH_SOURCE_H_

// TreeBuilder grows a tree leaf by leaf and keeps its right edge: the partial tile of every level
// with the nodes inside it. Full tiles go out as they fill; the caller stores them.
//
// T1  Appending n leaves computes fewer than n node hashes.
// T2  Every complete subtree lies either in a full tile that was given out or in the edge.
// T3  A copy is independent: a committer appends a batch to a copy, and throws it away if the batch
//     does not become durable. Copying takes 16 kB for each factor of 256 in the size.
//
// Not thread safe; const methods may run together.
#ifndef LINTAS_SERVER_LEDGER_MERKLE_TREE_BUILDER_H_
#define LINTAS_SERVER_LEDGER_MERKLE_TREE_BUILDER_H_

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "server/base/ids.h"
#include "server/crypto/sha256.h"
#include "server/ledger/merkle/tile.h"

namespace lintas::merkle {

class TreeBuilder {
 public:
  // The tree of size 0.
  TreeBuilder() = default;

  // The tree of `size` from its full tiles and the hashes of its last size % 256 leaves. Passes on
  // the errors of both; kDataLoss if a tile has a wrong length. Reads at most 255 tiles per level.
  // The caller compares Root() with its last signed head: what was read is not proven by itself.
  static absl::StatusOr<TreeBuilder> Restore(
      TreeSize size, const TileSource& tiles,
      const std::function<absl::StatusOr<Hash>(Index)>& leaf_hash);

  // Adds the leaf at size().next_index(); tiles that become full are added to `full`.
  void Append(const Hash& leaf_hash, std::vector<Tile>* full);

  TreeSize size() const { return size_; }
  // RFC 6962 MTH of all leaves; one node hash per set bit of the size.
  Hash Root() const;

  // The complete subtree number `index` of tree level `tree_level` (0: leaf hashes), or null if it
  // is not in the edge. Valid until the next Append.
  const Hash* Node(int tree_level, uint64_t index) const;

  // The joined hashes of the partial tile of `level`; empty if it has none. With TilePath(level,
  // PartialTileIndex(level), bytes / 32) it is what tlog-tiles serves.
  std::string PartialTile(int level) const;
  uint64_t PartialTileIndex(int level) const;

 private:
  // edge_[level]: the partial tile of that level.
  std::vector<TileNodes> edge_;
  TreeSize size_;
};

}  // namespace lintas::merkle

#endif  // LINTAS_SERVER_LEDGER_MERKLE_TREE_BUILDER_H_

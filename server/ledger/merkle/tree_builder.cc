#include "server/ledger/merkle/tree_builder.h"

#include "server/base/check.h"
#include "server/base/status.h"
#include "server/ledger/merkle/tree_hash.h"

namespace lintas::merkle {
namespace {

// The number of hashes of tile level `level` in a tree of `size`. Level 8 would need 2^64 leaves.
uint64_t LevelWidth(TreeSize size, int level) {
  return level >= 64 / kTileHeight ? 0 : size.value() >> (kTileHeight * level);
}

absl::StatusOr<Hash> TileRoot(const TileSource& tiles, int level, uint64_t index) {
  ASSIGN_OR_RETURN(const std::string hashes, tiles.FullTile(level, index));
  TileNodes nodes;
  RETURN_IF_ERROR(nodes.Load(hashes));
  return nodes.root();
}

}  // namespace

absl::StatusOr<TreeBuilder> TreeBuilder::Restore(
    TreeSize size, const TileSource& tiles,
    const std::function<absl::StatusOr<Hash>(Index)>& leaf_hash) {
  TreeBuilder tree;
  tree.size_ = size;
  for (int level = 0; LevelWidth(size, level) > 0; ++level) {
    TileNodes& edge = tree.edge_.emplace_back();
    const uint64_t end = LevelWidth(size, level);
    for (uint64_t i = end - end % kTileWidth; i < end; ++i) {
      auto hash = level == 0 ? leaf_hash(Index(i)) : TileRoot(tiles, level - 1, i);
      RETURN_IF_ERROR(hash.status());
      edge.Add(*hash);
    }
  }
  return tree;
}

void TreeBuilder::Append(const Hash& leaf_hash, std::vector<Tile>* full) {
  Hash hash = leaf_hash;
  for (int level = 0;; ++level) {
    if (edge_.size() == static_cast<size_t>(level)) edge_.emplace_back();
    TileNodes& edge = edge_[level];
    if (!edge.Add(hash)) break;
    full->push_back(Tile{level, PartialTileIndex(level), edge.hashes()});
    hash = edge.root();
    edge.Clear();
  }
  size_ = SizeThrough(size_.next_index());
}

Hash TreeBuilder::Root() const {
  const uint64_t size = size_.value();
  if (size == 0) return EmptyRoot();
  Hash root;
  bool first = true;
  for (int level = 0; level < 64 && (size >> level) > 0; ++level) {
    if (((size >> level) & 1) == 0) continue;
    const Hash* node = Node(level, (size >> level) - 1);
    LINTAS_CHECK(node != nullptr);
    root = first ? *node : NodeHash(*node, root);
    first = false;
  }
  return root;
}

const Hash* TreeBuilder::Node(int tree_level, uint64_t index) const {
  const int level = tree_level / kTileHeight;
  const int row = tree_level % kTileHeight;
  if (tree_level < 0 || static_cast<size_t>(level) >= edge_.size()) return nullptr;
  const int row_bits = kTileHeight - row;
  if (index >> row_bits != PartialTileIndex(level)) return nullptr;
  const uint64_t position = index & ((uint64_t{1} << row_bits) - 1);
  const TileNodes& edge = edge_[level];
  return position < (edge.width() >> row) ? &edge.node(row, position) : nullptr;
}

std::string TreeBuilder::PartialTile(int level) const {
  if (level < 0 || static_cast<size_t>(level) >= edge_.size()) return "";
  return edge_[level].hashes();
}

uint64_t TreeBuilder::PartialTileIndex(int level) const {
  return LevelWidth(size_, level) / kTileWidth;
}

}  // namespace lintas::merkle

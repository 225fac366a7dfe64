#include "server/ledger/merkle/hash_source.h"

#include <string>

#include "absl/status/status.h"
#include "server/base/status.h"

namespace lintas::merkle {

absl::StatusOr<Hash> TileHashSource::Subtree(int tree_level, uint64_t index) const {
  if (tree_level < 0 || tree_level >= 64) return absl::NotFoundError("no such tree level");
  if (const Hash* node = edge_.Node(tree_level, index)) return *node;
  const int row = tree_level % kTileHeight;
  const int row_bits = kTileHeight - row;
  ASSIGN_OR_RETURN(const TileNodes* nodes, Nodes(tree_level / kTileHeight, index >> row_bits));
  return nodes->node(row, index & ((uint64_t{1} << row_bits) - 1));
}

absl::StatusOr<const TileNodes*> TileHashSource::Nodes(int level, uint64_t index) const {
  const auto key = std::make_pair(level, index);
  const auto found = kept_.find(key);
  if (found != kept_.end()) return found->second.get();
  ASSIGN_OR_RETURN(const std::string hashes, tiles_.FullTile(level, index));
  auto nodes = std::make_unique<TileNodes>();
  RETURN_IF_ERROR(nodes->Load(hashes));
  if (kept_.size() >= kTilesKept) kept_.clear();
  return (kept_[key] = std::move(nodes)).get();
}

}  // namespace lintas::merkle

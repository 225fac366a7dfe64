// The tree of RFC 6962 2.1 written down as the RFC defines it, recursively and slowly: what the
// fast code is compared with. And a tile store in memory.
#ifndef LINTAS_TESTS_UNIT_SERVER_LEDGER_MERKLE_REFERENCE_TREE_H_
#define LINTAS_TESTS_UNIT_SERVER_LEDGER_MERKLE_REFERENCE_TREE_H_

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "server/crypto/sha256.h"
#include "server/ledger/merkle/tile.h"
#include "server/ledger/merkle/tree_builder.h"
#include "server/ledger/merkle/tree_hash.h"

namespace lintas::merkle {

using Leaves = std::vector<std::string>;

inline Leaves Slice(const Leaves& d, size_t begin, size_t end) {
  return Leaves(d.begin() + static_cast<long>(begin), d.begin() + static_cast<long>(end));
}

inline size_t Split(size_t n) {
  size_t k = 1;
  while (k * 2 < n) k *= 2;
  return k;
}

inline Hash Mth(const Leaves& d) {
  if (d.empty()) return Sha256Of("");
  if (d.size() == 1) return Sha256Of(std::string(1, '\0') + d[0]);
  const size_t k = Split(d.size());
  return Sha256Of(std::string(1, '\1') + Mth(Slice(d, 0, k)).str() +
                  Mth(Slice(d, k, d.size())).str());
}

inline std::vector<Hash> Path(size_t m, const Leaves& d) {
  if (d.size() == 1) return {};
  const size_t k = Split(d.size());
  const bool left = m < k;
  std::vector<Hash> path = left ? Path(m, Slice(d, 0, k)) : Path(m - k, Slice(d, k, d.size()));
  path.push_back(Mth(left ? Slice(d, k, d.size()) : Slice(d, 0, k)));
  return path;
}

inline std::vector<Hash> SubProof(size_t m, const Leaves& d, bool known) {
  if (m == d.size()) return known ? std::vector<Hash>() : std::vector<Hash>{Mth(d)};
  const size_t k = Split(d.size());
  const bool left = m <= k;
  std::vector<Hash> proof =
      left ? SubProof(m, Slice(d, 0, k), known) : SubProof(m - k, Slice(d, k, d.size()), false);
  proof.push_back(Mth(left ? Slice(d, k, d.size()) : Slice(d, 0, k)));
  return proof;
}

inline Leaves NumberedLeaves(size_t count) {
  Leaves leaves;
  for (size_t i = 0; i < count; ++i) leaves.push_back(absl::StrCat("leaf ", i));
  return leaves;
}

class MemoryTiles : public TileSource {
 public:
  absl::StatusOr<std::string> FullTile(int level, uint64_t index) const override {
    const auto found = tiles.find({level, index});
    if (found == tiles.end()) return absl::NotFoundError("no such tile");
    return found->second;
  }
  void Put(const std::vector<Tile>& full) {
    for (const Tile& tile : full) tiles[{tile.level, tile.index}] = tile.hashes;
  }

  std::map<std::pair<int, uint64_t>, std::string> tiles;
};

// A tree of the given leaves with its tiles.
struct BuiltTree {
  explicit BuiltTree(const Leaves& leaves) {
    std::vector<Tile> full;
    for (const std::string& leaf : leaves) builder.Append(LeafHash(leaf), &full);
    tiles.Put(full);
  }
  TreeBuilder builder;
  MemoryTiles tiles;
};

}  // namespace lintas::merkle

#endif  // LINTAS_TESTS_UNIT_SERVER_LEDGER_MERKLE_REFERENCE_TREE_H_

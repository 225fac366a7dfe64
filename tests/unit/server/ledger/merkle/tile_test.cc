#include "server/ledger/merkle/tile.h"

#include <gtest/gtest.h>

#include "tests/unit/server/ledger/merkle/reference_tree.h"

namespace lintas::merkle {
namespace {

TEST(TilePath, IsThatOfTlogTiles) {
  EXPECT_EQ(TilePath(0, 0, 256), "tile/0/000");
  EXPECT_EQ(TilePath(0, 1234067, 256), "tile/0/x001/x234/067");  // The example of the standard.
  EXPECT_EQ(TilePath(0, 273, 112), "tile/0/273.p/112");
  EXPECT_EQ(TilePath(1, 1, 17), "tile/1/001.p/17");
  EXPECT_EQ(TilePath(2, 999, 1), "tile/2/999.p/1");
  EXPECT_EQ(TilePath(1, 1000, 256), "tile/1/x001/000");
  EXPECT_EQ(TilePath(1, 67, 256), "tile/1/067");
}

TEST(TileNodes, HoldsEverySubtreeOfATile) {
  const Leaves leaves = NumberedLeaves(256);
  TileNodes nodes;
  for (size_t i = 0; i < 256; ++i) {
    EXPECT_EQ(nodes.Add(LeafHash(leaves[i])), i == 255);
    EXPECT_EQ(nodes.width(), i + 1);
  }
  for (int row = 0; row < 8; ++row) {
    const size_t span = size_t{1} << row;
    for (size_t i = 0; i < 256 / span; ++i) {
      EXPECT_EQ(nodes.node(row, i), Mth(Slice(leaves, i * span, (i + 1) * span)));
    }
  }
  EXPECT_EQ(nodes.root(), Mth(leaves));
  TileNodes loaded;
  ASSERT_TRUE(loaded.Load(nodes.hashes()).ok());
  EXPECT_EQ(loaded.root(), nodes.root());
}

TEST(TileNodes, RefusesACutTile) {
  TileNodes nodes;
  EXPECT_EQ(nodes.Load(std::string(kTileBytes - 1, 'x')).code(), absl::StatusCode::kDataLoss);
  EXPECT_EQ(nodes.Load(std::string(kTileBytes + 32, 'x')).code(), absl::StatusCode::kDataLoss);
}

}  // namespace
}  // namespace lintas::merkle

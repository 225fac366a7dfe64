#include "server/ledger/merkle/tree_builder.h"

#include <gtest/gtest.h>

#include "tests/unit/server/ledger/merkle/reference_tree.h"

namespace lintas::merkle {
namespace {

TEST(TreeBuilder, HasTheReferenceRootAtEverySize) {
  const Leaves leaves = NumberedLeaves(600);
  TreeBuilder tree;
  std::vector<Tile> full;
  for (size_t size = 0; size <= 600; ++size) {
    EXPECT_EQ(tree.size(), TreeSize(size));
    if (size < 70 || size % 128 <= 1) {
      EXPECT_EQ(tree.Root(), Mth(Slice(leaves, 0, size))) << size;
    }
    if (size < 600) tree.Append(LeafHash(leaves[size]), &full);
  }
  EXPECT_EQ(tree.Root(), Mth(leaves));
}

TEST(TreeBuilder, GivesOutEachFullTileOnce) {
  // The example of tlog-tiles: 70,000 leaves are 273 full tiles of level 0 and one of level 1.
  constexpr uint64_t kSize = 70000;
  TreeBuilder tree;
  std::vector<Tile> full;
  for (uint64_t i = 0; i < kSize; ++i) tree.Append(LeafHash(std::to_string(i)), &full);
  uint64_t next[2] = {0, 0};
  for (const Tile& tile : full) {
    ASSERT_LE(tile.level, 1);
    EXPECT_EQ(tile.index, next[tile.level]++);
    EXPECT_EQ(tile.hashes.size(), kTileBytes);
  }
  EXPECT_EQ(next[0], 273u);
  EXPECT_EQ(next[1], 1u);
  EXPECT_EQ(tree.PartialTile(0).size(), 112u * Hash::kSize);
  EXPECT_EQ(tree.PartialTile(1).size(), 17u * Hash::kSize);
  EXPECT_EQ(tree.PartialTile(2).size(), 1u * Hash::kSize);
  EXPECT_EQ(tree.PartialTile(3), "");
  EXPECT_EQ(tree.PartialTileIndex(0), 273u);
  EXPECT_EQ(tree.PartialTileIndex(1), 1u);
  EXPECT_EQ(tree.PartialTileIndex(2), 0u);
  EXPECT_EQ(full[1].hashes.substr(0, Hash::kSize), LeafHash("256").str());
}

TEST(TreeBuilder, LeavesACopyAsItWas) {
  BuiltTree tree(NumberedLeaves(300));
  const Hash root = tree.builder.Root();
  TreeBuilder copy = tree.builder;
  std::vector<Tile> full;
  for (int i = 0; i < 1000; ++i) copy.Append(LeafHash("thrown away"), &full);
  EXPECT_EQ(tree.builder.Root(), root);
  EXPECT_EQ(tree.builder.size(), TreeSize(300));
  EXPECT_NE(copy.Root(), root);
}

TEST(TreeBuilder, IsRestoredFromTilesAndLastLeaves) {
  for (uint64_t size : {0, 1, 255, 256, 257, 511, 512, 1000, 65535, 65536, 65537, 66000}) {
    const Leaves leaves = NumberedLeaves(size);
    BuiltTree tree(leaves);
    uint64_t leaves_read = 0;
    auto restored =
        TreeBuilder::Restore(TreeSize(size), tree.tiles, [&](Index i) -> absl::StatusOr<Hash> {
          ++leaves_read;
          return LeafHash(leaves[i.value()]);
        });
    ASSERT_TRUE(restored.ok()) << restored.status();
    EXPECT_EQ(leaves_read, size % 256);
    EXPECT_EQ(restored->Root(), tree.builder.Root()) << size;
    // It must also go on as the other does, through the next tiles.
    std::vector<Tile> full_a, full_b;
    for (int i = 0; i < 300; ++i) {
      tree.builder.Append(LeafHash("more"), &full_a);
      restored->Append(LeafHash("more"), &full_b);
    }
    EXPECT_EQ(restored->Root(), tree.builder.Root()) << size;
    ASSERT_EQ(full_a.size(), full_b.size());
    for (size_t i = 0; i < full_a.size(); ++i) {
      EXPECT_EQ(full_a[i].level, full_b[i].level);
      EXPECT_EQ(full_a[i].index, full_b[i].index);
      EXPECT_EQ(full_a[i].hashes, full_b[i].hashes);
    }
  }
}

TEST(TreeBuilder, PassesOnWhatCannotBeReadAtRestore) {
  const Leaves leaves = NumberedLeaves(600);
  BuiltTree tree(leaves);
  const auto leaf = [&](Index i) -> absl::StatusOr<Hash> { return LeafHash(leaves[i.value()]); };
  const auto lost = [](Index) -> absl::StatusOr<Hash> { return absl::UnavailableError("disk"); };
  EXPECT_EQ(TreeBuilder::Restore(TreeSize(600), tree.tiles, lost).status().code(),
            absl::StatusCode::kUnavailable);
  tree.tiles.tiles[{0, 1}].pop_back();
  EXPECT_EQ(TreeBuilder::Restore(TreeSize(600), tree.tiles, leaf).status().code(),
            absl::StatusCode::kDataLoss);
  tree.tiles.tiles.erase({0, 1});
  EXPECT_EQ(TreeBuilder::Restore(TreeSize(600), tree.tiles, leaf).status().code(),
            absl::StatusCode::kNotFound);
}

TEST(TreeBuilder, KnowsExactlyTheNodesOfItsEdge) {
  const Leaves leaves = NumberedLeaves(300);
  BuiltTree tree(leaves);
  for (int level = 0; level < 10; ++level) {
    const uint64_t span = uint64_t{1} << level;
    for (uint64_t i = 0; i * span < 400; ++i) {
      const Hash* node = tree.builder.Node(level, i);
      const bool complete = (i + 1) * span <= 300;
      // Below level 8 the first 256 leaves are in the full tile; above it everything is edge.
      const bool in_edge = complete && (level >= 8 || i * span >= 256);
      ASSERT_EQ(node != nullptr, in_edge) << level << " " << i;
      if (node == nullptr) continue;
      EXPECT_EQ(*node, Mth(Slice(leaves, i * span, (i + 1) * span)));
    }
  }
  EXPECT_EQ(tree.builder.Node(-1, 0), nullptr);
  EXPECT_EQ(tree.builder.Node(63, 0), nullptr);
}

}  // namespace
}  // namespace lintas::merkle

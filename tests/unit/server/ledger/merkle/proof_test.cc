#include "server/ledger/merkle/proof.h"

#include <gtest/gtest.h>

#include "tests/unit/server/ledger/merkle/reference_tree.h"

namespace lintas::merkle {
namespace {

constexpr size_t kSizes = 64;

Hash Flipped(Hash hash, size_t bit) {
  hash.bytes[bit / 8] ^= static_cast<uint8_t>(1 << (bit % 8));
  return hash;
}

// Every change of a proof that must make it fail.
std::vector<std::vector<Hash>> Mutations(const std::vector<Hash>& proof) {
  std::vector<std::vector<Hash>> all;
  for (size_t i = 0; i < proof.size(); ++i) {
    all.push_back(proof);
    all.back()[i] = Flipped(proof[i], (i * 37) % 256);
    all.push_back(proof);
    all.back().erase(all.back().begin() + static_cast<long>(i));
    all.push_back(proof);
    all.back().insert(all.back().begin() + static_cast<long>(i), proof[i]);
    if (i + 1 < proof.size() && proof[i] != proof[i + 1]) {
      all.push_back(proof);
      std::swap(all.back()[i], all.back()[i + 1]);
    }
  }
  all.push_back(proof);
  all.back().push_back(Hash());
  all.push_back(proof);
  all.back().insert(all.back().begin(), Hash());
  return all;
}

class ProofTest : public ::testing::Test {
 protected:
  ProofTest() : leaves_(NumberedLeaves(kSizes)), tree_(leaves_) {
    for (size_t size = 0; size <= kSizes; ++size) roots_.push_back(Mth(Slice(leaves_, 0, size)));
  }
  const Leaves leaves_;
  const BuiltTree tree_;
  const TileHashSource source_{tree_.tiles, tree_.builder};
  std::vector<Hash> roots_;
};

TEST_F(ProofTest, RootAtEverySizeIsTheReference) {
  for (size_t size = 0; size <= kSizes; ++size) {
    EXPECT_EQ(*RootAt(TreeSize(size), source_), roots_[size]);
  }
  EXPECT_EQ(RootAt(TreeSize(kSizes + 1), source_).status().code(), absl::StatusCode::kNotFound);
}

TEST_F(ProofTest, InclusionOfEveryIndexInEverySizeIsTheReference) {
  for (size_t size = 1; size <= kSizes; ++size) {
    for (size_t m = 0; m < size; ++m) {
      const auto proof = InclusionProof(Index(m), TreeSize(size), source_);
      ASSERT_TRUE(proof.ok());
      ASSERT_EQ(*proof, Path(m, Slice(leaves_, 0, size))) << m << " in " << size;
      ASSERT_TRUE(
          VerifyInclusion(LeafHash(leaves_[m]), Index(m), TreeSize(size), *proof, roots_[size])
              .ok());
    }
  }
}

TEST_F(ProofTest, ChangedInclusionProofsAreRefused) {
  for (size_t size = 1; size <= kSizes; ++size) {
    for (size_t m = 0; m < size; ++m) {
      const auto proof = *InclusionProof(Index(m), TreeSize(size), source_);
      const Hash leaf = LeafHash(leaves_[m]);
      for (const auto& changed : Mutations(proof)) {
        ASSERT_FALSE(VerifyInclusion(leaf, Index(m), TreeSize(size), changed, roots_[size]).ok());
      }
      ASSERT_FALSE(
          VerifyInclusion(Flipped(leaf, 0), Index(m), TreeSize(size), proof, roots_[size]).ok());
      ASSERT_FALSE(
          VerifyInclusion(leaf, Index(m), TreeSize(size), proof, Flipped(roots_[size], 255)).ok());
      for (size_t other = 0; other <= size; ++other) {
        if (other == m) continue;
        ASSERT_FALSE(VerifyInclusion(leaf, Index(other), TreeSize(size), proof, roots_[size]).ok());
      }
    }
  }
}

TEST_F(ProofTest, ConsistencyOfEveryPairOfSizesIsTheReference) {
  for (size_t newer = 1; newer <= kSizes; ++newer) {
    for (size_t older = 1; older <= newer; ++older) {
      const SizePair sizes{TreeSize(older), TreeSize(newer)};
      const auto proof = ConsistencyProof(sizes, source_);
      ASSERT_TRUE(proof.ok());
      ASSERT_EQ(*proof, SubProof(older, Slice(leaves_, 0, newer), true)) << older << " " << newer;
      ASSERT_TRUE(VerifyConsistency(sizes, *proof, {roots_[older], roots_[newer]}).ok());
    }
  }
}

TEST_F(ProofTest, ChangedConsistencyProofsAreRefused) {
  for (size_t newer = 1; newer <= kSizes; ++newer) {
    for (size_t older = 1; older <= newer; ++older) {
      const SizePair sizes{TreeSize(older), TreeSize(newer)};
      const auto proof = *ConsistencyProof(sizes, source_);
      const RootPair roots{roots_[older], roots_[newer]};
      for (const auto& changed : Mutations(proof)) {
        ASSERT_FALSE(VerifyConsistency(sizes, changed, roots).ok()) << older << " " << newer;
      }
      ASSERT_FALSE(VerifyConsistency(sizes, proof, {Flipped(roots.older, 9), roots.newer}).ok());
      ASSERT_FALSE(VerifyConsistency(sizes, proof, {roots.older, Flipped(roots.newer, 9)}).ok());
    }
  }
}

TEST_F(ProofTest, TakesNoTwoRootsForOneSize) {
  const SizePair sizes{TreeSize(5), TreeSize(5)};
  EXPECT_TRUE(VerifyConsistency(sizes, {}, {roots_[5], roots_[5]}).ok());
  EXPECT_EQ(VerifyConsistency(sizes, {}, {roots_[5], roots_[6]}).code(),
            absl::StatusCode::kDataLoss);
}

TEST_F(ProofTest, RefusesQuestionsWithoutMeaning) {
  const auto invalid = absl::StatusCode::kInvalidArgument;
  EXPECT_EQ(InclusionProof(Index(5), TreeSize(5), source_).status().code(), invalid);
  EXPECT_EQ(VerifyInclusion(Hash(), Index(0), TreeSize(0), {}, EmptyRoot()).code(), invalid);
  EXPECT_EQ(ConsistencyProof({TreeSize(0), TreeSize(5)}, source_).status().code(), invalid);
  EXPECT_EQ(ConsistencyProof({TreeSize(6), TreeSize(5)}, source_).status().code(), invalid);
  EXPECT_EQ(VerifyConsistency({TreeSize(0), TreeSize(5)}, {}, {EmptyRoot(), roots_[5]}).code(),
            invalid);
  EXPECT_EQ(VerifyConsistency({TreeSize(6), TreeSize(5)}, {}, {roots_[6], roots_[5]}).code(),
            invalid);
}

TEST(LargeTree, ProvesAcrossFullTilesOfTwoLevels) {
  constexpr uint64_t kSize = 70000;
  const Leaves leaves = NumberedLeaves(kSize);
  const BuiltTree tree(leaves);
  const TileHashSource source(tree.tiles, tree.builder);
  const Hash root = tree.builder.Root();
  for (uint64_t m : {0, 1, 255, 256, 65535, 65536, 69887, 69888, 69999}) {
    const auto proof = InclusionProof(Index(m), TreeSize(kSize), source);
    ASSERT_TRUE(proof.ok()) << proof.status();
    EXPECT_TRUE(VerifyInclusion(LeafHash(leaves[m]), Index(m), TreeSize(kSize), *proof, root).ok());
  }
  for (uint64_t older : {1, 255, 256, 257, 65535, 65536, 65537, 69999}) {
    const SizePair sizes{TreeSize(older), TreeSize(kSize)};
    const auto proof = ConsistencyProof(sizes, source);
    ASSERT_TRUE(proof.ok()) << proof.status();
    const Hash older_root = BuiltTree(Slice(leaves, 0, older)).builder.Root();
    EXPECT_EQ(*RootAt(TreeSize(older), source), older_root);
    EXPECT_TRUE(VerifyConsistency(sizes, *proof, {older_root, root}).ok()) << older;
  }
}

TEST(LargeTree, PassesOnALostTile) {
  BuiltTree tree(NumberedLeaves(600));
  tree.tiles.tiles.erase({0, 0});
  const TileHashSource source(tree.tiles, tree.builder);
  EXPECT_EQ(InclusionProof(Index(3), TreeSize(600), source).status().code(),
            absl::StatusCode::kNotFound);
  // What does not need that tile is still proven.
  EXPECT_TRUE(InclusionProof(Index(300), TreeSize(600), source).ok());
}

}  // namespace
}  // namespace lintas::merkle

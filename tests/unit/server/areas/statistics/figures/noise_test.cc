#include "server/areas/statistics/figures/noise.h"

#include <cmath>

#include "gtest/gtest.h"

namespace lintas::statistics {
namespace {

TEST(NoiseTable, ZeroStaysZeroAndNothingFallsBelowIt) {
  const auto table = NoiseTable::Make(4);
  ASSERT_TRUE(table.ok());
  for (uint32_t key = 0; key < 100000; key += 7) {
    EXPECT_EQ(table->Perturb(0, key * 40503), 0);
    for (int64_t count : {1, 2, 5, 1000}) {
      const int64_t noisy = table->Perturb(count, key * 40503);
      EXPECT_GE(noisy, 0);
      EXPECT_LE(std::abs(noisy - count), 4);
    }
  }
}

TEST(NoiseTable, IsUnbiasedForEveryCount) {
  const auto table = NoiseTable::Make(5);
  ASSERT_TRUE(table.ok());
  for (int64_t count = 1; count < 12; ++count) {
    double mean = 0, whole = 0;
    const std::vector<double>& spread = table->Spread(count);
    for (size_t i = 0; i < spread.size(); ++i) {
      mean += spread[i] * (static_cast<double>(i) - 5);
      whole += spread[i];
    }
    EXPECT_NEAR(mean, 0, 1e-9) << count;
    EXPECT_NEAR(whole, 1, 1e-9) << count;
    // And over the keys themselves.
    double sum = 0;
    constexpr uint32_t kKeys = 200000;
    for (uint32_t key = 0; key < kKeys; ++key) {
      sum += static_cast<double>(table->Perturb(count, key * 21474u) - count);
    }
    EXPECT_NEAR(sum / kKeys, 0, 0.03) << count;
  }
}

TEST(NoiseTable, TheSameCellHasTheSameNoiseEverywhere) {
  const auto table = NoiseTable::Make(3);
  ASSERT_TRUE(table.ok());
  bool moved = false;
  for (uint32_t key = 0; key < 64; ++key) {
    EXPECT_EQ(table->Perturb(40, key), table->Perturb(40, key));
    moved = moved || table->Perturb(40, key) != 40;
  }
  EXPECT_TRUE(moved);
  EXPECT_FALSE(NoiseTable::Make(0).ok());
  EXPECT_FALSE(NoiseTable::Make(21).ok());
}

TEST(RoundToBase, GoesToAMultipleAndIsUnbiased) {
  constexpr uint32_t kKeys = 200000;
  for (int64_t count : {1, 7, 11, 14}) {
    double sum = 0;
    for (uint32_t key = 0; key < kKeys; ++key) {
      const int64_t rounded = RoundToBase(count, 5, key * 21474u);
      EXPECT_EQ(rounded % 5, 0);
      EXPECT_LT(std::abs(rounded - count), 5);
      sum += static_cast<double>(rounded);
    }
    EXPECT_NEAR(sum / kKeys, static_cast<double>(count), 0.05) << count;
  }
  EXPECT_EQ(RoundToBase(15, 5, 3), 15);
  EXPECT_EQ(RoundToBase(0, 5, 3), 0);
}

}  // namespace
}  // namespace lintas::statistics

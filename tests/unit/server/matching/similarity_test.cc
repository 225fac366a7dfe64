#include "server/matching/similarity.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

namespace lintas::matching {
namespace {

// Plain recurrence, to check the bit-parallel one against.
int SlowDistance(const std::string& a, const std::string& b) {
  std::vector<std::vector<int>> d(a.size() + 1, std::vector<int>(b.size() + 1));
  for (size_t i = 0; i <= a.size(); ++i) d[i][0] = static_cast<int>(i);
  for (size_t j = 0; j <= b.size(); ++j) d[0][j] = static_cast<int>(j);
  for (size_t i = 1; i <= a.size(); ++i) {
    for (size_t j = 1; j <= b.size(); ++j) {
      d[i][j] = std::min(
          {d[i - 1][j] + 1, d[i][j - 1] + 1, d[i - 1][j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1)});
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) {
        d[i][j] = std::min(d[i][j], d[i - 2][j - 2] + 1);
      }
    }
  }
  return d[a.size()][b.size()];
}

TEST(Similarity, OsaAgreesWithTheRecurrenceOnAllShortWords) {
  std::vector<std::string> words{""};
  for (size_t i = 0; i < words.size() && words[i].size() < 4; ++i) {
    for (const char c : {'a', 'b', 'c'}) words.push_back(words[i] + c);
  }
  for (const std::string& a : words) {
    for (const std::string& b : words) ASSERT_EQ(OsaDistance(a, b), SlowDistance(a, b)) << a << b;
  }
}

TEST(Similarity, OsaTakesWordsOf64AndMoreSigns) {
  const std::string a(64, 'x'), b(65, 'x'), c(70, 'x');
  EXPECT_EQ(OsaDistance(a, b), 1);
  EXPECT_EQ(OsaDistance(b, c), 5);
  EXPECT_EQ(OsaDistance("x" + std::string(63, 'y'), "y" + std::string(63, 'y')), 1);
}

TEST(Similarity, JaroWinklerGivesThePublishedExamples) {
  EXPECT_NEAR(JaroWinkler("MARTHA", "MARHTA"), 0.9611, 1e-4);
  EXPECT_NEAR(JaroWinkler("DIXON", "DICKSONX"), 0.8133, 1e-4);
  EXPECT_NEAR(JaroWinkler("DWAYNE", "DUANE"), 0.84, 1e-4);
  EXPECT_EQ(JaroWinkler("ABC", "XYZ"), 0);
  EXPECT_EQ(JaroWinkler("", ""), 1);
  EXPECT_EQ(JaroWinkler("", "A"), 0);
}

TEST(Similarity, PackedKhmerCountsOneByteASign) {
  EXPECT_EQ(PackWord("សុខ").size(), 3u);
  EXPECT_EQ(PackWord("SOK"), "SOK");
  EXPECT_EQ(OsaDistance(PackWord("សុខ"), PackWord("សុក")), 1);
}

}  // namespace
}  // namespace lintas::matching

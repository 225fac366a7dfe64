#include "client/sample/draw.h"

#include <set>

#include "gtest/gtest.h"

namespace lintas::sample {
namespace {

using Subject = Draw::Subject;

TEST(Draw, RepeatsForTheSameKey) {
  Draw one({1, 7, Subject::kName});
  Draw two({1, 7, Subject::kName});
  for (int i = 0; i < 100; ++i) ASSERT_EQ(one.Next(), two.Next());
}

TEST(Draw, DiffersBySeedPersonAndSubject) {
  std::set<uint64_t> firsts;
  for (uint64_t seed : {1, 2, 3}) {
    for (uint64_t person : {0, 1, 8, 9}) {
      for (Subject subject : {Subject::kPerson, Subject::kName, Subject::kTrail}) {
        firsts.insert(Draw({seed, person, subject}).Next());
      }
    }
  }
  EXPECT_EQ(firsts.size(), 3u * 4u * 3u);
}

TEST(Draw, GivesEachValueOfARangeAndNoOther) {
  Draw draw({1, 1, Subject::kPerson});
  std::set<int> seen;
  for (int i = 0; i < 1000; ++i) seen.insert(draw.Between(-2, 2));
  EXPECT_EQ(seen, (std::set<int>{-2, -1, 0, 1, 2}));
}

TEST(Draw, HitsAShareAboutThatOften) {
  Draw draw({1, 1, Subject::kPerson});
  int hits = 0;
  for (int i = 0; i < 100000; ++i) hits += draw.Chance(0.03) ? 1 : 0;
  EXPECT_NEAR(hits, 3000, 300);
  EXPECT_FALSE(draw.Chance(0));
  EXPECT_TRUE(draw.Chance(1));
}

}  // namespace
}  // namespace lintas::sample

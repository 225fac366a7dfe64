#include "server/ledger/trust/key_history.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace lintas {
namespace {

using testing::ElementsAre;

KeyHistory<int> ThreeKeys() {
  KeyHistory<int> keys(1);
  keys.Add(2, TreeSize(100));
  keys.Add(3, TreeSize(200));
  return keys;
}

TEST(KeyHistory, GivesTheKeyOfASize) {
  const KeyHistory<int> keys = ThreeKeys();
  EXPECT_EQ(keys.At(TreeSize(0)), 1);
  EXPECT_EQ(keys.At(TreeSize(99)), 1);
  EXPECT_EQ(keys.At(TreeSize(100)), 2);
  EXPECT_EQ(keys.At(TreeSize(199)), 2);
  EXPECT_EQ(keys.At(TreeSize(200)), 3);
  EXPECT_EQ(keys.newest(), 3);
}

TEST(KeyHistory, TakesASignerThatIsAheadButNoKeyThatEnded) {
  const KeyHistory<int> keys = ThreeKeys();
  EXPECT_THAT(keys.NotEndedAt(TreeSize(99)), ElementsAre(1, 2, 3));
  EXPECT_THAT(keys.NotEndedAt(TreeSize(100)), ElementsAre(2, 3));
  EXPECT_THAT(keys.NotEndedAt(TreeSize(5000)), ElementsAre(3));
}

TEST(KeyHistoryDeathTest, RefusesPeriodsThatDoNotGrow) {
  KeyHistory<int> keys = ThreeKeys();
  EXPECT_DEATH(keys.Add(4, TreeSize(200)), "");
  EXPECT_DEATH(KeyHistory<int>().Add(1, TreeSize(1)), "");
}

}  // namespace
}  // namespace lintas

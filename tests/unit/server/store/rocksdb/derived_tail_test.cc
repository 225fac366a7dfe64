#include "server/store/rocksdb/derived_tail.h"

#include <algorithm>
#include <random>
#include <set>

#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"
#include "server/store/rocksdb/erased_set.h"

namespace lintas {
namespace {

DerivedKey Key(absl::string_view body, uint64_t index) {
  return DerivedKey::Make(1, body, {LedgerId::kHome, Index(index)});
}

std::vector<DerivedKey> AllOf(const DerivedTail& tail) {
  const ErasedSet none;
  std::vector<DerivedKey> found;
  for (const DerivedTail::Run& run : tail.View([] {})) {
    FindInRun(*run, "", absl::nullopt, none, 1'000'000, &found);
  }
  return found;
}

TEST(DerivedKey, CutsALongBodyPadsAShortOneAndKeepsThePosition) {
  const Position position{LedgerId::kReplica, Index(77)};
  const DerivedKey cut = DerivedKey::Make(200, std::string(40, 'b'), position);
  EXPECT_EQ(cut.kind(), 200);
  EXPECT_EQ(cut.body(), std::string(23, 'b'));
  EXPECT_EQ(cut.position(), position);
  const DerivedKey padded = DerivedKey::Make(0, "b", position);
  EXPECT_EQ(padded.body(), "b" + std::string(22, '\0'));
  EXPECT_EQ(padded.position(), position);
}

TEST(DerivedTail, KeepsEveryKeyOnceHoweverBatchesAreMergedAndRepeated) {
  std::mt19937 draw(7);
  DerivedTail tail;
  std::set<DerivedKey> expected;
  for (int batch = 0; batch < 200; ++batch) {
    std::vector<DerivedKey> keys;
    for (uint32_t i = 0; i < 1 + draw() % 20; ++i) {
      // Few bodies and positions, so that first words are often equal and keys come again.
      keys.push_back(Key(absl::StrCat("same first word ", draw() % 40), draw() % 10));
    }
    expected.insert(keys.begin(), keys.end());
    tail.Publish(DerivedTail::Sort(std::move(keys)), 1, Sizes());
  }
  std::vector<DerivedKey> all;
  DerivedTail::VisitMerged(tail.View([] {}), [&](const DerivedKey& key) {
    all.push_back(key);
    return true;
  });
  EXPECT_EQ(all, std::vector<DerivedKey>(expected.begin(), expected.end()));
  EXPECT_EQ(tail.entries(), 200u);
}

TEST(DerivedTail, IsSearchedWhileFrozenAndNotAfterItIsDropped) {
  DerivedTail tail;
  const Sizes first{TreeSize(0), TreeSize(1), TreeSize(0)};
  const Sizes second{TreeSize(0), TreeSize(2), TreeSize(0)};
  tail.Publish(DerivedTail::Sort({Key("a", 0)}), 1, first);
  ASSERT_TRUE(tail.Freeze());
  tail.Publish(DerivedTail::Sort({Key("b", 1)}), 1, second);
  EXPECT_TRUE(tail.Freeze());  // One at a time: the first stays.
  EXPECT_TRUE(tail.frozen()->mark == first);
  EXPECT_EQ(AllOf(tail).size(), 2u);
  tail.DropFrozen();
  EXPECT_EQ(AllOf(tail), std::vector<DerivedKey>{Key("b", 1)});
  ASSERT_TRUE(tail.Freeze());
  EXPECT_TRUE(tail.frozen()->mark == second);
}

TEST(KeyRun, FindsEveryTokenThatItHoldsAndSparesMostSearchesForOthers) {
  std::mt19937_64 draw(11);
  const auto token = [&] {
    std::string bytes;
    for (int i = 0; i < 16; ++i) bytes.push_back(static_cast<char>(draw()));
    return bytes;
  };
  std::vector<std::string> tokens;
  std::vector<DerivedKey> keys;
  for (uint64_t i = 0; i < 20'000; ++i) {
    tokens.push_back(token());
    keys.push_back(Key(tokens.back(), i));
  }
  const DerivedTail::Run run = DerivedTail::Sort(std::move(keys));
  const ErasedSet none;
  for (const std::string& held : tokens) {
    std::vector<DerivedKey> found;
    FindInRun(*run, "\1" + held, absl::nullopt, none, 10, &found);
    ASSERT_EQ(found.size(), 1u);
  }
  int searched = 0;
  for (int i = 0; i < 20'000; ++i) searched += run->MayHold("\1" + token()) ? 1 : 0;
  EXPECT_LT(searched, 2'000);
}

TEST(DerivedTail, FreezesNothingWhenEmpty) { EXPECT_FALSE(DerivedTail().Freeze()); }

TEST(ErasedSet, HoldsExactlyWhatWasAdded) {
  ErasedSet erased;
  const uint64_t indexes[] = {0, 63, 64, 65'535, 65'536, (uint64_t{1} << 28), (uint64_t{1} << 39)};
  for (uint64_t index : indexes) {
    EXPECT_FALSE(erased.Contains({LedgerId::kHome, Index(index)}));
    erased.Add({LedgerId::kHome, Index(index)});
    erased.Add({LedgerId::kHome, Index(index)});
    EXPECT_TRUE(erased.Contains({LedgerId::kHome, Index(index)}));
    EXPECT_FALSE(erased.Contains({LedgerId::kHome, Index(index + 1)}));
    EXPECT_FALSE(erased.Contains({LedgerId::kReplica, Index(index)}));
  }
  EXPECT_EQ(erased.count(), 7u);
  EXPECT_FALSE(erased.Contains({LedgerId::kHome, Index(uint64_t{1} << 61)}));
}

}  // namespace
}  // namespace lintas

// The named faults of the memory store; what it has in common with the others is in tests/contract.
#include "server/store/memory/memory_store.h"

#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"

namespace lintas {
namespace {

constexpr LedgerId kE = LedgerId::kExchange;

Batch OneEntry(uint64_t index) {
  Batch batch;
  batch.entries[0].push_back({absl::StrCat("header ", index), "payload", "key"});
  batch.derived.push_back(DerivedKey::Make(1, absl::StrCat(index), {kE, Index(index)}));
  return batch;
}

class MemoryFaults : public ::testing::TestWithParam<CommitFault> {};

INSTANTIATE_TEST_SUITE_P(Faults, MemoryFaults,
                         ::testing::Values(CommitFault::kCrashBeforeCommit, CommitFault::kTornBatch,
                                           CommitFault::kCrashAfterCommit));

TEST_P(MemoryFaults, StopTheStoreAtTheNthCommitUntilItIsOpenedAgain) {
  auto disk = std::make_shared<MemoryDisk>();
  auto store = MemoryStore::Open(disk);
  disk->FailNthCommit(2, GetParam());
  ASSERT_TRUE(store->Commit(OneEntry(0)).ok());
  EXPECT_TRUE(absl::IsUnavailable(store->Commit(OneEntry(1))));
  EXPECT_TRUE(absl::IsUnavailable(store->Commit(OneEntry(1))));
  store = MemoryStore::Open(disk);
  const uint64_t size = GetParam() == CommitFault::kCrashAfterCommit ? 2 : 1;
  EXPECT_EQ(store->sizes().exchange, TreeSize(size));
  EXPECT_EQ(store->DerivedMark(), Sizes());
}

TEST(MemoryStore, AFullDiskWritesNothing) {
  auto disk = std::make_shared<MemoryDisk>();
  auto store = MemoryStore::Open(disk);
  disk->SetDiskFull(true);
  EXPECT_TRUE(absl::IsResourceExhausted(store->Commit(OneEntry(0))));
  disk->SetDiskFull(false);
  EXPECT_TRUE(absl::IsUnavailable(store->Commit(OneEntry(0))));
  store = MemoryStore::Open(disk);
  EXPECT_TRUE(store->Commit(OneEntry(0)).ok());
}

TEST(MemoryStore, OpeningFencesTheStoreBefore) {
  auto disk = std::make_shared<MemoryDisk>();
  auto before = MemoryStore::Open(disk);
  auto after = MemoryStore::Open(disk);
  EXPECT_TRUE(absl::IsUnavailable(before->Commit(OneEntry(0))));
  EXPECT_TRUE(after->Commit(OneEntry(0)).ok());
}

TEST(MemoryStore, LosesDerivedKeysPastAMarkThatTheSeedDraws) {
  bool lower = false;
  for (uint64_t seed = 0; seed < 8; ++seed) {
    auto disk = std::make_shared<MemoryDisk>();
    MemoryStoreOptions options;
    options.tail_entries_max = 10;
    auto store = MemoryStore::Open(disk, options);
    for (uint64_t i = 0; i < 10; ++i) ASSERT_TRUE(store->Commit(OneEntry(i)).ok());
    ASSERT_TRUE(store->BackgroundStep().value());
    ASSERT_EQ(store->DerivedMark().exchange, TreeSize(10));
    disk->LoseDerivedAtOpen(seed);
    store = MemoryStore::Open(disk, options);
    const uint64_t mark = store->DerivedMark().exchange.value();
    lower = lower || mark < 10;
    store->DerivedComplete();
    EXPECT_EQ(store->Find("", absl::nullopt, 100).size(), mark);
  }
  EXPECT_TRUE(lower);
}

TEST(MemoryStore, ACrashInsideTheBackgroundStepLeavesATrueMark) {
  for (int step : {1, 2}) {
    auto disk = std::make_shared<MemoryDisk>();
    MemoryStoreOptions options;
    options.tail_entries_max = 1;
    auto store = MemoryStore::Open(disk, options);
    ASSERT_TRUE(store->Commit(OneEntry(0)).ok());
    disk->FailBackgroundAfter(step);
    EXPECT_TRUE(absl::IsUnavailable(store->BackgroundStep().status()));
    store = MemoryStore::Open(disk, options);
    EXPECT_EQ(store->DerivedMark(), Sizes());
    ASSERT_TRUE(store->AddDerived(OneEntry(0).derived).ok());
    store->DerivedComplete();
    EXPECT_EQ(store->Find("", absl::nullopt, 100), OneEntry(0).derived);
  }
}

TEST(MemoryHeadStore, AFailedPutKeepsTheOldValueOrHasTheNewOne) {
  for (bool stored : {false, true}) {
    auto disk = std::make_shared<MemoryHeadDisk>();
    MemoryHeadStore heads(disk);
    ASSERT_TRUE(heads.Put("a", "old").ok());
    disk->FailNextPut(stored);
    EXPECT_TRUE(absl::IsUnavailable(heads.Put("a", "given")));
    EXPECT_EQ(MemoryHeadStore(disk).Get("a").value(), stored ? "given" : "old");
  }
}

}  // namespace
}  // namespace lintas

// What a crash leaves, and what Open refuses (L3, L4, P9).
#include <tuple>

#include "server/ledger/ledgers.h"
#include "tests/unit/server/ledger/ledger_world.h"

namespace lintas {
namespace {

class Crash : public LedgerWorld {
 protected:
  TreeSize Size() { return ledgers->size(LedgerId::kExchange); }
  TreeSize Signed() { return ledgers->signed_size(LedgerId::kExchange); }
};

// The n-th commit of a Step that appends and signs: 1 is the entries', 2 the checkpoint's.
class CrashAt : public Crash, public testing::WithParamInterface<std::tuple<int, CommitFault>> {};

TEST_P(CrashAt, KeepsWhatWasAcknowledgedAndNeverGoesBack) {
  const auto [commit, fault] = GetParam();
  Append(LedgerId::kExchange, 300, t0);
  disk->FailNthCommit(commit, fault);
  int told = 0;
  bool acknowledged = false;
  Group group = GroupOf(Entries(LedgerId::kExchange, 10));
  group.durable = [&](absl::StatusOr<std::vector<Position>> positions) {
    ++told;
    acknowledged = positions.ok();
    if (acknowledged) return;
    EXPECT_EQ(positions.status().code(), absl::StatusCode::kUnavailable);
  };
  ledgers->Enqueue(std::move(group));
  EXPECT_EQ(ledgers->Step(t0).status().code(), absl::StatusCode::kUnavailable);
  EXPECT_EQ(told, 1);
  EXPECT_EQ(acknowledged, commit == 2);
  const uint64_t head = Read(heads->Get("exchange.head").value()).size.value();
  EXPECT_EQ(head, commit == 2 ? 310u : 300u);  // The head is put before its checkpoint is stored.

  Reopen();
  const bool there = commit == 2 || fault == CommitFault::kCrashAfterCommit;
  EXPECT_EQ(Size(), TreeSize(there ? 310 : 300));
  EXPECT_GE(Signed(), TreeSize(head));
  EXPECT_TRUE(ledgers->RunCheckpoint(TreeSize(head - 1)).ok());
  StepAll(t0);
  EXPECT_EQ(Signed(), Size());
  Append(LedgerId::kExchange, 1, t0);
  EXPECT_EQ(HeaderAt(LedgerId::kExchange, Size().value() - 1).index(), Size().value() - 1);
}

INSTANTIATE_TEST_SUITE_P(EveryCommit, CrashAt,
                         testing::Combine(testing::Values(1, 2),
                                          testing::Values(CommitFault::kCrashBeforeCommit,
                                                          CommitFault::kTornBatch,
                                                          CommitFault::kCrashAfterCommit)));

TEST_F(Crash, LostHeadWriteIsSignedAgain) {
  Append(LedgerId::kExchange, 3, t0);
  for (const bool stored : {false, true}) {
    head_disk->FailNextPut(stored);
    ledgers->Enqueue(GroupOf(Entries(LedgerId::kExchange, 2)));
    EXPECT_FALSE(ledgers->Step(t0).ok());
    const TreeSize size = store->sizes().exchange;
    Reopen();
    EXPECT_EQ(Size(), size);
    EXPECT_EQ(Signed(), TreeSize(size.value() - (stored ? 0 : 2)));
    StepAll(t0);
    EXPECT_EQ(Signed(), size);
  }
}

TEST_F(Crash, CheckpointBetweenHeadAndStoreOutlivesLaterOnes) {
  AppendBusy(LedgerId::kExchange, 1, t0);
  for (int i = 0; i < 2; ++i) AppendBusy(LedgerId::kExchange, 2047, t0);
  // Commit 1 is the entries', 2 the checkpoint's.
  disk->FailNthCommit(2, CommitFault::kCrashBeforeCommit);
  ledgers->Enqueue(GroupOf(Entries(LedgerId::kExchange, 2048)));
  EXPECT_FALSE(ledgers->Step(t0).ok());
  Reopen();
  ASSERT_EQ(Signed(), TreeSize(6143));
  // The next run is as long as a run may be: without the one before, both would be one.
  ReplicaRun run = PartnerRun(kRunEntriesMax);
  run.verdicts = Entries(LedgerId::kExchange, kRunEntriesMax);
  ledgers->Enqueue(std::move(run));
  StepAll(t0);
  Reopen();
  EXPECT_EQ(RunEnds(), (std::vector<uint64_t>{1, 6143, 6143 + kRunEntriesMax}));
}

TEST_F(Crash, TailLeftByACrashAndTheNextBatchMakeNoRunTooLong) {
  AppendBusy(LedgerId::kExchange, 1, t0);
  AppendBusy(LedgerId::kExchange, 2048, t0);
  AppendBusy(LedgerId::kExchange, 2040, t0);
  disk->FailNthCommit(1, CommitFault::kCrashAfterCommit);
  ledgers->Enqueue(GroupOf(Entries(LedgerId::kExchange, 2047)));
  ledgers->Enqueue(GroupOf(Entries(LedgerId::kExchange, 2048)));
  EXPECT_FALSE(ledgers->Step(t0).ok());
  Reopen();
  ASSERT_GT(Size().value() - Signed().value(), 6000u);
  // A full queue comes before the reopened node has signed anything.
  Append(LedgerId::kExchange, 8 * 2048, t0);
  EXPECT_EQ(RunEnds().back(), Size().value());
  EXPECT_LE(LongestRun(RunEnds()), kRunEntriesMax);
}

TEST_F(Crash, OlderDiskUnderANewerHeadIsDataLoss) {  // P9
  Append(LedgerId::kExchange, 5, t0);
  const std::shared_ptr<MemoryDisk> backup = disk->CloneForTest();
  Append(LedgerId::kExchange, 1, t0);
  disk = backup;
  EXPECT_EQ(TryReopen().code(), absl::StatusCode::kDataLoss);
}

TEST_F(Crash, OlderDiskUnderANewerHomeHeadIsDataLoss) {  // P9
  Append(LedgerId::kHome, 5, t0);
  const std::shared_ptr<MemoryDisk> backup = disk->CloneForTest();
  Append(LedgerId::kHome, 1, t0 + absl::Seconds(5));
  disk = backup;
  EXPECT_EQ(TryReopen().code(), absl::StatusCode::kDataLoss);
}

TEST_F(Crash, OtherEntriesUnderASignedHeadAreDataLoss) {  // P9
  Append(LedgerId::kExchange, 5, t0);
  const std::shared_ptr<MemoryDisk> backup = disk->CloneForTest();
  const std::shared_ptr<MemoryHeadDisk> backup_heads = head_disk->CloneForTest();
  Append(LedgerId::kExchange, 3, t0);
  const std::shared_ptr<MemoryHeadDisk> newest = head_disk;
  disk = backup;
  head_disk = backup_heads;
  Reopen();
  Append(LedgerId::kExchange, 20, t0);
  head_disk = newest;
  EXPECT_EQ(TryReopen().code(), absl::StatusCode::kDataLoss);
}

TEST_F(Crash, StoredCheckpointStandsInForALostHead) {  // L3
  Append(LedgerId::kExchange, 5, t0);
  head_disk = std::make_shared<MemoryHeadDisk>();
  Reopen();
  EXPECT_EQ(Signed(), TreeSize(5));
  EXPECT_EQ(Read(*ledgers->CheckpointNote(LedgerId::kExchange)).size, TreeSize(5));
}

TEST_F(Crash, HeadOfAnotherLedgerIsRefused) {
  Append(LedgerId::kExchange, 5, t0);
  options.epoch = 2;
  EXPECT_EQ(TryReopen().code(), absl::StatusCode::kFailedPrecondition);
}

TEST_F(Crash, HeadThatIsNoNoteIsRefused) {
  ASSERT_TRUE(heads->Put("exchange.head", "torn").ok());
  EXPECT_FALSE(TryReopen().ok());
}

}  // namespace
}  // namespace lintas

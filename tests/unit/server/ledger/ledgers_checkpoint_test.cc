// When checkpoints are signed, over what, and where runs end (P7, L2, L3).
#include "server/ledger/ledgers.h"
#include "tests/unit/server/ledger/ledger_world.h"

namespace lintas {
namespace {

class Checkpoints : public LedgerWorld {
 protected:
  TreeSize Signed() { return ledgers->signed_size(LedgerId::kExchange); }

  PreparedEntry Large(size_t bytes) {
    PreparedEntry entry = Entry(LedgerId::kExchange);
    entry.sealed_payload = std::string(bytes, 's');
    entry.wrapped_key = "key";
    return entry;
  }
};

TEST_F(Checkpoints, NothingIsSignedOverAnEmptyLedger) {
  StepAll(t0);
  EXPECT_EQ(ledgers->CheckpointNote(LedgerId::kExchange).status().code(),
            absl::StatusCode::kNotFound);
  EXPECT_EQ(ledgers->RunCheckpoint(TreeSize(0)).status().code(), absl::StatusCode::kNotFound);
}

TEST_F(Checkpoints, IdleLedgerIsSignedAtOnceUnderItsOwnName) {
  Append(LedgerId::kExchange, 3, t0);
  const std::string text = ledgers->CheckpointNote(LedgerId::kExchange).value();
  const auto key = note::MakeKey(ledgers->origin(LedgerId::kExchange),
                                 note::SignatureType::kEd25519, LogKey('L').verify_key());
  const auto verified = note::VerifyCheckpoint(text, {*key});
  ASSERT_TRUE(verified.ok()) << verified.status();
  EXPECT_EQ(verified->checkpoint.size, TreeSize(3));
  EXPECT_EQ(verified->checkpoint.root, ledgers->RootAt(LedgerId::kExchange, TreeSize(3)).value());
  EXPECT_EQ(ledgers->RunCheckpoint(TreeSize(0)).value(), text);
  EXPECT_FALSE(ledgers->RunCheckpoint(TreeSize(3)).ok());
}

TEST_F(Checkpoints, BusyLedgerIsSignedWhenTheIntervalIsOver) {
  AppendBusy(LedgerId::kExchange, 1, t0);
  EXPECT_EQ(Signed(), TreeSize(1));  // The first one has no predecessor to wait for.
  AppendBusy(LedgerId::kExchange, 1, t0 + absl::Milliseconds(99));
  EXPECT_EQ(Signed(), TreeSize(1));
  AppendBusy(LedgerId::kExchange, 1, t0 + absl::Milliseconds(100));
  EXPECT_EQ(Signed(), TreeSize(3));
}

TEST_F(Checkpoints, ClockThatWasSetBackDoesNotDelayThem) {
  AppendBusy(LedgerId::kExchange, 1, t0);
  AppendBusy(LedgerId::kExchange, 1, t0 - absl::Hours(1));
  EXPECT_EQ(Signed(), TreeSize(2));
}

TEST_F(Checkpoints, FullRunIsSignedThoughBusyAndEarly) {
  AppendBusy(LedgerId::kExchange, 1, t0);
  for (int i = 0; i < 20; ++i) AppendBusy(LedgerId::kExchange, 2048, t0);
  EXPECT_GT(Signed(), TreeSize(20 * 2048 - kRunEntriesMax));
  StepAll(t0);
  EXPECT_EQ(RunEnds().back(), 1u + 20 * 2048);
  EXPECT_LE(LongestRun(RunEnds()), kRunEntriesMax);
}

TEST_F(Checkpoints, HomeLedgerIsSignedEveryFiveSeconds) {
  Append(LedgerId::kHome, 1, t0);
  Append(LedgerId::kHome, 1, t0 + absl::Milliseconds(4999));
  EXPECT_EQ(ledgers->signed_size(LedgerId::kHome), TreeSize(1));
  StepAll(t0 + absl::Seconds(5));
  EXPECT_EQ(ledgers->signed_size(LedgerId::kHome), TreeSize(2));
}

TEST_F(Checkpoints, ListenerHearsOfExchangeCheckpointsThatArePersisted) {
  std::vector<uint64_t> heard;
  ledgers->SetCheckpointListener(
      [&] { heard.push_back(Read(heads->Get("exchange.head").value()).size.value()); });
  Append(LedgerId::kExchange, 2, t0);
  Append(LedgerId::kHome, 1, t0);
  Append(LedgerId::kExchange, 1, t0);
  EXPECT_EQ(heard, (std::vector<uint64_t>{2, 3}));
}

TEST_F(Checkpoints, ThinningLeavesFewAndKeepsRunsWithinTheirLength) {
  for (int i = 0; i < 300; ++i) Append(LedgerId::kExchange, 100, t0);
  const std::vector<uint64_t> ends = RunEnds();
  EXPECT_EQ(ends.back(), 30000u);
  EXPECT_LE(LongestRun(ends), kRunEntriesMax);
  EXPECT_LT(ends.size(), 20u);
  Reopen();
  EXPECT_EQ(RunEnds(), ends);
}

TEST_F(Checkpoints, ThinningKeepsRunsWithinTheirBytes) {
  constexpr size_t kBytes = 1 << 20;
  for (int i = 0; i < 40; ++i) {
    std::vector<PreparedEntry> one;
    one.push_back(Large(kBytes));
    ledgers->Enqueue(GroupOf(std::move(one)));
    StepAll(t0);
  }
  EXPECT_EQ(RunEnds().back(), 40u);
  EXPECT_LE(LongestRun(RunEnds()) * kBytes, kRunBytesMax);
  EXPECT_LT(RunEnds().size(), 20u);
}

TEST_F(Checkpoints, ManyLargeEntriesAtOnceMakeSeveralRuns) {
  constexpr size_t kBytes = 1 << 20;
  AppendBusy(LedgerId::kExchange, 1, t0);
  for (int i = 0; i < 40; ++i) {
    std::vector<PreparedEntry> one;
    one.push_back(Large(kBytes));
    ledgers->Enqueue(GroupOf(std::move(one)));
  }
  StepAll(t0);
  EXPECT_EQ(RunEnds().back(), 41u);
  EXPECT_LE(LongestRun(RunEnds()) * kBytes, kRunBytesMax);
}

TEST_F(Checkpoints, VerdictsOnALongRunDoNotMakeOursTooLong) {
  AppendBusy(LedgerId::kExchange, 1, t0);
  AppendBusy(LedgerId::kExchange, 2048, t0);
  AppendBusy(LedgerId::kExchange, 2000, t0);
  ReplicaRun run = PartnerRun(kRunEntriesMax);
  for (uint64_t i = 0; i < kRunEntriesMax; ++i) {
    run.verdicts.push_back(Entry(LedgerId::kExchange, EntryHeader::REJECTED));
  }
  ledgers->Enqueue(std::move(run));
  StepAll(t0);
  EXPECT_EQ(RunEnds().back(), 4049u + kRunEntriesMax);
  EXPECT_LE(LongestRun(RunEnds()), kRunEntriesMax);
}

TEST_F(Checkpoints, StoppedSigningGoesOnAppendingUntilReopenedAndThenSignsInRuns) {  // P14
  Append(LedgerId::kExchange, 5, t0);
  ledgers->StopSigning("the partner has seen more");
  Append(LedgerId::kExchange, 3 * kRunEntriesMax, t0 + absl::Seconds(1));
  Append(LedgerId::kHome, 1, t0 + absl::Hours(1));
  EXPECT_EQ(ledgers->size(LedgerId::kExchange), TreeSize(5 + 3 * kRunEntriesMax));
  EXPECT_EQ(Signed(), TreeSize(5));
  EXPECT_EQ(ledgers->signed_size(LedgerId::kHome), TreeSize(0));
  EXPECT_EQ(ledgers->health().code(), absl::StatusCode::kDataLoss);
  Reopen();
  StepAll(t0 + absl::Hours(2));
  EXPECT_EQ(Signed(), TreeSize(5 + 3 * kRunEntriesMax));
  EXPECT_LE(LongestRun(RunEnds()), kRunEntriesMax);
}

TEST_F(Checkpoints, BitFlippedBeforeSigningIsNeverSigned) {  // L2
  AppendBusy(LedgerId::kExchange, 5, t0);
  AppendBusy(LedgerId::kExchange, 5, t0);
  ASSERT_EQ(Signed(), TreeSize(5));
  disk->FlipBitForTest({LedgerId::kExchange, Index(7)}, /*in_payload=*/false);
  EXPECT_EQ(ledgers->Step(t0 + absl::Seconds(1)).status().code(), absl::StatusCode::kDataLoss);
  EXPECT_EQ(ledgers->health().code(), absl::StatusCode::kDataLoss);
  EXPECT_EQ(Signed(), TreeSize(5));
  EXPECT_EQ(Read(heads->Get("exchange.head").value()).size, TreeSize(5));
}

TEST_F(Checkpoints, BitFlippedBetweenCommitAndReopenIsNeverSigned) {  // L2
  AppendBusy(LedgerId::kExchange, 5, t0);
  AppendBusy(LedgerId::kExchange, 300, t0);  // A full tile holds the hash of what was committed.
  ASSERT_EQ(Signed(), TreeSize(5));
  disk->FlipBitForTest({LedgerId::kExchange, Index(100)}, /*in_payload=*/false);
  Reopen();
  EXPECT_EQ(ledgers->Step(t0).status().code(), absl::StatusCode::kDataLoss);
  EXPECT_EQ(Read(heads->Get("exchange.head").value()).size, TreeSize(5));
}

TEST_F(Checkpoints, BitFlippedUnderASignedHeadIsFoundByOpen) {
  Append(LedgerId::kExchange, 5, t0);
  disk->FlipBitForTest({LedgerId::kExchange, Index(2)}, /*in_payload=*/false);
  EXPECT_EQ(TryReopen().code(), absl::StatusCode::kDataLoss);
}

}  // namespace
}  // namespace lintas

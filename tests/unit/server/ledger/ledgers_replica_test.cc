// The partner's ledger, appended run by run (L4, P13).
#include "server/ledger/ledgers.h"
#include "tests/unit/server/ledger/ledger_world.h"

namespace lintas {
namespace {

class Replica : public LedgerWorld {
 protected:
  // What the run's callback says; the test fails unless it is called exactly once.
  absl::Status Commit(ReplicaRun run) {
    absl::Status told = absl::UnknownError("not told");
    int calls = 0;
    run.durable = [&](absl::Status status) {
      ++calls;
      told = std::move(status);
    };
    ledgers->Enqueue(std::move(run));
    const auto did = ledgers->Step(t0);
    EXPECT_EQ(calls, 1);
    return told;
  }
  TreeSize Size() { return ledgers->size(LedgerId::kReplica); }
};

TEST_F(Replica, TakesARunAndKeepsItsBytesAndCheckpoint) {
  ReplicaRun run = PartnerRun(300);
  const std::string note = run.checkpoint_note, header = run.entries[299].header;
  ASSERT_TRUE(Commit(std::move(run)).ok());
  Reopen();
  EXPECT_EQ(Size(), TreeSize(300));
  EXPECT_EQ(store->GetEntry({LedgerId::kReplica, Index(299)})->header, header);
  EXPECT_EQ(ledgers->CheckpointNote(LedgerId::kReplica).value(), note);
  EXPECT_EQ(ledgers->signed_size(LedgerId::kReplica), TreeSize(300));
  EXPECT_EQ(ledgers->ReplicaTree().Root(), partner_tree.Root());
  EXPECT_TRUE(Commit(PartnerRun(1)).ok());
}

TEST_F(Replica, RunThatDoesNotLeadToItsCheckpointIsDataLossAndChangesNothing) {
  ASSERT_TRUE(Commit(PartnerRun(2)).ok());
  ReplicaRun run = PartnerRun(3);
  run.entries[1].header[20] ^= 1;
  run.verdicts.push_back(Entry(LedgerId::kExchange, EntryHeader::REJECTED));
  EXPECT_EQ(Commit(std::move(run)).code(), absl::StatusCode::kDataLoss);
  EXPECT_EQ(Size(), TreeSize(2));
  EXPECT_EQ(ledgers->size(LedgerId::kExchange), TreeSize(0));
  EXPECT_TRUE(ledgers->health().ok());  // The partner's fault does not stop our ledgers.
  Append(LedgerId::kExchange, 1, t0);
}

TEST_F(Replica, RunThatIsCutShortIsDataLoss) {
  ReplicaRun run = PartnerRun(3);
  run.entries.pop_back();
  EXPECT_EQ(Commit(std::move(run)).code(), absl::StatusCode::kDataLoss);
  EXPECT_EQ(Size(), TreeSize(0));
}

TEST_F(Replica, CheckpointThatIsNoNoteIsRefused) {
  ReplicaRun run = PartnerRun(1);
  run.checkpoint_note = "not a note";
  EXPECT_EQ(Commit(std::move(run)).code(), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(Size(), TreeSize(0));
}

TEST_F(Replica, SameRunTwiceIsTakenOnce) {
  const merkle::TreeBuilder before = partner_tree;
  ReplicaRun run = PartnerRun(4);
  ReplicaRun again;
  again.old_size = before.size();
  again.entries = run.entries;
  again.checkpoint_note = run.checkpoint_note;
  ASSERT_TRUE(Commit(std::move(run)).ok());
  EXPECT_EQ(Commit(std::move(again)).code(), absl::StatusCode::kAborted);
  EXPECT_EQ(Size(), TreeSize(4));
}

TEST_F(Replica, RunBehindARefusedOneIsAbortedAndGroupsGoOn) {
  ReplicaRun first = PartnerRun(2);
  first.entries[0].header[20] ^= 1;
  ReplicaRun second = PartnerRun(2);
  std::vector<absl::StatusCode> told;
  first.durable = second.durable = [&](absl::Status status) { told.push_back(status.code()); };
  ledgers->Enqueue(std::move(first));
  ledgers->Enqueue(std::move(second));
  Append(LedgerId::kExchange, 2, t0);
  EXPECT_EQ(told, (std::vector<absl::StatusCode>{absl::StatusCode::kDataLoss,
                                                 absl::StatusCode::kAborted}));
  EXPECT_EQ(Size(), TreeSize(0));
  EXPECT_EQ(ledgers->size(LedgerId::kExchange), TreeSize(2));
}

TEST_F(Replica, IsOfTheOriginThatThePartnerWrites) {  // P10
  EXPECT_EQ(ledgers->origin(LedgerId::kReplica), "immigration.gov.kh/lintas/idn-khm/exchange/1");
  options.partner_epoch = 2;
  Reopen();
  EXPECT_EQ(ledgers->origin(LedgerId::kReplica), "immigration.gov.kh/lintas/idn-khm/exchange/2");
  EXPECT_EQ(ledgers->origin(LedgerId::kExchange), "imigrasi.go.id/lintas/idn-khm/exchange/1");
  for (int i = 0; i < kLedgerCount; ++i) {
    EXPECT_EQ(LedgerOrigins(options)[i], ledgers->origin(static_cast<LedgerId>(i)));
  }
}

TEST_F(Replica, VerdictsStandInTheSameBatchAndNameTheAdoptedVersion) {  // P13, P21
  projector->adopted = 7;
  ReplicaRun run = PartnerRun(3);
  run.verdicts.push_back(Entry(LedgerId::kExchange, EntryHeader::REJECTED));
  run.verdicts.back().header.set_target_first(1);
  ASSERT_TRUE(Commit(std::move(run)).ok());
  EXPECT_EQ(projector->committed, 1);
  const EntryHeader verdict = HeaderAt(LedgerId::kExchange, 0);
  EXPECT_EQ(verdict.target_first(), 1u);
  EXPECT_EQ(verdict.agreement_version(), 7u);
  EXPECT_EQ(verdict.seen_partner(), 3u);
}

TEST_F(Replica, SizeAndRecordsMoveTogetherThroughACrash) {  // L4
  ASSERT_TRUE(Commit(PartnerRun(5)).ok());
  const merkle::TreeBuilder before = partner_tree;
  disk->FailNthCommit(1, CommitFault::kCrashBeforeCommit);
  EXPECT_EQ(Commit(PartnerRun(5)).code(), absl::StatusCode::kUnavailable);
  Reopen();
  EXPECT_EQ(Size(), TreeSize(5));
  EXPECT_EQ(ledgers->signed_size(LedgerId::kReplica), TreeSize(5));
  partner_tree = before;
  disk->FailNthCommit(1, CommitFault::kCrashAfterCommit);
  EXPECT_EQ(Commit(PartnerRun(5)).code(), absl::StatusCode::kUnavailable);
  Reopen();
  EXPECT_EQ(Size(), TreeSize(10));
  EXPECT_EQ(ledgers->signed_size(LedgerId::kReplica), TreeSize(10));
}

TEST_F(Replica, ChangedReplicaIsFoundByOpen) {
  ASSERT_TRUE(Commit(PartnerRun(5)).ok());
  disk->FlipBitForTest({LedgerId::kReplica, Index(3)}, /*in_payload=*/false);
  EXPECT_EQ(TryReopen().code(), absl::StatusCode::kDataLoss);
}

}  // namespace
}  // namespace lintas

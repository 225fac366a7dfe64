// Appending: indexes, groups, what a header is given, callbacks, proofs.
#include "server/ledger/ledgers.h"

#include <set>

#include "absl/strings/str_cat.h"
#include "server/ledger/merkle/proof.h"
#include "tests/unit/server/ledger/ledger_world.h"

namespace lintas {
namespace {

class LedgersTest : public LedgerWorld {};

using Positions = absl::StatusOr<std::vector<Position>>;

TEST_F(LedgersTest, NamesItsLedgersAsTheAgreementDoes) {
  EXPECT_EQ(ledgers->origin(LedgerId::kExchange), "imigrasi.go.id/lintas/idn-khm/exchange/1");
  EXPECT_EQ(ledgers->origin(LedgerId::kHome), "imigrasi.go.id/lintas/idn-khm/home/1");
  EXPECT_EQ(ledgers->origin(LedgerId::kReplica), "immigration.gov.kh/lintas/idn-khm/exchange/1");
}

TEST_F(LedgersTest, GivesDenseIndexesInTheOrderOfTheQueue) {  // L1
  std::vector<Position> given;
  for (int group = 0; group < 3; ++group) {
    Group next = GroupOf(Entries(LedgerId::kExchange, 2));
    next.entries.push_back(Entry(LedgerId::kHome));
    next.durable = [&](Positions positions) {
      ASSERT_TRUE(positions.ok());
      given.insert(given.end(), positions->begin(), positions->end());
    };
    ledgers->Enqueue(std::move(next));
  }
  StepAll(t0);
  ASSERT_EQ(given.size(), 9u);
  uint64_t next[kLedgerCount] = {};
  for (const Position& position : given) {
    EXPECT_EQ(position.index.value(), next[static_cast<int>(position.ledger)]++);
    EXPECT_EQ(HeaderAt(position.ledger, position.index.value()).index(), position.index.value());
  }
  EXPECT_EQ(ledgers->size(LedgerId::kExchange), TreeSize(6));
  EXPECT_EQ(ledgers->size(LedgerId::kHome), TreeSize(3));
  EXPECT_EQ(projector->seen, given);
}

TEST_F(LedgersTest, CommitsWhatWaitsAsOneBatch) {  // L4
  for (int i = 0; i < 5; ++i) ledgers->Enqueue(GroupOf(Entries(LedgerId::kExchange, 3)));
  ASSERT_TRUE(ledgers->Step(t0).ok());
  EXPECT_EQ(projector->committed, 1);
  EXPECT_EQ(ledgers->size(LedgerId::kExchange), TreeSize(15));
}

TEST_F(LedgersTest, RefusedEntryDropsItsWholeGroupAndNoOther) {
  Group good = GroupOf(Entries(LedgerId::kExchange, 1));
  Group bad = GroupOf(Entries(LedgerId::kExchange, 2));
  bad.entries.push_back(Entry(LedgerId::kExchange, EntryHeader::REVISION, "REFUSED"));
  bad.entries.push_back(Entry(LedgerId::kHome));
  bad.node_state.emplace_back("n/refused", "1");
  Group later = GroupOf(Entries(LedgerId::kExchange, 1));
  std::vector<Positions> answers(3, absl::UnknownError("not told"));
  good.durable = [&](Positions positions) { answers[0] = std::move(positions); };
  bad.durable = [&](Positions positions) { answers[1] = std::move(positions); };
  later.durable = [&](Positions positions) { answers[2] = std::move(positions); };
  ledgers->Enqueue(std::move(good));
  ledgers->Enqueue(std::move(bad));
  ledgers->Enqueue(std::move(later));
  StepAll(t0);
  ASSERT_TRUE(answers[0].ok());
  EXPECT_EQ(answers[1].status().code(), absl::StatusCode::kAborted);
  ASSERT_TRUE(answers[2].ok());
  EXPECT_EQ((*answers[2])[0].index, Index(1));
  EXPECT_EQ(ledgers->size(LedgerId::kExchange), TreeSize(2));
  EXPECT_EQ(ledgers->size(LedgerId::kHome), TreeSize(0));
  EXPECT_FALSE(store->GetState("n/refused").ok());
  EXPECT_TRUE(ledgers->health().ok());
}

TEST_F(LedgersTest, FinishAppendsHomeEntriesThatNameThePositions) {
  Group group = GroupOf(Entries(LedgerId::kExchange, 2));
  group.finish = [this](const std::vector<Position>& positions, std::vector<PreparedEntry>* more) {
    ASSERT_EQ(positions.size(), 2u);
    PreparedEntry mark = Entry(LedgerId::kHome, EntryHeader::IMPORT_MARK);
    mark.header.set_target_first(positions[1].index.value());
    more->push_back(std::move(mark));
  };
  size_t told = 0;
  group.durable = [&](Positions positions) { told = positions.value().size(); };
  ledgers->Enqueue(GroupOf(Entries(LedgerId::kExchange, 5)));
  ledgers->Enqueue(std::move(group));
  StepAll(t0);
  EXPECT_EQ(told, 2u);  // Without the entries of `finish`.
  EXPECT_EQ(HeaderAt(LedgerId::kHome, 0).kind(), EntryHeader::IMPORT_MARK);
  EXPECT_EQ(HeaderAt(LedgerId::kHome, 0).target_first(), 6u);
}

TEST_F(LedgersTest, FullVersionNamesTheExchangeEntryBeforeIt) {  // P2
  Append(LedgerId::kExchange, 4, t0);
  Group group = GroupOf(Entries(LedgerId::kExchange, 1));
  group.entries.push_back(Entry(LedgerId::kHome, EntryHeader::FULL_VERSION));
  ledgers->Enqueue(std::move(group));
  StepAll(t0);
  EXPECT_TRUE(HeaderAt(LedgerId::kHome, 0).has_target_first());
  EXPECT_EQ(HeaderAt(LedgerId::kHome, 0).target_first(), 4u);
}

TEST_F(LedgersTest, HeadersSayWhatTheyHadSeen) {  // P14, L5
  Append(LedgerId::kExchange, 3, t0);
  EXPECT_EQ(HeaderAt(LedgerId::kExchange, 2).seen_partner(), 0u);
  // A run of the same batch is folded before the groups behind it.
  ledgers->Enqueue(PartnerRun(7));
  ledgers->Enqueue(GroupOf({Entry(LedgerId::kExchange), Entry(LedgerId::kHome)}));
  StepAll(t0);
  EXPECT_EQ(HeaderAt(LedgerId::kExchange, 3).seen_partner(), 7u);
  EXPECT_EQ(HeaderAt(LedgerId::kExchange, 3).seen_exchange(), 0u);  // Home headers only.
  EXPECT_EQ(HeaderAt(LedgerId::kHome, 0).seen_partner(), 7u);
  EXPECT_EQ(HeaderAt(LedgerId::kHome, 0).seen_exchange(), 4u);
}

TEST_F(LedgersTest, CutsTheTimeOfSensitiveEntriesToTheHour) {  // P1
  PreparedEntry sensitive = Entry(LedgerId::kHome);
  sensitive.sensitive = true;
  ledgers->Enqueue(GroupOf({Entry(LedgerId::kHome), std::move(sensitive)}));
  StepAll(t0 + absl::Milliseconds(999));
  EXPECT_EQ(HeaderAt(LedgerId::kHome, 0).time_s(), absl::ToUnixSeconds(t0));
  EXPECT_EQ(HeaderAt(LedgerId::kHome, 1).time_s(), absl::ToUnixSeconds(t0) - 1234);
}

TEST_F(LedgersTest, WritesNodeStateWithItsGroupOrAlone) {  // P15
  Group with = GroupOf(Entries(LedgerId::kExchange, 1));
  with.node_state.emplace_back("n/with", "1");
  ledgers->Enqueue(std::move(with));
  StepAll(t0);
  Group alone;
  alone.node_state.emplace_back("n/alone", "2");
  bool told = false;
  alone.durable = [&](Positions positions) { told = positions.ok() && positions->empty(); };
  ledgers->Enqueue(std::move(alone));
  StepAll(t0);
  EXPECT_TRUE(told);
  Reopen();
  EXPECT_EQ(store->GetState("n/with").value(), "1");
  EXPECT_EQ(store->GetState("n/alone").value(), "2");
  EXPECT_EQ(ledgers->size(LedgerId::kExchange), TreeSize(1));
}

TEST_F(LedgersTest, WakesTheSteppingThreadForEveryEnqueue) {
  int woken = 0;
  ledgers->SetWake([&] { ++woken; });
  ledgers->Enqueue(GroupOf(Entries(LedgerId::kHome, 1)));
  ledgers->Enqueue(PartnerRun(1));
  EXPECT_EQ(woken, 2);
}

TEST_F(LedgersTest, TakesAtMostABatchInOneStep) {
  for (int i = 0; i < 4; ++i) ledgers->Enqueue(GroupOf(Entries(LedgerId::kHome, 1000)));
  ASSERT_TRUE(ledgers->Step(t0).ok());
  EXPECT_EQ(ledgers->size(LedgerId::kHome), TreeSize(2000));
  ASSERT_TRUE(ledgers->Step(t0).ok());
  EXPECT_EQ(ledgers->size(LedgerId::kHome), TreeSize(4000));
}

TEST_F(LedgersTest, TellsEverybodyOnceWhenTheCommitFails) {
  std::vector<absl::StatusCode> told;
  const auto tell = [&](Positions positions) { told.push_back(positions.status().code()); };
  const auto waiting = [&](size_t count) {
    Group group = GroupOf(Entries(LedgerId::kExchange, count));
    group.durable = tell;
    return group;
  };
  disk->FailNthCommit(1, CommitFault::kCrashBeforeCommit);
  ledgers->Enqueue(waiting(1));
  ledgers->Enqueue(waiting(1));
  ledgers->Enqueue(waiting(kGroupEntriesMax));  // Does not fit: still waits when the commit fails.
  ReplicaRun run = PartnerRun(1);
  run.durable = [&](absl::Status status) { told.push_back(status.code()); };
  ledgers->Enqueue(std::move(run));
  EXPECT_FALSE(ledgers->Step(t0).ok());
  EXPECT_EQ(told, std::vector<absl::StatusCode>(4, absl::StatusCode::kUnavailable));
  EXPECT_FALSE(ledgers->health().ok());
  EXPECT_EQ(ledgers->size(LedgerId::kExchange), TreeSize(0));

  ledgers->Enqueue(waiting(1));
  EXPECT_FALSE(ledgers->Step(t0 + absl::Seconds(1)).ok());
  EXPECT_EQ(told, std::vector<absl::StatusCode>(5, absl::StatusCode::kUnavailable));
  EXPECT_EQ(projector->committed, 0);
}

TEST_F(LedgersTest, RefusedGroupHearsItsReasonThoughTheCommitFails) {
  absl::Status told;
  Group bad = GroupOf({Entry(LedgerId::kExchange, EntryHeader::REVISION, "REFUSED")});
  bad.durable = [&](Positions positions) { told = positions.status(); };
  disk->FailNthCommit(1, CommitFault::kCrashBeforeCommit);
  ledgers->Enqueue(std::move(bad));
  ledgers->Enqueue(GroupOf(Entries(LedgerId::kExchange, 1)));
  EXPECT_FALSE(ledgers->Step(t0).ok());
  EXPECT_EQ(told.code(), absl::StatusCode::kAborted);  // Surely not appended.
}

TEST_F(LedgersTest, FailedProjectionWritesNothing) {
  projector->failure = absl::DataLossError("the fold does not agree");
  ledgers->Enqueue(GroupOf(Entries(LedgerId::kExchange, 1)));
  EXPECT_EQ(ledgers->Step(t0).status().code(), absl::StatusCode::kDataLoss);
  Reopen();
  EXPECT_EQ(ledgers->size(LedgerId::kExchange), TreeSize(0));
}

TEST_F(LedgersTest, FullDiskStopsTheLedger) {
  Append(LedgerId::kExchange, 2, t0);
  disk->SetDiskFull(true);
  ledgers->Enqueue(GroupOf(Entries(LedgerId::kExchange, 1)));
  EXPECT_EQ(ledgers->Step(t0).status().code(), absl::StatusCode::kResourceExhausted);
  disk->SetDiskFull(false);
  Reopen();
  EXPECT_EQ(ledgers->size(LedgerId::kExchange), TreeSize(2));
}

// Every index around tile borders, and the first and the last, at `size`.
void ExpectProofs(Ledgers& ledgers, const Store& store, TreeSize size) {
  const auto root = ledgers.RootAt(LedgerId::kExchange, size);
  ASSERT_TRUE(root.ok()) << root.status();
  std::set<uint64_t> indexes = {
      0, 1, 254, 255, 256, 257, 65279, 65280, 65535, 65536, size.value() / 2, size.value() - 1};
  for (const uint64_t index : indexes) {
    if (!size.covers(Index(index))) continue;
    SCOPED_TRACE(absl::StrCat("index ", index, " size ", size.value()));
    const auto proof = ledgers.InclusionProof(LedgerId::kExchange, Index(index), size);
    ASSERT_TRUE(proof.ok()) << proof.status();
    const auto row = store.GetEntry({LedgerId::kExchange, Index(index)});
    ASSERT_TRUE(row.ok());
    EXPECT_TRUE(
        merkle::VerifyInclusion(merkle::LeafHash(row->header), Index(index), size, *proof, *root)
            .ok());
    EXPECT_FALSE(
        merkle::VerifyInclusion(merkle::LeafHash("other"), Index(index), size, *proof, *root).ok());
  }
}

TEST_F(LedgersTest, ProofsHoldAcrossTileBorders) {
  const std::vector<uint64_t> sizes = {255, 256, 257, 65535, 65536, 65537};
  for (const uint64_t size : sizes) {
    Append(LedgerId::kExchange, size - ledgers->size(LedgerId::kExchange).value(), t0);
    ExpectProofs(*ledgers, *store, TreeSize(size));
    EXPECT_EQ(Read(*ledgers->CheckpointNote(LedgerId::kExchange)).root,
              ledgers->RootAt(LedgerId::kExchange, TreeSize(size)).value());
  }
  Reopen();
  for (const uint64_t size : sizes) ExpectProofs(*ledgers, *store, TreeSize(size));
  EXPECT_FALSE(ledgers->InclusionProof(LedgerId::kExchange, Index(5), TreeSize(5)).ok());
  EXPECT_FALSE(ledgers->RootAt(LedgerId::kExchange, TreeSize(65538)).ok());
}

}  // namespace
}  // namespace lintas

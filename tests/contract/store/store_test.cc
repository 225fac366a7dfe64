// The store contract (server/store/store.h, S1 to S6), on every store.
#include "server/store/store.h"

#include <atomic>
#include <thread>

#include "gmock/gmock.h"
#include "tests/contract/store/store_under_test.h"

namespace lintas {
namespace {

using ::testing::ElementsAre;
using ::testing::Pair;

constexpr LedgerId kE = LedgerId::kExchange;
constexpr LedgerId kH = LedgerId::kHome;
constexpr LedgerId kR = LedgerId::kReplica;

Position At(LedgerId ledger, uint64_t index) { return {ledger, Index(index)}; }

class StoreContract : public ::testing::TestWithParam<StoreKind> {
 protected:
  void SetUp() override { store_ = durable_.Open(); }
  void Reopen() {
    store_.reset();
    store_ = durable_.Open();
  }
  void Commit(Batch batch) {
    const absl::Status status = store_->Commit(std::move(batch));
    ASSERT_TRUE(status.ok()) << status;
  }
  std::vector<DerivedKey> FindAll(absl::string_view prefix) {
    return store_->Find(prefix, absl::nullopt, 1'000'000);
  }

  Durable durable_{GetParam(), /*tail_entries_max=*/50};
  std::unique_ptr<Store> store_;
};

INSTANTIATE_TEST_SUITE_P(Stores, StoreContract,
                         ::testing::Values(StoreKind::kMemory, StoreKind::kRocksDb),
                         [](const auto& info) {
                           return info.param == StoreKind::kMemory ? "Memory" : "RocksDb";
                         });

void ExpectRow(const absl::StatusOr<EntryRow>& row, const EntryRow& expected) {
  ASSERT_TRUE(row.ok()) << row.status();
  EXPECT_EQ(row->header, expected.header);
  EXPECT_EQ(row->payload, expected.payload);
  EXPECT_EQ(row->key, expected.key);
}

TEST_P(StoreContract, BeginsEmpty) {
  EXPECT_EQ(store_->sizes(), Sizes());
  EXPECT_EQ(store_->DerivedMark(), Sizes());
  EXPECT_TRUE(absl::IsNotFound(store_->GetEntry(At(kE, 0)).status()));
  EXPECT_TRUE(absl::IsNotFound(store_->GetTile(kE, 0, 0).status()));
  EXPECT_TRUE(absl::IsNotFound(store_->GetState("a").status()));
  EXPECT_TRUE(FindAll("").empty());
}

TEST_P(StoreContract, KeepsAllOfABatchOverReopen) {
  Batch batch = EntriesBatch(kE, 0, 3);
  batch.entries[1] = {RowAt(kH, 0)};
  batch.entries[2] = {RowAt(kR, 0), RowAt(kR, 1)};
  batch.tiles = {{kE, 0, 7, std::string(kTileBytes, 't')}};
  batch.state_puts = {{"a", "1"}, {"b", "2"}};
  Commit(std::move(batch));
  for (bool reopened : {false, true}) {
    SCOPED_TRACE(reopened);
    if (reopened) Reopen();
    EXPECT_EQ(store_->sizes(), (Sizes{TreeSize(3), TreeSize(1), TreeSize(2)}));
    for (uint64_t i = 0; i < 3; ++i) ExpectRow(store_->GetEntry(At(kE, i)), RowAt(kE, i));
    ExpectRow(store_->GetEntry(At(kH, 0)), RowAt(kH, 0));
    ExpectRow(store_->GetEntry(At(kR, 1)), RowAt(kR, 1));
    EXPECT_TRUE(absl::IsNotFound(store_->GetEntry(At(kE, 3)).status()));
    EXPECT_TRUE(absl::IsNotFound(store_->GetEntry(At(kH, 1)).status()));
    EXPECT_EQ(store_->GetTile(kE, 0, 7).value(), std::string(kTileBytes, 't'));
    EXPECT_TRUE(absl::IsNotFound(store_->GetTile(kE, 1, 7).status()));
    EXPECT_TRUE(absl::IsNotFound(store_->GetTile(kH, 0, 7).status()));
    EXPECT_EQ(store_->GetState("b").value(), "2");
  }
}

TEST_P(StoreContract, AppendsWhereTheLedgerEnds) {
  for (uint64_t i = 0; i < 120; ++i) Commit(EntriesBatch(i % 2 == 0 ? kE : kR, i / 2, 1));
  EXPECT_EQ(store_->sizes(), (Sizes{TreeSize(60), TreeSize(0), TreeSize(60)}));
  for (uint64_t i = 0; i < 60; ++i) ExpectRow(store_->GetEntry(At(kR, i)), RowAt(kR, i));
}

TEST_P(StoreContract, DistinguishesAnEmptyPayloadFromAnErasedOne) {
  Batch batch;
  batch.entries[0] = {{"header", "", ""}};
  Commit(std::move(batch));
  ExpectRow(store_->GetEntry(At(kE, 0)), {"header", "", ""});
}

TEST_P(StoreContract, AppliesDeletesBeforePutsAndTheLastPutWins) {
  Batch first;
  first.state_puts = {{"a", "1"}, {"b", "1"}};
  Commit(std::move(first));
  Batch second;
  second.state_puts = {{"a", "2"}, {"c", "1"}, {"c", "2"}};
  second.state_deletes = {"a", "b"};
  Commit(std::move(second));
  EXPECT_EQ(store_->GetState("a").value(), "2");
  EXPECT_TRUE(absl::IsNotFound(store_->GetState("b").status()));
  EXPECT_EQ(store_->GetState("c").value(), "2");
}

TEST_P(StoreContract, RefusesABatchThatNamesWhatIsNotThereAndGoesOn) {
  Commit(EntriesBatch(kE, 0, 2));
  const auto refused = [this](const std::function<void(Batch*)>& spoil) {
    Batch batch = EntriesBatch(kE, 2, 1);
    spoil(&batch);
    EXPECT_TRUE(absl::IsInvalidArgument(store_->Commit(std::move(batch))));
  };
  refused([](Batch* batch) { batch->erased = {At(kE, 3)}; });
  refused([](Batch* batch) { batch->erased = {At(kH, 0)}; });
  refused([](Batch* batch) { batch->derived = {DerivedKey::Make(1, "x", At(kE, 3))}; });
  refused([](Batch* batch) { batch->tiles = {{kE, 0, 0, "short"}}; });
  refused([](Batch* batch) { batch->tiles = {{kE, -1, 0, std::string(kTileBytes, 't')}}; });
  EXPECT_EQ(store_->sizes().exchange, TreeSize(2));
  EXPECT_TRUE(FindAll(std::string("\1tenth 2", 8)).empty());
  Commit(EntriesBatch(kE, 2, 1));
}

TEST_P(StoreContract, TakesAnEmptyBatch) {
  Commit(Batch());
  EXPECT_EQ(store_->sizes(), Sizes());
}

TEST_P(StoreContract, KeepsTheHeaderOfAnErasedEntryAlone) {
  Commit(EntriesBatch(kE, 0, 3));
  Batch erase = EntriesBatch(kE, 3, 2);
  erase.erased = {At(kE, 1), At(kE, 4)};  // One that stands, one of this very batch.
  Commit(std::move(erase));
  for (bool reopened : {false, true}) {
    SCOPED_TRACE(reopened);
    if (reopened) {
      Reopen();
      GiveBackDerived(store_.get());
    }
    for (uint64_t i : {1, 4}) {
      ExpectRow(store_->GetEntry(At(kE, i)), {RowAt(kE, i).header, "", ""});
    }
    ExpectRow(store_->GetEntry(At(kE, 3)), RowAt(kE, 3));
    EXPECT_EQ(FindAll("\2own ").size(), 3u);
    EXPECT_TRUE(FindAll("\2own 1").empty());
    EXPECT_TRUE(FindAll("\2own 4").empty());
  }
  Batch again;
  again.erased = {At(kE, 1)};
  Commit(std::move(again));
}

TEST_P(StoreContract, FindsNoKeyOfAnErasedEntryInTailFrozenTailOrFiles) {
  for (uint64_t i = 0; i < 120; ++i) {
    Commit(EntriesBatch(kE, i, 1));
    if (i == 60) {
      ASSERT_TRUE(store_->BackgroundStep().value());
    }
  }
  Batch erase;
  erase.erased = {At(kE, 10), At(kE, 90), At(kE, 115)};
  Commit(std::move(erase));
  EXPECT_EQ(FindAll("\2").size(), 117u);
  for (const char* own : {"\2own 10", "\2own 90", "\2own 115"}) {
    for (const DerivedKey& key : FindAll(own)) EXPECT_NE(key.body().substr(0, 7), own + 1);
  }
  while (store_->BackgroundStep().value()) {
  }
  EXPECT_EQ(FindAll("\2").size(), 117u);
  ASSERT_TRUE(store_->CompactErased().ok());
  EXPECT_EQ(FindAll("\2").size(), 117u);
}

TEST_P(StoreContract, ASnapshotDoesNotChange) {
  Batch first = EntriesBatch(kE, 0, 2);
  first.state_puts = {{"a", "1"}, {"b", "1"}};
  Commit(std::move(first));
  const std::unique_ptr<Snapshot> snapshot = store_->GetSnapshot();
  Batch second = EntriesBatch(kE, 2, 1);
  second.state_puts = {{"a", "2"}, {"c", "1"}};
  second.state_deletes = {"b"};
  second.tiles = {{kE, 0, 0, std::string(kTileBytes, 't')}};
  second.erased = {At(kE, 1)};
  Commit(std::move(second));
  Batch third;
  third.state_puts = {{"a", "3"}};
  Commit(std::move(third));

  EXPECT_EQ(snapshot->sizes().exchange, TreeSize(2));
  ExpectRow(snapshot->GetEntry(At(kE, 1)), RowAt(kE, 1));
  EXPECT_TRUE(absl::IsNotFound(snapshot->GetEntry(At(kE, 2)).status()));
  EXPECT_EQ(snapshot->GetState("a").value(), "1");
  EXPECT_EQ(snapshot->GetState("b").value(), "1");
  EXPECT_TRUE(absl::IsNotFound(snapshot->GetState("c").status()));
  EXPECT_TRUE(absl::IsNotFound(snapshot->GetTile(kE, 0, 0).status()));
  std::vector<std::pair<std::string, std::string>> state;
  ASSERT_TRUE(snapshot
                  ->ScanState("",
                              [&](absl::string_view key, absl::string_view value) {
                                state.emplace_back(key, value);
                                return true;
                              })
                  .ok());
  EXPECT_THAT(state, ElementsAre(Pair("a", "1"), Pair("b", "1")));
  ExpectRow(store_->GetEntry(At(kE, 1)), {RowAt(kE, 1).header, "", ""});
  EXPECT_EQ(store_->GetSnapshot()->GetState("a").value(), "3");
}

TEST_P(StoreContract, ScansEntriesInOrderFromAnIndexUntilToldToStop) {
  Commit(EntriesBatch(kE, 0, 20));
  Commit(EntriesBatch(kR, 0, 5));
  Batch erase;
  erase.erased = {At(kE, 7)};
  Commit(std::move(erase));
  const auto snapshot = store_->GetSnapshot();
  std::vector<uint64_t> seen;
  ASSERT_TRUE(snapshot
                  ->ScanEntries(kE, Index(5),
                                [&](Index index, EntryRow&& row) {
                                  seen.push_back(index.value());
                                  EntryRow expected = RowAt(kE, index.value());
                                  if (index == Index(7)) expected.payload = expected.key = "";
                                  ExpectRow(row, expected);
                                  return index < Index(9);
                                })
                  .ok());
  EXPECT_THAT(seen, ElementsAre(5, 6, 7, 8, 9));
  seen.clear();
  const auto collect = [&](Index index, EntryRow&&) {
    seen.push_back(index.value());
    return true;
  };
  ASSERT_TRUE(snapshot->ScanEntries(kR, Index(0), collect).ok());
  EXPECT_THAT(seen, ElementsAre(0, 1, 2, 3, 4));
  seen.clear();
  ASSERT_TRUE(snapshot->ScanEntries(kR, Index(5), collect).ok());
  ASSERT_TRUE(snapshot->ScanEntries(kH, Index(0), collect).ok());
  EXPECT_TRUE(seen.empty());
}

TEST_P(StoreContract, ScansStateByPrefixInByteOrder) {
  Batch batch;
  batch.state_puts = {{"p", "0"}, {"p\xff", "3"}, {"pb", "2"}, {"pa", "1"}, {"q", "4"}, {"o", "5"}};
  Commit(std::move(batch));
  const auto snapshot = store_->GetSnapshot();
  std::vector<std::string> keys;
  size_t limit = 100;
  const auto collect = [&](absl::string_view key, absl::string_view) {
    keys.emplace_back(key);
    return keys.size() < limit;
  };
  ASSERT_TRUE(snapshot->ScanState("p", collect).ok());
  EXPECT_THAT(keys, ElementsAre("p", "pa", "pb", "p\xff"));
  keys.clear();
  limit = 2;
  ASSERT_TRUE(snapshot->ScanState("", collect).ok());
  EXPECT_THAT(keys, ElementsAre("o", "p"));
}

TEST_P(StoreContract, FindsKeysByPrefixInByteOrderAcrossLedgers) {
  Commit(EntriesBatch(kE, 0, 12));
  Commit(EntriesBatch(kR, 0, 12));
  EXPECT_THAT(FindAll("\1tenth 1"), ElementsAre(KeysAt(kE, 1)[0], KeysAt(kE, 11)[0],
                                                KeysAt(kR, 1)[0], KeysAt(kR, 11)[0]));
  // Seventeen bytes: kind and sixteen of the body, padded with NUL.
  const std::string exact = std::string("\2own 3", 6) + std::string(11, '\0');
  EXPECT_THAT(FindAll(exact), ElementsAre(KeysAt(kE, 3)[1], KeysAt(kR, 3)[1]));
  EXPECT_THAT(FindAll(KeysAt(kR, 4)[1].view()), ElementsAre(KeysAt(kR, 4)[1]));
  EXPECT_TRUE(FindAll("\3").empty());
  EXPECT_EQ(FindAll("").size(), 48u);
}

TEST_P(StoreContract, PagesThroughFindWithoutGapOrRepetitionWhereverKeysStand) {
  constexpr uint64_t kEntries = 137;
  for (uint64_t i = 0; i < kEntries; ++i) {
    Commit(EntriesBatch(kE, i, 1));
    if (i == 55) {
      ASSERT_TRUE(store_->BackgroundStep().value());
    }
  }
  for (absl::string_view prefix : {"", "\1", "\1tenth 7", "\2own 1"}) {
    const std::vector<DerivedKey> all = FindAll(prefix);
    for (size_t limit : {1, 2, 7, 50}) {
      std::vector<DerivedKey> paged;
      absl::optional<DerivedKey> after;
      while (true) {
        const auto page = store_->Find(prefix, after, limit);
        ASSERT_LE(page.size(), limit);
        if (page.empty()) break;
        paged.insert(paged.end(), page.begin(), page.end());
        after = page.back();
      }
      EXPECT_EQ(paged, all) << limit;
    }
  }
  EXPECT_EQ(FindAll("").size(), 2 * kEntries);
  EXPECT_TRUE(store_->Find("\1", absl::nullopt, 0).empty());
}

TEST_P(StoreContract, FindsManyPrefixesAtOnceAsOneByOne) {
  const auto body = [](uint64_t i) { return absl::StrCat("\5", "sixteen bytes ", 10 + i); };
  for (uint64_t i = 0; i < 60; ++i) {
    Batch batch = EntriesBatch(kE, i, 1);
    // Every third token twice, some never.
    if (i % 2 == 0) {
      batch.derived.push_back(
          DerivedKey::Make(5, body(i % 3 == 0 ? 0 : i).substr(1), {kE, Index(i)}));
    }
    Commit(std::move(batch));
    if (i == 31) {
      ASSERT_TRUE(store_->BackgroundStep().ok());
    }
  }
  std::vector<std::string> prefixes;
  for (uint64_t i = 0; i < 70; ++i) prefixes.push_back(body(69 - i));
  const auto each = store_->TryFindEach(prefixes, 3);
  ASSERT_TRUE(each.ok()) << each.status();
  ASSERT_EQ(each->size(), prefixes.size());
  size_t found = 0;
  for (size_t i = 0; i < prefixes.size(); ++i) {
    EXPECT_EQ((*each)[i], store_->Find(prefixes[i], absl::nullopt, 3)) << i;
    found += (*each)[i].size();
  }
  EXPECT_EQ(found, 20u + 3u);
}

TEST_P(StoreContract, StartsAfterAKeyThatStandsBeforeOrPastThePrefix) {
  Commit(EntriesBatch(kE, 0, 20));
  for (int step = 0; step < 2; ++step) {
    EXPECT_EQ(store_->Find("\2", KeysAt(kE, 3)[0], 100).size(), 20u);
    EXPECT_TRUE(store_->Find("\1", KeysAt(kE, 3)[1], 100).empty());
    Commit(EntriesBatch(kE, store_->sizes().exchange.value(), 40 - 20 * step));
    Commit(EntriesBatch(kH, store_->sizes().home.value(), 0));
    if (step == 0) {
      ASSERT_TRUE(store_->BackgroundStep().ok());
      Batch erase;
      for (uint64_t i = 20; i < 60; ++i) erase.erased.push_back(At(kE, i));
      Commit(std::move(erase));
    }
  }
}

TEST_P(StoreContract, MovesTheMarkWithTheFilesAndFindsTheSameBeforeAndAfter) {
  for (uint64_t i = 0; i < 130; ++i) Commit(EntriesBatch(kE, i, 1));
  const std::vector<DerivedKey> before = FindAll("");
  EXPECT_EQ(store_->DerivedMark(), Sizes());
  int steps = 0;
  Sizes last;
  while (store_->BackgroundStep().value()) {
    ++steps;
    EXPECT_LT(last.exchange, store_->DerivedMark().exchange);
    EXPECT_LE(store_->DerivedMark().exchange, store_->sizes().exchange);
    last = store_->DerivedMark();
    EXPECT_EQ(FindAll(""), before);
  }
  EXPECT_GE(steps, 1);
  EXPECT_GE(last.exchange, TreeSize(50));
}

TEST_P(StoreContract, FindsEqualAfterKeysPastTheMarkAreGivenBack) {
  for (uint64_t i = 0; i < 130; ++i) {
    Commit(EntriesBatch(kE, i, 1));
    if (i == 70) {
      ASSERT_TRUE(store_->BackgroundStep().value());
    }
  }
  const std::vector<DerivedKey> before = FindAll("");
  Reopen();
  ASSERT_GT(store_->DerivedMark().exchange, TreeSize(0));
  ASSERT_LT(store_->DerivedMark().exchange, TreeSize(130));
  GiveBackDerived(store_.get());
  EXPECT_EQ(FindAll(""), before);
  // Given twice, found once.
  ASSERT_TRUE(store_->AddDerived(before).ok());
  EXPECT_EQ(FindAll(""), before);
  while (store_->BackgroundStep().value()) {
  }
  EXPECT_EQ(FindAll(""), before);
  EXPECT_EQ(store_->DerivedMark(), store_->sizes());
}

TEST_P(StoreContract, RefusesDerivedKeysOfEntriesThatAreNotThere) {
  Commit(EntriesBatch(kE, 0, 1));
  EXPECT_TRUE(absl::IsInvalidArgument(store_->AddDerived({DerivedKey::Make(1, "x", At(kE, 1))})));
}

TEST_P(StoreContract, ClearsDerivedKeysAndTakesThemAgain) {
  for (uint64_t i = 0; i < 130; ++i) {
    Commit(EntriesBatch(kE, i, 1));
    if (i == 70) {
      ASSERT_TRUE(store_->BackgroundStep().value());
    }
  }
  const std::vector<DerivedKey> before = FindAll("");
  ASSERT_TRUE(store_->ClearDerived().ok());
  EXPECT_EQ(store_->DerivedMark(), Sizes());
  store_->DerivedComplete();
  EXPECT_TRUE(FindAll("").empty());
  ASSERT_TRUE(store_->ClearDerived().ok());
  GiveBackDerived(store_.get());
  EXPECT_EQ(FindAll(""), before);
  Commit(EntriesBatch(kE, 130, 1));
  Reopen();
  EXPECT_EQ(store_->sizes().exchange, TreeSize(131));
  GiveBackDerived(store_.get());
  EXPECT_EQ(FindAll("").size(), before.size() + 2);
}

TEST_P(StoreContract, ClearsStateByPrefix) {
  Batch batch;
  batch.state_puts = {{"fold/a", "1"}, {"fold/b", "1"}, {"fole", "1"}, {"node", "1"}};
  Commit(std::move(batch));
  ASSERT_TRUE(store_->ClearState("fold/").ok());
  Reopen();
  EXPECT_TRUE(absl::IsNotFound(store_->GetState("fold/a").status()));
  EXPECT_TRUE(absl::IsNotFound(store_->GetState("fold/b").status()));
  EXPECT_EQ(store_->GetState("fole").value(), "1");
  ASSERT_TRUE(store_->ClearState("").ok());
  EXPECT_TRUE(absl::IsNotFound(store_->GetState("node").status()));
}

TEST_P(StoreContract, ReadsWholeBatchesWhileOneThreadCommits) {
  constexpr uint64_t kBatches = 60;
  std::atomic<bool> done{false};
  std::thread background([&] {
    while (!done) ASSERT_TRUE(store_->BackgroundStep().ok());
  });
  std::thread reader([&] {
    while (!done) {
      // Each batch holds ten entries, a state key with their number, and two keys for each.
      const auto snapshot = store_->GetSnapshot();
      const uint64_t size = snapshot->sizes().exchange.value();
      EXPECT_EQ(size % 10, 0u);
      if (size == 0) continue;
      EXPECT_EQ(snapshot->GetState("size").value(), absl::StrCat(size));
      const size_t found = store_->Find("\2", absl::nullopt, 100'000).size();
      EXPECT_EQ(found % 10, 0u);
      EXPECT_GE(found + 10, size);  // All but those of the batch under way.
      ExpectRow(snapshot->GetEntry(At(kE, size - 1)), RowAt(kE, size - 1));
      const uint64_t newest = store_->sizes().exchange.value();
      if (newest > 0) ExpectRow(store_->GetEntry(At(kE, newest - 1)), RowAt(kE, newest - 1));
    }
  });
  for (uint64_t i = 0; i < kBatches; ++i) {
    Batch batch = EntriesBatch(kE, i * 10, 10);
    batch.state_puts = {{"size", absl::StrCat(i * 10 + 10)}};
    Commit(std::move(batch));
  }
  done = true;
  reader.join();
  background.join();
  EXPECT_EQ(FindAll("\2").size(), 10 * kBatches);
}

TEST_P(StoreContract, GrowsTheTailWhenNobodyMovesIt) {
  for (uint64_t i = 0; i < 400; ++i) Commit(EntriesBatch(kE, i, 1));
  EXPECT_EQ(FindAll("\2").size(), 400u);
}

TEST_P(StoreContract, TellsItsSizes) {
  Commit(EntriesBatch(kR, 0, 3));
  uint64_t replica = 0;
  for (const auto& statistic : store_->Statistics()) {
    if (statistic.first == "replica_entries") replica = statistic.second;
  }
  EXPECT_EQ(replica, 3u);
}

TEST_P(StoreContract, HeadsAreReplacedWholeAndOutliveReopen) {
  auto heads = durable_.OpenHeads();
  EXPECT_TRUE(absl::IsNotFound(heads->Get("exchange.head").status()));
  ASSERT_TRUE(heads->Put("exchange.head", "a longer first value").ok());
  ASSERT_TRUE(heads->Put("exchange.head", std::string("two\0", 4)).ok());
  ASSERT_TRUE(heads->Put("home.head", "").ok());
  heads = durable_.OpenHeads();
  EXPECT_EQ(heads->Get("exchange.head").value(), std::string("two\0", 4));
  EXPECT_EQ(heads->Get("home.head").value(), "");
}

TEST_P(StoreContract, HeadNamesCannotLeaveTheirFolder) {
  auto heads = durable_.OpenHeads();
  for (const char* name : {"", ".", "..", "../x", "a/b", "A", ".put", "a b"}) {
    EXPECT_TRUE(absl::IsInvalidArgument(heads->Put(name, "x"))) << name;
    EXPECT_TRUE(absl::IsInvalidArgument(heads->Get(name).status())) << name;
  }
}

}  // namespace
}  // namespace lintas

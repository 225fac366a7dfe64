// What a lookup costs, and what it says when the disk under it is damaged.
#include <gtest/gtest.h>

#include "server/records/bulk.h"
#include "server/records/reader.h"
#include "server/records/writer.h"
#include "tests/support/migration_calls.h"

namespace lintas {
namespace {

// Hands reads on to another store, counts them, and fails those of derived keys if told to.
class CountingStore final : public Store {
 public:
  explicit CountingStore(Store* inner) : inner_(inner) {}

  absl::Status Commit(Batch&& batch) override { return inner_->Commit(std::move(batch)); }
  Sizes sizes() const override { return inner_->sizes(); }
  std::unique_ptr<Snapshot> GetSnapshot() const override { return inner_->GetSnapshot(); }
  absl::StatusOr<EntryRow> GetEntry(Position position) const override {
    ++entry_reads;
    return inner_->GetEntry(position);
  }
  absl::StatusOr<std::string> GetTile(LedgerId ledger, int level, uint64_t index) const override {
    return inner_->GetTile(ledger, level, index);
  }
  absl::StatusOr<std::string> GetState(absl::string_view key) const override {
    return inner_->GetState(key);
  }
  absl::StatusOr<std::vector<DerivedKey>> TryFind(absl::string_view prefix,
                                                  const absl::optional<DerivedKey>& after,
                                                  size_t limit) const override {
    if (key_reads++ >= keys_readable) return absl::DataLossError("a key file is damaged");
    return inner_->TryFind(prefix, after, limit);
  }
  Sizes DerivedMark() const override { return inner_->DerivedMark(); }
  absl::Status AddDerived(std::vector<DerivedKey> keys) override {
    return inner_->AddDerived(std::move(keys));
  }
  void DerivedComplete() override { inner_->DerivedComplete(); }
  absl::Status ClearDerived() override { return inner_->ClearDerived(); }
  absl::Status ClearState(absl::string_view prefix) override { return inner_->ClearState(prefix); }
  absl::StatusOr<bool> BackgroundStep() override { return inner_->BackgroundStep(); }
  absl::Status CompactErased() override { return inner_->CompactErased(); }
  std::vector<std::pair<std::string, uint64_t>> Statistics() const override {
    return inner_->Statistics();
  }

  mutable int entry_reads = 0, key_reads = 0;
  int keys_readable = 1 << 30;  // Reads of keys before the damage shows.

 private:
  Store* const inner_;
};

class LookupTest : public testing::Test, protected MigrationCalls {
 protected:
  LookupTest() : store_(&idn.store()) {
    const auto made = Create(idn, MakeCrossing());
    LINTAS_CHECK(made.ok());
    name_ = made->name();
    deps_ = idn.node->deps();
    deps_.store = &store_;
    query_.document_number = "X0000001";
  }
  absl::StatusOr<Reader::Page> FindIn(const Reader& reader) {
    return reader.Find(query_, absl::nullopt, 50, idn.store().sizes());
  }
  lintas::Call CallNow() {
    lintas::Call call;
    call.principal = PrincipalAt(idn, Officer());
    call.method = "test";
    call.now = clock.now;
    return call;
  }
  CountingStore store_;
  RecordsDeps deps_;
  FindQuery query_;
  std::string name_;
};

TEST_F(LookupTest, RefusesATextThatIsLongerThanARecordMayHold) {
  mi::FindRecordsRequest request;
  // Enough words for more subject tokens than an access entry holds.
  for (int i = 0; i < 60'000; ++i) absl::StrAppend(request.mutable_person_name(), "W", i, " ");
  EXPECT_EQ(ErrorReason(Find(idn, request).status()), "INVALID_FIELDS");
  request.set_person_name("");
  request.set_document_number(std::string(201, 'X'));
  EXPECT_EQ(ErrorReason(Find(idn, request).status()), "INVALID_FIELDS");
  request.set_document_number(std::string(200, 'X'));
  EXPECT_TRUE(Find(idn, request).ok());
}

TEST_F(LookupTest, ReadsTheEntryOfItsOneHitOnce) {
  const Reader reader(deps_);
  const auto page = FindIn(reader);
  ASSERT_TRUE(page.ok()) << page.status();
  ASSERT_EQ(page->records.size(), 1);
  EXPECT_EQ(store_.entry_reads, 1);
  EXPECT_EQ(store_.key_reads, 2);  // The document's and the record's.
}

TEST_F(LookupTest, ReadsOneMoreForTheSectionsKeptAtHome) {
  ASSERT_TRUE(Create(idn, MakeStayPermit({}, "Y0000001")).ok());
  query_.document_number = "Y0000001";
  const Reader reader(deps_);
  ASSERT_EQ(FindIn(reader)->records.size(), 1);
  EXPECT_EQ(store_.entry_reads, 2);
}

TEST_F(LookupTest, ReadsNothingForAMiss) {
  query_.document_number = "X0000002";
  const Reader reader(deps_);
  EXPECT_TRUE(FindIn(reader)->records.empty());
  EXPECT_EQ(store_.entry_reads, 0);
  EXPECT_EQ(store_.key_reads, 1);
}

TEST_F(LookupTest, GivesNoAnswerFromADamagedKeyFile) {
  const Reader reader(deps_);
  // Neither where the term's keys are damaged nor where the record's are.
  for (store_.keys_readable = 0; store_.keys_readable < 2; ++store_.keys_readable) {
    store_.key_reads = 0;
    EXPECT_TRUE(absl::IsDataLoss(FindIn(reader).status()));
  }
  store_.keys_readable = store_.key_reads = 0;
  const auto name = ParseRecordName(name_, *deps_.types);
  ASSERT_TRUE(name.ok());
  EXPECT_TRUE(absl::IsDataLoss(reader.Get(*name).status()));
  EXPECT_TRUE(absl::IsDataLoss(reader.Revisions(*name).status()));
  EXPECT_TRUE(absl::IsDataLoss(
      reader.List(*name->type, "idn", absl::nullopt, 50, idn.store().sizes()).status()));
}

TEST_F(LookupTest, GivesNoAnswerFromADamagedEntry) {
  const auto position = FindIn(Reader(deps_))->records.at(0).position;
  idn.disk().FlipBitForTest(position, /*in_payload=*/true);
  EXPECT_FALSE(FindIn(Reader(deps_)).ok());
}

TEST_F(LookupTest, WritesNothingOverADamagedKeyFile) {
  const Reader reader(deps_);
  Writer writer(deps_, &reader, nullptr);
  const auto name = ParseRecordName(name_, *deps_.types);
  const size_t entries = idn.Entries(LedgerId::kExchange).size();
  // First the request's key, then those of the record.
  for (store_.keys_readable = 0; store_.keys_readable < 3; ++store_.keys_readable) {
    for (const bool recall : {false, true}) {
      store_.key_reads = 0;
      absl::Status status;
      const auto done = [&](absl::StatusOr<Writer::Written> written) { status = written.status(); };
      if (recall) {
        writer.Recall(CallNow(), *name, "WRONG_FACT", NextRequestId(), done);
      } else {
        writer.Withdraw(CallNow(), *name, "WRONG_FACT", NextRequestId(), done);
      }
      EXPECT_TRUE(absl::IsDataLoss(status)) << store_.keys_readable << status;
    }
  }
  store_.keys_readable = store_.key_reads = 0;
  EXPECT_TRUE(absl::IsDataLoss(BulkImport::CommittedRow(deps_, "spiffe://x", "i1").status()));
  Settle();
  EXPECT_EQ(idn.Entries(LedgerId::kExchange).size(), entries);
}

}  // namespace
}  // namespace lintas

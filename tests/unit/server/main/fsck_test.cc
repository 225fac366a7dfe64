#include "server/main/fsck.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "server/records/derived.h"
#include "tests/support/procedure_calls.h"

namespace lintas {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

// The store with one derived key gone from its files.
class WithoutKey final : public Store {
 public:
  WithoutKey(Store* store, const DerivedKey& lost) : store_(store), lost_(lost) {}
  absl::StatusOr<std::vector<DerivedKey>> TryFind(absl::string_view prefix,
                                                  const absl::optional<DerivedKey>& after,
                                                  size_t limit) const override {
    absl::StatusOr<std::vector<DerivedKey>> found = store_->TryFind(prefix, after, limit);
    if (found.ok()) found->erase(std::remove(found->begin(), found->end(), lost_), found->end());
    return found;
  }
  absl::Status Commit(Batch&& batch) override { return store_->Commit(std::move(batch)); }
  Sizes sizes() const override { return store_->sizes(); }
  std::unique_ptr<Snapshot> GetSnapshot() const override { return store_->GetSnapshot(); }
  absl::StatusOr<EntryRow> GetEntry(Position position) const override {
    return store_->GetEntry(position);
  }
  absl::StatusOr<std::string> GetTile(LedgerId ledger, int level, uint64_t index) const override {
    return store_->GetTile(ledger, level, index);
  }
  absl::StatusOr<std::string> GetState(absl::string_view key) const override {
    return store_->GetState(key);
  }
  Sizes DerivedMark() const override { return store_->DerivedMark(); }
  absl::Status AddDerived(std::vector<DerivedKey> keys) override {
    return store_->AddDerived(std::move(keys));
  }
  void DerivedComplete() override { store_->DerivedComplete(); }
  absl::Status ClearDerived() override { return store_->ClearDerived(); }
  absl::Status ClearState(absl::string_view prefix) override { return store_->ClearState(prefix); }
  absl::StatusOr<bool> BackgroundStep() override { return store_->BackgroundStep(); }
  absl::Status CompactErased() override { return store_->CompactErased(); }
  std::vector<std::pair<std::string, uint64_t>> Statistics() const override {
    return store_->Statistics();
  }

 private:
  Store* const store_;
  const DerivedKey lost_;
};

class FsckTest : public testing::Test, protected ProcedureCalls {
 protected:
  FsckTest() {
    for (int i = 0; i < 5; ++i) {
      PersonForTest person;
      // One word twice: an entry then gives one derived key twice.
      person.given = "PUTRI PUTRI";
      LINTAS_CHECK(Create(idn, MakeCrossing(person, absl::StrCat("X000000", i))).ok());
      LINTAS_CHECK(Create(khm, MakeStayPermit(person, absl::StrCat("N000000", i))).ok());
    }
    Settle();
  }
  FsckReport Run() { return Run(&idn.store()); }
  FsckReport Run(Store* store) {
    NodeOptions options;
    options.country = "idn";
    options.partner_country = "khm";
    options.exercise = true;
    const FsckKeys keys{NodeKeysForTest("idn").log.verify_key(),
                        NodeKeysForTest("khm").log.verify_key()};
    absl::StatusOr<FsckReport> report = Fsck(options, idn.Seal(), keys, store, &idn.heads());
    LINTAS_CHECK(report.ok());
    return *report;
  }
  std::vector<DerivedKey> Keys() { return idn.store().Find("", absl::nullopt, 100'000); }
};

TEST_F(FsckTest, FindsNothingWrongWithAWholeNode) {
  const FsckReport report = Run();
  EXPECT_THAT(report.faults, IsEmpty());
  EXPECT_EQ(report.derived_keys, Keys().size());
  EXPECT_GT(report.entries, 10u);
}

TEST_F(FsckTest, FindsNothingWrongWithAProcedureInACase) {
  ASSERT_TRUE(Open(idn, RecordRequestForTest(), "ASK", OfficerIn("C-1")).ok());
  Settle();
  EXPECT_THAT(Run().faults, IsEmpty());
}

TEST_F(FsckTest, NamesADerivedKeyThatIsMissing) {
  const std::vector<DerivedKey> keys = idn.store().Find("\1", absl::nullopt, 1);
  ASSERT_EQ(keys.size(), 1u);
  WithoutKey store(&idn.store(), keys[0]);
  EXPECT_THAT(Run(&store).faults, ElementsAre(HasSubstr("derived key of kind 1 of ")));
}

TEST_F(FsckTest, CountsADerivedKeyThatNoEntryGives) {
  ASSERT_TRUE(idn.store()
                  .AddDerived({DerivedKey::Make(kTermDocument, "nobody's token",
                                                {LedgerId::kExchange, Index(0)})})
                  .ok());
  idn.store().DerivedComplete();
  EXPECT_THAT(Run().faults, ElementsAre(HasSubstr("derived keys stand in the store")));
}

TEST_F(FsckTest, NamesAnEntryOfWhichABitFlipped) {
  idn.disk().FlipBitForTest({LedgerId::kExchange, Index(2)}, /*in_payload=*/true);
  const FsckReport report = Run();
  EXPECT_THAT(report.faults, testing::Contains(HasSubstr("exchange/2")));
}

}  // namespace
}  // namespace lintas

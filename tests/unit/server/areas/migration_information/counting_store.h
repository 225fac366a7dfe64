// A store that counts how often it is read, over another one. For tests only.
#ifndef LINTAS_TESTS_UNIT_SERVER_AREAS_MIGRATION_INFORMATION_COUNTING_STORE_H_
#define LINTAS_TESTS_UNIT_SERVER_AREAS_MIGRATION_INFORMATION_COUNTING_STORE_H_

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "server/store/store.h"

namespace lintas {

class CountingStore final : public Store {
 public:
  explicit CountingStore(Store* under) : under_(under) {}

  mutable int reads = 0;  // Entries, states and searches.

  absl::Status Commit(Batch&& batch) override { return under_->Commit(std::move(batch)); }
  Sizes sizes() const override { return under_->sizes(); }
  std::unique_ptr<Snapshot> GetSnapshot() const override { return under_->GetSnapshot(); }
  absl::StatusOr<EntryRow> GetEntry(Position position) const override {
    ++reads;
    return under_->GetEntry(position);
  }
  absl::StatusOr<std::string> GetTile(LedgerId ledger, int level, uint64_t index) const override {
    return under_->GetTile(ledger, level, index);
  }
  absl::StatusOr<std::string> GetState(absl::string_view key) const override {
    ++reads;
    return under_->GetState(key);
  }
  absl::StatusOr<std::vector<DerivedKey>> TryFind(absl::string_view prefix,
                                                  const absl::optional<DerivedKey>& after,
                                                  size_t limit) const override {
    ++reads;
    return under_->TryFind(prefix, after, limit);
  }
  Sizes DerivedMark() const override { return under_->DerivedMark(); }
  absl::Status AddDerived(std::vector<DerivedKey> keys) override {
    return under_->AddDerived(std::move(keys));
  }
  void DerivedComplete() override { under_->DerivedComplete(); }
  absl::Status ClearDerived() override { return under_->ClearDerived(); }
  absl::Status ClearState(absl::string_view prefix) override { return under_->ClearState(prefix); }
  absl::StatusOr<bool> BackgroundStep() override { return under_->BackgroundStep(); }
  absl::Status CompactErased() override { return under_->CompactErased(); }
  std::vector<std::pair<std::string, uint64_t>> Statistics() const override {
    return under_->Statistics();
  }

 private:
  Store* const under_;
};

}  // namespace lintas

#endif  // LINTAS_TESTS_UNIT_SERVER_AREAS_MIGRATION_INFORMATION_COUNTING_STORE_H_

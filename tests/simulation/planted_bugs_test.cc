// Bugs planted on purpose: the simulation must find each within a bound of seeds, or it proves
// nothing. The number of seeds it took is printed and recorded.
#include <cstdio>
#include <string>

#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"
#include "tests/simulation/world.h"

namespace lintas::simulation {
namespace {

constexpr int kSeedsMax = 100;

// Hands everything on; what is planted overrides Commit.
class PassingStore : public Store {
 public:
  explicit PassingStore(std::unique_ptr<Store> inner) : inner_(std::move(inner)) {}
  absl::Status Commit(Batch&& batch) override { return inner_->Commit(std::move(batch)); }
  Sizes sizes() const override { return inner_->sizes(); }
  std::unique_ptr<Snapshot> GetSnapshot() const override { return inner_->GetSnapshot(); }
  absl::StatusOr<EntryRow> GetEntry(Position position) const override {
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

 protected:
  const std::unique_ptr<Store> inner_;
};

// Says that a failed write is on disk.
class AcknowledgesBeforeItStores final : public PassingStore {
 public:
  using PassingStore::PassingStore;
  absl::Status Commit(Batch&& batch) override {
    PassingStore::Commit(std::move(batch)).IgnoreError();
    return absl::OkStatus();
  }
};

// The partner's recalls destroy nothing.
class ForgetsErasure final : public PassingStore {
 public:
  using PassingStore::PassingStore;
  absl::Status Commit(Batch&& batch) override {
    if (!batch.entries[static_cast<int>(LedgerId::kReplica)].empty()) batch.erased.clear();
    return PassingStore::Commit(std::move(batch));
  }
};

// Counts a withdrawal of the partner's twice.
class CountsTwice final : public PassingStore {
 public:
  using PassingStore::PassingStore;
  absl::Status Commit(Batch&& batch) override {
    for (auto& [key, value] : batch.state_puts) {
      int64_t count = 0;
      if (absl::StartsWith(key, "x/count/khm/") && absl::EndsWith(key, "/withdrawn") &&
          absl::SimpleAtoi(value, &count)) {
        value = absl::StrCat(count + 1);
      }
    }
    return PassingStore::Commit(std::move(batch));
  }
};

// Loses the search terms of some entries.
class LosesTerms final : public PassingStore {
 public:
  using PassingStore::PassingStore;
  absl::Status Commit(Batch&& batch) override {
    if (batch.derived.size() > 20) batch.derived.pop_back();
    return PassingStore::Commit(std::move(batch));
  }
};

template <typename Planted>
void ExpectFound(const char* name) {
  RunOptions options;
  options.store_wrapper = [](std::unique_ptr<Store> inner) -> std::unique_ptr<Store> {
    return std::make_unique<Planted>(std::move(inner));
  };
  for (int seed = 1; seed <= kSeedsMax; ++seed) {
    const RunResult result = RunSeed(seed, options);
    if (result.status.ok()) continue;
    std::printf("%s is found after %d seeds, at tick %d: %s\n", name, seed, result.ticks,
                std::string(result.status.message()).c_str());
    testing::Test::RecordProperty("seeds", seed);
    return;
  }
  FAIL() << name << " is not found in " << kSeedsMax << " seeds";
}

TEST(Simulation, FindsPlantedAcknowledgementBeforeStoring) {
  ExpectFound<AcknowledgesBeforeItStores>("acknowledgement before storing");
}

TEST(Simulation, FindsPlantedForgottenErasure) { ExpectFound<ForgetsErasure>("forgotten erasure"); }

TEST(Simulation, FindsPlantedDoubleCount) { ExpectFound<CountsTwice>("double count"); }

TEST(Simulation, FindsPlantedLostTerms) { ExpectFound<LosesTerms>("lost terms"); }

}  // namespace
}  // namespace lintas::simulation

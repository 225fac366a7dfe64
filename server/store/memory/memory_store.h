// MemoryStore: the store contract without a disk, for the simulation and for fast tests.
//
// MemoryDisk is the durable image and outlives the store object: drop the store, open another on
// the same disk, and that was a crash. What a crash loses is exactly what the contract lets it lose
// (S4): derived keys that no BackgroundStep() had moved to the disk. Opening fences every earlier
// store on the same disk: its commits return kUnavailable.
//
// Faults are named and drawn by the simulation. All are one-shot except DiskFull.
#ifndef LINTAS_SERVER_STORE_MEMORY_MEMORY_STORE_H_
#define LINTAS_SERVER_STORE_MEMORY_MEMORY_STORE_H_

#include <cstdint>
#include <memory>
#include <string>

#include "absl/container/flat_hash_map.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/synchronization/mutex.h"
#include "server/store/store.h"

namespace lintas {

enum class CommitFault {
  kNone,
  // Nothing is written; the commit returns kUnavailable.
  kCrashBeforeCommit,
  // Half of the batch reached the disk. Opening drops it: to a reader the same as never written.
  kTornBatch,
  // The batch is durable, and yet the commit returns kUnavailable: the lost acknowledgement.
  kCrashAfterCommit,
};

// May be called from several threads at once.
class MemoryDisk {
 public:
  MemoryDisk();
  ~MemoryDisk();

  // Faults. `n` counts commits from the next one, which is 1.
  void FailNthCommit(int n, CommitFault fault);
  // While full, commits write nothing and return kResourceExhausted.
  void SetDiskFull(bool full);
  // At the next open, keys past an earlier mark drawn from `seed` are gone from the disk too.
  void LoseDerivedAtOpen(uint64_t seed);
  // The next BackgroundStep() stops after its n-th durable step (1: file written, 2: ingested) with
  // kUnavailable.
  void FailBackgroundAfter(int step);
  // Flips one bit of a stored header or payload, for tests that must notice.
  void FlipBitForTest(Position position, bool in_payload);

  // The present state as another disk; the two share nothing afterwards. For tests that go back.
  std::shared_ptr<MemoryDisk> CloneForTest() const;

 private:
  friend class MemoryStore;
  friend class MemorySnapshot;
  struct Image;
  std::unique_ptr<Image> image_;
};

struct MemoryStoreOptions {
  // The tail of derived keys is frozen when it holds those of so many entries.
  uint64_t tail_entries_max = 100'000;
};

class MemoryStore : public Store {
 public:
  static std::unique_ptr<MemoryStore> Open(std::shared_ptr<MemoryDisk> disk,
                                           const MemoryStoreOptions& options = {});
  ~MemoryStore() override;

  absl::Status Commit(Batch&& batch) override;
  Sizes sizes() const override;
  std::unique_ptr<Snapshot> GetSnapshot() const override;
  absl::StatusOr<EntryRow> GetEntry(Position position) const override;
  absl::StatusOr<std::string> GetTile(LedgerId ledger, int level, uint64_t index) const override;
  absl::StatusOr<std::string> GetState(absl::string_view key) const override;
  absl::StatusOr<std::vector<DerivedKey>> TryFind(absl::string_view prefix,
                                                  const absl::optional<DerivedKey>& after,
                                                  size_t limit) const override;
  Sizes DerivedMark() const override;
  absl::Status AddDerived(std::vector<DerivedKey> keys) override;
  void DerivedComplete() override;
  absl::Status ClearDerived() override;
  absl::Status ClearState(absl::string_view prefix) override;
  absl::StatusOr<bool> BackgroundStep() override;
  absl::Status CompactErased() override;
  std::vector<std::pair<std::string, uint64_t>> Statistics() const override;

 private:
  struct Tail;
  MemoryStore(std::shared_ptr<MemoryDisk> disk, const MemoryStoreOptions& options);
  // Why this store takes no more writes, or OK. The disk's lock is held.
  absl::Status Writable() const;
  void FreezeIfFull();

  const std::shared_ptr<MemoryDisk> disk_;
  const MemoryStoreOptions options_;
  uint64_t epoch_ = 0;
  std::unique_ptr<Tail> tail_;  // Guarded by the disk's lock.
};

// The durable image of a MemoryHeadStore.
class MemoryHeadDisk {
 public:
  // The next Put fails with kUnavailable; the value is stored nevertheless if `stored`.
  void FailNextPut(bool stored);
  std::shared_ptr<MemoryHeadDisk> CloneForTest() const;

 private:
  friend class MemoryHeadStore;
  mutable absl::Mutex mutex_;
  absl::flat_hash_map<std::string, std::string> values_ ABSL_GUARDED_BY(mutex_);
  bool fail_next_ ABSL_GUARDED_BY(mutex_) = false;
  bool store_failed_ ABSL_GUARDED_BY(mutex_) = false;
};

class MemoryHeadStore : public HeadStore {
 public:
  explicit MemoryHeadStore(std::shared_ptr<MemoryHeadDisk> disk) : disk_(std::move(disk)) {}
  absl::StatusOr<std::string> Get(absl::string_view name) const override;
  absl::Status Put(absl::string_view name, absl::string_view value) override;

 private:
  const std::shared_ptr<MemoryHeadDisk> disk_;
};

}  // namespace lintas

#endif  // LINTAS_SERVER_STORE_MEMORY_MEMORY_STORE_H_

// RocksDbStore: the embedded store. The ledger is what a commit makes durable, by one synced write
// of the log; derived keys stand in memory until the background writes them as sorted files (P16).
//
// Families: default (format, sizes, derived mark); header, payload and key, one of each for each
// ledger, so that files of one family never overlap and are moved, not rewritten; tile; state;
// erased; derived. Keys of entries are the index, 8 bytes big-endian.
//
//   R1  `sizes` is written by the same batch as the entries. Open() compares it with the headers
//   that
//       are there, by last index and by count; a difference is kDataLoss.
//   R2  The log tolerates a torn last record only (P9). A damaged record anywhere is kDataLoss.
//   R3  A payload that is missing although its entry is not erased is kDataLoss, never an empty
//   one. R4  A crash between any two of freeze, write, ingest, mark leaves a mark that is true. R5
//   Nothing of a database of an unknown format is changed by opening it.
//
// Erased entries leave no delete marks in the derived family: a set in memory, kept by the erased
// family, hides their keys from searches, and compactions leave them out.
#ifndef LINTAS_SERVER_STORE_ROCKSDB_ROCKSDB_STORE_H_
#define LINTAS_SERVER_STORE_ROCKSDB_ROCKSDB_STORE_H_

#include <atomic>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "server/store/rocksdb/derived_tail.h"
#include "server/store/rocksdb/erased_set.h"
#include "server/store/store.h"

namespace rocksdb {
class ColumnFamilyHandle;
class DB;
class Env;
class Status;
class WriteBatch;
struct ReadOptions;
}  // namespace rocksdb

namespace lintas {

struct RocksDbStoreOptions {
  // Made if it is not there; its parent must be.
  std::string path;
  // Null: the operating system's files. Crash tests hand in one that forgets. Outlives the store.
  rocksdb::Env* env = nullptr;
  // The tail of derived keys is frozen when it holds those of so many entries. It takes twice as
  // many while a frozen one is still being written; then a commit writes that file itself.
  uint64_t tail_entries_max = 100'000;
  // Blocks of files kept in memory.
  size_t block_cache_bytes = size_t{256} << 20;
  // What a payload family gathers in memory before it is written as a file; header and key families
  // gather a half and an eighth. At most three of each exist at once.
  size_t write_buffer_bytes = size_t{32} << 20;
  // Threads that write and merge files.
  int background_jobs = 3;
};

// See Store for threads. BackgroundStep() and CompactErased() may run at once.
class RocksDbStore : public Store {
 public:
  // kDataLoss: R1, R2, or a file is damaged. kFailedPrecondition: a format that this program does
  // not know, or the folder is in use.
  static absl::StatusOr<std::unique_ptr<RocksDbStore>> Open(const RocksDbStoreOptions& options);
  ~RocksDbStore() override;

  absl::Status Commit(Batch&& batch) override;
  Sizes sizes() const override;
  std::unique_ptr<Snapshot> GetSnapshot() const override;
  absl::StatusOr<EntryRow> GetEntry(Position position) const override;
  absl::StatusOr<std::string> GetTile(LedgerId ledger, int level, uint64_t index) const override;
  absl::StatusOr<std::string> GetState(absl::string_view key) const override;
  absl::StatusOr<std::vector<DerivedKey>> TryFind(absl::string_view prefix,
                                                  const absl::optional<DerivedKey>& after,
                                                  size_t limit) const override;
  absl::StatusOr<std::vector<std::vector<DerivedKey>>> TryFindEach(
      const std::vector<std::string>& prefixes, size_t limit) const override;
  Sizes DerivedMark() const override;
  absl::Status AddDerived(std::vector<DerivedKey> keys) override;
  void DerivedComplete() override;
  absl::Status ClearDerived() override;
  absl::Status ClearState(absl::string_view prefix) override;
  absl::StatusOr<bool> BackgroundStep() override;
  // kUnavailable: a snapshot older than the call still holds erased bytes; release it, call again.
  absl::Status CompactErased() override;
  std::vector<std::pair<std::string, uint64_t>> Statistics() const override;

 private:
  friend class RocksDbSnapshot;
  explicit RocksDbStore(RocksDbStoreOptions options);

  absl::Status OpenDatabase();
  absl::Status CheckFormat();
  absl::Status CheckSizes();
  absl::Status LoadErased();
  absl::Status CheckWritable() const;
  // Notes that what is on disk is unknown (S6) and says what went wrong.
  absl::Status Fail(const rocksdb::Status& status, const char* doing);

  void AddEntries(const Batch& batch, const Sizes& before, rocksdb::WriteBatch* writes) const;
  absl::Status Write(const Batch& batch, const Sizes& before, const Sizes& after)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(commit_mutex_);
  absl::Status FreezeIfFull();

  struct DerivedView;
  DerivedView ViewDerived(const rocksdb::ReadOptions& read) const;
  absl::Status FindIn(DerivedView* view, absl::string_view prefix,
                      const absl::optional<DerivedKey>& after, size_t limit,
                      std::vector<DerivedKey>* found) const;
  absl::Status WriteTailFile(const std::vector<DerivedTail::Run>& runs, bool* any);
  absl::StatusOr<bool> StepLocked() ABSL_EXCLUSIVE_LOCKS_REQUIRED(background_mutex_);

  absl::StatusOr<std::vector<Position>> PendingErased() const;
  absl::Status CompactEntries(const std::vector<Position>& pending);
  absl::Status MarkCompacted(const std::vector<Position>& pending);
  absl::Status AwaitFileDeletions();

  absl::StatusOr<EntryRow> ReadEntry(Position position, const rocksdb::ReadOptions& read) const;
  absl::StatusOr<bool> IsErased(Position position, const rocksdb::ReadOptions& read) const;
  absl::StatusOr<std::string> Read(int family, absl::string_view key,
                                   const rocksdb::ReadOptions& read) const;

  const RocksDbStoreOptions options_;
  const std::string tail_file_;
  // Stands before the database, whose compactions ask it until the last one has ended.
  ErasedSet erased_;
  DerivedTail tail_;
  std::unique_ptr<rocksdb::DB> db_;
  std::vector<rocksdb::ColumnFamilyHandle*> families_;

  // Taken in this order.
  absl::Mutex compact_mutex_;
  absl::Mutex background_mutex_;
  absl::Mutex commit_mutex_;
  std::unique_ptr<rocksdb::WriteBatch> writes_ ABSL_GUARDED_BY(commit_mutex_);
  // Held shared by searches: ClearDerived() exchanges the family under them.
  mutable absl::Mutex derived_mutex_;
  mutable absl::Mutex sizes_mutex_;
  Sizes sizes_ ABSL_GUARDED_BY(sizes_mutex_);
  Sizes mark_ ABSL_GUARDED_BY(sizes_mutex_);

  std::atomic<bool> complete_{false};
  std::atomic<bool> failed_{false};
  std::atomic<uint64_t> commits_{0}, commit_us_{0}, ingests_{0}, steps_in_commit_{0};
};

}  // namespace lintas

#endif  // LINTAS_SERVER_STORE_ROCKSDB_ROCKSDB_STORE_H_

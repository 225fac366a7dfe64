// RocksDbStore: erasing for good.
#include <rocksdb/db.h>
#include <rocksdb/env.h>
#include <rocksdb/write_batch.h>

#include <algorithm>
#include <memory>
#include <set>

#include "absl/strings/match.h"
#include "server/base/bytes.h"
#include "server/base/check.h"
#include "server/base/error.h"
#include "server/base/status.h"
#include "server/store/rocksdb/families.h"
#include "server/store/rocksdb/rocksdb_keys.h"
#include "server/store/rocksdb/rocksdb_status.h"
#include "server/store/rocksdb/rocksdb_store.h"

namespace lintas {

using rocksdb::Slice;

absl::StatusOr<std::vector<Position>> RocksDbStore::PendingErased() const {
  std::vector<Position> pending;
  std::unique_ptr<rocksdb::Iterator> it(
      db_->NewIterator(rocksdb::ReadOptions(), families_[kErasedFamily]));
  for (it->SeekToFirst(); it->Valid(); it->Next()) {
    if (it->value() == kErasedPending) {
      pending.push_back(Position::FromPacked(LoadBigEndian64(it->key().data())));
    }
  }
  RETURN_IF_ERROR(ToStatus(it->status(), "compact"));
  return pending;
}

absl::Status RocksDbStore::CompactEntries(const std::vector<Position>& pending) {
  rocksdb::CompactRangeOptions compact;
  compact.exclusive_manual_compaction = false;
  compact.bottommost_level_compaction = rocksdb::BottommostLevelCompaction::kForce;
  // Neighbours in one go: a file holds some 50,000 payloads, so a smaller step would rewrite it
  // again.
  constexpr uint64_t kGapMax = 65'536;
  for (size_t i = 0; i < pending.size();) {
    size_t last = i;
    while (last + 1 < pending.size() &&
           pending[last + 1].Packed() - pending[last].Packed() < kGapMax) {
      ++last;
    }
    const IndexKey from(pending[i].index.value()), to(pending[last].index.value());
    const Slice begin = from.slice(), end = to.slice();
    for (int family : {kPayloadFamily, kKeyFamily}) {
      rocksdb::ColumnFamilyHandle* handle = families_[family + static_cast<int>(pending[i].ledger)];
      RETURN_IF_ERROR(ToStatus(db_->CompactRange(compact, handle, &begin, &end), "compact"));
    }
    i = last + 1;
  }
  return ToStatus(db_->CompactRange(compact, families_[kDerivedFamily], nullptr, nullptr),
                  "compact");
}

absl::Status RocksDbStore::MarkCompacted(const std::vector<Position>& pending) {
  rocksdb::WriteBatch writes;
  for (Position position : pending) {
    writes.Put(families_[kErasedFamily], IndexKey(position.Packed()).slice(), kErasedCompacted);
  }
  rocksdb::WriteOptions synced;
  synced.sync = true;
  const rocksdb::Status written = db_->Write(synced, &writes);
  if (!written.ok()) return Fail(written, "compact");
  return absl::OkStatus();
}

absl::Status RocksDbStore::AwaitFileDeletions() {
  rocksdb::Env* env = db_->GetEnv();
  const std::string folder = options_.path + "/db";
  constexpr int kTries = 3'000;
  constexpr int kWaitUs = 10'000;
  for (int i = 0; i < kTries; ++i) {
    std::vector<std::string> there, live;
    uint64_t manifest_bytes = 0;
    rocksdb::VectorLogPtr logs;
    RETURN_IF_ERROR(ToStatus(env->GetChildren(folder, &there), "compact"));
    RETURN_IF_ERROR(ToStatus(db_->GetLiveFiles(live, &manifest_bytes, false), "compact"));
    RETURN_IF_ERROR(ToStatus(db_->GetSortedWalFiles(logs), "compact"));
    std::set<std::string> known;
    for (const std::string& name : live) known.insert(name.substr(1));
    for (const auto& log : logs) known.insert(log->PathName().substr(1));
    const bool stale = std::any_of(there.begin(), there.end(), [&](const std::string& name) {
      return (absl::EndsWith(name, ".sst") || absl::StartsWith(name, "MANIFEST-")) &&
             known.count(name) == 0;
    });
    if (!stale) return absl::OkStatus();
    env->SleepForMicroseconds(kWaitUs);
  }
  return MakeError(absl::StatusCode::kUnavailable, "ERASED_BYTES_HELD",
                   "A reader still holds files with erased bytes; try again.");
}

absl::Status RocksDbStore::CompactErased() {
  absl::MutexLock lock(&compact_mutex_);
  RETURN_IF_ERROR(CheckWritable());
  ASSIGN_OR_RETURN(const std::vector<Position> pending, PendingErased());
  if (pending.empty()) return absl::OkStatus();
  // A step under way may have written keys of theirs to its file; later ones leave them out.
  { absl::MutexLock step(&background_mutex_); }
  const uint64_t started = db_->GetLatestSequenceNumber();
  // Every log that holds an erased payload becomes needless and is deleted.
  RETURN_IF_ERROR(ToStatus(db_->Flush(rocksdb::FlushOptions(), families_), "compact"));
  RETURN_IF_ERROR(CompactEntries(pending));
  uint64_t snapshots = 0, oldest = 0;
  db_->GetIntProperty(rocksdb::DB::Properties::kNumSnapshots, &snapshots);
  db_->GetIntProperty(rocksdb::DB::Properties::kOldestSnapshotSequence, &oldest);
  if (snapshots > 0 && oldest < started) {
    return MakeError(absl::StatusCode::kUnavailable, "ERASED_BYTES_HELD",
                     "A snapshot still holds erased bytes; release it and try again.");
  }
  RETURN_IF_ERROR(MarkCompacted(pending));
  // Each flush begins a fresh manifest without the keys of files that are gone.
  for (int family : {kErasedFamily, kMetaFamily}) {
    RETURN_IF_ERROR(ToStatus(db_->Flush(rocksdb::FlushOptions(), families_[family]), "compact"));
  }
  RETURN_IF_ERROR(ToStatus(db_->DisableFileDeletions(), "compact"));
  RETURN_IF_ERROR(ToStatus(db_->EnableFileDeletions(/*force=*/true), "compact"));
  return AwaitFileDeletions();
}

}  // namespace lintas

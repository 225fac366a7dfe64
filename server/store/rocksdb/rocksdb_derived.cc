// RocksDbStore: derived keys, and what a rebuild clears.
#include <rocksdb/db.h>
#include <rocksdb/sst_file_writer.h>
#include <rocksdb/write_batch.h>

#include <algorithm>
#include <cstring>
#include <memory>
#include <utility>

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

// One moment of the keys: the runs of the tail and an iterator over the files.
struct RocksDbStore::DerivedView {
  std::vector<DerivedTail::Run> runs;
  std::unique_ptr<rocksdb::Iterator> files;
};

RocksDbStore::DerivedView RocksDbStore::ViewDerived(const rocksdb::ReadOptions& read) const {
  DerivedView view;
  view.runs =
      tail_.View([&] { view.files.reset(db_->NewIterator(read, families_[kDerivedFamily])); });
  return view;
}

absl::Status RocksDbStore::FindIn(DerivedView* view, absl::string_view prefix,
                                  const absl::optional<DerivedKey>& after, size_t limit,
                                  std::vector<DerivedKey>* found) const {
  DerivedKey first;
  std::memcpy(first.bytes.data(), prefix.data(), prefix.size());
  if (after && first < *after) first = *after;
  for (const DerivedTail::Run& run : view->runs) {
    FindInRun(*run, prefix, after, erased_, limit, found);
  }
  rocksdb::Iterator* files = view->files.get();
  size_t in_files = 0;
  for (files->Seek(ToSlice(first.view())); files->Valid() && in_files < limit; files->Next()) {
    if (files->key().size() != DerivedKey::kSize) return DataLoss("a derived key is damaged");
    if (!absl::StartsWith(ToView(files->key()), prefix)) break;
    DerivedKey key;
    std::memcpy(key.bytes.data(), files->key().data(), DerivedKey::kSize);
    if ((after && !(*after < key)) || erased_.Contains(key.position())) continue;
    found->push_back(key);
    ++in_files;
  }
  RETURN_IF_ERROR(ToStatus(files->status(), "find"));
  // A key given again after a crash may stand in a file and in the tail.
  std::sort(found->begin(), found->end());
  found->erase(std::unique(found->begin(), found->end()), found->end());
  if (found->size() > limit) found->resize(limit);
  return absl::OkStatus();
}

absl::StatusOr<std::vector<DerivedKey>> RocksDbStore::TryFind(
    absl::string_view prefix, const absl::optional<DerivedKey>& after, size_t limit) const {
  LINTAS_CHECK(complete_);
  LINTAS_CHECK(prefix.size() <= DerivedKey::kSize);
  std::vector<DerivedKey> found;
  if (limit == 0) return found;
  const std::string end = AfterPrefix(prefix);
  const Slice bound = end;
  rocksdb::ReadOptions read;
  if (!end.empty()) read.iterate_upper_bound = &bound;
  read.prefix_same_as_start = prefix.size() >= kFilterPrefixBytes;
  read.total_order_seek = !read.prefix_same_as_start;

  absl::ReaderMutexLock lock(&derived_mutex_);
  // A clearing that failed half way leaves no family to search.
  if (families_[kDerivedFamily] == nullptr) return CheckWritable();
  DerivedView view = ViewDerived(read);
  RETURN_IF_ERROR(FindIn(&view, prefix, after, limit, &found));
  return found;
}

absl::StatusOr<std::vector<std::vector<DerivedKey>>> RocksDbStore::TryFindEach(
    const std::vector<std::string>& prefixes, size_t limit) const {
  LINTAS_CHECK(complete_);
  std::vector<std::vector<DerivedKey>> found(prefixes.size());
  if (limit == 0 || prefixes.empty()) return found;
  rocksdb::ReadOptions read;
  read.prefix_same_as_start = true;
  absl::ReaderMutexLock lock(&derived_mutex_);
  if (families_[kDerivedFamily] == nullptr) return CheckWritable();
  DerivedView view = ViewDerived(read);
  for (size_t i = 0; i < prefixes.size(); ++i) {
    LINTAS_CHECK(prefixes[i].size() >= kFilterPrefixBytes);
    LINTAS_CHECK(prefixes[i].size() <= DerivedKey::kSize);
    RETURN_IF_ERROR(FindIn(&view, prefixes[i], absl::nullopt, limit, &found[i]));
  }
  return found;
}

Sizes RocksDbStore::DerivedMark() const {
  absl::MutexLock lock(&sizes_mutex_);
  return mark_;
}

absl::Status RocksDbStore::AddDerived(std::vector<DerivedKey> keys) {
  Batch batch;
  batch.derived = std::move(keys);
  absl::MutexLock background_lock(&background_mutex_);
  absl::MutexLock commit_lock(&commit_mutex_);
  RETURN_IF_ERROR(CheckWritable());
  RETURN_IF_ERROR(CheckBatch(batch, sizes()));
  tail_.Publish(DerivedTail::Sort(std::move(batch.derived)), 0,
                complete_ ? absl::make_optional(sizes()) : absl::nullopt);
  // A rebuild gives more than memory should hold. The mark waits for DerivedComplete().
  constexpr uint64_t kKeysAnEntry = 8;
  if (tail_.keys() < kKeysAnEntry * options_.tail_entries_max) return absl::OkStatus();
  tail_.Freeze();
  return StepLocked().status();
}

void RocksDbStore::DerivedComplete() {
  if (complete_.exchange(true)) return;
  absl::MutexLock lock(&commit_mutex_);
  const Sizes size = sizes(), mark = DerivedMark();
  uint64_t entries = 0;
  for (int i = 0; i < kLedgerCount; ++i) {
    const LedgerId ledger = static_cast<LedgerId>(i);
    entries += size.of(ledger).value() - mark.of(ledger).value();
  }
  tail_.Publish(DerivedTail::Sort({}), entries, size);
}

absl::Status RocksDbStore::WriteTailFile(const std::vector<DerivedTail::Run>& runs, bool* any) {
  const rocksdb::Options options(db_->GetDBOptions(), db_->GetOptions(families_[kDerivedFamily]));
  rocksdb::SstFileWriter writer(rocksdb::EnvOptions(), options, families_[kDerivedFamily]);
  RETURN_IF_ERROR(ToStatus(writer.Open(tail_file_), "write keys"));
  *any = false;
  rocksdb::Status put;
  DerivedTail::VisitMerged(runs, [&](const DerivedKey& key) {
    if (erased_.Contains(key.position())) return true;
    put = writer.Put(ToSlice(key.view()), Slice());
    *any = true;
    return put.ok();
  });
  RETURN_IF_ERROR(ToStatus(put, "write keys"));
  if (!*any) return absl::OkStatus();
  return ToStatus(writer.Finish(), "write keys");
}

absl::StatusOr<bool> RocksDbStore::StepLocked() {
  const absl::optional<DerivedTail::Frozen> frozen = tail_.frozen();
  if (!frozen) return false;
  RETURN_IF_ERROR(CheckWritable());
  bool any = false;
  RETURN_IF_ERROR(WriteTailFile(frozen->runs,
                                &any));  // Crash after this: a file nobody names; Open() drops it.
  if (any) {
    rocksdb::IngestExternalFileOptions ingest;
    ingest.move_files = true;
    ingest.write_global_seqno = false;
    const rocksdb::Status ingested =
        db_->IngestExternalFile(families_[kDerivedFamily], {tail_file_}, ingest);
    if (!ingested.ok()) return Fail(ingested, "ingest keys");
    ++ingests_;
  }
  // Crash after this: keys past the mark stand in a file; given again, they are found once.
  if (frozen->mark) {
    // Not synced: an older mark is as true, and the next commit syncs the same log.
    const rocksdb::Status marked = db_->Put(rocksdb::WriteOptions(), families_[kMetaFamily],
                                            kMarkKey, EncodeSizes(*frozen->mark));
    if (!marked.ok()) return Fail(marked, "mark keys");
    absl::MutexLock lock(&sizes_mutex_);
    mark_ = *frozen->mark;
  }
  tail_.DropFrozen();
  return true;
}

absl::StatusOr<bool> RocksDbStore::BackgroundStep() {
  absl::MutexLock lock(&background_mutex_);
  RETURN_IF_ERROR(CheckWritable());
  if (complete_ && tail_.entries() >= options_.tail_entries_max) tail_.Freeze();
  return StepLocked();
}

absl::Status RocksDbStore::ClearDerived() {
  absl::MutexLock compact_lock(&compact_mutex_);
  absl::MutexLock background_lock(&background_mutex_);
  absl::MutexLock commit_lock(&commit_mutex_);
  RETURN_IF_ERROR(CheckWritable());
  rocksdb::WriteOptions synced;
  synced.sync = true;
  const rocksdb::Status marked =
      db_->Put(synced, families_[kMetaFamily], kMarkKey, EncodeSizes(Sizes()));
  if (!marked.ok()) return Fail(marked, "clear keys");
  // Crash after this: some keys are still there; all are given again.
  absl::MutexLock derived_lock(&derived_mutex_);
  const auto descriptor = Families(options_, &erased_)[kDerivedFamily];
  rocksdb::ColumnFamilyHandle*& family = families_[kDerivedFamily];
  const rocksdb::Status dropped = db_->DropColumnFamily(family);
  if (!dropped.ok()) return Fail(dropped, "clear keys");
  const rocksdb::Status destroyed = db_->DestroyColumnFamilyHandle(family);
  LINTAS_CHECK(destroyed.ok());
  family = nullptr;
  const rocksdb::Status created =
      db_->CreateColumnFamily(descriptor.options, descriptor.name, &family);
  if (!created.ok()) return Fail(created, "clear keys");
  tail_.Clear();
  absl::MutexLock lock(&sizes_mutex_);
  mark_ = Sizes();
  complete_ = mark_ == sizes_;
  return absl::OkStatus();
}

absl::Status RocksDbStore::ClearState(absl::string_view prefix) {
  absl::MutexLock commit_lock(&commit_mutex_);
  RETURN_IF_ERROR(CheckWritable());
  constexpr int kDeletesAWrite = 10'000;
  std::unique_ptr<rocksdb::Iterator> it(
      db_->NewIterator(rocksdb::ReadOptions(), families_[kStateFamily]));
  it->Seek(ToSlice(prefix));
  bool more = true;
  while (more) {
    rocksdb::WriteBatch writes;
    for (; writes.Count() < kDeletesAWrite; it->Next()) {
      more = it->Valid() && absl::StartsWith(ToView(it->key()), prefix);
      if (!more) break;
      writes.Delete(families_[kStateFamily], it->key());
    }
    RETURN_IF_ERROR(ToStatus(it->status(), "clear state"));
    rocksdb::WriteOptions synced;
    synced.sync = !more;
    const rocksdb::Status written = db_->Write(synced, &writes);
    if (!written.ok()) return Fail(written, "clear state");
  }
  return absl::OkStatus();
}

}  // namespace lintas

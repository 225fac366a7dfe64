#include "server/store/rocksdb/rocksdb_store.h"

#include <rocksdb/db.h>
#include <rocksdb/env.h>
#include <rocksdb/table_properties.h>
#include <rocksdb/write_batch.h>

#include <algorithm>
#include <set>
#include <utility>

#include "absl/strings/str_cat.h"
#include "server/base/bytes.h"
#include "server/base/check.h"
#include "server/base/error.h"
#include "server/base/status.h"
#include "server/store/rocksdb/families.h"
#include "server/store/rocksdb/rocksdb_keys.h"
#include "server/store/rocksdb/rocksdb_status.h"

namespace lintas {

RocksDbStore::RocksDbStore(RocksDbStoreOptions options)
    : options_(std::move(options)),
      tail_file_(absl::StrCat(options_.path, "/tail/derived.sst")),
      writes_(std::make_unique<rocksdb::WriteBatch>()) {}

RocksDbStore::~RocksDbStore() {
  for (rocksdb::ColumnFamilyHandle* family : families_) {
    if (family == nullptr) continue;
    const rocksdb::Status status = db_->DestroyColumnFamilyHandle(family);
    LINTAS_CHECK(status.ok());
  }
}

absl::StatusOr<std::unique_ptr<RocksDbStore>> RocksDbStore::Open(
    const RocksDbStoreOptions& options) {
  std::unique_ptr<RocksDbStore> store(new RocksDbStore(options));
  RETURN_IF_ERROR(store->OpenDatabase());
  RETURN_IF_ERROR(store->CheckFormat());
  RETURN_IF_ERROR(store->CheckSizes());
  RETURN_IF_ERROR(store->LoadErased());
  store->complete_ = store->DerivedMark() == store->sizes();
  return store;
}

absl::Status RocksDbStore::OpenDatabase() {
  const rocksdb::DBOptions database = DatabaseOptions(options_);
  for (const char* folder : {"", "/db", "/tail"}) {
    RETURN_IF_ERROR(ToStatus(database.env->CreateDirIfMissing(options_.path + folder), "open"));
  }
  // What a crash between writing and ingesting left behind.
  const rocksdb::Status gone = database.env->DeleteFile(tail_file_);
  if (!gone.ok() && !gone.IsNotFound() && !gone.IsPathNotFound()) return ToStatus(gone, "open");
  const auto families = Families(options_, &erased_);
  // A database of a later format may hold families that this program does not know (R5).
  std::vector<std::string> names;
  if (rocksdb::DB::ListColumnFamilies(database, options_.path + "/db", &names).ok()) {
    for (const std::string& name : names) {
      const bool known = std::any_of(families.begin(), families.end(),
                                     [&](const auto& family) { return family.name == name; });
      if (!known) return UnknownFormat();
    }
  }
  rocksdb::DB* db = nullptr;
  RETURN_IF_ERROR(ToStatus(
      rocksdb::DB::Open(database, options_.path + "/db", families, &families_, &db), "open"));
  db_.reset(db);
  return absl::OkStatus();
}

absl::Status RocksDbStore::CheckFormat() {
  const absl::StatusOr<std::string> format = Read(kMetaFamily, kFormatKey, rocksdb::ReadOptions());
  if (format.ok()) return *format == kFormat ? absl::OkStatus() : UnknownFormat();
  if (!absl::IsNotFound(format.status())) return format.status();
  // Fresh, or a crash before this write. Later writes are synced after it, so it cannot be missing
  // from a store that holds anything.
  rocksdb::WriteOptions synced;
  synced.sync = true;
  rocksdb::WriteBatch writes;
  writes.Put(families_[kMetaFamily], kFormatKey, kFormat);
  writes.Put(families_[kMetaFamily], kSizesKey, EncodeSizes(Sizes()));
  writes.Put(families_[kMetaFamily], kMarkKey, EncodeSizes(Sizes()));
  return ToStatus(db_->Write(synced, &writes), "open");
}

absl::Status RocksDbStore::CheckSizes() {
  const rocksdb::ReadOptions read;
  ASSIGN_OR_RETURN(const std::string sizes_bytes, Read(kMetaFamily, kSizesKey, read));
  ASSIGN_OR_RETURN(const std::string mark_bytes, Read(kMetaFamily, kMarkKey, read));
  ASSIGN_OR_RETURN(const Sizes sizes, DecodeSizes(sizes_bytes));
  ASSIGN_OR_RETURN(const Sizes mark, DecodeSizes(mark_bytes));
  for (int i = 0; i < kLedgerCount; ++i) {
    const LedgerId ledger = static_cast<LedgerId>(i);
    const uint64_t size = sizes.of(ledger).value();
    if (mark.of(ledger).value() > size) return DataLoss("the derived mark is past the size");
    rocksdb::ColumnFamilyHandle* family = families_[kHeaderFamily + i];
    std::unique_ptr<rocksdb::Iterator> last(db_->NewIterator(read, family));
    last->SeekToLast();
    RETURN_IF_ERROR(ToStatus(last->status(), "open"));
    const uint64_t through =
        last->Valid() && last->key().size() == 8 ? LoadBigEndian64(last->key().data()) + 1 : 0;
    // A header is never changed or removed (S3), so rows and entries are equal in number. Less
    // means a hole, which a log lost between two others would leave.
    rocksdb::TablePropertiesCollection tables;
    RETURN_IF_ERROR(ToStatus(db_->GetPropertiesOfAllTables(family, &tables), "open"));
    uint64_t rows = 0, in_memory = 0, leaving_memory = 0;
    for (const auto& table : tables) rows += table.second->num_entries;
    db_->GetIntProperty(family, rocksdb::DB::Properties::kNumEntriesActiveMemTable, &in_memory);
    db_->GetIntProperty(family, rocksdb::DB::Properties::kNumEntriesImmMemTables, &leaving_memory);
    if (through != size || rows + in_memory + leaving_memory != size) {
      return DataLoss("entries are missing");
    }
  }
  absl::MutexLock lock(&sizes_mutex_);
  sizes_ = sizes;
  mark_ = mark;
  return absl::OkStatus();
}

absl::Status RocksDbStore::LoadErased() {
  std::unique_ptr<rocksdb::Iterator> it(
      db_->NewIterator(rocksdb::ReadOptions(), families_[kErasedFamily]));
  for (it->SeekToFirst(); it->Valid(); it->Next()) {
    if (it->key().size() != 8) return DataLoss("the erased family is unreadable");
    erased_.Add(Position::FromPacked(LoadBigEndian64(it->key().data())));
  }
  return ToStatus(it->status(), "open");
}

absl::Status RocksDbStore::CheckWritable() const {
  if (!failed_) return absl::OkStatus();
  return MakeError(absl::StatusCode::kUnavailable, "STORE_STOPPED",
                   "The store failed a write and must be opened again.");
}

absl::Status RocksDbStore::Fail(const rocksdb::Status& status, const char* doing) {
  failed_ = true;
  return ToStatus(status, doing);
}

// Commit.

void RocksDbStore::AddEntries(const Batch& batch, const Sizes& before,
                              rocksdb::WriteBatch* writes) const {
  for (int i = 0; i < kLedgerCount; ++i) {
    const LedgerId ledger = static_cast<LedgerId>(i);
    const uint64_t size = before.of(ledger).value();
    // Entries that this very batch erases: their payload must reach no file.
    std::set<uint64_t> never_there;
    for (Position position : batch.erased) {
      if (position.ledger == ledger && position.index.value() >= size) {
        never_there.insert(position.index.value());
      }
    }
    uint64_t index = size;
    for (const EntryRow& row : batch.entries[i]) {
      const IndexKey key(index);
      writes->Put(families_[kHeaderFamily + i], key.slice(), row.header);
      if (never_there.empty() || never_there.count(index) == 0) {
        writes->Put(families_[kPayloadFamily + i], key.slice(), row.payload);
        writes->Put(families_[kKeyFamily + i], key.slice(), row.key);
      }
      ++index;
    }
  }
}

absl::Status RocksDbStore::Write(const Batch& batch, const Sizes& before, const Sizes& after) {
  // The buffer is kept from batch to batch: fresh pages for each megabyte cost as much as copying
  // it.
  rocksdb::WriteBatch& writes = *writes_;
  writes.Clear();
  AddEntries(batch, before, &writes);
  for (const TileRow& tile : batch.tiles) {
    writes.Put(families_[kTileFamily], TileKey(tile.ledger, tile.level, tile.index), tile.hashes);
  }
  for (const std::string& key : batch.state_deletes) writes.Delete(families_[kStateFamily], key);
  for (const auto& put : batch.state_puts) {
    writes.Put(families_[kStateFamily], put.first, put.second);
  }
  for (Position position : batch.erased) {
    const int ledger = static_cast<int>(position.ledger);
    if (before.of(position.ledger).covers(position.index)) {
      const IndexKey key(position.index.value());
      writes.Delete(families_[kPayloadFamily + ledger], key.slice());
      writes.Delete(families_[kKeyFamily + ledger], key.slice());
    }
    writes.Put(families_[kErasedFamily], IndexKey(position.Packed()).slice(), kErasedPending);
  }
  writes.Put(families_[kMetaFamily], kSizesKey, EncodeSizes(after));
  rocksdb::WriteOptions synced;
  synced.sync = true;
  const uint64_t started_us = db_->GetEnv()->NowMicros();
  const rocksdb::Status written = db_->Write(synced, &writes);
  commit_us_ += db_->GetEnv()->NowMicros() - started_us;
  if (!written.ok()) return Fail(written, "commit");
  constexpr size_t kKeptBytes = size_t{8} << 20;
  if (writes.GetDataSize() > kKeptBytes) writes_ = std::make_unique<rocksdb::WriteBatch>();
  return absl::OkStatus();
}

absl::Status RocksDbStore::Commit(Batch&& batch) {
  {
    absl::MutexLock commit_lock(&commit_mutex_);
    RETURN_IF_ERROR(CheckWritable());
    LINTAS_CHECK(complete_);
    const Sizes before = sizes();
    RETURN_IF_ERROR(CheckBatch(batch, before));
    if (batch.empty()) return absl::OkStatus();
    const Sizes after = SizesAfter(before, batch);
    uint64_t entries = 0;
    for (const auto& rows : batch.entries) entries += rows.size();
    DerivedTail::Run run = DerivedTail::Sort(std::move(batch.derived));
    RETURN_IF_ERROR(Write(batch, before, after));
    // Crash after this: the batch is durable, its derived keys are given again (S4).
    for (Position position : batch.erased) erased_.Add(position);
    // Entries first: a key that is found names an entry that can be read.
    {
      absl::MutexLock lock(&sizes_mutex_);
      sizes_ = after;
    }
    tail_.Publish(std::move(run), entries, after);
    ++commits_;
  }
  return FreezeIfFull();
}

absl::Status RocksDbStore::FreezeIfFull() {
  if (tail_.entries() < options_.tail_entries_max) return absl::OkStatus();
  if (!tail_.frozen()) {
    tail_.Freeze();
    return absl::OkStatus();
  }
  if (tail_.entries() < 2 * options_.tail_entries_max) return absl::OkStatus();
  // The background is behind or not run at all. The batch is durable whatever comes of this; if the
  // file cannot be written the next commit tries again.
  ++steps_in_commit_;
  absl::MutexLock lock(&background_mutex_);
  StepLocked().IgnoreError();
  tail_.Freeze();
  return absl::OkStatus();
}

std::vector<std::pair<std::string, uint64_t>> RocksDbStore::Statistics() const {
  const auto property = [this](const std::string& name) {
    uint64_t value = 0;
    db_->GetAggregatedIntProperty(name, &value);
    return value;
  };
  const Sizes size = sizes();
  uint64_t derived_files = 0;
  {
    absl::ReaderMutexLock lock(&derived_mutex_);
    rocksdb::ColumnFamilyMetaData derived;
    db_->GetColumnFamilyMetaData(families_[kDerivedFamily], &derived);
    derived_files = derived.file_count;
  }
  return {{"exchange_entries", size.exchange.value()},
          {"home_entries", size.home.value()},
          {"replica_entries", size.replica.value()},
          {"erased_entries", erased_.count()},
          {"derived_tail_entries", tail_.entries()},
          {"derived_tail_keys", tail_.keys()},
          {"derived_tail_bytes", tail_.keys() * DerivedKey::kSize},
          {"derived_files", derived_files},
          {"derived_ingests", ingests_},
          {"derived_steps_in_commit", steps_in_commit_},
          {"commits", commits_},
          {"commit_write_us", commit_us_},
          {"file_bytes", property(rocksdb::DB::Properties::kLiveSstFilesSize)},
          {"write_buffer_bytes", property(rocksdb::DB::Properties::kSizeAllMemTables)},
          {"filter_and_index_bytes", property(rocksdb::DB::Properties::kEstimateTableReadersMem)},
          {"running_compactions", property(rocksdb::DB::Properties::kNumRunningCompactions)},
          {"write_stopped", property(rocksdb::DB::Properties::kIsWriteStopped)}};
}

}  // namespace lintas

#include "server/store/rocksdb/rocksdb_store.h"

#include <rocksdb/db.h>
#include <rocksdb/env.h>
#include <rocksdb/sst_file_writer.h>
#include <rocksdb/table_properties.h>
#include <rocksdb/write_batch.h>

#include <algorithm>
#include <array>
#include <set>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "server/base/bytes.h"
#include "server/base/check.h"
#include "server/base/error.h"
#include "server/base/status.h"
#include "server/store/rocksdb/families.h"
#include "server/store/rocksdb/rocksdb_status.h"

namespace lintas {
namespace {

using rocksdb::Slice;

constexpr char kFormatKey[] = "format";
constexpr char kFormat[] = "1";
constexpr char kSizesKey[] = "sizes";
constexpr char kMarkKey[] = "derived_mark";
// Values of the erased family: the bytes may still be in files; or no longer.
constexpr char kErasedPending[] = "p";
constexpr char kErasedCompacted[] = "c";

// 8 bytes big-endian on the stack.
class IndexKey {
 public:
  explicit IndexKey(uint64_t index) { StoreBigEndian64(index, bytes_); }
  Slice slice() const { return Slice(bytes_, sizeof bytes_); }

 private:
  char bytes_[8];
};

std::string TileKey(LedgerId ledger, int level, uint64_t index) {
  std::string key(2, '\0');
  key[0] = static_cast<char>(ledger);
  key[1] = static_cast<char>(level);
  return key + BigEndian64(index);
}

std::string EncodeSizes(const Sizes& sizes) {
  return BigEndian64(sizes.exchange.value()) + BigEndian64(sizes.home.value()) +
         BigEndian64(sizes.replica.value());
}

absl::StatusOr<Sizes> DecodeSizes(absl::string_view bytes) {
  if (bytes.size() != 24) return DataLoss("the sizes are unreadable");
  return Sizes{TreeSize(LoadBigEndian64(bytes.data())), TreeSize(LoadBigEndian64(bytes.data() + 8)),
               TreeSize(LoadBigEndian64(bytes.data() + 16))};
}

// The first key after all that begin with `prefix`; empty if there is none.
std::string AfterPrefix(absl::string_view prefix) {
  std::string end(prefix);
  while (!end.empty() && end.back() == '\xff') end.pop_back();
  if (!end.empty()) end.back() = static_cast<char>(static_cast<unsigned char>(end.back()) + 1);
  return end;
}

Slice ToSlice(absl::string_view view) { return Slice(view.data(), view.size()); }
absl::string_view ToView(Slice slice) { return absl::string_view(slice.data(), slice.size()); }

}  // namespace

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

// Reading.

Sizes RocksDbStore::sizes() const {
  absl::MutexLock lock(&sizes_mutex_);
  return sizes_;
}

absl::StatusOr<std::string> RocksDbStore::Read(int family, absl::string_view key,
                                               const rocksdb::ReadOptions& read) const {
  std::string value;
  RETURN_IF_ERROR(ToStatus(db_->Get(read, families_[family], ToSlice(key), &value), "read"));
  return value;
}

absl::StatusOr<bool> RocksDbStore::IsErased(Position position,
                                            const rocksdb::ReadOptions& read) const {
  if (erased_.Contains(position)) return true;
  const absl::StatusOr<std::string> row = Read(kErasedFamily, BigEndian64(position.Packed()), read);
  if (row.ok()) return true;
  if (absl::IsNotFound(row.status())) return false;
  return row.status();
}

absl::StatusOr<EntryRow> RocksDbStore::ReadEntry(Position position,
                                                 const rocksdb::ReadOptions& read) const {
  const int ledger = static_cast<int>(position.ledger);
  const IndexKey key(position.index.value());
  std::array<rocksdb::ColumnFamilyHandle*, 3> families = {families_[kHeaderFamily + ledger],
                                                          families_[kPayloadFamily + ledger],
                                                          families_[kKeyFamily + ledger]};
  const std::array<Slice, 3> keys = {key.slice(), key.slice(), key.slice()};
  std::array<rocksdb::PinnableSlice, 3> values;
  std::array<rocksdb::Status, 3> statuses;
  db_->MultiGet(read, families.size(), families.data(), keys.data(), values.data(),
                statuses.data());
  if (statuses[0].IsNotFound()) return DataLoss("a header is missing");
  for (const rocksdb::Status& status : statuses) {
    if (!status.ok() && !status.IsNotFound()) return ToStatus(status, "read");
  }
  EntryRow row;
  row.header = values[0].ToString();
  if (statuses[1].ok() && statuses[2].ok()) {
    row.payload = values[1].ToString();
    row.key = values[2].ToString();
    return row;
  }
  ASSIGN_OR_RETURN(const bool erased, IsErased(position, read));
  if (!erased) return DataLoss("a payload is missing");
  return row;
}

absl::StatusOr<EntryRow> RocksDbStore::GetEntry(Position position) const {
  if (static_cast<int>(position.ledger) >= kLedgerCount ||
      !sizes().of(position.ledger).covers(position.index)) {
    return absl::NotFoundError("no entry at this index");
  }
  return ReadEntry(position, rocksdb::ReadOptions());
}

absl::StatusOr<std::string> RocksDbStore::GetTile(LedgerId ledger, int level,
                                                  uint64_t index) const {
  return Read(kTileFamily, TileKey(ledger, level, index), rocksdb::ReadOptions());
}

absl::StatusOr<std::string> RocksDbStore::GetState(absl::string_view key) const {
  return Read(kStateFamily, key, rocksdb::ReadOptions());
}

class RocksDbSnapshot : public Snapshot {
 public:
  explicit RocksDbSnapshot(const RocksDbStore* store)
      : store_(store), snapshot_(store->db_->GetSnapshot()) {
    read_.snapshot = snapshot_;
    // The record of sizes, not those of the store: a commit may stand between the two.
    const absl::StatusOr<std::string> bytes = store->Read(kMetaFamily, kSizesKey, read_);
    status_ = bytes.status();
    if (!bytes.ok()) return;
    const absl::StatusOr<Sizes> sizes = DecodeSizes(*bytes);
    status_ = sizes.status();
    if (sizes.ok()) sizes_ = *sizes;
  }
  ~RocksDbSnapshot() override { store_->db_->ReleaseSnapshot(snapshot_); }

  Sizes sizes() const override { return sizes_; }

  absl::StatusOr<EntryRow> GetEntry(Position position) const override {
    RETURN_IF_ERROR(status_);
    if (static_cast<int>(position.ledger) >= kLedgerCount ||
        !sizes_.of(position.ledger).covers(position.index)) {
      return absl::NotFoundError("no entry at this index");
    }
    return store_->ReadEntry(position, read_);
  }

  absl::Status ScanEntries(LedgerId ledger, Index from,
                           const std::function<bool(Index, EntryRow&&)>& visit) const override;

  absl::StatusOr<std::string> GetTile(LedgerId ledger, int level, uint64_t index) const override {
    return store_->Read(kTileFamily, TileKey(ledger, level, index), read_);
  }
  absl::StatusOr<std::string> GetState(absl::string_view key) const override {
    return store_->Read(kStateFamily, key, read_);
  }
  absl::Status ScanState(
      absl::string_view prefix,
      const std::function<bool(absl::string_view, absl::string_view)>& visit) const override;

 private:
  std::unique_ptr<rocksdb::Iterator> Iterate(int family, const rocksdb::ReadOptions& read) const {
    return std::unique_ptr<rocksdb::Iterator>(
        store_->db_->NewIterator(read, store_->families_[family]));
  }

  const RocksDbStore* const store_;
  const rocksdb::Snapshot* const snapshot_;
  rocksdb::ReadOptions read_;
  absl::Status status_;
  Sizes sizes_;
};

absl::Status RocksDbSnapshot::ScanEntries(
    LedgerId ledger, Index from, const std::function<bool(Index, EntryRow&&)>& visit) const {
  RETURN_IF_ERROR(status_);
  rocksdb::ReadOptions read = read_;
  read.fill_cache = false;
  const int number = static_cast<int>(ledger);
  const auto headers = Iterate(kHeaderFamily + number, read);
  const auto payloads = Iterate(kPayloadFamily + number, read);
  const auto keys = Iterate(kKeyFamily + number, read);
  const IndexKey first(from.value());
  for (const auto* it : {&headers, &payloads, &keys}) (*it)->Seek(first.slice());
  for (uint64_t i = from.value(); i < sizes_.of(ledger).value(); ++i, headers->Next()) {
    const IndexKey key(i);
    RETURN_IF_ERROR(ToStatus(headers->status(), "read"));
    if (!headers->Valid() || headers->key() != key.slice()) return DataLoss("a header is missing");
    EntryRow row;
    row.header = headers->value().ToString();
    int present = 0;
    for (auto column :
         {std::make_pair(payloads.get(), &row.payload), std::make_pair(keys.get(), &row.key)}) {
      RETURN_IF_ERROR(ToStatus(column.first->status(), "read"));
      if (!column.first->Valid() || column.first->key() != key.slice()) continue;
      *column.second = column.first->value().ToString();
      column.first->Next();
      ++present;
    }
    if (present < 2) {
      ASSIGN_OR_RETURN(const bool erased, store_->IsErased({ledger, Index(i)}, read_));
      if (!erased) return DataLoss("a payload is missing");
      row.payload.clear();
      row.key.clear();
    }
    if (!visit(Index(i), std::move(row))) break;
  }
  return absl::OkStatus();
}

absl::Status RocksDbSnapshot::ScanState(
    absl::string_view prefix,
    const std::function<bool(absl::string_view, absl::string_view)>& visit) const {
  const std::string end = AfterPrefix(prefix);
  const Slice bound = end;
  rocksdb::ReadOptions read = read_;
  if (!end.empty()) read.iterate_upper_bound = &bound;
  const auto it = Iterate(kStateFamily, read);
  for (it->Seek(ToSlice(prefix)); it->Valid(); it->Next()) {
    if (!absl::StartsWith(ToView(it->key()), prefix)) break;
    if (!visit(ToView(it->key()), ToView(it->value()))) break;
  }
  return ToStatus(it->status(), "read");
}

std::unique_ptr<Snapshot> RocksDbStore::GetSnapshot() const {
  return std::make_unique<RocksDbSnapshot>(this);
}

// Derived keys.

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

// Erasing for good.

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

// RocksDbStore: reading entries, tiles and state.
#include <rocksdb/db.h>

#include <array>
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

}  // namespace lintas

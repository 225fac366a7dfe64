// The families of the RocksDB store: their order, names and options.
#ifndef LINTAS_SERVER_STORE_ROCKSDB_FAMILIES_H_
#define LINTAS_SERVER_STORE_ROCKSDB_FAMILIES_H_

#include <rocksdb/db.h>

#include <string>
#include <vector>

#include "server/store/rocksdb/derived_tail.h"
#include "server/store/rocksdb/erased_set.h"
#include "server/store/rocksdb/rocksdb_store.h"

namespace lintas {

constexpr int kMetaFamily = 0;
// Plus the ledger's number.
constexpr int kHeaderFamily = 1;
constexpr int kPayloadFamily = kHeaderFamily + kLedgerCount;
constexpr int kKeyFamily = kPayloadFamily + kLedgerCount;
constexpr int kTileFamily = kKeyFamily + kLedgerCount;
constexpr int kStateFamily = kTileFamily + 1;
constexpr int kErasedFamily = kStateFamily + 1;
constexpr int kDerivedFamily = kErasedFamily + 1;
constexpr int kFamilyCount = kDerivedFamily + 1;

// Derived keys with the same kind and first 16 bytes of body share a place in the files' filters.
constexpr size_t kFilterPrefixBytes = KeyRun::kFilteredBytes;

std::string FamilyName(int family);
// `erased` outlives the database.
std::vector<rocksdb::ColumnFamilyDescriptor> Families(const RocksDbStoreOptions& options,
                                                      const ErasedSet* erased);
rocksdb::DBOptions DatabaseOptions(const RocksDbStoreOptions& options);

}  // namespace lintas

#endif  // LINTAS_SERVER_STORE_ROCKSDB_FAMILIES_H_

// What RocksDB says, as an absl::Status that the rest of Lintas understands.
#ifndef LINTAS_SERVER_STORE_ROCKSDB_ROCKSDB_STATUS_H_
#define LINTAS_SERVER_STORE_ROCKSDB_ROCKSDB_STATUS_H_

#include <rocksdb/status.h>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"

namespace lintas {

// `doing` is a verb for the message. RocksDB's own text names files and offsets, never keys.
absl::Status ToStatus(const rocksdb::Status& status, absl::string_view doing);

absl::Status DataLoss(absl::string_view what);

absl::Status UnknownFormat();

}  // namespace lintas

#endif  // LINTAS_SERVER_STORE_ROCKSDB_ROCKSDB_STATUS_H_

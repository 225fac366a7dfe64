#include "server/store/rocksdb/rocksdb_status.h"

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "server/base/error.h"

namespace lintas {

absl::Status ToStatus(const rocksdb::Status& status, absl::string_view doing) {
  if (status.ok()) return absl::OkStatus();
  const std::string text = absl::StrCat("Cannot ", doing, ": ", status.ToString());
  if (status.IsNotFound()) return absl::NotFoundError("not in the store");
  if (status.IsCorruption()) return DataLoss(text);
  if (status.IsNoSpace()) {
    return MakeError(absl::StatusCode::kResourceExhausted, "DISK_FULL", text);
  }
  if (absl::StrContains(text, "lock ") || absl::StrContains(text, "/LOCK")) {
    return MakeError(absl::StatusCode::kFailedPrecondition, "STORE_IN_USE", text);
  }
  return MakeError(absl::StatusCode::kUnavailable, "STORE_UNAVAILABLE", text);
}

absl::Status DataLoss(absl::string_view what) {
  return MakeError(absl::StatusCode::kDataLoss, "STORE_DAMAGED", what);
}

absl::Status UnknownFormat() {
  return MakeError(absl::StatusCode::kFailedPrecondition, "STORE_FORMAT_UNKNOWN",
                   "The store was written by another version of Lintas, whose format this one does "
                   "not know. Nothing was changed. Use the version that wrote it.");
}

}  // namespace lintas

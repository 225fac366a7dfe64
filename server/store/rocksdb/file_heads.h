// FileHeadStore: one file a name in a folder of its own, outside every backup of the store (P9).
#ifndef LINTAS_SERVER_STORE_ROCKSDB_FILE_HEADS_H_
#define LINTAS_SERVER_STORE_ROCKSDB_FILE_HEADS_H_

#include <memory>
#include <string>

#include "absl/synchronization/mutex.h"
#include "server/store/store.h"

namespace lintas {

class FileHeadStore : public HeadStore {
 public:
  // Makes `folder` (mode 0700) if it is not there; its parent must be.
  static absl::StatusOr<std::unique_ptr<FileHeadStore>> Open(const std::string& folder);

  absl::StatusOr<std::string> Get(absl::string_view name) const override;
  absl::Status Put(absl::string_view name, absl::string_view value) override;

 private:
  explicit FileHeadStore(std::string folder) : folder_(std::move(folder)) {}
  const std::string folder_;
  // One Put at a time: they share the name of the temporary file.
  absl::Mutex put_mutex_;
};

}  // namespace lintas

#endif  // LINTAS_SERVER_STORE_ROCKSDB_FILE_HEADS_H_

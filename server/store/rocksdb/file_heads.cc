#include "server/store/rocksdb/file_heads.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <utility>

#include "absl/strings/str_cat.h"
#include "server/base/error.h"
#include "server/base/status.h"

namespace lintas {
namespace {

absl::Status FileError(absl::string_view doing, const std::string& path) {
  const int error = errno;
  const absl::StatusCode code =
      error == ENOSPC || error == EDQUOT                    ? absl::StatusCode::kResourceExhausted
      : error == EACCES || error == EPERM || error == EROFS ? absl::StatusCode::kFailedPrecondition
                                                            : absl::StatusCode::kUnavailable;
  return MakeError(code, "HEADS_FILE_FAILED",
                   absl::StrCat(doing, " ", path, ": ", std::strerror(error)));
}

// Closes on every way out.
class File {
 public:
  File(const std::string& path, int flags, mode_t mode = 0)
      : descriptor_(::open(path.c_str(), flags | O_CLOEXEC, mode)) {}
  ~File() {
    if (descriptor_ >= 0) ::close(descriptor_);
  }
  File(const File&) = delete;
  File& operator=(const File&) = delete;
  bool ok() const { return descriptor_ >= 0; }
  int descriptor() const { return descriptor_; }

 private:
  const int descriptor_;
};

absl::Status SyncFolder(const std::string& folder) {
  File file(folder, O_RDONLY | O_DIRECTORY);
  if (!file.ok() || ::fsync(file.descriptor()) != 0) return FileError("sync", folder);
  return absl::OkStatus();
}

absl::Status WriteSynced(const std::string& path, absl::string_view value) {
  File file(path, O_WRONLY | O_CREAT | O_TRUNC, 0600);
  if (!file.ok()) return FileError("create", path);
  while (!value.empty()) {
    const ssize_t written = ::write(file.descriptor(), value.data(), value.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return FileError("write", path);
    value.remove_prefix(static_cast<size_t>(written));
  }
  if (::fsync(file.descriptor()) != 0) return FileError("sync", path);
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<std::unique_ptr<FileHeadStore>> FileHeadStore::Open(const std::string& folder) {
  if (::mkdir(folder.c_str(), 0700) != 0 && errno != EEXIST) return FileError("make", folder);
  RETURN_IF_ERROR(SyncFolder(folder));
  RETURN_IF_ERROR(SyncFolder(absl::StrCat(folder, "/..")));
  return std::unique_ptr<FileHeadStore>(new FileHeadStore(folder));
}

absl::StatusOr<std::string> FileHeadStore::Get(absl::string_view name) const {
  if (!IsHeadName(name)) return absl::InvalidArgumentError("not a head name");
  const std::string path = absl::StrCat(folder_, "/", name);
  File file(path, O_RDONLY);
  if (!file.ok() && errno == ENOENT) return absl::NotFoundError("no such head");
  if (!file.ok()) return FileError("open", path);
  std::string value;
  char part[4096];
  while (true) {
    const ssize_t read = ::read(file.descriptor(), part, sizeof part);
    if (read < 0 && errno == EINTR) continue;
    if (read < 0) return FileError("read", path);
    if (read == 0) return value;
    value.append(part, static_cast<size_t>(read));
  }
}

absl::Status FileHeadStore::Put(absl::string_view name, absl::string_view value) {
  if (!IsHeadName(name)) return absl::InvalidArgumentError("not a head name");
  const std::string path = absl::StrCat(folder_, "/", name);
  // Begins with a dot, which no name does.
  const std::string temporary = absl::StrCat(folder_, "/.put");
  absl::MutexLock lock(&put_mutex_);
  RETURN_IF_ERROR(WriteSynced(temporary, value));  // Crash after this: the old value stands.
  if (std::rename(temporary.c_str(), path.c_str()) != 0) return FileError("rename", path);
  return SyncFolder(folder_);  // Crash before this: old or given value, each of them whole.
}

}  // namespace lintas

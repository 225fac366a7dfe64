#include "client/cursor_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <system_error>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "client/file.h"

namespace lintas::client {
namespace {

absl::Status CannotWrite(const std::string& path) {
  return absl::InvalidArgumentError(absl::StrCat("cannot write ", path));
}

bool WriteAll(int file, absl::string_view content) {
  while (!content.empty()) {
    const ssize_t written = ::write(file, content.data(), content.size());
    if (written <= 0) return false;
    content.remove_prefix(static_cast<size_t>(written));
  }
  return ::fsync(file) == 0;
}

}  // namespace

CursorFile::CursorFile(const std::string& folder, const std::string& name)
    : folder_(folder + "/watch"), path_(absl::StrCat(folder_, "/", name, ".cursor")) {}

absl::StatusOr<std::string> CursorFile::Load() const {
  std::error_code error;
  if (!std::filesystem::exists(path_, error)) return std::string();
  absl::StatusOr<std::string> content = ReadFile(path_);
  if (!content.ok()) return content.status();
  return std::string(absl::StripAsciiWhitespace(*content));
}

absl::Status CursorFile::Save(absl::string_view cursor) const {
  std::error_code error;
  std::filesystem::create_directories(folder_, error);
  const std::string beside = absl::StrCat(path_, ".", ::getpid(), ".part");
  const int file =
      ::open(beside.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, S_IRUSR | S_IWUSR);
  if (file < 0) return CannotWrite(path_);
  const bool written = WriteAll(file, absl::StrCat(cursor, "\n"));
  if (::close(file) != 0 || !written || ::rename(beside.c_str(), path_.c_str()) != 0) {
    ::unlink(beside.c_str());
    return CannotWrite(path_);
  }
  const int folder = ::open(folder_.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (folder < 0) return CannotWrite(path_);
  const bool synced = ::fsync(folder) == 0;
  ::close(folder);
  return synced ? absl::OkStatus() : CannotWrite(path_);
}

}  // namespace lintas::client

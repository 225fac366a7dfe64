#include "client/file.h"

#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <sstream>
#include <system_error>

#include "absl/strings/str_cat.h"

namespace lintas::client {
namespace {

constexpr size_t kChunkBytes = 1 << 20;

}  // namespace

absl::StatusOr<std::string> ReadFile(const std::string& path, size_t bytes_max) {
  std::error_code error;
  if (std::filesystem::is_directory(path, error)) {
    return absl::InvalidArgumentError(absl::StrCat(path, " is a folder"));
  }
  std::ifstream in(path, std::ios::binary);
  if (!in) return absl::InvalidArgumentError(absl::StrCat("cannot read ", path));
  std::string content;
  std::string chunk(kChunkBytes, '\0');
  do {
    in.read(&chunk[0], static_cast<std::streamsize>(chunk.size()));
    if (in.bad()) return absl::InvalidArgumentError(absl::StrCat("cannot read ", path));
    content.append(chunk, 0, static_cast<size_t>(in.gcount()));
    if (content.size() > bytes_max) {
      return absl::InvalidArgumentError(
          absl::StrCat(path, " is larger than ", bytes_max, " bytes"));
    }
  } while (in);
  return content;
}

absl::Status WriteFile(const std::string& path, absl::string_view content) {
  std::error_code error;
  const std::filesystem::path parent = std::filesystem::path(path).parent_path();
  if (!parent.empty()) std::filesystem::create_directories(parent, error);
  const std::string beside = absl::StrCat(path, ".", ::getpid(), ".part");
  {
    std::ofstream out(beside, std::ios::binary | std::ios::trunc);
    ::chmod(beside.c_str(), S_IRUSR | S_IWUSR);
    out.write(content.data(), static_cast<std::streamsize>(content.size()));
    out.close();
    if (!out) {
      std::filesystem::remove(beside, error);
      return absl::InvalidArgumentError(absl::StrCat("cannot write ", path));
    }
  }
  std::filesystem::rename(beside, path, error);
  if (error) return absl::InvalidArgumentError(absl::StrCat("cannot write ", path));
  return absl::OkStatus();
}

}  // namespace lintas::client

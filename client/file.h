// Whole files, for settings, receipts and agreements.
#ifndef LINTAS_CLIENT_FILE_H_
#define LINTAS_CLIENT_FILE_H_

#include <cstddef>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace lintas::client {

// The settings, receipts and certificates that are read whole are far smaller.
constexpr size_t kFileBytesMax = 4 << 20;

// kInvalidArgument, with the path, if the file is missing, unreadable, a folder or over
// `bytes_max`: a path is the caller's input, and "not found" is reserved for records.
absl::StatusOr<std::string> ReadFile(const std::string& path, size_t bytes_max = kFileBytesMax);

// Writes beside the path, then renames: a reader sees the old file or the whole of this one. Makes
// the folder. Only the owner may read it.
absl::Status WriteFile(const std::string& path, absl::string_view content);

}  // namespace lintas::client

#endif  // LINTAS_CLIENT_FILE_H_

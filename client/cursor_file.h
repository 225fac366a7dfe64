// CursorFile: where a subscription stands, kept so that it is still there after a power cut. One
// small file of the owner's alone (mode 0600). Not thread safe.
#ifndef LINTAS_CLIENT_CURSOR_FILE_H_
#define LINTAS_CLIENT_CURSOR_FILE_H_

#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace lintas::client {

class CursorFile {
 public:
  // `folder`/watch/`name`.cursor
  CursorFile(const std::string& folder, const std::string& name);

  // Empty if none was ever saved. kInvalidArgument if it cannot be read.
  absl::StatusOr<std::string> Load() const;
  // On disk when it returns OK: the file and its name are synced. After an error the old cursor or
  // this one is there.
  absl::Status Save(absl::string_view cursor) const;
  const std::string& path() const { return path_; }

 private:
  const std::string folder_;
  const std::string path_;
};

}  // namespace lintas::client

#endif  // LINTAS_CLIENT_CURSOR_FILE_H_

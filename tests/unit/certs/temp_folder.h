#ifndef LINTAS_TESTS_UNIT_CERTS_TEMP_FOLDER_H_
#define LINTAS_TESTS_UNIT_CERTS_TEMP_FOLDER_H_

#include <stdlib.h>

#include <filesystem>
#include <string>

namespace lintas {

// A folder that disappears with the test.
class TempFolder {
 public:
  TempFolder() : path_((std::filesystem::temp_directory_path() / "lintas_pki_XXXXXX").string()) {
    if (mkdtemp(&path_[0]) == nullptr) abort();
  }
  ~TempFolder() { std::filesystem::remove_all(path_); }
  std::string File(const std::string& name) const { return path_ + "/" + name; }

 private:
  std::string path_;
};

}  // namespace lintas

#endif  // LINTAS_TESTS_UNIT_CERTS_TEMP_FOLDER_H_

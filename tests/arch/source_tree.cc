#include "tests/arch/source_tree.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "absl/strings/match.h"
#include "gtest/gtest.h"

namespace lintas::arch {
namespace {

std::filesystem::path Absolute(absl::string_view path) {
  return std::filesystem::path(LINTAS_SOURCE_DIR) / std::string(path);
}

}  // namespace

std::vector<std::string> FilesBelow(absl::string_view folder,
                                    const std::vector<std::string>& endings) {
  std::vector<std::string> files;
  if (!Exists(folder)) return files;
  const std::filesystem::path root = LINTAS_SOURCE_DIR;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(Absolute(folder))) {
    const std::string name = entry.path().filename().string();
    const bool wanted = std::any_of(endings.begin(), endings.end(), [&](const std::string& ending) {
      return absl::EndsWith(name, ending);
    });
    if (wanted && entry.is_regular_file()) {
      files.push_back(entry.path().lexically_relative(root).generic_string());
    }
  }
  std::sort(files.begin(), files.end());
  return files;
}

std::string ReadSource(absl::string_view path) {
  std::ifstream in(Absolute(path), std::ios::binary);
  EXPECT_TRUE(in.good()) << path << " cannot be read";
  return std::string(std::istreambuf_iterator<char>(in), {});
}

bool Exists(absl::string_view path) { return std::filesystem::exists(Absolute(path)); }

}  // namespace lintas::arch

// The source tree that the test program was built from.
#ifndef LINTAS_TESTS_ARCH_SOURCE_TREE_H_
#define LINTAS_TESTS_ARCH_SOURCE_TREE_H_

#include <string>
#include <vector>

#include "absl/strings/string_view.h"

namespace lintas::arch {

// Paths, from the root, of all files below `folder` whose name ends in one of `endings`, in order.
// A folder that is not there has none.
std::vector<std::string> FilesBelow(absl::string_view folder,
                                    const std::vector<std::string>& endings);

// The content of a file; fails the running test and gives "" if it cannot be read.
std::string ReadSource(absl::string_view path);

bool Exists(absl::string_view path);

}  // namespace lintas::arch

#endif  // LINTAS_TESTS_ARCH_SOURCE_TREE_H_

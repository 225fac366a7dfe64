// The include rules of docs/architecture.md ("Floors"), as pure functions of paths and text, so
// that the rules themselves are tested on small inputs. Paths are from the root of the source tree,
// with `/`.
#ifndef LINTAS_TESTS_ARCH_INCLUDE_RULES_H_
#define LINTAS_TESTS_ARCH_INCLUDE_RULES_H_

#include <string>
#include <vector>

#include "absl/strings/string_view.h"

namespace lintas::arch {

// One permitted breach of the table. A breach that nothing uses any more fails the test.
struct Exception {
  absl::string_view from;    // Prefix of the including file.
  absl::string_view to;      // Prefix of the included file.
  absl::string_view reason;  // Why the rule yields here.
};
const std::vector<Exception>& Exceptions();

// What `#include` lines name, in order, without quotes or brackets. Comments are no includes.
std::vector<std::string> IncludedFiles(absl::string_view source);

// Why `file` may not include `included`; empty if it may.
std::string ForbiddenInclude(absl::string_view file, absl::string_view included);

// Why a file may not be called so; empty if it may. Judges each folder and the file name.
std::string ForbiddenName(absl::string_view path);

// Why a class declared in `source` may not be called so; empty if all may.
std::string ForbiddenTypeName(absl::string_view source);

// The folder and the stem that a unit test shows: `tests/unit/server/ledger/tree_test.cc` gives
// `server/ledger` and `tree`. Both empty for a path that is no unit test.
struct TestSubject {
  std::string folder;
  std::string stem;
};
TestSubject SubjectOf(absl::string_view test_path);

// True if a test with this stem shows the file with `file_stem`: the same, or the same and an
// aspect after an underscore (`ledger_crash` shows `ledger`).
bool Shows(absl::string_view test_stem, absl::string_view file_stem);

}  // namespace lintas::arch

#endif  // LINTAS_TESTS_ARCH_INCLUDE_RULES_H_

// Reads which files of the source tree documents and comments point to.
#ifndef LINTAS_TESTS_ARCH_DOCUMENT_LINKS_H_
#define LINTAS_TESTS_ARCH_DOCUMENT_LINKS_H_

#include <string>
#include <vector>

#include "absl/strings/string_view.h"

namespace lintas::arch {

// Paths, from the root, that the Markdown links of `path` point to. Web addresses and places within
// the same page are left out.
std::vector<std::string> LinkedFiles(absl::string_view path, absl::string_view markdown);

// The `docs/….md` paths that a source file mentions.
std::vector<std::string> MentionedDocuments(absl::string_view source);

// The numbers of the rules defined in docs/protocol-rules.md as `**P1**` or `**R1**`, in order.
std::vector<std::string> DefinedRules(absl::string_view markdown);

}  // namespace lintas::arch

#endif  // LINTAS_TESTS_ARCH_DOCUMENT_LINKS_H_

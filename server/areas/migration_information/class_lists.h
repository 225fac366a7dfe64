// Visa and permit classes of the two Parties, each read in a version of its country's list: a later
// list may merge or drop a code. Compiled by hand from public sources and not complete; parameters,
// not law. Pure, any thread.
#ifndef LINTAS_SERVER_AREAS_MIGRATION_INFORMATION_CLASS_LISTS_H_
#define LINTAS_SERVER_AREAS_MIGRATION_INFORMATION_CLASS_LISTS_H_

#include <vector>

#include "absl/strings/string_view.h"

namespace lintas::migration_information {

// A version is `IDN-` or `KHM-` and the year of the list.
enum class ListVersion {
  kKnown,
  // Of a later year than any list here: its codes cannot be judged by this node, and are taken, so
  // that a country may use its list before its partner has it.
  kLater,
  kUnknown,
};
ListVersion FindListVersion(absl::string_view version);

// Whether `code` stands in the known list `version`. The letter of a family stands for its indices
// too: `C` for C1, C22 and C22A.
bool IsListedClass(absl::string_view version, absl::string_view code);

// The known versions, for what an error says.
std::vector<absl::string_view> KnownListVersions();

}  // namespace lintas::migration_information

#endif  // LINTAS_SERVER_AREAS_MIGRATION_INFORMATION_CLASS_LISTS_H_

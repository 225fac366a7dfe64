#include "server/areas/migration_information/class_lists.h"

#include <algorithm>
#include <array>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"

namespace lintas::migration_information {
namespace {

constexpr size_t kCodesMax = 24;

struct ClassList {
  absl::string_view version;
  // Letters of which any index counts.
  absl::string_view families;
  // Codes that stand alone.
  std::array<absl::string_view, kCodesMax> codes;
};

// Indonesia, visit and limited stay: A exemption, B on arrival, C single entry, D multiple entry,
// E limited stay, F special entry; permits ITK, ITAS, ITAP, IMK. The list of 2025 merged A1 to A3,
// B1 to B3 and F1 to F3. Cambodia: A diplomatic, B official, C courtesy, T tourist, E ordinary,
// K Khmer origin, G gratis; EB, EG, ER, ES, EP extensions of E; VE30 exemption of 30 days.
constexpr ClassList kLists[] = {
    {"IDN-2024",
     "CDE",
     {"A", "A1", "A2", "A3", "B", "B1", "B2", "B3", "F", "F1", "F2", "F3", "ITK", "ITAS", "ITAP",
      "IMK"}},
    {"IDN-2025", "CDE", {"A", "A1", "B", "B1", "F", "F1", "ITK", "ITAS", "ITAP", "IMK"}},
    {"KHM-2024", "", {"A", "B", "C", "T", "E", "K", "G", "EB", "EG", "ER", "ES", "EP", "VE30"}},
};

const ClassList* Find(absl::string_view version) {
  const auto* found = std::find_if(std::begin(kLists), std::end(kLists),
                                   [&](const ClassList& list) { return list.version == version; });
  return found == std::end(kLists) ? nullptr : found;
}

bool IsYear(absl::string_view text) {
  return text.size() == 4 && std::all_of(text.begin(), text.end(), [](char c) {
           return absl::ascii_isdigit(static_cast<unsigned char>(c));
         });
}

// `C`, `C1`, `C22`, `C22A`.
bool IsIndexOf(absl::string_view families, absl::string_view code) {
  if (code.empty() || !absl::StrContains(families, code[0])) return false;
  size_t at = 1;
  while (at < code.size() && at < 3 && absl::ascii_isdigit(static_cast<unsigned char>(code[at]))) {
    ++at;
  }
  const bool suffix = at > 1 && at + 1 == code.size() && code[at] >= 'A' && code[at] <= 'Z';
  return at == code.size() || suffix;
}

}  // namespace

ListVersion FindListVersion(absl::string_view version) {
  if (Find(version) != nullptr) return ListVersion::kKnown;
  const absl::string_view country = version.substr(0, 4);
  if ((country != "IDN-" && country != "KHM-") || !IsYear(version.substr(4))) {
    return ListVersion::kUnknown;
  }
  for (const ClassList& list : kLists) {
    if (absl::StartsWith(list.version, country) && list.version >= version) {
      return ListVersion::kUnknown;
    }
  }
  return ListVersion::kLater;
}

bool IsListedClass(absl::string_view version, absl::string_view code) {
  const ClassList* list = Find(version);
  if (list == nullptr || code.empty()) return false;
  return std::count(list->codes.begin(), list->codes.end(), code) != 0 ||
         IsIndexOf(list->families, code);
}

std::vector<absl::string_view> KnownListVersions() {
  std::vector<absl::string_view> versions;
  for (const ClassList& list : kLists) versions.push_back(list.version);
  return versions;
}

}  // namespace lintas::migration_information

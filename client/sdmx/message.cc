#include "client/sdmx/message.h"

#include <algorithm>

#include "absl/strings/str_cat.h"

namespace lintas::sdmx {

absl::string_view ActionName(Action action) {
  switch (action) {
    case Action::kInformation:
      return "Information";
    case Action::kAppend:
      return "Append";
    case Action::kMerge:
      return "Merge";
    case Action::kReplace:
      return "Replace";
    case Action::kDelete:
      return "Delete";
  }
  return "";
}

bool IsIntentionallyMissing(absl::string_view value) {
  return value == "NaN" || value == "nan" || value == "#N/A";
}

size_t DataSet::IndexOf(absl::string_view component) const {
  return static_cast<size_t>(std::find(components.begin(), components.end(), component) -
                             components.begin());
}

std::string DescribeRefusal(const Refusal& refusal) {
  std::string place = refusal.line == 0 ? "file" : absl::StrCat("line ", refusal.line);
  if (refusal.column != 0) absl::StrAppend(&place, ", column ", refusal.column);
  if (!refusal.field.empty()) absl::StrAppend(&place, " (", refusal.field, ")");
  return absl::StrCat(place, ": ", refusal.rule, ": ", refusal.description);
}

}  // namespace lintas::sdmx

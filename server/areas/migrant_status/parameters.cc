#include "server/areas/migrant_status/parameters.h"

#include <algorithm>

#include "absl/strings/match.h"

namespace lintas::migrant_status {

Parameters::Parameters(const agreement::v1::StatusTerms& terms, absl::string_view country) {
  for (const auto& parameter : terms.parameters()) {
    if (parameter.country() == country) of_.emplace(parameter.code(), parameter);
  }
}

int Parameters::Number(absl::string_view code) const {
  const auto found = of_.find(code);
  return found == of_.end() ? 0 : static_cast<int>(found->second.value());
}

bool Parameters::Lists(absl::string_view code, absl::string_view value) const {
  const auto found = of_.find(code);
  if (found == of_.end() || value.empty()) return false;
  const auto& classes = found->second.classes();
  return std::any_of(classes.begin(), classes.end(), [&](absl::string_view each) {
    return absl::EndsWith(each, "*") ? absl::StartsWith(value, each.substr(0, each.size() - 1))
                                     : each == value;
  });
}

const std::string& Parameters::Source(absl::string_view code) const {
  static const auto& none = *new std::string();
  const auto found = of_.find(code);
  return found == of_.end() ? none : found->second.source();
}

}  // namespace lintas::migrant_status

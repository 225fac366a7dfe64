#include "server/areas/migrant_status/rules/refused_entry.h"

#include <algorithm>

namespace lintas::migrant_status {
namespace {

// The name of a record that shows the person there from `refused` on; empty if there is none.
std::string ShownThere(const RuleInput& input, Day refused) {
  for (const OverstayFact& each : input.facts.overstays) {
    const bool ended = each.departure && *each.departure <= input.at;
    if (!ended && each.permitted_until > refused && each.permitted_until < input.at) {
      return each.name;
    }
  }
  for (const WorkPermitFact& each : input.facts.work_permits) {
    if (each.start && *each.start > refused && *each.start <= input.at && !each.cancelled) {
      return each.name;
    }
  }
  return "";
}

}  // namespace

MaybeFinding RefusedEntry(const RuleInput& input) {
  const CrossingFact* last = nullptr;
  for (const CrossingFact& crossing : input.facts.crossings) {
    if (crossing.day <= input.at && crossing.entry) last = &crossing;
  }
  if (last == nullptr || !last->refused) return absl::nullopt;
  const std::string shown = ShownThere(input, last->day);
  if (shown.empty()) return absl::nullopt;
  const RuleText rule{"REFUSED_ENTRY", 1, "host's border record (parameter; DOMAIN section 4)"};
  v1::Finding finding =
      MakeFinding(rule, v1::Finding::IRREGULAR_BY_ENTRY, v1::Finding::SUSPICION,
                  "turned back at the border, not admitted since, and shown there later");
  finding.set_since_date(Text(last->day));
  AddEvidence({last->name, shown}, &finding);
  return finding;
}

}  // namespace lintas::migrant_status

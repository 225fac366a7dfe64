#include "server/areas/migrant_status/rules/elsewhere.h"

namespace lintas::migrant_status {

MaybeFinding Elsewhere(const RuleInput& input) {
  const CurrentStay own = StayOn(input.facts, input.at);
  const RuleText rule{"ELSEWHERE", 1, "evidence of the other side (DOMAIN section 4)"};
  if (own.state == CurrentStay::State::kThere) {
    v1::Finding finding =
        MakeFinding(rule, v1::Finding::NOT_THERE, v1::Finding::REASONABLE_GROUNDS,
                    "admitted to the other country, and no departure from it since");
    finding.set_since_date(Text(own.entry->day));
    AddEvidence(own.evidence, &finding);
    return finding;
  }
  if (own.state == CurrentStay::State::kLeft) {
    v1::Finding finding = CannotSay(rule, {v1::Finding::DESTINATION},
                                    "left the other country; where to is not on record");
    finding.set_since_date(Text(*own.left));
    AddEvidence(own.evidence, &finding);
    return finding;
  }
  return absl::nullopt;
}

}  // namespace lintas::migrant_status

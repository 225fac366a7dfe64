#include "server/areas/migrant_status/rules/exemption_days.h"

#include "server/areas/migrant_status/rules/permitted_stay.h"

namespace lintas::migrant_status {

MaybeFinding ExemptionDays(const RuleInput& input, const CurrentStay& stay) {
  if (stay.state != CurrentStay::State::kThere) return absl::nullopt;
  const PermittedStay permitted = PermittedStayOf(input, stay);
  if (permitted.basis != PermittedStay::Basis::kExemption) return absl::nullopt;
  const RuleText rule{"EXEMPTION_DAYS", 1, input.parameters.Source(kExemptionDays)};
  return PastLastDay(rule, input, permitted, v1::Finding::REASONABLE_GROUNDS);
}

}  // namespace lintas::migrant_status

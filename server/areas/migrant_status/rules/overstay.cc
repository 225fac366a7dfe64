#include "server/areas/migrant_status/rules/overstay.h"

#include "server/areas/migrant_status/rules/permitted_stay.h"

namespace lintas::migrant_status {

using Basis = PermittedStay::Basis;

MaybeFinding Overstay(const RuleInput& input, const CurrentStay& stay) {
  if (stay.state != CurrentStay::State::kThere) return absl::nullopt;
  const PermittedStay permitted = PermittedStayOf(input, stay);
  if (permitted.basis != Basis::kStated && permitted.basis != Basis::kVisa) return absl::nullopt;
  const RuleText rule{"OVERSTAY", 1, input.parameters.Source(kOverstayFirstDay)};
  return PastLastDay(rule, input, permitted, v1::Finding::REASONABLE_GROUNDS);
}

MaybeFinding OverstayRecorded(const RuleInput& input) {
  const OverstayFact* open = nullptr;
  for (const OverstayFact& each : input.facts.overstays) {
    if (each.permitted_until >= input.at) continue;
    if (each.departure && *each.departure <= input.at) continue;
    if (open == nullptr || open->permitted_until < each.permitted_until) open = &each;
  }
  if (open == nullptr) return absl::nullopt;
  // A later admission or permit ends what an older record says.
  for (const CrossingFact& crossing : input.facts.crossings) {
    if (!crossing.admitted || crossing.day > input.at) continue;
    if (crossing.day > open->permitted_until) return absl::nullopt;
  }
  for (const StayPermitFact& permit : input.facts.stay_permits) {
    if (Runs(permit, input.at)) return absl::nullopt;
  }
  const RuleText rule{"OVERSTAY_RECORDED", 1, input.parameters.Source(kOverstayFirstDay)};
  PermittedStay stay{Basis::kStated, open->permitted_until, {open->name}};
  return PastLastDay(rule, input, stay, v1::Finding::BALANCE_OF_PROBABILITIES);
}

}  // namespace lintas::migrant_status

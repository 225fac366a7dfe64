#include "server/areas/migrant_status/rules/expired_permit.h"

#include "server/areas/migrant_status/rules/permitted_stay.h"

namespace lintas::migrant_status {

MaybeFinding ExpiredPermit(const RuleInput& input, const CurrentStay& stay) {
  if (stay.state == CurrentStay::State::kLeft) return absl::nullopt;
  const PermittedStay permitted = PermittedStayOf(input, stay);
  if (permitted.basis != PermittedStay::Basis::kStayPermit) return absl::nullopt;
  const RuleText rule{"EXPIRED_PERMIT", 1, input.parameters.Source(kOverstayFirstDay)};
  // Without an entry on record nobody knows that the person is there at all.
  const bool there = stay.state == CurrentStay::State::kThere;
  MaybeFinding finding = PastLastDay(
      rule, input, permitted, there ? v1::Finding::REASONABLE_GROUNDS : v1::Finding::SUSPICION);
  if (finding && !there) finding->add_gaps(v1::Finding::ENTRY_RECORD);
  return finding;
}

}  // namespace lintas::migrant_status

#include "server/areas/migrant_status/rules/within_stay.h"

#include "absl/strings/str_cat.h"
#include "server/areas/migrant_status/rules/permitted_stay.h"

namespace lintas::migrant_status {

MaybeFinding WithinStay(const RuleInput& input, const CurrentStay& stay) {
  if (stay.state == CurrentStay::State::kLeft) return absl::nullopt;
  const PermittedStay permitted = PermittedStayOf(input, stay);
  if (permitted.basis == PermittedStay::Basis::kNone) return absl::nullopt;
  if (OverstayDays(permitted.last, input.at, input.parameters) > 0) return absl::nullopt;
  const RuleText rule{"WITHIN_STAY", 1, input.parameters.Source(kOverstayFirstDay)};
  const bool there = stay.state == CurrentStay::State::kThere;
  v1::Finding finding =
      MakeFinding(rule, v1::Finding::REGULAR,
                  there ? v1::Finding::BALANCE_OF_PROBABILITIES : v1::Finding::REASONABLE_GROUNDS,
                  absl::StrCat("permitted until ", Text(permitted.last)));
  if (there) finding.set_since_date(Text(stay.entry->day));
  if (!there) finding.add_gaps(v1::Finding::ENTRY_RECORD);
  AddEvidence(permitted.evidence, &finding);
  return finding;
}

}  // namespace lintas::migrant_status

#include "server/areas/migrant_status/rules/no_record.h"

#include "server/areas/migrant_status/rules/permitted_stay.h"

namespace lintas::migrant_status {

MaybeFinding NoRecord(const RuleInput& input, const CurrentStay& stay) {
  if (stay.state == CurrentStay::State::kLeft) return absl::nullopt;
  if (PermittedStayOf(input, stay).basis != PermittedStay::Basis::kNone) return absl::nullopt;
  const RuleText rule{"NO_RECORD", 1, "absence is no finding (PROTOCOL P26)"};
  if (stay.state == CurrentStay::State::kThere) {
    v1::Finding finding = CannotSay(rule, {v1::Finding::PERMITTED_UNTIL, v1::Finding::STAY_PERMIT},
                                    "an entry is on record, no last permitted day");
    AddEvidence({stay.entry->name}, &finding);
    return finding;
  }
  return CannotSay(rule, {v1::Finding::ENTRY_RECORD, v1::Finding::STAY_PERMIT},
                   "neither an entry nor a stay permit is on record");
}

}  // namespace lintas::migrant_status

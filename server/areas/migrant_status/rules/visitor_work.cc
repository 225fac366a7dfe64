#include "server/areas/migrant_status/rules/visitor_work.h"

#include <algorithm>

namespace lintas::migrant_status {
namespace {

bool IsVisitor(const Parameters& parameters, absl::string_view code) {
  return parameters.Lists(kVisitorClasses, code) || parameters.Lists(kExemptionClasses, code);
}

}  // namespace

MaybeFinding VisitorWork(const RuleInput& input, const CurrentStay& stay) {
  if (stay.state != CurrentStay::State::kThere) return absl::nullopt;
  if (!IsVisitor(input.parameters, stay.entry->visa_class)) return absl::nullopt;
  for (const StayPermitFact& permit : input.facts.stay_permits) {
    if (Runs(permit, input.at) && !IsVisitor(input.parameters, permit.permit_class)) {
      return absl::nullopt;
    }
  }
  std::vector<std::string> evidence = {stay.entry->name};
  for (const WorkPermitFact& permit : input.facts.work_permits) {
    if (Runs(permit, input.at)) evidence.push_back(permit.name);
  }
  const bool stated = input.parameters.Lists(kWorkPurposes, stay.entry->purpose);
  if (evidence.size() == 1 && !stated) return absl::nullopt;
  const RuleText rule{"VISITOR_WORK", 1, input.parameters.Source(kVisitorClasses)};
  v1::Finding finding =
      MakeFinding(rule, v1::Finding::IRREGULAR_BY_UNAUTHORISED_WORK, v1::Finding::SUSPICION,
                  stated ? "entered as a visitor with work as the stated purpose"
                         : "a work permit runs on a visitor's entry");
  finding.set_since_date(Text(stay.entry->day));
  AddEvidence(evidence, &finding);
  return finding;
}

}  // namespace lintas::migrant_status

#include "server/areas/migrant_status/rules/work_permit.h"

namespace lintas::migrant_status {
namespace {

RuleText Rule(const RuleInput& input) {
  return {"WORK_PERMIT", 1, input.parameters.Source(kWorkClasses)};
}

v1::Finding Valid(const RuleInput& input, const WorkPermitFact& permit) {
  v1::Finding finding = MakeFinding(Rule(input), v1::Finding::PERMIT_VALID,
                                    v1::Finding::BALANCE_OF_PROBABILITIES, "a work permit runs");
  if (permit.start) finding.set_since_date(Text(*permit.start));
  if (permit.employer.empty()) finding.add_gaps(v1::Finding::EMPLOYER);
  AddEvidence({permit.name}, &finding);
  return finding;
}

}  // namespace

v1::Finding WorkPermit(const RuleInput& input, const CurrentStay& stay) {
  const WorkPermitFact* running = nullptr;
  const WorkPermitFact* ended = nullptr;
  const WorkPermitFact* cancelled = nullptr;
  for (const WorkPermitFact& permit : input.facts.work_permits) {
    if (Runs(permit, input.at)) {
      if (running == nullptr || *permit.end > *running->end) running = &permit;
    } else if (permit.cancelled) {
      cancelled = &permit;
    } else if (permit.end && *permit.end < input.at) {
      if (ended == nullptr || *permit.end > *ended->end) ended = &permit;
    }
  }
  if (running != nullptr) return Valid(input, *running);
  if (ended != nullptr) {
    v1::Finding finding =
        MakeFinding(Rule(input), v1::Finding::PERMIT_EXPIRED, v1::Finding::REASONABLE_GROUNDS,
                    "the last work permit on record ran out");
    finding.set_since_date(Text(*ended->end + 1));
    AddEvidence({ended->name}, &finding);
    return finding;
  }
  if (cancelled != nullptr) {
    v1::Finding finding =
        MakeFinding(Rule(input), v1::Finding::PERMIT_NONE, v1::Finding::REASONABLE_GROUNDS,
                    "the work permit on record was taken back");
    AddEvidence({cancelled->name}, &finding);
    return finding;
  }
  if (!input.facts.complete || stay.state != CurrentStay::State::kThere) {
    return CannotSay(Rule(input), {v1::Finding::WORK_PERMIT}, "no work permit is on record here");
  }
  const bool works = input.parameters.Lists(kWorkClasses, stay.entry->visa_class);
  v1::Finding finding =
      MakeFinding(Rule(input), v1::Finding::PERMIT_NONE, v1::Finding::SUSPICION,
                  works ? "the class of entry needs a work permit, none is on record"
                        : "no work permit is on record in the host country");
  finding.add_gaps(v1::Finding::WORK_PERMIT);
  AddEvidence({stay.entry->name}, &finding);
  return finding;
}

}  // namespace lintas::migrant_status

#include "server/areas/migrant_status/rules/residence.h"

namespace lintas::migrant_status {
namespace {

v1::Finding::Value ValueOf(const Parameters& parameters, absl::string_view code) {
  if (parameters.Lists(kPermanentClasses, code)) return v1::Finding::PERMANENT_RESIDENT;
  if (parameters.Lists(kTemporaryClasses, code)) return v1::Finding::TEMPORARY_RESIDENT;
  if (parameters.Lists(kVisitorClasses, code)) return v1::Finding::VISITOR;
  if (parameters.Lists(kExemptionClasses, code)) return v1::Finding::VISITOR;
  return v1::Finding::CANNOT_SAY;
}

// The permit that runs and gives the most; null if none does.
const StayPermitFact* BestPermit(const RuleInput& input) {
  const StayPermitFact* best = nullptr;
  for (const StayPermitFact& permit : input.facts.stay_permits) {
    if (!Runs(permit, input.at)) continue;
    if (best == nullptr || ValueOf(input.parameters, permit.permit_class) >
                               ValueOf(input.parameters, best->permit_class)) {
      best = &permit;
    }
  }
  return best;
}

v1::Finding OfClass(const RuleText& rule, const RuleInput& input, const std::string& code,
                    v1::Finding::Standard standard, const char* reason) {
  const v1::Finding::Value value = ValueOf(input.parameters, code);
  if (value != v1::Finding::CANNOT_SAY) return MakeFinding(rule, value, standard, reason);
  const v1::Finding::Gap gap =
      input.parameters.Has(kVisitorClasses) ? v1::Finding::CLASS : v1::Finding::PARAMETER;
  return CannotSay(rule, {gap}, "the class is in no list of the agreement");
}

}  // namespace

v1::Finding Residence(const RuleInput& input, const CurrentStay& stay) {
  const RuleText rule{"RESIDENCE", 1, input.parameters.Source(kVisitorClasses)};
  if (stay.state == CurrentStay::State::kLeft) {
    v1::Finding finding =
        MakeFinding(rule, v1::Finding::NOT_THERE, v1::Finding::BALANCE_OF_PROBABILITIES,
                    "the last word of the host's border is a departure");
    finding.set_since_date(Text(*stay.left));
    AddEvidence(stay.evidence, &finding);
    return finding;
  }
  const bool there = stay.state == CurrentStay::State::kThere;
  if (const StayPermitFact* permit = BestPermit(input); permit != nullptr) {
    v1::Finding finding =
        OfClass(rule, input, permit->permit_class,
                there ? v1::Finding::BALANCE_OF_PROBABILITIES : v1::Finding::REASONABLE_GROUNDS,
                "a stay permit runs");
    if (permit->start) finding.set_since_date(Text(*permit->start));
    if (!there) finding.add_gaps(v1::Finding::ENTRY_RECORD);
    AddEvidence({permit->name}, &finding);
    return finding;
  }
  if (!there) {
    return CannotSay(rule, {v1::Finding::ENTRY_RECORD, v1::Finding::STAY_PERMIT},
                     "neither an entry nor a stay permit is on record");
  }
  v1::Finding finding = OfClass(rule, input, stay.entry->visa_class,
                                v1::Finding::REASONABLE_GROUNDS, "by the class of the last entry");
  finding.set_since_date(Text(stay.entry->day));
  AddEvidence({stay.entry->name}, &finding);
  return finding;
}

}  // namespace lintas::migrant_status

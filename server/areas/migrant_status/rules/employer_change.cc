#include "server/areas/migrant_status/rules/employer_change.h"

#include <algorithm>

#include "server/matching/normalise.h"

namespace lintas::migrant_status {
namespace {

std::vector<std::string> Words(absl::string_view employer) {
  std::vector<std::string> words;
  matching::NormaliseName(employer, &words);
  std::sort(words.begin(), words.end());
  return words;
}

}  // namespace

bool SameEmployer(absl::string_view a, absl::string_view b) { return Words(a) == Words(b); }

MaybeFinding EmployerChange(const RuleInput& input) {
  std::vector<const WorkPermitFact*> running;
  for (const WorkPermitFact& permit : input.facts.work_permits) {
    if (Runs(permit, input.at) && permit.start && !permit.employer.empty()) {
      running.push_back(&permit);
    }
  }
  std::sort(running.begin(), running.end(), [](const WorkPermitFact* a, const WorkPermitFact* b) {
    return *a->start != *b->start ? *a->start < *b->start : a->name < b->name;
  });
  for (size_t i = 1; i < running.size(); ++i) {
    if (SameEmployer(running[0]->employer, running[i]->employer)) continue;
    const RuleText rule{"EMPLOYER_CHANGE", 1, input.parameters.Source(kWorkClasses)};
    v1::Finding finding =
        MakeFinding(rule, v1::Finding::IRREGULAR_BY_UNAUTHORISED_WORK, v1::Finding::SUSPICION,
                    "work permits of two employers run at once; no notice of change is on record");
    finding.set_since_date(Text(*running[i]->start));
    AddEvidence({running[0]->name, running[i]->name}, &finding);
    return finding;
  }
  return absl::nullopt;
}

}  // namespace lintas::migrant_status

#include "server/agreement/release.h"

#include <algorithm>

#include "absl/strings/match.h"
#include "lintas/options/v1/options.pb.h"

namespace lintas {
namespace {

using agreement::v1::RecordTerms;
using options::v1::Field;

bool NeverLeaves(int section) { return section == Field::PROTECTED || section == Field::INTERNAL; }

template <typename Sections>
bool Holds(const Sections& sections, int section) {
  return std::find(sections.begin(), sections.end(), section) != sections.end();
}

}  // namespace

bool IsPartysNational(const AgreementVersion& agreement,
                      const std::vector<std::string>& nationalities) {
  for (const std::string& nationality : nationalities) {
    for (const std::string& party : agreement.agreement().parties()) {
      if (absl::EqualsIgnoreCase(nationality, party)) return true;
    }
  }
  return false;
}

ReleasePlan PlanRelease(const AgreementVersion* agreement, absl::string_view type,
                        const std::vector<std::string>& nationalities,
                        const std::array<bool, kSectionCount>& filled) {
  ReleasePlan plan;
  const RecordTerms* terms = agreement == nullptr ? nullptr : agreement->Terms(type);
  const bool may_go = terms != nullptr && terms->crossing() == RecordTerms::REPLICATED &&
                      IsPartysNational(*agreement, nationalities);
  for (int section = 1; section <= kSectionCount; ++section) {
    if (!filled[section - 1]) continue;
    const bool goes =
        may_go && !NeverLeaves(section) && !Holds(terms->withheld_sections(), section);
    (goes ? plan.released_sections : plan.withheld_sections).push_back(section);
  }
  plan.replicate = !plan.released_sections.empty();
  return plan;
}

std::vector<int> RequestSections(const AgreementVersion& agreement, absl::string_view type) {
  std::vector<int> sections;
  const RecordTerms* terms = agreement.Terms(type);
  if (terms == nullptr) return sections;
  for (int section = 1; section <= kSectionCount; ++section) {
    if (!NeverLeaves(section) && Holds(terms->request_sections(), section)) {
      sections.push_back(section);
    }
  }
  return sections;
}

}  // namespace lintas

#include "server/areas/migrant_status/axes.h"

#include <algorithm>
#include <set>
#include <utility>

#include "absl/strings/ascii.h"
#include "server/areas/migrant_status/parameters.h"
#include "server/areas/migrant_status/rules/assessment.h"
#include "server/areas/migrant_status/rules/elsewhere.h"
#include "server/areas/migrant_status/rules/employer_change.h"
#include "server/areas/migrant_status/rules/exemption_days.h"
#include "server/areas/migrant_status/rules/expired_permit.h"
#include "server/areas/migrant_status/rules/no_record.h"
#include "server/areas/migrant_status/rules/overstay.h"
#include "server/areas/migrant_status/rules/placement.h"
#include "server/areas/migrant_status/rules/refused_entry.h"
#include "server/areas/migrant_status/rules/residence.h"
#include "server/areas/migrant_status/rules/visitor_work.h"
#include "server/areas/migrant_status/rules/within_stay.h"
#include "server/areas/migrant_status/rules/work_permit.h"

namespace lintas::migrant_status {
namespace {

using v1::AxisStatus;
using v1::Finding;
using v1::LineResult;

bool IsNational(const PersonFacts& person, const std::string& country) {
  const std::string code = absl::AsciiStrToUpper(country);
  return std::find(person.nationalities.begin(), person.nationalities.end(), code) !=
         person.nationalities.end();
}

bool Empty(const Facts& facts) {
  return facts.crossings.empty() && facts.stay_permits.empty() && facts.visas.empty() &&
         facts.work_permits.empty() && facts.overstays.empty() && facts.others.empty();
}

const Facts* Of(const PersonFacts& person, const std::string& owner) {
  for (const Facts& facts : person.by_owner) {
    if (facts.owner == owner) return &facts;
  }
  return nullptr;
}

void Put(const std::string& owner, MaybeFinding finding, AxisStatus* axis) {
  if (!finding) return;
  finding->set_owner_country(owner);
  *axis->add_findings() = *std::move(finding);
}

// S2: of two owners, both with something to say, that do not say the same.
bool Conflicts(const AxisStatus& axis) {
  for (const Finding& a : axis.findings()) {
    for (const Finding& b : axis.findings()) {
      if (a.owner_country() == b.owner_country() || a.value() == b.value()) continue;
      if (a.value() != Finding::CANNOT_SAY && b.value() != Finding::CANNOT_SAY) return true;
    }
  }
  return false;
}

// What one host country's axes are made of.
struct Host {
  std::string country, other;
  const Facts& own;     // The host's records; may be empty.
  const Facts* beside;  // The other side's; null if it has none.
  RuleInput input;
  CurrentStay stay;
};

AxisStatus ResidenceAxis(const Host& host) {
  AxisStatus axis;
  Put(host.country, Residence(host.input, host.stay), &axis);
  if (host.beside != nullptr) {
    Put(host.other, Elsewhere({*host.beside, host.input.parameters, host.input.at}), &axis);
  }
  return axis;
}

AxisStatus RegularityAxis(const Host& host) {
  AxisStatus axis;
  Put(host.country, OverstayRecorded(host.input), &axis);
  Put(host.country, Overstay(host.input, host.stay), &axis);
  Put(host.country, ExemptionDays(host.input, host.stay), &axis);
  Put(host.country, ExpiredPermit(host.input, host.stay), &axis);
  Put(host.country, RefusedEntry(host.input), &axis);
  Put(host.country, VisitorWork(host.input, host.stay), &axis);
  Put(host.country, EmployerChange(host.input), &axis);
  if (axis.findings().empty()) {
    Put(host.country, WithinStay(host.input, host.stay), &axis);
    Put(host.country, NoRecord(host.input, host.stay), &axis);
  }
  return axis;
}

AxisStatus LabourAxis(const Host& host, bool placed_by_other) {
  AxisStatus axis;
  Put(host.country, WorkPermit(host.input, host.stay), &axis);
  if (placed_by_other) Put(host.other, Placement(), &axis);
  return axis;
}

void Append(AxisStatus::Axis kind, const std::string& host, AxisStatus axis,
            std::vector<AxisStatus>* axes) {
  if (axis.findings().empty()) return;
  axis.set_axis(kind);
  axis.set_host_country(host);
  // Labour: a permit of the host and a placement by the State of origin are two things.
  axis.set_conflict(kind != AxisStatus::LABOUR && Conflicts(axis));
  axes->push_back(std::move(axis));
}

void EvaluateHost(const PersonFacts& person, const Viewpoint& viewpoint, const std::string& country,
                  const std::string& other, Day at, std::vector<AxisStatus>* axes) {
  static const auto& nothing = *new Facts();
  const Facts* own = Of(person, country);
  // A national at home is no migrant there, unless the records disagree on whose national it is.
  if (IsNational(person, country) && person.nationalities.size() == 1) return;
  if ((own == nullptr || Empty(*own)) && !IsNational(person, other)) return;
  const Parameters parameters(viewpoint.terms, country);
  const Facts& facts = own == nullptr ? nothing : *own;
  const Host host{country,          other, facts, Of(person, other), {facts, parameters, at},
                  StayOn(facts, at)};
  Append(AxisStatus::RESIDENCE, country, ResidenceAxis(host), axes);
  if (host.stay.state != CurrentStay::State::kLeft) {
    Append(AxisStatus::REGULARITY, country, RegularityAxis(host), axes);
    Append(AxisStatus::LABOUR, country, LabourAxis(host, IsNational(person, other)), axes);
  }
  // Only the host's own node knows of assessments.
  if (country == viewpoint.own_country &&
      AssessmentExists(person.nationalities, country, viewpoint.sees_protected)) {
    AxisStatus axis;
    Put(country, Assessment(), &axis);
    Append(AxisStatus::TRAFFICKING, country, std::move(axis), axes);
  }
}

void ScreenReasonsOf(const AxisStatus& axis, std::set<LineResult::ScreenReason>* reasons) {
  if (axis.conflict()) reasons->insert(LineResult::CONFLICT);
  for (const Finding& finding : axis.findings()) {
    switch (finding.value()) {
      case Finding::IRREGULAR_BY_UNAUTHORISED_WORK:
        if (finding.rule().code() == "VISITOR_WORK") {
          reasons->insert(LineResult::WORK_ON_VISITOR_ENTRY);
        }
        reasons->insert(LineResult::IRREGULAR_SITUATION);
        break;
      case Finding::IRREGULAR_BY_ENTRY:
      case Finding::IRREGULAR_BY_OVERSTAY:
        reasons->insert(LineResult::IRREGULAR_SITUATION);
        break;
      case Finding::PERMIT_EXPIRED:
      case Finding::PERMIT_NONE:
        reasons->insert(LineResult::NO_VALID_WORK_PERMIT);
        break;
      case Finding::CANNOT_SAY:
        // The other side's evidence and the placement tell nothing of the host's own axes.
        if (finding.owner_country() == axis.host_country()) reasons->insert(LineResult::CANNOT_SAY);
        break;
      default:
        break;
    }
  }
}

}  // namespace

std::vector<AxisStatus> Evaluate(const PersonFacts& person, const Viewpoint& viewpoint, Day at) {
  std::vector<AxisStatus> axes;
  std::vector<std::pair<std::string, std::string>> hosts = {
      {viewpoint.own_country, viewpoint.partner_country},
      {viewpoint.partner_country, viewpoint.own_country}};
  std::sort(hosts.begin(), hosts.end());
  for (const auto& [country, other] : hosts) {
    EvaluateHost(person, viewpoint, country, other, at, &axes);
  }
  std::stable_sort(axes.begin(), axes.end(),
                   [](const AxisStatus& a, const AxisStatus& b) { return a.axis() < b.axis(); });
  return axes;
}

std::vector<LineResult::ScreenReason> ScreenReasons(const std::vector<AxisStatus>& axes) {
  std::set<LineResult::ScreenReason> reasons;
  for (const AxisStatus& axis : axes) {
    if (axis.axis() != AxisStatus::TRAFFICKING) ScreenReasonsOf(axis, &reasons);
  }
  if (axes.empty()) reasons.insert(LineResult::CANNOT_SAY);
  return {reasons.begin(), reasons.end()};
}

}  // namespace lintas::migrant_status

#include "server/areas/migrant_status/rules/permitted_stay.h"

#include <algorithm>

#include "absl/strings/str_cat.h"

namespace lintas::migrant_status {
namespace {

using Basis = PermittedStay::Basis;

void Later(Basis basis, Day last, std::vector<std::string> evidence, PermittedStay* stay) {
  if (stay->basis != Basis::kNone && stay->last >= last) return;
  *stay = {basis, last, std::move(evidence)};
}

// What the entry itself permits.
void FromEntry(const RuleInput& input, const CrossingFact& entry, PermittedStay* stay) {
  if (entry.permitted_until) {
    return Later(Basis::kStated, *entry.permitted_until, {entry.name}, stay);
  }
  const int exempt = input.parameters.Number(kExemptionDays);
  if (exempt > 0 && input.parameters.Lists(kExemptionClasses, entry.visa_class)) {
    Later(Basis::kExemption, LastDayOf(entry.day, exempt, input.parameters), {entry.name}, stay);
  }
  for (const VisaFact& visa : input.facts.visas) {
    if (!visa.usable || visa.stay_days <= 0) continue;
    // A visa must be open on the day of entry.
    if ((visa.start && entry.day < *visa.start) || (visa.end && entry.day > *visa.end)) continue;
    Later(Basis::kVisa, LastDayOf(entry.day, visa.stay_days, input.parameters),
          {entry.name, visa.name}, stay);
  }
}

}  // namespace

Day LastDayOf(Day entry, int days, const Parameters& parameters) {
  return entry + days - (parameters.Number(kEntryDayCounts) == 1 ? 1 : 0);
}

PermittedStay PermittedStayOf(const RuleInput& input, const CurrentStay& stay) {
  PermittedStay permitted;
  if (stay.entry != nullptr) FromEntry(input, *stay.entry, &permitted);
  for (const StayPermitFact& permit : input.facts.stay_permits) {
    if (permit.cancelled || !permit.end) continue;
    if (permit.start && *permit.start > input.at) continue;
    if (stay.entry != nullptr && *permit.end < stay.entry->day) continue;
    Later(Basis::kStayPermit, *permit.end, {permit.name}, &permitted);
  }
  return permitted;
}

int OverstayDays(Day last, Day at, const Parameters& parameters) {
  const int first = std::max(parameters.Number(kOverstayFirstDay), 1);
  return std::max(0, static_cast<int>(at - last) - (first - 1));
}

std::string OverstayReason(int days, const Parameters& parameters) {
  std::string reason = absl::StrCat(days, days == 1 ? " day" : " days",
                                    " past the last permitted one, as the host counts");
  const int apart = parameters.Number(kOverstayLongDays);
  if (apart > 0 && days > apart) {
    absl::StrAppend(&reason, "; more than the ", apart, " beyond which it counts apart");
  }
  return reason;
}

MaybeFinding PastLastDay(const RuleText& rule, const RuleInput& input, const PermittedStay& stay,
                         v1::Finding::Standard standard) {
  const int days = OverstayDays(stay.last, input.at, input.parameters);
  if (days == 0) return absl::nullopt;
  v1::Finding finding = MakeFinding(rule, v1::Finding::IRREGULAR_BY_OVERSTAY, standard,
                                    OverstayReason(days, input.parameters));
  finding.set_since_date(Text(stay.last + std::max(input.parameters.Number(kOverstayFirstDay), 1)));
  finding.set_days(days);
  AddEvidence(stay.evidence, &finding);
  return finding;
}

}  // namespace lintas::migrant_status

#include "server/areas/statistics/figures/mirror.h"

#include <algorithm>
#include <cmath>
#include <iterator>

#include "absl/strings/str_cat.h"

namespace lintas::statistics {
namespace {

constexpr absl::string_view kCauseCodes[] = {
    "NOT_STATED", "DEFINITION", "COVERAGE", "TIMING", "TRANSIT", "DOUBLE_NATIONALITY", "ERROR"};

}  // namespace

absl::string_view GapCauseCode(GapCause cause) { return kCauseCodes[static_cast<size_t>(cause)]; }

absl::StatusOr<GapCause> ParseGapCause(absl::string_view code) {
  const auto found = std::find(std::begin(kCauseCodes), std::end(kCauseCodes), code);
  if (found == std::end(kCauseCodes)) {
    return absl::InvalidArgumentError("No such cause of a gap.");
  }
  return static_cast<GapCause>(found - std::begin(kCauseCodes));
}

MirrorGap Compare(MirrorCell cell) {
  MirrorGap gap;
  gap.cell = std::move(cell);
  const absl::optional<int64_t>& x = gap.cell.inflow.value;
  const absl::optional<int64_t>& m = gap.cell.outflow.value;
  if (!x.has_value() || !m.has_value()) return gap;
  gap.difference = *x - *m;
  const auto inflow = static_cast<double>(*x);
  const auto outflow = static_cast<double>(*m);
  if (*x != 0 || *m != 0) {
    gap.asymmetry = (inflow - outflow) / ((inflow + outflow) / 2);
    gap.asymmetry_absolute = std::abs(*gap.asymmetry);
  }
  if (*m != 0) gap.ratio = inflow / outflow;
  return gap;
}

std::vector<MirrorGap> LargestGapsFirst(std::vector<MirrorCell> cells) {
  std::vector<MirrorGap> gaps;
  gaps.reserve(cells.size());
  for (MirrorCell& cell : cells) gaps.push_back(Compare(std::move(cell)));
  std::sort(gaps.begin(), gaps.end(), [](const MirrorGap& a, const MirrorGap& b) {
    if (a.difference.has_value() != b.difference.has_value()) return a.difference.has_value();
    if (a.difference.has_value() && std::abs(*a.difference) != std::abs(*b.difference)) {
      return std::abs(*a.difference) > std::abs(*b.difference);
    }
    const double first = a.asymmetry_absolute.value_or(0);
    const double second = b.asymmetry_absolute.value_or(0);
    if (first != second) return first > second;
    return a.cell.codes < b.cell.codes;
  });
  return gaps;
}

std::vector<std::string> DefinitionsThatDiffer(const MirrorDefinition& inflow,
                                               const MirrorDefinition& outflow) {
  std::vector<std::string> parts;
  if (inflow.event != outflow.event) parts.push_back("event");
  if (inflow.unit != outflow.unit) parts.push_back("unit");
  if (inflow.duration_rule != outflow.duration_rule) parts.push_back("duration rule");
  if (inflow.population != outflow.population) parts.push_back("population");
  if (inflow.period != outflow.period) parts.push_back("period");
  if (inflow.coverage != outflow.coverage) parts.push_back("coverage");
  return parts;
}

absl::StatusOr<int64_t> ReconciledValue(const MirrorCell& cell, double inflow_weight) {
  if (!(inflow_weight >= 0 && inflow_weight <= 1)) {
    return absl::InvalidArgumentError("A weight is within 0 and 1.");
  }
  if (!cell.inflow.value.has_value() || !cell.outflow.value.has_value()) {
    return absl::FailedPreconditionError("One side has no figure.");
  }
  if (cell.inflow.partial || cell.outflow.partial) {
    return absl::FailedPreconditionError("One side's figure is partial.");
  }
  const auto inflow = static_cast<double>(*cell.inflow.value);
  const auto outflow = static_cast<double>(*cell.outflow.value);
  return static_cast<int64_t>(std::llround(inflow_weight * inflow + (1 - inflow_weight) * outflow));
}

MirrorSummary Summarise(const std::vector<MirrorGap>& gaps) {
  MirrorSummary summary;
  for (const MirrorGap& gap : gaps) {
    if (!gap.difference.has_value()) {
      ++summary.not_compared;
      continue;
    }
    ++summary.compared;
    summary.inflow += *gap.cell.inflow.value;
    summary.outflow += *gap.cell.outflow.value;
    summary.gap += std::abs(*gap.difference);
  }
  return summary;
}

}  // namespace lintas::statistics

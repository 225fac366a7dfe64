// Mirror reconciliation: both countries' figures of the same movement side by side, how far they
// are apart and why (DOMAIN 7). Neither figure is ever changed: both originals stay. Pure; safe
// from any thread.
#ifndef LINTAS_SERVER_AREAS_STATISTICS_FIGURES_MIRROR_H_
#define LINTAS_SERVER_AREAS_STATISTICS_FIGURES_MIRROR_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/optional.h"

namespace lintas::statistics {

// Why two figures differ. The codes are what is exchanged and shown; they are never renamed.
enum class GapCause : uint8_t {
  kNotStated,
  kDefinition,         // DEFINITION: event, duration rule or population differ.
  kCoverage,           // COVERAGE: a port, a carrier or a group is not counted on one side.
  kTiming,             // TIMING: counted in different periods.
  kTransit,            // TRANSIT: travellers who only pass through.
  kDoubleNationality,  // DOUBLE_NATIONALITY: two citizenships, one on each side.
  kError,              // ERROR: a mistake on one side.
};
absl::string_view GapCauseCode(GapCause cause);
// kInvalidArgument if there is no such code.
absl::StatusOr<GapCause> ParseGapCause(absl::string_view code);

// One side's figure: a value, or why there is none.
struct MirrorFigure {
  absl::optional<int64_t> value;
  bool suppressed = false;  // Left out by disclosure control.
  bool partial = false;     // Days or ports are missing.
};

// What both sides say of one cell. `inflow` is what the country of destination counted, `outflow`
// what the country of origin did.
struct MirrorCell {
  // The cell's codes, in the order of the cube's dimensions.
  std::vector<std::string> codes;
  MirrorFigure inflow;
  MirrorFigure outflow;
  std::vector<GapCause> causes;
};

// How far two figures are apart. Nothing is said of a cell that lacks one.
struct MirrorGap {
  MirrorCell cell;
  // x - m.
  absl::optional<int64_t> difference;
  // (x - m) / ((x + m) / 2), from -2 to 2; none if x + m = 0.
  absl::optional<double> asymmetry;
  absl::optional<double> asymmetry_absolute;
  // x / m; none if m = 0.
  absl::optional<double> ratio;
};

MirrorGap Compare(MirrorCell cell);

// All cells compared, the largest absolute difference first; among equals the larger absolute
// asymmetry, then by codes. Cells without a difference stand last.
std::vector<MirrorGap> LargestGapsFirst(std::vector<MirrorCell> cells);

// What both sides must state alike before figures are compared.
struct MirrorDefinition {
  std::string event;
  std::string unit;
  std::string duration_rule;
  std::string population;
  std::string period;
  std::string coverage;
};
// The names of the parts in which both differ, in the order above; empty: they may be compared
// as they are.
std::vector<std::string> DefinitionsThatDiffer(const MirrorDefinition& inflow,
                                               const MirrorDefinition& outflow);

// A joint value by a weight that both Parties agreed: weight * x + (1 - weight) * m, rounded to
// the nearest whole. kInvalidArgument if the weight is not within 0 and 1, kFailedPrecondition if
// a figure is missing or only partial.
absl::StatusOr<int64_t> ReconciledValue(const MirrorCell& cell, double inflow_weight);

// Sums over all cells that have both figures.
struct MirrorSummary {
  size_t compared = 0;
  size_t not_compared = 0;
  int64_t inflow = 0;
  int64_t outflow = 0;
  // Sum of absolute differences.
  int64_t gap = 0;
};
MirrorSummary Summarise(const std::vector<MirrorGap>& gaps);

}  // namespace lintas::statistics

#endif  // LINTAS_SERVER_AREAS_STATISTICS_FIGURES_MIRROR_H_

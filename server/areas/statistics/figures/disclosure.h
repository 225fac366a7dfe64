// Disclosure control: decides which cells of a release leave without a figure, so that no small
// count can be told from anything ever released. Pure; safe from any thread.
//
// D1  Zero stays zero: a zero cell is released as 0 and never suppressed.
// D2  A cell with 0 < count < threshold has no figure. Nor has any such count that no table shows
//     but that follows from its categories (all ports less one port).
// D3  Whoever knows all releases of the history, the rules and even which cells shield others can
//     bound a small count no closer than the rule itself does: both 1 and threshold - 1 remain
//     possible. The same figure is at stake in every table that holds the cell: one cell, one
//     state.
// D4  Between releases: unless a revision is asked for, a release repeats the figures of the
//     earlier one as long as any cell would change by less than the threshold; one person more or
//     less changes nothing that is seen. In a revision such a cell has no figure, and it stays
//     possible that nothing changed in it and that threshold - 1 did.
// D5  Dominance: a magnitude of which the n largest contributors hold more than k percent, or
//     whose largest contributor could be estimated to within p percent by the second, has no
//     figure, and no range closer than p percent of the largest.
//
// D3 is proved cell by cell: two sets of counts that agree with everything released and that show
// the two ends. The search for them (linear_program.h) also finds the cells whose suppression
// costs least. Where it can, it shows whole numbers, which no integer program excludes; else real
// ones, as a linear program would attack it (`real_proofs` counts them).
#ifndef LINTAS_SERVER_AREAS_STATISTICS_FIGURES_DISCLOSURE_H_
#define LINTAS_SERVER_AREAS_STATISTICS_FIGURES_DISCLOSURE_H_

#include <cstdint>
#include <limits>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "server/areas/statistics/figures/cube.h"
#include "server/areas/statistics/figures/release.h"

namespace lintas::statistics {

struct DisclosureRules {
  // 3, 5 or 10 by agreement; 1 suppresses nothing.
  int64_t threshold = 5;
  // Released as a revision: figures change although small changes are among them (D4).
  bool revision = false;
};

struct DominanceRule {
  // The n largest contributors hold more than k percent.
  size_t n = 2;
  double k_percent = 85;
  // The rest beside the two largest is less than p percent of the largest.
  double p_percent = 10;
};

// The margin that protects a magnitude with these contributions: p percent of the largest, rounded
// up; 0 if the rule does not apply. `contributions` in any order, none negative.
int64_t DominanceMargin(std::vector<int64_t> contributions, const DominanceRule& rule);

// One cell of a table.
struct CellPlace {
  size_t table = 0;
  size_t cell = 0;
};

// A magnitude that DominanceMargin() found to need protection.
struct DominatedCell {
  CellPlace place;
  int64_t margin = 0;
};

struct DisclosureRequest {
  // Must outlive the call. `counts` in the order of CellIndex().
  const Cube* cube = nullptr;
  absl::Span<const int64_t> counts;
  int64_t vintage = 0;
  std::vector<Table> tables;
  std::vector<DominatedCell> dominated;
  // All releases of the cube, oldest first.
  const std::vector<Release>* history = nullptr;
  DisclosureRules rules;
};

struct DisclosureOutcome {
  Release release;
  // D4: the tables repeat earlier ones, those never released are left out.
  bool held = false;
  size_t primary_count = 0;
  size_t secondary_count = 0;
  // Ends of ranges that are proved over real numbers only: no proof in whole numbers was found.
  size_t real_proofs = 0;
};

// Rows times atoms (the cells of the finest table that all tables could be made from) at most; a
// larger release is to be split into tables that share fewer dimensions.
constexpr size_t kDisclosureSizeMax = size_t{8} << 20;

// Errors: kInvalidArgument (a table or the counts do not fit the cube); kResourceExhausted
// (kDisclosureSizeMax); kFailedPrecondition: earlier releases already tell a small count, whatever
// this one leaves out; nothing is to be released then before people have looked.
absl::StatusOr<DisclosureOutcome> Protect(const DisclosureRequest& request);

}  // namespace lintas::statistics

#endif  // LINTAS_SERVER_AREAS_STATISTICS_FIGURES_DISCLOSURE_H_

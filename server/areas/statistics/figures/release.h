// What has been released: tables with the state of each cell, and the history of all releases of a
// cube, which disclosure control looks back on. The history is kept at home: it also holds the
// figures of cells that were not released. Plain values; safe from any thread.
#ifndef LINTAS_SERVER_AREAS_STATISTICS_FIGURES_RELEASE_H_
#define LINTAS_SERVER_AREAS_STATISTICS_FIGURES_RELEASE_H_

#include <cstdint>
#include <string>
#include <vector>

#include "server/areas/statistics/figures/cube.h"

namespace lintas::statistics {

// Why a cell has no figure. It stays at home: whoever knew a small count from a cell that only
// shields one would know a narrower range for both, so outside there is one state, `suppressed`.
enum class Suppression : uint8_t {
  kNone,
  // 0 < count < threshold.
  kSmallCount,
  // A few contributors make up most of a magnitude.
  kDominance,
  // Changed from an earlier release by less than the threshold.
  kSmallChange,
  // Shields another cell.
  kSecondary,
};

struct ReleasedCell {
  // The true figure, also of a suppressed cell; leaves only if `suppression` is kNone.
  int64_t value = 0;
  Suppression suppression = Suppression::kNone;
  // Of a suppressed cell: the range that the rule itself tells whoever knows it.
  int64_t lower = 0;
  // INT64_MAX: no bound.
  int64_t upper = 0;

  bool is_suppressed() const { return suppression != Suppression::kNone; }
};

struct ReleasedTable {
  Table table;
  std::vector<ReleasedCell> cells;  // In the order of the table's cells.
  // The vintage of the counters that the table was made from.
  int64_t vintage = 0;
};

// One release of one cube. Counters of one vintage never differ: any record more or less is a
// further vintage.
struct Release {
  std::string id;
  int64_t vintage = 0;
  std::vector<ReleasedTable> tables;
};

}  // namespace lintas::statistics

#endif  // LINTAS_SERVER_AREAS_STATISTICS_FIGURES_RELEASE_H_

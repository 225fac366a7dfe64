// A released table as it may leave the country: of a suppressed cell nothing but that it is
// suppressed. Pure; safe from any thread.
#ifndef LINTAS_SERVER_AREAS_STATISTICS_FIGURES_OUTWARD_H_
#define LINTAS_SERVER_AREAS_STATISTICS_FIGURES_OUTWARD_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/types/optional.h"
#include "server/areas/statistics/figures/cube.h"
#include "server/areas/statistics/figures/release.h"

namespace lintas::statistics {

struct OutwardCell {
  // One for each dimension of the cube, `_T` where the table is totalled.
  std::vector<std::string> codes;
  // None exactly if suppressed.
  absl::optional<int64_t> value;
  bool suppressed = false;
};

struct OutwardTable {
  std::string cube;
  std::string table;
  std::string unit;
  int64_t vintage = 0;
  std::vector<std::string> dimensions;
  std::vector<OutwardCell> cells;
};

inline OutwardTable Outward(const Cube& cube, const ReleasedTable& released) {
  OutwardTable table{cube.id, released.table.id, cube.unit, released.vintage, {}, {}};
  for (const Dimension& dimension : cube.dimensions) table.dimensions.push_back(dimension.id);
  for (size_t cell = 0; cell < released.cells.size(); ++cell) {
    OutwardCell outward;
    outward.codes = CellCodes(cube, released.table, cell);
    outward.suppressed = released.cells[cell].is_suppressed();
    if (!outward.suppressed) outward.value = released.cells[cell].value;
    table.cells.push_back(std::move(outward));
  }
  return table;
}

}  // namespace lintas::statistics

#endif  // LINTAS_SERVER_AREAS_STATISTICS_FIGURES_OUTWARD_H_

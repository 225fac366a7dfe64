// Cubes declared as data: what is counted, by which dimensions, and which tables are made of it.
// A cube says event, unit, duration rule and population, so that crossings are never called
// migrants (DOMAIN 7). Pure; everything here is safe from any thread.
#ifndef LINTAS_SERVER_AREAS_STATISTICS_FIGURES_CUBE_H_
#define LINTAS_SERVER_AREAS_STATISTICS_FIGURES_CUBE_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace lintas::statistics {

// The code that stands for all codes of a dimension together (SDMX: total).
constexpr absl::string_view kTotal = "_T";
// A cube's counters are dense: so many cells at most (256 MiB of counters).
constexpr size_t kCubeCellsMax = size_t{1} << 26;

// One dimension with its codes. A record has exactly one code in each dimension; `_U` (unknown) is
// a code like any other. `_T` is none: totals are made, not counted.
struct Dimension {
  std::string id;
  std::vector<std::string> codes;
};

// One cube. If periods are to be protected together (months against their year), the period is a
// dimension like any other: TIME_PERIOD, in first place, so that a period's counters lie together.
struct Cube {
  // SDMX id, for example MIG_FLOW.
  std::string id;
  // What makes a record count, for example `border crossing, admitted`.
  std::string event;
  // What one count is: crossings, persons, permits, cases, …
  std::string unit;
  // From which stay on a person counts; `none` for events.
  std::string duration_rule;
  // Of whom it speaks, for example `citizens of both Parties`.
  std::string population;
  std::vector<Dimension> dimensions;
};

// OK if every part is said, ids and codes are unique and the cells are at most kCubeCellsMax;
// otherwise kInvalidArgument with the part.
absl::Status CheckCube(const Cube& cube);

// The cells of a cube that CheckCube() took: the product of its code counts.
size_t CellCount(const Cube& cube);

// The index of a cell, row-major with the last dimension fastest. `codes[d]` is an index into the
// codes of dimension d and must be in range.
size_t CellIndex(const Cube& cube, const std::vector<uint16_t>& codes);

// One line or column of a table: a code and the codes of the cube that it stands for.
struct Category {
  std::string code;
  // Indexes into the dimension's codes, ascending, at least one.
  std::vector<uint16_t> members;
};

// One axis of a table.
struct Axis {
  // Index into the cube's dimensions.
  size_t dimension = 0;
  std::vector<Category> categories;
};

// A table: its cells are all combinations of its axes' categories, the last axis fastest; it is
// totalled over every dimension without an axis. No axis: one cell, the total of everything.
struct Table {
  std::string id;
  std::vector<Axis> axes;
};

// The table by `dimension_ids`, each axis with all codes one by one and, last, their total.
// kInvalidArgument if the cube lacks one of them.
absl::StatusOr<Table> MakeTable(const Cube& cube, absl::string_view id,
                                const std::vector<std::string>& dimension_ids);

// OK if every axis names another dimension and every category has members of it; otherwise
// kInvalidArgument.
absl::Status CheckTable(const Cube& cube, const Table& table);

size_t CellCount(const Table& table);

// The categories of a cell, one for each axis.
std::vector<size_t> CellCategories(const Table& table, size_t cell);

// The codes of a cell in the order of the cube's dimensions; `_T` where the table has no axis.
std::vector<std::string> CellCodes(const Cube& cube, const Table& table, size_t cell);

}  // namespace lintas::statistics

#endif  // LINTAS_SERVER_AREAS_STATISTICS_FIGURES_CUBE_H_

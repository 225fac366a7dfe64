#include "server/areas/statistics/figures/cube.h"

#include <algorithm>
#include <numeric>
#include <set>

#include "absl/strings/str_cat.h"
#include "server/base/status.h"

namespace lintas::statistics {
namespace {

absl::Status Bad(const Cube& cube, absl::string_view what) {
  return absl::InvalidArgumentError(absl::StrCat("Cube ", cube.id, ": ", what));
}

absl::Status CheckDimension(const Cube& cube, const Dimension& dimension) {
  if (dimension.id.empty()) return Bad(cube, "a dimension has no id.");
  if (dimension.codes.empty() || dimension.codes.size() > UINT16_MAX) {
    return Bad(cube, absl::StrCat(dimension.id, " needs 1 to 65535 codes."));
  }
  const std::set<std::string> unique(dimension.codes.begin(), dimension.codes.end());
  if (unique.size() != dimension.codes.size()) {
    return Bad(cube, absl::StrCat(dimension.id, " has a code twice."));
  }
  if (unique.count("") != 0 || unique.count(std::string(kTotal)) != 0) {
    return Bad(cube, absl::StrCat(dimension.id, ": a code is empty or the total's."));
  }
  return absl::OkStatus();
}

}  // namespace

absl::Status CheckCube(const Cube& cube) {
  if (cube.id.empty()) return Bad(cube, "no id.");
  if (cube.event.empty() || cube.unit.empty() || cube.duration_rule.empty() ||
      cube.population.empty()) {
    return Bad(cube, "event, unit, duration rule and population must be said.");
  }
  std::set<std::string> ids;
  size_t cells = 1;
  for (const Dimension& dimension : cube.dimensions) {
    RETURN_IF_ERROR(CheckDimension(cube, dimension));
    if (!ids.insert(dimension.id).second) {
      return Bad(cube, absl::StrCat("dimension ", dimension.id, " stands twice."));
    }
    if (cells > kCubeCellsMax / dimension.codes.size()) return Bad(cube, "too many cells.");
    cells *= dimension.codes.size();
  }
  return absl::OkStatus();
}

size_t CellCount(const Cube& cube) {
  size_t cells = 1;
  for (const Dimension& dimension : cube.dimensions) cells *= dimension.codes.size();
  return cells;
}

size_t CellIndex(const Cube& cube, const std::vector<uint16_t>& codes) {
  size_t index = 0;
  for (size_t d = 0; d < cube.dimensions.size(); ++d) {
    index = index * cube.dimensions[d].codes.size() + codes[d];
  }
  return index;
}

absl::StatusOr<Table> MakeTable(const Cube& cube, absl::string_view id,
                                const std::vector<std::string>& dimension_ids) {
  Table table;
  table.id = std::string(id);
  for (const std::string& wanted : dimension_ids) {
    const auto found =
        std::find_if(cube.dimensions.begin(), cube.dimensions.end(),
                     [&](const Dimension& dimension) { return dimension.id == wanted; });
    if (found == cube.dimensions.end()) return Bad(cube, absl::StrCat("no dimension ", wanted));
    Axis axis;
    axis.dimension = static_cast<size_t>(found - cube.dimensions.begin());
    for (size_t i = 0; i < found->codes.size(); ++i) {
      axis.categories.push_back({found->codes[i], {static_cast<uint16_t>(i)}});
    }
    Category total{std::string(kTotal), std::vector<uint16_t>(found->codes.size())};
    std::iota(total.members.begin(), total.members.end(), uint16_t{0});
    axis.categories.push_back(std::move(total));
    table.axes.push_back(std::move(axis));
  }
  return table;
}

absl::Status CheckTable(const Cube& cube, const Table& table) {
  const auto bad = [&](absl::string_view what) {
    return absl::InvalidArgumentError(absl::StrCat("Table ", table.id, ": ", what));
  };
  std::set<size_t> dimensions;
  size_t cells = 1;
  for (const Axis& axis : table.axes) {
    if (axis.dimension >= cube.dimensions.size()) return bad("an axis of no dimension.");
    if (!dimensions.insert(axis.dimension).second) return bad("two axes of one dimension.");
    if (axis.categories.empty()) return bad("an axis without categories.");
    if (cells > kCubeCellsMax / axis.categories.size()) return bad("too many cells.");
    cells *= axis.categories.size();
    for (const Category& category : axis.categories) {
      const bool ascending = std::is_sorted(category.members.begin(), category.members.end()) &&
                             std::adjacent_find(category.members.begin(), category.members.end()) ==
                                 category.members.end();
      if (category.members.empty() || !ascending ||
          category.members.back() >= cube.dimensions[axis.dimension].codes.size()) {
        return bad(absl::StrCat("the members of ", category.code, "."));
      }
    }
  }
  return absl::OkStatus();
}

size_t CellCount(const Table& table) {
  size_t cells = 1;
  for (const Axis& axis : table.axes) cells *= axis.categories.size();
  return cells;
}

std::vector<size_t> CellCategories(const Table& table, size_t cell) {
  std::vector<size_t> categories(table.axes.size());
  for (size_t a = table.axes.size(); a-- > 0;) {
    categories[a] = cell % table.axes[a].categories.size();
    cell /= table.axes[a].categories.size();
  }
  return categories;
}

std::vector<std::string> CellCodes(const Cube& cube, const Table& table, size_t cell) {
  std::vector<std::string> codes(cube.dimensions.size(), std::string(kTotal));
  const std::vector<size_t> categories = CellCategories(table, cell);
  for (size_t a = 0; a < table.axes.size(); ++a) {
    codes[table.axes[a].dimension] = table.axes[a].categories[categories[a]].code;
  }
  return codes;
}

}  // namespace lintas::statistics

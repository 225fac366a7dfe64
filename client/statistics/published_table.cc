#include "client/statistics/published_table.h"

#include <algorithm>
#include <utility>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "server/base/status.h"

namespace lintas::client {
namespace {

constexpr char kTotal[] = "_T";

std::string ValueAt(const sdmx::DataSet& data_set, const sdmx::Row& row, absl::string_view id) {
  const size_t at = data_set.IndexOf(id);
  return at < row.values.size() ? row.values[at] : "";
}

bool IsDimension(const sdmx::Component& component) {
  return component.role == sdmx::Role::kDimension || component.role == sdmx::Role::kTimeDimension;
}

}  // namespace

size_t PublishedTable::IndexOf(absl::string_view dimension) const {
  return static_cast<size_t>(std::find(dimensions.begin(), dimensions.end(), dimension) -
                             dimensions.begin());
}

std::string PublishedTable::CodeOf(const PublishedCell& cell, absl::string_view dimension) const {
  const size_t at = IndexOf(dimension);
  return at < cell.codes.size() ? cell.codes[at] : kTotal;
}

absl::StatusOr<PublishedTable> TableOf(const sdmx::DataSet& data_set,
                                       const sdmx::Structure& structure) {
  PublishedTable table;
  table.structure = data_set.structure;
  for (const sdmx::Component& component : structure.components) {
    if (IsDimension(component)) table.dimensions.push_back(component.id);
  }
  for (const sdmx::Row& row : data_set.rows) {
    if (row.action == sdmx::Action::kDelete) continue;
    PublishedCell cell;
    for (const std::string& id : table.dimensions) {
      cell.codes.push_back(ValueAt(data_set, row, id));
    }
    if (std::find(cell.codes.begin(), cell.codes.end(), "") != cell.codes.end()) continue;
    const std::string value = ValueAt(data_set, row, "OBS_VALUE");
    if (!value.empty() && !sdmx::IsIntentionallyMissing(value)) {
      int64_t number = 0;
      if (!absl::SimpleAtoi(value, &number)) {
        return absl::InvalidArgumentError(
            absl::StrCat("Line ", row.line, ": the value is no whole number."));
      }
      cell.figure.value = number;
    }
    cell.figure.status =
        sdmx::StatusOf(ValueAt(data_set, row, "OBS_STATUS"), ValueAt(data_set, row, "CONF_STATUS"),
                       cell.figure.value.has_value());
    table.cells.push_back(std::move(cell));
  }
  return table;
}

absl::StatusOr<sdmx::DataSet> DataSetOf(const statistics::OutwardTable& table,
                                        const sdmx::Structure& structure,
                                        const ExportFrame& frame) {
  sdmx::DataSet data_set;
  data_set.structure = structure.ref;
  std::vector<size_t> from;  // For each dimension its place in the table, or none.
  for (const sdmx::Component& component : structure.components) {
    if (!IsDimension(component)) continue;
    const auto found = std::find(table.dimensions.begin(), table.dimensions.end(), component.id);
    const auto at = static_cast<size_t>(found - table.dimensions.begin());
    if (found == table.dimensions.end() && frame.constants.count(component.id) == 0) {
      return absl::InvalidArgumentError(absl::StrCat("No code is said for ", component.id, "."));
    }
    from.push_back(at);
    data_set.components.push_back(component.id);
  }
  const size_t dimensions = data_set.components.size();
  for (const char* id : {"OBS_VALUE", "OBS_STATUS", "CONF_STATUS", "COMMENT_OBS"}) {
    data_set.components.push_back(id);
  }
  data_set.multiple.assign(data_set.components.size(), false);
  for (const statistics::OutwardCell& cell : table.cells) {
    sdmx::Row row;
    row.action = frame.action;
    for (size_t d = 0; d < dimensions; ++d) {
      row.values.push_back(from[d] < cell.codes.size()
                               ? cell.codes[from[d]]
                               : frame.constants.at(data_set.components[d]));
    }
    sdmx::CellStatus status =
        frame.partial ? sdmx::CellStatus::kPartial : sdmx::CellStatus::kNormal;
    if (cell.suppressed) status = sdmx::CellStatus::kSuppressed;
    const sdmx::StatusCodes codes = sdmx::CodesOf(status);
    row.values.push_back(cell.value.has_value() ? absl::StrCat(*cell.value) : "");
    row.values.emplace_back(codes.obs_status);
    row.values.emplace_back(codes.conf_status);
    row.values.push_back(frame.comment);
    data_set.rows.push_back(std::move(row));
  }
  return data_set;
}

const std::vector<std::string>& MirrorDimensions() {
  static const auto& dimensions =
      *new std::vector<std::string>{"FREQ", "FROM",    "TO",       "CITIZENSHIP", "SEX",
                                    "AGE",  "PURPOSE", "DURATION", "MEASURE",     "TIME_PERIOD"};
  return dimensions;
}

std::vector<statistics::MirrorCell> MirrorCellsOf(const std::vector<PublishedTable>& tables) {
  std::map<std::vector<std::string>, statistics::MirrorCell> cells;
  for (const PublishedTable& table : tables) {
    for (const PublishedCell& cell : table.cells) {
      const std::string direction = table.CodeOf(cell, "DIRECTION");
      const bool entry = direction == "IN";
      if ((!entry && direction != "OUT") || table.CodeOf(cell, "PORT") != kTotal) continue;
      const std::string reporting = table.CodeOf(cell, "REPORTING_AREA");
      const std::string other = table.CodeOf(cell, "COUNTERPART_AREA");
      std::vector<std::string> key;
      for (const std::string& dimension : MirrorDimensions()) {
        if (dimension == "FROM") {
          key.push_back(entry ? other : reporting);
        } else if (dimension == "TO") {
          key.push_back(entry ? reporting : other);
        } else {
          key.push_back(table.CodeOf(cell, dimension));
        }
      }
      statistics::MirrorCell& mirror = cells[key];
      mirror.codes = key;
      statistics::MirrorFigure& figure = entry ? mirror.inflow : mirror.outflow;
      figure.value = cell.figure.value;
      figure.suppressed = cell.figure.status == sdmx::CellStatus::kSuppressed;
      figure.partial = cell.figure.status == sdmx::CellStatus::kPartial;
    }
  }
  std::vector<statistics::MirrorCell> result;
  result.reserve(cells.size());
  for (auto& each : cells) result.push_back(std::move(each.second));
  return result;
}

}  // namespace lintas::client

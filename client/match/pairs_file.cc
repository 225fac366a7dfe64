#include "client/match/pairs_file.h"

#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "server/base/error.h"
#include "server/matching/name_match.h"

namespace lintas::client {

absl::StatusOr<Table> MatchPairs(const CsvTable& pairs) {
  const int name1 = pairs.ColumnOf("name1"), name2 = pairs.ColumnOf("name2");
  const int dob1 = pairs.ColumnOf("dob1"), dob2 = pairs.ColumnOf("dob2");
  if (name1 < 0 || name2 < 0) {
    return MakeError(absl::StatusCode::kInvalidArgument, "MISSING_COLUMNS",
                     "The file must have the columns name1 and name2.");
  }
  std::vector<std::string> header = pairs.header();
  for (const char* added : {"score", "match", "reasons"}) header.push_back(added);
  Table table(std::move(header));
  for (size_t row = 0; row < pairs.row_count(); ++row) {
    std::vector<std::string> cells;
    for (size_t column = 0; column < pairs.header().size(); ++column) {
      cells.emplace_back(pairs.Cell(row, column));
    }
    const auto name = [&](int column) {
      return matching::ParseName(pairs.Cell(row, static_cast<size_t>(column)));
    };
    const auto born = [&](int column) {
      return column < 0 ? 0 : matching::ReadLooseDate(pairs.Cell(row, static_cast<size_t>(column)));
    };
    matching::PairEvidence evidence =
        matching::ComparePersons(name(name1), born(dob1), name(name2), born(dob2));
    for (const std::string& missing : evidence.missing) {
      evidence.reasons.push_back(absl::StrCat(missing, " missing"));
    }
    cells.push_back(absl::StrFormat("%.1f", evidence.bits));
    cells.push_back(evidence.match ? "true" : "false");
    cells.push_back(absl::StrJoin(evidence.reasons, "; "));
    table.Add(std::move(cells));
  }
  return table;
}

}  // namespace lintas::client

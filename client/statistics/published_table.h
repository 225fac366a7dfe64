// A published table as people look at it, whichever format it came in: cells under dimensions, each
// with a value or with the reason why there is none. Pure; safe from any thread.
#ifndef LINTAS_CLIENT_STATISTICS_PUBLISHED_TABLE_H_
#define LINTAS_CLIENT_STATISTICS_PUBLISHED_TABLE_H_

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/optional.h"
#include "client/sdmx/cell_status.h"
#include "client/sdmx/message.h"
#include "client/sdmx/structure.h"
#include "server/areas/statistics/figures/mirror.h"
#include "server/areas/statistics/figures/outward.h"

namespace lintas::client {

struct Figure {
  absl::optional<int64_t> value;
  sdmx::CellStatus status = sdmx::CellStatus::kNotCollected;
};

struct PublishedCell {
  std::vector<std::string> codes;  // In the order of the table's dimensions.
  Figure figure;
};

struct PublishedTable {
  sdmx::StructureRef structure;
  std::vector<std::string> dimensions;  // Ids, the period among them.
  std::vector<PublishedCell> cells;

  // Index of the dimension, dimensions.size() if there is none.
  size_t IndexOf(absl::string_view dimension) const;
  // The code of a cell in a dimension; `_T` if the table has none.
  std::string CodeOf(const PublishedCell& cell, absl::string_view dimension) const;
};

// The observations of one structure; deleting rows and rows without full key are left out.
// `structure` tells which components are dimensions. kInvalidArgument for a value that is no whole
// number.
absl::StatusOr<PublishedTable> TableOf(const sdmx::DataSet& data_set,
                                       const sdmx::Structure& structure);

// What an exported table says beside its cells: a code for each dimension of the structure that the
// cube does not have (FREQ, REPORTING_AREA, …), and the action.
struct ExportFrame {
  std::map<std::string, std::string> constants;
  sdmx::Action action = sdmx::Action::kReplace;
  // All cells lack something and may still change: P instead of A, with the comment.
  bool partial = false;
  std::string comment;
};

// The SDMX data set of a released table. kInvalidArgument if a dimension of the structure has no
// code: neither in the table nor in the frame.
absl::StatusOr<sdmx::DataSet> DataSetOf(const statistics::OutwardTable& table,
                                        const sdmx::Structure& structure, const ExportFrame& frame);

// Both sides' figures of the same movement, from what both published: an entry that the country of
// destination reports, an exit that the country of origin reports. Only over all ports: nobody
// enters through the port that he left by. Cells that one side alone has are there, too.
std::vector<statistics::MirrorCell> MirrorCellsOf(const std::vector<PublishedTable>& tables);

// The names of the codes of those cells, in order.
const std::vector<std::string>& MirrorDimensions();

}  // namespace lintas::client

#endif  // LINTAS_CLIENT_STATISTICS_PUBLISHED_TABLE_H_

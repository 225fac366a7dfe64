// One file of statistics, in whichever format it came: SDMX-CSV 1.0, 2.0, 2.1 or SDMX-JSON 2.0.
// Pure; safe from any thread.
#ifndef LINTAS_CLIENT_STATISTICS_STATISTICS_FILE_H_
#define LINTAS_CLIENT_STATISTICS_STATISTICS_FILE_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "client/sdmx/csv_reader.h"
#include "client/sdmx/message.h"
#include "client/sdmx/structure.h"
#include "client/statistics/published_table.h"

namespace lintas::client {

// JSON if the first sign is `{`, else CSV.
sdmx::ReadResult ReadStatistics(absl::string_view text, sdmx::CsvVersion version,
                                const std::vector<sdmx::Structure>* structures);

// `IDKH:MIG_FLOW(1.0): 1204 rows, 4 Delete, 1200 Merge`, a line for each data set.
std::string DescribeMessage(const sdmx::Message& message);

// A table for each data set whose structure is known; errors as TableOf().
absl::StatusOr<std::vector<PublishedTable>> TablesOf(
    const sdmx::Message& message, const std::vector<sdmx::Structure>& structures);

// Formats that a message can be written in: sdmx-csv-1.0, sdmx-csv-2.0, sdmx-csv-2.1, sdmx-json,
// csv (names in place of codes, for a spreadsheet). kInvalidArgument for another name. `prepared`
// and `id` go into JSON's header.
struct FormatRequest {
  std::string format;
  std::string language = "en";
  std::string prepared;
  std::string id;
};
absl::StatusOr<std::string> FormatMessage(const sdmx::Message& message,
                                          const std::vector<sdmx::Structure>& structures,
                                          const FormatRequest& request);

}  // namespace lintas::client

#endif  // LINTAS_CLIENT_STATISTICS_STATISTICS_FILE_H_

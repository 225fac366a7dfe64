// Writes SDMX-CSV 1.0, 2.0 and 2.1 data messages. Pure; safe from any thread.
#ifndef LINTAS_CLIENT_SDMX_CSV_WRITER_H_
#define LINTAS_CLIENT_SDMX_CSV_WRITER_H_

#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "client/sdmx/csv_reader.h"
#include "client/sdmx/message.h"
#include "client/sdmx/structure.h"

namespace lintas::sdmx {

enum class CsvLabels { kId, kName, kBoth };
enum class CsvKeys { kNone, kSeries, kObservation, kBoth };

struct CsvWriteOptions {
  // kAny writes 2.1.
  CsvVersion version = CsvVersion::kV21;
  CsvLabels labels = CsvLabels::kId;
  // 1.0 has none.
  CsvKeys keys = CsvKeys::kNone;
  char separator = ',';
  // Between several values of a field, if any component has them.
  char value_separator = ';';
  // Names of components and codes, and which components are dimensions. Without it names are the
  // ids, and labels and keys say no more than the values do.
  const std::vector<Structure>* structures = nullptr;
  std::string language = "en";
  std::string line_end = "\r\n";
};

// All data sets under one header: the components of the first, then those that others add. In 1.0
// every structure counts as a dataflow and actions are not told. 2.1 writes I and A as M; 2.0
// writes M as A.
std::string WriteCsv(const Message& message, const CsvWriteOptions& options);

// The series key (dimensions but the time's) and the observation key (all), joined by dots in the
// structure's order. `*` stands for a dimension that is not given.
std::string SeriesKey(const Structure& structure, const DataSet& data_set, const Row& row);
std::string ObservationKey(const Structure& structure, const DataSet& data_set, const Row& row);

}  // namespace lintas::sdmx

#endif  // LINTAS_CLIENT_SDMX_CSV_WRITER_H_

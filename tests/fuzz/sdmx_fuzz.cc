// SDMX files from strangers: no input may crash a reader, and what was taken without refusal is
// written and read back as the same rows.
#include <cstdint>
#include <string>

#include "absl/strings/string_view.h"
#include "client/sdmx/csv_reader.h"
#include "client/sdmx/csv_writer.h"
#include "client/sdmx/idkh_structures.h"
#include "client/sdmx/json.h"
#include "server/base/check.h"

using lintas::sdmx::CsvVersion;

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const absl::string_view text(reinterpret_cast<const char*>(data), size);
  (void)lintas::sdmx::ReadJsonStructures(text);
  (void)lintas::sdmx::ReadJsonData(text, &lintas::sdmx::IdkhStructures());
  lintas::sdmx::CsvReadOptions reading;
  reading.structures = &lintas::sdmx::IdkhStructures();
  const lintas::sdmx::ReadResult read = lintas::sdmx::ReadCsv(text, reading);
  if (!read.refusals.empty()) return 0;
  lintas::sdmx::CsvWriteOptions writing;
  // A separator that stands in no value and no name.
  writing.value_separator = '\x1e';
  const std::string written = lintas::sdmx::WriteCsv(read.message, writing);
  const lintas::sdmx::ReadResult again = lintas::sdmx::ReadCsv(written, reading);
  LINTAS_CHECK(again.refusals.empty());
  LINTAS_CHECK(again.message.data_sets.size() == read.message.data_sets.size());
  for (size_t i = 0; i < read.message.data_sets.size(); ++i) {
    LINTAS_CHECK(again.message.data_sets[i].rows.size() == read.message.data_sets[i].rows.size());
  }
  return 0;
}

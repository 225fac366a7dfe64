// Writes a whole sample into a folder: both sides' files, the truth beside, and the mark (P5).
#ifndef LINTAS_CLIENT_SAMPLE_SAMPLE_FILES_H_
#define LINTAS_CLIENT_SAMPLE_SAMPLE_FILES_H_

#include <array>
#include <cstdint>
#include <string>

#include "absl/status/statusor.h"
#include "client/sample/options.h"
#include "client/sample/population.h"
#include "client/sample/record_file.h"

namespace lintas::sample {

// What was written.
struct SampleCounts {
  uint64_t persons = 0;
  std::array<uint64_t, kPersonKindCount> persons_of_kind{};
  // Visits of Indonesians to Cambodia.
  uint64_t visits = 0;
  // Rows by side and file.
  std::array<std::array<uint64_t, kRecordFileCount>, kCountryCount> rows{};
  std::array<uint64_t, kCountryCount> bad_rows{};

  uint64_t RowsOf(Country side) const;
};

// Writes the sample. Memory does not grow with its size. kInvalidArgument: the folder holds
// something that is no sample. kUnavailable: it cannot be written.
absl::StatusOr<SampleCounts> WriteSample(const SampleOptions& options);

// The counts as a table for a person.
std::string CountsText(const SampleCounts& counts);

}  // namespace lintas::sample

#endif  // LINTAS_CLIENT_SAMPLE_SAMPLE_FILES_H_

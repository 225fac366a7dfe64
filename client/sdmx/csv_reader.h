// Reads SDMX-CSV 1.0, 2.0 and 2.1 data messages: labels id, name and both, with or without key
// columns, any separator (the sign after the first header field). Says of everything that is wrong
// where it stands. Pure; safe from any thread.
//
// Rules of refusals. Of the file: EMPTY_FILE, NOT_UTF8, MALFORMED_CSV, WRONG_FIRST_COLUMN,
// MISSING_COLUMN (STRUCTURE_ID, or name columns), DUPLICATE_COLUMN, TOO_MANY_COLUMNS,
// TOO_FEW_COLUMNS. Of the row: UNKNOWN_STRUCTURE_TYPE, BAD_STRUCTURE_ID, UNKNOWN_STRUCTURE,
// UNKNOWN_ACTION, ACTION_NOT_IN_VERSION. Of a component, if its structure is known:
// UNKNOWN_COMPONENT, MISSING_DIMENSION, MISSING_ATTRIBUTE, DUPLICATE_KEY, UNKNOWN_CODE,
// NOT_A_TIME_PERIOD, NOT_A_DATE_TIME, NOT_AN_INTEGER, NOT_A_NUMBER, SUPPRESSED_VALUE (a figure
// beside a status that says it was left out), MISSING_VALUE (none, and the status says normal).
// Without structure TIME_PERIOD, OBS_VALUE and EMBARGO_TIME are looked at, and no row may stand
// twice.
#ifndef LINTAS_CLIENT_SDMX_CSV_READER_H_
#define LINTAS_CLIENT_SDMX_CSV_READER_H_

#include <vector>

#include "absl/strings/string_view.h"
#include "client/sdmx/message.h"
#include "client/sdmx/structure.h"

namespace lintas::sdmx {

// 2.0 and 2.1 look alike; kAny takes a file that begins with STRUCTURE as 2.1, which reads all that
// 2.0 may hold.
enum class CsvVersion { kAny, kV10, kV20, kV21 };

struct CsvReadOptions {
  CsvVersion version = CsvVersion::kAny;
  // Every row must belong to one of them (a dataflow or provision agreement to the data structure
  // with the same agency, id and version). nullptr: any structure, only the form is checked.
  const std::vector<Structure>* structures = nullptr;
};

ReadResult ReadCsv(absl::string_view text, const CsvReadOptions& options);

}  // namespace lintas::sdmx

#endif  // LINTAS_CLIENT_SDMX_CSV_READER_H_

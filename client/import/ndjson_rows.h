// Reads newline-delimited JSON: each line is one row of any record type, as the node's own JSON has
// it (SubmitRecordsRequest.Row): {"source_key":"A-1","record":{"crossing":{…}}}. Row by row and in
// constant memory; a bad line is handed on with its error and hinders no other. Empty lines are
// passed over. A row number, `name` and `meta` are ignored.
#ifndef LINTAS_CLIENT_IMPORT_NDJSON_ROWS_H_
#define LINTAS_CLIENT_IMPORT_NDJSON_ROWS_H_

#include <cstdint>
#include <functional>
#include <istream>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "client/record.h"
#include "server/base/error.h"

namespace lintas::client {

struct NdjsonRow {
  // The line that the row stands on, from 1.
  uint64_t line = 0;
  std::string source_key;
  AnyRecord record;
  // Empty if the row is good. Rules: NOT_A_ROW (with the field, where JSON says it, never a value),
  // REQUIRED on `source_key` and `record`.
  std::vector<FieldViolation> errors;
};

// Longest line in bytes.
constexpr size_t kNdjsonRowBytesMax = 1 << 20;

// `on_row` may take the row away; an error of it stops the reading with it. Errors of the file as a
// whole: reason ROW_TOO_LONG with the line; kUnavailable if the stream fails.
absl::Status ReadNdjson(std::istream& in, const std::function<absl::Status(NdjsonRow*)>& on_row);

// The row as a line of such a file, without its end; `name` and `meta` are left out.
std::string NdjsonLine(const std::string& source_key, AnyRecord record);

}  // namespace lintas::client

#endif  // LINTAS_CLIENT_IMPORT_NDJSON_ROWS_H_

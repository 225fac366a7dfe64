// Reads a CSV file (RFC 4180, UTF-8) of one record type, row by row and in constant memory. The
// first row names the columns (csv_columns.h). A bad row is handed on with its errors and hinders
// no other. What only the node knows (ports, State codes, required values) is left to the node.
//
// Blanks around an unquoted field are dropped; an empty field leaves its value unset; lines end in
// LF, CR LF or CR; empty lines are passed over; a byte order mark is dropped.
#ifndef LINTAS_CLIENT_IMPORT_CSV_ROWS_H_
#define LINTAS_CLIENT_IMPORT_CSV_ROWS_H_

#include <cstdint>
#include <functional>
#include <istream>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "client/import/csv_columns.h"
#include "google/protobuf/descriptor.h"
#include "google/protobuf/message.h"
#include "server/base/error.h"

namespace lintas::client {

struct CsvRow {
  // Rows of data count from 1; empty lines count as lines only.
  uint64_t number = 0;
  // The physical line that the row begins on; the header's is 1.
  uint64_t line = 0;
  std::string source_key;
  // Of the file's type. May be taken away or swapped; incomplete if there are errors.
  std::unique_ptr<google::protobuf::Message> record;
  // Empty if the row is good. Rules: NOT_A_NUMBER, UNKNOWN_VALUE, NOT_A_TIME, BAD_PARTIAL_DATE,
  // NOT_UTF8 on a field; TOO_MANY_COLUMNS, MISSING_COLUMNS on the type; REQUIRED on source_key.
  std::vector<FieldViolation> errors;
};

// Longest row in bytes, so that a forgotten quotation mark does not take the whole file into
// memory.
constexpr size_t kCsvRowBytesMax = 1 << 20;

// One file. Not thread safe; to be used once.
class CsvRows {
 public:
  // The row is valid until the call returns. An error stops the reading with it.
  using OnRow = std::function<absl::Status(CsvRow* row)>;

  // `type` must be a generated record type.
  CsvRows(const google::protobuf::Descriptor* type, FieldMapping mapping);
  ~CsvRows();
  CsvRows(const CsvRows&) = delete;
  CsvRows& operator=(const CsvRows&) = delete;

  // Reads to the end. Errors of the file as a whole: those of CsvColumns::Make(), and the reasons
  // EMPTY_FILE, MALFORMED_CSV (a quotation mark at a wrong place or never closed) and ROW_TOO_LONG,
  // with the line; rows before it were handed on. kUnavailable if the stream fails.
  absl::Status Read(std::istream& in, const OnRow& on_row);

  // Columns of the file that fill nothing. Known when the first row is handed on.
  const std::vector<std::string>& unknown_columns() const;
  // Rows of data handed on so far.
  uint64_t row_count() const;

 private:
  class Reader;
  std::unique_ptr<Reader> reader_;
};

}  // namespace lintas::client

#endif  // LINTAS_CLIENT_IMPORT_CSV_ROWS_H_

// Reads a list of people from a CSV file (RFC 4180, UTF-8), row by row and in constant memory, as
// strangers' lists come: any columns in any order, those that say who is meant are known by name.
#ifndef LINTAS_CLIENT_STATUS_LIST_ROWS_H_
#define LINTAS_CLIENT_STATUS_LIST_ROWS_H_

#include <cstdint>
#include <istream>
#include <map>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "lintas/migrant_status/v1/migrant_status.pb.h"

namespace lintas::client {

// Longest row in bytes, so that a forgotten quotation mark does not take the whole file into
// memory.
constexpr size_t kListRowBytesMax = 1 << 20;

// One file. Not thread safe; to be used once.
class ListRows {
 public:
  // Reads the header. `columns`: field to column, beyond the names that are known. Fields:
  // passport, issuer, national, name, given_name, family_name, born. INVALID_ARGUMENT, reasons
  // EMPTY_FILE, MISSING_COLUMNS (nothing says who is meant), MALFORMED_CSV, ROW_TOO_LONG.
  static absl::StatusOr<ListRows> Open(std::istream* in,
                                       const std::map<std::string, std::string>& columns);

  const std::vector<std::string>& header() const { return header_; }
  // The next row's cells, as many as the header has; surplus ones are dropped. False at the end.
  absl::StatusOr<bool> Next(std::vector<std::string>* cells);
  // Who is meant by a row.
  migrant_status::v1::PersonQuery PersonOf(const std::vector<std::string>& cells) const;

 private:
  explicit ListRows(std::istream* in) : in_(in) {}
  absl::StatusOr<bool> ReadRow(std::vector<std::string>* cells);
  std::string Cell(const std::vector<std::string>& cells, const char* field) const;

  std::istream* in_;
  std::vector<std::string> header_;
  std::map<std::string, size_t> place_;  // Of each field.
};

}  // namespace lintas::client

#endif  // LINTAS_CLIENT_STATUS_LIST_ROWS_H_

// A whole CSV file of unknown columns in memory, as strangers' lists come. Not for records: those
// are read row by row (client/import/csv_rows.h).
#ifndef LINTAS_CLIENT_MATCH_CSV_TABLE_H_
#define LINTAS_CLIENT_MATCH_CSV_TABLE_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace lintas::client {

// Immutable after reading, any thread. All cells lie in one block.
class CsvTable {
 public:
  // RFC 4180, UTF-8 with or without a byte order mark; separator `,`, or `;` or a tabulator if the
  // first line has only those. Blanks around cells and column names are dropped, empty lines passed
  // over; missing cells are empty, surplus ones dropped. Reasons: EMPTY_FILE, MALFORMED_CSV (a
  // quotation mark never closed), FILE_TOO_LARGE (from 4 GiB).
  static absl::StatusOr<CsvTable> Parse(std::string content);
  // kInvalidArgument if the file cannot be read.
  static absl::StatusOr<CsvTable> Read(const std::string& path);

  const std::vector<std::string>& header() const { return header_; }
  size_t row_count() const { return row_count_; }
  absl::string_view Cell(size_t row, size_t column) const {
    const uint32_t* bounds = &bounds_[2 * (row * header_.size() + column)];
    return absl::string_view(content_).substr(bounds[0], bounds[1] - bounds[0]);
  }
  // Case and surrounding blanks do not count. -1 if there is none.
  int ColumnOf(absl::string_view name) const;

 private:
  class Reader;

  std::string content_;
  std::vector<std::string> header_;
  // Begin and end of each cell in `content_`, quotation marks taken out in place.
  std::vector<uint32_t> bounds_;
  size_t row_count_ = 0;
};

}  // namespace lintas::client

#endif  // LINTAS_CLIENT_MATCH_CSV_TABLE_H_

// Character-separated values (RFC 4180) with the place of every field, for readers that say where a
// file is wrong. Blanks belong to the field; lines end in LF, CR LF or CR; empty lines are passed
// over. Pure; safe from any thread.
#ifndef LINTAS_CLIENT_SDMX_CSV_TEXT_H_
#define LINTAS_CLIENT_SDMX_CSV_TEXT_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"

namespace lintas::sdmx {

struct CsvRecord {
  // The line that the record begins on, from 1.
  uint64_t line = 0;
  std::vector<std::string> fields;
};

// Goes through a text record by record.
class CsvText {
 public:
  // `text` must outlive it. A byte order mark is passed over.
  CsvText(absl::string_view text, char separator);

  // False at the end or at a quotation mark that RFC 4180 does not allow: malformed() then.
  bool Next(CsvRecord* record);
  bool malformed() const { return malformed_; }
  // Line of the malformed record.
  uint64_t line() const { return record_line_; }

 private:
  bool QuotedField(std::string* field);
  bool AtLineEnd() const;
  void TakeLineEnd();

  const absl::string_view text_;
  const char separator_;
  size_t at_ = 0;
  uint64_t line_ = 1;
  uint64_t record_line_ = 1;
  bool malformed_ = false;
};

// True if all bytes are UTF-8 (RFC 3629).
bool IsUtf8(absl::string_view text);

// The field as it is written: quoted if it holds the separator, a quotation mark or a line end.
std::string CsvField(absl::string_view value, char separator);

}  // namespace lintas::sdmx

#endif  // LINTAS_CLIENT_SDMX_CSV_TEXT_H_

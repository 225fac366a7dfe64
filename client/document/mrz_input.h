// Reads machine-readable zones out of a file, one document after another and in constant memory:
// text with one document per block of lines, blocks apart by empty lines; or CSV (RFC 4180) whose
// header names the columns line1, line2 and, for three-line documents, line3. CSV may be separated
// by commas, semicolons or tabs. Any bytes may come in; a bad document hinders no other.
#ifndef LINTAS_CLIENT_DOCUMENT_MRZ_INPUT_H_
#define LINTAS_CLIENT_DOCUMENT_MRZ_INPUT_H_

#include <cstdint>
#include <functional>
#include <istream>
#include <string>
#include <vector>

#include "absl/status/status.h"

namespace lintas::client {

struct MrzDocument {
  // Counted from 1 over all input.
  uint64_t number = 0;
  // Without line ends; blanks around them are kept. No more than kMrzLinesMax lines, none longer
  // than kMrzLineBytesMax: what is longer is cut and stays too long for every format.
  std::vector<std::string> lines;
  // The physical line that the document begins on, from 1; in CSV its row, from 1 without header.
  uint64_t position = 0;
};

constexpr size_t kMrzLinesMax = 8;
constexpr size_t kMrzLineBytesMax = 256;

using OnMrzDocument = std::function<void(const MrzDocument&)>;

// Reads to the end. `*count` is the number of documents so far and goes up by each.
// kInvalidArgument with the reason MISSING_COLUMNS if a CSV header has line1 but no line2, or
// MALFORMED_CSV if a quotation mark stands at a wrong place or none ends a row: what came before
// was handed on; kUnavailable if the stream fails.
absl::Status ReadMrzDocuments(std::istream& in, uint64_t* count, const OnMrzDocument& on_document);

}  // namespace lintas::client

#endif  // LINTAS_CLIENT_DOCUMENT_MRZ_INPUT_H_

// SDMX-JSON 2.0: data messages and structure messages, written and read. Pure; safe from any
// thread. Output is deterministic: the same message gives the same bytes.
//
// Rules of refusals beside those of csv_reader.h: MALFORMED_JSON (with line and column),
// WRONG_SHAPE (a part is missing or of another kind; `field` is its path), BAD_KEY (an
// observation's key points to no value).
#ifndef LINTAS_CLIENT_SDMX_JSON_H_
#define LINTAS_CLIENT_SDMX_JSON_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "client/sdmx/message.h"
#include "client/sdmx/structure.h"

namespace lintas::sdmx {

struct JsonHeader {
  // Of the message: letters, digits and _@$-.
  std::string id;
  // RFC 3339.
  std::string prepared;
  // Id of the sender.
  std::string sender;
  bool test = false;
};

// Observations flat, all dimensions at the observation; one data set for each action of each data
// set. Merge is written as Append, which is what 2.0 calls it. kInvalidArgument if a row lacks a
// dimension or its structure is not among `structures`.
absl::StatusOr<std::string> WriteJsonData(const Message& message,
                                          const std::vector<Structure>& structures,
                                          const JsonHeader& header);

// Reads flat observations and series. `structures` as for ReadCsv().
ReadResult ReadJsonData(absl::string_view text, const std::vector<Structure>* structures);

// Data structures with their code lists and one concept scheme.
std::string WriteJsonStructures(const std::vector<Structure>& structures, const JsonHeader& header);

struct StructuresResult {
  std::vector<Structure> structures;
  std::vector<Refusal> refusals;
};
StructuresResult ReadJsonStructures(absl::string_view text);

}  // namespace lintas::sdmx

#endif  // LINTAS_CLIENT_SDMX_JSON_H_

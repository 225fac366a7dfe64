// How an agency's export becomes columns of a record type: what each of its columns is called here,
// what its words mean, how it writes dates, and what holds for the whole file. Mappings of known
// agencies are built in (client/import/mappings); a further one is a file. Pure, any thread.
#ifndef LINTAS_CLIENT_IMPORT_MAPPING_H_
#define LINTAS_CLIENT_IMPORT_MAPPING_H_

#include <map>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace lintas::client {

// From a CSV file's column names to the names used here; an empty target leaves the column out.
using CsvMapping = std::map<std::string, std::string>;

// Of one kind of file.
struct FieldMapping {
  FieldMapping() = default;
  // NOLINTNEXTLINE(google-explicit-constructor): names alone are a mapping.
  FieldMapping(CsvMapping names) : columns(std::move(names)) {}

  // A word of the file's name, for example `permits`; empty: any file.
  std::string file;
  // Code of the record type; empty: not said.
  std::string type;
  CsvMapping columns;
  // Fields that no column fills and their text, the same in every row.
  std::map<std::string, std::string> constants;
  // By the file's column: what a text means here. One that is not listed stays as it is.
  std::map<std::string, std::map<std::string, std::string>> values;
  // By the file's column: how it writes days, for example `DD/MM/YYYY` (letters D, M, Y).
  std::map<std::string, std::string> dates;
};

// Reads a mapping file: JSON as in client/import/mappings, or lines `csv column = field column`,
// `#` begins a comment line. Reason BAD_MAPPING, saying where, if it is otherwise.
absl::StatusOr<std::vector<FieldMapping>> ParseMappings(absl::string_view text);

// The built-in mappings of an agency. kInvalidArgument (UNKNOWN_AGENCY), naming those there are.
absl::StatusOr<std::vector<FieldMapping>> MappingsOfAgency(absl::string_view agency);
std::vector<std::string> KnownAgencies();

// The one of `mappings` for the file at `path`: that whose word stands in the file's name, of
// `type` if that is not empty; else the only one that is left. kInvalidArgument (NO_MAPPING).
absl::StatusOr<FieldMapping> ChooseMapping(const std::vector<FieldMapping>& mappings,
                                           const std::string& path, absl::string_view type);

// `text` in the order of year, month, day, `YYYY-MM-DD`, if it has the form; else as it is.
std::string DayOf(absl::string_view text, absl::string_view form);

// Letters and digits in lower case: `stay_permits`, `Stay-Permit` and `stayPermits` are alike.
std::string Squeezed(absl::string_view text);

// One built-in file; generated from client/import/mappings at build time.
struct BuiltInMapping {
  const char* agency;
  const char* json;
};
const std::vector<BuiltInMapping>& BuiltInMappings();

}  // namespace lintas::client

#endif  // LINTAS_CLIENT_IMPORT_MAPPING_H_

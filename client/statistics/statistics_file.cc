#include "client/statistics/statistics_file.h"

#include <algorithm>
#include <map>

#include "absl/strings/str_cat.h"
#include "client/sdmx/csv_text.h"
#include "client/sdmx/csv_writer.h"
#include "client/sdmx/json.h"
#include "server/base/status.h"

namespace lintas::client {
namespace {

const sdmx::Structure* StructureFor(const sdmx::StructureRef& ref,
                                    const std::vector<sdmx::Structure>& structures) {
  for (const sdmx::Structure& structure : structures) {
    sdmx::StructureRef same = structure.ref;
    same.type = ref.type;
    if (same == ref) return &structure;
  }
  return nullptr;
}

// For a spreadsheet: names in place of codes, one plain table, nothing of SDMX's own columns.
std::string SpreadsheetCsv(const sdmx::Message& message,
                           const std::vector<sdmx::Structure>& structures,
                           const std::string& language) {
  std::string out = "\xef\xbb\xbf";  // Without it spreadsheets take Khmer for another code page.
  for (const sdmx::DataSet& data_set : message.data_sets) {
    const sdmx::Structure* structure = StructureFor(data_set.structure, structures);
    std::vector<const sdmx::Component*> components;
    for (size_t c = 0; c < data_set.components.size(); ++c) {
      const sdmx::Component* component =
          structure == nullptr ? nullptr : structure->Find(data_set.components[c]);
      components.push_back(component);
      const std::string name =
          component == nullptr ? data_set.components[c] : sdmx::NameIn(component->names, language);
      absl::StrAppend(&out, c == 0 ? "" : ",", sdmx::CsvField(name, ','));
    }
    out += "\r\n";
    for (const sdmx::Row& row : data_set.rows) {
      for (size_t c = 0; c < components.size(); ++c) {
        const sdmx::CodeList* codes =
            components[c] == nullptr ? nullptr : structure->CodesOf(*components[c]);
        const sdmx::Code* code = codes == nullptr ? nullptr : codes->Find(row.values[c]);
        std::string value = code == nullptr ? row.values[c] : sdmx::NameIn(code->names, language);
        // A spreadsheet would run what begins so.
        if (code == nullptr && !value.empty() &&
            std::string("=+-@\t\r").find(value[0]) != std::string::npos &&
            components[c] != nullptr && components[c]->format == sdmx::Format::kText) {
          value.insert(0, "'");
        }
        absl::StrAppend(&out, c == 0 ? "" : ",", sdmx::CsvField(value, ','));
      }
      out += "\r\n";
    }
  }
  return out;
}

}  // namespace

sdmx::ReadResult ReadStatistics(absl::string_view text, sdmx::CsvVersion version,
                                const std::vector<sdmx::Structure>* structures) {
  const size_t first = text.find_first_not_of(" \t\r\n");
  if (first != absl::string_view::npos && text[first] == '{') {
    return sdmx::ReadJsonData(text, structures);
  }
  sdmx::CsvReadOptions options;
  options.version = version;
  options.structures = structures;
  return sdmx::ReadCsv(text, options);
}

std::string DescribeMessage(const sdmx::Message& message) {
  std::string text;
  for (const sdmx::DataSet& data_set : message.data_sets) {
    std::map<absl::string_view, size_t> actions;
    for (const sdmx::Row& row : data_set.rows) ++actions[sdmx::ActionName(row.action)];
    absl::StrAppend(&text, data_set.structure.Text(), ": ", data_set.rows.size(), " rows");
    for (const auto& action : actions) {
      absl::StrAppend(&text, ", ", action.second, " ", action.first);
    }
    text += "\n";
  }
  return text;
}

absl::StatusOr<std::vector<PublishedTable>> TablesOf(
    const sdmx::Message& message, const std::vector<sdmx::Structure>& structures) {
  std::vector<PublishedTable> tables;
  for (const sdmx::DataSet& data_set : message.data_sets) {
    const sdmx::Structure* structure = StructureFor(data_set.structure, structures);
    if (structure == nullptr) continue;
    ASSIGN_OR_RETURN(PublishedTable table, TableOf(data_set, *structure));
    tables.push_back(std::move(table));
  }
  return tables;
}

absl::StatusOr<std::string> FormatMessage(const sdmx::Message& message,
                                          const std::vector<sdmx::Structure>& structures,
                                          const FormatRequest& request) {
  if (request.format == "csv") return SpreadsheetCsv(message, structures, request.language);
  if (request.format == "sdmx-json") {
    return sdmx::WriteJsonData(message, structures, {request.id, request.prepared, "IDKH", false});
  }
  sdmx::CsvWriteOptions options;
  options.structures = &structures;
  options.language = request.language;
  if (request.format == "sdmx-csv-1.0") {
    options.version = sdmx::CsvVersion::kV10;
  } else if (request.format == "sdmx-csv-2.0") {
    options.version = sdmx::CsvVersion::kV20;
  } else if (request.format == "sdmx-csv-2.1") {
    options.version = sdmx::CsvVersion::kV21;
  } else {
    return absl::InvalidArgumentError(
        "The format is sdmx-csv-1.0, sdmx-csv-2.0, sdmx-csv-2.1, sdmx-json or csv.");
  }
  return sdmx::WriteCsv(message, options);
}

}  // namespace lintas::client

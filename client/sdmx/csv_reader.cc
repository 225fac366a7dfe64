#include "client/sdmx/csv_reader.h"

#include <algorithm>
#include <map>
#include <memory>
#include <set>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "client/sdmx/csv_text.h"
#include "client/sdmx/row_rules.h"

namespace lintas::sdmx {
namespace {

using absl::string_view;

constexpr size_t kNone = static_cast<size_t>(-1);

// What the header says of each column.
struct Layout {
  CsvVersion version = CsvVersion::kV21;
  char separator = ',';
  // Of values within a field, 0 if there are none.
  char value_separator = 0;
  size_t structure = 0, structure_id = 0, action = kNone;
  bool has_labels = false;
  std::vector<size_t> columns;  // Of each component.
  std::vector<std::string> components;
  std::vector<bool> multiple;
  size_t width = 0;
};

class Reader {
 public:
  Reader(string_view text, const CsvReadOptions& options) : text_(text), options_(options) {}

  ReadResult Run() {
    if (!IsUtf8(text_)) {
      Refuse(0, kNone, "", "NOT_UTF8", "The file must be UTF-8 (RFC 3629).");
      return std::move(result_);
    }
    if (!TakeSeparator()) return std::move(result_);
    CsvText csv(text_, layout_.separator);
    CsvRecord record;
    const bool has_header = csv.Next(&record);
    if (has_header && TakeHeader(record)) {
      while (result_.refusals.size() < kRefusalsMax && csv.Next(&record)) TakeRow(record);
    }
    if (csv.malformed()) {
      Refuse(csv.line(), kNone, "", "MALFORMED_CSV",
             "A quotation mark stands where RFC 4180 has none, or is never closed.");
    }
    return std::move(result_);
  }

 private:
  // `column` is an index, kNone for the line as a whole.
  void Refuse(uint64_t line, size_t column, string_view field, string_view rule,
              string_view description) {
    if (result_.refusals.size() >= kRefusalsMax) return;
    result_.refusals.push_back({line, column == kNone ? 0 : column + 1, std::string(field),
                                std::string(rule), std::string(description)});
  }

  // The first column's header tells the version, the sub-separator and, after it, the separator.
  bool TakeSeparator() {
    string_view rest = text_;
    absl::ConsumePrefix(&rest, "\xef\xbb\xbf");
    if (absl::StripAsciiWhitespace(rest).empty()) {
      Refuse(0, kNone, "", "EMPTY_FILE", "There is no header.");
      return false;
    }
    const bool quoted = absl::ConsumePrefix(&rest, "\"");
    if (absl::ConsumePrefix(&rest, "DATAFLOW")) {
      layout_.version = CsvVersion::kV10;
    } else if (absl::ConsumePrefix(&rest, "STRUCTURE")) {
      layout_.version = options_.version == CsvVersion::kV20 ? CsvVersion::kV20 : CsvVersion::kV21;
      if (rest.size() > 2 && rest[0] == '[' && rest[2] == ']') {
        layout_.value_separator = rest[1];
        rest.remove_prefix(3);
      }
    } else {
      return WrongFirstColumn();
    }
    if (quoted && !absl::ConsumePrefix(&rest, "\"")) return WrongFirstColumn();
    const bool ends_well = rest.empty() || !absl::ascii_isalnum(rest[0]);
    const bool other_version =
        options_.version != CsvVersion::kAny && options_.version != layout_.version;
    if (!ends_well || rest.empty() || rest[0] == '_' || other_version) return WrongFirstColumn();
    if (rest[0] == '\n' || rest[0] == '\r') return WrongFirstColumn();
    layout_.separator = rest[0];
    return true;
  }

  bool WrongFirstColumn() {
    Refuse(1, 0, "", "WRONG_FIRST_COLUMN",
           options_.version == CsvVersion::kV10
               ? "The first column of SDMX-CSV 1.0 is DATAFLOW."
               : "The first column is STRUCTURE (SDMX-CSV 2.0, 2.1) or DATAFLOW (1.0).");
    return false;
  }

  bool TakeHeader(const CsvRecord& header) {
    layout_.width = header.fields.size();
    size_t at = 1;
    bool named = false;
    if (layout_.version != CsvVersion::kV10) {
      if (header.fields.size() < 2 || header.fields[1] != "STRUCTURE_ID") {
        Refuse(header.line, 1, "", "MISSING_COLUMN", "The second column is STRUCTURE_ID.");
        return false;
      }
      layout_.structure_id = 1;
      at = 2;
      named = at < layout_.width && header.fields[at] == "STRUCTURE_NAME";
      if (named) ++at;
      if (at < layout_.width && header.fields[at] == "ACTION") layout_.action = at++;
      if (at < layout_.width && header.fields[at] == "SERIES_KEY") ++at;
      if (at < layout_.width && header.fields[at] == "OBS_KEY") ++at;
    }
    for (; at < layout_.width; at += named ? 2 : 1) AddComponent(header, at);
    if (named && at != layout_.width) {
      Refuse(header.line, layout_.width - 1, "", "MISSING_COLUMN",
             "With STRUCTURE_NAME every component is followed by a column with its name.");
    }
    return result_.refusals.empty();
  }

  void AddComponent(const CsvRecord& header, size_t at) {
    string_view name = header.fields[at];
    const size_t label = name.find(": ");
    if (label != string_view::npos) {
      layout_.has_labels = true;
      name = name.substr(0, label);
    }
    const bool multiple = absl::ConsumeSuffix(&name, "[]");
    if (multiple && layout_.value_separator == 0) {
      Refuse(header.line, at, name, "MISSING_COLUMN",
             "Several values need their separator in the first header, as STRUCTURE[;].");
    }
    const auto& known = layout_.components;
    if (name.empty() || std::find(known.begin(), known.end(), name) != known.end()) {
      Refuse(header.line, at, name, "DUPLICATE_COLUMN",
             "Every column has a name, and no two the same.");
    }
    layout_.columns.push_back(at);
    layout_.components.emplace_back(name);
    layout_.multiple.push_back(multiple);
  }

  void TakeRow(const CsvRecord& record) {
    if (record.fields.size() != layout_.width) {
      const bool more = record.fields.size() > layout_.width;
      Refuse(record.line, kNone, "", more ? "TOO_MANY_COLUMNS" : "TOO_FEW_COLUMNS",
             absl::StrCat("The header has ", layout_.width, " columns, the row has ",
                          record.fields.size(), "."));
      return;
    }
    StructureRef ref;
    Row row;
    row.line = record.line;
    const bool known_ref = TakeStructure(record, &ref);
    const bool known_action = TakeAction(record, &row);
    if (!known_ref || !known_action) return;
    Open* open = OpenFor(ref, record);
    if (open == nullptr) return;
    TakeValues(record, *open, &row);
    for (const BrokenRow& broken : open->rules->Check(row)) {
      const bool placed = broken.component < layout_.columns.size();
      Refuse(record.line, placed ? layout_.columns[broken.component] : kNone, broken.field,
             broken.rule, broken.description);
    }
    result_.message.data_sets[open->index].rows.push_back(std::move(row));
  }

  bool TakeStructure(const CsvRecord& record, StructureRef* ref) {
    if (layout_.version == CsvVersion::kV10) {
      ref->type = StructureType::kDataflow;
    } else {
      const std::string type = absl::AsciiStrToLower(record.fields[layout_.structure]);
      if (type == "dataflow") {
        ref->type = StructureType::kDataflow;
      } else if (type == "datastructure") {
        ref->type = StructureType::kDataStructure;
      } else if (type == "dataprovision") {
        ref->type = StructureType::kProvisionAgreement;
      } else {
        Refuse(record.line, layout_.structure, "STRUCTURE", "UNKNOWN_STRUCTURE_TYPE",
               "Expected dataflow, datastructure or dataprovision.");
        return false;
      }
    }
    string_view id = record.fields[layout_.structure_id];
    const size_t label = id.find("): ");
    if (label != string_view::npos) id = id.substr(0, label + 1);
    if (ParseStructureId(id, ref)) return true;
    Refuse(record.line, layout_.structure_id, "STRUCTURE_ID", "BAD_STRUCTURE_ID",
           "Expected AGENCY:ID(VERSION).");
    return false;
  }

  bool TakeAction(const CsvRecord& record, Row* row) {
    const bool is_2_1 = layout_.version == CsvVersion::kV21;
    row->action = is_2_1 ? Action::kMerge : Action::kInformation;
    if (layout_.action == kNone || record.fields[layout_.action].empty()) return true;
    const std::string& code = record.fields[layout_.action];
    const string_view all = "IAMRD";
    if (code.size() != 1 || all.find(code[0]) == string_view::npos) {
      Refuse(record.line, layout_.action, "ACTION", "UNKNOWN_ACTION",
             is_2_1 ? "Expected M, R or D (or I or A, read as M)." : "Expected I, A, R or D.");
      return false;
    }
    if (code == "M" && !is_2_1) {
      Refuse(record.line, layout_.action, "ACTION", "ACTION_NOT_IN_VERSION",
             "SDMX-CSV 2.0 has no M; expected I, A, R or D.");
      return false;
    }
    if (code == "R") row->action = Action::kReplace;
    if (code == "D") row->action = Action::kDelete;
    if (code == "A" && !is_2_1) row->action = Action::kAppend;
    return true;
  }

  // A structure's rows as they come.
  struct Open {
    size_t index = 0;
    const Structure* structure = nullptr;
    DataSet shape;  // Components without rows, for the rules.
    std::unique_ptr<RowRules> rules;
  };

  Open* OpenFor(const StructureRef& ref, const CsvRecord& record) {
    const std::string key = absl::StrCat(static_cast<int>(ref.type), " ", ref.Text());
    const auto found = open_.find(key);
    if (found != open_.end()) return &found->second;
    const Structure* structure = nullptr;
    if (options_.structures != nullptr) {
      for (const Structure& each : *options_.structures) {
        StructureRef same = each.ref;
        same.type = ref.type;
        if (same == ref) structure = &each;
      }
      if (structure == nullptr) {
        Refuse(record.line, layout_.structure_id, "STRUCTURE_ID", "UNKNOWN_STRUCTURE",
               absl::StrCat("No structure ", ref.Text(), " is known here."));
        return nullptr;
      }
      CheckComponents(*structure);
    }
    Open& open = open_[key];
    open.index = result_.message.data_sets.size();
    open.structure = structure;
    open.shape.structure = ref;
    open.shape.components = layout_.components;
    open.shape.multiple = layout_.multiple;
    open.rules = std::make_unique<RowRules>(structure, &open.shape);
    result_.message.data_sets.push_back(open.shape);
    return &open;
  }

  void CheckComponents(const Structure& structure) {
    for (size_t i = 0; i < layout_.components.size(); ++i) {
      if (structure.Find(layout_.components[i]) != nullptr) continue;
      Refuse(1, layout_.columns[i], layout_.components[i], "UNKNOWN_COMPONENT",
             absl::StrCat(structure.ref.Text(), " has no such component."));
    }
  }

  void TakeValues(const CsvRecord& record, const Open& open, Row* row) const {
    for (size_t i = 0; i < layout_.columns.size(); ++i) {
      const std::string& field = record.fields[layout_.columns[i]];
      const Component* component =
          open.structure == nullptr ? nullptr : open.structure->Find(layout_.components[i]);
      // A free text may well hold `: `; a code cannot.
      const bool labelled =
          layout_.has_labels && (component == nullptr || !component->code_list.empty() ||
                                 component->role == Role::kDimension);
      std::vector<std::string> values;
      if (layout_.multiple[i]) {
        values = absl::StrSplit(field, layout_.value_separator);
      } else {
        values = {field};
      }
      std::string joined;
      for (size_t v = 0; v < values.size(); ++v) {
        string_view value = values[v];
        const size_t label = labelled ? value.find(": ") : string_view::npos;
        if (label != string_view::npos) value = value.substr(0, label);
        if (v > 0) joined.push_back(kValueSeparator);
        absl::StrAppend(&joined, value);
      }
      row->values.push_back(std::move(joined));
    }
  }

  const string_view text_;
  const CsvReadOptions& options_;
  Layout layout_;
  ReadResult result_;
  std::map<std::string, Open> open_;
};

}  // namespace

ReadResult ReadCsv(string_view text, const CsvReadOptions& options) {
  return Reader(text, options).Run();
}

}  // namespace lintas::sdmx

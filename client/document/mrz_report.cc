#include "client/document/mrz_report.h"

#include <map>
#include <nlohmann/json.hpp>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "client/output.h"

namespace lintas::client {
namespace {

using absl::string_view;
using nlohmann::ordered_json;

constexpr const char* kCsvFields[] = {
    "document_code",   "issuing_state", "primary_identifier", "secondary_identifier",
    "document_number", "nationality",   "birth_date",         "sex",
    "expiry_date",     "optional_data", "optional_data_2"};

std::string Raw(const mrz::Reading& reading, mrz::Field field) {
  const mrz::Place* place = mrz::LayoutOf(reading.format).Find(field);
  return reading.lines[place->line].substr(place->begin, place->size);
}

string_view FormName(mrz::NumberForm form) {
  switch (form) {
    case mrz::NumberForm::kShort:
      return "SHORT";
    case mrz::NumberForm::kLong:
      return "LONG";
    case mrz::NumberForm::kLongCountingFiller:
      return "LONG_COUNTING_FILLER";
  }
  return "";
}

ordered_json FindingJson(const mrz::Finding& finding) {
  ordered_json json = {{"field", std::string(mrz::FieldName(finding.field))},
                       {"rule", std::string(mrz::RuleName(finding.rule))},
                       {"description", std::string(mrz::RuleText(finding.rule))}};
  if (finding.line > 0) json["line"] = finding.line;
  if (finding.column > 0) json["column"] = finding.column;
  if (!finding.expected.empty()) json["expected"] = finding.expected;
  return json;
}

ordered_json FindingsJson(const std::vector<mrz::Finding>& findings) {
  ordered_json json = ordered_json::array();
  for (const mrz::Finding& finding : findings) json.push_back(FindingJson(finding));
  return json;
}

// The changed fields as they would read, in the signs of the zone.
ordered_json ValuesJson(mrz::Format format, const mrz::Suggestion& suggestion) {
  ordered_json values = ordered_json::object();
  if (format == mrz::Format::kUnknown) return values;
  for (const mrz::Change& change : suggestion.changes) {
    const mrz::Place* place = mrz::LayoutOf(format).Find(change.field);
    if (place == nullptr) continue;
    values[std::string(mrz::FieldName(change.field))] =
        suggestion.lines[place->line].substr(place->begin, place->size);
  }
  return values;
}

ordered_json SuggestionJson(const mrz::Suggestion& suggestion) {
  const mrz::Format format = mrz::FormatOf({suggestion.lines.begin(), suggestion.lines.end()});
  ordered_json changes = ordered_json::array();
  for (const mrz::Change& change : suggestion.changes) {
    changes.push_back({{"field", std::string(mrz::FieldName(change.field))},
                       {"line", change.line},
                       {"column", change.column},
                       {"from", std::string(1, change.from)},
                       {"to", std::string(1, change.to)}});
  }
  return {{"lines", suggestion.lines},
          {"changes", std::move(changes)},
          {"values", ValuesJson(format, suggestion)},
          {"reshaped", suggestion.reshaped},
          {"valid", suggestion.valid}};
}

std::string Where(const mrz::Finding& finding) {
  std::string where;
  if (finding.line > 0) absl::StrAppend(&where, ", line ", finding.line);
  if (finding.column > 0) absl::StrAppend(&where, ", sign ", finding.column);
  if (!finding.expected.empty()) absl::StrAppend(&where, ", expected ", finding.expected);
  return where;
}

void AppendFindings(string_view kind, const std::vector<mrz::Finding>& findings,
                    std::string* text) {
  for (const mrz::Finding& finding : findings) {
    absl::StrAppend(text, kind, mrz::FieldName(finding.field), " ", mrz::RuleName(finding.rule),
                    ": ", mrz::RuleText(finding.rule), Where(finding), "\n");
  }
}

std::string ChangeText(const mrz::Change& change) {
  return absl::StrCat(mrz::FieldName(change.field), " line ", change.line, " sign ", change.column,
                      ": ", std::string(1, change.from), " as ", std::string(1, change.to));
}

// Fields that carry for scripts what another one carries under its first name.
bool IsSecondName(string_view name) {
  return name == "surname" || name == "given_names" || name == "personal_number" ||
         name == "personal_number_check_digit" || name == "document_number_form";
}

// Tables show control signs as `?`; a line outside one must too.
std::string Printable(string_view text) {
  std::string out;
  for (const char c : text) out += c >= 0x20 && c < 0x7f ? c : '?';
  return out;
}

}  // namespace

std::vector<std::pair<std::string, std::string>> MrzFields(const mrz::Reading& reading) {
  std::vector<std::pair<std::string, std::string>> fields;
  if (reading.format == mrz::Format::kUnknown) return fields;
  const auto add = [&](const char* name, string_view value) {
    fields.emplace_back(name, std::string(value));
  };
  const auto digit = [&](const char* name, char value) {
    if (value != '\0') fields.emplace_back(name, std::string(1, value));
  };
  add("document_code", reading.document_code);
  add("document_type", mrz::MeaningOfCode(reading.document_code));
  add("issuing_state", reading.issuing_state);
  add("primary_identifier", reading.primary_identifier);
  add("secondary_identifier", reading.secondary_identifier);
  add("surname", reading.primary_identifier);
  add("given_names", reading.secondary_identifier);
  add("document_number", reading.document_number);
  digit("document_number_check_digit", reading.document_number_check_digit);
  add("document_number_form", FormName(reading.number_form));
  add("nationality", reading.nationality);
  add("birth_date", reading.birth_date);
  add("birth_date_mrz", Raw(reading, mrz::Field::kBirthDate));
  digit("birth_date_check_digit", reading.birth_date_check_digit);
  digit("sex", reading.sex);
  add("expiry_date", reading.expiry_date);
  add("expiry_date_mrz", Raw(reading, mrz::Field::kExpiryDate));
  digit("expiry_date_check_digit", reading.expiry_date_check_digit);
  add("optional_data", reading.optional_data);
  if (reading.format == mrz::Format::kTd3) {
    digit("optional_data_check_digit", reading.optional_data_check_digit);
    add("personal_number", reading.optional_data);
    digit("personal_number_check_digit", reading.optional_data_check_digit);
  }
  if (reading.format == mrz::Format::kTd1) add("optional_data_2", reading.optional_data_2);
  digit("composite_check_digit", reading.composite_check_digit);
  return fields;
}

std::string MrzJson(const MrzReport& report) {
  const mrz::Reading& reading = report.reading;
  ordered_json fields = ordered_json::object();
  for (auto& [name, value] : MrzFields(reading)) fields[name] = value;
  if (reading.format != mrz::Format::kUnknown) {
    fields["single_name"] = reading.single_name;
    fields["names_may_be_truncated"] = reading.names_may_be_truncated;
  }
  ordered_json suggestions = ordered_json::array();
  for (const auto& suggestion : report.suggestions) {
    suggestions.push_back(SuggestionJson(suggestion));
  }
  ordered_json unprotected = ordered_json::array();
  for (const mrz::Field field : mrz::UnprotectedFields(reading.format)) {
    unprotected.push_back(std::string(mrz::FieldName(field)));
  }
  const ordered_json json = {{"document", report.number},
                             {"position", report.position},
                             {"format", std::string(mrz::FormatName(reading.format))},
                             {"valid", reading.valid()},
                             {"lines", reading.lines},
                             {"fields", std::move(fields)},
                             {"errors", FindingsJson(reading.errors)},
                             {"warnings", FindingsJson(reading.warnings)},
                             {"suggestions", std::move(suggestions)},
                             {"unprotected", std::move(unprotected)}};
  return absl::StrCat(json.dump(-1, ' ', false, ordered_json::error_handler_t::replace), "\n");
}

std::string MrzText(const MrzReport& report) {
  const mrz::Reading& reading = report.reading;
  std::string text = absl::StrCat("Document ", report.number, ": ", mrz::FormatName(reading.format),
                                  ", ", reading.valid() ? "all rules hold" : "RULES BROKEN", "\n");
  Table table({"field", "value"});
  for (auto& [name, value] : MrzFields(reading)) {
    if (!value.empty() && !IsSecondName(name)) table.Add({name, value});
  }
  if (!table.empty()) absl::StrAppend(&text, table.Text());
  AppendFindings("error     ", reading.errors, &text);
  AppendFindings("note      ", reading.warnings, &text);
  for (const mrz::Suggestion& suggestion : report.suggestions) {
    absl::StrAppend(&text, "perhaps   ", suggestion.valid ? "all rules hold" : "fewer errors",
                    suggestion.reshaped ? ", line lengths or case changed" : "", "\n");
    for (const mrz::Change& change : suggestion.changes) {
      absl::StrAppend(&text, "          ", ChangeText(change), "\n");
    }
    for (const std::string& line : suggestion.lines) {
      absl::StrAppend(&text, "          ", Printable(line), "\n");
    }
  }
  if (reading.valid()) {
    absl::StrAppend(&text,
                    "not said  names, sex, nationality, issuer and code have no check digit; "
                    "a fitting digit does not prove the document genuine\n");
  }
  return text;
}

std::vector<std::string> MrzCsvHeader() {
  std::vector<std::string> header = {"document", "format", "valid"};
  header.insert(header.end(), std::begin(kCsvFields), std::end(kCsvFields));
  header.insert(header.end(), {"errors", "warnings"});
  return header;
}

std::vector<std::string> MrzCsvRow(const MrzReport& report) {
  const mrz::Reading& reading = report.reading;
  std::vector<std::string> row = {absl::StrCat(report.number),
                                  std::string(mrz::FormatName(reading.format)),
                                  reading.valid() ? "true" : "false"};
  std::map<std::string, std::string> fields;
  for (auto& [name, value] : MrzFields(reading)) fields[name] = value;
  for (const char* name : kCsvFields) row.push_back(fields[name]);
  for (const auto* findings : {&reading.errors, &reading.warnings}) {
    row.push_back(absl::StrJoin(*findings, " ", [](std::string* out, const mrz::Finding& finding) {
      absl::StrAppend(out, mrz::FieldName(finding.field), ":", mrz::RuleName(finding.rule));
    }));
  }
  return row;
}

}  // namespace lintas::client

#include "client/import/mapping.h"

#include <filesystem>
#include <nlohmann/json.hpp>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "server/base/error.h"
#include "server/base/status.h"

namespace lintas::client {
namespace {

using nlohmann::json;

absl::Status BadMapping(absl::string_view where, absl::string_view expected) {
  return MakeError(absl::StatusCode::kInvalidArgument, "BAD_MAPPING",
                   absl::StrCat("The mapping file, ", where, ": expected ", expected, "."),
                   {{"where", std::string(where)}});
}

absl::StatusOr<CsvMapping> ReadTexts(const json& in, const std::string& where) {
  CsvMapping out;
  if (!in.is_object()) return BadMapping(where, "an object of texts");
  for (const auto& [key, value] : in.items()) {
    if (!value.is_string()) return BadMapping(where, "an object of texts");
    out.emplace(key, value.get<std::string>());
  }
  return out;
}

bool IsDateForm(absl::string_view form) {
  return absl::StrContains(form, "DD") && absl::StrContains(form, "MM") &&
         absl::StrContains(form, "YYYY");
}

// One member of an entry of `files`.
absl::Status ReadMember(const std::string& key, const json& value, const std::string& where,
                        FieldMapping* mapping) {
  if (key == "file" || key == "type") {
    if (!value.is_string()) return BadMapping(where, "a text");
    (key == "file" ? mapping->file : mapping->type) = value.get<std::string>();
    return absl::OkStatus();
  }
  if (key == "values") {
    if (!value.is_object()) return BadMapping(where, "an object of objects");
    for (const auto& [column, words] : value.items()) {
      ASSIGN_OR_RETURN(mapping->values[column], ReadTexts(words, where + "." + column));
    }
    return absl::OkStatus();
  }
  ASSIGN_OR_RETURN(CsvMapping texts, ReadTexts(value, where));
  if (key == "columns") {
    mapping->columns = std::move(texts);
  } else if (key == "constants") {
    mapping->constants = std::move(texts);
  } else if (key == "dates") {
    for (const auto& [column, form] : texts) {
      if (!IsDateForm(form)) return BadMapping(where + "." + column, "a form such as DD/MM/YYYY");
    }
    mapping->dates = std::move(texts);
  } else {
    return BadMapping(where, "file, type, columns, constants, values or dates");
  }
  return absl::OkStatus();
}

absl::StatusOr<std::vector<FieldMapping>> ParseJson(absl::string_view text) {
  const json in = json::parse(text.begin(), text.end(), nullptr, /*allow_exceptions=*/false);
  if (!in.is_object() || !in.contains("files") || !in["files"].is_array() || in["files"].empty()) {
    return BadMapping("as a whole", "JSON with an array `files`");
  }
  std::vector<FieldMapping> mappings;
  for (const json& file : in["files"]) {
    const std::string where = absl::StrCat("files[", mappings.size(), "]");
    if (!file.is_object()) return BadMapping(where, "an object");
    FieldMapping& mapping = mappings.emplace_back();
    for (const auto& [key, value] : file.items()) {
      RETURN_IF_ERROR(ReadMember(key, value, where + "." + key, &mapping));
    }
  }
  return mappings;
}

absl::StatusOr<std::vector<FieldMapping>> ParseLines(absl::string_view text) {
  FieldMapping mapping;
  size_t number = 0;
  for (absl::string_view line : absl::StrSplit(text, '\n')) {
    ++number;
    line = absl::StripAsciiWhitespace(line);
    if (line.empty() || line[0] == '#') continue;
    const std::pair<absl::string_view, absl::string_view> sides =
        absl::StrSplit(line, absl::MaxSplits('=', 1));
    const absl::string_view from = absl::StripAsciiWhitespace(sides.first);
    const absl::string_view to = absl::StripAsciiWhitespace(sides.second);
    const bool pair = line.find('=') != absl::string_view::npos && !from.empty();
    if (!pair || !mapping.columns.emplace(from, to).second) {
      return BadMapping(absl::StrCat("line ", number),
                        "`csv column = field column`, each column once");
    }
  }
  return std::vector<FieldMapping>{std::move(mapping)};
}

}  // namespace

absl::StatusOr<std::vector<FieldMapping>> ParseMappings(absl::string_view text) {
  return absl::StartsWith(absl::StripLeadingAsciiWhitespace(text), "{") ? ParseJson(text)
                                                                        : ParseLines(text);
}

std::vector<std::string> KnownAgencies() {
  std::vector<std::string> agencies;
  for (const BuiltInMapping& mapping : BuiltInMappings()) agencies.emplace_back(mapping.agency);
  return agencies;
}

absl::StatusOr<std::vector<FieldMapping>> MappingsOfAgency(absl::string_view agency) {
  for (const BuiltInMapping& mapping : BuiltInMappings()) {
    if (mapping.agency == agency) return ParseMappings(mapping.json);
  }
  return FieldsError({{"agency", "UNKNOWN_AGENCY", absl::StrJoin(KnownAgencies(), ", ")}});
}

absl::StatusOr<FieldMapping> ChooseMapping(const std::vector<FieldMapping>& mappings,
                                           const std::string& path, absl::string_view type) {
  const std::string name = Squeezed(std::filesystem::path(path).filename().string());
  std::vector<const FieldMapping*> left;
  const FieldMapping* named = nullptr;
  for (const FieldMapping& mapping : mappings) {
    if (!type.empty() && !mapping.type.empty() && mapping.type != type) continue;
    left.push_back(&mapping);
    const bool fits = !mapping.file.empty() && absl::StrContains(name, Squeezed(mapping.file));
    if (fits && (named == nullptr || mapping.file.size() > named->file.size())) named = &mapping;
  }
  if (named != nullptr) return *named;
  if (left.size() == 1) return *left[0];
  std::vector<std::string> words;
  for (const FieldMapping& mapping : mappings) words.push_back(mapping.file);
  return FieldsError({{"mapping", "NO_MAPPING",
                       absl::StrCat("one of these words in the file's name, or --type: ",
                                    absl::StrJoin(words, ", "))}});
}

std::string DayOf(absl::string_view text, absl::string_view form) {
  if (text.size() != form.size()) return std::string(text);
  std::string year, month, day;
  for (size_t i = 0; i < text.size(); ++i) {
    const bool digit = absl::ascii_isdigit(static_cast<unsigned char>(text[i]));
    std::string* part = form[i] == 'Y'   ? &year
                        : form[i] == 'M' ? &month
                        : form[i] == 'D' ? &day
                                         : nullptr;
    if (part == nullptr ? text[i] != form[i] : !digit) return std::string(text);
    if (part != nullptr) *part += text[i];
  }
  return absl::StrCat(year, "-", month, "-", day);
}

std::string Squeezed(absl::string_view text) {
  std::string out;
  for (const char c : absl::AsciiStrToLower(text)) {
    if (absl::ascii_isalnum(static_cast<unsigned char>(c))) out += c;
  }
  return out;
}

}  // namespace lintas::client

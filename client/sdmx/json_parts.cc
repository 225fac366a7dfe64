#include "client/sdmx/json_parts.h"

#include <algorithm>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"

namespace lintas::sdmx {
namespace {

using Json = nlohmann::ordered_json;

constexpr absl::string_view kUrnBegin = "urn:sdmx:org.sdmx.infomodel.";

absl::string_view UrnClass(StructureType type) {
  switch (type) {
    case StructureType::kDataflow:
      return "datastructure.Dataflow";
    case StructureType::kDataStructure:
      return "datastructure.DataStructure";
    case StructureType::kProvisionAgreement:
      return "registry.ProvisionAgreement";
  }
  return "";
}

}  // namespace

bool ParseJson(absl::string_view text, Json* json, std::vector<Refusal>* refusals) {
  std::string what;
  size_t at = 0;
  // The parser throws; nothing leaves this function.
  try {
    *json = Json::parse(text.begin(), text.end());
    return true;
  } catch (const Json::parse_error& error) {
    at = error.byte == 0 ? 0 : error.byte - 1;
  } catch (const Json::exception&) {
    at = 0;
  }
  const absl::string_view before = text.substr(0, std::min(at, text.size()));
  const auto line = static_cast<uint64_t>(std::count(before.begin(), before.end(), '\n')) + 1;
  const size_t line_begin = before.rfind('\n');
  const uint64_t column =
      line_begin == absl::string_view::npos ? before.size() + 1 : before.size() - line_begin;
  refusals->push_back({line, column, "", "MALFORMED_JSON", "Expected JSON (RFC 8259)."});
  return false;
}

std::string TextAt(const Json& json, const char* name) {
  const auto found = json.find(name);
  return found != json.end() && found->is_string() ? found->get<std::string>() : "";
}

Json MetaJson(const JsonHeader& header, absl::string_view folder, absl::string_view kind) {
  return {{"schema", absl::StrCat("https://raw.githubusercontent.com/sdmx-twg/sdmx-json/master/",
                                  folder, "/tools/schemas/2.0.0/sdmx-json-", kind, "-schema.json")},
          {"id", header.id},
          {"test", header.test},
          {"prepared", header.prepared},
          {"contentLanguages", Json::array({"en", "id", "km"})},
          {"sender", {{"id", header.sender}}}};
}

std::string Urn(const StructureRef& ref) {
  return absl::StrCat(kUrnBegin, UrnClass(ref.type), "=", ref.Text());
}

Json StructureLink(const StructureRef& ref, absl::string_view relation) {
  return {{"urn", Urn(ref)}, {"rel", std::string(relation)}};
}

bool ReadStructureLink(const Json& structure, StructureRef* ref) {
  if (!structure.is_object()) return false;
  const auto links = structure.find("links");
  if (links == structure.end() || !links->is_array()) return false;
  for (const Json& link : *links) {
    const std::string urn = TextAt(link, "urn");
    for (StructureType type : {StructureType::kDataflow, StructureType::kDataStructure,
                               StructureType::kProvisionAgreement}) {
      const std::string begin = absl::StrCat(kUrnBegin, UrnClass(type), "=");
      if (!absl::StartsWith(urn, begin)) continue;
      ref->type = type;
      return ParseStructureId(absl::string_view(urn).substr(begin.size()), ref);
    }
  }
  return false;
}

}  // namespace lintas::sdmx

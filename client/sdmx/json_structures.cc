#include <map>
#include <nlohmann/json.hpp>
#include <set>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "client/sdmx/json.h"
#include "client/sdmx/json_parts.h"

namespace lintas::sdmx {
namespace {

using Json = nlohmann::ordered_json;

constexpr char kConcepts[] = "CS_MIGRATION";
constexpr char kCodeListUrn[] = "urn:sdmx:org.sdmx.infomodel.codelist.Codelist=";

// --- Writing -------------------------------------------------------------------------------------

std::string ConceptUrn(const Structure& structure, const Component& component) {
  return absl::StrCat("urn:sdmx:org.sdmx.infomodel.conceptscheme.Concept=", structure.ref.agency,
                      ":", kConcepts, "(1.0).", component.id);
}

absl::string_view DataType(const Component& component) {
  switch (component.format) {
    case Format::kText:
      return "String";
    case Format::kInteger:
      return "Long";
    case Format::kNumber:
      return "Double";
    case Format::kTimePeriod:
      return "ObservationalTimePeriod";
    case Format::kDateTime:
      return "DateTime";
  }
  return "String";
}

Json ComponentJson(const Structure& structure, const Component& component) {
  Json json = {{"id", component.id}, {"conceptIdentity", ConceptUrn(structure, component)}};
  const CodeList* codes = structure.CodesOf(component);
  if (codes != nullptr) {
    json["localRepresentation"] = {
        {"enumeration",
         absl::StrCat(kCodeListUrn, codes->agency, ":", codes->id, "(", codes->version, ")")}};
  } else {
    json["localRepresentation"] = {{"format", {{"dataType", std::string(DataType(component))}}}};
  }
  return json;
}

Json StructureJson(const Structure& structure) {
  Json dimensions = Json::array();
  Json measures = Json::array();
  Json attributes = Json::array();
  Json time;
  for (const Component& component : structure.components) {
    Json json = ComponentJson(structure, component);
    switch (component.role) {
      case Role::kDimension:
        json["position"] = dimensions.size();
        dimensions.push_back(std::move(json));
        break;
      case Role::kTimeDimension:
        time = std::move(json);
        break;
      case Role::kMeasure:
        json["usage"] = "optional";
        measures.push_back(std::move(json));
        break;
      case Role::kAttribute:
        json["usage"] = component.mandatory ? "mandatory" : "optional";
        json["attributeRelationship"] = {{"observation", Json::object()}};
        attributes.push_back(std::move(json));
        break;
    }
  }
  Json list = {{"id", "DimensionDescriptor"}, {"dimensions", std::move(dimensions)}};
  if (!time.is_null()) list["timeDimension"] = std::move(time);
  Json components;
  components["dimensionList"] = std::move(list);
  components["measureList"] = {{"id", "MeasureDescriptor"}, {"measures", std::move(measures)}};
  components["attributeList"] = {{"id", "AttributeDescriptor"},
                                 {"attributes", std::move(attributes)}};
  return {{"id", structure.ref.id},           {"version", structure.ref.version},
          {"agencyID", structure.ref.agency}, {"name", NameIn(structure.names, "en")},
          {"names", structure.names},         {"dataStructureComponents", std::move(components)}};
}

Json CodeListJson(const CodeList& list) {
  Json codes = Json::array();
  for (const Code& code : list.codes) {
    codes.push_back({{"id", code.id}, {"name", NameIn(code.names, "en")}, {"names", code.names}});
  }
  return {{"id", list.id},           {"version", list.version},
          {"agencyID", list.agency}, {"name", NameIn(list.names, "en")},
          {"names", list.names},     {"codes", std::move(codes)}};
}

// --- Reading -------------------------------------------------------------------------------------

Names NamesOf(const Json& json) {
  Names names;
  const auto all = json.find("names");
  if (all != json.end() && all->is_object()) {
    for (const auto& entry : all->items()) {
      if (entry.value().is_string()) names[entry.key()] = entry.value().get<std::string>();
    }
  }
  const auto one = json.find("name");
  if (one != json.end() && one->is_string()) names.emplace("en", one->get<std::string>());
  return names;
}

// The id at the end of an urn: `…Concept=A:B(1.0).SEX` and `…Codelist=A:CL_SEX(1.0)`.
std::string LastId(const std::string& urn) {
  const size_t dot = urn.rfind(").");
  if (dot != std::string::npos) return urn.substr(dot + 2);
  const size_t colon = urn.rfind(':');
  const size_t open = urn.rfind('(');
  if (colon == std::string::npos || open == std::string::npos || open < colon) return "";
  return urn.substr(colon + 1, open - colon - 1);
}

Format FormatOf(const std::string& data_type) {
  static const auto& formats = *new std::map<std::string, Format>{
      {"Integer", Format::kInteger},
      {"Long", Format::kInteger},
      {"Short", Format::kInteger},
      {"BigInteger", Format::kInteger},
      {"Count", Format::kInteger},
      {"Double", Format::kNumber},
      {"Float", Format::kNumber},
      {"Decimal", Format::kNumber},
      {"ObservationalTimePeriod", Format::kTimePeriod},
      {"StandardTimePeriod", Format::kTimePeriod},
      {"GregorianTimePeriod", Format::kTimePeriod},
      {"DateTime", Format::kDateTime},
  };
  const auto found = formats.find(data_type);
  return found == formats.end() ? Format::kText : found->second;
}

class StructuresReader {
 public:
  explicit StructuresReader(absl::string_view text) : text_(text) {}

  StructuresResult Run() {
    Json json;
    if (!ParseJson(text_, &json, &result_.refusals)) return std::move(result_);
    const auto data = json.is_object() ? json.find("data") : json.end();
    if (!json.is_object() || data == json.end() || !data->is_object() ||
        !data->contains("dataStructures") || !(*data)["dataStructures"].is_array()) {
      Refuse("/data/dataStructures", "The message holds no data structure.");
      return std::move(result_);
    }
    TakeConcepts(*data);
    TakeCodeLists(*data);
    size_t index = 0;
    for (const Json& structure : (*data)["dataStructures"]) {
      TakeStructure(structure, absl::StrCat("/data/dataStructures/", index++));
    }
    return std::move(result_);
  }

 private:
  void Refuse(const std::string& path, const std::string& description) {
    if (result_.refusals.size() >= kRefusalsMax) return;
    result_.refusals.push_back({0, 0, path, "WRONG_SHAPE", description});
  }

  // Lists of objects below `json[name]`; others are passed over.
  static std::vector<const Json*> Objects(const Json& json, const char* name) {
    std::vector<const Json*> objects;
    if (!json.is_object()) return objects;
    const auto found = json.find(name);
    if (found == json.end() || !found->is_array()) return objects;
    for (const Json& each : *found) {
      if (each.is_object()) objects.push_back(&each);
    }
    return objects;
  }

  void TakeConcepts(const Json& data) {
    for (const Json* scheme : Objects(data, "conceptSchemes")) {
      for (const Json* concept_json : Objects(*scheme, "concepts")) {
        concepts_[TextAt(*concept_json, "id")] = NamesOf(*concept_json);
      }
    }
  }

  void TakeCodeLists(const Json& data) {
    for (const Json* json : Objects(data, "codelists")) {
      CodeList list;
      list.id = TextAt(*json, "id");
      list.agency = TextAt(*json, "agencyID");
      list.version = TextAt(*json, "version");
      list.names = NamesOf(*json);
      for (const Json* code : Objects(*json, "codes")) {
        list.codes.push_back({TextAt(*code, "id"), NamesOf(*code)});
      }
      lists_[list.id] = std::move(list);
    }
  }

  void TakeStructure(const Json& json, const std::string& path) {
    Structure structure;
    if (!json.is_object() || !json.contains("dataStructureComponents")) {
      return Refuse(path, "The structure has no components.");
    }
    structure.ref = {StructureType::kDataStructure, TextAt(json, "agencyID"), TextAt(json, "id"),
                     TextAt(json, "version")};
    StructureRef checked;
    if (!ParseStructureId(structure.ref.Text(), &checked)) {
      return Refuse(path, "The structure needs id, agencyID and version.");
    }
    structure.names = NamesOf(json);
    const Json& parts = json["dataStructureComponents"];
    const auto part = [&](const char* name) -> const Json& {
      static const auto& none = *new Json(Json::object());
      return parts.is_object() && parts.contains(name) ? parts[name] : none;
    };
    for (const Json* each : Objects(part("dimensionList"), "dimensions")) {
      TakeComponent(*each, Role::kDimension, path, &structure);
    }
    if (part("dimensionList").contains("timeDimension")) {
      TakeComponent(part("dimensionList")["timeDimension"], Role::kTimeDimension, path, &structure);
    }
    for (const Json* each : Objects(part("measureList"), "measures")) {
      TakeComponent(*each, Role::kMeasure, path, &structure);
    }
    for (const Json* each : Objects(part("attributeList"), "attributes")) {
      TakeComponent(*each, Role::kAttribute, path, &structure);
    }
    if (structure.components.empty()) return Refuse(path, "The structure has no components.");
    result_.structures.push_back(std::move(structure));
  }

  void TakeComponent(const Json& json, Role role, const std::string& path, Structure* structure) {
    Component component;
    component.role = role;
    const std::string concept_id = LastId(TextAt(json, "conceptIdentity"));
    component.id = TextAt(json, "id").empty() ? concept_id : TextAt(json, "id");
    const auto names = concepts_.find(concept_id);
    component.names = names == concepts_.end() ? Names{{"en", component.id}} : names->second;
    component.mandatory = role == Role::kAttribute && TextAt(json, "usage") == "mandatory";
    if (role == Role::kTimeDimension) component.format = Format::kTimePeriod;
    const auto representation = json.find("localRepresentation");
    if (representation != json.end() && representation->is_object()) {
      component.code_list = LastId(TextAt(*representation, "enumeration"));
      const auto format = representation->find("format");
      if (format != representation->end() && format->is_object()) {
        component.format = FormatOf(TextAt(*format, "dataType"));
      }
    }
    if (component.id.empty()) return Refuse(path, "A component has no id.");
    if (!component.code_list.empty()) {
      const auto list = lists_.find(component.code_list);
      if (list == lists_.end()) {
        return Refuse(
            path, absl::StrCat("The code list ", component.code_list, " is not in the message."));
      }
      if (structure->CodesOf(component) == nullptr) structure->code_lists.push_back(list->second);
    }
    structure->components.push_back(std::move(component));
  }

  const absl::string_view text_;
  StructuresResult result_;
  std::map<std::string, Names> concepts_;
  std::map<std::string, CodeList> lists_;
};

}  // namespace

std::string WriteJsonStructures(const std::vector<Structure>& structures,
                                const JsonHeader& header) {
  Json json;
  json["meta"] = MetaJson(header, "structure-message", "structure");
  Json data_structures = Json::array();
  Json lists = Json::array();
  Json concepts = Json::array();
  std::set<std::string> known_lists, known_concepts;
  for (const Structure& structure : structures) {
    data_structures.push_back(StructureJson(structure));
    for (const CodeList& list : structure.code_lists) {
      if (known_lists.insert(list.id).second) lists.push_back(CodeListJson(list));
    }
    for (const Component& component : structure.components) {
      if (!known_concepts.insert(component.id).second) continue;
      concepts.push_back({{"id", component.id},
                          {"name", NameIn(component.names, "en")},
                          {"names", component.names}});
    }
  }
  Json scheme = {{"id", kConcepts},
                 {"version", "1.0"},
                 {"agencyID", structures.empty() ? "IDKH" : structures[0].ref.agency},
                 {"name", "Concepts of the exchange of migration statistics"},
                 {"names", {{"en", "Concepts of the exchange of migration statistics"}}},
                 {"concepts", std::move(concepts)}};
  json["data"] = {{"dataStructures", std::move(data_structures)},
                  {"conceptSchemes", Json::array({std::move(scheme)})},
                  {"codelists", std::move(lists)}};
  return json.dump(1) + "\n";
}

StructuresResult ReadJsonStructures(absl::string_view text) { return StructuresReader(text).Run(); }

}  // namespace lintas::sdmx

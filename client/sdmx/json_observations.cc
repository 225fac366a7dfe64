#include <algorithm>
#include <map>
#include <memory>
#include <nlohmann/json.hpp>
#include <set>
#include <utility>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "client/sdmx/json.h"
#include "client/sdmx/json_parts.h"
#include "client/sdmx/row_rules.h"
#include "client/sdmx/value_rules.h"

namespace lintas::sdmx {
namespace {

using Json = nlohmann::ordered_json;

// --- Writing -------------------------------------------------------------------------------------

// The distinct values of one component, in order of appearance.
struct Values {
  std::map<std::string, size_t> index;
  std::vector<std::string> list;

  size_t Take(const std::string& value) {
    const auto found = index.emplace(value, list.size());
    if (found.second) list.push_back(value);
    return found.first->second;
  }
};

const Structure* StructureFor(const StructureRef& ref, const std::vector<Structure>& structures) {
  for (const Structure& structure : structures) {
    StructureRef same = structure.ref;
    same.type = ref.type;
    if (same == ref) return &structure;
  }
  return nullptr;
}

bool IsDimension(const Component& component) {
  return component.role == Role::kDimension || component.role == Role::kTimeDimension;
}

Json ValuesJson(const Structure& structure, const Component& component, const Values& values) {
  const CodeList* codes = structure.CodesOf(component);
  Json list = Json::array();
  for (const std::string& value : values.list) {
    const Code* code = codes == nullptr ? nullptr : codes->Find(value);
    if (code == nullptr) {
      list.push_back({{"value", value}});
    } else {
      list.push_back({{"id", value}, {"name", NameIn(code->names, "en")}, {"names", code->names}});
    }
  }
  return list;
}

Json MeasureJson(const std::string& value) {
  int64_t whole = 0;
  double number = 0;
  if (value.empty() || IsIntentionallyMissing(value)) return nullptr;
  if (absl::SimpleAtoi(value, &whole)) return whole;
  if (absl::SimpleAtod(value, &number)) return number;
  return value;
}

absl::string_view ActionFor(Action action) {
  return action == Action::kMerge ? ActionName(Action::kAppend) : ActionName(action);
}

class DataWriter {
 public:
  DataWriter(const Structure& structure, const DataSet& data_set)
      : structure_(structure), data_set_(data_set) {
    for (const Component& component : structure.components) {
      if (IsDimension(component)) {
        dimensions_.push_back(&component);
      } else if (component.role == Role::kMeasure) {
        measures_.push_back(&component);
      } else if (data_set.IndexOf(component.id) < data_set.components.size()) {
        attributes_.push_back(&component);
      }
    }
    dimension_values_.resize(dimensions_.size());
    attribute_values_.resize(attributes_.size());
  }

  absl::Status TakeRows() {
    for (const Row& row : data_set_.rows) {
      std::vector<std::string> key;
      for (size_t d = 0; d < dimensions_.size(); ++d) {
        const std::string value = ValueOf(row, *dimensions_[d]);
        if (value.empty()) {
          return absl::InvalidArgumentError(
              absl::StrCat("A row lacks a value of ", dimensions_[d]->id, "."));
        }
        key.push_back(absl::StrCat(dimension_values_[d].Take(value)));
      }
      Json cells = Json::array();
      for (const Component* measure : measures_) {
        cells.push_back(MeasureJson(ValueOf(row, *measure)));
      }
      for (size_t a = 0; a < attributes_.size(); ++a) {
        const std::string value = ValueOf(row, *attributes_[a]);
        cells.push_back(value.empty() ? Json(nullptr) : Json(attribute_values_[a].Take(value)));
      }
      std::string joined = absl::StrJoin(key, ":");
      if (!keys_.insert(absl::StrCat(ActionFor(row.action), " ", joined)).second) {
        return absl::InvalidArgumentError("Two rows have the same key.");
      }
      observations_[ActionFor(row.action)].emplace_back(std::move(joined), std::move(cells));
    }
    return absl::OkStatus();
  }

  // `first` is the index of the first data set that this one becomes.
  Json StructureJson(size_t first) const {
    Json structure;
    structure["links"] = Json::array({StructureLink(data_set_.structure, "structure")});
    structure["name"] = NameIn(structure_.names, "en");
    structure["names"] = structure_.names;
    Json indexes = Json::array();
    for (size_t i = 0; i < observations_.size(); ++i) indexes.push_back(first + i);
    if (!indexes.empty()) structure["dataSets"] = std::move(indexes);
    Json dimensions = Json::array();
    for (size_t d = 0; d < dimensions_.size(); ++d) {
      Json dimension = Named(*dimensions_[d]);
      dimension["keyPosition"] = d;
      dimension["roles"] = Json::array({dimensions_[d]->id});
      dimension["values"] = ValuesJson(structure_, *dimensions_[d], dimension_values_[d]);
      dimensions.push_back(std::move(dimension));
    }
    structure["dimensions"] = {{"observation", std::move(dimensions)}};
    Json measures = Json::array();
    for (const Component* measure : measures_) measures.push_back(Named(*measure));
    structure["measures"] = {{"observation", std::move(measures)}};
    Json attributes = Json::array();
    for (size_t a = 0; a < attributes_.size(); ++a) {
      Json attribute = Named(*attributes_[a]);
      attribute["isMandatory"] = attributes_[a]->mandatory;
      attribute["relationship"] = {{"observation", Json::object()}};
      if (!attribute_values_[a].list.empty()) {
        attribute["values"] = ValuesJson(structure_, *attributes_[a], attribute_values_[a]);
      }
      attributes.push_back(std::move(attribute));
    }
    structure["attributes"] = {{"observation", std::move(attributes)}};
    return structure;
  }

  std::vector<Json> DataSetsJson(size_t structure_index) const {
    std::vector<Json> sets;
    for (const auto& entry : observations_) {
      Json set;
      set["structure"] = structure_index;
      set["action"] = std::string(entry.first);
      set["links"] = Json::array({StructureLink(data_set_.structure, "structure")});
      Json observations = Json::object();
      // Keys are unique already; a look-up for each would cost their square.
      auto& object = observations.get_ref<Json::object_t&>();
      for (const auto& observation : entry.second) object.push_back(observation);
      set["observations"] = std::move(observations);
      sets.push_back(std::move(set));
    }
    return sets;
  }

 private:
  static Json Named(const Component& component) {
    return {
        {"id", component.id}, {"name", NameIn(component.names, "en")}, {"names", component.names}};
  }

  std::string ValueOf(const Row& row, const Component& component) const {
    const size_t at = data_set_.IndexOf(component.id);
    return at < row.values.size() ? row.values[at] : "";
  }

  const Structure& structure_;
  const DataSet& data_set_;
  std::vector<const Component*> dimensions_, measures_, attributes_;
  std::vector<Values> dimension_values_, attribute_values_;
  // By action; within it in the order of the rows.
  std::map<absl::string_view, std::vector<std::pair<std::string, Json>>> observations_;
  std::set<std::string> keys_;
};

// --- Reading -------------------------------------------------------------------------------------

class DataReader {
 public:
  DataReader(absl::string_view text, const std::vector<Structure>* structures)
      : text_(text), structures_(structures) {}

  ReadResult Run() {
    Json json;
    if (!ParseJson(text_, &json, &result_.refusals)) return std::move(result_);
    const Json* const data = Part(json, "data", "/data", Json::value_t::object);
    if (data == nullptr) return std::move(result_);
    const Json* const structures =
        Part(*data, "structures", "/data/structures", Json::value_t::array);
    const Json* const sets = Part(*data, "dataSets", "/data/dataSets", Json::value_t::array);
    if (structures == nullptr || sets == nullptr) return std::move(result_);
    for (size_t i = 0; i < sets->size() && result_.refusals.size() < kRefusalsMax; ++i) {
      const std::string path = absl::StrCat("/data/dataSets/", i);
      size_t index = 0;
      const auto named = (*sets)[i].find("structure");
      if (named != (*sets)[i].end()) {
        index = named->is_number_unsigned() ? named->get<size_t>() : structures->size();
      }
      if (index >= structures->size()) {
        Refuse(path, "WRONG_SHAPE", "The data set names no structure of the message.");
        continue;
      }
      ReadSet((*sets)[i], (*structures)[index], path);
    }
    return std::move(result_);
  }

 private:
  // One component of a level with the texts its indexes stand for.
  struct Listed {
    std::string id;
    bool has_values = false;
    std::vector<std::string> values;
  };
  using Level = std::vector<Listed>;

  void Refuse(const std::string& path, const char* rule, const std::string& description) {
    if (result_.refusals.size() >= kRefusalsMax) return;
    result_.refusals.push_back({0, 0, path, rule, description});
  }

  const Json* Part(const Json& json, const char* name, const std::string& path,
                   Json::value_t kind) {
    const auto found = json.find(name);
    if (found != json.end() && found->type() == kind) return &*found;
    Refuse(path, "WRONG_SHAPE", "The part is missing or of another kind.");
    return nullptr;
  }

  static Level LevelOf(const Json& structure, const char* kind, const char* level) {
    Level listed;
    const auto group = structure.find(kind);
    if (group == structure.end() || !group->is_object() || !group->contains(level)) return listed;
    for (const Json& component : (*group)[level]) {
      if (!component.is_object()) continue;
      Listed each;
      each.id = TextAt(component, "id");
      each.has_values = component.contains("values") && component["values"].is_array();
      if (each.has_values) {
        for (const Json& value : component["values"]) each.values.push_back(ValueText(value));
      }
      listed.push_back(std::move(each));
    }
    return listed;
  }

  static std::string ValueText(const Json& value) {
    if (!value.is_object()) return "";
    const auto id = value.find("id");
    if (id != value.end() && id->is_string()) return id->get<std::string>();
    const auto plain = value.find("value");
    if (plain == value.end()) return "";
    return plain->is_string() ? plain->get<std::string>() : plain->dump();
  }

  static Action ActionOf(const Json& set) {
    const std::string action = TextAt(set, "action");
    if (action == "Append" || action == "Merge") return Action::kMerge;
    if (action == "Replace") return Action::kReplace;
    if (action == "Delete") return Action::kDelete;
    return Action::kInformation;
  }

  void ReadSet(const Json& set, const Json& structure_json, const std::string& path) {
    StructureRef ref;
    if (!ReadStructureLink(structure_json, &ref)) {
      return Refuse(path, "BAD_STRUCTURE_ID", "The structure's link holds no SDMX urn.");
    }
    const Structure* structure = nullptr;
    if (structures_ != nullptr) {
      structure = StructureFor(ref, *structures_);
      if (structure == nullptr) {
        return Refuse(path, "UNKNOWN_STRUCTURE",
                      absl::StrCat("No structure ", ref.Text(), " is known here."));
      }
    }
    series_ = LevelOf(structure_json, "dimensions", "series");
    observation_ = LevelOf(structure_json, "dimensions", "observation");
    measures_ = LevelOf(structure_json, "measures", "observation");
    attributes_ = LevelOf(structure_json, "attributes", "observation");
    series_attributes_ = LevelOf(structure_json, "attributes", "series");
    DataSet data_set;
    data_set.structure = ref;
    for (const Level* level :
         {&series_, &observation_, &measures_, &series_attributes_, &attributes_}) {
      for (const Listed& each : *level) data_set.components.push_back(each.id);
    }
    data_set.multiple.assign(data_set.components.size(), false);
    CheckComponents(structure, data_set, path);
    RowRules rules(structure, &data_set);
    action_ = ActionOf(set);
    if (set.contains("observations")) {
      ReadObservations(set["observations"], {}, {}, path + "/observations", &rules, &data_set);
    }
    if (set.contains("series") && set["series"].is_object()) {
      for (const auto& entry : set["series"].items()) {
        ReadSeries(entry.key(), entry.value(), path + "/series", &rules, &data_set);
      }
    }
    result_.message.data_sets.push_back(std::move(data_set));
  }

  void CheckComponents(const Structure* structure, const DataSet& data_set,
                       const std::string& path) {
    if (structure == nullptr) return;
    for (const std::string& id : data_set.components) {
      if (structure->Find(id) != nullptr) continue;
      Refuse(absl::StrCat(path, " ", id), "UNKNOWN_COMPONENT",
             absl::StrCat(structure->ref.Text(), " has no such component."));
    }
  }

  // The values that a key like 0:3:1 stands for.
  bool ReadKey(const std::string& key, const Level& level, const std::string& path,
               std::vector<std::string>* values) {
    const std::vector<std::string> parts = absl::StrSplit(key, ':');
    bool good = parts.size() == level.size();
    for (size_t i = 0; good && i < parts.size(); ++i) {
      size_t index = 0;
      good = absl::SimpleAtoi(parts[i], &index) && index < level[i].values.size();
      if (good) values->push_back(level[i].values[index]);
    }
    if (!good) Refuse(absl::StrCat(path, "/", key), "BAD_KEY", "The key points to no value.");
    return good;
  }

  void ReadSeries(const std::string& key, const Json& series, const std::string& path,
                  RowRules* rules, DataSet* data_set) {
    std::vector<std::string> values;
    if (!ReadKey(key, series_, path, &values)) return;
    std::vector<std::string> attributes(series_attributes_.size());
    if (series.is_object() && series.contains("attributes")) {
      Texts(series["attributes"], 0, series_attributes_, &attributes);
    }
    if (series.is_object() && series.contains("observations")) {
      ReadObservations(series["observations"], values, attributes,
                       absl::StrCat(path, "/", key, "/observations"), rules, data_set);
    }
  }

  // Cells `cells[begin + i]` as texts of `level`.
  static void Texts(const Json& cells, size_t begin, const Level& level,
                    std::vector<std::string>* texts) {
    for (size_t i = 0; i < level.size(); ++i) {
      if (!cells.is_array() || begin + i >= cells.size()) return;
      const Json& cell = cells[begin + i];
      if (cell.is_null()) continue;
      if (level[i].has_values && cell.is_number_unsigned()) {
        const size_t index = cell.get<size_t>();
        if (index < level[i].values.size()) (*texts)[i] = level[i].values[index];
      } else {
        (*texts)[i] = cell.is_string() ? cell.get<std::string>() : cell.dump();
      }
    }
  }

  void ReadObservations(const Json& observations, const std::vector<std::string>& series,
                        const std::vector<std::string>& series_attributes, const std::string& path,
                        RowRules* rules, DataSet* data_set) {
    if (!observations.is_object()) {
      return Refuse(path, "WRONG_SHAPE", "Observations are an object by key.");
    }
    for (const auto& entry : observations.items()) {
      Row row;
      row.action = action_;
      row.values = series;
      if (!ReadKey(entry.key(), observation_, path, &row.values)) continue;
      std::vector<std::string> measures(measures_.size());
      std::vector<std::string> attributes(attributes_.size());
      Texts(entry.value(), 0, measures_, &measures);
      Texts(entry.value(), measures_.size(), attributes_, &attributes);
      row.values.insert(row.values.end(), measures.begin(), measures.end());
      row.values.insert(row.values.end(), series_attributes.begin(), series_attributes.end());
      row.values.resize(series_.size() + observation_.size() + measures_.size() +
                        series_attributes_.size());
      row.values.insert(row.values.end(), attributes.begin(), attributes.end());
      for (const BrokenRow& broken : rules->Check(row)) {
        Refuse(absl::StrCat(path, "/", entry.key(), " ", broken.field), broken.rule.c_str(),
               broken.description);
      }
      data_set->rows.push_back(std::move(row));
    }
  }

  const absl::string_view text_;
  const std::vector<Structure>* const structures_;
  ReadResult result_;
  Level series_, observation_, measures_, attributes_, series_attributes_;
  Action action_ = Action::kInformation;
};

}  // namespace

absl::StatusOr<std::string> WriteJsonData(const Message& message,
                                          const std::vector<Structure>& structures,
                                          const JsonHeader& header) {
  Json json;
  json["meta"] = MetaJson(header, "data-message", "data");
  Json structures_json = Json::array();
  Json sets = Json::array();
  for (const DataSet& data_set : message.data_sets) {
    const Structure* structure = StructureFor(data_set.structure, structures);
    if (structure == nullptr) {
      return absl::InvalidArgumentError(
          absl::StrCat("No structure ", data_set.structure.Text(), " is known here."));
    }
    DataWriter writer(*structure, data_set);
    const absl::Status status = writer.TakeRows();
    if (!status.ok()) return status;
    const size_t first = sets.size();
    for (Json& set : writer.DataSetsJson(structures_json.size())) sets.push_back(std::move(set));
    structures_json.push_back(writer.StructureJson(first));
  }
  json["data"] = {{"structures", std::move(structures_json)}, {"dataSets", std::move(sets)}};
  return json.dump(1) + "\n";
}

ReadResult ReadJsonData(absl::string_view text, const std::vector<Structure>* structures) {
  return DataReader(text, structures).Run();
}

}  // namespace lintas::sdmx

#include "client/sdmx/csv_writer.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "client/sdmx/csv_text.h"

namespace lintas::sdmx {
namespace {

std::string Key(const Structure& structure, const DataSet& data_set, const Row& row, bool time) {
  std::vector<std::string> parts;
  for (const Component& component : structure.components) {
    if (component.role != Role::kDimension && !(time && component.role == Role::kTimeDimension)) {
      continue;
    }
    const size_t at = data_set.IndexOf(component.id);
    const bool given = at < row.values.size() && !row.values[at].empty();
    parts.push_back(given ? row.values[at] : "*");
  }
  return absl::StrJoin(parts, ".");
}

char ActionCode(Action action, CsvVersion version) {
  const bool is_2_0 = version == CsvVersion::kV20;
  switch (action) {
    case Action::kInformation:
      return is_2_0 ? 'I' : 'M';
    case Action::kAppend:
    case Action::kMerge:
      return is_2_0 ? 'A' : 'M';
    case Action::kReplace:
      return 'R';
    case Action::kDelete:
      return 'D';
  }
  return 'M';
}

absl::string_view TypeWord(StructureType type) {
  switch (type) {
    case StructureType::kDataflow:
      return "dataflow";
    case StructureType::kDataStructure:
      return "datastructure";
    case StructureType::kProvisionAgreement:
      return "dataprovision";
  }
  return "";
}

class Writer {
 public:
  Writer(const Message& message, const CsvWriteOptions& options)
      : message_(message), options_(options) {
    for (const DataSet& data_set : message.data_sets) {
      for (size_t i = 0; i < data_set.components.size(); ++i) {
        const auto& known = components_;
        if (std::find(known.begin(), known.end(), data_set.components[i]) != known.end()) continue;
        components_.push_back(data_set.components[i]);
        multiple_.push_back(i < data_set.multiple.size() && data_set.multiple[i]);
      }
    }
  }

  std::string Run() {
    WriteHeader();
    for (const DataSet& data_set : message_.data_sets) {
      const Structure* structure = StructureOf(data_set);
      for (const Row& row : data_set.rows) WriteRow(data_set, structure, row);
    }
    return std::move(out_);
  }

 private:
  bool is_1_0() const { return options_.version == CsvVersion::kV10; }

  void EndLine(const std::vector<std::string>& fields) {
    absl::StrAppend(&out_,
                    absl::StrJoin(fields, std::string(1, options_.separator),
                                  [&](std::string* out, const std::string& field) {
                                    out->append(CsvField(field, options_.separator));
                                  }),
                    options_.line_end);
  }

  const Structure* StructureOf(const DataSet& data_set) const {
    if (options_.structures == nullptr) return nullptr;
    for (const Structure& structure : *options_.structures) {
      StructureRef same = structure.ref;
      same.type = data_set.structure.type;
      if (same == data_set.structure) return &structure;
    }
    return nullptr;
  }

  std::string ComponentName(const std::string& id) const {
    if (options_.structures != nullptr) {
      for (const Structure& structure : *options_.structures) {
        const Component* component = structure.Find(id);
        if (component != nullptr && !component->names.empty()) {
          return NameIn(component->names, options_.language);
        }
      }
    }
    return id;
  }

  void WriteHeader() {
    std::vector<std::string> fields;
    const bool several = std::find(multiple_.begin(), multiple_.end(), true) != multiple_.end();
    if (is_1_0()) {
      fields.push_back("DATAFLOW");
    } else {
      fields.push_back(
          several ? absl::StrCat("STRUCTURE[", std::string(1, options_.value_separator), "]")
                  : "STRUCTURE");
      fields.push_back("STRUCTURE_ID");
      if (options_.labels == CsvLabels::kName) fields.push_back("STRUCTURE_NAME");
      fields.push_back("ACTION");
      if (options_.keys == CsvKeys::kSeries || options_.keys == CsvKeys::kBoth) {
        fields.push_back("SERIES_KEY");
      }
      if (options_.keys == CsvKeys::kObservation || options_.keys == CsvKeys::kBoth) {
        fields.push_back("OBS_KEY");
      }
    }
    for (size_t i = 0; i < components_.size(); ++i) {
      std::string id = absl::StrCat(components_[i], multiple_[i] ? "[]" : "");
      if (options_.labels == CsvLabels::kBoth) {
        absl::StrAppend(&id, ": ", ComponentName(components_[i]));
      }
      fields.push_back(std::move(id));
      if (options_.labels == CsvLabels::kName && !is_1_0()) {
        fields.push_back(ComponentName(components_[i]));
      }
    }
    EndLine(fields);
  }

  void WriteRow(const DataSet& data_set, const Structure* structure, const Row& row) {
    std::vector<std::string> fields;
    std::string id = data_set.structure.Text();
    const std::string name =
        structure == nullptr ? data_set.structure.id : NameIn(structure->names, options_.language);
    if (options_.labels == CsvLabels::kBoth) absl::StrAppend(&id, ": ", name);
    if (is_1_0()) {
      fields.push_back(id);
    } else {
      fields.emplace_back(TypeWord(data_set.structure.type));
      fields.push_back(id);
      if (options_.labels == CsvLabels::kName) fields.push_back(name);
      fields.push_back(std::string(1, ActionCode(row.action, options_.version)));
      AddKeys(data_set, structure, row, &fields);
    }
    for (size_t i = 0; i < components_.size(); ++i) {
      const size_t at = data_set.IndexOf(components_[i]);
      const Component* component = structure == nullptr ? nullptr : structure->Find(components_[i]);
      const CodeList* codes = component == nullptr ? nullptr : structure->CodesOf(*component);
      AddValue(at < row.values.size() ? row.values[at] : "", codes, &fields);
    }
    EndLine(fields);
  }

  void AddKeys(const DataSet& data_set, const Structure* structure, const Row& row,
               std::vector<std::string>* fields) const {
    if (options_.keys == CsvKeys::kSeries || options_.keys == CsvKeys::kBoth) {
      fields->push_back(structure == nullptr ? "" : SeriesKey(*structure, data_set, row));
    }
    if (options_.keys == CsvKeys::kObservation || options_.keys == CsvKeys::kBoth) {
      fields->push_back(structure == nullptr ? "" : ObservationKey(*structure, data_set, row));
    }
  }

  void AddValue(const std::string& value, const CodeList* codes,
                std::vector<std::string>* fields) const {
    const auto name_of = [&](const std::string& code) {
      const Code* found = codes == nullptr ? nullptr : codes->Find(code);
      return found == nullptr ? "" : NameIn(found->names, options_.language);
    };
    std::vector<std::string> shown;
    std::vector<std::string> names;
    for (const std::string& each :
         std::vector<std::string>(absl::StrSplit(value, kValueSeparator))) {
      const std::string name = name_of(each);
      const bool both = options_.labels == CsvLabels::kBoth && !name.empty();
      shown.push_back(both ? absl::StrCat(each, ": ", name) : each);
      names.push_back(name);
    }
    const std::string separator(1, options_.value_separator);
    fields->push_back(absl::StrJoin(shown, separator));
    if (options_.labels == CsvLabels::kName && !is_1_0()) {
      fields->push_back(absl::StrJoin(names, separator));
    }
  }

  const Message& message_;
  const CsvWriteOptions& options_;
  std::vector<std::string> components_;
  std::vector<bool> multiple_;
  std::string out_;
};

}  // namespace

std::string SeriesKey(const Structure& structure, const DataSet& data_set, const Row& row) {
  return Key(structure, data_set, row, false);
}

std::string ObservationKey(const Structure& structure, const DataSet& data_set, const Row& row) {
  return Key(structure, data_set, row, true);
}

std::string WriteCsv(const Message& message, const CsvWriteOptions& options) {
  return Writer(message, options).Run();
}

}  // namespace lintas::sdmx

// SDMX structures as data: a data structure definition (DSD) with its components, and the code
// lists that they take their codes from. Plain values; safe from any thread.
#ifndef LINTAS_CLIENT_SDMX_STRUCTURE_H_
#define LINTAS_CLIENT_SDMX_STRUCTURE_H_

#include <map>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"

namespace lintas::sdmx {

// By language (`en`, `id`, `km`); English is always there.
using Names = std::map<std::string, std::string>;

// The name in `language`, else in English, else empty.
std::string NameIn(const Names& names, absl::string_view language);

// What an artefact's id refers to. SDMX-CSV writes them dataflow, datastructure, dataprovision.
enum class StructureType { kDataflow, kDataStructure, kProvisionAgreement };

// AGENCY:ID(VERSION), of one type.
struct StructureRef {
  StructureType type = StructureType::kDataStructure;
  std::string agency;
  std::string id;
  std::string version;

  // `IDKH:MIG_FLOW(1.0)`
  std::string Text() const;
  bool operator==(const StructureRef& other) const;
};

// Reads AGENCY:ID(VERSION); false if the text has another form.
bool ParseStructureId(absl::string_view text, StructureRef* ref);

struct Code {
  std::string id;
  Names names;
};

struct CodeList {
  std::string agency;
  std::string id;
  std::string version;
  Names names;
  std::vector<Code> codes;

  const Code* Find(absl::string_view code) const;
};

enum class Role { kDimension, kTimeDimension, kMeasure, kAttribute };

// What a value without code list looks like.
enum class Format { kText, kInteger, kNumber, kTimePeriod, kDateTime };

struct Component {
  std::string id;
  Names names;
  Role role = Role::kDimension;
  // Id of the code list; empty: by format.
  std::string code_list;
  Format format = Format::kText;
  // Of an attribute: it must have a value on every observation.
  bool mandatory = false;
};

// Components in the order that writers keep: dimensions, measures, attributes.
struct Structure {
  StructureRef ref;
  Names names;
  std::vector<Component> components;
  std::vector<CodeList> code_lists;

  const Component* Find(absl::string_view component) const;
  // nullptr if the component has none.
  const CodeList* CodesOf(const Component& component) const;
};

}  // namespace lintas::sdmx

#endif  // LINTAS_CLIENT_SDMX_STRUCTURE_H_

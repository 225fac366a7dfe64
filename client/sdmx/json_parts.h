// What SDMX-JSON data and structure messages have in common. Only for json_observations.cc and
// json_structures.cc.
#ifndef LINTAS_CLIENT_SDMX_JSON_PARTS_H_
#define LINTAS_CLIENT_SDMX_JSON_PARTS_H_

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "client/sdmx/json.h"
#include "client/sdmx/message.h"
#include "client/sdmx/structure.h"

namespace lintas::sdmx {

// False with a refusal (line and column) if `text` is no JSON.
bool ParseJson(absl::string_view text, nlohmann::ordered_json* json,
               std::vector<Refusal>* refusals);

// The text of a member; empty if there is none or it is no text.
std::string TextAt(const nlohmann::ordered_json& json, const char* name);

nlohmann::ordered_json MetaJson(const JsonHeader& header, absl::string_view folder,
                                absl::string_view kind);

// `urn:sdmx:org.sdmx.infomodel.datastructure.DataStructure=IDKH:MIG_FLOW(1.0)`
std::string Urn(const StructureRef& ref);
nlohmann::ordered_json StructureLink(const StructureRef& ref, absl::string_view relation);
// From the first link of `structure` whose urn names a structure.
bool ReadStructureLink(const nlohmann::ordered_json& structure, StructureRef* ref);

}  // namespace lintas::sdmx

#endif  // LINTAS_CLIENT_SDMX_JSON_PARTS_H_

#include "client/sdmx/structure.h"

#include <algorithm>
#include <cctype>

#include "absl/strings/str_cat.h"

namespace lintas::sdmx {
namespace {

bool IsId(absl::string_view text, absl::string_view also) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [&](unsigned char c) {
    return std::isalnum(c) != 0 || also.find(static_cast<char>(c)) != absl::string_view::npos;
  });
}

}  // namespace

std::string NameIn(const Names& names, absl::string_view language) {
  auto found = names.find(std::string(language));
  if (found == names.end()) found = names.find("en");
  return found == names.end() ? "" : found->second;
}

std::string StructureRef::Text() const { return absl::StrCat(agency, ":", id, "(", version, ")"); }

bool StructureRef::operator==(const StructureRef& other) const {
  return type == other.type && agency == other.agency && id == other.id && version == other.version;
}

bool ParseStructureId(absl::string_view text, StructureRef* ref) {
  const size_t colon = text.find(':');
  const size_t open = text.find('(');
  if (colon == absl::string_view::npos || open == absl::string_view::npos || open < colon) {
    return false;
  }
  if (text.back() != ')') return false;
  const absl::string_view agency = text.substr(0, colon);
  const absl::string_view id = text.substr(colon + 1, open - colon - 1);
  const absl::string_view version = text.substr(open + 1, text.size() - open - 2);
  if (!IsId(agency, "_-.@$") || !IsId(id, "_-@$") || !IsId(version, ".+-")) return false;
  ref->agency = std::string(agency);
  ref->id = std::string(id);
  ref->version = std::string(version);
  return true;
}

const Code* CodeList::Find(absl::string_view code) const {
  const auto found =
      std::find_if(codes.begin(), codes.end(), [&](const Code& each) { return each.id == code; });
  return found == codes.end() ? nullptr : &*found;
}

const Component* Structure::Find(absl::string_view component) const {
  const auto found = std::find_if(components.begin(), components.end(),
                                  [&](const Component& each) { return each.id == component; });
  return found == components.end() ? nullptr : &*found;
}

const CodeList* Structure::CodesOf(const Component& component) const {
  const auto found = std::find_if(code_lists.begin(), code_lists.end(), [&](const CodeList& list) {
    return list.id == component.code_list;
  });
  return component.code_list.empty() || found == code_lists.end() ? nullptr : &*found;
}

}  // namespace lintas::sdmx

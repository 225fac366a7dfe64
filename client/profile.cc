#include "client/profile.h"

#include <algorithm>
#include <cctype>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <system_error>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "client/file.h"
#include "server/base/error.h"
#include "server/base/status.h"
#include "server/call/principal.h"

namespace lintas::client {
namespace {

using nlohmann::json;

struct Member {
  const char* name;
  std::string Profile::*value;
};

constexpr Member kMembers[] = {
    {"country", &Profile::country},
    {"address", &Profile::address},
    {"certificate_file", &Profile::certificate_file},
    {"ca_file", &Profile::ca_file},
    {"purpose", &Profile::purpose},
    {"case", &Profile::case_id},
};

bool IsProfileName(absl::string_view name) {
  return !name.empty() && name.size() <= 40 &&
         std::all_of(name.begin(), name.end(),
                     [](unsigned char c) { return std::isalnum(c) != 0 || c == '-' || c == '_'; });
}

// Members of a small settings file that is ours; empty if it is missing or damaged.
json ReadSettings(const std::string& path) {
  const auto text = ReadFile(path);
  if (!text.ok()) return json::object();
  json settings = json::parse(*text, nullptr, /*allow_exceptions=*/false);
  return settings.is_object() ? settings : json::object();
}

std::string Text(const json& settings, const char* member) {
  const auto found = settings.find(member);
  return found != settings.end() && found->is_string() ? found->get<std::string>() : "";
}

}  // namespace

absl::Status CheckProfile(const Profile& profile) {
  std::vector<FieldViolation> violations;
  const auto require = [&](const char* field, const std::string& value, const char* expected) {
    if (value.empty()) violations.push_back({field, "REQUIRED", expected});
  };
  if (TrustDomainOf(profile.country).empty()) {
    violations.push_back({"country", "NOT_A_PARTY", "your own country: idn or khm"});
  }
  if (!absl::StrContains(profile.address, ':')) {
    violations.push_back({"address", "NOT_AN_ADDRESS", "host:port of your own country's node"});
  }
  require("certificate_file", profile.certificate_file, "the PEM file of your key and certificate");
  require("ca_file", profile.ca_file, "the PEM file of your own country's CA");
  return FieldsError(violations);
}

std::string FormatProfile(const Profile& profile) {
  json out = json::object();
  for (const Member& member : kMembers) {
    if (!(profile.*member.value).empty()) out[member.name] = profile.*member.value;
  }
  return absl::StrCat(out.dump(2, ' ', false, json::error_handler_t::replace), "\n");
}

absl::StatusOr<Profile> ParseProfile(absl::string_view text) {
  const json in = json::parse(text, nullptr, /*allow_exceptions=*/false);
  if (!in.is_object()) return absl::InvalidArgumentError("a profile is a JSON object");
  Profile profile;
  for (const auto& item : in.items()) {
    const std::string& name = item.key();
    const json& value = item.value();
    const auto* member = std::find_if(std::begin(kMembers), std::end(kMembers),
                                      [&](const Member& m) { return name == m.name; });
    if (member == std::end(kMembers) || !value.is_string()) {
      return absl::InvalidArgumentError(
          absl::StrCat("profile member `", name, "` is unknown or not a text"));
    }
    profile.*member->value = value.get<std::string>();
  }
  return profile;
}

std::string ProfileStore::Path(absl::string_view kind, absl::string_view name) const {
  return absl::StrCat(folder_, "/", kind, "/", name, ".json");
}

absl::Status ProfileStore::Add(absl::string_view name, const Profile& profile) {
  if (!IsProfileName(name)) {
    return FieldsError({{"name", "NOT_A_NAME", "letters, digits, `-` and `_`, at most 40"}});
  }
  RETURN_IF_ERROR(CheckProfile(profile));
  std::error_code error;
  if (std::filesystem::exists(Path("profiles", name), error)) {
    return absl::AlreadyExistsError(absl::StrCat("there is a profile ", name,
                                                 " already; give another name, or change its file ",
                                                 Path("profiles", name)));
  }
  RETURN_IF_ERROR(WriteFile(Path("profiles", name), FormatProfile(profile)));
  return Current().empty() ? Use(name) : absl::OkStatus();
}

absl::StatusOr<Profile> ProfileStore::Load(absl::string_view name) const {
  std::error_code error;
  if (!IsProfileName(name) || !std::filesystem::exists(Path("profiles", name), error)) {
    return absl::InvalidArgumentError(
        absl::StrCat("there is no profile `", name, "`; make one with `lintas profile add`"));
  }
  ASSIGN_OR_RETURN(const std::string text, ReadFile(Path("profiles", name)));
  ASSIGN_OR_RETURN(Profile profile, ParseProfile(text));
  RETURN_IF_ERROR(CheckProfile(profile));
  const CaseState state = Case(name);
  if (!state.case_id.empty()) profile.case_id = state.case_id;
  if (!state.purpose.empty()) profile.purpose = state.purpose;
  return profile;
}

std::vector<std::string> ProfileStore::Names() const {
  std::vector<std::string> names;
  std::error_code error;
  for (const auto& file : std::filesystem::directory_iterator(folder_ + "/profiles", error)) {
    if (file.path().extension() == ".json") names.push_back(file.path().stem().string());
  }
  std::sort(names.begin(), names.end());
  return names;
}

absl::Status ProfileStore::Use(absl::string_view name) {
  RETURN_IF_ERROR(Load(name).status());
  return WriteFile(folder_ + "/current.json", json{{"profile", std::string(name)}}.dump() + "\n");
}

std::string ProfileStore::Current() const {
  return Text(ReadSettings(folder_ + "/current.json"), "profile");
}

absl::Status ProfileStore::SetCase(absl::string_view name, const CaseState& state) {
  RETURN_IF_ERROR(Load(name).status());
  const json out = {{"case", state.case_id}, {"purpose", state.purpose}};
  return WriteFile(Path("state", name),
                   out.dump(-1, ' ', false, json::error_handler_t::replace) + "\n");
}

CaseState ProfileStore::Case(absl::string_view name) const {
  const json settings = ReadSettings(Path("state", name));
  return {Text(settings, "case"), Text(settings, "purpose")};
}

absl::Status ProfileStore::ClearCase(absl::string_view name) {
  RETURN_IF_ERROR(Load(name).status());
  std::error_code error;
  std::filesystem::remove(Path("state", name), error);
  return error ? absl::InvalidArgumentError("cannot remove the case's file") : absl::OkStatus();
}

}  // namespace lintas::client

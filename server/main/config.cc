#include "server/main/config.h"

#include <filesystem>
#include <map>
#include <nlohmann/json.hpp>

#include "absl/strings/str_cat.h"
#include "google/protobuf/util/json_util.h"
#include "lintas/trust/v1/trust.pb.h"
#include "server/base/error.h"
#include "server/base/status.h"
#include "server/crypto/key_file.h"
#include "server/ledger/note/signed_note.h"

namespace lintas {
namespace {

absl::Status Bad(const std::string& field, const std::string& what) {
  return MakeError(absl::StatusCode::kInvalidArgument, "BAD_CONFIG",
                   absl::StrCat("configuration: ", field, ": ", what));
}

struct TextField {
  const char* name;
  std::string Config::*member;
  bool path;
  bool required;
};

constexpr TextField kTextFields[] = {
    {"country", &Config::country, false, true},
    {"partner", &Config::partner, false, true},
    {"partnership", &Config::partnership, false, false},
    {"data_folder", &Config::data_folder, true, true},
    {"heads_folder", &Config::heads_folder, true, true},
    {"staging_folder", &Config::staging_folder, true, true},
    {"signing_keys", &Config::signing_keys, true, true},
    {"seal_key", &Config::seal_key, true, true},
    {"identity", &Config::identity, true, true},
    {"own_authority", &Config::own_authority, true, true},
    {"partner_authority", &Config::partner_authority, true, true},
    {"own_revocations", &Config::own_revocations, true, true},
    {"partner_revocations", &Config::partner_revocations, true, true},
    {"denied", &Config::denied, true, false},
    {"own_bundle", &Config::own_bundle, true, true},
    {"partner_bundle", &Config::partner_bundle, true, true},
    {"officers_address", &Config::officers_address, false, true},
    {"partner_port_address", &Config::partner_port_address, false, true},
    {"partner_address", &Config::partner_address, false, true},
    {"metrics_address", &Config::metrics_address, false, false},
};

absl::Status SetField(const std::string& name, const nlohmann::json& value,
                      const std::filesystem::path& folder, Config* config) {
  for (const TextField& field : kTextFields) {
    if (name != field.name) continue;
    if (!value.is_string()) return Bad(name, "text is expected");
    std::string text = value.get<std::string>();
    if (field.path && !text.empty() && text[0] != '/') text = (folder / text).string();
    config->*field.member = text;
    return absl::OkStatus();
  }
  if (name == "exercise") {
    if (!value.is_boolean()) return Bad(name, "true or false is expected");
    config->exercise = value.get<bool>();
    return absl::OkStatus();
  }
  if (name == "searches_per_minute") {
    if (!value.is_number_unsigned()) return Bad(name, "a number is expected");
    config->searches_per_minute = value.get<uint32_t>();
    return absl::OkStatus();
  }
  return Bad(name, "unknown field");
}

absl::StatusOr<VerifyKey> KeyOf(const trust::v1::TrustBundle& bundle,
                                trust::v1::LedgerKey::Use use) {
  for (const trust::v1::LedgerKey& key : bundle.ledger_keys()) {
    if (key.use() != use || key.periods().empty()) continue;
    ASSIGN_OR_RETURN(const note::NoteKey parsed,
                     note::ParseVkey(key.periods(key.periods_size() - 1).vkey()));
    return parsed.key;
  }
  return absl::InvalidArgumentError("the trust bundle lacks a ledger key");
}

absl::StatusOr<absl::CivilDay> DayOf(const std::string& text) {
  absl::CivilDay day;
  if (!absl::ParseCivilTime(text, &day)) {
    return absl::InvalidArgumentError("the trust bundle has a term that is no date");
  }
  return day;
}

}  // namespace

absl::StatusOr<Config> ReadConfig(const std::string& path) {
  ASSIGN_OR_RETURN(const std::string text, ReadKeyFile(path));
  const nlohmann::json json = nlohmann::json::parse(text, nullptr, /*allow_exceptions=*/false);
  if (!json.is_object()) return Bad(path, "not a JSON object");
  Config config;
  const std::filesystem::path folder = std::filesystem::absolute(path).parent_path();
  for (const auto& [name, value] : json.items()) {
    RETURN_IF_ERROR(SetField(name, value, folder, &config));
  }
  for (const TextField& field : kTextFields) {
    if (field.required && (config.*field.member).empty()) return Bad(field.name, "is required");
  }
  if (TrustDomainOf(config.country).empty()) return Bad("country", "idn or khm");
  if (TrustDomainOf(config.partner).empty() || config.partner == config.country) {
    return Bad("partner", "the other Party");
  }
  return config;
}

absl::StatusOr<BundleKeys> ReadBundleKeys(const std::string& path, const std::string& country,
                                          const std::string& partnership) {
  ASSIGN_OR_RETURN(const std::string text, ReadKeyFile(path));
  trust::v1::TrustBundle bundle;
  if (!google::protobuf::util::JsonStringToMessage(text, &bundle).ok()) {
    return Bad(path, "not a trust bundle");
  }
  if (bundle.country() != country || bundle.partnership() != partnership) {
    return Bad(path, "a trust bundle of another country or partnership");
  }
  BundleKeys out;
  using Key = trust::v1::LedgerKey;
  ASSIGN_OR_RETURN(out.keys.log, KeyOf(bundle, Key::EXCHANGE_LOG));
  ASSIGN_OR_RETURN(out.keys.held, KeyOf(bundle, Key::HELD));
  ASSIGN_OR_RETURN(out.keys.consistent, KeyOf(bundle, Key::CONSISTENT));
  ASSIGN_OR_RETURN(out.keys.question, KeyOf(bundle, Key::QUESTION));
  for (const trust::v1::AuthorityKey& key : bundle.authority_keys()) {
    AuthorityKey authority;
    authority.country = country;
    authority.office = key.office();
    authority.public_key = key.public_key();
    ASSIGN_OR_RETURN(authority.first_day, DayOf(key.start_date()));
    ASSIGN_OR_RETURN(authority.last_day, DayOf(key.end_date()));
    out.authorities.push_back(std::move(authority));
  }
  return out;
}

}  // namespace lintas

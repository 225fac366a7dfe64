#include "server/main/config.h"

#include <filesystem>
#include <nlohmann/json.hpp>

#include "absl/strings/str_cat.h"
#include "lintas/trust/v1/trust.pb.h"
#include "server/base/check.h"
#include "server/base/error.h"
#include "server/base/status.h"
#include "server/crypto/key_file.h"
#include "server/ledger/note/checkpoint.h"
#include "server/ledger/trust/trust_bundle.h"

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
  if (name == "searches_per_minute" || name == "exercise_clock_ahead_hours") {
    if (!value.is_number_unsigned()) return Bad(name, "a number is expected");
    (name == "searches_per_minute" ? config->searches_per_minute
                                   : config->exercise_clock_ahead_hours) = value.get<uint32_t>();
    return absl::OkStatus();
  }
  return Bad(name, "unknown field");
}

// Of a checked bundle, which has a key of each use.
KeyHistory<VerifyKey> KeysOf(const trust::v1::TrustBundle& bundle, trust::v1::LedgerKey::Use use) {
  const absl::StatusOr<KeyHistory<note::NoteKey>> named = KeysFor(bundle, use);
  LINTAS_CHECK(named.ok());
  KeyHistory<VerifyKey> keys;
  for (const auto& period : named->periods()) keys.Add(period.key.key, period.from_size);
  return keys;
}

AuthorityKey AuthorityOf(const std::string& country, const trust::v1::AuthorityKey& key) {
  AuthorityKey authority;
  authority.country = country;
  authority.office = key.office();
  authority.public_key = key.public_key();
  LINTAS_CHECK(absl::ParseCivilTime(key.start_date(), &authority.first_day));
  LINTAS_CHECK(absl::ParseCivilTime(key.end_date(), &authority.last_day));
  return authority;
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
  if (config.exercise_clock_ahead_hours > 0 && !config.exercise) {
    return Bad("exercise_clock_ahead_hours", "of an exercise node only");
  }
  return config;
}

absl::StatusOr<BundleKeys> ReadBundleKeys(const std::string& field, const std::string& path,
                                          const std::string& country,
                                          const std::string& partnership) {
  const absl::StatusOr<std::string> text = ReadKeyFile(path);
  if (!text.ok()) return Bad(field, absl::StrCat(path, ": ", text.status().message()));
  const absl::StatusOr<trust::v1::TrustBundle> bundle = ParseBundle(*text);
  if (!bundle.ok()) return Bad(field, absl::StrCat(path, ": ", bundle.status().message()));
  if (bundle->country() != country || bundle->partnership() != partnership) {
    return Bad(field, absl::StrCat(path, ": a trust bundle of ", country, " for ", partnership,
                                   " is expected"));
  }
  using Key = trust::v1::LedgerKey;
  BundleKeys out;
  out.keys.log = KeysOf(*bundle, Key::EXCHANGE_LOG);
  out.keys.held = KeysOf(*bundle, Key::HELD);
  out.keys.consistent = KeysOf(*bundle, Key::CONSISTENT);
  out.keys.question = KeysOf(*bundle, Key::QUESTION);
  out.home_log = KeysOf(*bundle, Key::HOME_LOG);
  for (const trust::v1::AuthorityKey& key : bundle->authority_keys()) {
    out.authorities.push_back(AuthorityOf(country, key));
  }
  return out;
}

absl::StatusOr<TreeSize> SignedSize(const HeadStore& heads, absl::string_view name) {
  const absl::StatusOr<std::string> note = heads.Get(name);
  if (absl::IsNotFound(note.status())) return TreeSize(0);
  RETURN_IF_ERROR(note.status());
  ASSIGN_OR_RETURN(const note::SignedNote parsed, note::ParseNote(*note));
  ASSIGN_OR_RETURN(const note::Checkpoint head, note::ParseCheckpoint(parsed.text));
  return head.size;
}

absl::Status CheckOwnKeys(const BundleKeys& own, const NodeKeys& keys, TreeSize exchange,
                          TreeSize home) {
  const auto refused = [](const char* key, const std::string& why) {
    return MakeError(absl::StatusCode::kFailedPrecondition, "KEY_NOT_IN_BUNDLE",
                     absl::StrCat("configuration: signing_keys: ", key, ": ", why));
  };
  struct Use {
    const char* name;
    const KeyHistory<VerifyKey>& named;
    const VerifyKey& held;
    TreeSize next;  // The smallest size that may be signed next.
  };
  const TreeSize next_exchange(exchange.value() + 1);
  const Use uses[] = {
      {"log", own.keys.log, keys.log.verify_key(), next_exchange},
      {"log", own.home_log, keys.log.verify_key(), TreeSize(home.value() + 1)},
      {"held", own.keys.held, keys.held.verify_key(), next_exchange},
      {"consistent", own.keys.consistent, keys.consistent.verify_key(), next_exchange},
      {"question", own.keys.question, keys.question.verify_key(), next_exchange}};
  for (const Use& use : uses) {
    if (use.named.newest().bytes() != use.held.bytes()) {
      return refused(use.name,
                     "not the newest key that own_bundle names; lintas-pki bundle export "
                     "--previous makes the bundle that follows");
    }
    const TreeSize from = use.named.periods().back().from_size;
    if (from > use.next) {
      return refused(use.name, absl::StrCat("own_bundle lets it sign from size ", from.value(),
                                            " on, the next size is ", use.next.value(),
                                            ": start with the key before it, or export the bundle "
                                            "anew with the sizes that lintasd heads prints"));
    }
  }
  return absl::OkStatus();
}

}  // namespace lintas

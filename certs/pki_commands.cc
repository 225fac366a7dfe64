#include "certs/pki_commands.h"

#include <google/protobuf/util/json_util.h>
#include <sys/stat.h>

#include <algorithm>
#include <filesystem>
#include <memory>
#include <system_error>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "certs/bundle.h"
#include "certs/country_ca.h"
#include "certs/fingerprint_words.h"
#include "server/base/status.h"
#include "server/call/principal.h"
#include "server/crypto/key_file.h"

namespace lintas {
namespace {

constexpr size_t kSealKeySize = 32;

absl::Status MakeFolder(const std::string& folder) {
  if (mkdir(folder.c_str(), 0700) == 0 || std::filesystem::is_directory(folder)) {
    return absl::OkStatus();
  }
  return absl::UnavailableError(absl::StrCat("cannot make the folder ", folder));
}

// Before anything is registered: an issued certificate must not be lost to a taken name.
absl::Status CheckFree(const std::string& path) {
  std::error_code error;
  if (!std::filesystem::exists(path, error)) return absl::OkStatus();
  return absl::AlreadyExistsError(absl::StrCat("will not overwrite ", path));
}

bool IsSerial(absl::string_view text) {
  return !text.empty() && text.size() <= 40 &&
         std::all_of(text.begin(), text.end(),
                     [](unsigned char c) { return absl::ascii_isxdigit(c); });
}

absl::StatusOr<std::vector<trust::v1::AuthorityKey>> ReadAuthorityKeys(const std::string& folder) {
  std::vector<std::string> paths;
  std::error_code error;
  for (const auto& file : std::filesystem::directory_iterator(folder + "/authority", error)) {
    if (file.path().extension() == ".json") paths.push_back(file.path().string());
  }
  std::sort(paths.begin(), paths.end());
  std::vector<trust::v1::AuthorityKey> keys;
  for (const std::string& path : paths) {
    ASSIGN_OR_RETURN(const std::string json, ReadKeyFile(path));
    trust::v1::AuthorityKey key;
    if (!google::protobuf::util::JsonStringToMessage(json, &key).ok()) {
      return absl::InvalidArgumentError(absl::StrCat(path, " is not an authority key in JSON"));
    }
    keys.push_back(std::move(key));
  }
  return keys;
}

absl::CivilDay Today(const PkiContext& context) {
  return absl::ToCivilDay(context.now, absl::UTCTimeZone());
}

// A draft has no fingerprint yet: nobody should read one aloud.
void PrintWritten(const PkiContext& context, const std::string& path,
                  const trust::v1::TrustBundle& bundle) {
  *context.out << "bundle in " << path << "\n";
  const int open = UnsignedSuccessions(bundle);
  if (open == 0) {
    *context.out << FingerprintWords(BundleDigest(bundle)) << "\n";
    return;
  }
  *context.out << open << " successions lack signatures; next: lintas-pki bundle sign " << path
               << " --name NAME --key FILE, by two office-holders\n";
}

}  // namespace

absl::Status InitCa(const PkiContext& context, const std::string& country, int years,
                    const std::string& after) {
  ASSIGN_OR_RETURN(const std::unique_ptr<CountryCa> ca,
                   CountryCa::Init(context.folder, country, absl::Hours(24 * 365) * years,
                                   context.now, *context.random, after));
  *context.out << "CA of " << country << " made in " << context.folder << ", serial "
               << ca->certificate().serial() << "\n";
  return absl::OkStatus();
}

absl::Status IssueCertificate(const PkiContext& context, const IssueFlags& flags) {
  ASSIGN_OR_RETURN(const std::unique_ptr<CountryCa> ca, CountryCa::Open(context.folder));
  ASSIGN_OR_RETURN(const Role role, ParseRole(flags.role));
  LeafOrder order;
  ASSIGN_OR_RETURN(order.principal, MakePrincipal(ca->country(), role, flags.id));
  order.life = absl::Hours(24) * flags.days;
  order.dns_names = flags.dns_names;
  order.ip_addresses = flags.ip_addresses;
  if (role != Role::kNode && !(order.dns_names.empty() && order.ip_addresses.empty())) {
    return absl::InvalidArgumentError("only a node's certificate names a host");
  }
  if (role == Role::kNode && order.dns_names.empty() && order.ip_addresses.empty()) {
    order.dns_names = {"localhost"};
    order.ip_addresses = {"127.0.0.1"};
  }
  RETURN_IF_ERROR(CheckFree(flags.out_path));
  ASSIGN_OR_RETURN(const Secret pem, ca->Issue(order, context.now, *context.random));
  RETURN_IF_ERROR(
      WriteOnce(flags.out_path, pem.Bytes(SecretAccess::ForKeyFile()), FileAccess::kPrivate));
  *context.out << order.principal.spiffe_uri << " in " << flags.out_path << ", " << flags.days
               << " days\n";
  return absl::OkStatus();
}

absl::Status SignRequestFile(const PkiContext& context, const std::string& request_path,
                             const std::string& out_path, int days) {
  ASSIGN_OR_RETURN(const std::unique_ptr<CountryCa> ca, CountryCa::Open(context.folder));
  ASSIGN_OR_RETURN(const std::string request, ReadKeyFile(request_path));
  RETURN_IF_ERROR(CheckFree(out_path));
  ASSIGN_OR_RETURN(const Certificate made,
                   ca->SignRequest(request, absl::Hours(24) * days, context.now, *context.random));
  RETURN_IF_ERROR(WriteOnce(out_path, made.Pem(), FileAccess::kPublic));
  *context.out << made.uris()[0] << " in " << out_path << ", " << days << " days\n";
  return absl::OkStatus();
}

absl::Status RenewFile(const PkiContext& context, const std::string& path, int days) {
  ASSIGN_OR_RETURN(const std::unique_ptr<CountryCa> ca, CountryCa::Open(context.folder));
  ASSIGN_OR_RETURN(const std::string pem, ReadKeyFile(path));
  const Secret wiped(pem);
  ASSIGN_OR_RETURN(const Certificate old, Certificate::FromPem(pem));
  const absl::StatusOr<TlsKey> key = TlsKey::FromPem(pem);
  // Judged before issuing: a file whose halves differ would be replaced by another such.
  if (key.ok() && !old.BelongsTo(*key)) {
    return absl::InvalidArgumentError("the key in the file is not that of the certificate");
  }
  ASSIGN_OR_RETURN(const Certificate made,
                   ca->Renew(old, absl::Hours(24) * days, context.now, *context.random));
  const Secret content(absl::StrCat(
      key.ok() ? key->Pem().Bytes(SecretAccess::ForKeyFile()) : absl::string_view(), made.Pem()));
  RETURN_IF_ERROR(Replace(path, content.Bytes(SecretAccess::ForKeyFile()),
                          key.ok() ? FileAccess::kPrivate : FileAccess::kPublic));
  *context.out << made.uris()[0] << " renewed in " << path << ", " << days << " days\n";
  return absl::OkStatus();
}

absl::Status RevokeCertificate(const PkiContext& context, const std::string& what) {
  ASSIGN_OR_RETURN(const std::unique_ptr<CountryCa> ca, CountryCa::Open(context.folder));
  std::string target = what;
  if (IsSerial(what)) {
    target = absl::AsciiStrToLower(what);
  } else if (!absl::StartsWith(what, "spiffe://")) {
    ASSIGN_OR_RETURN(const std::string pem, ReadKeyFile(what));
    const Secret wiped(pem);
    ASSIGN_OR_RETURN(const Certificate certificate, Certificate::FromPem(pem));
    // By name and not by serial: a renewed certificate has older ones beside it for the same key.
    if (certificate.uris().size() != 1) {
      return absl::InvalidArgumentError("the certificate in the file names no principal");
    }
    target = certificate.uris()[0];
  }
  ASSIGN_OR_RETURN(const size_t count, ca->Revoke(target, context.now));
  *context.out << count << " revoked; hand " << ca->RevocationListPath() << " to the nodes\n";
  return absl::OkStatus();
}

absl::Status WriteList(const PkiContext& context, int days) {
  ASSIGN_OR_RETURN(const std::unique_ptr<CountryCa> ca, CountryCa::Open(context.folder));
  ASSIGN_OR_RETURN(const RevocationList list,
                   ca->WriteRevocationList(context.now, absl::Hours(24) * days));
  *context.out << "list " << list.number() << " in " << ca->RevocationListPath() << ", "
               << list.size() << " revoked\n";
  return absl::OkStatus();
}

absl::Status MakeLedgerKeys(const PkiContext& context, const std::string& keys_path,
                            const std::string& seal_path) {
  RETURN_IF_ERROR(CheckFree(keys_path));
  RETURN_IF_ERROR(CheckFree(seal_path));
  const Secret keys = FormatNodeKeys(GenerateNodeKeys(*context.random));
  const Secret seal = FormatSealKey(Secret(context.random->Bytes(kSealKeySize)));
  RETURN_IF_ERROR(
      WriteOnce(keys_path, keys.Bytes(SecretAccess::ForKeyFile()), FileAccess::kPrivate));
  RETURN_IF_ERROR(
      WriteOnce(seal_path, seal.Bytes(SecretAccess::ForKeyFile()), FileAccess::kPrivate));
  *context.out << "signing keys in " << keys_path << ", seal key in " << seal_path
               << "; keep their copies apart\n";
  return absl::OkStatus();
}

absl::Status RotateKeys(const PkiContext& context, const RotateFlags& flags) {
  RETURN_IF_ERROR(CheckFree(flags.out_path));
  ASSIGN_OR_RETURN(NodeKeys keys, ReadNodeKeys(flags.keys_path));
  const NodeKeys made = GenerateNodeKeys(*context.random);
  const std::pair<const char*, SigningKey NodeKeys::*> uses[] = {
      {"log", &NodeKeys::log},
      {"held", &NodeKeys::held},
      {"consistent", &NodeKeys::consistent},
      {"question", &NodeKeys::question}};
  for (const std::string& use : flags.uses) {
    const bool known = std::any_of(std::begin(uses), std::end(uses),
                                   [&](const auto& one) { return use == one.first; });
    if (!known) {
      return absl::InvalidArgumentError("--use is log, held, consistent or question");
    }
  }
  for (const auto& [use, key] : uses) {
    const bool wanted = flags.uses.empty() ||
                        std::find(flags.uses.begin(), flags.uses.end(), use) != flags.uses.end();
    if (wanted) keys.*key = made.*key;
  }
  RETURN_IF_ERROR(WriteOnce(flags.out_path, FormatNodeKeys(keys).Bytes(SecretAccess::ForKeyFile()),
                            FileAccess::kPrivate));
  *context.out << "signing keys in " << flags.out_path << "; next: lintas-pki bundle export --keys "
               << flags.out_path << " --previous BUNDLE\n";
  return absl::OkStatus();
}

absl::Status MakeAuthorityKey(const PkiContext& context, const AuthorityFlags& flags) {
  if (!IsPrincipalId(flags.name)) {
    return absl::InvalidArgumentError("NAME is 1 to 63 of a-z 0-9 . _ -, as the minutes use it");
  }
  absl::CivilDay start;
  absl::CivilDay end;
  if (!absl::ParseCivilTime(flags.start_date, &start) ||
      !absl::ParseCivilTime(flags.end_date, &end) || end < start || flags.office.empty()) {
    return absl::InvalidArgumentError(
        "an office and a term are needed: YYYY-MM-DD to YYYY-MM-DD, not ending before it begins");
  }
  const std::string folder = context.folder + "/authority";
  RETURN_IF_ERROR(MakeFolder(folder));
  const SigningKey key = SigningKey::Generate(*context.random);
  trust::v1::AuthorityKey public_part;
  public_part.set_name(flags.name);
  public_part.set_office(flags.office);
  public_part.set_public_key(key.verify_key().bytes());
  public_part.set_start_date(flags.start_date);
  public_part.set_end_date(flags.end_date);
  std::string json;
  google::protobuf::util::JsonPrintOptions options;
  options.add_whitespace = true;
  options.preserve_proto_field_names = true;
  if (!google::protobuf::util::MessageToJsonString(public_part, &json, options).ok()) {
    return absl::InvalidArgumentError("the office is not readable text");
  }
  const std::string path = absl::StrCat(folder, "/", flags.name);
  RETURN_IF_ERROR(CheckFree(path + ".json"));
  RETURN_IF_ERROR(WriteOnce(path + ".key",
                            FormatAuthorityKey(key).Bytes(SecretAccess::ForKeyFile()),
                            FileAccess::kPrivate));
  RETURN_IF_ERROR(WriteOnce(path + ".json", json, FileAccess::kPublic));
  *context.out << "personal key in " << path << ".key, for " << flags.name << " to take away\nkey "
               << FingerprintWords(Sha256Of(key.verify_key().bytes())) << "\n";
  return absl::OkStatus();
}

absl::Status ExportBundle(const PkiContext& context, const ExportFlags& flags) {
  BundleParts parts;
  {
    ASSIGN_OR_RETURN(const std::unique_ptr<CountryCa> ca, CountryCa::Open(context.folder));
    parts.country = ca->country();
    parts.authority_pems = ca->certificate().Pem();
    ASSIGN_OR_RETURN(parts.revocation_list_pem, ReadKeyFile(ca->RevocationListPath()));
  }
  for (const std::string& path : flags.authority_paths) {
    ASSIGN_OR_RETURN(const std::string pem, ReadKeyFile(path));
    parts.authority_pems += pem;
  }
  parts.partnership = flags.partnership;
  parts.issue_day = Today(context);
  ASSIGN_OR_RETURN(const NodeKeys keys, ReadNodeKeys(flags.keys_path));
  parts.keys = &keys;
  ASSIGN_OR_RETURN(parts.authority_keys, ReadAuthorityKeys(context.folder));
  trust::v1::TrustBundle previous;
  if (!flags.previous_path.empty()) {
    ASSIGN_OR_RETURN(previous, ReadBundle(flags.previous_path));
    parts.previous = &previous;
    parts.exchange_from_size = flags.exchange_from_size;
    parts.home_from_size = flags.home_from_size;
  }
  ASSIGN_OR_RETURN(const trust::v1::TrustBundle bundle, MakeBundle(parts));
  RETURN_IF_ERROR(WriteOnce(flags.out_path, FormatBundle(bundle), FileAccess::kPublic));
  PrintWritten(context, flags.out_path, bundle);
  return absl::OkStatus();
}

absl::Status SignBundle(const PkiContext& context, const std::string& path, const std::string& name,
                        const std::string& key_path) {
  ASSIGN_OR_RETURN(trust::v1::TrustBundle bundle, ReadBundle(path, Completeness::kDraft));
  ASSIGN_OR_RETURN(const SigningKey key, ReadAuthorityKey(key_path));
  RETURN_IF_ERROR(SignSuccessions(name, key, Today(context), &bundle));
  RETURN_IF_ERROR(Replace(path, FormatBundle(bundle), FileAccess::kPublic));
  PrintWritten(context, path, bundle);
  return absl::OkStatus();
}

absl::StatusOr<trust::v1::TrustBundle> ReadBundle(const std::string& path,
                                                  Completeness completeness) {
  ASSIGN_OR_RETURN(const std::string json, ReadKeyFile(path));
  return ParseBundle(json, completeness);
}

absl::Status ImportBundle(const PkiContext& context, const trust::v1::TrustBundle& bundle,
                          const std::string& spoken) {
  if (!SameWords(FingerprintWords(BundleDigest(bundle)), spoken)) {
    return absl::InvalidArgumentError("the fingerprint is another: nothing was imported");
  }
  const std::string folder = context.folder + "/partner";
  RETURN_IF_ERROR(MakeFolder(context.folder));
  RETURN_IF_ERROR(MakeFolder(folder));
  absl::StatusOr<std::string> held = ReadKeyFile(folder + "/bundle.json");
  if (held.ok()) {
    ASSIGN_OR_RETURN(const trust::v1::TrustBundle old, ParseBundle(*held));
    RETURN_IF_ERROR(CheckSuccession(old, bundle, Today(context)));
  } else if (!absl::IsNotFound(held.status())) {
    return held.status();
  }
  // Crash between: the import is repeated; each file is whole, and a node that reads them meanwhile
  // refuses a list that its authorities did not sign and keeps the old one.
  RETURN_IF_ERROR(
      Replace(folder + "/ca.pem", absl::StrJoin(bundle.authority_pems(), ""), FileAccess::kPublic));
  RETURN_IF_ERROR(Replace(folder + "/crl.pem", bundle.revocation_list_pem(), FileAccess::kPublic));
  RETURN_IF_ERROR(Replace(folder + "/bundle.json", FormatBundle(bundle), FileAccess::kPublic));
  *context.out << "bundle of " << bundle.country() << " imported into " << folder << "\n";
  return absl::OkStatus();
}

int ExitCodeOf(const absl::Status& status) {
  switch (status.code()) {
    case absl::StatusCode::kOk:
      return 0;
    case absl::StatusCode::kFailedPrecondition:
    case absl::StatusCode::kPermissionDenied:
    case absl::StatusCode::kUnauthenticated:
      return 4;
    case absl::StatusCode::kInvalidArgument:
    case absl::StatusCode::kNotFound:
      return 5;
    case absl::StatusCode::kAlreadyExists:
      return 7;
    default:
      return 6;
  }
}

}  // namespace lintas

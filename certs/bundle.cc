#include "certs/bundle.h"

#include <google/protobuf/io/coded_stream.h>
#include <google/protobuf/io/zero_copy_stream_impl_lite.h>
#include <google/protobuf/util/json_util.h>

#include <algorithm>
#include <map>
#include <set>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/time/civil_time.h"
#include "certs/fingerprint_words.h"
#include "server/base/check.h"
#include "server/base/status.h"
#include "server/call/principal.h"
#include "server/crypto/certificate.h"

namespace lintas {
namespace {

using trust::v1::AuthorityKey;
using trust::v1::KeyPeriod;
using trust::v1::LedgerKey;
using trust::v1::TrustBundle;

constexpr LedgerKey::Use kUses[] = {LedgerKey::EXCHANGE_LOG, LedgerKey::HOME_LOG, LedgerKey::HELD,
                                    LedgerKey::CONSISTENT, LedgerKey::QUESTION};
constexpr size_t kTextBytesMax = 200;
constexpr int kAuthorityKeysMax = 32;
constexpr int kPeriodsMax = 64;

absl::Status Broken(absl::string_view rule) {
  return absl::InvalidArgumentError(absl::StrCat("the bundle breaks a rule: ", rule));
}

absl::string_view NameTail(LedgerKey::Use use) {
  switch (use) {
    case LedgerKey::EXCHANGE_LOG:
      return "exchange/1";
    case LedgerKey::HOME_LOG:
      return "home/1";
    case LedgerKey::HELD:
      return "held";
    case LedgerKey::CONSISTENT:
      return "consistent";
    case LedgerKey::QUESTION:
      return "question";
    default:
      return "";
  }
}

note::SignatureType TypeOf(LedgerKey::Use use) {
  const bool cosigns = use == LedgerKey::HELD || use == LedgerKey::CONSISTENT;
  return cosigns ? note::SignatureType::kCosignature : note::SignatureType::kEd25519;
}

const VerifyKey& PublicKey(const NodeKeys& keys, LedgerKey::Use use) {
  switch (use) {
    case LedgerKey::HELD:
      return keys.held.verify_key();
    case LedgerKey::CONSISTENT:
      return keys.consistent.verify_key();
    case LedgerKey::QUESTION:
      return keys.question.verify_key();
    default:
      return keys.log.verify_key();
  }
}

bool IsPartnership(const std::string& partnership, const std::string& country) {
  return partnership == "idn-khm" && !TrustDomainOf(country).empty();
}

// Printable and in one line, so that what is shown is what was signed off.
bool IsLine(const std::string& text) {
  return !text.empty() && text.size() <= kTextBytesMax &&
         std::all_of(text.begin(), text.end(),
                     [](unsigned char c) { return c >= 0x20 && c != 0x7f; });
}

// A key of a node has one use; the two logs share one, which signs both ledgers.
absl::Status ClaimKey(const std::string& key, absl::string_view use,
                      std::map<std::string, std::string>* claimed) {
  const auto [at, is_first] = claimed->emplace(key, use);
  if (!is_first && at->second != use) return Broken("one key has two uses (P20)");
  return absl::OkStatus();
}

absl::Status CheckLedgerKeys(const TrustBundle& bundle,
                             std::map<std::string, std::string>* claimed) {
  std::set<int> uses;
  for (const LedgerKey& ledger_key : bundle.ledger_keys()) {
    if (NameTail(ledger_key.use()).empty()) return Broken("a ledger key's use is not known");
    if (!uses.insert(ledger_key.use()).second) return Broken("a use stands twice");
    if (ledger_key.periods_size() == 0 || ledger_key.periods_size() > kPeriodsMax) {
      return Broken("a ledger key has 1 to 64 periods");
    }
    uint64_t last_size = 0;
    for (int i = 0; i < ledger_key.periods_size(); ++i) {
      const KeyPeriod& period = ledger_key.periods(i);
      absl::StatusOr<note::NoteKey> key = note::ParseVkey(period.vkey());
      if (!key.ok()) return Broken("a vkey cannot be read");
      if (key->name != LedgerKeyName(bundle.country(), bundle.partnership(), ledger_key.use()) ||
          key->type != TypeOf(ledger_key.use())) {
        return Broken("a vkey's name or type is not that of its use");
      }
      if (i == 0 ? period.from_size() != 0 : period.from_size() <= last_size) {
        return Broken("periods begin at 0 and grow");
      }
      last_size = period.from_size();
      const absl::string_view group = ledger_key.use() == LedgerKey::HOME_LOG
                                          ? NameTail(LedgerKey::EXCHANGE_LOG)
                                          : NameTail(ledger_key.use());
      RETURN_IF_ERROR(ClaimKey(key->key.bytes(), group, claimed));
    }
  }
  if (uses.size() != std::size(kUses)) return Broken("each of the five uses has a key");
  return absl::OkStatus();
}

absl::Status CheckAuthorityKeys(const TrustBundle& bundle,
                                std::map<std::string, std::string>* claimed) {
  if (bundle.authority_keys_size() < kAuthorityKeysMin ||
      bundle.authority_keys_size() > kAuthorityKeysMax) {
    return Broken("2 to 32 office-holders have a key");
  }
  std::set<std::string> names;
  for (const AuthorityKey& key : bundle.authority_keys()) {
    absl::CivilDay start;
    absl::CivilDay end;
    if (!IsLine(key.name()) || !IsLine(key.office())) {
      return Broken("an office-holder's name and office are one line of at most 200 bytes");
    }
    if (!names.insert(key.name()).second) return Broken("an office-holder stands twice");
    if (!VerifyKey::FromBytes(key.public_key()).ok()) return Broken("an authority key is 32 bytes");
    if (!absl::ParseCivilTime(key.start_date(), &start) ||
        !absl::ParseCivilTime(key.end_date(), &end) || end < start) {
      return Broken("a term is two days, YYYY-MM-DD, the first not after the last");
    }
    // One person, one key: two signatures must be of two people.
    RETURN_IF_ERROR(ClaimKey(key.public_key(), absl::StrCat("authority ", key.name()), claimed));
  }
  return absl::OkStatus();
}

absl::StatusOr<std::vector<Certificate>> Authorities(const TrustBundle& bundle) {
  return Certificate::ListFromPem(absl::StrJoin(bundle.authority_pems(), ""));
}

const LedgerKey* FindUse(const TrustBundle& bundle, LedgerKey::Use use) {
  for (const LedgerKey& key : bundle.ledger_keys()) {
    if (key.use() == use) return &key;
  }
  return nullptr;
}

}  // namespace

std::string LedgerKeyName(absl::string_view country, absl::string_view partnership,
                          LedgerKey::Use use) {
  return absl::StrCat(TrustDomainOf(country), "/lintas/", partnership, "/", NameTail(use));
}

absl::StatusOr<TrustBundle> MakeBundle(const BundleParts& parts) {
  TrustBundle bundle;
  bundle.set_country(parts.country);
  bundle.set_partnership(parts.partnership);
  ASSIGN_OR_RETURN(const std::vector<Certificate> authorities,
                   Certificate::ListFromPem(parts.authority_pems));
  for (const Certificate& authority : authorities) bundle.add_authority_pems(authority.Pem());
  ASSIGN_OR_RETURN(const RevocationList list, RevocationList::FromPem(parts.revocation_list_pem));
  bundle.set_revocation_list_pem(list.Pem());
  for (LedgerKey::Use use : kUses) {
    LedgerKey* key = bundle.add_ledger_keys();
    key->set_use(use);
    const LedgerKey* before = parts.previous == nullptr ? nullptr : FindUse(*parts.previous, use);
    if (before != nullptr) *key->mutable_periods() = before->periods();
    ASSIGN_OR_RETURN(const note::NoteKey note_key,
                     note::MakeKey(LedgerKeyName(parts.country, parts.partnership, use),
                                   TypeOf(use), PublicKey(*parts.keys, use)));
    const std::string vkey = note::FormatVkey(note_key);
    const int count = key->periods_size();
    if (count != 0 && key->periods(count - 1).vkey() == vkey) continue;
    const uint64_t from_size =
        use == LedgerKey::HOME_LOG ? parts.home_from_size : parts.exchange_from_size;
    if (count != 0 && from_size == 0) {
      return absl::FailedPreconditionError("a key changed: say from which tree size it signs");
    }
    KeyPeriod* period = key->add_periods();
    period->set_vkey(vkey);
    period->set_from_size(count == 0 ? 0 : from_size);
  }
  for (const AuthorityKey& key : parts.authority_keys) *bundle.add_authority_keys() = key;
  RETURN_IF_ERROR(CheckBundle(bundle));
  return bundle;
}

absl::Status CheckBundle(const TrustBundle& bundle) {
  if (!IsPartnership(bundle.partnership(), bundle.country())) {
    return Broken("the country is a Party of the partnership idn-khm");
  }
  absl::StatusOr<std::vector<Certificate>> authorities = Authorities(bundle);
  if (!authorities.ok() ||
      authorities->size() != static_cast<size_t>(bundle.authority_pems_size())) {
    return Broken("each authority is one readable certificate");
  }
  for (const Certificate& authority : *authorities) {
    const absl::Status profile = authority.CheckAuthorityProfile(TrustDomainOf(bundle.country()));
    if (!profile.ok()) return Broken(profile.message());
  }
  absl::StatusOr<RevocationList> list = RevocationList::FromPem(bundle.revocation_list_pem());
  if (!list.ok() || !list->SignedByOneOf(*authorities)) {
    return Broken("the revocation list is signed by one of the authorities");
  }
  std::map<std::string, std::string> claimed;
  RETURN_IF_ERROR(CheckLedgerKeys(bundle, &claimed));
  return CheckAuthorityKeys(bundle, &claimed);
}

std::string FormatBundle(const TrustBundle& bundle) {
  google::protobuf::util::JsonPrintOptions options;
  options.add_whitespace = true;
  options.preserve_proto_field_names = true;
  std::string json;
  LINTAS_CHECK(google::protobuf::util::MessageToJsonString(bundle, &json, options).ok());
  return json;
}

absl::StatusOr<TrustBundle> ParseBundle(absl::string_view json) {
  TrustBundle bundle;
  // Unknown fields are an error: what is not understood cannot be shown to the two people.
  if (!google::protobuf::util::JsonStringToMessage(std::string(json), &bundle).ok()) {
    return absl::InvalidArgumentError("the file is not a trust bundle in JSON");
  }
  RETURN_IF_ERROR(CheckBundle(bundle));
  return bundle;
}

Hash BundleDigest(const TrustBundle& bundle) {
  std::string bytes;
  {
    google::protobuf::io::StringOutputStream sink(&bytes);
    google::protobuf::io::CodedOutputStream out(&sink);
    out.SetSerializationDeterministic(true);
    LINTAS_CHECK(bundle.SerializeToCodedStream(&out));
  }
  // With its kind before it, as everything outside signed notes (P20).
  return Sha256Of("lintas/trust-bundle/v1", absl::string_view("\0", 1), bytes);
}

absl::StatusOr<note::NoteKey> KeyFor(const TrustBundle& bundle, LedgerKey::Use use, uint64_t size) {
  const LedgerKey* key = FindUse(bundle, use);
  const KeyPeriod* in_force = nullptr;
  for (int i = 0; key != nullptr && i < key->periods_size(); ++i) {
    if (key->periods(i).from_size() <= size) in_force = &key->periods(i);
  }
  if (in_force == nullptr) return absl::NotFoundError("the bundle names no such key");
  return note::ParseVkey(in_force->vkey());
}

absl::StatusOr<std::vector<note::NoteKey>> NoteKeysOf(const TrustBundle& bundle) {
  std::vector<note::NoteKey> keys;
  for (const LedgerKey& ledger_key : bundle.ledger_keys()) {
    if (ledger_key.use() == LedgerKey::QUESTION) continue;
    for (const KeyPeriod& period : ledger_key.periods()) {
      ASSIGN_OR_RETURN(note::NoteKey key, note::ParseVkey(period.vkey()));
      keys.push_back(std::move(key));
    }
  }
  return keys;
}

std::string DescribeBundle(const TrustBundle& bundle) {
  const auto day = [](absl::Time time) {
    return absl::FormatTime("%Y-%m-%d", time, absl::UTCTimeZone());
  };
  std::string text = absl::StrCat("Trust bundle of ", bundle.country(), " for ",
                                  bundle.partnership(), "\n\nCertificate authorities\n");
  absl::StatusOr<std::vector<Certificate>> authorities = Authorities(bundle);
  absl::StatusOr<RevocationList> list = RevocationList::FromPem(bundle.revocation_list_pem());
  LINTAS_CHECK(authorities.ok());  // B1
  LINTAS_CHECK(list.ok());
  for (const Certificate& authority : *authorities) {
    absl::StrAppend(&text, "  ", authority.uris()[0], "  serial ", authority.serial(), "  until ",
                    day(authority.not_after()), "\n");
  }
  absl::StrAppend(&text, "Revocation list\n  number ", list->number(), "  revoked ", list->size(),
                  "  next by ", day(list->next_update()), "\nLedger keys\n");
  for (const LedgerKey& ledger_key : bundle.ledger_keys()) {
    for (const KeyPeriod& period : ledger_key.periods()) {
      absl::StrAppend(&text, "  ", LedgerKey::Use_Name(ledger_key.use()), "  from size ",
                      period.from_size(), "  ", period.vkey(), "\n");
    }
  }
  absl::StrAppend(&text, "Office-holders\n");
  for (const AuthorityKey& key : bundle.authority_keys()) {
    absl::StrAppend(&text, "  ", key.name(), ", ", key.office(), ", ", key.start_date(), " to ",
                    key.end_date(), "\n    key ", FingerprintWords(Sha256Of(key.public_key())),
                    "\n");
  }
  absl::StrAppend(&text, "\nFingerprint, to be read aloud\n  ",
                  FingerprintWords(BundleDigest(bundle)), "\n");
  return text;
}

absl::Status CheckSuccession(const TrustBundle& old, const TrustBundle& next) {
  const auto refused = [](absl::string_view why) {
    return absl::FailedPreconditionError(absl::StrCat("not a successor of the bundle held: ", why));
  };
  if (old.country() != next.country() || old.partnership() != next.partnership()) {
    return refused("another country or partnership");
  }
  const bool shares_authority = std::any_of(
      next.authority_pems().begin(), next.authority_pems().end(), [&old](const std::string& pem) {
        return std::find(old.authority_pems().begin(), old.authority_pems().end(), pem) !=
               old.authority_pems().end();
      });
  if (!shares_authority) return refused("no CA in common");
  ASSIGN_OR_RETURN(const RevocationList old_list,
                   RevocationList::FromPem(old.revocation_list_pem()));
  ASSIGN_OR_RETURN(const RevocationList next_list,
                   RevocationList::FromPem(next.revocation_list_pem()));
  if (next_list.number() < old_list.number()) return refused("its revocation list is older");
  for (const LedgerKey& before : old.ledger_keys()) {
    const LedgerKey* after = FindUse(next, before.use());
    if (after == nullptr || after->periods_size() < before.periods_size()) {
      return refused("the history of a ledger key is shorter");
    }
    for (int i = 0; i < before.periods_size(); ++i) {
      if (before.periods(i).vkey() != after->periods(i).vkey() ||
          before.periods(i).from_size() != after->periods(i).from_size()) {
        return refused("the history of a ledger key was changed");
      }
    }
  }
  return absl::OkStatus();
}

}  // namespace lintas

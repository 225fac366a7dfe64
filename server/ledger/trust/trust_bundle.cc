#include "server/ledger/trust/trust_bundle.h"

#include <google/protobuf/io/coded_stream.h>
#include <google/protobuf/io/zero_copy_stream_impl_lite.h>
#include <google/protobuf/util/json_util.h>

#include <algorithm>
#include <functional>
#include <map>
#include <set>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "server/base/check.h"
#include "server/base/error.h"
#include "server/base/status.h"
#include "server/call/principal.h"

namespace lintas {
namespace {

using google::protobuf::RepeatedPtrField;
using trust::v1::AuthorityKey;
using trust::v1::BundleSuccession;
using trust::v1::KeyPeriod;
using trust::v1::KeySuccession;
using trust::v1::LedgerKey;
using trust::v1::SuccessionSignature;
using trust::v1::TrustBundle;

constexpr size_t kTextBytesMax = 200;
constexpr int kAuthorityKeysMax = 32;
constexpr int kPeriodsMax = 64;
constexpr size_t kDigestBytes = 32;

absl::Status Broken(absl::string_view field, absl::string_view rule) {
  return MakeError(absl::StatusCode::kInvalidArgument, "BAD_BUNDLE",
                   absl::StrCat("trust bundle: ", field, ": ", rule));
}

std::string At(absl::string_view field, int i) { return absl::StrCat(field, "[", i, "]"); }

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

// Printable and in one line, so that what is shown is what was signed off.
bool IsLine(const std::string& text) {
  return !text.empty() && text.size() <= kTextBytesMax &&
         std::all_of(text.begin(), text.end(),
                     [](unsigned char c) { return c >= 0x20 && c != 0x7f; });
}

std::string Canonical(const google::protobuf::Message& message) {
  std::string bytes;
  {
    google::protobuf::io::StringOutputStream sink(&bytes);
    google::protobuf::io::CodedOutputStream out(&sink);
    out.SetSerializationDeterministic(true);
    LINTAS_CHECK(message.SerializeToCodedStream(&out));
  }
  return bytes;
}

// A key of a node has one use; the two logs share one, which signs both ledgers.
absl::Status ClaimKey(const std::string& key, absl::string_view use, absl::string_view field,
                      std::map<std::string, std::string>* claimed) {
  const auto [at, is_first] = claimed->emplace(key, use);
  if (!is_first && at->second != use) return Broken(field, "one key has two uses (P20)");
  return absl::OkStatus();
}

const LedgerKey* FindUse(const TrustBundle& bundle, LedgerKey::Use use) {
  for (const LedgerKey& key : bundle.ledger_keys()) {
    if (key.use() == use) return &key;
  }
  return nullptr;
}

// What is signed for the period `i` > 0 of `key`.
std::string SuccessionBytes(const TrustBundle& bundle, const LedgerKey& key, int i,
                            const std::string& sign_date) {
  KeySuccession succession;
  succession.set_country(bundle.country());
  succession.set_use(key.use());
  succession.set_previous_vkey(key.periods(i - 1).vkey());
  succession.set_vkey(key.periods(i).vkey());
  succession.set_from_size(key.periods(i).from_size());
  succession.set_sign_date(sign_date);
  return SignedBytes("key-succession", bundle.partnership(), Canonical(succession));
}

// What office-holders agree to: all but their own signatures, which come one after the other.
Hash ContentDigest(const TrustBundle& bundle) {
  TrustBundle content = bundle;
  content.clear_signatures();
  for (LedgerKey& key : *content.mutable_ledger_keys()) {
    for (KeyPeriod& period : *key.mutable_periods()) period.clear_signatures();
  }
  return Sha256Of("lintas/trust-bundle-content/v1", absl::string_view("\0", 1), Canonical(content));
}

// What is signed for a bundle that follows another.
std::string SuccessionBytes(const TrustBundle& bundle, const std::string& sign_date) {
  BundleSuccession succession;
  succession.set_country(bundle.country());
  succession.set_content_digest(ContentDigest(bundle).str());
  succession.set_sign_date(sign_date);
  return SignedBytes("bundle-succession", bundle.partnership(), Canonical(succession));
}

bool TermCovers(const AuthorityKey& holder, absl::CivilDay day) {
  absl::CivilDay start;
  absl::CivilDay end;
  return absl::ParseCivilTime(holder.start_date(), &start) &&
         absl::ParseCivilTime(holder.end_date(), &end) && start <= day && day <= end;
}

const AuthorityKey* FindHolder(const RepeatedPtrField<AuthorityKey>& holders,
                               absl::string_view name) {
  for (const AuthorityKey& holder : holders) {
    if (holder.name() == name) return &holder;
  }
  return nullptr;
}

// True if the signature is that of one of `holders`, given within the term.
bool IsHoldersSignature(const RepeatedPtrField<AuthorityKey>& holders,
                        const SuccessionSignature& signature, const std::string& bytes) {
  const AuthorityKey* holder = FindHolder(holders, signature.name());
  absl::CivilDay day;
  if (holder == nullptr || !absl::ParseCivilTime(signature.sign_date(), &day) ||
      !TermCovers(*holder, day)) {
    return false;
  }
  const absl::StatusOr<VerifyKey> key = VerifyKey::FromBytes(holder->public_key());
  return key.ok() && key->Verify(bytes, signature.signature());
}

using BytesOf = std::function<std::string(const std::string& sign_date)>;

// How many offices of `holders` gave one of `signatures`; as for an agreement (P20), two holders of
// one office count once.
int CountOffices(const RepeatedPtrField<AuthorityKey>& holders,
                 const RepeatedPtrField<SuccessionSignature>& signatures, const BytesOf& bytes) {
  std::set<std::string> offices;
  for (const SuccessionSignature& signature : signatures) {
    if (IsHoldersSignature(holders, signature, bytes(signature.sign_date()))) {
      offices.insert(FindHolder(holders, signature.name())->office());
    }
  }
  return static_cast<int>(offices.size());
}

// Of the period `i` > 0 of `key`.
int CountSignatures(const RepeatedPtrField<AuthorityKey>& holders, const TrustBundle& bundle,
                    const LedgerKey& key, int i) {
  return CountOffices(holders, key.periods(i).signatures(), [&](const std::string& sign_date) {
    return SuccessionBytes(bundle, key, i, sign_date);
  });
}

// Of the bundle itself.
int CountSignatures(const RepeatedPtrField<AuthorityKey>& holders, const TrustBundle& bundle) {
  return CountOffices(holders, bundle.signatures(), [&](const std::string& sign_date) {
    return SuccessionBytes(bundle, sign_date);
  });
}

bool DatedWithin(const RepeatedPtrField<SuccessionSignature>& signatures, absl::CivilDay first,
                 absl::CivilDay last) {
  return std::all_of(signatures.begin(), signatures.end(), [&](const SuccessionSignature& one) {
    absl::CivilDay day;
    return absl::ParseCivilTime(one.sign_date(), &day) && first <= day && day <= last;
  });
}

absl::CivilDay IssueDay(const TrustBundle& bundle) {
  absl::CivilDay day;
  LINTAS_CHECK(absl::ParseCivilTime(bundle.issue_date(), &day));  // B1
  return day;
}

// B4, B5
absl::Status CheckOwnSignatures(const TrustBundle& bundle, Completeness completeness) {
  absl::CivilDay issued;
  if (!absl::ParseCivilTime(bundle.issue_date(), &issued)) {
    return Broken("issue_date", "the day it was made, YYYY-MM-DD");
  }
  if (bundle.previous_digest().empty()) {
    return bundle.signatures().empty()
               ? absl::OkStatus()
               : Broken("signatures", "a bundle that follows none has no signatures");
  }
  if (bundle.previous_digest().size() != kDigestBytes) {
    return Broken("previous_digest", "32 bytes, or none in the first bundle");
  }
  const int count = CountSignatures(bundle.authority_keys(), bundle);
  if (count != bundle.signatures_size() ||
      !DatedWithin(bundle.signatures(), issued, absl::CivilDay::max())) {
    return Broken("signatures",
                  "each is of a holder of another office in this bundle, in the term, over this "
                  "bundle, not before the day it was made (P23)");
  }
  if (completeness == Completeness::kWhole && count < kAuthorityKeysMin) {
    return Broken("signatures",
                  "holders of two offices sign a bundle that follows another (P23): lintas-pki "
                  "bundle sign");
  }
  return absl::OkStatus();
}

// B3
absl::Status CheckSignatures(const TrustBundle& bundle, const LedgerKey& key, int i,
                             const std::string& field, Completeness completeness) {
  const KeyPeriod& period = key.periods(i);
  if (i == 0) {
    return period.signatures().empty()
               ? absl::OkStatus()
               : Broken(field, "the first key follows none and has no signatures");
  }
  const int count = CountSignatures(bundle.authority_keys(), bundle, key, i);
  if (count != period.signatures_size()) {
    return Broken(field,
                  "each signature is of a holder of another office in this bundle, in the term, "
                  "over this succession (P23)");
  }
  if (completeness == Completeness::kWhole && count < kAuthorityKeysMin) {
    return Broken(field,
                  "holders of two offices sign a key succession (P23): lintas-pki bundle sign");
  }
  return absl::OkStatus();
}

absl::Status CheckLedgerKey(const TrustBundle& bundle, const LedgerKey& key,
                            const std::string& field, Completeness completeness,
                            std::map<std::string, std::string>* claimed) {
  if (key.periods_size() == 0 || key.periods_size() > kPeriodsMax) {
    return Broken(field, "a ledger key has 1 to 64 periods");
  }
  uint64_t last_size = 0;
  std::set<std::string> vkeys;
  for (int i = 0; i < key.periods_size(); ++i) {
    const std::string at = absl::StrCat(field, ".", At("periods", i));
    const KeyPeriod& period = key.periods(i);
    const absl::StatusOr<note::NoteKey> parsed = note::ParseVkey(period.vkey());
    if (!parsed.ok()) return Broken(at, "the vkey cannot be read");
    if (parsed->name != LedgerKeyName(bundle.country(), bundle.partnership(), key.use()) ||
        parsed->type != LedgerKeyType(key.use())) {
      return Broken(at, "the vkey's name and type are those of its use");
    }
    if (i == 0 ? period.from_size() != 0 : period.from_size() <= last_size) {
      return Broken(at, "from_size is 0 in the first period and grows");
    }
    if (!vkeys.insert(period.vkey()).second) return Broken(at, "a key that ended never comes back");
    last_size = period.from_size();
    const LedgerKey::Use group =
        key.use() == LedgerKey::HOME_LOG ? LedgerKey::EXCHANGE_LOG : key.use();
    RETURN_IF_ERROR(ClaimKey(parsed->key.bytes(), NameTail(group), at, claimed));
    RETURN_IF_ERROR(CheckSignatures(bundle, key, i, at, completeness));
  }
  return absl::OkStatus();
}

absl::Status CheckLedgerKeys(const TrustBundle& bundle, Completeness completeness,
                             std::map<std::string, std::string>* claimed) {
  std::set<int> uses;
  for (int i = 0; i < bundle.ledger_keys_size(); ++i) {
    const LedgerKey& key = bundle.ledger_keys(i);
    const std::string field = At("ledger_keys", i);
    if (NameTail(key.use()).empty()) return Broken(field, "the use is not known");
    if (!uses.insert(key.use()).second) return Broken(field, "a use stands once");
    RETURN_IF_ERROR(CheckLedgerKey(bundle, key, field, completeness, claimed));
  }
  if (uses.size() != std::size(kLedgerKeyUses)) {
    return Broken("ledger_keys", "each of the five uses has a key");
  }
  return absl::OkStatus();
}

absl::Status CheckAuthorityKeys(const TrustBundle& bundle,
                                std::map<std::string, std::string>* claimed) {
  if (bundle.authority_keys_size() < kAuthorityKeysMin ||
      bundle.authority_keys_size() > kAuthorityKeysMax) {
    return Broken("authority_keys", "2 to 32 office-holders have a key: lintas-pki authority");
  }
  std::set<std::string> names;
  for (int i = 0; i < bundle.authority_keys_size(); ++i) {
    const AuthorityKey& key = bundle.authority_keys(i);
    const std::string field = At("authority_keys", i);
    absl::CivilDay start;
    absl::CivilDay end;
    if (!IsLine(key.name()) || !IsLine(key.office())) {
      return Broken(field, "name and office are one line of at most 200 bytes");
    }
    if (!names.insert(key.name()).second) return Broken(field, "an office-holder stands once");
    if (!VerifyKey::FromBytes(key.public_key()).ok()) {
      return Broken(field, "public_key is 32 bytes");
    }
    if (!absl::ParseCivilTime(key.start_date(), &start) ||
        !absl::ParseCivilTime(key.end_date(), &end) || end < start) {
      return Broken(field, "a term is two days, YYYY-MM-DD, the first not after the last");
    }
    // One person, one key: two signatures must be of two people.
    RETURN_IF_ERROR(
        ClaimKey(key.public_key(), absl::StrCat("authority ", key.name()), field, claimed));
  }
  return absl::OkStatus();
}

absl::Status NoSuccessor(absl::string_view why) {
  return absl::FailedPreconditionError(
      absl::StrCat("not a successor of the bundle held: ", why, "; meet in person again"));
}

// The periods that `old` has stand in `next`, and those after them are agreed to.
absl::Status CheckHistory(const TrustBundle& old, const LedgerKey& before, const TrustBundle& next,
                          absl::CivilDay last_day) {
  const LedgerKey* after = FindUse(next, before.use());
  if (after == nullptr || after->periods_size() < before.periods_size()) {
    return NoSuccessor("the history of a ledger key is shorter");
  }
  for (int i = 0; i < before.periods_size(); ++i) {
    if (before.periods(i).vkey() != after->periods(i).vkey() ||
        before.periods(i).from_size() != after->periods(i).from_size()) {
      return NoSuccessor("the history of a ledger key was changed");
    }
  }
  for (int i = before.periods_size(); i < after->periods_size(); ++i) {
    if (CountSignatures(old.authority_keys(), next, *after, i) < kAuthorityKeysMin) {
      return NoSuccessor("no holders of two offices that it names agreed to a ledger key (P23)");
    }
    if (!DatedWithin(after->periods(i).signatures(), IssueDay(next), last_day)) {
      return NoSuccessor("a signature under a ledger key is not of the days since it was made");
    }
  }
  return absl::OkStatus();
}

}  // namespace

std::string LedgerKeyName(absl::string_view country, absl::string_view partnership,
                          LedgerKey::Use use) {
  return absl::StrCat(TrustDomainOf(country), "/lintas/", partnership, "/", NameTail(use));
}

note::SignatureType LedgerKeyType(LedgerKey::Use use) {
  const bool cosigns = use == LedgerKey::HELD || use == LedgerKey::CONSISTENT;
  return cosigns ? note::SignatureType::kCosignature : note::SignatureType::kEd25519;
}

absl::StatusOr<std::vector<Certificate>> BundleAuthorities(const TrustBundle& bundle) {
  return Certificate::ListFromPem(absl::StrJoin(bundle.authority_pems(), ""));
}

absl::Status CheckBundle(const TrustBundle& bundle, Completeness completeness) {
  if (bundle.partnership() != "idn-khm" || TrustDomainOf(bundle.country()).empty()) {
    return Broken("country", "the country is a Party of the partnership idn-khm");
  }
  const absl::StatusOr<std::vector<Certificate>> authorities = BundleAuthorities(bundle);
  if (!authorities.ok() ||
      authorities->size() != static_cast<size_t>(bundle.authority_pems_size())) {
    return Broken("authority_pems", "each authority is one readable certificate");
  }
  for (const Certificate& authority : *authorities) {
    const absl::Status profile = authority.CheckAuthorityProfile(TrustDomainOf(bundle.country()));
    if (!profile.ok()) return Broken("authority_pems", profile.message());
  }
  const absl::StatusOr<RevocationList> list = RevocationList::FromPem(bundle.revocation_list_pem());
  if (!list.ok() || !list->SignedByOneOf(*authorities)) {
    return Broken("revocation_list_pem", "the list is signed by one of the authorities");
  }
  std::map<std::string, std::string> claimed;
  // The holders first: signatures of key successions are checked against them.
  RETURN_IF_ERROR(CheckAuthorityKeys(bundle, &claimed));
  RETURN_IF_ERROR(CheckOwnSignatures(bundle, completeness));
  return CheckLedgerKeys(bundle, completeness, &claimed);
}

std::string FormatBundle(const TrustBundle& bundle) {
  google::protobuf::util::JsonPrintOptions options;
  options.add_whitespace = true;
  options.preserve_proto_field_names = true;
  std::string json;
  LINTAS_CHECK(google::protobuf::util::MessageToJsonString(bundle, &json, options).ok());
  return json;
}

absl::StatusOr<TrustBundle> ParseBundle(absl::string_view json, Completeness completeness) {
  TrustBundle bundle;
  if (!google::protobuf::util::JsonStringToMessage(std::string(json), &bundle).ok()) {
    return Broken("file", "a bundle in JSON, as lintas-pki bundle export writes it");
  }
  RETURN_IF_ERROR(CheckBundle(bundle, completeness));
  return bundle;
}

Hash BundleDigest(const TrustBundle& bundle) {
  // With its kind before it, as everything outside signed notes (P20).
  return Sha256Of("lintas/trust-bundle/v1", absl::string_view("\0", 1), Canonical(bundle));
}

absl::StatusOr<KeyHistory<note::NoteKey>> KeysFor(const TrustBundle& bundle, LedgerKey::Use use) {
  const LedgerKey* key = FindUse(bundle, use);
  if (key == nullptr || key->periods().empty()) {
    return absl::NotFoundError("the bundle names no such key");
  }
  KeyHistory<note::NoteKey> history;
  for (const KeyPeriod& period : key->periods()) {
    ASSIGN_OR_RETURN(note::NoteKey parsed, note::ParseVkey(period.vkey()));
    history.Add(std::move(parsed), TreeSize(period.from_size()));
  }
  return history;
}

absl::StatusOr<note::NoteKey> KeyFor(const TrustBundle& bundle, LedgerKey::Use use, uint64_t size) {
  ASSIGN_OR_RETURN(const KeyHistory<note::NoteKey> history, KeysFor(bundle, use));
  return history.At(TreeSize(size));
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

namespace {

// Adds a signature over `bytes` unless the office has signed or two have. Gives whether it did.
bool AddSignature(const TrustBundle& bundle, const AuthorityKey& holder, const SigningKey& key,
                  const std::string& sign_date, const BytesOf& bytes,
                  RepeatedPtrField<SuccessionSignature>* signatures) {
  const bool has_signed =
      std::any_of(signatures->begin(), signatures->end(), [&](const SuccessionSignature& one) {
        const AuthorityKey* signer = FindHolder(bundle.authority_keys(), one.name());
        return signer != nullptr && signer->office() == holder.office();
      });
  if (has_signed || signatures->size() >= kAuthorityKeysMin) return false;
  SuccessionSignature signature;
  signature.set_name(holder.name());
  signature.set_sign_date(sign_date);
  signature.set_signature(key.Sign(bytes(sign_date)));
  *signatures->Add() = std::move(signature);
  return true;
}

}  // namespace

absl::Status SignSuccessions(absl::string_view name, const SigningKey& key, absl::CivilDay day,
                             TrustBundle* bundle) {
  const AuthorityKey* holder = FindHolder(bundle->authority_keys(), name);
  if (holder == nullptr || holder->public_key() != key.verify_key().bytes()) {
    return absl::InvalidArgumentError(
        "the bundle names no office-holder of this name with this key");
  }
  if (!TermCovers(*holder, day)) {
    return absl::InvalidArgumentError("today is not in the office-holder's term");
  }
  if (day < IssueDay(*bundle)) {
    return absl::InvalidArgumentError(
        "the bundle was made after today: one of two clocks is wrong");
  }
  const std::string date = absl::FormatCivilTime(day);
  bool has_added = false;
  for (LedgerKey& ledger_key : *bundle->mutable_ledger_keys()) {
    for (int i = 1; i < ledger_key.periods_size(); ++i) {
      has_added |= AddSignature(
          *bundle, *holder, key, date,
          [&](const std::string& on) { return SuccessionBytes(*bundle, ledger_key, i, on); },
          ledger_key.mutable_periods(i)->mutable_signatures());
    }
  }
  if (!bundle->previous_digest().empty()) {
    has_added |= AddSignature(
        *bundle, *holder, key, date,
        [&](const std::string& on) { return SuccessionBytes(*bundle, on); },
        bundle->mutable_signatures());
  }
  if (has_added) return absl::OkStatus();
  return absl::FailedPreconditionError("no succession lacks a signature of this office");
}

int UnsignedSuccessions(const TrustBundle& bundle) {
  int count = 0;
  for (const LedgerKey& key : bundle.ledger_keys()) {
    for (int i = 1; i < key.periods_size(); ++i) {
      if (key.periods(i).signatures_size() < kAuthorityKeysMin) ++count;
    }
  }
  const bool follows = !bundle.previous_digest().empty();
  return count + (follows && bundle.signatures_size() < kAuthorityKeysMin ? 1 : 0);
}

namespace {

// B4, B5, as the holder of `old` sees them.
absl::Status CheckAgreedTo(const TrustBundle& old, const TrustBundle& next,
                           absl::CivilDay last_day) {
  if (next.previous_digest() != BundleDigest(old).view()) {
    return NoSuccessor("it follows another bundle than this");
  }
  if (IssueDay(next) < IssueDay(old) || IssueDay(next) > last_day) {
    return NoSuccessor("it was made before this one, or is not made yet");
  }
  if (CountSignatures(old.authority_keys(), next) < kAuthorityKeysMin) {
    return NoSuccessor("no holders of two offices that it names agreed to the next (P23)");
  }
  if (!DatedWithin(next.signatures(), IssueDay(next), last_day)) {
    return NoSuccessor("a signature is not of the days since it was made");
  }
  return absl::OkStatus();
}

}  // namespace

absl::Status CheckSuccession(const TrustBundle& old, const TrustBundle& next,
                             absl::CivilDay today) {
  if (BundleDigest(old) == BundleDigest(next)) return absl::OkStatus();
  if (old.country() != next.country() || old.partnership() != next.partnership()) {
    return NoSuccessor("another country or partnership");
  }
  const absl::CivilDay last_day = today + kDateSkewDays;
  RETURN_IF_ERROR(CheckAgreedTo(old, next, last_day));
  const bool shares_authority = std::any_of(
      next.authority_pems().begin(), next.authority_pems().end(), [&old](const std::string& pem) {
        return std::find(old.authority_pems().begin(), old.authority_pems().end(), pem) !=
               old.authority_pems().end();
      });
  if (!shares_authority) return NoSuccessor("no CA in common");
  ASSIGN_OR_RETURN(const RevocationList old_list,
                   RevocationList::FromPem(old.revocation_list_pem()));
  ASSIGN_OR_RETURN(const RevocationList next_list,
                   RevocationList::FromPem(next.revocation_list_pem()));
  if (next_list.number() < old_list.number()) return NoSuccessor("its revocation list is older");
  for (const LedgerKey& before : old.ledger_keys()) {
    RETURN_IF_ERROR(CheckHistory(old, before, next, last_day));
  }
  return absl::OkStatus();
}

}  // namespace lintas

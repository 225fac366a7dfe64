#include "certs/bundle.h"

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "certs/fingerprint_words.h"
#include "server/base/check.h"
#include "server/base/status.h"

namespace lintas {
namespace {

using trust::v1::AuthorityKey;
using trust::v1::KeyPeriod;
using trust::v1::LedgerKey;
using trust::v1::SuccessionSignature;
using trust::v1::TrustBundle;

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

// The history of the key of `use`, and after it the node's key if it is another.
absl::Status AddLedgerKey(const BundleParts& parts, LedgerKey::Use use, LedgerKey* key) {
  key->set_use(use);
  if (parts.previous != nullptr) {
    for (const LedgerKey& before : parts.previous->ledger_keys()) {
      if (before.use() == use) *key->mutable_periods() = before.periods();
    }
  }
  ASSIGN_OR_RETURN(const note::NoteKey note_key,
                   note::MakeKey(LedgerKeyName(parts.country, parts.partnership, use),
                                 LedgerKeyType(use), PublicKey(*parts.keys, use)));
  const std::string vkey = note::FormatVkey(note_key);
  const int count = key->periods_size();
  if (count != 0 && key->periods(count - 1).vkey() == vkey) return absl::OkStatus();
  const uint64_t from_size =
      use == LedgerKey::HOME_LOG ? parts.home_from_size : parts.exchange_from_size;
  if (count != 0 && from_size == 0) {
    return absl::FailedPreconditionError(absl::StrCat(
        "the key of ", LedgerKey::Use_Name(use),
        " changed: say from which tree size it signs (--exchange-from-size, --home-from-size); "
        "lintasd heads prints both"));
  }
  KeyPeriod* period = key->add_periods();
  period->set_vkey(vkey);
  period->set_from_size(count == 0 ? 0 : from_size);
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<TrustBundle> MakeBundle(const BundleParts& parts) {
  TrustBundle bundle;
  bundle.set_country(parts.country);
  bundle.set_partnership(parts.partnership);
  ASSIGN_OR_RETURN(const std::vector<Certificate> authorities,
                   Certificate::ListFromPem(parts.authority_pems));
  for (const Certificate& authority : authorities) bundle.add_authority_pems(authority.Pem());
  ASSIGN_OR_RETURN(const RevocationList list, RevocationList::FromPem(parts.revocation_list_pem));
  bundle.set_revocation_list_pem(list.Pem());
  for (const LedgerKey::Use use : kLedgerKeyUses) {
    RETURN_IF_ERROR(AddLedgerKey(parts, use, bundle.add_ledger_keys()));
  }
  for (const AuthorityKey& key : parts.authority_keys) *bundle.add_authority_keys() = key;
  bundle.set_issue_date(absl::FormatCivilTime(parts.issue_day));
  if (parts.previous != nullptr) {
    bundle.set_previous_digest(BundleDigest(*parts.previous).str());
  }
  RETURN_IF_ERROR(CheckBundle(bundle, Completeness::kDraft));
  return bundle;
}

namespace {

// Which bundle it follows and who agreed; nothing for the first.
std::string FollowsText(const TrustBundle& bundle) {
  if (bundle.previous_digest().empty()) return "The first one: believed because you meet\n";
  std::string text =
      absl::StrCat("Follows ", absl::BytesToHexString(bundle.previous_digest()), "\n");
  for (const SuccessionSignature& signature : bundle.signatures()) {
    absl::StrAppend(&text, "  agreed to by ", signature.name(), " on ", signature.sign_date(),
                    "\n");
  }
  return text;
}

}  // namespace

std::string DescribeBundle(const TrustBundle& bundle) {
  const auto day = [](absl::Time time) {
    return absl::FormatTime("%Y-%m-%d", time, absl::UTCTimeZone());
  };
  std::string text = absl::StrCat("Trust bundle of ", bundle.country(), " for ",
                                  bundle.partnership(), ", made on ", bundle.issue_date(), "\n",
                                  FollowsText(bundle), "\nCertificate authorities\n");
  absl::StatusOr<std::vector<Certificate>> authorities = BundleAuthorities(bundle);
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
      for (const SuccessionSignature& signature : period.signatures()) {
        absl::StrAppend(&text, "    agreed to by ", signature.name(), " on ", signature.sign_date(),
                        "\n");
      }
    }
  }
  absl::StrAppend(&text, "Office-holders\n");
  for (const AuthorityKey& key : bundle.authority_keys()) {
    absl::StrAppend(&text, "  ", key.name(), ", ", key.office(), ", ", key.start_date(), " to ",
                    key.end_date(), "\n    key ", FingerprintWords(Sha256Of(key.public_key())),
                    "\n");
  }
  const int open = UnsignedSuccessions(bundle);
  if (open > 0) {
    return absl::StrCat(text, "\nA DRAFT: ", open,
                        " successions, of keys or of the bundle, lack signatures ",
                        "of two office-holders; lintas-pki bundle sign\n");
  }
  absl::StrAppend(&text, "\nFingerprint, to be read aloud\n  ",
                  FingerprintWords(BundleDigest(bundle)), "\n");
  return text;
}

}  // namespace lintas

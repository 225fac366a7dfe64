// The trust bundle: what a country hands its partner in person. Public data; as a file the JSON
// mapping of lintas.trust.v1.TrustBundle. The node, lintas-pki and the offline verifier read it by
// this one parser, so that none believes what another refuses. Pure; safe from any thread.
//
//   B1  A bundle in use was checked as a whole: CA, list, keys, names and terms fit one another.
//   B2  No key has two uses, and no node key is an office-holder's (P20).
//   B3  A key that follows another was agreed to by holders of two offices in their terms (P23).
//   B4  A bundle that follows another was agreed to as a whole by holders of two offices, who stand
//       in both, in their terms: nobody comes into office by the new bundle alone (P20, P23).
//   B5  A signature is not dated before the bundle it stands under, nor after the day of its import
//       by more than kDateSkewDays; a bundle not before the one that it follows.
#ifndef LINTAS_SERVER_LEDGER_TRUST_TRUST_BUNDLE_H_
#define LINTAS_SERVER_LEDGER_TRUST_TRUST_BUNDLE_H_

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/civil_time.h"
#include "lintas/trust/v1/trust.pb.h"
#include "server/crypto/certificate.h"
#include "server/crypto/ed25519.h"
#include "server/crypto/sha256.h"
#include "server/ledger/note/signed_note.h"
#include "server/ledger/trust/key_history.h"

namespace lintas {

// P20: two office-holders a side sign.
constexpr int kAuthorityKeysMin = 2;
// Days of UTC are compared with days in UTC+7, and clocks of two offices differ.
constexpr int kDateSkewDays = 1;

constexpr trust::v1::LedgerKey::Use kLedgerKeyUses[] = {
    trust::v1::LedgerKey::EXCHANGE_LOG, trust::v1::LedgerKey::HOME_LOG, trust::v1::LedgerKey::HELD,
    trust::v1::LedgerKey::CONSISTENT, trust::v1::LedgerKey::QUESTION};

// The name under which a key of `country` signs: `<trust domain>/lintas/<partnership>/<rest>`,
// where the rest is `exchange/1`, `home/1` (origins of the ledgers), `held`, `consistent` or
// `question`.
std::string LedgerKeyName(absl::string_view country, absl::string_view partnership,
                          trust::v1::LedgerKey::Use use);
note::SignatureType LedgerKeyType(trust::v1::LedgerKey::Use use);

enum class Completeness {
  kWhole,
  kDraft,  // Signatures of B3 and B4 may be missing, those that are there must be right.
};

// B1 to B4, as far as the bundle alone shows them. kInvalidArgument, reason BAD_BUNDLE, with the
// field and the rule it breaks.
absl::Status CheckBundle(const trust::v1::TrustBundle& bundle,
                         Completeness completeness = Completeness::kWhole);

// The file form; ParseBundle checks. kInvalidArgument. Fields that this program does not know are
// an error: what is not understood cannot be shown to the two people.
std::string FormatBundle(const trust::v1::TrustBundle& bundle);
absl::StatusOr<trust::v1::TrustBundle> ParseBundle(
    absl::string_view json, Completeness completeness = Completeness::kWhole);

// SHA-256 of the message's canonical bytes: equal bundles, however their files are laid out.
Hash BundleDigest(const trust::v1::TrustBundle& bundle);

absl::StatusOr<std::vector<Certificate>> BundleAuthorities(const trust::v1::TrustBundle& bundle);

// All keys of `use` with their periods. kNotFound if the bundle has none.
absl::StatusOr<KeyHistory<note::NoteKey>> KeysFor(const trust::v1::TrustBundle& bundle,
                                                  trust::v1::LedgerKey::Use use);
// The key in force for `use` at `size`. kNotFound if the bundle has none.
absl::StatusOr<note::NoteKey> KeyFor(const trust::v1::TrustBundle& bundle,
                                     trust::v1::LedgerKey::Use use, uint64_t size);
// Every log and cosigner key that the bundle names, past and present, for verifying notes.
absl::StatusOr<std::vector<note::NoteKey>> NoteKeysOf(const trust::v1::TrustBundle& bundle);

// Adds the signature of the office-holder `name` to the bundle, if it follows another, and to each
// key succession in it, where no holder of the same office has signed and one or two are short.
// kInvalidArgument: the bundle does not name the holder, with this key and a term that covers
// `day`, or was made after `day`. kFailedPrecondition: there is nothing to sign.
absl::Status SignSuccessions(absl::string_view name, const SigningKey& key, absl::CivilDay day,
                             trust::v1::TrustBundle* bundle);
// How many successions lack signatures: those of keys, and the bundle's own.
int UnsignedSuccessions(const trust::v1::TrustBundle& bundle);

// Whether `next` may take the place of `old` on the day `today`: it is the same, or names `old` as
// the one that it follows, with the same country and partnership, a CA in common, no older list,
// the history of keys kept, and holders of two offices of `old` who agreed to it and to each key
// that follows, within their terms by `old` (B3, B4, B5). Both were checked.
// kFailedPrecondition if not: a new meeting in person is needed.
absl::Status CheckSuccession(const trust::v1::TrustBundle& old, const trust::v1::TrustBundle& next,
                             absl::CivilDay today);

}  // namespace lintas

#endif  // LINTAS_SERVER_LEDGER_TRUST_TRUST_BUNDLE_H_

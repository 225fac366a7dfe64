// The trust bundle: what a country hands its partner in person. Public data; as a file the JSON
// mapping of lintas.trust.v1.TrustBundle. Pure; safe from any thread.
//
//   B1  A bundle in use was checked as a whole: CA, list, keys, names and terms fit one another.
//   B2  No key has two uses, and no node key is an office-holder's (P20).
#ifndef LINTAS_CERTS_BUNDLE_H_
#define LINTAS_CERTS_BUNDLE_H_

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "lintas/trust/v1/trust.pb.h"
#include "server/crypto/key_file.h"
#include "server/crypto/sha256.h"
#include "server/ledger/note/signed_note.h"

namespace lintas {

// P20: two office-holders a side sign.
constexpr int kAuthorityKeysMin = 2;

// The name under which a key of `country` signs: `<trust domain>/lintas/<partnership>/<rest>`,
// where the rest is `exchange/1`, `home/1` (origins of the ledgers), `held`, `consistent` or
// `question`.
std::string LedgerKeyName(absl::string_view country, absl::string_view partnership,
                          trust::v1::LedgerKey::Use use);

struct BundleParts {
  std::string country;
  std::string partnership;
  std::string authority_pems;  // One PEM or more, joined.
  std::string revocation_list_pem;
  const NodeKeys* keys = nullptr;
  std::vector<trust::v1::AuthorityKey> authority_keys;
  // The bundle before this one, to keep its keys' history; null for the first.
  const trust::v1::TrustBundle* previous = nullptr;
  // Where a key that differs from that of `previous` begins (P23).
  uint64_t exchange_from_size = 0;
  uint64_t home_from_size = 0;
};
// kInvalidArgument as CheckBundle; kFailedPrecondition if a key changed and no size was given.
absl::StatusOr<trust::v1::TrustBundle> MakeBundle(const BundleParts& parts);

// B1, B2. kInvalidArgument with the rule that is broken.
absl::Status CheckBundle(const trust::v1::TrustBundle& bundle);

// The file form; ParseBundle checks. kInvalidArgument.
std::string FormatBundle(const trust::v1::TrustBundle& bundle);
absl::StatusOr<trust::v1::TrustBundle> ParseBundle(absl::string_view json);

// SHA-256 of the message's canonical bytes: equal bundles, however their files are laid out.
Hash BundleDigest(const trust::v1::TrustBundle& bundle);

// The key in force for `use` at `size`. kNotFound if the bundle has none.
absl::StatusOr<note::NoteKey> KeyFor(const trust::v1::TrustBundle& bundle,
                                     trust::v1::LedgerKey::Use use, uint64_t size);
// Every log and cosigner key that the bundle names, past and present, for verifying notes.
absl::StatusOr<std::vector<note::NoteKey>> NoteKeysOf(const trust::v1::TrustBundle& bundle);

// All of it as a person reads it, with the fingerprint last.
std::string DescribeBundle(const trust::v1::TrustBundle& bundle);

// Whether `next` may take the place of `old`: same country and partnership, a CA in common, no
// older list, the history of keys kept. kFailedPrecondition otherwise: meet in person again.
absl::Status CheckSuccession(const trust::v1::TrustBundle& old, const trust::v1::TrustBundle& next);

}  // namespace lintas

#endif  // LINTAS_CERTS_BUNDLE_H_

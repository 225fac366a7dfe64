// The agreement in force: one version (AgreementVersion), and which versions stand in which ledger
// (AgreementBook). The agreement is data, signed by both countries (D3 of docs/architecture.md);
// admission/ and link/ enforce it. docs/agreement.md tells what each value is for.
//
//   A1  A version is immutable: what was parsed is what was signed, byte for byte.
//   A2  A version is valid with the signatures of two office-holders of each Party (P20).
//   A3  Versions chain by digest, each ledger adopts them one after the other (P21).
//   A4  One version number means one agreement: a second digest under it is refused on arrival, and
//       where two arrived at once neither is common.
//   A5  In force is the highest version that both ledgers hold, by number and digest (P21); none:
//       nothing is exchanged.
#ifndef LINTAS_SERVER_AGREEMENT_AGREEMENT_H_
#define LINTAS_SERVER_AGREEMENT_AGREEMENT_H_

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/container/flat_hash_map.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/civil_time.h"
#include "absl/time/time.h"
#include "lintas/agreement/v1/agreement.pb.h"
#include "server/crypto/sha256.h"

namespace lintas {

// A personal key that may sign for a country while its holder is in office.
struct AuthorityKey {
  std::string country;     // Lower-case alpha-3.
  std::string office;      // For example `Director General of Immigration`.
  std::string public_key;  // Ed25519, 32 bytes.
  absl::CivilDay first_day;
  absl::CivilDay last_day;
};

class AgreementVersion;
using AgreementVersionPtr = std::shared_ptr<const AgreementVersion>;

// One well-formed version. Immutable, thread safe.
class AgreementVersion {
 public:
  // Parses and checks the form, all mistakes at once: kInvalidArgument with field violations. The
  // form includes what no agreement may say: sections that never leave, an operator with content,
  // an attaché without R7, a version that nobody could follow with another. Does not look at
  // signatures.
  static absl::StatusOr<AgreementVersionPtr> Parse(
      const agreement::v1::SignedAgreement& signed_agreement);
  // The same of a serialised SignedAgreement, as an ADOPTION entry's BASIC section holds it.
  static absl::StatusOr<AgreementVersionPtr> Parse(absl::string_view signed_agreement_bytes);

  AgreementVersion(const AgreementVersion&) = delete;
  AgreementVersion& operator=(const AgreementVersion&) = delete;

  uint32_t version() const { return agreement_.version(); }
  const std::string& partnership() const { return agreement_.partnership(); }
  // SHA-256 of the agreement's bytes, as signed.
  const Hash& digest() const { return digest_; }
  const agreement::v1::Agreement& agreement() const { return agreement_; }
  const agreement::v1::SignedAgreement& signed_agreement() const { return signed_; }
  const agreement::v1::Limits& limits() const { return agreement_.limits(); }

  // How a record type crosses; null if it is not named, and it then stays at home.
  const agreement::v1::RecordTerms* Terms(absl::string_view type) const;
  // Null if the purpose is not declared.
  const agreement::v1::Purpose* FindPurpose(absl::string_view code) const;
  // The grant by which `role` may do `operation` (OperationName) for `purpose`, or null: refused.
  const agreement::v1::Grant* Permit(absl::string_view role, absl::string_view operation,
                                     absl::string_view purpose) const;
  // The purposes for which `role` may do `operation`; none if never.
  std::vector<std::string> PurposesFor(absl::string_view role, absl::string_view operation) const;
  // Days that a payload of a class is kept; nothing if the class is not named.
  std::optional<uint32_t> RetentionDays(absl::string_view retention_class) const;
  // The keys of the office-holders that this version names: they may sign the next one.
  std::vector<AuthorityKey> OfficeHolderKeys() const;

  // A2: OK if, for each Party, two keys of `trusted` in two different offices, both in their term
  // on the day of `now` (UTC), signed these bytes. kInvalidArgument, reason BAD_SIGNATURES, naming
  // country and what is missing, otherwise, and if any signature is wrong or stands twice. A valid
  // signature of a key that is not trusted counts for nothing. `trusted` comes from the trust
  // bundles swapped in person, and for a later version from the one before it as well.
  absl::Status VerifySignatures(const std::vector<AuthorityKey>& trusted, absl::Time now) const;

 private:
  AgreementVersion() = default;
  void BuildIndex();

  agreement::v1::SignedAgreement signed_;
  agreement::v1::Agreement agreement_;
  Hash digest_;
  absl::flat_hash_map<std::string, const agreement::v1::RecordTerms*> terms_;
  absl::flat_hash_map<std::string, const agreement::v1::Purpose*> purposes_;
  // `role|operation|purpose`.
  absl::flat_hash_map<std::string, const agreement::v1::Grant*> grants_;
};

// Which versions each of the two exchange ledgers has adopted. Thread safe. A projection of the
// ledgers: the fold fills it, nothing is stored.
class AgreementBook {
 public:
  AgreementBook(std::string partnership, std::string own_country, std::string partner_country);

  // Taken once, on arrival (P13), for both countries: right partnership and Parties, the version
  // after the one that `country`'s ledger holds, chained to it (A3), not another agreement under a
  // known number (A4), signed (A2; the office-holders of the version before count as trusted too).
  // kFailedPrecondition, reason NOT_NEXT_VERSION (with `held` and `offered`) or VERSION_CONFLICT;
  // kInvalidArgument, reason WRONG_PARTNERSHIP, BROKEN_CHAIN or BAD_SIGNATURES.
  absl::Status CheckAdoption(absl::string_view country, const AgreementVersion& version,
                             const std::vector<AuthorityKey>& trusted, absl::Time now) const;

  // The fold met an ADOPTION entry in `country`'s exchange ledger. Repeated: nothing happens.
  void Adopt(absl::string_view country, AgreementVersionPtr version);

  // A5. Null if none.
  AgreementVersionPtr InForce() const;
  // What an own exchange entry names and is released by: the own ledger's newest version, since
  // after its own adoption a ledger never names an older one (P21). Null while none is in force.
  AgreementVersionPtr ForRelease() const;
  // As adopted in `country`'s ledger: what that ledger's entries mean when they name the number.
  // Null if it has not adopted it.
  AgreementVersionPtr ByVersion(absl::string_view country, uint32_t version) const;
  // As adopted in either ledger, the own one first; null otherwise.
  AgreementVersionPtr ByVersion(uint32_t version) const;
  // The newest version in a ledger, 0 if none.
  uint32_t OwnVersion() const;
  uint32_t PartnerVersion() const;
  // Adopted in the own exchange ledger, ascending.
  std::vector<uint32_t> OwnVersions() const;

  // kFailedPrecondition, reason NO_COMMON_AGREEMENT, naming the versions that each ledger holds.
  absl::Status NoCommonAgreementError() const;
  // Before a fold from nothing.
  void Clear();

 private:
  using Versions = std::map<uint32_t, AgreementVersionPtr>;
  const Versions& Of(absl::string_view country) const ABSL_SHARED_LOCKS_REQUIRED(mutex_);

  const std::string partnership_, own_country_, partner_country_;
  mutable absl::Mutex mutex_;
  Versions own_ ABSL_GUARDED_BY(mutex_), partner_ ABSL_GUARDED_BY(mutex_);
  AgreementVersionPtr in_force_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace lintas

#endif  // LINTAS_SERVER_AGREEMENT_AGREEMENT_H_

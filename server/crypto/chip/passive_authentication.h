// Passive authentication of a travel document's chip, offline: ICAO Doc 9303-11 section 5.1. It
// says whether the data groups are those that the issuing country signed. It never says that a
// document is genuine: the chip may be a copy, the holder another person, the booklet a forgery
// (R4).
//
// Only certificates of the country that the machine-readable zone names count as anchors. A wrong
// signature and a missing anchor are told apart: the second is no sign of fraud.
#ifndef LINTAS_SERVER_CRYPTO_CHIP_PASSIVE_AUTHENTICATION_H_
#define LINTAS_SERVER_CRYPTO_CHIP_PASSIVE_AUTHENTICATION_H_

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "server/crypto/chip/cms_signature.h"
#include "server/crypto/chip/csca_store.h"

namespace lintas::chip {

enum class Verdict {
  // Every group that was read is as the issuing country signed it.
  kAuthentic,
  // A group differs from what was signed, or was never signed.
  kAltered,
  // The signature of the security object or of its signer's certificate is wrong.
  kSignatureBad,
  // The signature is good, but no certificate is held that vouches for its signer.
  kNoTrustAnchor,
  // The signer belongs to another country than the machine-readable zone names.
  kWrongCountry,
  kSignerRevoked,
  // The signer's or its issuer's certificate is not valid on the day.
  kSignerNotValid,
  // The form is broken, or something needed is missing, unknown or not allowed.
  kUnverifiable,
};
// `authentic`, `altered`, `signature_bad`, `no_trust_anchor`, `wrong_country`, `signer_revoked`,
// `signer_not_valid`, `unverifiable`.
absl::string_view VerdictName(Verdict verdict);
// One sentence for people.
absl::string_view VerdictText(Verdict verdict);

enum class GroupState {
  kMatches,
  kAltered,
  // On the chip, but not in the security object.
  kNotSigned,
  // In the security object, but not handed in.
  kNotRead,
};
absl::string_view GroupStateName(GroupState state);

enum class ChainResult {
  kNotChecked,
  kAnchored,
  kNoAnchor,
  kSignatureBad,
  kWrongCountry,
  kRevoked,
  kNotValid,
  kUnverifiable,
};
absl::string_view ChainResultName(ChainResult result);

struct ChipInput {
  std::string security_object;
  // Data groups 1 to 16 as read from the chip, with their tags.
  std::map<int, std::string> groups;
  // Certificates of document signers, for security objects that carry none.
  std::vector<std::shared_ptr<x509_st>> signers;
  // The time at which certificates must be valid.
  absl::Time at;
};

struct ChipReport {
  Verdict verdict = Verdict::kUnverifiable;
  // UPPER_SNAKE, most telling first; those of ParseSecurityObject(), SignatureCheck and the chain.
  // Empty if authentic.
  std::vector<std::string> reasons;
  // What is taken but should be known: WEAK_HASH, WEAK_KEY, EXPLICIT_CURVE, STALE_CRL,
  // CRL_SIGNATURE_WRONG, LINK_CERTIFICATE_USED.
  std::vector<std::string> flags;
  // What even a good verdict leaves open: COPY_NOT_EXCLUDED, HOLDER_NOT_COMPARED,
  // DOCUMENT_NOT_EXAMINED always; REVOCATION_NOT_CHECKED, GROUPS_NOT_READ as the case is.
  std::vector<std::string> not_said;

  SignatureResult signature = SignatureResult::kNotChecked;
  ChainResult chain = ChainResult::kNotChecked;
  std::map<int, GroupState> groups;
  // Of group 1: the zone and the code of the issuing state in it, without fillers.
  std::string zone, issuing_state;
  int lds_object_version = 0;
  std::string lds_version, group_hash, signature_hash, signature_algorithm;
  // From the signer to its anchor; only the signer if the chain did not close; else empty.
  std::vector<CertificateFacts> certificates;
};

// Never fails: what goes wrong is the verdict. `store` must not change meanwhile. Any thread.
ChipReport Authenticate(const ChipInput& input, const CscaStore& store);

// What a code of `not_said` means, for people.
absl::string_view NotSaidText(absl::string_view code);

}  // namespace lintas::chip

#endif  // LINTAS_SERVER_CRYPTO_CHIP_PASSIVE_AUTHENTICATION_H_

// Drafting and signing an agreement offline: no node, no network. A draft is made once, carried to
// the office-holders of both Parties, signed by each with a personal key, and then adopted by
// either node (`AdoptAgreement`). The nodes check form, chain and signatures again; nothing here is
// trusted.
#ifndef LINTAS_CLIENT_AGREEMENT_SIGNING_H_
#define LINTAS_CLIENT_AGREEMENT_SIGNING_H_

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/civil_time.h"
#include "lintas/agreement/v1/agreement.pb.h"
#include "server/crypto/ed25519.h"

namespace lintas::client {

struct DraftOptions {
  // Who may sign; from the Parties' trust bundles. Replace those that the text names.
  std::vector<agreement::v1::OfficeHolder> office_holders;
  // The version before: its number and digest make the chain (P21). Null for version 1.
  const agreement::v1::SignedAgreement* previous = nullptr;
  // Limits by field name, for example `searches_per_minute`, in place of the text's.
  std::map<std::string, uint64_t> limits;
};

// An unsigned agreement from text format (deploy/agreement/default.textproto). kInvalidArgument
// with line and column of a mistake in the text, or naming a limit that does not exist.
absl::StatusOr<agreement::v1::SignedAgreement> Draft(absl::string_view text,
                                                     const DraftOptions& options);

// Adds the signature of `key`'s holder; signing twice changes nothing. kInvalidArgument, reason
// NOT_AN_OFFICE_HOLDER, if the agreement does not name the key, so that no signature is wasted.
absl::Status Sign(const SigningKey& key, agreement::v1::SignedAgreement* agreement);

// What a person should see before and after signing.
struct SigningState {
  uint32_t version = 0;
  std::string digest_hex;  // SHA-256 of the bytes that are signed; can be read aloud.
  struct Holder {
    std::string country, office;
    bool in_term = false;
    bool signature_valid = false;  // Has signed, and the signature is true.
  };
  std::vector<Holder> holders;
  // Two offices of each Party have validly signed within their term (P20).
  bool complete = false;
};

absl::StatusOr<SigningState> ReadSigningState(const agreement::v1::SignedAgreement& agreement,
                                              absl::CivilDay today);

// An agreement file is a serialised SignedAgreement. kInvalidArgument if it is not one.
absl::StatusOr<agreement::v1::SignedAgreement> ParseAgreementFile(absl::string_view content);

// The agreement as text, for reading before signing. The same text drafts the same agreement.
absl::StatusOr<std::string> AgreementText(const agreement::v1::SignedAgreement& agreement);

}  // namespace lintas::client

#endif  // LINTAS_CLIENT_AGREEMENT_SIGNING_H_

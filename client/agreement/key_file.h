// Personal authority keys in files (P20): text that a person can read and print. The public half:
//
//   lintas authority public key v1
//   country: idn
//   office: Director General of Immigration
//   from: 2026-01-01
//   to: 2028-12-31
//   key: <base64 of 32 bytes>
//
// The private half, mode 0600:
//
//   lintas authority private key v1
//   seed: <base64 of 32 bytes>
#ifndef LINTAS_CLIENT_AGREEMENT_KEY_FILE_H_
#define LINTAS_CLIENT_AGREEMENT_KEY_FILE_H_

#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "lintas/agreement/v1/agreement.pb.h"
#include "server/crypto/ed25519.h"

namespace lintas::client {

// kInvalidArgument, reason BAD_KEY_FILE, naming the line's key that is wrong or missing.
absl::StatusOr<agreement::v1::OfficeHolder> ParseAuthorityPublicKey(absl::string_view content);
absl::StatusOr<SigningKey> ParseAuthorityPrivateKey(absl::string_view content);

std::string WriteAuthorityPublicKey(const agreement::v1::OfficeHolder& holder);

}  // namespace lintas::client

#endif  // LINTAS_CLIENT_AGREEMENT_KEY_FILE_H_

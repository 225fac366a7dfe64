// AES-256-GCM (NIST SP 800-38D) by OpenSSL with a reused context.
#ifndef LINTAS_SERVER_CRYPTO_AEAD_H_
#define LINTAS_SERVER_CRYPTO_AEAD_H_

#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "server/base/random.h"
#include "server/crypto/secret.h"

namespace lintas {

constexpr size_t kAeadKeySize = 32;
constexpr size_t kAeadNonceSize = 12;
constexpr size_t kAeadTagSize = 16;

// Sealed form: nonce (12) | ciphertext | tag (16). `key` is 32 bytes; `aad` is authenticated but
// not stored. The context belongs to the calling thread.
std::string AeadSeal(absl::string_view key, absl::string_view nonce, absl::string_view plain,
                     absl::string_view aad);

// kDataLoss if `sealed` was changed, cut, or sealed under another key or aad.
absl::StatusOr<std::string> AeadOpen(absl::string_view key, absl::string_view sealed,
                                     absl::string_view aad);

}  // namespace lintas

#endif  // LINTAS_SERVER_CRYPTO_AEAD_H_

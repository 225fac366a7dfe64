// Ed25519 (RFC 8032) by OpenSSL. Keys are distinct per use (P20): log, held, consistent, question,
// authority. A signature outside signed notes covers SignedBytes(kind, partnership, body).
#ifndef LINTAS_SERVER_CRYPTO_ED25519_H_
#define LINTAS_SERVER_CRYPTO_ED25519_H_

#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "server/base/random.h"
#include "server/crypto/secret.h"

namespace lintas {

// A public key, 32 bytes. Thread safe, cheap to copy.
class VerifyKey {
 public:
  // kInvalidArgument unless `raw` is 32 bytes.
  static absl::StatusOr<VerifyKey> FromBytes(absl::string_view raw);
  const std::string& bytes() const { return raw_; }
  // True if `signature` (64 bytes) is the holder's over `message`.
  bool Verify(absl::string_view message, absl::string_view signature) const;

 private:
  std::string raw_;
  std::shared_ptr<void> key_;  // EVP_PKEY
};

// A private key: its seed of 32 bytes. Thread safe, cheap to copy.
class SigningKey {
 public:
  static SigningKey Generate(Random& random);
  // kInvalidArgument unless the seed is 32 bytes.
  static absl::StatusOr<SigningKey> FromSeed(Secret seed);
  std::string Sign(absl::string_view message) const;
  const VerifyKey& verify_key() const { return verify_key_; }
  const Secret& seed() const { return seed_; }

 private:
  Secret seed_;
  VerifyKey verify_key_;
  std::shared_ptr<void> key_;  // EVP_PKEY
};

// `lintas/<kind>/v1` NUL `partnership` NUL `body`: what a signature outside signed notes covers.
std::string SignedBytes(absl::string_view kind, absl::string_view partnership,
                        absl::string_view body);

}  // namespace lintas

#endif  // LINTAS_SERVER_CRYPTO_ED25519_H_

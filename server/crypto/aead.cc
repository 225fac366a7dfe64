#include "server/crypto/aead.h"

#include <openssl/evp.h>

#include "absl/status/status.h"
#include "server/base/check.h"

namespace lintas {
namespace {

// A cipher context for one direction, set up once: choosing the cipher again for every key costs
// more than sealing a small payload.
class Cipher {
 public:
  enum class Direction { kOpen = 0, kSeal = 1 };

  explicit Cipher(Direction direction) : ctx_(EVP_CIPHER_CTX_new()) {
    static EVP_CIPHER* const cipher = EVP_CIPHER_fetch(nullptr, "AES-256-GCM", nullptr);
    LINTAS_CHECK(ctx_ != nullptr);
    LINTAS_CHECK(cipher != nullptr);
    LINTAS_CHECK(EVP_CipherInit_ex2(ctx_, cipher, nullptr, nullptr, static_cast<int>(direction),
                                    nullptr) == 1);
  }
  ~Cipher() { EVP_CIPHER_CTX_free(ctx_); }
  Cipher(const Cipher&) = delete;
  Cipher& operator=(const Cipher&) = delete;

  EVP_CIPHER_CTX* WithKey(absl::string_view key, absl::string_view nonce, absl::string_view aad) {
    LINTAS_CHECK(key.size() == kAeadKeySize);
    LINTAS_CHECK(nonce.size() == kAeadNonceSize);
    LINTAS_CHECK(EVP_CipherInit_ex2(ctx_, nullptr, Bytes(key), Bytes(nonce), -1, nullptr) == 1);
    int size = 0;
    LINTAS_CHECK(aad.empty() || EVP_CipherUpdate(ctx_, nullptr, &size, Bytes(aad),
                                                 static_cast<int>(aad.size())) == 1);
    return ctx_;
  }

  static const uint8_t* Bytes(absl::string_view s) {
    return reinterpret_cast<const uint8_t*>(s.data());
  }

 private:
  EVP_CIPHER_CTX* ctx_;
};

constexpr size_t kPlainBytesMax = size_t{1} << 30;

}  // namespace

std::string AeadSeal(absl::string_view key, absl::string_view nonce, absl::string_view plain,
                     absl::string_view aad) {
  thread_local Cipher cipher(Cipher::Direction::kSeal);
  LINTAS_CHECK(plain.size() <= kPlainBytesMax);
  EVP_CIPHER_CTX* ctx = cipher.WithKey(key, nonce, aad);
  std::string sealed;
  sealed.reserve(kAeadNonceSize + plain.size() + kAeadTagSize);
  sealed.append(nonce.data(), nonce.size());
  sealed.resize(kAeadNonceSize + plain.size() + kAeadTagSize);
  uint8_t* out = reinterpret_cast<uint8_t*>(&sealed[kAeadNonceSize]);
  int size = 0;
  LINTAS_CHECK(plain.empty() || EVP_CipherUpdate(ctx, out, &size, Cipher::Bytes(plain),
                                                 static_cast<int>(plain.size())) == 1);
  int rest = 0;
  LINTAS_CHECK(EVP_CipherFinal_ex(ctx, out + size, &rest) == 1);
  LINTAS_CHECK(EVP_CIPHER_CTX_ctrl(ctx, EVP_CTRL_AEAD_GET_TAG, kAeadTagSize, out + plain.size()) ==
               1);
  return sealed;
}

absl::StatusOr<std::string> AeadOpen(absl::string_view key, absl::string_view sealed,
                                     absl::string_view aad) {
  thread_local Cipher cipher(Cipher::Direction::kOpen);
  const absl::Status refused = absl::DataLossError("sealed bytes do not open under this key");
  if (sealed.size() < kAeadNonceSize + kAeadTagSize) return refused;
  const size_t plain_size = sealed.size() - kAeadNonceSize - kAeadTagSize;
  if (plain_size > kPlainBytesMax) return refused;
  const absl::string_view body = sealed.substr(kAeadNonceSize, plain_size);
  std::string tag(sealed.substr(kAeadNonceSize + plain_size));
  EVP_CIPHER_CTX* ctx = cipher.WithKey(key, sealed.substr(0, kAeadNonceSize), aad);
  std::string plain(plain_size, '\0');
  uint8_t* out = reinterpret_cast<uint8_t*>(&plain[0]);
  int size = 0;
  LINTAS_CHECK(body.empty() || EVP_CipherUpdate(ctx, out, &size, Cipher::Bytes(body),
                                                static_cast<int>(body.size())) == 1);
  LINTAS_CHECK(EVP_CIPHER_CTX_ctrl(ctx, EVP_CTRL_AEAD_SET_TAG, kAeadTagSize, &tag[0]) == 1);
  int rest = 0;
  if (EVP_CipherFinal_ex(ctx, out + size, &rest) != 1) return refused;
  return plain;
}

}  // namespace lintas

#include "server/crypto/ed25519.h"

#include <openssl/evp.h>

#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "server/base/check.h"

namespace lintas {
namespace {

constexpr size_t kKeySize = 32;
constexpr size_t kSignatureSize = 64;

const uint8_t* Bytes(absl::string_view s) { return reinterpret_cast<const uint8_t*>(s.data()); }

class DigestContext {
 public:
  DigestContext() : ctx_(EVP_MD_CTX_new()) { LINTAS_CHECK(ctx_ != nullptr); }
  ~DigestContext() { EVP_MD_CTX_free(ctx_); }
  DigestContext(const DigestContext&) = delete;
  DigestContext& operator=(const DigestContext&) = delete;

  // One per thread, empty again: it holds no key between two calls' keys.
  static EVP_MD_CTX* OfThisThread() {
    thread_local DigestContext context;
    EVP_MD_CTX_reset(context.ctx_);
    return context.ctx_;
  }

 private:
  EVP_MD_CTX* ctx_;
};

std::shared_ptr<void> Owned(EVP_PKEY* key) {
  return std::shared_ptr<void>(key, [](void* p) { EVP_PKEY_free(static_cast<EVP_PKEY*>(p)); });
}

}  // namespace

absl::StatusOr<VerifyKey> VerifyKey::FromBytes(absl::string_view raw) {
  if (raw.size() != kKeySize) {
    return absl::InvalidArgumentError("an Ed25519 public key has 32 bytes (RFC 8032 5.1.5)");
  }
  EVP_PKEY* pkey = EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, nullptr, Bytes(raw), raw.size());
  if (pkey == nullptr) return absl::InvalidArgumentError("not an Ed25519 public key");
  VerifyKey key;
  key.raw_ = std::string(raw);
  key.key_ = Owned(pkey);
  return key;
}

bool VerifyKey::Verify(absl::string_view message, absl::string_view signature) const {
  if (key_ == nullptr || signature.size() != kSignatureSize) return false;
  EVP_MD_CTX* ctx = DigestContext::OfThisThread();
  EVP_PKEY* pkey = static_cast<EVP_PKEY*>(key_.get());
  return EVP_DigestVerifyInit(ctx, nullptr, nullptr, nullptr, pkey) == 1 &&
         EVP_DigestVerify(ctx, Bytes(signature), signature.size(), Bytes(message),
                          message.size()) == 1;
}

SigningKey SigningKey::Generate(Random& random) {
  auto key = FromSeed(Secret(random.Bytes(kKeySize)));
  LINTAS_CHECK(key.ok());
  return *std::move(key);
}

absl::StatusOr<SigningKey> SigningKey::FromSeed(Secret seed) {
  if (seed.size() != kKeySize) {
    return absl::InvalidArgumentError("an Ed25519 seed has 32 bytes (RFC 8032 5.1.5)");
  }
  const absl::string_view raw = seed.Bytes(SecretAccess::ForCrypto());
  EVP_PKEY* pkey = EVP_PKEY_new_raw_private_key(EVP_PKEY_ED25519, nullptr, Bytes(raw), raw.size());
  LINTAS_CHECK(pkey != nullptr);
  SigningKey key;
  key.key_ = Owned(pkey);
  std::string public_raw(kKeySize, '\0');
  size_t size = public_raw.size();
  LINTAS_CHECK(
      EVP_PKEY_get_raw_public_key(pkey, reinterpret_cast<uint8_t*>(&public_raw[0]), &size) == 1);
  auto verify_key = VerifyKey::FromBytes(public_raw);
  LINTAS_CHECK(verify_key.ok());
  key.verify_key_ = *std::move(verify_key);
  key.seed_ = std::move(seed);
  return key;
}

std::string SigningKey::Sign(absl::string_view message) const {
  LINTAS_CHECK(key_ != nullptr);
  EVP_MD_CTX* ctx = DigestContext::OfThisThread();
  EVP_PKEY* pkey = static_cast<EVP_PKEY*>(key_.get());
  LINTAS_CHECK(EVP_DigestSignInit(ctx, nullptr, nullptr, nullptr, pkey) == 1);
  std::string signature(kSignatureSize, '\0');
  size_t size = signature.size();
  LINTAS_CHECK(EVP_DigestSign(ctx, reinterpret_cast<uint8_t*>(&signature[0]), &size, Bytes(message),
                              message.size()) == 1);
  LINTAS_CHECK(size == kSignatureSize);
  return signature;
}

std::string SignedBytes(absl::string_view kind, absl::string_view partnership,
                        absl::string_view body) {
  const absl::string_view nul("\0", 1);
  return absl::StrCat("lintas/", kind, "/v1", nul, partnership, nul, body);
}

}  // namespace lintas

#include "server/crypto/token.h"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/kdf.h>
#include <openssl/params.h>

#include <cstring>
#include <utility>

#include "server/base/check.h"

namespace lintas {
namespace {

constexpr size_t kBlockSize = 64;  // SHA-256's; a longer key is hashed first (RFC 2104 2).
constexpr size_t kDerivedKeySize = 32;

class DigestContext {
 public:
  DigestContext() : ctx_(EVP_MD_CTX_new()) { LINTAS_CHECK(ctx_ != nullptr); }
  ~DigestContext() { EVP_MD_CTX_free(ctx_); }
  DigestContext(const DigestContext&) = delete;
  DigestContext& operator=(const DigestContext&) = delete;

  void Start(absl::string_view block) {
    static EVP_MD* const md = EVP_MD_fetch(nullptr, "SHA256", nullptr);
    LINTAS_CHECK(md != nullptr);
    LINTAS_CHECK(EVP_DigestInit_ex2(ctx_, md, nullptr) == 1);
    Update(block);
  }
  void StartAs(const DigestContext& other) {
    LINTAS_CHECK(EVP_MD_CTX_copy_ex(ctx_, other.ctx_) == 1);
  }
  void Update(absl::string_view bytes) {
    LINTAS_CHECK(EVP_DigestUpdate(ctx_, bytes.data(), bytes.size()) == 1);
  }
  Hash Finish() {
    Hash hash;
    LINTAS_CHECK(EVP_DigestFinal_ex(ctx_, hash.bytes.data(), nullptr) == 1);
    return hash;
  }

 private:
  EVP_MD_CTX* ctx_;
};

// The key, filled up to a block with zeros, each byte combined with `pad`.
std::string PaddedKey(absl::string_view key, char pad) {
  std::string block(kBlockSize, pad);
  for (size_t i = 0; i < key.size(); ++i) block[i] = static_cast<char>(block[i] ^ key[i]);
  return block;
}

}  // namespace

struct Tokenizer::State {
  DigestContext inner;
  DigestContext outer;
};

Tokenizer::Tokenizer(const Secret& key) : state_(new State) {
  const absl::string_view raw = key.Bytes(SecretAccess::ForCrypto());
  const Hash hashed = raw.size() > kBlockSize ? Sha256Of(raw) : Hash();
  const absl::string_view used = raw.size() > kBlockSize ? hashed.view() : raw;
  std::string inner = PaddedKey(used, '\x36');
  std::string outer = PaddedKey(used, '\x5c');
  state_->inner.Start(inner);
  state_->outer.Start(outer);
  OPENSSL_cleanse(&inner[0], inner.size());
  OPENSSL_cleanse(&outer[0], outer.size());
}

Tokenizer::~Tokenizer() = default;

Hash Tokenizer::Mac(absl::string_view domain, absl::string_view value) const {
  // Copying a started context costs 150 ns a token, hashing both key blocks again 240 ns.
  thread_local DigestContext context;
  context.StartAs(state_->inner);
  context.Update(domain);
  context.Update(absl::string_view("\0", 1));
  context.Update(value);
  const Hash inner = context.Finish();
  context.StartAs(state_->outer);
  context.Update(inner.view());
  return context.Finish();
}

Token Tokenizer::Make(absl::string_view domain, absl::string_view value) const {
  const Hash mac = Mac(domain, value);
  Token token;
  std::memcpy(token.data(), mac.bytes.data(), token.size());
  return token;
}

Secret DeriveKey(const Secret& node_secret, absl::string_view use) {
  EVP_KDF* kdf = EVP_KDF_fetch(nullptr, "HKDF", nullptr);
  LINTAS_CHECK(kdf != nullptr);
  EVP_KDF_CTX* ctx = EVP_KDF_CTX_new(kdf);
  LINTAS_CHECK(ctx != nullptr);
  const absl::string_view raw = node_secret.Bytes(SecretAccess::ForCrypto());
  std::string digest = "SHA256";
  // OpenSSL's parameters are not const, but HKDF only reads them.
  OSSL_PARAM params[] = {
      OSSL_PARAM_construct_utf8_string("digest", &digest[0], digest.size()),
      OSSL_PARAM_construct_octet_string("key", const_cast<char*>(raw.data()), raw.size()),
      OSSL_PARAM_construct_octet_string("info", const_cast<char*>(use.data()), use.size()),
      OSSL_PARAM_construct_end()};
  std::string key(kDerivedKeySize, '\0');
  LINTAS_CHECK(EVP_KDF_derive(ctx, reinterpret_cast<uint8_t*>(&key[0]), key.size(), params) == 1);
  EVP_KDF_CTX_free(ctx);
  EVP_KDF_free(kdf);
  return Secret(std::move(key));
}

bool ConstantTimeEquals(absl::string_view a, absl::string_view b) {
  return a.size() == b.size() && CRYPTO_memcmp(a.data(), b.data(), a.size()) == 0;
}

}  // namespace lintas

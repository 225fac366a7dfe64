#include "server/crypto/sha256.h"

#include <openssl/evp.h>

#include <cstring>

#include "server/base/check.h"

namespace lintas {
namespace {

// Fetched once and kept for the life of the process.
const EVP_MD* Algorithm() {
  static const EVP_MD* const md = EVP_MD_fetch(nullptr, "SHA256", nullptr);
  LINTAS_CHECK(md != nullptr);
  return md;
}

Sha256& OfThisThread() {
  thread_local Sha256 hasher;
  return hasher;
}

}  // namespace

bool Hash::FromBytes(absl::string_view raw, Hash* out) {
  if (raw.size() != kSize) return false;
  std::memcpy(out->bytes.data(), raw.data(), kSize);
  return true;
}

struct Sha256::Context {
  EVP_MD_CTX* ctx = EVP_MD_CTX_new();
  // False between Finish() and the next Update(): a context that hashed nothing needs no second
  // init.
  bool started = false;

  void Start() {
    if (started) return;
    LINTAS_CHECK(EVP_DigestInit_ex2(ctx, Algorithm(), nullptr) == 1);
    started = true;
  }
  ~Context() { EVP_MD_CTX_free(ctx); }
};

Sha256::Sha256() : context_(new Context) { LINTAS_CHECK(context_->ctx != nullptr); }
Sha256::~Sha256() = default;

Sha256& Sha256::Update(absl::string_view bytes) {
  context_->Start();
  LINTAS_CHECK(EVP_DigestUpdate(context_->ctx, bytes.data(), bytes.size()) == 1);
  return *this;
}

Hash Sha256::Finish() {
  context_->Start();
  Hash hash;
  LINTAS_CHECK(EVP_DigestFinal_ex(context_->ctx, hash.bytes.data(), nullptr) == 1);
  context_->started = false;
  return hash;
}

Hash Sha256Of(absl::string_view bytes) { return OfThisThread().Update(bytes).Finish(); }

Hash Sha256Of(absl::string_view a, absl::string_view b, absl::string_view c) {
  return OfThisThread().Update(a).Update(b).Update(c).Finish();
}

}  // namespace lintas

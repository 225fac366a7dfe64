#include "server/crypto/secret.h"

#include <openssl/crypto.h>

#include <utility>

namespace lintas {
namespace {

// Capacity, not size: a shorter value may stand where a longer one stood.
void Wipe(std::string& bytes) {
  bytes.resize(bytes.capacity());
  OPENSSL_cleanse(&bytes[0], bytes.size());
  bytes.clear();
}

}  // namespace

Secret::~Secret() { Wipe(bytes_); }

Secret& Secret::operator=(const Secret& other) {
  if (this == &other) return *this;
  Wipe(bytes_);
  bytes_ = other.bytes_;
  return *this;
}

// A short string is copied by std::string's move, so the source is wiped in every case.
Secret::Secret(Secret&& other) noexcept : bytes_(std::move(other.bytes_)) { Wipe(other.bytes_); }

Secret& Secret::operator=(Secret&& other) noexcept {
  if (this == &other) return *this;
  Wipe(bytes_);
  bytes_ = std::move(other.bytes_);
  Wipe(other.bytes_);
  return *this;
}

bool Secret::Equals(const Secret& other) const {
  return bytes_.size() == other.bytes_.size() &&
         CRYPTO_memcmp(bytes_.data(), other.bytes_.data(), bytes_.size()) == 0;
}

}  // namespace lintas

// SHA-256 (FIPS 180-4) by OpenSSL, with one fetched algorithm and a reused context: an own
// EVP_MD_fetch per call costs twice the hash of a tree node.
#ifndef LINTAS_SERVER_CRYPTO_SHA256_H_
#define LINTAS_SERVER_CRYPTO_SHA256_H_

#include <array>
#include <cstdint>
#include <memory>
#include <string>

#include "absl/strings/string_view.h"

namespace lintas {

// A SHA-256 value, 32 bytes.
struct Hash {
  static constexpr size_t kSize = 32;
  std::array<uint8_t, kSize> bytes{};

  absl::string_view view() const {
    return absl::string_view(reinterpret_cast<const char*>(bytes.data()), kSize);
  }
  std::string str() const { return std::string(view()); }
  // False, and `*out` unchanged, if `raw` is not 32 bytes.
  static bool FromBytes(absl::string_view raw, Hash* out);
  friend bool operator==(const Hash& a, const Hash& b) { return a.bytes == b.bytes; }
  friend bool operator!=(const Hash& a, const Hash& b) { return a.bytes != b.bytes; }
};

// One hash computation after another. Not thread safe; cheap to keep per thread.
class Sha256 {
 public:
  Sha256();
  ~Sha256();
  Sha256(const Sha256&) = delete;
  Sha256& operator=(const Sha256&) = delete;

  Sha256& Update(absl::string_view bytes);
  // The hash of all updates since the last Finish (or construction); starts anew.
  Hash Finish();

 private:
  struct Context;
  std::unique_ptr<Context> context_;
};

// The hash of `bytes`, by a context that belongs to the calling thread.
Hash Sha256Of(absl::string_view bytes);
// The hash of `a` then `b` then `c`, without joining them.
Hash Sha256Of(absl::string_view a, absl::string_view b, absl::string_view c = {});

}  // namespace lintas

#endif  // LINTAS_SERVER_CRYPTO_SHA256_H_

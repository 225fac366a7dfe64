// Keyed tokens: HMAC-SHA-256 (RFC 2104) cut to 16 bytes. Used where an identifier must be found
// again by its holder and mean nothing to anybody else (terms, "who asked about X", pseudonyms).
#ifndef LINTAS_SERVER_CRYPTO_TOKEN_H_
#define LINTAS_SERVER_CRYPTO_TOKEN_H_

#include <array>
#include <string>

#include "absl/strings/string_view.h"
#include "server/crypto/secret.h"
#include "server/crypto/sha256.h"

namespace lintas {

using Token = std::array<char, 16>;

// Thread safe. The two padded key blocks are hashed once, at construction.
class Tokenizer {
 public:
  explicit Tokenizer(const Secret& key);
  ~Tokenizer();
  Tokenizer(const Tokenizer&) = delete;
  Tokenizer& operator=(const Tokenizer&) = delete;

  // HMAC over `domain` NUL `value`: equal values of different domains have unrelated tokens.
  Token Make(absl::string_view domain, absl::string_view value) const;
  // The full 32 bytes of the same.
  Hash Mac(absl::string_view domain, absl::string_view value) const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

// A key for one named use, by HKDF-SHA-256 (RFC 5869) from the node's secret. 32 bytes.
Secret DeriveKey(const Secret& node_secret, absl::string_view use);

// True if both are equal; takes the same time wherever they differ.
bool ConstantTimeEquals(absl::string_view a, absl::string_view b);

}  // namespace lintas

#endif  // LINTAS_SERVER_CRYPTO_TOKEN_H_

#include "server/crypto/token.h"

#include <gtest/gtest.h>

#include <string>
#include <thread>

#include "absl/strings/escaping.h"

namespace lintas {
namespace {

// HMAC written out from RFC 2104 2, as the stranger that the fast form is compared with.
Hash NaiveHmac(std::string key, const std::string& message) {
  if (key.size() > 64) key = Sha256Of(key).str();
  key.resize(64, '\0');
  std::string inner = key, outer = key;
  for (char& c : inner) c = static_cast<char>(c ^ 0x36);
  for (char& c : outer) c = static_cast<char>(c ^ 0x5c);
  return Sha256Of(outer, Sha256Of(inner, message).view());
}

TEST(NaiveHmac, MatchesRfc4231TestCase1) {
  EXPECT_EQ(absl::BytesToHexString(NaiveHmac(std::string(20, '\x0b'), "Hi There").view()),
            "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7");
}

TEST(Tokenizer, IsHmacOverDomainNulValue) {
  for (size_t key_size : {0, 16, 32, 63, 64, 65, 200}) {
    const std::string key(key_size, 'k');
    const Tokenizer tokenizer{Secret(key)};
    for (size_t value_size : {0, 1, 40, 100}) {
      const std::string value(value_size, 'v');
      const Hash expected = NaiveHmac(key, std::string("passport\0", 9) + value);
      EXPECT_EQ(tokenizer.Mac("passport", value), expected);
      const Token token = tokenizer.Make("passport", value);
      EXPECT_EQ(std::string(token.data(), token.size()), expected.str().substr(0, 16));
    }
  }
}

TEST(Tokenizer, KeepsDomainsAndKeysApart) {
  const Tokenizer tokenizer{Secret(std::string(32, 'a'))};
  EXPECT_NE(tokenizer.Make("name", "x"), tokenizer.Make("passport", "x"));
  EXPECT_NE(tokenizer.Make("a", "bc"), tokenizer.Make("ab", "c"));
  EXPECT_NE(tokenizer.Make("name", "x"), Tokenizer{Secret(std::string(32, 'b'))}.Make("name", "x"));
}

TEST(Tokenizer, GivesTheSameTokenOnEveryThread) {
  const Tokenizer tokenizer{Secret(std::string(32, 'a'))};
  Token from_thread;
  std::thread other([&] { from_thread = tokenizer.Make("name", "x"); });
  const Token here = tokenizer.Make("name", "x");
  other.join();
  EXPECT_EQ(here, from_thread);
}

TEST(DeriveKey, MatchesRfc5869TestCase3) {
  // Salt and info empty; the first 32 of its 42 bytes.
  const Secret key = DeriveKey(Secret(std::string(22, '\x0b')), "");
  EXPECT_EQ(absl::BytesToHexString(key.Bytes(SecretAccess::ForCrypto())),
            "8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d");
}

TEST(DeriveKey, GivesUnrelatedKeysForUses) {
  const Secret secret(std::string(32, 's'));
  EXPECT_FALSE(DeriveKey(secret, "terms").Equals(DeriveKey(secret, "payloads")));
  EXPECT_TRUE(DeriveKey(secret, "terms").Equals(DeriveKey(secret, "terms")));
}

TEST(ConstantTimeEquals, ComparesAllBytes) {
  EXPECT_TRUE(ConstantTimeEquals("abc", "abc"));
  EXPECT_TRUE(ConstantTimeEquals("", ""));
  EXPECT_FALSE(ConstantTimeEquals("abc", "abd"));
  EXPECT_FALSE(ConstantTimeEquals("abc", "ab"));
}

}  // namespace
}  // namespace lintas

#include "server/crypto/ed25519.h"

#include <gtest/gtest.h>

#include <string>

#include "absl/strings/escaping.h"
#include "server/crypto/os_random.h"

namespace lintas {
namespace {

struct Vector {
  const char* seed;
  const char* public_key;
  const char* message;
  const char* signature;
};

// RFC 8032 7.1, TEST 1 to TEST 3.
constexpr Vector kVectors[] = {
    {"9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
     "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a", "",
     "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9"
     "b46bd25bf5f0595bbe24655141438e7a100b"},
    {"4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
     "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c", "72",
     "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f1"
     "1d8c387b2eaeb4302aeeb00d291612bb0c00"},
    {"c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7",
     "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025", "af82",
     "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984d"
     "c6594a7c15e9716ed28dc027beceea1ec40a"},
};

TEST(Ed25519, MatchesRfc8032) {
  for (const Vector& vector : kVectors) {
    const auto key = SigningKey::FromSeed(Secret(absl::HexStringToBytes(vector.seed)));
    ASSERT_TRUE(key.ok());
    EXPECT_EQ(absl::BytesToHexString(key->verify_key().bytes()), vector.public_key);
    const std::string message = absl::HexStringToBytes(vector.message);
    EXPECT_EQ(absl::BytesToHexString(key->Sign(message)), vector.signature);
    const auto verify = VerifyKey::FromBytes(absl::HexStringToBytes(vector.public_key));
    ASSERT_TRUE(verify.ok());
    EXPECT_TRUE(verify->Verify(message, absl::HexStringToBytes(vector.signature)));
  }
}

TEST(Ed25519, RefusesEveryFlippedBit) {
  auto random = MakeOsRandom();
  const SigningKey key = SigningKey::Generate(*random);
  const std::string message = "message";
  const std::string signature = key.Sign(message);
  for (size_t bit = 0; bit < signature.size() * 8; ++bit) {
    std::string changed = signature;
    changed[bit / 8] = static_cast<char>(changed[bit / 8] ^ (1 << (bit % 8)));
    EXPECT_FALSE(key.verify_key().Verify(message, changed)) << bit;
  }
  EXPECT_FALSE(key.verify_key().Verify("massage", signature));
  EXPECT_FALSE(key.verify_key().Verify(message, signature.substr(1)));
  EXPECT_FALSE(key.verify_key().Verify(message, ""));
  EXPECT_FALSE(SigningKey::Generate(*random).verify_key().Verify(message, signature));
}

TEST(Ed25519, RefusesKeysOfAnotherSize) {
  EXPECT_FALSE(VerifyKey::FromBytes(std::string(31, 'k')).ok());
  EXPECT_FALSE(VerifyKey::FromBytes("").ok());
  EXPECT_FALSE(SigningKey::FromSeed(Secret(std::string(33, 'k'))).ok());
  EXPECT_FALSE(VerifyKey().Verify("", std::string(64, '\0')));
}

TEST(SignedBytes, NamesKindAndPartnership) {
  EXPECT_EQ(SignedBytes("question", "idn-khm", "body"),
            std::string("lintas/question/v1\0idn-khm\0body", 31));
}

}  // namespace
}  // namespace lintas

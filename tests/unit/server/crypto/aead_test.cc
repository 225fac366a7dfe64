#include "server/crypto/aead.h"

#include <gtest/gtest.h>

#include <string>

#include "absl/strings/escaping.h"

namespace lintas {
namespace {

// McGrew and Viega, "The Galois/Counter Mode of Operation (GCM)", test cases 13, 14 and 16.
struct Vector {
  const char* key;
  const char* nonce;
  const char* plain;
  const char* aad;
  const char* cipher_and_tag;
};
constexpr Vector kVectors[] = {
    {"0000000000000000000000000000000000000000000000000000000000000000", "000000000000000000000000",
     "", "", "530f8afbc74536b9a963b4f1c4cb738b"},
    {"0000000000000000000000000000000000000000000000000000000000000000", "000000000000000000000000",
     "00000000000000000000000000000000", "",
     "cea7403d4d606b6e074ec5d3baf39d18d0d1c8a799996bf0265b98b5d48ab919"},
    {"feffe9928665731c6d6a8f9467308308feffe9928665731c6d6a8f9467308308", "cafebabefacedbaddecaf888",
     "d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a721c3c0c95956809532fcf0e2449a6"
     "b525b16aedf5aa0de657ba637b39",
     "feedfacedeadbeeffeedfacedeadbeefabaddad2",
     "522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1aa8cb08e48590dbb3da7b08b1056"
     "828838c5f61e6393ba7a0abcc9f66276fc6ece0f4e1768cddf8853bb2d551b"},
};

std::string Bytes(const char* hex) { return absl::HexStringToBytes(hex); }

TEST(Aead, MatchesPublishedVectors) {
  for (const Vector& v : kVectors) {
    const std::string sealed = AeadSeal(Bytes(v.key), Bytes(v.nonce), Bytes(v.plain), Bytes(v.aad));
    EXPECT_EQ(absl::BytesToHexString(sealed), std::string(v.nonce) + v.cipher_and_tag);
    const auto plain = AeadOpen(Bytes(v.key), sealed, Bytes(v.aad));
    ASSERT_TRUE(plain.ok());
    EXPECT_EQ(*plain, Bytes(v.plain));
  }
}

class AeadRefuses : public ::testing::Test {
 protected:
  const std::string key_ = std::string(kAeadKeySize, 'k');
  const std::string sealed_ = AeadSeal(key_, std::string(kAeadNonceSize, 'n'), "payload", "aad");
};

TEST_F(AeadRefuses, EveryFlippedBit) {
  for (size_t bit = 0; bit < sealed_.size() * 8; ++bit) {
    std::string changed = sealed_;
    changed[bit / 8] = static_cast<char>(changed[bit / 8] ^ (1 << (bit % 8)));
    EXPECT_EQ(AeadOpen(key_, changed, "aad").status().code(), absl::StatusCode::kDataLoss) << bit;
  }
}

TEST_F(AeadRefuses, EveryCut) {
  for (size_t size = 0; size < sealed_.size(); ++size) {
    EXPECT_FALSE(AeadOpen(key_, sealed_.substr(0, size), "aad").ok()) << size;
  }
}

TEST_F(AeadRefuses, AnotherKeyOrAad) {
  EXPECT_FALSE(AeadOpen(std::string(kAeadKeySize, 'x'), sealed_, "aad").ok());
  EXPECT_FALSE(AeadOpen(key_, sealed_, "aae").ok());
  EXPECT_FALSE(AeadOpen(key_, sealed_, "").ok());
  // A refusal leaves the thread's context usable.
  EXPECT_EQ(*AeadOpen(key_, sealed_, "aad"), "payload");
}

}  // namespace
}  // namespace lintas

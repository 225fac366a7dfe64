#include "server/ledger/note/cosignature.h"

#include <gtest/gtest.h>

#include <string>

#include "server/ledger/note/checkpoint.h"
#include "tests/unit/server/ledger/note/test_keys.h"

namespace lintas::note {
namespace {

// C2SP: tlog-cosignature.md, the example. Its public key is not published; the form is.
constexpr char kExample[] =
    "example.com/behind-the-sofa\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n\n"
    "— example.com/behind-the-sofa "
    "Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5/Zhcyv2q1gG"
    "zGku9nTo+zyWE+xeMcTOAYQ8=\n"
    "— witness.example.com/w1 "
    "jWbPPwAAAABkGFDLEZMHwSRaJNiIDoe9DYn/zXcrtPHeolMI5OWXEhZCB9dlrDJsX3b2oyin"
    "1nPZqhf5nNo0xUe+mbIUBkBIfZ+qnA==\n";

TEST(Cosignature, HasThePublishedForm) {
  const auto note = ParseNote(kExample);
  ASSERT_TRUE(note.ok()) << note.status();
  ASSERT_EQ(note->signatures.size(), 2u);
  EXPECT_EQ(note->signatures[1].key_id, 0x8d66cf3fu);
  EXPECT_EQ(*CosignatureTime(note->signatures[1]), absl::FromUnixSeconds(1679315147));
  EXPECT_FALSE(CosignatureTime(note->signatures[0]).ok());
  EXPECT_EQ(FormatNote(*note), kExample);
}

TEST(Cosignature, SignsTimeAndBody) {
  const std::string body = ParseNote(kExample)->text;
  const SigningKey key = TestKey('w');
  const Signature signature =
      Cosign(body, "witness.example/held", key, absl::FromUnixMillis(1679315147999));
  EXPECT_EQ(*CosignatureTime(signature), absl::FromUnixSeconds(1679315147));
  // The message as the standard shows it, letter by letter.
  EXPECT_EQ(signature.bytes.substr(8), key.Sign("cosignature/v1\ntime 1679315147\n"
                                                "example.com/behind-the-sofa\n20852163\n"
                                                "CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n"));
  EXPECT_TRUE(VerifySignature(body, signature, WitnessKey("witness.example/held", 'w')));
}

TEST(Cosignature, IsRefusedWithAnyBitChanged) {
  const std::string body = "a.example\n0\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n";
  const SigningKey key = TestKey('w');
  const Signature good = Cosign(body, "w.example", key, absl::FromUnixSeconds(1700000000));
  ASSERT_TRUE(VerifyCosignature(body, good, key.verify_key()));
  for (size_t bit = 0; bit < good.bytes.size() * 8; ++bit) {
    Signature changed = good;
    changed.bytes[bit / 8] = static_cast<char>(changed.bytes[bit / 8] ^ (1 << (bit % 8)));
    EXPECT_FALSE(VerifyCosignature(body, changed, key.verify_key())) << bit;
  }
  EXPECT_FALSE(VerifyCosignature("b" + body.substr(1), good, key.verify_key()));
  EXPECT_FALSE(VerifyCosignature(body, good, TestKey('x').verify_key()));
}

TEST(Cosignature, HasATimeBelow2To63) {
  Signature signature{"w.example", 1, std::string(72, '\0')};
  signature.bytes[0] = '\x80';
  EXPECT_FALSE(CosignatureTime(signature).ok());
  signature.bytes[0] = '\x7F';
  EXPECT_TRUE(CosignatureTime(signature).ok());
  signature.bytes.push_back('\0');
  EXPECT_FALSE(CosignatureTime(signature).ok());
}

}  // namespace
}  // namespace lintas::note

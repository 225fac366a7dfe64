#include "certs/issuing.h"

#include <gtest/gtest.h>

#include "server/crypto/os_random.h"

namespace lintas {
namespace {

TEST(Issuing, RefusesANameThatSmugglesInASecond) {
  const std::unique_ptr<Random> random = MakeOsRandom();
  CertificateSpec spec;
  spec.common_name = "somebody";
  spec.not_before = absl::FromUnixSeconds(1790000000);
  spec.not_after = spec.not_before + absl::Hours(1);
  const TlsKey key = TlsKey::Generate();
  spec.uris = {"spiffe://imigrasi.go.id/officer/a"};
  EXPECT_TRUE(MakeCertificate(spec, key, nullptr, *random).ok());
  for (const char* uri : {"spiffe://a,URI:spiffe://b", "a b", "a\nb", ""}) {
    spec.uris = {uri};
    EXPECT_FALSE(MakeCertificate(spec, key, nullptr, *random).ok()) << uri;
  }
}

TEST(Issuing, KeepsTheSerialsLength) {
  const std::unique_ptr<Random> random = MakeOsRandom();
  for (int i = 0; i < 300; ++i) {
    const std::string serial = RandomSerial(*random);
    ASSERT_EQ(serial.size(), 16u);
    ASSERT_EQ(static_cast<unsigned char>(serial[0]) & 0xc0, 0x40);
  }
}

}  // namespace
}  // namespace lintas

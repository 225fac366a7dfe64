#include "server/crypto/chip/security_object.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "server/base/error.h"
#include "tests/support/synthetic_chip.h"

namespace lintas::chip {
namespace {

using synthetic::Country;
using synthetic::EcKey;
using synthetic::Group1;
using synthetic::Groups;
using synthetic::kZoneIndonesia;
using synthetic::ObjectSpec;
using synthetic::SignSpec;
using synthetic::Tlv;

const Country& Indonesia() {
  static const auto& country = *new Country(EcKey("P-256"), EcKey("P-256"));
  return country;
}

Groups MakeGroups() { return {{1, Group1(kZoneIndonesia)}, {14, Tlv(0x6E, "SYNTHETIC")}}; }

std::string GoodSod() { return Indonesia().SodOf(MakeGroups()); }

std::string ReasonOf(const std::string& file) {
  return ErrorReason(ParseSecurityObject(file).status());
}

std::string WithObject(const ObjectSpec& spec) { return Indonesia().SodOf(MakeGroups(), spec); }

TEST(SecurityObject, IsReadWithItsHashes) {
  const auto object = ParseSecurityObject(GoodSod());
  ASSERT_TRUE(object.ok()) << object.status();
  EXPECT_EQ(object->hash, "SHA256");
  EXPECT_EQ(object->version, 0);
  ASSERT_EQ(object->hashes.size(), 2u);
  EXPECT_EQ(object->hashes.at(1), synthetic::Digest(EVP_sha256(), MakeGroups()[1]));
}

TEST(SecurityObject, ReadsVersion1WithItsVersions) {
  ObjectSpec spec;
  spec.version = 1;
  spec.version_info = true;
  const auto object = ParseSecurityObject(WithObject(spec));
  ASSERT_TRUE(object.ok()) << object.status();
  EXPECT_EQ(object->lds_version, "0108");
  EXPECT_EQ(object->unicode_version, "040000");
}

// The place of the SignedData's version: the first INTEGER of the file.
size_t VersionAt(const std::string& sod) { return sod.find(std::string("\x02\x01\x03", 3)) + 2; }

// OpenSSL's signature check takes these three and the trailing byte.
TEST(SecurityObject, RefusesOtherVersionsOfSignedData) {
  for (const char version : {1, 2, 4}) {
    std::string sod = GoodSod();
    sod[VersionAt(sod)] = version;
    EXPECT_EQ(ReasonOf(sod), "SIGNED_DATA_VERSION") << int{version};
  }
}

TEST(SecurityObject, RefusesTrailingBytes) {
  EXPECT_EQ(ReasonOf(GoodSod() + '\0'), "SOD_TRAILING_BYTES");
  // Inside the wrapping tag, after the signed data.
  const std::string signed_data = synthetic::SignedData(synthetic::LdsObject(MakeGroups()),
                                                        Indonesia().signer, Indonesia().signer_key);
  EXPECT_EQ(ReasonOf(synthetic::Sod(signed_data + '\0')), "SOD_TRAILING_BYTES");
}

TEST(SecurityObject, RefusesAnotherTagAndACutFile) {
  std::string sod = GoodSod();
  EXPECT_EQ(ReasonOf(sod.substr(0, sod.size() - 1)), "SOD_LENGTH");
  EXPECT_EQ(ReasonOf(sod.substr(4)), "SOD_TAG");  // The signed data without tag 77.
  sod[0] = 0x76;
  EXPECT_EQ(ReasonOf(sod), "SOD_TAG");
  EXPECT_EQ(ReasonOf(""), "SOD_TAG");
}

TEST(SecurityObject, RefusesAnotherContentType) {
  SignSpec sign;
  sign.content_oid = "2.23.136.1.1.2";
  EXPECT_EQ(ReasonOf(Indonesia().SodOf(MakeGroups(), {}, sign)), "CONTENT_TYPE");
}

TEST(SecurityObject, RefusesAnUnknownHash) {
  ObjectSpec spec;
  spec.hash_oid = "1.2.840.113549.2.5";  // MD5.
  spec.hash = EVP_md5();
  EXPECT_EQ(ReasonOf(WithObject(spec)), "UNKNOWN_HASH");
}

TEST(SecurityObject, RefusesAHashOfAnotherLength) {
  ObjectSpec spec;
  spec.hash = EVP_sha512();  // The object says SHA-256.
  EXPECT_EQ(ReasonOf(WithObject(spec)), "HASH_LENGTH");
}

TEST(SecurityObject, RefusesVersionsThatDoNotFit) {
  ObjectSpec two;
  two.version = 2;
  EXPECT_EQ(ReasonOf(WithObject(two)), "LDS_VERSION");
  ObjectSpec one_without;
  one_without.version = 1;
  EXPECT_EQ(ReasonOf(WithObject(one_without)), "LDS_VERSION");
  ObjectSpec zero_with;
  zero_with.version_info = true;
  EXPECT_EQ(ReasonOf(WithObject(zero_with)), "LDS_VERSION");
}

TEST(SecurityObject, RefusesTwoHashesOfOneGroupAndUnknownGroups) {
  ObjectSpec twice;
  twice.more_hashes = synthetic::GroupHash(1, std::string(32, 'x'));
  EXPECT_EQ(ReasonOf(WithObject(twice)), "DUPLICATE_GROUP");
  for (const int number : {0, 17}) {
    ObjectSpec unknown;
    unknown.more_hashes = synthetic::GroupHash(number, std::string(32, 'x'));
    EXPECT_EQ(ReasonOf(WithObject(unknown)), "UNKNOWN_GROUP") << number;
  }
}

TEST(SecurityObject, RefusesAnObjectWithoutHashes) {
  EXPECT_EQ(ReasonOf(Indonesia().SodOf({})), "LDS_OBJECT");
}

TEST(ZoneOfGroup1, TakesTheThreeSizesOnly) {
  EXPECT_EQ(*ZoneOfGroup1(Group1(kZoneIndonesia)), kZoneIndonesia);
  EXPECT_TRUE(ZoneOfGroup1(Group1(std::string(90, '<'))).ok());
  EXPECT_TRUE(ZoneOfGroup1(Group1(std::string(72, '<'))).ok());
  EXPECT_EQ(ErrorReason(ZoneOfGroup1(Group1(std::string(89, '<'))).status()), "DG1_FORM");
  EXPECT_EQ(ErrorReason(ZoneOfGroup1(Group1(kZoneIndonesia) + "x").status()), "DG1_FORM");
  EXPECT_EQ(ErrorReason(ZoneOfGroup1(Tlv(0x75, "x")).status()), "DG1_FORM");
}

}  // namespace
}  // namespace lintas::chip

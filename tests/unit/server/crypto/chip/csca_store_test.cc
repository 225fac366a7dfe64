#include "server/crypto/chip/csca_store.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "server/base/error.h"
#include "tests/support/synthetic_chip.h"

namespace lintas::chip {
namespace {

using synthetic::Cert;
using synthetic::CertSpec;
using synthetic::Country;
using synthetic::Der;
using synthetic::EcKey;
using synthetic::Key;
using synthetic::MakeCert;
using synthetic::Pem;
using synthetic::RsaKey;
using synthetic::SignSpec;

const Country& Indonesia() {
  static const auto& country = *new Country(EcKey("P-256"), EcKey("P-256"));
  return country;
}

Cert OtherCsca(const char* country, int serial = 0) {
  CertSpec spec;
  spec.country = country;
  spec.serial = serial;
  const Key key = EcKey("P-256");
  return MakeCert(spec, key, {key, nullptr});
}

std::string MasterList(const std::vector<Cert>& certificates, const char* oid = "2.23.136.1.1.2") {
  SignSpec sign;
  sign.content_oid = oid;
  return synthetic::SignedData(synthetic::MasterListContent(certificates), Indonesia().signer,
                               Indonesia().signer_key, sign);
}

std::string ReasonOf(absl::string_view file) {
  CscaStore store;
  return ErrorReason(store.Add(file).status());
}

TEST(CscaStore, TakesDerAndPem) {
  CscaStore store;
  EXPECT_EQ(store.Add(Der(Indonesia().csca))->read, 1u);
  const auto report =
      store.Add(absl::StrCat("note\n", Pem(Indonesia().csca), Pem(OtherCsca("KH"))));
  ASSERT_TRUE(report.ok()) << report.status();
  EXPECT_EQ(report->read, 1u);
  EXPECT_EQ(report->repeated, 1u);
  EXPECT_EQ(store.size(), 2u);
  EXPECT_TRUE(store.HoldsCountry("KH"));
  EXPECT_FALSE(store.HoldsCountry("TH"));
}

// CMS_get1_certs would give the signer alone.
TEST(CscaStore, TakesEveryCertificateInAMasterListAndNotItsSigner) {
  const std::vector<Cert> certificates = {Indonesia().csca, OtherCsca("KH"), OtherCsca("TH"),
                                          OtherCsca("DE")};
  CscaStore store;
  const auto report = store.Add(MasterList(certificates));
  ASSERT_TRUE(report.ok()) << report.status();
  EXPECT_EQ(report->kind, SourceKind::kMasterList);
  EXPECT_EQ(report->read, 4u);
  EXPECT_EQ(store.size(), 4u);
  for (const auto& facts : store.Facts()) EXPECT_NE(facts.subject, "CN=SYNTHETIC DS,C=ID");
}

TEST(CscaStore, TakesAMasterListAsPemAndAsBareContent) {
  const std::string list = MasterList({Indonesia().csca});
  std::string base64 = absl::Base64Escape(list), pem = "-----BEGIN CMS-----\n";
  for (size_t at = 0; at < base64.size(); at += 64) {
    absl::StrAppend(&pem, base64.substr(at, 64), "\n");
  }
  absl::StrAppend(&pem, "-----END CMS-----\n");
  CscaStore store;
  const auto from_pem = store.Add(pem);
  ASSERT_TRUE(from_pem.ok()) << from_pem.status();
  EXPECT_EQ(from_pem->kind, SourceKind::kMasterList);
  const auto bare = store.Add(synthetic::MasterListContent({OtherCsca("KH")}));
  ASSERT_TRUE(bare.ok()) << bare.status();
  EXPECT_EQ(bare->kind, SourceKind::kMasterListContent);
  EXPECT_EQ(store.size(), 2u);
}

// Three of the published sample carry serial 0.
TEST(CscaStore, KeepsCertificatesOfOneSerialApart) {
  CscaStore store;
  ASSERT_TRUE(store.Add(MasterList({OtherCsca("ID"), OtherCsca("ID"), OtherCsca("ID")})).ok());
  EXPECT_EQ(store.Of("ID").anchors.size(), 3u);
}

TEST(CscaStore, KeepsARenewedCertificateBesideTheOldOne) {
  CertSpec renewed;
  renewed.not_after = synthetic::Day(2045, 1, 1);
  CscaStore store;
  ASSERT_TRUE(store.Add(Der(Indonesia().csca)).ok());
  ASSERT_TRUE(
      store.Add(Der(MakeCert(renewed, Indonesia().csca_key, {Indonesia().csca_key, nullptr})))
          .ok());
  EXPECT_EQ(store.Of("ID").anchors.size(), 2u);
}

TEST(CscaStore, TellsLinksFromAnchors) {
  const Key key = EcKey("P-256");
  CertSpec spec;
  spec.serial = 2;
  CscaStore store;
  ASSERT_TRUE(store.Add(Der(MakeCert(spec, key, {Indonesia().csca_key, Indonesia().csca}))).ok());
  EXPECT_TRUE(store.Of("ID").anchors.empty());
  EXPECT_EQ(store.Of("ID").links.size(), 1u);
  EXPECT_TRUE(store.Of("KH").links.empty());
}

TEST(CscaStore, RefusesAMasterListWithAWrongSignature) {
  std::string list = MasterList({Indonesia().csca});
  list.back() ^= 1;
  CscaStore store;
  EXPECT_EQ(ErrorReason(store.Add(list).status()), "MASTER_LIST_SIGNATURE");
  EXPECT_EQ(store.size(), 0u);
}

TEST(CscaStore, SaysWhenAMasterListCannotBeChecked) {
  SignSpec sign;
  sign.content_oid = "2.23.136.1.1.2";
  sign.hash = EVP_md5();
  const Country country(RsaKey(2048), RsaKey(2048));
  CscaStore store;
  const auto report = store.Add(synthetic::SignedData(
      synthetic::MasterListContent({Indonesia().csca}), country.signer, country.signer_key, sign));
  ASSERT_TRUE(report.ok()) << report.status();
  EXPECT_EQ(report->kind, SourceKind::kUnverifiableMasterList);
}

TEST(CscaStore, PassesOverUnreadableCertificatesOfAList) {
  std::string content = synthetic::Tlv(
      0x30, synthetic::Tlv(0x02, std::string(1, '\0')) +
                synthetic::Tlv(0x31, synthetic::Tlv(0x30, "no") + Der(Indonesia().csca)));
  CscaStore store;
  const auto report = store.Add(content);
  ASSERT_TRUE(report.ok()) << report.status();
  EXPECT_EQ(report->read, 1u);
  EXPECT_EQ(report->unreadable, 1u);
}

TEST(CscaStore, RefusesWhatIsNoAuthority) {
  EXPECT_EQ(ReasonOf(Der(Indonesia().signer)), "NO_CERTIFICATE");
  EXPECT_EQ(ReasonOf(""), "NO_CERTIFICATE");
  EXPECT_EQ(ReasonOf("-----BEGIN nothing"), "NO_CERTIFICATE");
  EXPECT_EQ(ReasonOf(std::string("\x30\x03\x02\x01\x00", 5)), "MASTER_LIST_FORM");
  EXPECT_EQ(ReasonOf(MasterList({Indonesia().csca}, "2.23.136.1.1.1")), "MASTER_LIST_FORM");
  EXPECT_EQ(ReasonOf(Der(Indonesia().csca) + "x"), "MASTER_LIST_FORM");
}

TEST(CscaStore, RefusesWhatIsNoRevocationList) {
  CscaStore store;
  EXPECT_EQ(ErrorReason(store.AddCrl(Der(Indonesia().csca))), "NO_CRL");
  EXPECT_EQ(ErrorReason(store.AddCrl("")), "NO_CRL");
}

TEST(Facts, TellACertificateToPeople) {
  const CertificateFacts facts = FactsOf(Indonesia().csca.get());
  EXPECT_EQ(facts.country, "ID");
  EXPECT_EQ(facts.subject, "CN=SYNTHETIC CSCA,C=ID");
  EXPECT_EQ(facts.serial, "01");
  EXPECT_EQ(facts.not_before, "2020-01-01T00:00:00+00:00");
  EXPECT_EQ(facts.key, "EC prime256v1");
  EXPECT_EQ(facts.sha256.size(), 64u);
  EXPECT_EQ(facts.subject_key_id.size(), 40u);
  EXPECT_TRUE(facts.self_issued);
}

}  // namespace
}  // namespace lintas::chip

#include "server/crypto/chip/passive_authentication.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "absl/strings/str_cat.h"
#include "server/crypto/chip/der.h"
#include "tests/support/synthetic_chip.h"

namespace lintas::chip {
namespace {

using synthetic::CertSpec;
using synthetic::Country;
using synthetic::Day;
using synthetic::Der;
using synthetic::EcKey;
using synthetic::Group1;
using synthetic::Groups;
using synthetic::Issuer;
using synthetic::Key;
using synthetic::kZoneIndonesia;
using synthetic::MakeCert;
using synthetic::ObjectSpec;
using synthetic::RsaKey;
using synthetic::SignedData;
using synthetic::SignerSpec;
using synthetic::SignSpec;
using synthetic::Sod;
using testing::Contains;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::Not;

const absl::Time kAt = Day(2026, 11, 24);

// Keys take longest: one pair for all that is not about keys.
const Country& Indonesia() {
  static const auto& country = *new Country(EcKey("P-256"), EcKey("P-256"));
  return country;
}

Groups MakeGroups() {
  return {{1, Group1(kZoneIndonesia)}, {2, synthetic::Tlv(0x75, "SYNTHETIC picture")}};
}

CscaStore Holding(const std::vector<synthetic::Cert>& certificates) {
  CscaStore store;
  for (const auto& certificate : certificates) EXPECT_TRUE(store.Add(Der(certificate)).ok());
  return store;
}

ChipReport Check(const std::string& sod, const CscaStore& store, Groups groups = MakeGroups(),
                 absl::Time at = kAt) {
  ChipInput input;
  input.security_object = sod;
  input.groups = std::move(groups);
  input.at = at;
  return Authenticate(input, store);
}

void ExpectAuthentic(const Country& country) {
  const ChipReport report = Check(country.SodOf(MakeGroups()), Holding({country.csca}));
  EXPECT_EQ(report.verdict, Verdict::kAuthentic) << testing::PrintToString(report.reasons);
  EXPECT_EQ(report.signature, SignatureResult::kGood);
  EXPECT_EQ(report.chain, ChainResult::kAnchored);
  EXPECT_THAT(report.reasons, IsEmpty());
}

TEST(PassiveAuthentication, AcceptsWhatTheCountrySigned) {
  const ChipReport report = Check(Indonesia().SodOf(MakeGroups()), Holding({Indonesia().csca}));
  EXPECT_EQ(report.verdict, Verdict::kAuthentic);
  EXPECT_EQ(report.issuing_state, "IDN");
  EXPECT_EQ(report.groups.at(1), GroupState::kMatches);
  EXPECT_EQ(report.groups.at(2), GroupState::kMatches);
  EXPECT_EQ(report.certificates.size(), 2u);
  EXPECT_THAT(report.flags, IsEmpty());
}

TEST(PassiveAuthentication, SaysBesideAGoodVerdictWhatItDoesNotSay) {
  const ChipReport report = Check(Indonesia().SodOf(MakeGroups()), Holding({Indonesia().csca}));
  EXPECT_THAT(report.not_said, ElementsAre("COPY_NOT_EXCLUDED", "HOLDER_NOT_COMPARED",
                                           "DOCUMENT_NOT_EXAMINED", "REVOCATION_NOT_CHECKED"));
  for (const std::string& code : report.not_said) EXPECT_NE(NotSaidText(code), "") << code;
}

TEST(PassiveAuthentication, SaysWhichSignedGroupsWereNotRead) {
  Groups groups = MakeGroups();
  const std::string sod = Indonesia().SodOf(groups);
  groups.erase(2);
  const ChipReport report = Check(sod, Holding({Indonesia().csca}), groups);
  EXPECT_EQ(report.verdict, Verdict::kAuthentic);
  EXPECT_EQ(report.groups.at(2), GroupState::kNotRead);
  EXPECT_THAT(report.not_said, Contains("GROUPS_NOT_READ"));
}

TEST(PassiveAuthentication, AcceptsEveryCurveNamedAndWrittenOut) {
  for (const char* curve : {"prime256v1", "secp384r1", "secp521r1", "brainpoolP256r1",
                            "brainpoolP320r1", "brainpoolP384r1", "brainpoolP512r1"}) {
    for (const bool written_out : {false, true}) {
      SCOPED_TRACE(absl::StrCat(curve, written_out ? " explicit" : " named"));
      const Country country(EcKey(curve, written_out), EcKey(curve, written_out));
      ExpectAuthentic(country);
      const ChipReport report = Check(country.SodOf(MakeGroups()), Holding({country.csca}));
      EXPECT_EQ(report.flags.empty(), !written_out);
      EXPECT_EQ(testing::Matches(Contains("EXPLICIT_CURVE"))(report.flags), written_out);
      EXPECT_EQ(report.certificates[0].key, absl::StrCat("EC ", curve));
    }
  }
}

// A curve with another base point: OpenSSL finds no name for it, so nobody vetted it.
Key UnnamedCurveKey() {
  EC_GROUP* group = EC_GROUP_new_by_curve_name(NID_X9_62_prime256v1);
  EC_POINT* twice = EC_POINT_new(group);
  LINTAS_CHECK(EC_POINT_dbl(group, twice, EC_GROUP_get0_generator(group), nullptr) == 1);
  BIGNUM* order = BN_dup(EC_GROUP_get0_order(group));
  LINTAS_CHECK(EC_GROUP_set_generator(group, twice, order, BN_value_one()) == 1);
  EC_GROUP_set_curve_name(group, NID_undef);
  EC_GROUP_set_asn1_flag(group, OPENSSL_EC_EXPLICIT_CURVE);
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wdeprecated-declarations"
  EC_KEY* ec = EC_KEY_new();
  LINTAS_CHECK(EC_KEY_set_group(ec, group) == 1 && EC_KEY_generate_key(ec) == 1);
  EVP_PKEY* key = EVP_PKEY_new();
  LINTAS_CHECK(EVP_PKEY_assign_EC_KEY(key, ec) == 1);
#pragma GCC diagnostic pop
  EC_POINT_free(twice);
  BN_free(order);
  EC_GROUP_free(group);
  return Key(key, &EVP_PKEY_free);
}

TEST(PassiveAuthentication, NeverVerifiesWithAnUnnamedCurve) {
  const Country signer_odd(EcKey("P-256"), UnnamedCurveKey());
  ChipReport report = Check(signer_odd.SodOf(MakeGroups()), Holding({signer_odd.csca}));
  EXPECT_EQ(report.verdict, Verdict::kUnverifiable);
  EXPECT_THAT(report.reasons, Contains("KEY_NOT_ALLOWED"));
  const Country csca_odd(UnnamedCurveKey(), EcKey("P-256"));
  report = Check(csca_odd.SodOf(MakeGroups()), Holding({csca_odd.csca}));
  EXPECT_EQ(report.verdict, Verdict::kUnverifiable);
  EXPECT_THAT(report.reasons, Contains("CURVE_NOT_ALLOWED"));
}

TEST(PassiveAuthentication, AcceptsRsaWithBothPaddings) {
  for (const bool pss : {false, true}) {
    SCOPED_TRACE(pss);
    CertSpec csca, signer = SignerSpec();
    csca.pss = signer.pss = pss;
    const Country country(RsaKey(2048), RsaKey(2048), csca, signer);
    SignSpec sign;
    sign.pss = pss;
    const ChipReport report = Check(country.SodOf(MakeGroups(), {}, sign), Holding({country.csca}));
    EXPECT_EQ(report.verdict, Verdict::kAuthentic) << testing::PrintToString(report.reasons);
    EXPECT_EQ(report.signature_algorithm, pss ? "RSASSA-PSS" : "rsaEncryption");
    EXPECT_THAT(report.flags, IsEmpty());
  }
}

struct HashCase {
  const char* oid;
  const EVP_MD* hash;
  bool weak;
};

TEST(PassiveAuthentication, AcceptsTheHashesOfIcaoAndFlagsTheOldOnes) {
  for (const HashCase& one : {HashCase{"2.16.840.1.101.3.4.2.1", EVP_sha256(), false},
                              HashCase{"2.16.840.1.101.3.4.2.2", EVP_sha384(), false},
                              HashCase{"2.16.840.1.101.3.4.2.3", EVP_sha512(), false},
                              HashCase{"2.16.840.1.101.3.4.2.4", EVP_sha224(), true},
                              HashCase{"1.3.14.3.2.26", EVP_sha1(), true}}) {
    SCOPED_TRACE(one.oid);
    ObjectSpec object;
    object.hash_oid = one.oid;
    object.hash = one.hash;
    SignSpec sign;
    sign.hash = one.hash;
    const ChipReport report =
        Check(Indonesia().SodOf(MakeGroups(), object, sign), Holding({Indonesia().csca}));
    EXPECT_EQ(report.verdict, Verdict::kAuthentic) << testing::PrintToString(report.reasons);
    EXPECT_EQ(report.flags.empty(), !one.weak);
    EXPECT_EQ(testing::Matches(Contains("WEAK_HASH"))(report.flags), one.weak);
  }
}

TEST(PassiveAuthentication, FlagsShortKeysAndOldHashesOfTheChain) {
  CertSpec signer = SignerSpec();
  signer.hash = EVP_sha1();
  const Country country(RsaKey(1024), RsaKey(2048), {}, signer);
  const ChipReport report = Check(country.SodOf(MakeGroups()), Holding({country.csca}));
  EXPECT_EQ(report.verdict, Verdict::kAuthentic);
  EXPECT_THAT(report.flags, ElementsAre("WEAK_HASH", "WEAK_KEY"));
}

TEST(PassiveAuthentication, NamesEachAlteredGroup) {
  const std::string sod = Indonesia().SodOf(MakeGroups());
  for (const int altered : {1, 2}) {
    Groups groups = MakeGroups();
    groups[altered].back() ^= 1;
    const ChipReport report = Check(sod, Holding({Indonesia().csca}), groups);
    EXPECT_EQ(report.verdict, Verdict::kAltered);
    EXPECT_EQ(report.reasons.front(), "GROUP_ALTERED");
    EXPECT_EQ(report.groups.at(altered), GroupState::kAltered);
    EXPECT_EQ(report.groups.at(3 - altered), GroupState::kMatches);
    EXPECT_EQ(report.signature, SignatureResult::kGood);
  }
}

// What OpenSSL's signature check alone accepts: another holder's group 1 beside this object.
TEST(PassiveAuthentication, FindsASwappedGroup1) {
  Groups groups = MakeGroups();
  const std::string sod = Indonesia().SodOf(groups);
  std::string zone = kZoneIndonesia;
  zone[5] = 'T';
  groups[1] = Group1(zone);
  EXPECT_EQ(Check(sod, Holding({Indonesia().csca}), groups).verdict, Verdict::kAltered);
}

TEST(PassiveAuthentication, TellsAGroupThatNobodySigned) {
  Groups groups = MakeGroups();
  const std::string sod = Indonesia().SodOf(groups);
  groups[11] = synthetic::Tlv(0x6B, "SYNTHETIC");
  const ChipReport report = Check(sod, Holding({Indonesia().csca}), groups);
  EXPECT_EQ(report.verdict, Verdict::kAltered);
  EXPECT_EQ(report.groups.at(11), GroupState::kNotSigned);
}

TEST(PassiveAuthentication, TellsAnAlteredGroupAlsoWithoutAnchor) {
  Groups groups = MakeGroups();
  const std::string sod = Indonesia().SodOf(groups);
  groups[2].back() ^= 1;
  EXPECT_EQ(Check(sod, CscaStore(), groups).verdict, Verdict::kAltered);
}

TEST(PassiveAuthentication, TellsAWrongSignatureFromAMissingAnchor) {
  std::string sod = Indonesia().SodOf(MakeGroups());
  EXPECT_EQ(Check(sod, CscaStore()).verdict, Verdict::kNoTrustAnchor);
  sod.back() ^= 1;  // Inside the signature, which ends the file.
  const ChipReport report = Check(sod, Holding({Indonesia().csca}));
  EXPECT_EQ(report.verdict, Verdict::kSignatureBad);
  EXPECT_THAT(report.reasons, ElementsAre("SIGNATURE_WRONG"));
}

TEST(PassiveAuthentication, RefusesASecurityObjectWhoseHashesWereReplaced) {
  std::string sod = Indonesia().SodOf(MakeGroups());
  Groups forged = MakeGroups();
  forged[2] = synthetic::Tlv(0x75, "SYNTHETIC other");
  const std::string old_hash = synthetic::Digest(EVP_sha256(), MakeGroups()[2]);
  const std::string new_hash = synthetic::Digest(EVP_sha256(), forged[2]);
  sod.replace(sod.find(old_hash), old_hash.size(), new_hash);
  const ChipReport report = Check(sod, Holding({Indonesia().csca}), forged);
  EXPECT_EQ(report.verdict, Verdict::kSignatureBad);
  EXPECT_EQ(report.groups.at(2), GroupState::kMatches);
}

TEST(PassiveAuthentication, SaysThatOnlyAnotherCscaOfTheCountryIsHeld) {
  CertSpec spec;
  spec.name = "SYNTHETIC CSCA 2";
  const Key other = EcKey("P-256");
  const auto other_csca = MakeCert(spec, other, {other, nullptr});
  ChipReport report = Check(Indonesia().SodOf(MakeGroups()), Holding({other_csca}));
  EXPECT_EQ(report.verdict, Verdict::kNoTrustAnchor);
  EXPECT_THAT(report.reasons, ElementsAre("NO_ANCHOR_FOR_SIGNER"));
  // The same name with another key is no proof of fraud either.
  const auto same_name = MakeCert({}, other, {other, nullptr});
  report = Check(Indonesia().SodOf(MakeGroups()), Holding({same_name}));
  EXPECT_EQ(report.verdict, Verdict::kNoTrustAnchor);
}

TEST(PassiveAuthentication, FindsTheRightKeyAmongCscasOfOneName) {
  CertSpec csca, signer = SignerSpec();
  csca.key_ids = signer.key_ids = false;  // Nothing says which key signed.
  const Country country(EcKey("P-256"), EcKey("P-256"), csca, signer);
  std::vector<synthetic::Cert> held = {country.csca};
  for (int i = 0; i < 3; ++i) {
    const Key other = EcKey("P-256");
    held.push_back(MakeCert(csca, other, {other, nullptr}));
  }
  EXPECT_EQ(Check(country.SodOf(MakeGroups()), Holding(held)).verdict, Verdict::kAuthentic);
}

TEST(PassiveAuthentication, TellsAForgedSignerCertificate) {
  // Names the real CSCA and its key, signed by somebody else.
  const Key forger = EcKey("P-256");
  const auto signer = MakeCert(SignerSpec(), forger, {forger, Indonesia().csca});
  const std::string sod = Sod(SignedData(synthetic::LdsObject(MakeGroups()), signer, forger));
  const ChipReport report = Check(sod, Holding({Indonesia().csca}));
  EXPECT_EQ(report.verdict, Verdict::kSignatureBad);
  EXPECT_THAT(report.reasons, ElementsAre("SIGNER_CERTIFICATE_FORGED"));
}

TEST(PassiveAuthentication, CountsOnlyAnchorsOfTheIssuingCountry) {
  CertSpec csca;
  csca.country = "KH";
  const Country cambodia(EcKey("P-256"), EcKey("P-256"), csca, SignerSpec("KH"));
  // Cambodia's signer under an Indonesian zone, Cambodia's CSCA held.
  const ChipReport report =
      Check(cambodia.SodOf(MakeGroups()), Holding({cambodia.csca, Indonesia().csca}));
  EXPECT_EQ(report.verdict, Verdict::kWrongCountry);
  EXPECT_EQ(report.chain, ChainResult::kWrongCountry);
  // A signer that calls itself Indonesian under Cambodia's CSCA finds no anchor.
  const Key key = EcKey("P-256");
  const auto pretender = MakeCert(SignerSpec("ID"), key, {cambodia.csca_key, cambodia.csca});
  const std::string sod = Sod(SignedData(synthetic::LdsObject(MakeGroups()), pretender, key));
  EXPECT_EQ(Check(sod, Holding({cambodia.csca, Indonesia().csca})).verdict,
            Verdict::kNoTrustAnchor);
}

TEST(PassiveAuthentication, KnowsTheCodesWhoseLettersDiffer) {
  CertSpec csca;
  csca.country = "de";
  const Country germany(EcKey("P-256"), EcKey("P-256"), csca, SignerSpec("DE"));
  std::string zone = kZoneIndonesia;
  zone.replace(0, 5, "P<D<<");
  Groups groups = MakeGroups();
  groups[1] = Group1(zone);
  EXPECT_EQ(Check(germany.SodOf(groups), Holding({germany.csca}), groups).verdict,
            Verdict::kAuthentic);
}

TEST(PassiveAuthentication, CannotTellWithoutGroup1) {
  Groups groups = MakeGroups();
  const std::string sod = Indonesia().SodOf(groups);
  groups.erase(1);
  const ChipReport report = Check(sod, Holding({Indonesia().csca}), groups);
  EXPECT_EQ(report.verdict, Verdict::kUnverifiable);
  EXPECT_THAT(report.reasons, ElementsAre("DG1_MISSING"));
}

TEST(PassiveAuthentication, JudgesDatesAtTheStatedDay) {
  const std::string sod = Indonesia().SodOf(MakeGroups());
  const CscaStore store = Holding({Indonesia().csca});
  struct Case {
    absl::Time at;
    const char* reason;
  };
  for (const Case& one :
       {Case{Day(2034, 7, 1), "SIGNER_EXPIRED"}, Case{Day(2023, 7, 1), "SIGNER_NOT_YET_VALID"}}) {
    const ChipReport report = Check(sod, store, MakeGroups(), one.at);
    EXPECT_EQ(report.verdict, Verdict::kSignerNotValid);
    EXPECT_THAT(report.reasons, ElementsAre(one.reason));
  }
  EXPECT_EQ(Check(sod, store, MakeGroups(), Day(2034, 5, 1)).verdict, Verdict::kAuthentic);
}

TEST(PassiveAuthentication, TellsAnExpiredCscaFromAnExpiredSigner) {
  CertSpec csca;
  csca.not_after = Day(2025, 1, 1);
  const Country country(EcKey("P-256"), EcKey("P-256"), csca);
  const ChipReport report = Check(country.SodOf(MakeGroups()), Holding({country.csca}));
  EXPECT_EQ(report.verdict, Verdict::kSignerNotValid);
  EXPECT_THAT(report.reasons, ElementsAre("ISSUER_EXPIRED"));
}

TEST(PassiveAuthentication, DoesNotCallAnUnknownSignerMerelyExpired) {
  const std::string sod = Indonesia().SodOf(MakeGroups());
  EXPECT_EQ(Check(sod, CscaStore(), MakeGroups(), Day(2034, 7, 1)).verdict,
            Verdict::kNoTrustAnchor);
}

// Old CSCA held, its key replaced; the link certificate carries the trust over.
TEST(PassiveAuthentication, FollowsALinkCertificate) {
  for (const bool same_name : {true, false}) {
    SCOPED_TRACE(same_name);
    const Key fresh_key = EcKey("brainpoolP256r1", true), signer_key = EcKey("P-256");
    CertSpec spec;
    spec.serial = 2;
    if (!same_name) spec.name = "SYNTHETIC CSCA G2";
    const auto link = MakeCert(spec, fresh_key, {Indonesia().csca_key, Indonesia().csca});
    const auto signer = MakeCert(SignerSpec(), signer_key, {fresh_key, link});
    const std::string sod = Sod(SignedData(synthetic::LdsObject(MakeGroups()), signer, signer_key));
    const ChipReport report = Check(sod, Holding({Indonesia().csca, link}));
    EXPECT_EQ(report.verdict, Verdict::kAuthentic) << testing::PrintToString(report.reasons);
    EXPECT_THAT(report.flags, Contains("LINK_CERTIFICATE_USED"));
    EXPECT_EQ(report.certificates.size(), 3u);
    // A link alone is no anchor: nobody vouches for the key that signed it.
    EXPECT_EQ(Check(sod, Holding({link})).verdict, Verdict::kNoTrustAnchor);
    EXPECT_EQ(Check(sod, Holding({Indonesia().csca})).verdict, Verdict::kNoTrustAnchor);
  }
}

TEST(PassiveAuthentication, TakesTheSignerFromOutsideTheObject) {
  SignSpec sign;
  sign.with_certificate = false;
  const std::string sod = Indonesia().SodOf(MakeGroups(), {}, sign);
  const CscaStore store = Holding({Indonesia().csca});
  ChipReport report = Check(sod, store);
  EXPECT_EQ(report.verdict, Verdict::kUnverifiable);
  EXPECT_THAT(report.reasons, ElementsAre("NO_SIGNER_CERTIFICATE"));
  ChipInput input;
  input.security_object = sod;
  input.groups = MakeGroups();
  input.at = kAt;
  input.signers = *ReadCertificates(synthetic::Pem(Indonesia().signer));
  EXPECT_EQ(Authenticate(input, store).verdict, Verdict::kAuthentic);
}

TEST(PassiveAuthentication, RefusesAnAuthorityOrAnotherPurposeAsSigner) {
  CertSpec authority = SignerSpec();
  authority.authority = true;
  const Country as_authority(EcKey("P-256"), EcKey("P-256"), {}, authority);
  ChipReport report = Check(as_authority.SodOf(MakeGroups()), Holding({as_authority.csca}));
  EXPECT_EQ(report.verdict, Verdict::kUnverifiable);
  EXPECT_THAT(report.reasons, ElementsAre("SIGNER_IS_AUTHORITY"));
  CertSpec other = SignerSpec();
  other.key_usage = "critical,keyAgreement";
  const Country other_use(EcKey("P-256"), EcKey("P-256"), {}, other);
  report = Check(other_use.SodOf(MakeGroups()), Holding({other_use.csca}));
  EXPECT_EQ(report.verdict, Verdict::kUnverifiable);
  EXPECT_THAT(report.reasons, ElementsAre("SIGNER_KEY_USAGE"));
}

TEST(PassiveAuthentication, RefusesASignatureWithoutAttributesOrOfAnotherType) {
  SignSpec sign;
  sign.with_attributes = false;
  ChipReport report = Check(Indonesia().SodOf(MakeGroups(), {}, sign), Holding({Indonesia().csca}));
  EXPECT_EQ(report.verdict, Verdict::kUnverifiable);
  EXPECT_THAT(report.reasons, ElementsAre("NO_SIGNED_ATTRIBUTES"));
  // The outer type is changed after signing; the signed attribute still names the old one.
  SignSpec other;
  other.content_oid = "2.23.136.1.1.9";
  std::string sod = Indonesia().SodOf(MakeGroups(), {}, other);
  const std::string oid = synthetic::OidTlv("2.23.136.1.1.9");
  sod.replace(sod.find(oid), oid.size(), synthetic::OidTlv("2.23.136.1.1.1"));
  report = Check(sod, Holding({Indonesia().csca}));
  EXPECT_EQ(report.verdict, Verdict::kSignatureBad);
  EXPECT_THAT(report.reasons, ElementsAre("ATTRIBUTE_CONTENT_TYPE"));
}

class RevocationTest : public testing::Test {
 protected:
  ChipReport CheckWith(const std::string& crl, absl::Time at = kAt) {
    CscaStore store = Holding({Indonesia().csca});
    EXPECT_TRUE(store.AddCrl(crl).ok());
    return Check(Indonesia().SodOf(MakeGroups()), store, MakeGroups(), at);
  }
  const Issuer issuer_ = {Indonesia().csca_key, Indonesia().csca};
};

TEST_F(RevocationTest, TellsARevokedSigner) {
  const std::string crl =
      synthetic::Crl(issuer_, {{7, Day(2026, 5, 1)}}, Day(2026, 11, 1), Day(2027, 1, 1));
  const ChipReport report = CheckWith(crl);
  EXPECT_EQ(report.verdict, Verdict::kSignerRevoked);
  EXPECT_EQ(report.reasons.front(), "SIGNER_REVOKED");
  // On an earlier day it was not revoked yet.
  EXPECT_EQ(CheckWith(crl, Day(2026, 4, 1)).verdict, Verdict::kAuthentic);
}

TEST_F(RevocationTest, ChecksAndDoesNotFind) {
  const ChipReport report =
      CheckWith(synthetic::Crl(issuer_, {{8, Day(2026, 5, 1)}}, Day(2026, 11, 1), Day(2027, 1, 1)));
  EXPECT_EQ(report.verdict, Verdict::kAuthentic);
  EXPECT_THAT(report.not_said, Not(Contains("REVOCATION_NOT_CHECKED")));
}

TEST_F(RevocationTest, FlagsAStaleList) {
  const ChipReport report =
      CheckWith(synthetic::Crl(issuer_, {}, Day(2026, 1, 1), Day(2026, 2, 1)));
  EXPECT_EQ(report.verdict, Verdict::kAuthentic);
  EXPECT_THAT(report.flags, ElementsAre("STALE_CRL"));
}

TEST_F(RevocationTest, DoesNotBelieveAListOfAnotherKey) {
  const Issuer forger = {EcKey("P-256"), Indonesia().csca};
  const ChipReport report =
      CheckWith(synthetic::Crl(forger, {{7, Day(2026, 5, 1)}}, Day(2026, 11, 1), Day(2027, 1, 1)));
  EXPECT_EQ(report.verdict, Verdict::kAuthentic);
  EXPECT_THAT(report.flags, ElementsAre("CRL_SIGNATURE_WRONG"));
  EXPECT_THAT(report.not_said, Contains("REVOCATION_NOT_CHECKED"));
}

// The signed attributes of a security object with one signer, as a SET.
std::string AttributesOf(const std::string& sod) {
  Element outer, info, field, signers, signer;
  EXPECT_TRUE(DerReader(sod).Next(&outer));
  EXPECT_TRUE(DerReader(outer.content).Next(&info));
  DerReader inner(info.content);
  EXPECT_TRUE(inner.Next(&field) && inner.Next(&field));
  EXPECT_TRUE(DerReader(field.content).Next(&info));
  DerReader fields(info.content);
  while (fields.Next(&signers)) {
  }
  EXPECT_TRUE(DerReader(signers.content).Next(&signer));
  DerReader parts(signer.content);
  for (int i = 0; i < 4; ++i) EXPECT_TRUE(parts.Next(&field));
  std::string attributes(field.whole);
  attributes[0] = 0x31;
  return attributes;
}

// openssl/openssl#22093: the hash is right, its algorithm lacks the NULL parameters.
TEST(PassiveAuthentication, CallsASignatureWithoutParametersUnverifiable) {
  const Country country(RsaKey(2048), RsaKey(2048));
  std::string sod = country.SodOf(MakeGroups());
  const std::string digest_info = synthetic::Tlv(
      0x30, synthetic::Tlv(0x30, synthetic::OidTlv("2.16.840.1.101.3.4.2.1")) +
                synthetic::Tlv(0x04, synthetic::Digest(EVP_sha256(), AttributesOf(sod))));
  std::unique_ptr<EVP_PKEY_CTX, decltype(&EVP_PKEY_CTX_free)> context(
      EVP_PKEY_CTX_new(country.signer_key.get(), nullptr), &EVP_PKEY_CTX_free);
  ASSERT_EQ(EVP_PKEY_sign_init(context.get()), 1);
  ASSERT_EQ(EVP_PKEY_CTX_set_rsa_padding(context.get(), RSA_PKCS1_PADDING), 1);
  std::string signature(256, '\0');
  size_t size = signature.size();
  ASSERT_EQ(
      EVP_PKEY_sign(context.get(), reinterpret_cast<unsigned char*>(&signature[0]), &size,
                    reinterpret_cast<const unsigned char*>(digest_info.data()), digest_info.size()),
      1);
  sod.replace(sod.size() - 256, 256, signature);
  const ChipReport report = Check(sod, Holding({country.csca}));
  EXPECT_EQ(report.verdict, Verdict::kUnverifiable);
  EXPECT_THAT(report.reasons, ElementsAre("DIGEST_INFO_WITHOUT_PARAMETERS"));
}

TEST(PassiveAuthentication, NeverCallsACutOrChangedFileAuthentic) {
  const std::string sod = Indonesia().SodOf(MakeGroups());
  const CscaStore store = Holding({Indonesia().csca});
  for (size_t size = 0; size < sod.size(); size += 7) {
    EXPECT_NE(Check(sod.substr(0, size), store).verdict, Verdict::kAuthentic) << size;
  }
  int authentic = 0;
  for (size_t at = 0; at < sod.size(); at += 3) {
    std::string changed = sod;
    changed[at] ^= 0x10;
    const ChipReport report = Check(changed, store);
    if (report.verdict != Verdict::kAuthentic) continue;
    ++authentic;
    EXPECT_EQ(report.signature, SignatureResult::kGood);
  }
  // Bytes that no signature covers (versions of the signer, names of algorithms) are few.
  EXPECT_LT(authentic, 8);
}

TEST(Verdicts, HaveNamesAndWords) {
  for (int i = 0; i <= static_cast<int>(Verdict::kUnverifiable); ++i) {
    EXPECT_NE(VerdictName(static_cast<Verdict>(i)), "");
    EXPECT_NE(VerdictText(static_cast<Verdict>(i)), "");
  }
  EXPECT_EQ(VerdictName(Verdict::kUnverifiable), "unverifiable");
  EXPECT_EQ(ChainResultName(ChainResult::kUnverifiable), "unverifiable");
  EXPECT_EQ(GroupStateName(GroupState::kNotRead), "not_read");
}

}  // namespace
}  // namespace lintas::chip

#include "server/agreement/agreement.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "server/base/error.h"
#include "tests/support/signed_agreement.h"

namespace lintas {
namespace {

using agreement::v1::Agreement;
using agreement::v1::SignedAgreement;
using testing::HasSubstr;

AgreementVersionPtr First() { return VersionForTest(DefaultAgreementForTest()); }

absl::Status VerifyOf(const SignedAgreement& signed_one,
                      const std::vector<AuthorityKey>& trusted = TrustedKeysForTest(),
                      absl::Time now = SigningDayForTest()) {
  absl::StatusOr<AgreementVersionPtr> version = AgreementVersion::Parse(signed_one);
  return version.ok() ? (*version)->VerifySignatures(trusted, now) : version.status();
}

// Signed by the holders at `which` only.
SignedAgreement SignedBy(const std::vector<int>& which) {
  SignedAgreement signed_one;
  signed_one.set_agreement(DefaultAgreementForTest().SerializeAsString());
  for (int i : which) AddSignatureForTest(KeyOfForTest(OfficeHoldersForTest()[i]), &signed_one);
  return signed_one;
}

TEST(Signatures, OfTwoOfficeHoldersOfEachPartyMakeItValid) {
  EXPECT_TRUE(VerifyOf(SignedBy({0, 1, 2, 3})).ok());
}

TEST(Signatures, OfOnePartyAloneDoNot) {
  const absl::Status status = VerifyOf(SignedBy({0, 1}));
  EXPECT_EQ(ErrorReason(status), "BAD_SIGNATURES");
  EXPECT_THAT(std::string(status.message()), HasSubstr("of khm, 0"));
}

TEST(Signatures, OfOneOfficeHolderOfAPartyDoNot) {
  const absl::Status status = VerifyOf(SignedBy({0, 1, 3}));
  EXPECT_EQ(ErrorReason(status), "BAD_SIGNATURES");
  EXPECT_THAT(std::string(status.message()), HasSubstr("of khm, 1"));
}

TEST(Signatures, OfAnAdministratorsKeyCountForNothing) {
  SignedAgreement signed_one = SignedBy({0, 1, 2});
  AddSignatureForTest(KeyForTest("node administrator"), &signed_one);
  EXPECT_EQ(ErrorReason(VerifyOf(signed_one)), "BAD_SIGNATURES");
}

TEST(Signatures, BindTheBytes) {
  SignedAgreement signed_one = SignedBy({0, 1, 2, 3});
  Agreement changed = DefaultAgreementForTest();
  changed.mutable_limits()->set_questions_per_officer_day(201);
  signed_one.set_agreement(changed.SerializeAsString());
  EXPECT_EQ(ErrorReason(VerifyOf(signed_one)), "BAD_SIGNATURES");
}

TEST(Signatures, CountOncePerKey) {
  EXPECT_EQ(ErrorReason(VerifyOf(SignedBy({0, 1, 2, 2}))), "BAD_SIGNATURES");
}

TEST(Signatures, OfTwoKeysInOneOfficeCountOnce) {
  std::vector<AuthorityKey> trusted = TrustedKeysForTest();
  trusted[3].office = trusted[2].office;
  EXPECT_EQ(ErrorReason(VerifyOf(SignedBy({0, 1, 2, 3}), trusted)), "BAD_SIGNATURES");
}

TEST(Signatures, OfOneKeyInTwoOfficesCountOnce) {
  std::vector<AuthorityKey> trusted = TrustedKeysForTest();
  AuthorityKey second = trusted[2];
  second.office = "Another Office";
  trusted[3] = second;
  EXPECT_EQ(ErrorReason(VerifyOf(SignedBy({0, 1, 2, 3}), trusted)), "BAD_SIGNATURES");
}

TEST(Signatures, OfAKeyThatSpeaksForBothCountForNeither) {
  std::vector<AuthorityKey> trusted = TrustedKeysForTest();
  AuthorityKey borrowed = trusted[0];
  borrowed.country = "khm";
  trusted.push_back(borrowed);
  const absl::Status status = VerifyOf(SignedBy({0, 1, 2, 3}), trusted);
  EXPECT_THAT(std::string(status.message()), HasSubstr("of idn, 1"));
}

TEST(Signatures, CountWithinTheTermOnly) {
  std::vector<AuthorityKey> trusted = TrustedKeysForTest();
  trusted[0].last_day = absl::CivilDay(2026, 3, 1);
  EXPECT_TRUE(VerifyOf(SignedBy({0, 1, 2, 3}), trusted, SigningDayForTest()).ok());
  EXPECT_EQ(
      ErrorReason(VerifyOf(SignedBy({0, 1, 2, 3}), trusted, SigningDayForTest() + absl::Hours(24))),
      "BAD_SIGNATURES");
  trusted[0].last_day = absl::CivilDay(2029, 12, 31);
  trusted[0].first_day = absl::CivilDay(2026, 3, 2);
  EXPECT_EQ(ErrorReason(VerifyOf(SignedBy({0, 1, 2, 3}), trusted)), "BAD_SIGNATURES");
}

TEST(Lookup, RefusesWhatIsNotGranted) {
  const AgreementVersionPtr version = First();
  EXPECT_NE(version->Permit("officer", "FIND", "BORDER_CHECK"), nullptr);
  EXPECT_EQ(version->Permit("officer", "FIND", "SUPERVISION"), nullptr);
  EXPECT_EQ(version->Permit("officer", "ADOPT", "BORDER_CHECK"), nullptr);
  EXPECT_EQ(version->Permit("node", "FIND", "BORDER_CHECK"), nullptr);
  EXPECT_EQ(version->Permit("", "", ""), nullptr);
  EXPECT_THAT(version->PurposesFor("attache", "FIND"),
              testing::ElementsAre("IDENTITY_VERIFICATION", "CONSULAR_PROTECTION"));
  EXPECT_THAT(version->PurposesFor("operator", "FIND"), testing::IsEmpty());
}

TEST(Lookup, KnowsNoTermsOfAnUnnamedType) {
  EXPECT_NE(First()->Terms("crossing"), nullptr);
  EXPECT_EQ(First()->Terms("no_such_type"), nullptr);
  EXPECT_EQ(First()->RetentionDays("crossing"), 1826u);
  EXPECT_FALSE(First()->RetentionDays("no_such_type").has_value());
}

TEST(Parse, RefusesWhatIsNoAgreement) {
  EXPECT_FALSE(AgreementVersion::Parse("\xff\xff").ok());
  SignedAgreement empty;
  EXPECT_EQ(ErrorReason(AgreementVersion::Parse(empty).status()), "INVALID_FIELDS");
}

class AgreementBookTest : public testing::Test {
 protected:
  AgreementBookTest() : first_(First()), second_(VersionForTest(NextVersionForTest(*first_))) {}

  absl::Status Check(const AgreementVersion& version, absl::string_view country = "idn") const {
    return book_.CheckAdoption(country, version, TrustedKeysForTest(), SigningDayForTest());
  }
  void AdoptBoth(const AgreementVersionPtr& version) {
    book_.Adopt("idn", version);
    book_.Adopt("khm", version);
  }

  AgreementBook book_{"idn-khm", "idn", "khm"};
  const AgreementVersionPtr first_, second_;
};

TEST_F(AgreementBookTest, HoldsNothingInForceUntilBothLedgersHaveIt) {
  EXPECT_EQ(book_.InForce(), nullptr);
  book_.Adopt("idn", first_);
  EXPECT_EQ(book_.InForce(), nullptr);
  EXPECT_EQ(book_.ForRelease(), nullptr);
  EXPECT_EQ(book_.OwnVersion(), 1u);
  EXPECT_EQ(book_.PartnerVersion(), 0u);
  book_.Adopt("khm", first_);
  EXPECT_EQ(book_.InForce(), first_);
  EXPECT_EQ(book_.ForRelease(), first_);
}

TEST_F(AgreementBookTest, ReleasesByTheOwnNewestWhileTheOlderIsInForce) {
  AdoptBoth(first_);
  book_.Adopt("idn", second_);
  EXPECT_EQ(book_.InForce(), first_);
  EXPECT_EQ(book_.ForRelease(), second_);
  book_.Adopt("khm", second_);
  EXPECT_EQ(book_.InForce(), second_);
}

TEST_F(AgreementBookTest, StaysInForceWhenThePartnerIsAhead) {
  AdoptBoth(first_);
  book_.Adopt("khm", second_);
  EXPECT_EQ(book_.InForce(), first_);
  EXPECT_EQ(book_.ForRelease(), first_);
  EXPECT_EQ(book_.ByVersion("khm", 2), second_);
  EXPECT_EQ(book_.ByVersion("idn", 2), nullptr);
  EXPECT_EQ(book_.ByVersion(2), second_);
}

TEST_F(AgreementBookTest, NamesTheVersionsThatEachHolds) {
  book_.Adopt("idn", first_);
  book_.Adopt("idn", second_);
  const absl::Status status = book_.NoCommonAgreementError();
  EXPECT_EQ(ErrorReason(status), "NO_COMMON_AGREEMENT");
  EXPECT_THAT(std::string(status.message()), HasSubstr("idn holds 1, 2; khm holds none"));
}

TEST_F(AgreementBookTest, AdoptsVersionsOneAfterTheOther) {
  EXPECT_TRUE(Check(*first_).ok());
  EXPECT_EQ(ErrorReason(Check(*second_)), "NOT_NEXT_VERSION");
  book_.Adopt("idn", first_);
  EXPECT_EQ(ErrorReason(Check(*first_)), "NOT_NEXT_VERSION");
  EXPECT_TRUE(Check(*second_).ok());
  EXPECT_EQ(ErrorReason(Check(*second_, "khm")), "NOT_NEXT_VERSION");
}

TEST_F(AgreementBookTest, RefusesABrokenChain) {
  AdoptBoth(first_);
  Agreement other = NextVersionForTest(*first_);
  other.set_previous_digest(std::string(32, 'x'));
  EXPECT_EQ(ErrorReason(Check(*VersionForTest(other))), "BROKEN_CHAIN");
}

TEST_F(AgreementBookTest, RefusesASecondAgreementUnderOneNumber) {
  Agreement other = DefaultAgreementForTest();
  other.mutable_limits()->set_questions_per_officer_day(7);
  const AgreementVersionPtr rival = VersionForTest(other);
  book_.Adopt("khm", first_);
  EXPECT_EQ(ErrorReason(Check(*rival)), "VERSION_CONFLICT");
  book_.Adopt("idn", rival);  // Arrived at once: neither is common.
  EXPECT_EQ(book_.InForce(), nullptr);
}

TEST_F(AgreementBookTest, RefusesAnotherPartnership) {
  AgreementBook other("idn-mys", "idn", "mys");
  EXPECT_EQ(
      ErrorReason(other.CheckAdoption("idn", *first_, TrustedKeysForTest(), SigningDayForTest())),
      "WRONG_PARTNERSHIP");
}

TEST_F(AgreementBookTest, TrustsTheOfficeHoldersOfTheVersionBefore) {
  EXPECT_EQ(ErrorReason(book_.CheckAdoption("idn", *first_, {}, SigningDayForTest())),
            "BAD_SIGNATURES");
  AdoptBoth(first_);
  EXPECT_TRUE(book_.CheckAdoption("idn", *second_, {}, SigningDayForTest()).ok());
}

TEST_F(AgreementBookTest, DoesNotTrustOfficeHoldersWhomOnlyTheVersionItselfNames) {
  AdoptBoth(first_);
  Agreement coup = NextVersionForTest(*first_);
  coup.clear_office_holders();
  for (auto holder : OfficeHoldersForTest()) {
    holder.set_office(holder.office() + " of the coup");
    holder.set_public_key(KeyOfForTest(holder).verify_key().bytes());
    *coup.add_office_holders() = holder;
  }
  EXPECT_EQ(ErrorReason(Check(*VersionForTest(coup))), "BAD_SIGNATURES");
}

TEST_F(AgreementBookTest, IsEmptyAfterClear) {
  AdoptBoth(first_);
  book_.Clear();
  EXPECT_EQ(book_.InForce(), nullptr);
  EXPECT_EQ(book_.OwnVersion(), 0u);
}

}  // namespace
}  // namespace lintas

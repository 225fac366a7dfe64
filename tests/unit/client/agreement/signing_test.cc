#include "client/agreement/signing.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "server/base/error.h"
#include "tests/support/signed_agreement.h"

namespace lintas::client {
namespace {

using agreement::v1::Agreement;
using agreement::v1::OfficeHolder;
using agreement::v1::SignedAgreement;
using testing::HasSubstr;

constexpr absl::CivilDay kToday(2026, 3, 1);

std::string DefaultText() {
  std::ifstream file(std::string(LINTAS_SOURCE_DIR) + "/deploy/agreement/default.textproto");
  std::stringstream text;
  text << file.rdbuf();
  return text.str();
}

SignedAgreement DefaultDraft() {
  DraftOptions options;
  options.office_holders = OfficeHoldersForTest();
  absl::StatusOr<SignedAgreement> draft = Draft(DefaultText(), options);
  LINTAS_CHECK(draft.ok());
  return *draft;
}

Agreement Parsed(const SignedAgreement& signed_one) {
  Agreement agreement;
  LINTAS_CHECK(agreement.ParseFromString(signed_one.agreement()));
  return agreement;
}

TEST(Draft, SignedByAllIsWhatANodeAdopts) {
  SignedAgreement agreement = DefaultDraft();
  for (const auto& holder : OfficeHoldersForTest()) {
    ASSERT_TRUE(Sign(KeyOfForTest(holder), &agreement).ok());
  }
  absl::StatusOr<AgreementVersionPtr> version = AgreementVersion::Parse(agreement);
  ASSERT_TRUE(version.ok()) << version.status();
  EXPECT_TRUE((*version)->VerifySignatures(TrustedKeysForTest(), SigningDayForTest()).ok());
}

TEST(Draft, ChainsToTheVersionBefore) {
  const SignedAgreement first = DefaultDraft();
  DraftOptions options;
  options.office_holders = OfficeHoldersForTest();
  options.previous = &first;
  absl::StatusOr<SignedAgreement> second = Draft(DefaultText(), options);
  ASSERT_TRUE(second.ok());
  EXPECT_EQ(Parsed(*second).version(), 2u);
  EXPECT_EQ(Parsed(*second).previous_digest(), Sha256Of(first.agreement()).str());
}

TEST(Draft, SetsLimitsByName) {
  DraftOptions options;
  options.limits = {{"searches_per_minute", 5000000}, {"import_rows_per_day", 1}};
  absl::StatusOr<SignedAgreement> draft = Draft(DefaultText(), options);
  ASSERT_TRUE(draft.ok());
  EXPECT_EQ(Parsed(*draft).limits().searches_per_minute(), 5000000u);
  EXPECT_EQ(Parsed(*draft).limits().import_rows_per_day(), 1u);
  options.limits = {{"patience", 1}};
  EXPECT_EQ(ErrorReason(Draft(DefaultText(), options).status()), "UNKNOWN_LIMIT");
  options.limits = {{"searches_per_minute", uint64_t{1} << 32}};
  EXPECT_EQ(ErrorReason(Draft(DefaultText(), options).status()), "UNKNOWN_LIMIT");
}

TEST(Draft, NamesLineAndColumnOfAMistake) {
  const absl::Status status = Draft("version: 1\nparty: \"idn\"\n", {}).status();
  EXPECT_EQ(ErrorReason(status), "BAD_AGREEMENT_TEXT");
  EXPECT_THAT(std::string(status.message()), HasSubstr("line 2"));
}

TEST(Sign, RefusesAKeyThatTheAgreementDoesNotName) {
  SignedAgreement agreement = DefaultDraft();
  EXPECT_EQ(ErrorReason(Sign(KeyForTest("somebody"), &agreement)), "NOT_AN_OFFICE_HOLDER");
  EXPECT_EQ(agreement.signatures_size(), 0);
}

TEST(Sign, TwiceChangesNothing) {
  SignedAgreement agreement = DefaultDraft();
  const SigningKey key = KeyOfForTest(OfficeHoldersForTest()[0]);
  ASSERT_TRUE(Sign(key, &agreement).ok());
  ASSERT_TRUE(Sign(key, &agreement).ok());
  EXPECT_EQ(agreement.signatures_size(), 1);
}

TEST(SigningState, IsCompleteWithTwoOfEachPartyInTerm) {
  SignedAgreement agreement = DefaultDraft();
  const auto holders = OfficeHoldersForTest();
  for (int i = 0; i < 3; ++i) ASSERT_TRUE(Sign(KeyOfForTest(holders[i]), &agreement).ok());
  absl::StatusOr<SigningState> state = ReadSigningState(agreement, kToday);
  ASSERT_TRUE(state.ok());
  EXPECT_FALSE(state->complete);
  EXPECT_TRUE(state->holders[2].signature_valid);
  EXPECT_FALSE(state->holders[3].signature_valid);
  ASSERT_TRUE(Sign(KeyOfForTest(holders[3]), &agreement).ok());
  EXPECT_TRUE(ReadSigningState(agreement, kToday)->complete);
  EXPECT_FALSE(ReadSigningState(agreement, absl::CivilDay(2030, 1, 1))->complete);
}

TEST(SigningState, SeesAFalseSignature) {
  SignedAgreement agreement = DefaultDraft();
  ASSERT_TRUE(Sign(KeyOfForTest(OfficeHoldersForTest()[0]), &agreement).ok());
  (*agreement.mutable_signatures(0)->mutable_signature())[5] ^= 1;
  EXPECT_FALSE(ReadSigningState(agreement, kToday)->holders[0].signature_valid);
}

TEST(AgreementFile, ComesBackAsWritten) {
  const SignedAgreement agreement = DefaultDraft();
  absl::StatusOr<SignedAgreement> back = ParseAgreementFile(agreement.SerializeAsString());
  ASSERT_TRUE(back.ok());
  EXPECT_EQ(back->agreement(), agreement.agreement());
  EXPECT_FALSE(ParseAgreementFile("").ok());
  EXPECT_FALSE(ParseAgreementFile("no agreement at all").ok());
}

TEST(AgreementText, DraftsTheSameAgreement) {
  const SignedAgreement agreement = DefaultDraft();
  absl::StatusOr<std::string> text = AgreementText(agreement);
  ASSERT_TRUE(text.ok());
  absl::StatusOr<SignedAgreement> again = Draft(*text, {});
  ASSERT_TRUE(again.ok());
  EXPECT_EQ(again->agreement(), agreement.agreement());
}

}  // namespace
}  // namespace lintas::client

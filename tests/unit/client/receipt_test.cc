#include "client/receipt.h"

#include <gtest/gtest.h>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "server/ledger/merkle/proof.h"
#include "server/ledger/merkle/tree_hash.h"
#include "server/ledger/note/cosignature.h"
#include "server/ledger/note/text_form.h"
#include "tests/unit/server/ledger/note/test_keys.h"

namespace lintas::client {
namespace {

constexpr char kOrigin[] = "immigration.gov.kh/lintas/idn-khm/exchange/1";
constexpr char kHeld[] = "imigrasi.go.id/held";

class ReceiptTest : public testing::Test {
 protected:
  ReceiptTest()
      : policy_(*note::Policy::Parse(
            absl::StrCat("log ", note::FormatVkey(note::LogKey(kOrigin, 'L')), "\nwitness held ",
                         note::FormatVkey(note::WitnessKey(kHeld, 'h')), "\nquorum held\n"))) {
    receipt_.disclosed.emplace();
    receipt_.disclosed->section.set_section(1);
    receipt_.disclosed->section.set_salt(std::string(16, 's'));
    receipt_.disclosed->section.set_content("content, SYNTHETIC");
    receipt_.disclosed->synthetic = true;
    header_.set_format(1);
    header_.set_kind(ledger::v1::EntryHeader::REVISION);
    header_.set_origin(kOrigin);
    header_.set_index(1);
    header_.set_type("crossing");
    header_.set_record_id(std::string(16, 'r'));
    header_.set_revision(1);
    header_.set_digests(DisclosedDigest(*receipt_.disclosed).str() + std::string(96, 'x'));
    Prove();
  }

  // Entry 1 of a ledger of two.
  void Prove() {
    receipt_.header = header_.SerializeAsString();
    const Hash other = merkle::LeafHash("the entry before");
    const Hash root = merkle::NodeHash(other, merkle::LeafHash(receipt_.header));
    note::SignedNote note = *note::ParseNote(
        note::SignCheckpoint({kOrigin, TreeSize(2), root, {}}, note::TestKey('L')));
    note::AddSignature(&note, note::Cosign(note.text, kHeld, note::TestKey('h'),
                                           absl::FromUnixSeconds(1'700'000'000)));
    receipt_.proof.index = Index(1);
    receipt_.proof.hashes = {other};
    receipt_.proof.checkpoint = note::FormatNote(note);
  }

  absl::Status VerifyText(const std::string& text) const {
    const auto receipt = ParseReceipt(text);
    return receipt.ok() ? VerifyReceipt(*receipt, policy_).status() : receipt.status();
  }

  const note::Policy policy_;
  ledger::v1::EntryHeader header_;
  Receipt receipt_;
};

TEST_F(ReceiptTest, ProvesItsEntryAndSaysWhoSigned) {
  const auto parsed = ParseReceipt(FormatReceipt(receipt_));
  ASSERT_TRUE(parsed.ok()) << parsed.status();
  const auto proven = VerifyReceipt(*parsed, policy_);
  ASSERT_TRUE(proven.ok()) << proven.status();
  EXPECT_EQ(proven->header.index(), 1u);
  EXPECT_EQ(proven->size, TreeSize(2));
  ASSERT_EQ(proven->signers.size(), 1u);
  EXPECT_EQ(proven->signers[0], kOrigin);
  ASSERT_EQ(proven->cosigners.size(), 1u);
  EXPECT_EQ(proven->cosigners[0].name, kHeld);
  EXPECT_EQ(absl::ToUnixSeconds(proven->cosigners[0].time), 1'700'000'000);
  ASSERT_TRUE(proven->disclosed.has_value());
  EXPECT_EQ(proven->disclosed->section.content(), "content, SYNTHETIC");
  EXPECT_TRUE(proven->disclosed->synthetic);
}

TEST_F(ReceiptTest, ProvesTheHeaderAloneToo) {
  receipt_.disclosed.reset();
  const auto parsed = ParseReceipt(FormatReceipt(receipt_));
  ASSERT_TRUE(parsed.ok()) << parsed.status();
  const auto proven = VerifyReceipt(*parsed, policy_);
  ASSERT_TRUE(proven.ok()) << proven.status();
  EXPECT_FALSE(proven->disclosed.has_value());
}

TEST_F(ReceiptTest, IsRefusedWithAnyBitChanged) {
  const std::string text = FormatReceipt(receipt_);
  ASSERT_TRUE(VerifyText(text).ok());
  for (size_t i = 0; i < text.size(); ++i) {
    for (const int bit : {1, 2, 16}) {
      std::string changed = text;
      changed[i] = static_cast<char>(changed[i] ^ bit);
      EXPECT_FALSE(VerifyText(changed).ok()) << "byte " << i << " bit " << bit;
    }
  }
}

TEST_F(ReceiptTest, IsRefusedWhenCut) {
  const std::string text = FormatReceipt(receipt_);
  Receipt without = receipt_;
  without.disclosed.reset();
  // Cut between its lines, it is the whole receipt that discloses nothing.
  const size_t whole = FormatReceipt(without).size();
  for (size_t size = 0; size < text.size(); ++size) {
    EXPECT_EQ(VerifyText(text.substr(0, size)).ok(), size == whole) << size;
  }
}

TEST_F(ReceiptTest, IsRefusedWithLinesAfterItsEnd) {
  const std::string text = FormatReceipt(receipt_);
  EXPECT_FALSE(VerifyText(text + "\n").ok());
  EXPECT_FALSE(VerifyText(text + "lintas-section 1 AA== real\n").ok());
}

TEST_F(ReceiptTest, IsRefusedWhenTheSectionIsSaidToBeReal) {
  EXPECT_EQ(VerifyText(absl::StrReplaceAll(FormatReceipt(receipt_), {{" synthetic\n", " real\n"}}))
                .code(),
            absl::StatusCode::kDataLoss);
}

TEST_F(ReceiptTest, IsRefusedWithAnotherSaltContentOrSection) {
  Receipt changed = receipt_;
  changed.disclosed->section.set_salt(std::string(16, 't'));
  EXPECT_EQ(VerifyReceipt(changed, policy_).status().code(), absl::StatusCode::kDataLoss);
  changed = receipt_;
  changed.disclosed->section.set_content("content, SYNTHETIC!");
  EXPECT_EQ(VerifyReceipt(changed, policy_).status().code(), absl::StatusCode::kDataLoss);
  changed = receipt_;
  changed.disclosed->section.set_section(2);
  EXPECT_EQ(VerifyReceipt(changed, policy_).status().code(), absl::StatusCode::kDataLoss);
  changed = receipt_;
  changed.disclosed->section.set_salt("short");
  EXPECT_EQ(VerifyReceipt(changed, policy_).status().code(), absl::StatusCode::kInvalidArgument);
}

TEST_F(ReceiptTest, IsRefusedWithoutTheCosignatureThatThePolicyAsksFor) {
  note::SignedNote note = *note::ParseNote(receipt_.proof.checkpoint);
  note.signatures.pop_back();
  receipt_.proof.checkpoint = note::FormatNote(note);
  EXPECT_EQ(VerifyReceipt(receipt_, policy_).status().code(),
            absl::StatusCode::kFailedPrecondition);
}

TEST_F(ReceiptTest, IsRefusedUnderAStrangersPolicy) {
  const auto policy = note::Policy::Parse(
      absl::StrCat("log ", note::FormatVkey(note::LogKey(kOrigin, 'X')), "\nquorum none\n"));
  ASSERT_TRUE(policy.ok()) << policy.status();
  EXPECT_FALSE(VerifyReceipt(receipt_, *policy).ok());
}

TEST_F(ReceiptTest, IsRefusedWhenTheHeaderNamesAnotherPlace) {
  header_.set_index(0);
  Prove();
  EXPECT_FALSE(VerifyReceipt(receipt_, policy_).ok());
  header_.set_index(1);
  header_.set_origin("imigrasi.go.id/lintas/idn-khm/exchange/1");
  Prove();
  EXPECT_FALSE(VerifyReceipt(receipt_, policy_).ok());
}

TEST_F(ReceiptTest, IsRefusedWhenTheHeaderHoldsMoreThanThisProgramKnows) {
  header_.GetReflection()->MutableUnknownFields(&header_)->AddVarint(999, 1);
  Prove();
  EXPECT_FALSE(VerifyReceipt(receipt_, policy_).ok());
}

TEST_F(ReceiptTest, BeginsWithAProofThatStrangersToolsRead) {
  const std::string text = FormatReceipt(receipt_);
  const std::string alone = text.substr(0, text.find("lintas-header"));
  const auto proof = note::ParseTlogProof(alone);
  ASSERT_TRUE(proof.ok()) << proof.status();
  EXPECT_TRUE(note::VerifyTlogProof(*proof, merkle::LeafHash(receipt_.header), policy_).ok());
}

}  // namespace
}  // namespace lintas::client

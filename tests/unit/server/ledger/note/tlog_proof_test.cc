#include "server/ledger/note/tlog_proof.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "server/ledger/merkle/proof.h"
#include "server/ledger/note/cosignature.h"
#include "tests/unit/server/ledger/merkle/reference_tree.h"
#include "tests/unit/server/ledger/note/test_keys.h"

namespace lintas::note {
namespace {

class TlogProofTest : public ::testing::Test {
 protected:
  TlogProofTest() : leaves_(merkle::NumberedLeaves(7)), tree_(leaves_) {
    SignedNote note = *ParseNote(
        SignCheckpoint({"log.example", TreeSize(7), tree_.builder.Root(), {}}, TestKey('L')));
    AddSignature(&note, Cosign(note.text, "w.example", TestKey('w'), absl::FromUnixSeconds(1)));
    checkpoint_ = FormatNote(note);
    policy_ =
        *Policy::Parse(absl::StrCat("log ", FormatVkey(LogKey("log.example", 'L')), "\nwitness w ",
                                    FormatVkey(WitnessKey("w.example", 'w')), "\nquorum w\n"));
  }

  TlogProof Prove(uint64_t index) const {
    const merkle::TileHashSource source(tree_.tiles, tree_.builder);
    return {"", Index(index), *merkle::InclusionProof(Index(index), TreeSize(7), source),
            checkpoint_};
  }

  const merkle::Leaves leaves_;
  const merkle::BuiltTree tree_;
  std::string checkpoint_;
  Policy policy_;
};

TEST_F(TlogProofTest, ProvesEveryLeafFromItsText) {
  for (uint64_t i = 0; i < 7; ++i) {
    const auto parsed = ParseTlogProof(FormatTlogProof(Prove(i)));
    ASSERT_TRUE(parsed.ok()) << parsed.status();
    const auto verified = VerifyTlogProof(*parsed, merkle::LeafHash(leaves_[i]), policy_);
    ASSERT_TRUE(verified.ok()) << verified.status();
    EXPECT_EQ(verified->checkpoint.origin, "log.example");
    EXPECT_EQ(
        VerifyTlogProof(*parsed, merkle::LeafHash(leaves_[(i + 1) % 7]), policy_).status().code(),
        absl::StatusCode::kDataLoss);
  }
}

TEST_F(TlogProofTest, HasTheFormOfTheStandard) {
  TlogProof proof = Prove(6);
  ASSERT_EQ(proof.hashes.size(), 2u);
  proof.extra = "ABC";
  const std::string text = FormatTlogProof(proof);
  const std::string start = "c2sp.org/tlog-proof@v1\nextra QUJD\nindex 6\n";
  EXPECT_EQ(text.substr(0, start.size()), start);
  EXPECT_EQ(text.substr(start.size() + 2 * 45, 13), "\nlog.example\n");
  const auto parsed = ParseTlogProof(text);
  ASSERT_TRUE(parsed.ok());
  EXPECT_EQ(parsed->extra, "ABC");
  EXPECT_EQ(parsed->hashes, proof.hashes);
  EXPECT_EQ(parsed->checkpoint, checkpoint_);
  EXPECT_EQ(FormatTlogProof(*parsed), text);
}

TEST_F(TlogProofTest, IsRefusedWithAnyByteChanged) {
  const std::string text = FormatTlogProof(Prove(3));
  const Hash leaf = merkle::LeafHash(leaves_[3]);
  for (size_t i = 0; i < text.size(); ++i) {
    std::string changed = text;
    changed[i] = static_cast<char>(changed[i] ^ 1);
    const auto parsed = ParseTlogProof(changed);
    EXPECT_FALSE(parsed.ok() && VerifyTlogProof(*parsed, leaf, policy_).ok()) << i;
  }
}

TEST_F(TlogProofTest, IsRefusedWhenCut) {
  const std::string text = FormatTlogProof(Prove(3));
  const Hash leaf = merkle::LeafHash(leaves_[3]);
  for (size_t size = 0; size < text.size(); ++size) {
    const auto parsed = ParseTlogProof(text.substr(0, size));
    // Cut after the log's line, it is a proof without its witness: well-formed, but not enough.
    EXPECT_FALSE(parsed.ok() && VerifyTlogProof(*parsed, leaf, policy_).ok()) << size;
  }
}

TEST_F(TlogProofTest, RefusesOtherForms) {
  const std::string good = FormatTlogProof(Prove(3));
  const std::vector<std::pair<std::string, std::string>> changes = {
      {"@v1\n", "@v2\n"},
      {"@v1\n", "@v1 \n"},
      {"index 3", "index 03"},
      {"index 3", "index -3"},
      {"index 3", "index  3"},
      {"index 3", "Index 3"},
      {"index 3\n", ""},
      {"index 3", "extra \nindex 3"},
      {"index 3", "extra QUJD"},
      {"index 3", "extra QUJ\nindex 3"},
      {"index 3\n", "index 3\nQUJD\n"},
      {"index 3", "index 3\nextra QUJD"},
      {"index 3", "index 9223372036854775808"}};
  for (const auto& [from, to] : changes) {
    const std::string text = absl::StrReplaceAll(good, {{from, to}});
    ASSERT_NE(text, good);
    EXPECT_FALSE(ParseTlogProof(text).ok()) << from << " -> " << to;
  }
}

TEST_F(TlogProofTest, IsBounded) {
  TlogProof proof = Prove(3);
  proof.hashes.resize(kTlogProofHashesMax);
  EXPECT_TRUE(ParseTlogProof(FormatTlogProof(proof)).ok());
  proof.hashes.resize(kTlogProofHashesMax + 1);
  EXPECT_FALSE(ParseTlogProof(FormatTlogProof(proof)).ok());
  proof = Prove(3);
  proof.extra = std::string(kTlogProofBytesMax, 'x');
  EXPECT_FALSE(ParseTlogProof(FormatTlogProof(proof)).ok());
}

}  // namespace
}  // namespace lintas::note

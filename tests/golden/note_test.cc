// The bytes of signed notes must never change by accident: partners keep them, strangers' tools
// read them. Keys are made from one letter each ("LLL..." for the log, "www..." for the witness);
// the tree has the leaves "leaf 0" to "leaf 6". Go and Python accept such notes
// (integration/sumdb).
#include <gtest/gtest.h>

#include <fstream>
#include <iterator>
#include <string>

#include "absl/strings/str_cat.h"
#include "server/ledger/merkle/tree_builder.h"
#include "server/ledger/merkle/tree_hash.h"
#include "server/ledger/note/cosignature.h"
#include "server/ledger/note/tlog_proof.h"

namespace lintas::note {
namespace {

std::string Golden(const std::string& name) {
  std::ifstream in(absl::StrCat(LINTAS_SOURCE_DIR, "/tests/golden/note.v1.", name, ".txt"),
                   std::ios::binary);
  return std::string(std::istreambuf_iterator<char>(in), {});
}

SigningKey Key(char seed) { return *SigningKey::FromSeed(Secret(std::string(32, seed))); }

Checkpoint SevenLeaves() {
  merkle::TreeBuilder tree;
  std::vector<merkle::Tile> full;
  for (int i = 0; i < 7; ++i) tree.Append(merkle::LeafHash(absl::StrCat("leaf ", i)), &full);
  return {"log.example", tree.size(), tree.Root()};
}

TEST(NoteGolden, CheckpointKeepsItsBytes) {
  EXPECT_EQ(SignCheckpoint(SevenLeaves(), Key('L')), Golden("checkpoint"));
}

TEST(NoteGolden, CosignedCheckpointKeepsItsBytes) {
  SignedNote note = *ParseNote(SignCheckpoint(SevenLeaves(), Key('L')));
  AddSignature(&note, Cosign(note.text, "w.example", Key('w'), absl::FromUnixSeconds(1700000000)));
  EXPECT_EQ(FormatNote(note), Golden("cosigned"));
}

TEST(NoteGolden, StoredProofStillVerifiesUnderTheStoredPolicy) {
  const auto proof = ParseTlogProof(Golden("tlog_proof"));
  ASSERT_TRUE(proof.ok()) << proof.status();
  EXPECT_EQ(FormatTlogProof(*proof), Golden("tlog_proof"));
  const auto policy = Policy::Parse(Golden("policy"));
  ASSERT_TRUE(policy.ok()) << policy.status();
  const auto verified = VerifyTlogProof(*proof, merkle::LeafHash("leaf 3"), *policy);
  ASSERT_TRUE(verified.ok()) << verified.status();
  EXPECT_EQ(verified->checkpoint.root, SevenLeaves().root);
}

}  // namespace
}  // namespace lintas::note

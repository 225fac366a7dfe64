#include "server/ledger/note/signed_note.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "server/ledger/note/cosignature.h"
#include "tests/unit/server/ledger/note/test_keys.h"

namespace lintas::note {
namespace {

// golang.org/x/mod: sumdb/note/note.go and note_test.go, the published example with two signers.
constexpr char kPeterVkey[] = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW";
constexpr char kEnochVkey[] = "EnochRoot+af0cfe78+ATtqJ7zOtqQtYqOo0CpvDXNlMhV3HeJDpjrASKGLWdop";
constexpr char kText[] =
    "If you think cryptography is the answer to your problem,\n"
    "then you don't know what your problem is.\n";
constexpr char kPeterLine[] =
    "— PeterNeumann "
    "x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6"
    "RyyBwJnAM=\n";
constexpr char kEnochLine[] =
    "— EnochRoot "
    "rwz+eBzmZa0SO3NbfRGzPCpDckykFXSdeX+MNtCOXm2/5n2tiOHp+vAF1aGrQ5ovTG01oOTGwnWLox33WWd1R"
    "vMc+QQ=\n";

std::string PublishedNote() { return absl::StrCat(kText, "\n", kPeterLine, kEnochLine); }

std::vector<NoteKey> Keys(const std::vector<const char*>& vkeys) {
  std::vector<NoteKey> keys;
  for (const char* vkey : vkeys) keys.push_back(*ParseVkey(vkey));
  return keys;
}

TEST(Vkey, ReadsAndWritesPublishedKeys) {
  const auto key = ParseVkey(kPeterVkey);
  ASSERT_TRUE(key.ok()) << key.status();
  EXPECT_EQ(key->name, "PeterNeumann");
  EXPECT_EQ(key->id, 0xc74f20a3u);
  EXPECT_EQ(FormatVkey(*key), kPeterVkey);
  EXPECT_EQ(FormatVkey(*ParseVkey(kEnochVkey)), kEnochVkey);
}

TEST(Vkey, RefusesWhatIsNotItsOnlyForm) {
  const std::string good = kPeterVkey;
  const std::string bad[] = {
      "", "PeterNeumann", "PeterNeumann+c74f20a3", "+c74f20a3" + good.substr(21),
      "PeterNeumann+C74F20A3" + good.substr(21), "PeterNeumann+c74f20a4" + good.substr(21),
      "PeterNeumamn+c74f20a3" + good.substr(21), "PeterNeumann+0c74f20a3" + good.substr(21),
      good + "=", good + "\n", " " + good, good.substr(0, good.size() - 4),
      // note_test.go: a key of wrong length and an unknown algorithm, each under its right id.
      "PeterNeumann+cc469956+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TWBADKEY==",
      "PeterNeumann+173116ae+ZRpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"};
  for (const std::string& vkey : bad) EXPECT_FALSE(ParseVkey(vkey).ok()) << vkey;
}

TEST(Vkey, TellsTheTypesOfOneKeyApart) {
  const NoteKey log = LogKey("a.example", 'k');
  const NoteKey witness = WitnessKey("a.example", 'k');
  EXPECT_NE(log.id, witness.id);
  EXPECT_EQ(ParseVkey(FormatVkey(witness))->type, SignatureType::kCosignature);
}

TEST(SignedNote, VerifiesThePublishedNote) {
  const auto both = VerifyNote(PublishedNote(), Keys({kPeterVkey, kEnochVkey}));
  ASSERT_TRUE(both.ok()) << both.status();
  EXPECT_EQ(both->text, kText);
  ASSERT_EQ(both->signatures.size(), 2u);
  EXPECT_EQ(both->signatures[1].name, "EnochRoot");
  EXPECT_EQ(FormatNote(*both), PublishedNote());
}

TEST(SignedNote, MakesThePublishedSignature) {
  // note.go publishes PeterNeumann's private key: type | seed.
  const std::string seed =
      "\x81\x0a\x14\x02\xd5\x14\x6c\x8d\x84\xf2\x44\x33\x30\xf5\x40\x80\xeb\xf9\x8e\xe1\x7d\x9c\x74"
      "\xf6\x25\x2f\xc5\xd5\xc7\x28\x31\x73";
  ASSERT_EQ(seed.size(), 32u);
  const auto key = SigningKey::FromSeed(Secret(seed));
  ASSERT_TRUE(key.ok());
  const SignedNote note{kText, {SignText(kText, "PeterNeumann", *key)}};
  EXPECT_EQ(FormatNote(note), absl::StrCat(kText, "\n", kPeterLine));
}

TEST(SignedNote, IgnoresUnknownKeys) {
  const auto note = VerifyNote(PublishedNote(), Keys({kEnochVkey}));
  ASSERT_TRUE(note.ok());
  ASSERT_EQ(note->signatures.size(), 1u);
  EXPECT_EQ(note->signatures[0].name, "EnochRoot");
  EXPECT_EQ(VerifyNote(PublishedNote(), {}).status().code(), absl::StatusCode::kFailedPrecondition);
}

TEST(SignedNote, IgnoresASharedNameOrASharedIdAlone) {
  std::vector<NoteKey> keys = Keys({kPeterVkey, kEnochVkey});
  keys[0].name = "Somebody";  // The id is now a stranger's.
  EXPECT_EQ(VerifyNote(PublishedNote(), keys)->signatures.size(), 1u);
  keys[0].name = "PeterNeumann";
  keys[0].id ^= 1;
  EXPECT_EQ(VerifyNote(PublishedNote(), keys)->signatures.size(), 1u);
}

TEST(SignedNote, IsRefusedWholeWhenAKnownKeysSignatureFails) {
  std::string note = PublishedNote();
  note[0] = 'i';
  EXPECT_EQ(VerifyNote(note, Keys({kPeterVkey})).status().code(), absl::StatusCode::kDataLoss);
  // One good and one bad signature: still refused.
  SignedNote parsed = *ParseNote(PublishedNote());
  parsed.signatures[1].bytes[10] = static_cast<char>(parsed.signatures[1].bytes[10] ^ 1);
  EXPECT_EQ(VerifyNote(FormatNote(parsed), Keys({kPeterVkey, kEnochVkey})).status().code(),
            absl::StatusCode::kDataLoss);
  EXPECT_TRUE(VerifyNote(FormatNote(parsed), Keys({kPeterVkey})).ok());
}

TEST(SignedNote, IsRefusedWhenARepeatedSignatureFails) {
  SignedNote parsed = *ParseNote(PublishedNote());
  parsed.signatures.push_back(parsed.signatures[0]);
  EXPECT_EQ(VerifyNote(FormatNote(parsed), Keys({kPeterVkey}))->signatures.size(), 1u);
  parsed.signatures.back().bytes[0] = static_cast<char>(parsed.signatures.back().bytes[0] ^ 1);
  EXPECT_EQ(VerifyNote(FormatNote(parsed), Keys({kPeterVkey})).status().code(),
            absl::StatusCode::kDataLoss);
}

TEST(SignedNote, RefusesAmbiguousKnownKeys) {
  std::vector<NoteKey> keys = Keys({kPeterVkey, kEnochVkey});
  keys[1].name = keys[0].name;
  keys[1].id = keys[0].id;
  EXPECT_EQ(VerifyNote(PublishedNote(), keys).status().code(), absl::StatusCode::kInvalidArgument);
}

TEST(SignedNote, KeepsEmptyLinesInItsText) {
  const std::string text = "one\n\ntwo\n\n\n";
  const SignedNote note{text, {SignText(text, "a.example", TestKey('a'))}};
  const auto verified = VerifyNote(FormatNote(note), {LogKey("a.example", 'a')});
  ASSERT_TRUE(verified.ok());
  EXPECT_EQ(verified->text, text);
}

TEST(SignedNote, RefusesMalformedNotes) {
  const std::string text = kText, peter = kPeterLine, good = PublishedNote();
  const std::string bad[] = {"",
                             "\n",
                             "\n\n",
                             text,
                             text + "\n",
                             text + peter,
                             text + "\n" + peter + "\n",
                             good.substr(0, good.size() - 1),
                             good + "x",
                             good + "x\n",
                             good + "\n",
                             text + "\n- PeterNeumann " + peter.substr(17),
                             text + "\n—PeterNeumann x08go/ZJ\n",
                             text + "\n— x08go/ZJkuBS\n",
                             text + "\n— Peter\n",
                             text + "\n— Peter \n",
                             text + "\n— Peter x08gow==\n",  // The id alone.
                             text + "\n— Peter x08go/ZJkuB\n",
                             text + "\n— Pe+ter x08go/ZJkuBS\n",
                             text + "\n— Peter  x08go/ZJkuBS\n",
                             text + "\n— Peter x08go/ZJkuBS \n",
                             text + "\n— Peter x08go/ZJkuBS\r\n",
                             "\x01" + good,
                             "\xFF" + good};
  for (const std::string& note : bad) EXPECT_FALSE(ParseNote(note).ok()) << note;
  EXPECT_TRUE(ParseNote(text + "\n— Peter x08go/ZJkuBS\n").ok());
}

TEST(SignedNote, IsBounded) {
  SignedNote note{"text\n", {}};
  for (size_t i = 0; i < kSignaturesMax; ++i) note.signatures.push_back({"a", 1, "signature"});
  EXPECT_TRUE(ParseNote(FormatNote(note)).ok());
  note.signatures.push_back({"a", 1, "signature"});
  EXPECT_FALSE(ParseNote(FormatNote(note)).ok());
  const SignedNote large{std::string(kNoteBytesMax, 'x') + "\n", {{"a", 1, "signature"}}};
  EXPECT_FALSE(ParseNote(FormatNote(large)).ok());
}

TEST(AddSignature, ReplacesThatOfTheSameKeyOnly) {
  SignedNote note{"text\n", {{"a", 1, "old"}, {"b", 1, "other name"}, {"a", 2, "other id"}}};
  AddSignature(&note, {"a", 1, "new"});
  AddSignature(&note, {"c", 3, "added"});
  ASSERT_EQ(note.signatures.size(), 4u);
  EXPECT_EQ(note.signatures[0].bytes, "new");
  EXPECT_EQ(note.signatures[1].bytes, "other name");
  EXPECT_EQ(note.signatures[2].bytes, "other id");
  EXPECT_EQ(note.signatures[3].bytes, "added");
}

TEST(VerifySignature, DoesNotTakeOneTypeForTheOther) {
  const SigningKey key = TestKey('k');
  const std::string text = "text\n";
  Signature log = SignText(text, "a.example", key);
  Signature witness = Cosign(text, "a.example", key, absl::FromUnixSeconds(1));
  EXPECT_TRUE(VerifySignature(text, log, LogKey("a.example", 'k')));
  EXPECT_TRUE(VerifySignature(text, witness, WitnessKey("a.example", 'k')));
  std::swap(log.bytes, witness.bytes);
  EXPECT_FALSE(VerifySignature(text, log, LogKey("a.example", 'k')));
  EXPECT_FALSE(VerifySignature(text, witness, WitnessKey("a.example", 'k')));
}

}  // namespace
}  // namespace lintas::note

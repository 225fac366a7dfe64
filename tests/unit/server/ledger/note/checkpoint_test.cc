#include "server/ledger/note/checkpoint.h"

#include <gtest/gtest.h>

#include <string>

#include "server/ledger/note/cosignature.h"
#include "server/ledger/note/text_form.h"
#include "tests/unit/server/ledger/note/test_keys.h"

namespace lintas::note {
namespace {

// C2SP: tlog-checkpoint.md, the example.
constexpr char kBody[] =
    "example.com/behind-the-sofa\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n";

Checkpoint Example() {
  return Checkpoint{"example.com/behind-the-sofa",
                    TreeSize(20852163),
                    *ParseHash("CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I="),
                    {}};
}

TEST(Checkpoint, HasThePublishedForm) {
  EXPECT_EQ(FormatCheckpoint(Example()), kBody);
  const auto parsed = ParseCheckpoint(kBody);
  ASSERT_TRUE(parsed.ok()) << parsed.status();
  EXPECT_EQ(parsed->origin, Example().origin);
  EXPECT_EQ(parsed->size, Example().size);
  EXPECT_EQ(parsed->root, Example().root);
}

TEST(Checkpoint, RefusesEveryOtherForm) {
  const std::string root = "CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=";
  const std::string bad[] = {"",
                             "\n",
                             "a.example\n1\n",
                             "a.example\n1\n" + root,
                             "\n1\n" + root + "\n",
                             "a example\n1\n" + root + "\n",
                             "a+example\n1\n" + root + "\n",
                             "a.example\n01\n" + root + "\n",
                             "a.example\n-1\n" + root + "\n",
                             "a.example\n\n" + root + "\n",
                             "a.example\n1 \n" + root + "\n",
                             "a.example\n9223372036854775808\n" + root + "\n",
                             "a.example\n1\n" + root + "\n\n",
                             "a.example\n1\nQUJD\n",
                             "a.example\n1\n\n",
                             "a.example\n1\n" + root.substr(1) + "\n",
                             "a.example\r\n1\n" + root + "\n"};
  for (const std::string& body : bad) {
    EXPECT_FALSE(ParseCheckpoint(body).ok()) << body;
    EXPECT_FALSE(ParseCheckpoint(body, Extensions::kAccept).ok()) << body;
  }
  EXPECT_TRUE(ParseCheckpoint("a.example\n0\n" + root + "\n").ok());
}

TEST(Checkpoint, TakesExtensionLinesOnlyWhenAsked) {
  Checkpoint checkpoint = Example();
  checkpoint.extensions = {"one", "two"};
  const std::string body = FormatCheckpoint(checkpoint);
  EXPECT_EQ(body, std::string(kBody) + "one\ntwo\n");
  EXPECT_FALSE(ParseCheckpoint(body).ok());
  EXPECT_EQ(ParseCheckpoint(body, Extensions::kAccept)->extensions, checkpoint.extensions);
  const std::string note = SignCheckpoint(checkpoint, TestKey('l'));
  const std::vector<NoteKey> keys = {LogKey(checkpoint.origin, 'l')};
  EXPECT_FALSE(VerifyCheckpoint(note, keys).ok());
  EXPECT_TRUE(VerifyCheckpoint(note, keys, Extensions::kAccept).ok());
}

TEST(Checkpoint, IsVerifiedUnderItsLogsKey) {
  const std::string note = SignCheckpoint(Example(), TestKey('l'));
  const auto verified = VerifyCheckpoint(note, {LogKey(Example().origin, 'l')});
  ASSERT_TRUE(verified.ok()) << verified.status();
  EXPECT_EQ(verified->checkpoint.size, Example().size);
  EXPECT_EQ(verified->checkpoint.root, Example().root);
}

TEST(Checkpoint, IsRefusedWithAnyByteChanged) {
  const std::string note = SignCheckpoint(Example(), TestKey('l'));
  for (size_t i = 0; i < note.size(); ++i) {
    std::string changed = note;
    changed[i] = static_cast<char>(changed[i] ^ 1);
    EXPECT_FALSE(VerifyCheckpoint(changed, {LogKey(Example().origin, 'l')}).ok()) << i;
  }
}

TEST(Checkpoint, NeedsASignatureOfItsOwnLog) {
  const std::string note = SignCheckpoint(Example(), TestKey('l'));
  // The right name with another key, and another log's valid signature under another name.
  EXPECT_EQ(VerifyCheckpoint(note, {LogKey(Example().origin, 'x')}).status().code(),
            absl::StatusCode::kFailedPrecondition);
  SignedNote foreign{FormatCheckpoint(Example()), {}};
  foreign.signatures.push_back(SignText(foreign.text, "other.example", TestKey('o')));
  EXPECT_EQ(VerifyCheckpoint(FormatNote(foreign), {LogKey("other.example", 'o')}).status().code(),
            absl::StatusCode::kFailedPrecondition);
  // A witness that bears the log's name is not the log.
  SignedNote cosigned{FormatCheckpoint(Example()), {}};
  cosigned.signatures.push_back(
      Cosign(cosigned.text, Example().origin, TestKey('w'), absl::FromUnixSeconds(1)));
  EXPECT_EQ(
      VerifyCheckpoint(FormatNote(cosigned), {WitnessKey(Example().origin, 'w')}).status().code(),
      absl::StatusCode::kFailedPrecondition);
}

}  // namespace
}  // namespace lintas::note

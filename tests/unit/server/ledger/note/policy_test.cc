#include "server/ledger/note/policy.h"

#include <gtest/gtest.h>

#include <string>

#include "absl/strings/str_cat.h"
#include "server/ledger/merkle/tree_hash.h"
#include "server/ledger/note/cosignature.h"
#include "tests/unit/server/ledger/note/test_keys.h"

namespace lintas::note {
namespace {

constexpr char kOrigin[] = "log.example";

std::string LogLine() { return absl::StrCat("log ", FormatVkey(LogKey(kOrigin, 'L')), "\n"); }

std::string WitnessLine(char name) {
  return absl::StrCat("witness ", std::string(1, name), " ",
                      FormatVkey(WitnessKey(absl::StrCat(std::string(1, name), ".example"), name)),
                      "\n");
}

// A checkpoint of the log, cosigned by the witnesses whose letters are given.
std::string Note(absl::string_view witnesses) {
  SignedNote note =
      *ParseNote(SignCheckpoint({kOrigin, TreeSize(0), merkle::EmptyRoot(), {}}, TestKey('L')));
  for (const char name : witnesses) {
    AddSignature(&note, Cosign(note.text, absl::StrCat(std::string(1, name), ".example"),
                               TestKey(name), absl::FromUnixSeconds(1700000000)));
  }
  return FormatNote(note);
}

// The example of tlog-policy.md: two of three X (here a, b, c) and one of three Y (d, e, f).
std::string TwoLevels() {
  std::string text = LogLine();
  for (const char name : {'a', 'b', 'c', 'd', 'e', 'f'}) text += WitnessLine(name);
  return text +
         "group X 2 a b c\n"
         "group Y any d e f\n"
         "group X-and-Y all X Y\n"
         "quorum X-and-Y\n";
}

TEST(Policy, CountsTheExampleOfTheStandard) {
  const auto policy = Policy::Parse(TwoLevels());
  ASSERT_TRUE(policy.ok()) << policy.status();
  for (const char* enough : {"abd", "bcf", "ace", "abcdef", "fab"}) {
    EXPECT_TRUE(policy->Satisfied(Note(enough)).ok()) << enough;
  }
  for (const char* lacking : {"", "a", "ab", "abc", "ad", "def", "adef"}) {
    EXPECT_EQ(policy->Satisfied(Note(lacking)).status().code(),
              absl::StatusCode::kFailedPrecondition)
        << lacking;
  }
}

TEST(Policy, CountsARepeatedWitnessOnce) {
  const auto policy = Policy::Parse(TwoLevels());
  SignedNote note = *ParseNote(Note("ad"));
  note.signatures.push_back(
      Cosign(note.text, "a.example", TestKey('a'), absl::FromUnixSeconds(1700000001)));
  EXPECT_FALSE(policy->Satisfied(FormatNote(note)).ok());
}

TEST(Policy, WithoutQuorumNeedsTheLogAlone) {
  const auto policy = Policy::Parse(LogLine() + "quorum none\n");
  ASSERT_TRUE(policy.ok());
  EXPECT_TRUE(policy->Satisfied(Note("")).ok());
  const auto verified = policy->Satisfied(Note("a"));
  ASSERT_TRUE(verified.ok());
  EXPECT_EQ(verified->note.signatures.size(), 1u);
}

TEST(Policy, NeedsAKnownLog) {
  const auto policy = Policy::Parse(WitnessLine('a') + "quorum a\n");
  ASSERT_TRUE(policy.ok());
  EXPECT_EQ(policy->Satisfied(Note("a")).status().code(), absl::StatusCode::kFailedPrecondition);
}

TEST(Policy, RefusesANoteWithAFailingWitness) {
  const auto policy = Policy::Parse(TwoLevels());
  SignedNote note = *ParseNote(Note("abdf"));
  note.signatures.back().bytes[20] = static_cast<char>(note.signatures.back().bytes[20] ^ 1);
  EXPECT_EQ(policy->Satisfied(FormatNote(note)).status().code(), absl::StatusCode::kDataLoss);
}

TEST(Policy, TakesCommentsUrlsAndSpaces) {
  const std::string key = FormatVkey(LogKey(kOrigin, 'L'));
  const std::string text =
      absl::StrCat("  # comment\n\n \t \nlog\t", key, "  https://log.example/ \n", WitnessLine('a'),
                   "group \xC3\xA8 1 a\n quorum \xC3\xA8");
  const auto policy = Policy::Parse(text);
  ASSERT_TRUE(policy.ok()) << policy.status();
  EXPECT_TRUE(policy->Satisfied(Note("a")).ok());
  EXPECT_FALSE(policy->Satisfied(Note("b")).ok());
}

TEST(Policy, RefusesWhatTheStandardForbids) {
  const std::string a = WitnessLine('a'), b = WitnessLine('b'), log = LogLine();
  const std::string a_key = FormatVkey(WitnessKey("a.example", 'a'));
  const std::string other_name = FormatVkey(WitnessKey("c.example", 'a'));
  const std::string bad[] = {
      "",
      log,
      log + "quorum none\nquorum none\n",
      log + "quorum\n",
      log + "quorum a\n" + a,
      log + log + "quorum none\n",
      "log " + a_key + "\nquorum none\n",
      "log\nquorum none\n",
      log.substr(0, log.size() - 1) + " url more\nquorum none\n",
      "witness a " + FormatVkey(LogKey("a.example", 'a')) + "\nquorum a\n",
      "witness none " + a_key + "\nquorum none\n",
      "witness a\nquorum a\n",
      a + a + "quorum a\n",
      a + "witness c " + other_name + "\nquorum a\n",  // The same key under two names.
      a + b + "group a all b\nquorum a\n",
      a + "group g 0 a\nquorum g\n",
      a + "group g 2 a\nquorum g\n",
      a + "group g 01 a\nquorum g\n",
      a + "group g most a\nquorum g\n",
      a + "group g any\nquorum g\n",
      a + "group g any none\nquorum g\n",
      a + "group g any g\nquorum g\n",
      a + "group g any b\n" + b + "quorum g\n",
      a + "group g any a a\nquorum g\n",
      a + b + "group g any a b\ngroup h any a\nquorum h\n",
      a + "group none any a\nquorum none\n",
      "Log x\nquorum none\n",
      "quorum none\r\n",
      std::string("quorum none\n\0", 13),
      "# \x7F\nquorum none\n"};
  for (const std::string& text : bad) EXPECT_FALSE(Policy::Parse(text).ok()) << text;
}

TEST(Policy, NamesTheBadLine) {
  const auto policy = Policy::Parse(LogLine() + "# comment\nwitness x\nquorum none\n");
  EXPECT_NE(policy.status().message().find("line 3"), absl::string_view::npos) << policy.status();
}

TEST(Policy, IsBounded) {
  EXPECT_FALSE(Policy::Parse(std::string(Policy::kPolicyBytesMax, '#') + "\nquorum none\n").ok());
}

}  // namespace
}  // namespace lintas::note

// P26: what may not be shared and what is not there are one answer, in length and in time.
#include <gtest/gtest.h>

#include "server/link/questions.h"
#include "tests/support/migration_calls.h"

namespace lintas {
namespace {

constexpr int kPairs = 5000;
constexpr int kPairsPerTurn = 8;

agreement::v1::Agreement ManyQuestionsADay() {
  agreement::v1::Agreement agreement = DefaultAgreementForTest();
  agreement.mutable_limits()->set_questions_per_officer_day(1'000'000);
  agreement.mutable_limits()->set_questions_per_partner_day(1'000'000);
  return agreement;
}

class SilenceTest : public testing::Test, protected MigrationCalls {
 protected:
  // Indonesia asks, Cambodia answers.
  SilenceTest() : MigrationCalls(/*adopt=*/false) {
    LINTAS_CHECK(Adopt(idn, SignForTest(ManyQuestionsADay())).ok());
    LINTAS_CHECK(Adopt(khm, SignForTest(ManyQuestionsADay())).ok());
    Settle();
  }

  struct Seen {
    size_t bytes = 0;
    absl::Time time;
    bool nothing = false;
  };
  void Put(const std::string& document_number, Seen* seen) {
    partner::v1::Question question;
    question.set_asker_country("idn");
    question.set_answerer_country("khm");
    question.set_partnership("idn-khm");
    question.set_nonce(Sha256Of(absl::StrCat(++nonce_)).str().substr(0, 16));
    question.set_issue_time_s(absl::ToUnixSeconds(clock.now));
    question.set_expire_time_s(absl::ToUnixSeconds(clock.now) + 1);
    question.set_role("officer");
    question.set_officer_pseudonym("pseudonym-of-one");
    question.set_purpose("IDENTITY_VERIFICATION");
    question.set_case_token("case");
    question.set_kind(partner::v1::Question::FIND);
    question.set_document_number(document_number);
    partner::v1::SignedQuestion out;
    out.set_question(question.SerializeAsString());
    out.set_signature(
        NodeKeysForTest("idn").question.Sign(SignedBytes("question", "idn-khm", out.question())));
    khm.node->questions().AnswerPartner(
        out, clock.now, [this, seen](absl::StatusOr<partner::v1::SignedAnswer> given) {
          LINTAS_CHECK(given.ok());
          partner::v1::Answer answer;
          LINTAS_CHECK(answer.ParseFromString(given->answer()));
          *seen = {given->answer().size(), clock.now,
                   answer.outcome() == partner::v1::Answer::NOTHING_TO_SHARE};
        });
  }
  int nonce_ = 0;
};

TEST_F(SilenceTest, IsAlikeInTimeAndLengthOverTenThousandInterleavedCalls) {
  // There, and not to be shared: a withdrawn record, and the asker's own, held here as a copy.
  const auto withdrawn = Create(khm, MakeCrossing({}, "W0000001"));
  ASSERT_TRUE(withdrawn.ok());
  ASSERT_TRUE(Create(idn, MakeCrossing({}, "F0000001")).ok());
  Settle();
  ASSERT_TRUE(Withdraw(khm, withdrawn->name()).ok());
  Settle();
  std::vector<Seen> absent(kPairs), undisclosable(kPairs);
  for (int pair = 0; pair < kPairs; ++pair) {
    // Which of the two comes first changes.
    if (pair % 2 == 0) Put("A0000001", &absent[pair]);
    Put(pair % 3 == 0 ? "F0000001" : "W0000001", &undisclosable[pair]);
    if (pair % 2 != 0) Put("A0000001", &absent[pair]);
    if (pair % kPairsPerTurn == 0) Turn();
  }
  RunFor(absl::Milliseconds(100));
  for (int pair = 0; pair < kPairs; ++pair) {
    ASSERT_TRUE(absent[pair].nothing && undisclosable[pair].nothing) << pair;
    ASSERT_EQ(absent[pair].time, undisclosable[pair].time) << pair;
    ASSERT_EQ(absent[pair].bytes, undisclosable[pair].bytes) << pair;
    ASSERT_EQ(absl::ToUnixMillis(absent[pair].time) % 25, 0) << pair;
  }
}

TEST_F(SilenceTest, LastsFromArrivalAndNotFromTheEndOfTheWork) {
  Seen prompt, slow;
  const absl::Time came = clock.now;
  Put("A0000001", &prompt);
  RunFor(absl::Milliseconds(75));
  EXPECT_GT(prompt.time, came + kAnswerGrid);
  EXPECT_LE(prompt.time, came + 2 * kAnswerGrid);
  // A commit that takes 20 ms: the node is not stepped, the clock goes on.
  const absl::Time came_slow = clock.now;
  Put("A0000001", &slow);
  clock.now += absl::Milliseconds(20);
  RunFor(absl::Milliseconds(75));
  EXPECT_EQ(slow.time - came_slow, prompt.time - came);
}

}  // namespace
}  // namespace lintas

#include "server/link/questions.h"

#include <gtest/gtest.h>

#include "tests/support/migration_calls.h"

namespace lintas {
namespace {

using ledger::v1::EntryHeader;

class QuestionsTest : public testing::Test, protected MigrationCalls {
 protected:
  // Indonesia asks, Cambodia answers.
  QuestionsTest() { AddPermit(); }
  explicit QuestionsTest(const agreement::v1::Agreement& agreement)
      : MigrationCalls(/*adopt=*/false) {
    LINTAS_CHECK(Adopt(idn, SignForTest(agreement)).ok());
    LINTAS_CHECK(Adopt(khm, SignForTest(agreement)).ok());
    Settle();
    AddPermit();
  }
  void AddPermit() {
    mi::StayPermit permit = MakeStayPermit({{"IDN"}}, "B1234567", "KH-77");
    permit.mutable_document()->set_issuer("IDN");
    LINTAS_CHECK(Create(khm, permit).ok());
    Settle();
  }
  size_t Home(NodeOnDisk& node, EntryHeader::Kind kind) {
    return node.Entries(LedgerId::kHome, kind).size();
  }
  // A question of Indonesia's node, signed by `key`.
  partner::v1::SignedQuestion Signed(const std::function<void(partner::v1::Question*)>& change,
                                     const SigningKey& key = NodeKeysForTest("idn").question) {
    partner::v1::Question question;
    question.set_asker_country("idn");
    question.set_answerer_country("khm");
    question.set_partnership("idn-khm");
    question.set_nonce(std::string(16, static_cast<char>('a' + nonce_++ % 26)));
    question.set_issue_time_s(absl::ToUnixSeconds(clock.now));
    question.set_expire_time_s(absl::ToUnixSeconds(clock.now) + 60);
    question.set_role("officer");
    question.set_officer_pseudonym("pseudonym-of-one");
    question.set_purpose("IDENTITY_VERIFICATION");
    question.set_case_token("case");
    question.set_kind(partner::v1::Question::FIND);
    question.set_document_number("B1234567");
    change(&question);
    partner::v1::SignedQuestion out;
    out.set_question(question.SerializeAsString());
    out.set_signature(key.Sign(SignedBytes("question", "idn-khm", out.question())));
    return out;
  }
  absl::StatusOr<partner::v1::SignedAnswer> Put(const partner::v1::SignedQuestion& question) {
    absl::optional<absl::StatusOr<partner::v1::SignedAnswer>> answer;
    khm.node->questions().AnswerPartner(question, clock.now,
                                        [&](auto given) { answer.emplace(std::move(given)); });
    for (int i = 0; i < 200 && !answer; ++i) Turn();
    LINTAS_CHECK(answer.has_value());
    return *answer;
  }
  // Puts `question` and sees that it left one question and one answer entry (P11).
  ledger::v1::AnswerRecord PutForPair(const partner::v1::SignedQuestion& question,
                                      ledger::v1::QuestionRecord* asked = nullptr) {
    const size_t questions = Home(khm, EntryHeader::QUESTION);
    const size_t answers = Home(khm, EntryHeader::ANSWER);
    const absl::Status outcome = Put(question).status();
    EXPECT_EQ(Home(khm, EntryHeader::QUESTION), questions + 1);
    EXPECT_EQ(Home(khm, EntryHeader::ANSWER), answers + 1);
    ledger::v1::AnswerRecord answer;
    EXPECT_TRUE(
        answer.ParseFromString(khm.Entries(LedgerId::kHome, EntryHeader::ANSWER).back().content()));
    ledger::v1::QuestionRecord record;
    EXPECT_TRUE(record.ParseFromString(
        khm.Entries(LedgerId::kHome, EntryHeader::QUESTION).back().content()));
    EXPECT_EQ(record.question_digest(), Sha256Of(question.question()).str());
    EXPECT_EQ(answer.question_digest(), record.question_digest());
    EXPECT_EQ(answer.status_code(), static_cast<int>(outcome.code()));
    EXPECT_EQ(answer.outward_reason(), ErrorReason(outcome));
    if (asked != nullptr) *asked = record;
    return answer;
  }
  int nonce_ = 0;
};

agreement::v1::Agreement FewQuestionsADay() {
  agreement::v1::Agreement agreement = DefaultAgreementForTest();
  agreement.mutable_limits()->set_questions_per_officer_day(2);
  agreement.mutable_limits()->set_questions_per_partner_day(3);
  return agreement;
}

class FewQuestionsTest : public QuestionsTest {
 protected:
  FewQuestionsTest() : QuestionsTest(FewQuestionsADay()) {}
};

TEST_F(QuestionsTest, GiveAReferenceThatOpensTheFile) {
  const auto hit = Ask(idn, "b 1234567", OfficerIn("C-1"));
  ASSERT_TRUE(hit.ok()) << hit.status();
  ASSERT_EQ(hit->hits_size(), 1);
  EXPECT_EQ(hit->hits(0).type(), "stay_permit");
  EXPECT_FALSE(hit->has_record());
  const auto opened = Open(idn, hit->hits(0).reference(), OfficerIn("C-1"));
  ASSERT_TRUE(opened.ok()) << opened.status();
  ASSERT_TRUE(opened->record().has_stay_permit());
  EXPECT_EQ(opened->record().stay_permit().permit_number(), "KH-77");
  EXPECT_EQ(opened->record().stay_permit().address(), kAddressForTest);  // By request_sections.
  EXPECT_EQ(opened->agreement_version(), 1);
}

TEST_F(QuestionsTest, GiveNothingByAReferenceOfAnotherOfficerOrPurpose) {
  const auto hit = Ask(idn, "B1234567", OfficerIn("C-1"));
  ASSERT_TRUE(hit.ok());
  As other = OfficerIn("C-1");
  other.id = "officer-2";
  EXPECT_EQ(ErrorReason(Open(idn, hit->hits(0).reference(), other).status()), "NOTHING_TO_SHARE");
  EXPECT_EQ(ErrorReason(Open(idn, std::string(60, 'x'), OfficerIn("C-1")).status()),
            "NOTHING_TO_SHARE");
  As border = OfficerIn("C-1");
  border.purpose = "BORDER_CHECK";
  EXPECT_EQ(ErrorReason(Open(idn, hit->hits(0).reference(), border).status()), "NOTHING_TO_SHARE");
  clock.now += absl::Hours(25);  // A reference is good for a day.
  EXPECT_EQ(ErrorReason(Open(idn, hit->hits(0).reference(), OfficerIn("C-1")).status()),
            "NOTHING_TO_SHARE");
}

TEST_F(QuestionsTest, GiveOneAnswerForAbsentForeignAndWithdrawn) {  // P26, Q2
  // Ours, which Cambodia holds as a copy: not its to give.
  ASSERT_TRUE(Create(idn, MakeCrossing({}, "F0000001")).ok());
  const auto withdrawn = Create(khm, MakeCrossing({}, "W0000001"));
  ASSERT_TRUE(withdrawn.ok());
  Settle();
  ASSERT_TRUE(Withdraw(khm, withdrawn->name()).ok());
  Settle();
  std::vector<absl::Status> statuses;
  for (const char* number : {"A0000001", "F0000001", "W0000001"}) {
    const size_t questions = Home(khm, EntryHeader::QUESTION);
    const size_t answers = Home(khm, EntryHeader::ANSWER);
    statuses.push_back(Ask(idn, number, OfficerIn("C-1")).status());
    EXPECT_EQ(Home(khm, EntryHeader::QUESTION), questions + 1);
    EXPECT_EQ(Home(khm, EntryHeader::ANSWER), answers + 1);
  }
  for (const absl::Status& status : statuses) {
    EXPECT_EQ(ErrorReason(status), "NOTHING_TO_SHARE");
    EXPECT_EQ(status, statuses[0]);
  }
  // A hit has the same length, and all leave on the grid.
  ASSERT_TRUE(Ask(idn, "B1234567", OfficerIn("C-1")).ok());
  ASSERT_EQ(idn_line.answers_seen.size(), 4);
  for (const auto& [size, time] : idn_line.answers_seen) {
    EXPECT_EQ(size, idn_line.answers_seen[0].first);
    EXPECT_EQ(size % 1024, 0);
    EXPECT_EQ(absl::ToUnixMillis(time) % 25, 0);
  }
}

TEST_F(QuestionsTest, ShowAnAttacheOwnNationalsInACaseOnly) {  // R7
  ASSERT_TRUE(Create(khm, MakeCrossing({{"KHM"}}, "N0000001", "KHM")).ok());
  Settle();
  EXPECT_TRUE(Ask(idn, "B1234567", Attache("C-1")).ok());
  EXPECT_EQ(ErrorReason(Ask(idn, "N0000001", Attache("C-1")).status()), "NOTHING_TO_SHARE");
  EXPECT_TRUE(Ask(idn, "N0000001", OfficerIn("C-1")).ok());
  EXPECT_EQ(Ask(idn, "B1234567", Attache("")).status().code(), absl::StatusCode::kPermissionDenied);
}

TEST_F(QuestionsTest, FindByNameWithTheBirthDate) {  // R7
  PersonForTest cambodian;
  cambodian.nationalities = {"KHM"};
  ASSERT_TRUE(Create(khm, MakeCrossing()).ok());
  ASSERT_TRUE(Create(khm, MakeCrossing(cambodian, "N0000001", "KHM")).ok());
  Settle();
  const types::v1::Person person = MakeCrossing().person();
  mi::AskPartnerRequest request;
  request.set_person_name(
      absl::StrCat(person.names(0).given_name(), " ", person.names(0).family_name()));
  const auto ask = [&](const As& as) {
    return Call<mi::AskPartnerResponse>(idn, "AskPartner", as, request);
  };
  EXPECT_EQ(ErrorReason(ask(OfficerIn("C-1")).status()), "INSUFFICIENT_IDENTIFIERS");
  request.set_birth_date(absl::StrFormat("%04d-%02d-%02d", person.birth_date().year(),
                                         person.birth_date().month(), person.birth_date().day()));
  const auto officers = ask(OfficerIn("C-1"));
  ASSERT_TRUE(officers.ok()) << officers.status();
  EXPECT_EQ(officers->hits_size(), 3) << "the fixture's record too";
  const auto attaches = ask(Attache("C-2"));
  ASSERT_TRUE(attaches.ok()) << attaches.status();
  EXPECT_EQ(attaches->hits_size(), 2) << "own nationals only";
  request.set_birth_date(absl::StrFormat("%04d-00-00", person.birth_date().year()));
  EXPECT_EQ(ErrorReason(ask(Attache("C-2")).status()), "INSUFFICIENT_IDENTIFIERS");
  request.set_birth_date("1901-01-01");
  EXPECT_EQ(ErrorReason(ask(OfficerIn("C-1")).status()), "NOTHING_TO_SHARE");
}

TEST_F(QuestionsTest, JudgeTheAskersClaimsAtTheAnsweringNodeToo) {  // Q4
  const auto reason = [&](const std::function<void(partner::v1::Question*)>& change) {
    const size_t questions = Home(khm, EntryHeader::QUESTION);
    const size_t answers = Home(khm, EntryHeader::ANSWER);
    const auto answer = Put(Signed(change));
    EXPECT_EQ(Home(khm, EntryHeader::QUESTION), questions + 1);  // Q1
    EXPECT_EQ(Home(khm, EntryHeader::ANSWER), answers + 1);
    return ErrorReason(answer.status());
  };
  EXPECT_EQ(reason([](auto*) {}), "");
  EXPECT_EQ(reason([](auto* question) { question->clear_case_token(); }), "NO_LEGAL_BASIS");
  EXPECT_EQ(reason([](auto* question) { question->set_purpose("CURIOSITY"); }), "NO_LEGAL_BASIS");
  EXPECT_EQ(reason([](auto* question) { question->set_role("operator"); }), "NOT_COMPETENT");
  EXPECT_EQ(reason([](auto* question) { question->clear_document_number(); }),
            "INSUFFICIENT_IDENTIFIERS");
  EXPECT_EQ(reason([](auto* question) { question->set_kind(partner::v1::Question::OPEN); }),
            "INSUFFICIENT_IDENTIFIERS");
  EXPECT_EQ(reason([](auto* question) {
              question->set_role("attache");
              question->clear_document_number();
              question->set_person_name("BUDI");
              question->set_birth_date("1990-05-00");
            }),
            "INSUFFICIENT_IDENTIFIERS");
}

TEST_F(QuestionsTest, AreRefusedOverTheQuota) {  // P25
  for (int i = 0; i < 200; ++i) {
    ASSERT_TRUE(Put(Signed([&](auto* question) {
                  question->set_nonce(absl::StrFormat("%016d", i));
                  question->set_document_number("A0000001");
                })).ok());
  }
  const auto over = Put(Signed([](auto* question) { question->set_nonce(std::string(16, '-')); }));
  EXPECT_EQ(over.status().code(), absl::StatusCode::kResourceExhausted);
  EXPECT_EQ(ErrorReason(over.status()), "QUOTA");
  // Another officer's day is their own; tomorrow is a new one.
  EXPECT_TRUE(Put(Signed([](auto* question) {
                question->set_nonce(std::string(16, '+'));
                question->set_officer_pseudonym("other-pseudonym-");
              })).ok());
  clock.now += absl::Hours(24);
  EXPECT_TRUE(Put(Signed([](auto*) {})).ok());
}

TEST_F(QuestionsTest, GetTheSameAnswerWhenRepeated) {  // Q3
  const auto question = Signed([](auto*) {});
  const auto first = Put(question);
  ASSERT_TRUE(first.ok());
  const size_t entries = khm.Entries(LedgerId::kHome).size();
  ASSERT_TRUE(Create(khm, MakeCrossing({}, "B1234567")).ok());
  const size_t written = khm.Entries(LedgerId::kHome).size();
  const auto again = Put(question);
  ASSERT_TRUE(again.ok());
  EXPECT_EQ(again->SerializeAsString(), first->SerializeAsString());
  EXPECT_EQ(khm.Entries(LedgerId::kHome).size(), written);
  EXPECT_GT(written, entries);
}

TEST_F(QuestionsTest, LeaveAPairOfEntriesThoughTheyAreNotBelieved) {  // P11, Q5
  const auto signed_bytes = [](const std::string& bytes) {
    partner::v1::SignedQuestion out;
    out.set_question(bytes);
    out.set_signature(
        NodeKeysForTest("idn").question.Sign(SignedBytes("question", "idn-khm", bytes)));
    return out;
  };
  const auto marked = [](partner::v1::Question* question) {
    question->set_person_name("ZZSECRETZZ");
  };
  const std::vector<partner::v1::SignedQuestion> bad = {
      Signed(marked, KeyForTest("a stranger")),
      signed_bytes("ZZSECRETZZ, not a message"),
      Signed(
          [](auto* question) { question->set_purpose("ZZSECRETZZ" + std::string(2 << 20, 'P')); }),
      Signed([](auto* question) { question->set_purpose("ZZSECRETZZ" + std::string(100, 'P')); }),
      Signed([](auto* question) { question->set_officer_pseudonym("ZZSECRETZZ"); }),
      signed_bytes(""),
  };
  for (const partner::v1::SignedQuestion& question : bad) {
    ledger::v1::QuestionRecord asked;
    EXPECT_EQ(PutForPair(question, &asked).outward_reason(), "BAD_QUESTION");
    EXPECT_TRUE(asked.from_partner());
    EXPECT_EQ(asked.asker(), "");
    EXPECT_EQ(asked.purpose(), "");
    EXPECT_EQ(asked.subject_tokens_size(), 0);
  }
  for (const NodeOnDisk::Held& each : khm.Entries(LedgerId::kHome)) {
    EXPECT_EQ(each.content().find("ZZSECRETZZ"), std::string::npos);
  }
}

TEST_F(QuestionsTest, LeaveAPairOfEntriesThoughMisdirectedOrLate) {  // P11
  ledger::v1::QuestionRecord asked;
  EXPECT_EQ(PutForPair(Signed([](auto* each) { each->set_answerer_country("mys"); }), &asked)
                .outward_reason(),
            "BAD_QUESTION");
  EXPECT_EQ(asked.asker(), absl::BytesToHexString("pseudonym-of-one"));
  EXPECT_EQ(
      PutForPair(Signed([](auto* each) { each->set_partnership("idn-mys"); })).outward_reason(),
      "BAD_QUESTION");
  const auto late = Signed([](auto*) {});
  clock.now += absl::Seconds(61);
  EXPECT_EQ(PutForPair(late).outward_reason(), "QUESTION_EXPIRED");
  EXPECT_EQ(PutForPair(late).outward_reason(), "QUESTION_EXPIRED");
}

TEST_F(QuestionsTest, GetTheSameAnswerAfterAReopen) {  // P25, Q3
  const auto question = Signed([](auto*) {});
  const auto refused = Signed([](auto* each) { each->clear_case_token(); });
  const auto first = Put(question);
  ASSERT_TRUE(first.ok());
  const absl::Status refusal = Put(refused).status();
  EXPECT_EQ(ErrorReason(refusal), "NO_LEGAL_BASIS");
  ASSERT_TRUE(Create(khm, MakeCrossing({}, "B1234567")).ok());
  const size_t written = khm.Entries(LedgerId::kHome).size();
  Reopen(&khm);
  const auto again = Put(question);
  ASSERT_TRUE(again.ok()) << again.status();
  EXPECT_EQ(again->SerializeAsString(), first->SerializeAsString());
  EXPECT_EQ(Put(refused).status(), refusal);
  EXPECT_EQ(khm.Entries(LedgerId::kHome).size(), written);
  // Over, it is another question.
  clock.now += absl::Seconds(61);
  Reopen(&khm);
  EXPECT_EQ(PutForPair(question).outward_reason(), "QUESTION_EXPIRED");
}

TEST_F(QuestionsTest, AnswerThatIsKeptIsNotReadableWithoutTheQuestion) {  // P4, P25
  const auto hit = Ask(idn, "B1234567", OfficerIn("C-1"));
  ASSERT_TRUE(hit.ok());
  ASSERT_TRUE(Open(idn, hit->hits(0).reference(), OfficerIn("C-1")).ok());
  ledger::v1::AnswerRecord kept;
  ASSERT_TRUE(
      kept.ParseFromString(khm.Entries(LedgerId::kHome, EntryHeader::ANSWER).back().content()));
  EXPECT_GT(kept.sealed_answer().size(), 1024u);
  EXPECT_EQ(kept.sealed_answer().find("KH-77"), std::string::npos);
}

TEST_F(FewQuestionsTest, OfOneOfficerAreCountedOverAReopen) {  // P25
  EXPECT_TRUE(Put(Signed([](auto*) {})).ok());
  Reopen(&khm);
  EXPECT_TRUE(Put(Signed([](auto*) {})).ok());
  Reopen(&khm);
  EXPECT_EQ(PutForPair(Signed([](auto*) {})).outward_reason(), "QUOTA");
}

TEST_F(FewQuestionsTest, BeyondThePartnersDayLeaveOneMorePairAndNoOther) {  // P11, decision 0010
  const auto ask = [this] { return Signed([](auto*) {}, KeyForTest("a stranger")); };
  for (int i = 0; i < 3; ++i) EXPECT_EQ(PutForPair(ask()).outward_reason(), "BAD_QUESTION");
  EXPECT_EQ(PutForPair(Signed([](auto*) {})).outward_reason(), "QUOTA");
  for (int round = 0; round < 2; ++round) {
    const size_t written = khm.Entries(LedgerId::kHome).size();
    for (int i = 0; i < 5; ++i) EXPECT_EQ(ErrorReason(Put(ask()).status()), "QUOTA");
    EXPECT_EQ(khm.Entries(LedgerId::kHome).size(), written);
    EXPECT_EQ(khm.node->questions().unrecorded_count(), 5u);
    EXPECT_TRUE(khm.node->alarms().raised("QUESTIONS_OVER_QUOTA"));
    Reopen(&khm);  // The day's count holds.
  }
  clock.now += absl::Hours(24);
  EXPECT_TRUE(Put(Signed([](auto*) {})).ok());
}

TEST_F(QuestionsTest, AreRefusedWhenExpiredOrNotYetAsked) {
  const auto question = Signed([](auto*) {});
  clock.now += absl::Seconds(61);
  EXPECT_EQ(ErrorReason(Put(question).status()), "QUESTION_EXPIRED");
  EXPECT_EQ(ErrorReason(Put(Signed([](auto* each) {
                          each->set_issue_time_s(each->issue_time_s() + 600);
                          each->set_expire_time_s(each->issue_time_s() + 660);
                        })).status()),
            "QUESTION_EXPIRED");
  EXPECT_EQ(ErrorReason(Put(Signed([](auto* each) {
                          each->set_expire_time_s(each->issue_time_s() + 7200);
                        })).status()),
            "QUESTION_EXPIRED");
}

TEST_F(QuestionsTest, RaiseAnAlarmWhenNotSignedByThePartner) {
  const auto answer = Put(Signed([](auto*) {}, KeyForTest("a stranger")));
  EXPECT_EQ(answer.status().code(), absl::StatusCode::kUnauthenticated);
  EXPECT_TRUE(khm.node->alarms().raised("BAD_QUESTION"));
  const auto misdirected =
      Put(Signed([](auto* question) { question->set_answerer_country("mys"); }));
  EXPECT_EQ(ErrorReason(misdirected.status()), "BAD_QUESTION");
}

TEST_F(QuestionsTest, RaiseAnAlarmWhenTheAnswerIsNotSigned) {
  idn_line.faults.on_answer = [](partner::v1::SignedAnswer* answer) {
    partner::v1::Answer changed;
    LINTAS_CHECK(changed.ParseFromString(answer->answer()));
    changed.set_agreement_version(9);
    answer->set_answer(changed.SerializeAsString());
  };
  const auto asked = Ask(idn, "B1234567", OfficerIn("C-1"));
  EXPECT_FALSE(asked.ok());
  EXPECT_TRUE(idn.node->alarms().raised("BAD_ANSWER"));
}

TEST_F(QuestionsTest, RaiseAnAlarmWhenTheAnswerIsToAnotherQuestion) {
  absl::optional<partner::v1::SignedAnswer> first;
  idn_line.faults.on_answer = [&](partner::v1::SignedAnswer* answer) {
    if (!first) first = *answer;
    *answer = *first;
  };
  EXPECT_TRUE(Ask(idn, "B1234567", OfficerIn("C-1")).ok());
  EXPECT_FALSE(Ask(idn, "A0000001", OfficerIn("C-1")).ok());
  EXPECT_TRUE(idn.node->alarms().raised("BAD_ANSWER"));
}

TEST_F(QuestionsTest, StandInBothHomeLedgersOnce) {  // Q1, D4
  const size_t asked = Home(idn, EntryHeader::QUESTION), heard = Home(idn, EntryHeader::ANSWER);
  const size_t got = Home(khm, EntryHeader::QUESTION), gave = Home(khm, EntryHeader::ANSWER);
  ASSERT_TRUE(Ask(idn, "B1234567", OfficerIn("C-1")).ok());
  EXPECT_EQ(Home(idn, EntryHeader::QUESTION), asked + 1);
  EXPECT_EQ(Home(idn, EntryHeader::ANSWER), heard + 1);
  EXPECT_EQ(Home(khm, EntryHeader::QUESTION), got + 1);
  EXPECT_EQ(Home(khm, EntryHeader::ANSWER), gave + 1);
  // The asker's name and case stay at home.
  ASSERT_EQ(idn_line.questions_seen.size(), 1);
  const std::string sent = idn_line.questions_seen[0].SerializeAsString();
  EXPECT_EQ(sent.find("officer-1"), std::string::npos);
  EXPECT_EQ(sent.find("C-1"), std::string::npos);
}

TEST_F(QuestionsTest, SayWhenThePartnerIsUnreachable) {
  idn_line.faults.down = true;
  const size_t heard = Home(idn, EntryHeader::ANSWER);
  const auto asked = Ask(idn, "B1234567", OfficerIn("C-1"));
  EXPECT_EQ(asked.status().code(), absl::StatusCode::kUnavailable);
  EXPECT_EQ(ErrorReason(asked.status()), "PARTNER_UNREACHABLE");
  EXPECT_EQ(Home(idn, EntryHeader::ANSWER), heard + 1);
}

TEST_F(QuestionsTest, NeedAnAgreementInCommon) {
  MigrationCalls nodes(/*adopt=*/false);
  ASSERT_TRUE(nodes.Adopt(nodes.idn).ok());
  nodes.Settle();
  const auto asked = nodes.Ask(nodes.idn, "B1234567", OfficerIn("C-1"));
  EXPECT_FALSE(asked.ok());
}

}  // namespace
}  // namespace lintas

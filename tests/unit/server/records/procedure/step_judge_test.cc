// A partner that sends steps that no honest node would: each is answered by a verdict and counts
// for nothing (P13).
#include "server/records/procedure/step_judge.h"

#include <gtest/gtest.h>

#include "server/areas/migration_information/checks.h"
#include "tests/support/forged_ledger.h"
#include "tests/support/procedure_calls.h"

namespace lintas {
namespace {

using ledger::v1::EntryHeader;

class StepJudgeTest : public testing::Test, protected ProcedureCalls {
 protected:
  StepJudgeTest() {
    const auto asked = Open(idn, RecordRequestForTest());
    EXPECT_TRUE(asked.ok()) << asked.status();
    id_ = *ParseProcedureName(asked->name());
    ask_ = idn.node->ledgers().size(LedgerId::kExchange).value() - 1;
    next_ = idn.node->ledgers().size(LedgerId::kReplica).value();
  }

  // A step of khm's on the request, which it has seen.
  EntryHeader Step(const std::string& code) {
    EntryHeader header;
    header.set_kind(EntryHeader::STEP);
    header.set_format(1);
    header.set_procedure_id(id_);
    header.set_type("record_request");
    header.set_code(code);
    header.set_target_first(ask_);
    header.set_index(next_);
    header.set_seen_partner(ask_ + 1);
    header.set_agreement_version(1);
    header.set_time_s(absl::ToUnixSeconds(clock.now));
    return header;
  }
  std::string Judge(const EntryHeader& header, const google::protobuf::Message* content = nullptr,
                    bool synthetic = true, uint32_t section = 1) {
    ledger::v1::Payload payload;
    payload.set_synthetic(synthetic);
    if (content != nullptr) {
      AddSection(section, content->SerializeAsString(), random_, &payload);
    }
    next_ = header.index() + 1;
    return judge_.Judge(header, payload, idn.node->book().ByVersion(1).get(), &progress_);
  }

  CountingRandom random_{"judge"};
  const StepJudge judge_{idn.node->deps(), migration_information::Check};
  StepProgress progress_;
  std::string id_;
  uint64_t ask_ = 0, next_ = 0;
};

TEST_F(StepJudgeTest, AnHonestStepIsAccepted) {
  EXPECT_EQ(Judge(Step("RECEIVE")), "");
  EntryHeader answer = Step("ANSWER");
  answer.clear_target_first();
  answer.set_predecessor(next_ - 1);
  const mi::RecordAnswer nothing = NothingForTest();
  EXPECT_EQ(Judge(answer, &nothing), "");
}

TEST_F(StepJudgeTest, ABranchOfItsOwnIsStale) {
  EXPECT_EQ(Judge(Step("RECEIVE")), "");
  const mi::RecordAnswer nothing = NothingForTest();
  EXPECT_EQ(Judge(Step("ANSWER"), &nothing), "STALE_STEP");
}

TEST_F(StepJudgeTest, WhatItHadNotSeenIsNoStepBefore) {
  EntryHeader step = Step("RECEIVE");
  step.set_seen_partner(ask_);
  EXPECT_EQ(Judge(step), "UNKNOWN_PROCEDURE");
}

TEST_F(StepJudgeTest, ItMayNotMoveForTheOtherSide) {
  EXPECT_EQ(Judge(Step("WITHDRAW")), "STEP_NOT_ALLOWED");
  EXPECT_EQ(Judge(Step("CLOSE")), "STEP_NOT_ALLOWED");
  EXPECT_EQ(Judge(Step("ERASE_ALL")), "STEP_NOT_ALLOWED");
}

TEST_F(StepJudgeTest, AnOpenedProcedureIsNotOpenedAgain) {
  EntryHeader step = Step("ASK");
  step.clear_target_first();
  const mi::RecordRequest request = RecordRequestForTest();
  EXPECT_EQ(Judge(step, &request), "PROCEDURE_EXISTS");
}

TEST_F(StepJudgeTest, NobodyTakesOverAnIdThatHeSaysHeNeverSaw) {
  EntryHeader step = Step("ASK");
  step.clear_target_first();
  step.set_seen_partner(0);
  const mi::RecordRequest request = RecordRequestForTest();
  EXPECT_EQ(Judge(step, &request), "PROCEDURE_EXISTS");
  // Not even one that the partner has rejected: its case at home would stand beside another's.
  EntryHeader verdict;
  verdict.set_target_first(ask_);
  judge_.NoteVerdict(verdict, &progress_);
  step.set_index(next_);
  EXPECT_EQ(Judge(step, &request), "PROCEDURE_EXISTS");
  step.set_index(next_);
  step.set_procedure_id(std::string(16, 'k'));
  EXPECT_EQ(Judge(step, &request), "") << "an id of its own";
  step.set_index(next_);
  EXPECT_EQ(Judge(step, &request), "PROCEDURE_EXISTS") << "once";
}

TEST_F(StepJudgeTest, WhatIsRejectedIsNotRemembered) {
  const mi::RecordAnswer nothing = NothingForTest();
  for (int i = 0; i < 10; ++i) {
    EntryHeader step = Step("CLOSE");
    step.set_procedure_id(std::string(16, static_cast<char>('a' + i)));
    EXPECT_EQ(Judge(step), "UNKNOWN_PROCEDURE");
  }
  EXPECT_TRUE(progress_.judged.empty());
  EXPECT_EQ(Judge(Step("ANSWER"), &nothing), "");
  EXPECT_EQ(progress_.judged.size(), 1u);
}

TEST_F(StepJudgeTest, WhatIsFoldedIsForgotten) {
  // All below the replica's size, as if it had been folded since.
  StepFact fact;
  fact.place = {"khm", 0};
  for (size_t i = 0; i < kJudgedMin; ++i) {
    progress_.judged[std::string(16, static_cast<char>(i % 7))].Add(fact);
    ++progress_.judged_count;
  }
  ASSERT_GT(idn.node->ledgers().size(LedgerId::kReplica).value(), 0u);
  EXPECT_EQ(Judge(Step("RECEIVE")), "");
  EXPECT_EQ(progress_.judged_count, 1u);
  EXPECT_EQ(progress_.judged.size(), 1u);
}

TEST_F(StepJudgeTest, WhatStandsOnARejectedStepIsStale) {
  EXPECT_EQ(Judge(Step("CLOSE")), "STEP_NOT_ALLOWED");
  EntryHeader step = Step("RECEIVE");
  step.clear_target_first();
  step.set_predecessor(next_ - 1);
  EXPECT_EQ(Judge(step), "STALE_STEP");
  EXPECT_EQ(Judge(Step("RECEIVE")), "") << "the right one still counts";
}

TEST_F(StepJudgeTest, AMalformedStepIsNamedSo) {
  EntryHeader step = Step("RECEIVE");
  step.set_predecessor(0);
  EXPECT_EQ(Judge(step), "BAD_STEP");
  step = Step("");
  EXPECT_EQ(Judge(step), "BAD_STEP");
}

TEST_F(StepJudgeTest, ContentIsHeldToTheRulesOfTheBorder) {
  const mi::RecordAnswer nothing = NothingForTest();
  EXPECT_EQ(Judge(Step("ANSWER"), &nothing, /*synthetic=*/false), "SYNTHETIC_DATA");
  EXPECT_EQ(Judge(Step("ANSWER"), &nothing, true, /*section=*/2), "SECTION_NOT_SHARED");
  EXPECT_EQ(Judge(Step("RECEIVE"), &nothing), "UNKNOWN_FIELD");
  const mi::RecordAnswer empty;
  EXPECT_EQ(Judge(Step("REFUSE"), &empty), "INVALID_FIELDS");
  mi::RecordAnswer answer = nothing;
  PersonForTest other;
  other.nationalities = {"MYS"};
  *answer.add_records()->mutable_crossing() = MakeCrossing(other);
  EXPECT_EQ(Judge(Step("ANSWER"), &answer), "THIRD_COUNTRY");
}

TEST_F(StepJudgeTest, OnlyWhatIsAgreedIsRun) {
  EntryHeader step = Step("OPEN_SECRET");
  step.set_type("unknown_procedure");
  EXPECT_EQ(Judge(step), "PROCEDURE_NOT_AGREED");
  ledger::v1::Payload payload;
  EXPECT_EQ(judge_.Judge(Step("RECEIVE"), payload, nullptr, &progress_), "PROCEDURE_NOT_AGREED");
}

TEST_F(StepJudgeTest, OnlyWhatIsAgreedIsParked) {
  agreement::v1::Agreement next = NextVersionForTest(*idn.node->book().InForce());
  *next.add_procedure_terms() = next.procedure_terms(0);
  next.mutable_procedure_terms(next.procedure_terms_size() - 1)->set_procedure("of_tomorrow");
  EntryHeader step = Step("OPEN");
  step.set_type("of_tomorrow");
  step.clear_target_first();
  EXPECT_EQ(judge_.Judge(step, ledger::v1::Payload(), VersionForTest(next).get(), &progress_),
            "PARKED");
  EXPECT_EQ(Judge(step), "PROCEDURE_NOT_AGREED");
  EXPECT_TRUE(progress_.judged.empty());
}

// One that khm holds, as its answer would carry it.
mi::Crossing CopyForTest() {
  mi::Crossing copy = MakeCrossing();
  copy.set_name("countries/khm/crossings/" + std::string(32, 'a'));
  return copy;
}

TEST_F(StepJudgeTest, ARecordInAnAnswerPassesWhatOneOfItsTypePasses) {
  const auto judge = [&](const mi::Crossing& copy) {
    mi::RecordAnswer answer;
    answer.set_outcome(mi::RecordAnswer::DISCLOSED);
    *answer.add_records()->mutable_crossing() = copy;
    return Judge(Step("ANSWER"), &answer);
  };
  mi::Crossing copy = CopyForTest();
  copy.set_port("NOWHERE");
  EXPECT_EQ(judge(copy), "INVALID_FIELDS") << "a rule of its field";
  copy = CopyForTest();
  copy.mutable_crossing_time()->set_seconds(absl::ToUnixSeconds(clock.now + absl::Hours(48)));
  EXPECT_EQ(judge(copy), "INVALID_FIELDS") << "a check of its area";
  copy = CopyForTest();
  copy.mutable_meta()->set_ledger_position("home/7");
  EXPECT_EQ(judge(copy), "INVALID_FIELDS") << "what only its node knows";
  for (const char* name : {"", "countries/idn/crossings/aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
                           "countries/khm/stayPermits/aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"}) {
    copy = CopyForTest();
    copy.set_name(name);
    EXPECT_EQ(judge(copy), "INVALID_FIELDS") << "no record of its author's and type: " << name;
  }
  EXPECT_EQ(judge(CopyForTest()), "");
}

TEST_F(StepJudgeTest, TheWorstIsNamedFirst) {
  mi::RecordAnswer answer;
  answer.set_outcome(mi::RecordAnswer::DISCLOSED);
  mi::Crossing* copy = answer.add_records()->mutable_crossing();
  *copy = MakeCrossing({{"MYS"}});
  copy->set_port("NOWHERE");
  EXPECT_EQ(Judge(Step("ANSWER"), &answer), "THIRD_COUNTRY") << "its payload is destroyed";
}

TEST_F(StepJudgeTest, TextIsShortAndHasNoControlSigns) {
  EntryHeader step = Step("ASK");
  step.clear_target_first();
  const auto judge = [&](const std::string& justification) {
    mi::RecordRequest request = RecordRequestForTest();
    request.set_justification(justification);
    step.set_index(next_);
    step.set_procedure_id(random_.Bytes(16));
    return Judge(step, &request);
  };
  EXPECT_EQ(judge(std::string(63, 'A')), "");
  EXPECT_EQ(judge(std::string(64, 'A')), "INVALID_FIELDS");
  EXPECT_EQ(judge("A\nB"), "INVALID_FIELDS");
  EXPECT_EQ(judge("A\x1b[2J"), "INVALID_FIELDS");
  EXPECT_EQ(judge("A\xe2\x80\xae"), "INVALID_FIELDS") << "a sign that turns the direction";
}

TEST_F(StepJudgeTest, AnOwnStepThatThePartnerRejectedIsNoStepBefore) {
  EntryHeader verdict;
  verdict.set_target_first(ask_);
  judge_.NoteVerdict(verdict, &progress_);
  EXPECT_EQ(Judge(Step("RECEIVE")), "UNKNOWN_PROCEDURE");
}

}  // namespace
}  // namespace lintas

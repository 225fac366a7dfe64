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
  const StepJudge judge_{idn.node->deps()};
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
  EXPECT_EQ(Judge(step), "PARKED");
  ledger::v1::Payload payload;
  EXPECT_EQ(judge_.Judge(Step("RECEIVE"), payload, nullptr, &progress_), "PROCEDURE_NOT_AGREED");
}

TEST_F(StepJudgeTest, AnOwnStepThatThePartnerRejectedIsNoStepBefore) {
  EntryHeader verdict;
  verdict.set_target_first(ask_);
  judge_.NoteVerdict(verdict, &progress_);
  EXPECT_EQ(Judge(Step("RECEIVE")), "UNKNOWN_PROCEDURE");
}

}  // namespace
}  // namespace lintas

// Procedures between two whole nodes, as officers of both countries work with them.
#include "server/areas/procedure/answers.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/procedure_calls.h"

namespace lintas {
namespace {

using testing::IsEmpty;
using testing::SizeIs;

class ProcedureTest : public testing::Test, protected ProcedureCalls {
 protected:
  void CheckLevel() {
    Settle();
    EXPECT_EQ(idn.StateDigest(), khm.StateDigest());
  }
  std::string Ask() {
    const auto asked = Open(idn, RecordRequestForTest());
    EXPECT_TRUE(asked.ok()) << asked.status();
    return asked.ok() ? asked->name() : "";
  }
  std::string Reason(const absl::StatusOr<pv::Procedure>& answer) {
    return answer.ok() ? "OK" : ErrorReason(answer.status());
  }
};

TEST_F(ProcedureTest, ARequestIsAnsweredAndClosed) {
  const std::string name = Ask();
  Settle();
  EXPECT_EQ(Look(khm, name)->state(), "sent");
  ASSERT_TRUE(Take(khm, name, "RECEIVE").ok());
  Settle();
  mi::RecordAnswer answer;
  answer.set_outcome(mi::RecordAnswer::DISCLOSED);
  *answer.add_records()->mutable_crossing() = MakeCrossing();
  ASSERT_EQ(Reason(Take(khm, name, "ANSWER", &answer)), "OK");
  Settle();
  const auto answered = Look(idn, name);
  ASSERT_TRUE(answered.ok());
  EXPECT_EQ(answered->state(), "answered");
  EXPECT_EQ(answered->waiting_for(), "idn");
  mi::RecordAnswer read;
  ASSERT_TRUE(answered->steps(2).content().UnpackTo(&read));
  EXPECT_EQ(read.records(0).crossing().document().number(), "X0000001");
  ASSERT_TRUE(Take(idn, name, "CLOSE").ok());
  Settle();
  const auto closed = Look(khm, name);
  EXPECT_EQ(closed->state(), "closed");
  EXPECT_EQ(closed->waiting_for(), "");
  EXPECT_THAT(closed->next_steps(), IsEmpty());
  EXPECT_EQ(Steps(*closed, pv::Step::EFFECTIVE), "ASK RECEIVE ANSWER CLOSE");
  EXPECT_THAT(Inbox(khm, pv::ListInboxRequest::ALL).procedures(), IsEmpty());
  CheckLevel();
}

TEST_F(ProcedureTest, ARepeatedRequestIsOneProcedure) {
  const std::string id = NextRequestId();
  const auto first = Open(idn, RecordRequestForTest(), "ASK", Officer(), id);
  const auto again = Open(idn, RecordRequestForTest(), "ASK", Officer(), id);
  ASSERT_TRUE(first.ok() && again.ok());
  EXPECT_EQ(first->name(), again->name());
  EXPECT_THAT(Inbox(idn, pv::ListInboxRequest::ALL).procedures(), SizeIs(1));
  EXPECT_EQ(Reason(Open(idn, RecordRequestForTest("X7"), "ASK", Officer(), id)),
            "REQUEST_ID_REUSED");
}

TEST_F(ProcedureTest, AStepThatIsNotAllowedLeavesNothingBehind) {
  const std::string name = Ask();
  Settle();
  const uint64_t idn_size = idn.node->ledgers().size(LedgerId::kExchange).value();
  EXPECT_EQ(Reason(Take(idn, name, "RECEIVE")), "STEP_NOT_ALLOWED");
  EXPECT_EQ(Reason(Take(idn, name, "CLOSE")), "STEP_NOT_ALLOWED");
  EXPECT_EQ(Reason(Take(idn, name, "EXPIRE")), "NOT_OVERDUE");
  EXPECT_EQ(Reason(Take(idn, name, "NO_SUCH_STEP")), "INVALID_FIELDS");
  EXPECT_EQ(Reason(Take(khm, name, "RECEIVE", nullptr, Officer(), "idn:999")), "ETAG_MISMATCH");
  EXPECT_EQ(idn.node->ledgers().size(LedgerId::kExchange).value(), idn_size);
  EXPECT_EQ(Reason(Look(idn, "countries/idn/procedures/" + std::string(32, '0'))),
            "NOTHING_TO_SHARE");
}

TEST_F(ProcedureTest, ContentIsCheckedBeforeItLeaves) {
  mi::RecordRequest request = RecordRequestForTest();
  request.clear_document();
  EXPECT_EQ(Reason(Open(idn, request)), "INVALID_FIELDS");
  EXPECT_EQ(Reason(Open(idn, NothingForTest())), "INVALID_FIELDS") << "another step's content";
  EXPECT_EQ(Reason(Open(idn, RecordRequestForTest("X1", "MYS"))), "THIRD_COUNTRY");
  const std::string name = Ask();
  Settle();
  mi::RecordAnswer answer;
  answer.set_outcome(mi::RecordAnswer::DISCLOSED);
  PersonForTest other;
  other.nationalities = {"MYS"};
  *answer.add_records()->mutable_crossing() = MakeCrossing(other);
  EXPECT_EQ(Reason(Take(khm, name, "ANSWER", &answer)), "THIRD_COUNTRY");
}

TEST_F(ProcedureTest, RivalsEndInTheSameStateAtBoth) {
  const std::string name = Ask();
  Settle();
  idn_line.faults.down = khm_line.faults.down = true;
  ASSERT_TRUE(Take(idn, name, "WITHDRAW").ok());
  const mi::RecordAnswer nothing = NothingForTest();
  ASSERT_EQ(Reason(Take(khm, name, "ANSWER", &nothing)), "OK");
  EXPECT_EQ(Look(idn, name)->state(), "withdrawn");
  EXPECT_EQ(Look(khm, name)->state(), "answered");
  idn_line.faults.down = khm_line.faults.down = false;
  clock.now += absl::Minutes(5);  // The link's back-off.
  CheckLevel();
  for (NodeOnDisk* at : {&idn, &khm}) {
    EXPECT_EQ(Look(*at, name)->state(), "answered");
    EXPECT_EQ(Steps(*Look(*at, name), pv::Step::SUPERSEDED), "WITHDRAW");
  }
  EXPECT_TRUE(Take(idn, name, "CLOSE").ok());
}

TEST_F(ProcedureTest, AnAnswerWaitsUntilTheStepBeforeIsHeld) {
  const std::string name = Ask();
  Settle();
  idn_line.faults.withhold_cosignature = true;
  ASSERT_TRUE(Take(khm, name, "RECEIVE").ok());
  Settle();
  EXPECT_EQ(Look(idn, name)->state(), "received") << "it arrived, unconfirmed";
  const mi::RecordAnswer nothing = NothingForTest();
  EXPECT_EQ(Reason(Take(khm, name, "ANSWER", &nothing)), "PREDECESSOR_NOT_HELD");
  mi::RecordRefusal refusal;
  refusal.set_ground(mi::RecordRefusal::NOT_COMPETENT);
  EXPECT_EQ(Reason(Take(khm, name, "REFUSE", &refusal)), "OK") << "a refusal can be undone";
}

TEST_F(ProcedureTest, AHeldStepCarriesAnAnswerAlsoAfterARestart) {
  const std::string name = Ask();
  Settle();
  ASSERT_TRUE(Take(khm, name, "RECEIVE").ok());
  Settle();
  Reopen(&khm);
  const mi::RecordAnswer nothing = NothingForTest();
  EXPECT_EQ(Reason(Take(khm, name, "ANSWER", &nothing)), "OK");
  CheckLevel();
}

TEST_F(ProcedureTest, TheReasonOfASuspensionStaysAtHome) {
  const std::string name = Ask();
  Settle();
  ASSERT_TRUE(Take(khm, name, "RECEIVE").ok());
  ASSERT_TRUE(Take(khm, name, "SUSPEND").ok());
  Settle();
  EXPECT_EQ(Look(khm, name)->suspension_reason(), "FILE_IN_ARCHIVE");
  const auto shown = Look(idn, name);
  EXPECT_TRUE(shown->suspended());
  EXPECT_EQ(shown->suspension_reason(), "");
  EXPECT_FALSE(shown->overdue());
  // Not one byte of it stands in the partner's copy.
  const auto snapshot = idn.node->deps().store->GetSnapshot();
  ASSERT_TRUE(snapshot
                  ->ScanEntries(LedgerId::kReplica, Index(0),
                                [&](Index, EntryRow&& row) {
                                  EXPECT_EQ(row.header.find("FILE_IN"), std::string::npos);
                                  const auto payload = idn.node->deps().sealer->Open(row);
                                  EXPECT_TRUE(!payload.ok() || payload->SerializeAsString().find(
                                                                   "FILE_IN") == std::string::npos);
                                  return true;
                                })
                  .ok());
  ASSERT_TRUE(Take(khm, name, "RESUME").ok());
  EXPECT_EQ(Look(khm, name)->suspension_reason(), "");
  CheckLevel();
}

TEST_F(ProcedureTest, SilenceIsSeenAndEscalates) {
  const std::string urgent = Open(idn, RecordRequestForTest(), "ASK_URGENT")->name();
  const std::string routine = Ask();
  Settle();
  EXPECT_THAT(Inbox(khm, pv::ListInboxRequest::DUE_SOON).procedures(), IsEmpty());
  clock.now += absl::Hours(20);
  ASSERT_THAT(Inbox(khm, pv::ListInboxRequest::DUE_SOON).procedures(), SizeIs(1));
  EXPECT_EQ(Inbox(khm, pv::ListInboxRequest::DUE_SOON).procedures(0).name(), urgent);
  clock.now += absl::Hours(5);
  for (NodeOnDisk* at : {&idn, &khm}) {
    const auto overdue = Inbox(*at, pv::ListInboxRequest::OVERDUE);
    ASSERT_THAT(overdue.procedures(), SizeIs(1));
    EXPECT_EQ(overdue.procedures(0).name(), urgent);
    EXPECT_EQ(overdue.procedures(0).escalation_office(), "Director of Cooperation");
    EXPECT_EQ(overdue.procedures(0).waiting_for(), "khm");
  }
  EXPECT_EQ(Look(idn, routine)->counted_by(), "khm");
  EXPECT_FALSE(Look(idn, routine)->overdue());
  // The clock decides nothing by itself: the state is what it was until somebody moves.
  EXPECT_EQ(Look(idn, urgent)->state(), "sent");
  ASSERT_TRUE(Take(idn, urgent, "EXPIRE").ok());
  EXPECT_EQ(Look(idn, urgent)->state(), "expired");
  CheckLevel();
}

TEST_F(ProcedureTest, TheInboxIsSortedByWhoMoves) {
  const std::string name = Ask();
  Settle();
  EXPECT_THAT(Inbox(idn, pv::ListInboxRequest::WAITING_FOR_PARTNER).procedures(), SizeIs(1));
  EXPECT_THAT(Inbox(idn, pv::ListInboxRequest::TO_MOVE).procedures(), IsEmpty());
  EXPECT_THAT(Inbox(khm, pv::ListInboxRequest::TO_MOVE).procedures(), SizeIs(1));
  EXPECT_THAT(Inbox(khm, pv::ListInboxRequest::MINE).procedures(), IsEmpty());
  EXPECT_THAT(Inbox(idn, pv::ListInboxRequest::MINE).procedures(), SizeIs(1));
  As other = Officer();
  other.id = "officer-2";
  EXPECT_THAT(Inbox(idn, pv::ListInboxRequest::MINE, other).procedures(), IsEmpty());
  const mi::RecordAnswer nothing = NothingForTest();
  ASSERT_TRUE(Take(khm, name, "ANSWER", &nothing).ok());
  Settle();
  EXPECT_THAT(Inbox(idn, pv::ListInboxRequest::ANSWERED).procedures(), SizeIs(1));
  EXPECT_THAT(Inbox(khm, pv::ListInboxRequest::MINE).procedures(), SizeIs(1));
}

TEST_F(ProcedureTest, TheInboxIsReadInPages) {
  for (int i = 0; i < 5; ++i) Ask();
  pv::ListInboxRequest request;
  request.set_page_size(2);
  std::set<std::string> names;
  for (int page = 0; page < 3; ++page) {
    const auto response = Call<pv::ListInboxResponse>(idn, "ListInbox", Officer(), request);
    ASSERT_TRUE(response.ok());
    for (const auto& procedure : response->procedures()) names.insert(procedure.name());
    request.set_page_token(response->next_page_token());
    // What is opened meanwhile is not on the later pages (P32).
    if (page == 0) Ask();
  }
  EXPECT_EQ(request.page_token(), "");
  EXPECT_THAT(names, SizeIs(5));
}

TEST_F(ProcedureTest, TheBoardOfACaseSaysWhoWaitsOnWhom) {
  const As officer = OfficerIn("C-77");
  const auto asked = Open(idn, RecordRequestForTest(), "ASK_URGENT", officer);
  ASSERT_TRUE(asked.ok()) << asked.status();
  Ask();  // Of no case.
  Settle();
  clock.now += absl::Hours(30);
  const pv::Board board = Board(idn, "C-77");
  ASSERT_EQ(board.columns_size(), 2);
  EXPECT_EQ(board.columns(0).country(), "idn");
  EXPECT_THAT(board.columns(0).procedures(), IsEmpty());
  ASSERT_THAT(board.columns(1).procedures(), SizeIs(1));
  EXPECT_EQ(board.columns(1).procedures(0).name(), asked->name());
  EXPECT_EQ(board.columns(1).overdue_count(), 1u);
  EXPECT_GT(board.columns(1).longest_since_time().seconds(), 0);
  // The case stays at home (P17).
  EXPECT_EQ(Look(khm, asked->name())->case_id(), "");
  EXPECT_THAT(Board(khm, "C-77").columns(1).procedures(), IsEmpty());
  EXPECT_THAT(Board(idn).columns(1).procedures(), SizeIs(2));
}

TEST_F(ProcedureTest, AFoldFromNothingGivesTheSameState) {
  const std::string name = Ask();
  Settle();
  ASSERT_TRUE(Take(khm, name, "RECEIVE").ok());
  ASSERT_TRUE(Take(khm, name, "SUSPEND").ok());
  ASSERT_TRUE(Take(idn, Ask(), "WITHDRAW").ok());
  CheckLevel();
  const std::string before = khm.StateDigest();
  ASSERT_TRUE(khm.node->fold().Rebuild().ok());
  EXPECT_EQ(khm.StateDigest(), before);
  EXPECT_EQ(Look(khm, name)->suspension_reason(), "FILE_IN_ARCHIVE");
}

TEST_F(ProcedureTest, APushNoticeIsAcknowledged) {
  mi::PushNotice notice;
  notice.mutable_document()->set_number("X0000002");
  notice.mutable_document()->set_issuer("KHM");
  notice.add_nationalities("KHM");
  notice.set_subject("DOCUMENT_FOUND");
  const auto sent = Open(khm, notice, "NOTIFY");
  ASSERT_TRUE(sent.ok()) << sent.status();
  Settle();
  EXPECT_EQ(Look(idn, sent->name())->next_steps(0).step(), "ACKNOWLEDGE");
  ASSERT_TRUE(Take(idn, sent->name(), "ACKNOWLEDGE").ok());
  CheckLevel();
  EXPECT_EQ(Look(khm, sent->name())->state(), "acknowledged");
}

TEST_F(ProcedureTest, OnlyOfficersTakePart) {
  const std::string name = Ask();
  for (const As& as : {Agency(), Attache("C-1"), Operator(), Supervisor()}) {
    EXPECT_EQ(Look(idn, name, as).status().code(), absl::StatusCode::kPermissionDenied);
    EXPECT_EQ(Take(idn, name, "WITHDRAW", nullptr, as).status().code(),
              absl::StatusCode::kPermissionDenied);
  }
}

}  // namespace
}  // namespace lintas

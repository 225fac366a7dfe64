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
  const auto held = Create(khm, MakeCrossing());
  ASSERT_TRUE(held.ok());
  const std::string name = Ask();
  Settle();
  EXPECT_EQ(Look(khm, name)->state(), "sent");
  ASSERT_TRUE(Take(khm, name, "RECEIVE").ok());
  Settle();
  mi::RecordAnswer answer;
  answer.set_outcome(mi::RecordAnswer::DISCLOSED);
  *answer.add_records()->mutable_crossing() = *held;
  answer.mutable_records(0)->mutable_crossing()->clear_meta();
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

TEST_F(ProcedureTest, APageLooksAtABoundedNumberOfProcedures) {
  for (int i = 0; i < 5; ++i) Ask();
  procedure::Deps deps;
  deps.desk = &idn.node->desk();
  deps.looked_at_max = 2;
  const procedure::Answers answers(deps);
  lintas::Call call;
  call.now = clock.now;
  call.principal = *MakePrincipal("idn", Role::kOfficer, "officer-7");
  pv::ListInboxRequest request;
  int pages = 0;
  for (const auto box : {pv::ListInboxRequest::ALL, pv::ListInboxRequest::MINE}) {
    request.set_box(box);
    request.clear_page_token();
    int count = 0;
    pages = 0;
    do {
      answers.Inbox(call, request, [&](absl::StatusOr<Answered> answered) {
        ASSERT_TRUE(answered.ok()) << answered.status();
        const auto& page = static_cast<const pv::ListInboxResponse&>(*answered->response);
        EXPECT_LE(page.procedures_size(), 2);
        count += page.procedures_size();
        request.set_page_token(page.next_page_token());
      });
      ++pages;
    } while (!request.page_token().empty() && pages < 10);
    EXPECT_EQ(count, box == pv::ListInboxRequest::ALL ? 5 : 0);
    EXPECT_EQ(pages, 3) << "an empty page is not the last";
  }
}

TEST_F(ProcedureTest, TheBoardIsReadInPages) {
  for (int i = 0; i < 5; ++i) Open(idn, RecordRequestForTest(), "ASK", OfficerIn("C-8")).value();
  for (const char* case_id : {"", "C-8"}) {
    pv::GetBoardRequest request;
    request.set_case_id(case_id);
    request.set_page_size(2);
    std::set<std::string> names;
    int pages = 0;
    do {
      const auto board = Call<pv::Board>(idn, "GetBoard", Officer(), request);
      ASSERT_TRUE(board.ok()) << board.status();
      int on_page = 0;
      for (const auto& column : board->columns()) {
        on_page += column.procedures_size();
        for (const auto& procedure : column.procedures()) names.insert(procedure.name());
      }
      EXPECT_LE(on_page, 2);
      request.set_page_token(board->next_page_token());
    } while (!request.page_token().empty() && ++pages < 10);
    EXPECT_THAT(names, SizeIs(5)) << case_id;
    request.set_page_size(-1);
    EXPECT_EQ(ErrorReason(Call<pv::Board>(idn, "GetBoard", Officer(), request).status()),
              "INVALID_FIELDS");
  }
}

// Two looks a minute; and an operator and an agency who may look, with fewer sections or none.
agreement::v1::Agreement FewLooks() {
  agreement::v1::Agreement agreement = DefaultAgreementForTest();
  agreement.mutable_limits()->set_searches_per_minute(2);
  agreement::v1::Grant* agency = agreement.add_grants();
  agency->set_role("agency");
  agency->add_operations("READ_PROCEDURES");
  agency->add_purposes("DATA_SUBMISSION");
  agency->add_sections(options::v1::Field::BASIC);
  agreement::v1::Grant* operating = agreement.add_grants();
  operating->set_role("operator");
  operating->add_operations("READ_PROCEDURES");
  operating->add_purposes("OPERATION");
  return agreement;
}

class FewLooksTest : public testing::Test, protected ProcedureCalls {
 protected:
  FewLooksTest() : ProcedureCalls(/*adopt=*/false) {
    LINTAS_CHECK(Adopt(idn, SignForTest(FewLooks())).ok());
    LINTAS_CHECK(Adopt(khm, SignForTest(FewLooks())).ok());
    Settle();
  }
};

TEST_F(FewLooksTest, AreChargedLikeSearches) {
  for (int i = 0; i < 2; ++i) Board(idn);
  pv::ListInboxRequest request;
  EXPECT_EQ(Call<pv::ListInboxResponse>(idn, "ListInbox", Officer(), request).status().code(),
            absl::StatusCode::kResourceExhausted);
  clock.now += absl::Minutes(2);
  EXPECT_TRUE(Call<pv::ListInboxResponse>(idn, "ListInbox", Officer(), request).ok());
}

TEST_F(FewLooksTest, ShowARoleItsSectionsOnly) {
  const std::string name =
      Open(idn, RecordRequestForTest(), "ASK", OfficerIn("C-9")).value().name();
  Settle();
  mi::RecordAnswer answer;
  answer.set_outcome(mi::RecordAnswer::DISCLOSED);
  mi::StayPermit permit = Create(khm, MakeStayPermit({{"IDN"}}, "B1234567", "KH-77")).value();
  permit.clear_meta();
  ASSERT_NE(permit.address(), "");  // SENSITIVE.
  *answer.add_records()->mutable_stay_permit() = permit;
  const auto answered = Take(khm, name, "ANSWER", &answer);
  ASSERT_TRUE(answered.ok()) << answered.status();
  Settle();
  const auto carried = [](const pv::Procedure& shown) {
    mi::RecordAnswer read;
    LINTAS_CHECK(shown.steps(1).content().UnpackTo(&read));
    return read.records(0).stay_permit();
  };
  const auto officer = Look(idn, name);
  ASSERT_TRUE(officer.ok()) << officer.status();
  EXPECT_EQ(carried(*officer).address(), permit.address());
  EXPECT_EQ(officer->case_id(), "C-9");
  EXPECT_FALSE(officer->steps(1).withheld());
  const auto agency = Look(idn, name, Agency());
  ASSERT_TRUE(agency.ok()) << agency.status();
  EXPECT_EQ(carried(*agency).address(), "");
  EXPECT_EQ(carried(*agency).permit_number(), "KH-77");
  EXPECT_TRUE(agency->steps(1).withheld());
  EXPECT_EQ(agency->case_id(), "");
  EXPECT_EQ(agency->assigned_principal(), "");
  EXPECT_EQ(ErrorReason(Look(idn, name, Operator()).status()), "NOTHING_TO_SHARE");
  const auto listed = Inbox(idn, pv::ListInboxRequest::ALL, Operator());
  ASSERT_EQ(listed.procedures_size(), 1);
  EXPECT_EQ(listed.procedures(0).case_id(), "");
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

#include "server/records/writer.h"

#include <gtest/gtest.h>

#include "absl/strings/match.h"
#include "client/receipt.h"
#include "server/ledger/note/policy.h"
#include "server/link/keys.h"
#include "tests/support/migration_calls.h"

namespace lintas {
namespace {

using ledger::v1::EntryHeader;

class ReleaseTest : public testing::Test, protected MigrationCalls {
 protected:
  uint64_t Revisions(LedgerId ledger) { return idn.Entries(ledger, EntryHeader::REVISION).size(); }
};

TEST_F(ReleaseTest, SendsACrossingOfAPartysNational) {
  const auto made = Create(idn, MakeCrossing());
  ASSERT_TRUE(made.ok()) << made.status();
  EXPECT_TRUE(made->meta().released());
  EXPECT_EQ(Revisions(LedgerId::kExchange), 1);
  EXPECT_EQ(Revisions(LedgerId::kHome), 0);
  Settle();
  const auto there = Get(khm, made->name());
  ASSERT_TRUE(there.ok()) << there.status();
  EXPECT_EQ(there->person().SerializeAsString(), made->person().SerializeAsString());
}

TEST_F(ReleaseTest, KeepsThirdCountryNationalsAtHome) {  // R8
  const auto made = Create(idn, MakeCrossing({{"MYS"}}));
  ASSERT_TRUE(made.ok()) << made.status();
  EXPECT_FALSE(made->meta().released());
  EXPECT_EQ(Revisions(LedgerId::kExchange), 0);
  EXPECT_EQ(Revisions(LedgerId::kHome), 1);
}

TEST_F(ReleaseTest, KeepsUnknownNationalityAtHome) {  // R8
  const auto made = Create(idn, MakeCrossing({{}}));
  ASSERT_TRUE(made.ok()) << made.status();
  EXPECT_FALSE(made->meta().released());
  EXPECT_EQ(Revisions(LedgerId::kExchange), 0);
}

TEST_F(ReleaseTest, SendsADualNational) {
  const auto made = Create(idn, MakeCrossing({{"MYS", "KHM"}}));
  ASSERT_TRUE(made.ok()) << made.status();
  EXPECT_TRUE(made->meta().released());
}

TEST_F(ReleaseTest, KeepsAddressAndHostOutOfTheExchangeLedger) {  // P2
  const auto made = Create(idn, MakeStayPermit());
  ASSERT_TRUE(made.ok()) << made.status();
  for (const auto& entry : idn.Entries(LedgerId::kExchange)) {
    EXPECT_FALSE(absl::StrContains(entry.content(), kAddressForTest));
    EXPECT_FALSE(absl::StrContains(entry.content(), kHostForTest));
  }
  const auto full = idn.Entries(LedgerId::kHome, EntryHeader::FULL_VERSION);
  ASSERT_EQ(full.size(), 1);
  EXPECT_TRUE(absl::StrContains(full[0].content(), kAddressForTest));
  EXPECT_TRUE(absl::StrContains(full[0].content(), "2C11AB0001"));
  // It names the exchange entry that it completes.
  EXPECT_EQ(idn.Entries(LedgerId::kExchange)[full[0].header.target_first()].header.record_id(),
            full[0].header.record_id());
  Settle();
  const auto there = GetPermit(khm, made->name());
  ASSERT_TRUE(there.ok()) << there.status();
  EXPECT_EQ(there->permit_number(), "2C11AB0001");
  EXPECT_EQ(there->address(), "");
}

TEST_F(ReleaseTest, ShowsAllToAnOfficerAndLessToOthers) {
  const auto made = Create(idn, MakeStayPermit());
  ASSERT_TRUE(made.ok());
  const auto officer = GetPermit(idn, made->name());
  ASSERT_TRUE(officer.ok());
  EXPECT_EQ(officer->address(), kAddressForTest);
  const auto attache = GetPermit(idn, made->name(), Attache("C-1"));
  ASSERT_TRUE(attache.ok()) << attache.status();
  EXPECT_EQ(attache->permit_number(), "2C11AB0001");
  EXPECT_EQ(attache->address(), "");
  EXPECT_EQ(attache->host(), "");
  EXPECT_EQ(attache->meta().withheld_sections_size(), 1);
  EXPECT_EQ(GetPermit(idn, made->name(), Operator()).status().code(),
            absl::StatusCode::kPermissionDenied);
}

TEST_F(ReleaseTest, ShowsAnAttacheOwnNationalsOnly) {  // R7
  const auto made = Create(idn, MakeCrossing({{"KHM"}}, "X0000002", "KHM"));
  ASSERT_TRUE(made.ok());
  const auto shown = Get(idn, made->name(), Attache("C-1"));
  EXPECT_EQ(shown.status().code(), absl::StatusCode::kNotFound);
  EXPECT_EQ(ErrorReason(shown.status()), "NOTHING_TO_SHARE");
}

TEST_F(ReleaseTest, NamesNoPersonInASummary) {
  const auto made = Create(idn, MakeStayPermit());
  ASSERT_TRUE(made.ok());
  const auto summary = GetPermit(idn, made->name(), Officer(), mi::SUMMARY);
  ASSERT_TRUE(summary.ok());
  EXPECT_FALSE(summary->has_person());
  EXPECT_EQ(summary->address(), "");
  EXPECT_EQ(summary->document().number(), "X0000001");
  EXPECT_FALSE(absl::StrContains(summary->SerializeAsString(), "SYNTHETICA"));
}

TEST(ReleaseBeforeAgreement, KeepsEverythingAtHome) {
  MigrationCalls nodes(/*adopt=*/false);
  // Nobody is granted anything before an agreement, so it is written beside admission.
  Call call;
  call.principal = *MakePrincipal("idn", Role::kOfficer, "officer-1");
  call.method = "test";
  call.now = nodes.clock.now;
  absl::StatusOr<Writer::Written> written = absl::UnknownError("not called");
  const mi::Crossing record = MakeCrossing();
  nodes.idn.node->writer().Create(call, *nodes.idn.node->deps().types->ByCode("crossing"), record,
                                  RequestIdForTest(1),
                                  [&](absl::StatusOr<Writer::Written> done) { written = done; });
  nodes.Settle();
  ASSERT_TRUE(written.ok()) << written.status();
  EXPECT_EQ(written->position.ledger, LedgerId::kHome);
  EXPECT_TRUE(nodes.idn.Entries(LedgerId::kExchange).empty());
}

class WriterTest : public testing::Test, protected MigrationCalls {
 protected:
  Sizes SizesNow() { return idn.store().sizes(); }
};

TEST_F(WriterTest, GivesTheFirstNameAgainForARepeatedRequest) {  // P30
  const std::string id = NextRequestId();
  const auto first = Create(idn, MakeCrossing(), Officer(), id);
  ASSERT_TRUE(first.ok());
  Settle();
  const auto entries = idn.Entries(LedgerId::kExchange).size();
  const auto again = Create(idn, MakeCrossing(), Officer(), id);
  ASSERT_TRUE(again.ok()) << again.status();
  EXPECT_EQ(again->name(), first->name());
  EXPECT_EQ(idn.Entries(LedgerId::kExchange).size(), entries);
  EXPECT_EQ(Count(idn, ByDocument("X0000001")), 1);
}

TEST_F(WriterTest, RemembersARequestOverAReopen) {
  const std::string id = NextRequestId();
  const auto first = Create(idn, MakeCrossing(), Officer(), id);
  ASSERT_TRUE(first.ok());
  Reopen(&idn);
  const auto again = Create(idn, MakeCrossing(), Officer(), id);
  ASSERT_TRUE(again.ok()) << again.status();
  EXPECT_EQ(again->name(), first->name());
}

TEST_F(WriterTest, RefusesARequestIdUsedForAnotherBody) {
  const std::string id = NextRequestId();
  ASSERT_TRUE(Create(idn, MakeCrossing(), Officer(), id).ok());
  const auto other = Create(idn, MakeCrossing({}, "X0000009"), Officer(), id);
  EXPECT_EQ(other.status().code(), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(ErrorReason(other.status()), "REQUEST_ID_REUSED");
}

TEST_F(WriterTest, KeepsRequestIdsOfTwoCallersApart) {
  const std::string id = NextRequestId();
  const auto first = Create(idn, MakeCrossing(), Officer(), id);
  As other = Officer();
  other.id = "officer-2";
  const auto second = Create(idn, MakeCrossing({}, "X0000009"), other, id);
  ASSERT_TRUE(second.ok()) << second.status();
  EXPECT_NE(first->name(), second->name());
}

TEST_F(WriterTest, RefusesAMalformedRequestId) {
  for (const char* id :
       {"1", "00000000-0000-1000-8000-000000000001", "00000000-0000-4000-0000-000000000001",
        "00000000000040008000000000000001aaaa"}) {
    const auto made = Create(idn, MakeCrossing(), Officer(), id);
    ASSERT_EQ(made.status().code(), absl::StatusCode::kInvalidArgument) << id;
    ASSERT_EQ(FieldViolations(made.status()).size(), 1);
    EXPECT_EQ(FieldViolations(made.status())[0].rule, "UUID4");
  }
}

TEST_F(WriterTest, ListsEveryBadFieldAtOnce) {
  mi::Crossing record = MakeCrossing();
  record.set_port("NOWHERE");
  record.mutable_document()->set_issuer("ZZZ");
  record.set_direction(mi::Crossing::DIRECTION_UNSPECIFIED);
  const auto made = Create(idn, record);
  EXPECT_EQ(FieldViolations(made.status()).size(), 3) << made.status();
}

TEST_F(WriterTest, CorrectsAndKeepsBothRevisions) {
  const auto made = Create(idn, MakeCrossing());
  ASSERT_TRUE(made.ok());
  mi::Crossing change;
  change.set_name(made->name());
  change.set_flight("QZ 204");
  const auto corrected = Correct(idn, change, made->meta().etag());
  ASSERT_TRUE(corrected.ok()) << corrected.status();
  EXPECT_EQ(corrected->flight(), "QZ 204");
  EXPECT_EQ(corrected->port(), "IDCGK");
  EXPECT_EQ(corrected->meta().revision(), 2);
  EXPECT_NE(corrected->meta().etag(), made->meta().etag());
  mi::ListRevisionsRequest request;
  request.set_name(made->name());
  request.set_view(mi::FULL);
  const auto revisions = Call<mi::ListRevisionsResponse>(idn, "ListRevisions", Officer(), request);
  ASSERT_TRUE(revisions.ok());
  ASSERT_EQ(revisions->revisions_size(), 2);
  EXPECT_EQ(revisions->revisions(0).crossing().flight(), "");
  EXPECT_EQ(revisions->revisions(1).crossing().flight(), "QZ 204");
}

TEST_F(WriterTest, AbortsACorrectionOfAStaleRevision) {
  const auto made = Create(idn, MakeCrossing());
  mi::Crossing change;
  change.set_name(made->name());
  change.set_flight("QZ 204");
  ASSERT_TRUE(Correct(idn, change).ok());
  const auto stale = Correct(idn, change, made->meta().etag());
  EXPECT_EQ(stale.status().code(), absl::StatusCode::kAborted);
  EXPECT_EQ(ErrorReason(stale.status()), "ETAG_MISMATCH");
}

TEST_F(WriterTest, GivesTheFirstAnswerToARepeatedCorrection) {
  const auto made = Create(idn, MakeCrossing());
  mi::Crossing change;
  change.set_name(made->name());
  change.set_flight("QZ 204");
  const std::string id = NextRequestId();
  ASSERT_TRUE(Correct(idn, change, made->meta().etag(), id).ok());
  const auto again = Correct(idn, change, made->meta().etag(), id);
  ASSERT_TRUE(again.ok()) << again.status();
  EXPECT_EQ(again->meta().revision(), 2);
  EXPECT_EQ(idn.Entries(LedgerId::kExchange, EntryHeader::CORRECTION).size(), 1);
}

TEST_F(WriterTest, DoesNotCorrectAWithdrawnRecord) {
  const auto made = Create(idn, MakeCrossing());
  ASSERT_TRUE(Withdraw(idn, made->name()).ok());
  mi::Crossing change;
  change.set_name(made->name());
  change.set_flight("QZ 204");
  const auto corrected = Correct(idn, change);
  EXPECT_EQ(corrected.status().code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_EQ(ErrorReason(corrected.status()), "WITHDRAWN");
  const auto twice = Withdraw(idn, made->name());
  EXPECT_EQ(ErrorReason(twice.status()), "WITHDRAWN");
  const auto shown = Get(idn, made->name());
  ASSERT_TRUE(shown.ok());
  EXPECT_EQ(shown->meta().state(), mi::RecordMeta::WITHDRAWN);
}

TEST_F(WriterTest, DoesNotChangeThePartnersRecord) {
  const auto made = Create(khm, MakeCrossing());
  ASSERT_TRUE(made.ok());
  Settle();
  mi::Crossing change;
  change.set_name(made->name());
  change.set_flight("QZ 204");
  EXPECT_EQ(ErrorReason(Correct(idn, change).status()), "NOT_OWN_RECORD");
  EXPECT_EQ(ErrorReason(Withdraw(idn, made->name()).status()), "NOT_OWN_RECORD");
  EXPECT_EQ(ErrorReason(Recall(idn, made->name()).status()), "NOT_OWN_RECORD");
}

class RecallTest : public WriterTest {
 protected:
  // A stay permit of two revisions, known to both.
  void SetUp() override {
    const auto made = Create(idn, MakeStayPermit());
    ASSERT_TRUE(made.ok());
    mi::CorrectStayPermitRequest request;
    request.mutable_stay_permit()->set_name(made->name());
    request.mutable_stay_permit()->set_permit_class("C318");
    request.set_request_id(NextRequestId());
    ASSERT_TRUE(Call<mi::StayPermit>(idn, "CorrectStayPermit", Officer(), request).ok());
    name_ = made->name();
    Settle();
    ASSERT_TRUE(GetPermit(khm, name_).ok());
  }
  std::string name_;
};

TEST_F(RecallTest, ErasesEveryRevisionHereAndThere) {
  const size_t headers = idn.Entries(LedgerId::kExchange).size();
  ASSERT_TRUE(Recall(idn, name_).ok());
  Settle();
  int erased = 0;
  for (NodeOnDisk* node : {&idn, &khm}) {
    for (LedgerId ledger : {LedgerId::kExchange, LedgerId::kHome, LedgerId::kReplica}) {
      for (const auto& entry : node->Entries(ledger)) {
        EXPECT_FALSE(absl::StrContains(entry.content(), "2C11AB0001"));
        EXPECT_FALSE(absl::StrContains(entry.content(), kAddressForTest));
        const bool content = entry.header.type() == "stay_permit" &&
                             (entry.header.kind() == EntryHeader::REVISION ||
                              entry.header.kind() == EntryHeader::CORRECTION ||
                              entry.header.kind() == EntryHeader::FULL_VERSION);
        EXPECT_TRUE(entry.erased || !content);
        erased += content;
      }
    }
  }
  // Two revisions with their full versions here, two revisions there: their headers stay.
  EXPECT_EQ(erased, 6);
  EXPECT_GT(idn.Entries(LedgerId::kExchange).size(), headers);
}

TEST_F(RecallTest, IsFoundNoMore) {
  ASSERT_EQ(Count(khm, ByDocument("X0000001")), 1);
  ASSERT_TRUE(Recall(idn, name_).ok());
  Settle();
  EXPECT_EQ(Count(idn, ByDocument("X0000001")), 0);
  EXPECT_EQ(Count(khm, ByDocument("X0000001")), 0);
  EXPECT_EQ(ErrorReason(GetPermit(idn, name_).status()), "NOTHING_TO_SHARE");
  EXPECT_EQ(ErrorReason(GetPermit(khm, name_).status()), "NOTHING_TO_SHARE");
}

TEST_F(RecallTest, EndsWithAReceiptThatVerifies) {
  const auto recalled = Recall(idn, name_);
  ASSERT_TRUE(recalled.ok()) << recalled.status();
  EXPECT_FALSE(recalled->partner_erased());
  Settle();
  const auto now = GetRecall(idn, name_);
  ASSERT_TRUE(now.ok()) << now.status();
  ASSERT_TRUE(now->partner_erased());
  EXPECT_GE(now->partner_complete_time().seconds(), now->partner_erase_time().seconds());
  const auto receipt = client::ParseReceipt(now->receipt_text());
  ASSERT_TRUE(receipt.ok()) << receipt.status();
  const auto key =
      note::MakeKey(khm.node->ledgers().origin(LedgerId::kExchange), note::SignatureType::kEd25519,
                    PartnerKeysForTest("khm").log.newest());
  const auto policy =
      note::Policy::Parse(absl::StrCat("log ", note::FormatVkey(*key), "\nquorum none\n"));
  ASSERT_TRUE(policy.ok()) << policy.status();
  const auto proven = client::VerifyReceipt(*receipt, *policy);
  ASSERT_TRUE(proven.ok()) << proven.status();
  EXPECT_EQ(proven->header.kind(), EntryHeader::ERASURE_RECEIPT);
  EXPECT_EQ(proven->header.index(), now->receipt_index());
}

TEST_F(RecallTest, IsNothingToRecallASecondTime) {
  const std::string id = NextRequestId();
  const auto first = Recall(idn, name_, id);
  ASSERT_TRUE(first.ok());
  Settle();
  const size_t entries = idn.Entries(LedgerId::kExchange).size();
  // The same request is answered again, another one finds nothing.
  EXPECT_TRUE(Recall(idn, name_, id).ok());
  EXPECT_EQ(ErrorReason(Recall(idn, name_).status()), "NOTHING_TO_SHARE");
  Settle();
  EXPECT_EQ(idn.Entries(LedgerId::kExchange).size(), entries);
}

TEST_F(RecallTest, OfAWithdrawnRecordErasesIt) {
  ASSERT_TRUE(Withdraw(idn, name_).ok());
  const auto recalled = Recall(idn, name_);
  ASSERT_TRUE(recalled.ok()) << recalled.status();
  Settle();
  const auto now = GetRecall(idn, name_);
  ASSERT_TRUE(now.ok());
  EXPECT_TRUE(now->partner_erased());
  for (const auto& entry : khm.Entries(LedgerId::kReplica)) {
    EXPECT_FALSE(absl::StrContains(entry.content(), "2C11AB0001"));
  }
}

TEST_F(RecallTest, OfARecordThatNeverLeftErasesItAtHome) {
  const auto made = Create(idn, MakeCrossing({{"MYS"}}, "X0000077", "MYS"));
  ASSERT_TRUE(made.ok());
  const size_t entries = idn.Entries(LedgerId::kExchange).size();
  const auto recalled = Recall(idn, made->name());
  ASSERT_TRUE(recalled.ok()) << recalled.status();
  EXPECT_FALSE(recalled->has_recall_index());
  EXPECT_EQ(idn.Entries(LedgerId::kExchange).size(), entries);
  EXPECT_EQ(Count(idn, ByDocument("X0000077")), 0);
}

// A released stay permit of two revisions that is corrected to a third-country national's (R8).
class ChangeOfSideTest : public RecallTest {
 protected:
  absl::StatusOr<mi::StayPermit> CorrectTo(const std::string& nationality,
                                           const std::string& permit_class) {
    mi::CorrectStayPermitRequest request;
    request.mutable_stay_permit()->set_name(name_);
    *request.mutable_stay_permit()->mutable_person() = MakePerson({{nationality}});
    request.mutable_stay_permit()->set_permit_class(permit_class);
    request.set_request_id(NextRequestId());
    return Call<mi::StayPermit>(idn, "CorrectStayPermit", Officer(), request);
  }
  int Listed(NodeOnDisk& at) {
    mi::ListStayPermitsRequest request;
    request.set_parent("countries/idn");
    const auto listed =
        Call<mi::ListStayPermitsResponse>(at, "ListStayPermits", Officer(), request);
    return listed.ok() ? listed->stay_permits_size() : -1;
  }
  std::vector<std::string> Revisions() {
    mi::ListRevisionsRequest request;
    request.set_name(name_);
    request.set_view(mi::FULL);
    const auto listed = Call<mi::ListRevisionsResponse>(idn, "ListRevisions", Officer(), request);
    LINTAS_CHECK(listed.ok());
    std::vector<std::string> classes;
    for (const auto& each : listed->revisions()) {
      classes.push_back(each.stay_permit().permit_class());
    }
    return classes;
  }
  size_t HeldByPartner() {
    size_t held = 0;
    for (const auto& entry : khm.Entries(LedgerId::kReplica)) {
      held += absl::StrContains(entry.content(), "2C11AB0001");
    }
    return held;
  }
};

TEST_F(ChangeOfSideTest, RecallsEveryReleasedRevisionAndGoesOnAtHome) {  // R8, W1
  const size_t recalls = idn.Entries(LedgerId::kExchange, EntryHeader::RECALL).size();
  ASSERT_EQ(HeldByPartner(), 2);
  const auto corrected = CorrectTo("MYS", "C319");
  ASSERT_TRUE(corrected.ok()) << corrected.status();
  EXPECT_EQ(corrected->name(), name_);
  EXPECT_FALSE(corrected->meta().released());
  EXPECT_EQ(corrected->permit_class(), "C319");
  EXPECT_EQ(idn.Entries(LedgerId::kExchange, EntryHeader::RECALL).size(), recalls + 2);
  for (const auto& entry : idn.Entries(LedgerId::kExchange)) {
    EXPECT_FALSE(absl::StrContains(entry.content(), "MYS"));
  }
  Settle();
  EXPECT_EQ(HeldByPartner(), 0);
  const auto recall = GetRecall(idn, name_);
  ASSERT_TRUE(recall.ok()) << recall.status();
  EXPECT_TRUE(recall->partner_erased());
}

TEST_F(ChangeOfSideTest, IsShownFromHomeHereAndNoMoreThere) {  // C1, C2
  ASSERT_TRUE(CorrectTo("MYS", "C319").ok());
  Settle();
  const auto here = GetPermit(idn, name_);
  ASSERT_TRUE(here.ok()) << here.status();
  EXPECT_EQ(here->permit_class(), "C319");
  EXPECT_EQ(Count(idn, ByDocument("X0000001")), 1);
  EXPECT_EQ(Listed(idn), 1);
  EXPECT_EQ(Revisions(), std::vector<std::string>{"C319"});
  EXPECT_EQ(ErrorReason(GetPermit(khm, name_).status()), "NOTHING_TO_SHARE");
  EXPECT_EQ(Count(khm, ByDocument("X0000001")), 0);
  EXPECT_EQ(Listed(khm), 0);
}

TEST_F(ChangeOfSideTest, IsReleasedAgainAndRecalledAgain) {
  for (int round = 0; round < 2; ++round) {
    ASSERT_TRUE(CorrectTo("MYS", "C319").ok());
    const auto back = CorrectTo("KHM", "C320");
    ASSERT_TRUE(back.ok()) << back.status();
    EXPECT_TRUE(back->meta().released());
    Settle();
    for (NodeOnDisk* node : {&idn, &khm}) {
      const auto shown = GetPermit(*node, name_);
      ASSERT_TRUE(shown.ok()) << shown.status();
      EXPECT_EQ(shown->permit_class(), "C320");
      EXPECT_EQ(Count(*node, ByDocument("X0000001")), 1);
      EXPECT_EQ(Listed(*node), 1);
    }
    EXPECT_EQ(Revisions(), std::vector<std::string>{"C320"});
  }
  // Numbers are counted within the exchange ledger: 2 revisions and their recalls, then one of each
  // for the first round, then one.
  EXPECT_EQ(GetPermit(khm, name_)->meta().revision(), 7);
  ASSERT_TRUE(CorrectTo("MYS", "C319").ok());
  Settle();
  EXPECT_EQ(HeldByPartner(), 0);
}

TEST_F(ChangeOfSideTest, IsWithdrawnAndErasedWhereItStands) {
  ASSERT_TRUE(CorrectTo("MYS", "C319").ok());
  const size_t exchange = idn.Entries(LedgerId::kExchange).size();
  ASSERT_TRUE(Withdraw(idn, name_).ok());
  EXPECT_EQ(GetPermit(idn, name_)->meta().state(), mi::RecordMeta::WITHDRAWN);
  ASSERT_TRUE(Recall(idn, name_).ok());
  EXPECT_EQ(idn.Entries(LedgerId::kExchange).size(), exchange);
  EXPECT_EQ(ErrorReason(GetPermit(idn, name_).status()), "NOTHING_TO_SHARE");
  EXPECT_EQ(Count(idn, ByDocument("X0000001")), 0);
  for (const auto& entry : idn.Entries(LedgerId::kHome)) {
    EXPECT_FALSE(absl::StrContains(entry.content(), "2C11AB0001"));
  }
}

TEST_F(ChangeOfSideTest, IsTheSameAfterAReopen) {
  ASSERT_TRUE(CorrectTo("MYS", "C319").ok());
  Settle();
  Reopen(&idn);
  Reopen(&khm);
  EXPECT_EQ(GetPermit(idn, name_)->permit_class(), "C319");
  EXPECT_EQ(Listed(idn), 1);
  EXPECT_EQ(Listed(khm), 0);
}

}  // namespace
}  // namespace lintas

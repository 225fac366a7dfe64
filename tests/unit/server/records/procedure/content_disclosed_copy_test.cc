// Copies of records in the steps of procedures go when the record goes (P4, R8; writer.h, W2), and
// the procedure stays what it was.
#include <gtest/gtest.h>

#include "absl/strings/match.h"
#include "server/records/procedure/step_writer.h"
#include "tests/support/procedure_calls.h"

namespace lintas {
namespace {

using ledger::v1::EntryHeader;

constexpr char kWordForTest[] = "ZZCOPYZZ";

class DisclosedCopyTest : public testing::Test, protected ProcedureCalls {
 protected:
  mi::Crossing Record(const std::string& nationality = "IDN") {
    PersonForTest person;
    person.nationalities = {nationality};
    person.family = kWordForTest;
    return MakeCrossing(person);
  }
  mi::RecordAnswer AnswerWith(const mi::Crossing& record) {
    mi::RecordAnswer answer;
    answer.set_outcome(mi::RecordAnswer::DISCLOSED);
    *answer.add_records()->mutable_crossing() = record;
    answer.mutable_records(0)->mutable_crossing()->clear_meta();
    return answer;
  }
  // A request of idn's that khm has received, and khm's record of whom it asks about.
  void SetUp() override {
    const auto made = Create(khm, Record());
    const auto asked = Open(idn, RecordRequestForTest());
    ASSERT_TRUE(made.ok() && asked.ok());
    record_ = *made;
    name_ = asked->name();
    Settle();
    ASSERT_TRUE(Take(khm, name_, "RECEIVE").ok());
    Settle();
  }
  void Answer() {
    const mi::RecordAnswer answer = AnswerWith(record_);
    const auto taken = Take(khm, name_, "ANSWER", &answer);
    ASSERT_TRUE(taken.ok()) << taken.status();
  }
  // Payloads of the node in which the word stands; of steps only if `steps`.
  int Held(NodeOnDisk& at, bool steps = false) {
    int held = 0;
    for (LedgerId ledger : {LedgerId::kExchange, LedgerId::kHome, LedgerId::kReplica}) {
      for (const auto& entry : at.Entries(ledger)) {
        if (steps && entry.header.kind() != EntryHeader::STEP) continue;
        held += absl::StrContains(entry.content(), kWordForTest);
      }
    }
    return held;
  }
  void ExpectGone() {
    Settle();
    EXPECT_EQ(Held(khm), 0);
    EXPECT_EQ(Held(idn), 0);
    EXPECT_EQ(idn.StateDigest(), khm.StateDigest());
    for (NodeOnDisk* at : {&idn, &khm}) {
      const auto shown = Look(*at, name_);
      ASSERT_TRUE(shown.ok()) << shown.status();
      EXPECT_EQ(shown->state(), "answered") << "the header says so for ever";
      EXPECT_EQ(Steps(*shown, pv::Step::EFFECTIVE), "ASK RECEIVE ANSWER");
      EXPECT_FALSE(shown->steps(2).has_content());
    }
    EXPECT_TRUE(Take(idn, name_, "CLOSE").ok());
  }
  std::string Refused(const mi::RecordAnswer& answer) {
    const auto taken = Take(khm, name_, "ANSWER", &answer);
    if (taken.ok()) return "OK";
    const auto violations = FieldViolations(taken.status());
    return violations.empty() ? ErrorReason(taken.status()) : violations[0].rule;
  }
  absl::Status CorrectTo(const std::string& nationality) {
    mi::Crossing change;
    change.set_name(record_.name());
    PersonForTest person;
    person.nationalities = {nationality};
    *change.mutable_person() = MakePerson(person);
    return Correct(khm, change).status();
  }

  mi::Crossing record_;
  std::string name_;
};

TEST_F(DisclosedCopyTest, IsThereUntilTheRecordIsRecalled) {
  Answer();
  Settle();
  ASSERT_EQ(Held(khm, /*steps=*/true), 1);
  ASSERT_EQ(Held(idn, /*steps=*/true), 1);
  ASSERT_TRUE(Recall(khm, record_.name()).ok());
  ExpectGone();
}

TEST_F(DisclosedCopyTest, IsCoveredByTheReceipt) {
  Answer();
  Settle();
  ASSERT_TRUE(Recall(khm, record_.name()).ok());
  Settle();
  const auto recalls = khm.Entries(LedgerId::kExchange, EntryHeader::RECALL);
  const auto receipts = idn.Entries(LedgerId::kExchange, EntryHeader::ERASURE_RECEIPT);
  ASSERT_EQ(recalls.size(), 2) << "the record's revision and the step";
  ASSERT_EQ(receipts.size(), 2);
  EXPECT_EQ(khm.Entries(LedgerId::kExchange)[recalls[1].header.target_first()].header.kind(),
            EntryHeader::STEP);
  EXPECT_EQ(receipts[1].header.target_first(), recalls[1].header.target_first());
  const auto told = GetRecall(khm, record_.name());
  ASSERT_TRUE(told.ok());
  EXPECT_TRUE(told->partner_erased());
  EXPECT_EQ(told->recall_index(), recalls[1].header.index());
  EXPECT_EQ(told->receipt_index(), receipts[1].header.index());
}

TEST_F(DisclosedCopyTest, GoesWhenTheRecordGoesHome) {  // R8, W1
  Answer();
  Settle();
  ASSERT_TRUE(CorrectTo("MYS").ok());
  Settle();
  EXPECT_EQ(Held(idn), 0);
  EXPECT_EQ(Held(khm, /*steps=*/true), 0);
  const auto shown = Get(khm, record_.name());
  ASSERT_TRUE(shown.ok()) << shown.status();
  EXPECT_FALSE(shown->meta().released());
  EXPECT_EQ(Look(idn, name_)->state(), "answered");
  EXPECT_EQ(idn.StateDigest(), khm.StateDigest());
}

TEST_F(DisclosedCopyTest, StaysWhenTheRecordIsCorrectedAndMayBeAskedFor) {
  Answer();
  ASSERT_TRUE(CorrectTo("KHM").ok());
  Settle();
  EXPECT_EQ(Held(idn, /*steps=*/true), 1);
}

TEST_F(DisclosedCopyTest, OfARecordThatNeverLeftGoesToo) {
  // Kept at home, and may be asked for.
  agreement::v1::Agreement narrow = NextVersionForTest(*khm.node->book().InForce());
  for (auto& terms : *narrow.mutable_record_terms()) {
    if (terms.type() != "crossing") continue;
    terms.set_crossing(agreement::v1::RecordTerms::ON_REQUEST);
    terms.clear_withheld_sections();
  }
  ASSERT_TRUE(Adopt(idn, SignForTest(narrow)).ok());
  ASSERT_TRUE(Adopt(khm, SignForTest(narrow)).ok());
  Settle();
  ASSERT_TRUE(Recall(khm, record_.name()).ok());
  const auto made = Create(khm, Record());
  ASSERT_TRUE(made.ok());
  ASSERT_FALSE(made->meta().released());
  record_ = *made;
  Settle();
  Answer();
  Settle();
  ASSERT_EQ(Held(idn), 1);
  mi::Crossing change;
  change.set_name(record_.name());
  change.set_flight("QZ 204");
  ASSERT_TRUE(Correct(khm, change).ok());
  Settle();
  EXPECT_EQ(Held(idn), 1) << "it may still be asked for";
  ASSERT_TRUE(CorrectTo("MYS").ok());
  Settle();
  EXPECT_EQ(Held(idn), 0);
  ASSERT_TRUE(Get(khm, record_.name()).ok()) << "at home it goes on";
  EXPECT_TRUE(GetRecall(khm, record_.name())->partner_erased());
}

TEST_F(DisclosedCopyTest, RecalledBeforeThePartnerHasItIsStillAStep) {
  idn_line.faults.down = true;
  Answer();
  ASSERT_TRUE(Recall(khm, record_.name()).ok());
  Settle();
  idn_line.faults.down = false;
  clock.now += absl::Minutes(5);  // The link's back-off.
  ExpectGone();
  EXPECT_TRUE(idn.Entries(LedgerId::kExchange, EntryHeader::REJECTED).empty());
}

TEST_F(DisclosedCopyTest, IsFoundAgainAfterAFoldFromNothing) {
  Answer();
  Settle();
  const std::string id = ParseRecordName(record_.name(), *khm.node->deps().types)->record_id;
  const auto found = [&] {
    return khm.store().Find(std::string(1, static_cast<char>(kDisclosed)) + id, absl::nullopt, 10);
  };
  const auto before = found();
  ASSERT_EQ(before.size(), 1u);
  const std::string digest = khm.StateDigest();
  ASSERT_TRUE(khm.node->fold().Rebuild().ok());
  EXPECT_EQ(found(), before);
  Reopen(&khm);
  EXPECT_EQ(found(), before);
  EXPECT_EQ(khm.StateDigest(), digest);
  ASSERT_TRUE(Recall(khm, record_.name()).ok());
  ExpectGone();
  EXPECT_TRUE(found().empty());
  ASSERT_TRUE(khm.node->fold().Rebuild().ok());
  EXPECT_TRUE(found().empty());
}

TEST_F(DisclosedCopyTest, IsACopyAndNothingElse) {
  mi::RecordAnswer answer = AnswerWith(record_);
  mi::Crossing* copy = answer.mutable_records(0)->mutable_crossing();
  copy->set_flight("QZ 999");
  EXPECT_EQ(Refused(answer), "NOT_A_COPY");
  copy->clear_flight();
  copy->mutable_person()->mutable_names(0)->set_given_name("ANOTHER");
  EXPECT_EQ(Refused(answer), "NOT_A_COPY");
  answer = AnswerWith(record_);
  copy = answer.mutable_records(0)->mutable_crossing();
  copy->clear_name();
  EXPECT_EQ(Refused(answer), "RECORD_NAME");
  copy->set_name("countries/khm/crossings/" + std::string(32, 'a'));
  EXPECT_EQ(Refused(answer), "RECORD_NAME") << "no such record";
  answer = AnswerWith(record_);
  *answer.mutable_records(0)->mutable_crossing()->mutable_meta() = record_.meta();
  EXPECT_EQ(Refused(answer), "NODES_OWN");
  ASSERT_TRUE(Withdraw(khm, record_.name()).ok());
  EXPECT_EQ(Refused(AnswerWith(record_)), "WITHDRAWN");
  EXPECT_EQ(Held(khm, /*steps=*/true), 0);
}

TEST_F(DisclosedCopyTest, OfARecordThatIsBeingRecalledIsNotMade) {  // W2
  mi::RecallRecordRequest recall;
  recall.set_name(record_.name());
  recall.set_reason("NOT_LAWFUL");
  recall.set_request_id(NextRequestId());
  absl::Status recalled = absl::UnknownError("no answer");
  Start(khm, "RecallRecord", Officer(), recall,
        [&](const auto& answer) { recalled = answer.status(); });
  EXPECT_EQ(Refused(AnswerWith(record_)), "ETAG_MISMATCH");
  Settle();
  EXPECT_TRUE(recalled.ok()) << recalled;
  EXPECT_EQ(Refused(AnswerWith(record_)), "RECORD_NAME");
  EXPECT_EQ(Held(khm), 0);
}

}  // namespace
}  // namespace lintas

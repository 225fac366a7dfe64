#include "server/records/bulk.h"

#include <gtest/gtest.h>

#include "tests/support/migration_calls.h"

namespace lintas {
namespace {

using ledger::v1::EntryHeader;

class BulkTest : public testing::Test, protected MigrationCalls {
 protected:
  std::shared_ptr<BulkImport> Import(const std::string& id, bool synthetic = true) {
    lintas::Call call;
    call.principal = PrincipalAt(idn, Agency());
    call.method = "SubmitRecords";
    call.purpose = "DATA_SUBMISSION";
    call.now = clock.now;
    return std::make_shared<BulkImport>(&idn.node->writer(), call, id, synthetic);
  }
  BulkRow Row(uint64_t number, const std::string& key, const mi::Crossing& record) {
    rows_.push_back(std::make_unique<mi::Crossing>(record));
    return {number, key, rows_.back().get(), idn.node->deps().types->ByCode("crossing")};
  }
  mi::Crossing Flight(const std::string& flight) {
    mi::Crossing record = MakeCrossing();
    record.set_flight(flight);
    return record;
  }
  // Submits and waits until it is durable.
  absl::StatusOr<BulkResult> Submit(const std::shared_ptr<BulkImport>& import,
                                    std::vector<BulkRow> rows) {
    absl::optional<absl::StatusOr<BulkResult>> result;
    import->Submit(std::move(rows), [] {},
                   [&](absl::StatusOr<BulkResult> done) { result.emplace(std::move(done));
  });
  for (int i = 0; i < 200 && !result; ++i) Turn();
  LINTAS_CHECK(result.has_value());
  return *result;
} uint64_t Committed(const std::string& id) {
  return *BulkImport::CommittedRow(idn.node->deps(), PrincipalAt(idn, Agency()).spiffe_uri, id);
}
std::string RuleOf(const BulkResult& result, size_t which = 0) {
  return result.rejected.at(which).violations.at(0).rule;
}
std::vector<std::unique_ptr<mi::Crossing>> rows_;
};  // namespace

TEST_F(BulkTest, DoesNothingForAnUnchangedRow) {  // B2
  const auto first = Submit(Import("i1"), {Row(1, "k1", Flight("QZ 1"))});
  ASSERT_TRUE(first.ok()) << first.status();
  EXPECT_EQ(first->created, 1);
  EXPECT_EQ(first->committed_row, 1);
  const size_t entries = idn.Entries(LedgerId::kExchange).size();
  const auto second = Submit(Import("i2"), {Row(1, "k1", Flight("QZ 1"))});
  ASSERT_TRUE(second.ok());
  EXPECT_EQ(second->unchanged, 1);
  EXPECT_EQ(second->created + second->revised, 0);
  EXPECT_EQ(idn.Entries(LedgerId::kExchange).size(), entries);
}

TEST_F(BulkTest, MakesARevisionForAChangedRow) {
  ASSERT_TRUE(Submit(Import("i1"), {Row(1, "k1", Flight("QZ 1"))}).ok());
  const auto second = Submit(Import("i2"), {Row(1, "k1", Flight("QZ 2"))});
  ASSERT_TRUE(second.ok());
  EXPECT_EQ(second->revised, 1);
  const auto found = Find(idn, ByDocument("X0000001"));
  ASSERT_EQ(found->records_size(), 1);
  EXPECT_EQ(found->records(0).crossing().flight(), "QZ 2");
  EXPECT_EQ(found->records(0).crossing().meta().revision(), 2);
  // And back to what it was: a change as well.
  const auto third = Submit(Import("i3"), {Row(1, "k1", Flight("QZ 1"))});
  EXPECT_EQ(third->revised, 1);
}

TEST_F(BulkTest, TakesAKeyOnceInAnImport) {
  const auto import = Import("i1");
  const auto first = Submit(import, {Row(1, "k1", Flight("QZ 1")), Row(2, "k1", Flight("QZ 1")),
                                     Row(3, "k1", Flight("QZ 2"))});
  ASSERT_TRUE(first.ok());
  EXPECT_EQ(first->created, 1);
  EXPECT_EQ(first->unchanged, 1);
  ASSERT_EQ(first->rejected.size(), 1);
  EXPECT_EQ(first->rejected[0].row_number, 3);
  EXPECT_EQ(RuleOf(*first), "DUPLICATE_SOURCE_KEY");
  // The same in a later message, when the first row is committed.
  const auto second = Submit(import, {Row(4, "k1", Flight("QZ 3"))});
  ASSERT_EQ(second->rejected.size(), 1);
  EXPECT_EQ(RuleOf(*second), "DUPLICATE_SOURCE_KEY");
}

TEST_F(BulkTest, DoesNotLetTwoStreamsWaitForEachOther) {
  const auto one = Import("i1"), other = Import("i2"), third = Import("i3");
  int done = 0;
  const auto count = [&](absl::StatusOr<BulkResult> result) {
    EXPECT_TRUE(result.ok()) << result.status();
    ++done;
  };
  const auto none = [] {};
  // The third holds `a` until the next turn, so that both others wait when they begin.
  third->Submit({Row(1, "a", Flight("QZ 0"))}, none, count);
  one->Submit({Row(1, "a", Flight("QZ 1")), Row(2, "b", Flight("QZ 1"))}, none, count);
  other->Submit({Row(1, "b", Flight("QZ 2")), Row(2, "a", Flight("QZ 2"))}, none, count);
  for (int i = 0; i < 50 && done < 3; ++i) Turn();
  EXPECT_EQ(done, 3);
}

TEST_F(BulkTest, KeepsTwoStreamsWithOneKeyApart) {
  const auto one = Import("i1"), other = Import("i2");
  std::vector<BulkResult> results;
  const auto done = [&](absl::StatusOr<BulkResult> result) {
    ASSERT_TRUE(result.ok()) << result.status();
    results.push_back(*result);
  };
  int prepared = 0;
  one->Submit(
      {Row(1, "k1", Flight("QZ 1"))}, [&] { ++prepared; }, done);
  other->Submit(
      {Row(1, "k1", Flight("QZ 2"))}, [&] { ++prepared; }, done);
  EXPECT_EQ(prepared, 1);  // The other one waits for the commit.
  Settle();
  ASSERT_EQ(results.size(), 2);
  EXPECT_EQ(results[0].created, 1);
  EXPECT_EQ(results[1].revised, 1);
  EXPECT_EQ(Count(idn, ByDocument("X0000001")), 1);
}

TEST_F(BulkTest, GoesOnBeforeAMessageThatFailedThoughALaterOneIsCommitted) {
  ASSERT_TRUE(Submit(Import("i1"), {Row(1, "k1", Flight("QZ 1"))}).ok());
  const auto import = Import("i2");
  std::vector<absl::Status> done;
  const auto note = [&](absl::StatusOr<BulkResult> result) { done.push_back(result.status()); };
  // An agreement is adopted while two messages wait: the first holds a record released under the
  // old one and fails, the second changes nothing and is committed.
  node::v1::AdoptAgreementRequest request;
  *request.mutable_signed_agreement() =
      SignForTest(NextVersionForTest(*idn.node->book().InForce()));
  request.set_request_id(NextRequestId());
  absl::Status adopted = absl::UnknownError("not yet");
  Start(idn, "AdoptAgreement", Operator(), request,
        [&](const auto& answer) { adopted = answer.status(); });
  import->Submit({Row(1, "k2", Flight("QZ 2"))}, []{}, note);
  import->Submit({Row(2, "k1", Flight("QZ 1"))}, []{}, note);
  for (int i = 0; i < 200 && done.size() < 2; ++i) Turn();
  ASSERT_EQ(done.size(), 2u);
  EXPECT_TRUE(adopted.ok()) << adopted;
  EXPECT_FALSE(done[0].ok());
  EXPECT_TRUE(done[1].ok()) << done[1];
  EXPECT_EQ(Committed("i2"), 0u);
}

TEST_F(BulkTest, GoesOnAtTheCommittedRowAfterAReopen) {
  ASSERT_TRUE(
      Submit(Import("i1"), {Row(1, "k1", Flight("QZ 1")), Row(2, "k2", Flight("QZ 2"))}).ok());
  EXPECT_EQ(Committed("i1"), 2);
  EXPECT_EQ(Committed("other"), 0);
  Reopen(&idn);
  EXPECT_EQ(Committed("i1"), 2);
  const auto import = Import("i1");
  const auto again = Submit(import, {Row(1, "k1", Flight("QZ 1"))});
  EXPECT_EQ(ErrorReason(again.status()), "ROW_NUMBERS_NOT_CONTIGUOUS");
  const auto next = Submit(import, {Row(3, "k3", Flight("QZ 3"))});
  ASSERT_TRUE(next.ok()) << next.status();
  EXPECT_EQ(next->committed_row, 3);
}

TEST_F(BulkTest, RefusesRowsThatAreNotContiguous) {
  for (const auto& numbers : std::vector<std::vector<uint64_t>>{{2}, {0}, {1, 3}, {1, 1}}) {
    const auto import = Import("i1");
    std::vector<BulkRow> rows;
    for (const uint64_t number : numbers) rows.push_back(Row(number, "k", Flight("QZ 1")));
    const auto result = Submit(import, std::move(rows));
    EXPECT_EQ(result.status().code(), absl::StatusCode::kInvalidArgument);
    EXPECT_EQ(ErrorReason(result.status()), "ROW_NUMBERS_NOT_CONTIGUOUS");
  }
  EXPECT_EQ(Committed("i1"), 0);
  EXPECT_EQ(Count(idn, ByDocument("X0000001")), 0);
}

TEST_F(BulkTest, ListsEveryBadRowWithFieldAndRuleAndKeepsTheGood) {  // B1
  mi::Crossing bad_port = MakeCrossing();
  bad_port.set_port("NOWHERE");
  mi::Crossing worse = MakeCrossing();
  worse.clear_person();
  worse.set_outcome(mi::Crossing::OUTCOME_UNSPECIFIED);
  const auto result = Submit(Import("i1"), {Row(1, "k1", bad_port), Row(2, "k2", Flight("QZ 2")),
                                            Row(3, "k3", worse), Row(4, "", Flight("QZ 4"))});
  ASSERT_TRUE(result.ok());
  EXPECT_EQ(result->created, 1);
  EXPECT_EQ(result->committed_row, 4);
  ASSERT_EQ(result->rejected.size(), 3);
  EXPECT_EQ(result->rejected[0].row_number, 1);
  EXPECT_EQ(result->rejected[0].violations[0].field, "crossing.port");
  EXPECT_EQ(RuleOf(*result), "UNKNOWN_PORT");
  EXPECT_EQ(result->rejected[1].row_number, 3);
  EXPECT_EQ(result->rejected[1].violations.size(), 2);
  EXPECT_EQ(result->rejected[2].violations[0].field, "source_key");
  // A refused row may come right in the next export.
  EXPECT_EQ(Submit(Import("i2"), {Row(1, "k1", Flight("QZ 1"))})->created, 1);
}

TEST_F(BulkTest, RefusesDataOfTheOtherKindOfNode) {  // P5
  const auto result = Submit(Import("i1", /*synthetic=*/false), {Row(1, "k1", Flight("QZ 1"))});
  ASSERT_TRUE(result.ok());
  EXPECT_EQ(RuleOf(*result), "REAL_DATA");
}

TEST_F(BulkTest, CountsWhatStaysAtHome) {  // R8
  const auto result =
      Submit(Import("i1"), {Row(1, "k1", MakeCrossing({{"MYS"}})), Row(2, "k2", MakeCrossing())});
  ASSERT_TRUE(result.ok());
  EXPECT_EQ(result->created, 2);
  EXPECT_EQ(result->home, 1);
  EXPECT_EQ(idn.Entries(LedgerId::kExchange, EntryHeader::REVISION).size(), 1);
}

TEST_F(BulkTest, TakesARowHomeThatMayNotBeReleasedAnyMore) {  // B4, R8
  ASSERT_TRUE(Submit(Import("i1"), {Row(1, "k1", Flight("QZ 1"))}).ok());
  Settle();
  ASSERT_EQ(Count(khm, ByDocument("X0000001")), 1);
  const auto home = Submit(Import("i2"), {Row(1, "k1", MakeCrossing({{"MYS"}}))});
  ASSERT_TRUE(home.ok());
  EXPECT_EQ(home->revised, 1);
  EXPECT_EQ(home->home, 1);
  EXPECT_TRUE(home->rejected.empty());
  Settle();
  EXPECT_EQ(Count(idn, ByDocument("X0000001")), 1);
  EXPECT_EQ(Count(khm, ByDocument("X0000001")), 0);
  EXPECT_EQ(idn.Entries(LedgerId::kExchange, EntryHeader::RECALL).size(), 1);
  for (const auto& entry : khm.Entries(LedgerId::kReplica)) {
    EXPECT_TRUE(entry.erased || entry.header.type() != "crossing");
  }
  // And back.
  EXPECT_EQ(Submit(Import("i3"), {Row(1, "k1", Flight("QZ 3"))})->revised, 1);
  Settle();
  EXPECT_EQ(Count(idn, ByDocument("X0000001")), 1);
  EXPECT_EQ(Count(khm, ByDocument("X0000001")), 1);
}

TEST_F(BulkTest, GoesOnWithARowThatAnOfficerTookHome) {
  ASSERT_TRUE(Submit(Import("i1"), {Row(1, "k1", Flight("QZ 1"))}).ok());
  const auto found = Find(idn, ByDocument("X0000001"));
  mi::Crossing change;
  change.set_name(found->records(0).crossing().name());
  *change.mutable_person() = MakePerson({{"MYS"}});
  ASSERT_TRUE(Correct(idn, change).ok());
  // The entry that the import mark names is erased; the record is not.
  const auto next = Submit(Import("i2"), {Row(1, "k1", MakeCrossing({{"SGP"}}))});
  ASSERT_TRUE(next.ok());
  EXPECT_TRUE(next->rejected.empty());
  EXPECT_EQ(next->revised, 1);
  EXPECT_EQ(Count(idn, ByDocument("X0000001")), 1);
}

TEST_F(BulkTest, DoesNotEnterARecalledRowAgain) {  // B3
  ASSERT_TRUE(Submit(Import("i1"), {Row(1, "k1", Flight("QZ 1"))}).ok());
  const auto found = Find(idn, ByDocument("X0000001"));
  ASSERT_TRUE(Recall(idn, found->records(0).crossing().name()).ok());
  const auto same = Submit(Import("i2"), {Row(1, "k1", Flight("QZ 1"))});
  ASSERT_TRUE(same.ok());
  EXPECT_EQ(same->created + same->revised, 0);
  const auto changed = Submit(Import("i3"), {Row(1, "k1", Flight("QZ 2"))});
  ASSERT_EQ(changed->rejected.size(), 1);
  EXPECT_EQ(RuleOf(*changed), "RECALLED");
  EXPECT_EQ(Count(idn, ByDocument("X0000001")), 0);
}

TEST_F(BulkTest, DoesNotWaitForItselfAfterARejectedRowOfTheKey) {
  ASSERT_TRUE(Submit(Import("i1"), {Row(1, "k1", Flight("QZ 1"))}).ok());
  const auto found = Find(idn, ByDocument("X0000001"));
  ASSERT_TRUE(Withdraw(idn, found->records(0).crossing().name()).ok());
  const auto twice =
      Submit(Import("i2"), {Row(1, "k1", Flight("QZ 2")), Row(2, "k1", Flight("QZ 3"))});
  EXPECT_EQ(twice->rejected.size(), 2);
}

TEST_F(BulkTest, DoesNotReviseAWithdrawnRow) {
  ASSERT_TRUE(Submit(Import("i1"), {Row(1, "k1", Flight("QZ 1"))}).ok());
  const auto found = Find(idn, ByDocument("X0000001"));
  ASSERT_TRUE(Withdraw(idn, found->records(0).crossing().name()).ok());
  const auto changed = Submit(Import("i2"), {Row(1, "k1", Flight("QZ 2"))});
  ASSERT_EQ(changed->rejected.size(), 1);
  EXPECT_EQ(RuleOf(*changed), "WITHDRAWN");
}

}  // namespace lintas
}  // namespace lintas

#include "server/records/reader.h"

#include <gtest/gtest.h>

#include "tests/support/migration_calls.h"

namespace lintas {
namespace {

class FindTest : public testing::Test, protected MigrationCalls {
 protected:
  FindTest() {
    PersonForTest person;
    person.national_number = "3174000000000001";
    const auto made = Create(idn, MakeCrossing(person, "AB123456"));
    LINTAS_CHECK(made.ok());
    name_ = made->name();
    etag_ = made->meta().etag();
  }
  mi::FindRecordsRequest Prefix(const std::string& prefix) {
    mi::FindRecordsRequest request;
    request.set_name_prefix(prefix);
    return request;
  }
  std::string name_, etag_;
};

TEST_F(FindTest, TakesADocumentNumberHoweverItIsTyped) {
  EXPECT_EQ(Count(idn, ByDocument("AB123456")), 1);
  EXPECT_EQ(Count(idn, ByDocument("ab 123 456")), 1);
  EXPECT_EQ(Count(idn, ByDocument("AB123457")), 0);
}

TEST_F(FindTest, NarrowsByIssuer) {
  mi::FindRecordsRequest request = ByDocument("AB123456");
  request.set_document_issuer("idn");
  EXPECT_EQ(Count(idn, request), 1);
  request.set_document_issuer("KHM");
  EXPECT_EQ(Count(idn, request), 0);
}

TEST_F(FindTest, TakesANationalNumber) {
  mi::FindRecordsRequest request;
  request.set_national_number("3174000000000001");
  EXPECT_EQ(Count(idn, request), 1);
  request.set_national_number("3174000000000002");
  EXPECT_EQ(Count(idn, request), 0);
}

TEST_F(FindTest, TakesNameWordsInAnyOrderAndWhole) {
  EXPECT_EQ(Count(idn, ByName("Budi Santoso Syntheticá")), 1);
  EXPECT_EQ(Count(idn, ByName("syntheticA BUDI")), 1);
  EXPECT_EQ(Count(idn, ByName("SANTOSO")), 1);
  EXPECT_EQ(Count(idn, ByName("BUDI SANTOS")), 0);
  EXPECT_EQ(Count(idn, ByName("BUDI WIDODO")), 0);
}

TEST_F(FindTest, TakesTheBeginningOfANamePart) {
  EXPECT_EQ(Count(idn, Prefix("SAN")), 1);
  EXPECT_EQ(Count(idn, Prefix("synth")), 1);
  EXPECT_EQ(Count(idn, Prefix("ANT")), 0);
  const auto shorter = Find(idn, Prefix("SA"));
  EXPECT_EQ(shorter.status().code(), absl::StatusCode::kInvalidArgument);
}

TEST_F(FindTest, NarrowsByBirthDate) {
  mi::FindRecordsRequest request = ByName("BUDI");
  request.set_birth_date("1990-05-17");
  EXPECT_EQ(Count(idn, request), 1);
  request.set_birth_date("1990-05-18");
  EXPECT_EQ(Count(idn, request), 0);
  mi::FindRecordsRequest alone;
  alone.set_birth_date("1990-05-17");
  EXPECT_EQ(ErrorReason(Find(idn, alone).status()), "INSUFFICIENT_IDENTIFIERS");
}

// A name of thousands would end a search before it came to the one.
TEST_F(FindTest, IsLedByAWholeBirthDateBeforeAName) {
  const Reader& reader = idn.node->reader();
  FindQuery query;
  query.person_name = "BUDI";
  const std::string by_name = reader.FirstPrefix(query);
  EXPECT_EQ(by_name[0], static_cast<char>(kTermNameWord));
  query.birth_date = "1990-05-17";
  EXPECT_EQ(reader.FirstPrefix(query)[0], static_cast<char>(kTermBirth));
  query.birth_date = "1990-05-00";
  EXPECT_EQ(reader.FirstPrefix(query), by_name);
  query.birth_date = "1990-05-17";
  query.document_number = "X0000001";
  EXPECT_EQ(reader.FirstPrefix(query)[0], static_cast<char>(kTermDocument));
}

TEST_F(FindTest, TakesAPermitNumber) {
  ASSERT_TRUE(Create(idn, MakeStayPermit()).ok());
  mi::FindRecordsRequest request;
  request.set_permit_number("2C11AB0001");
  EXPECT_EQ(Count(idn, request), 1);
  Settle();
  EXPECT_EQ(Count(khm, request), 1);
}

TEST_F(FindTest, GivesThePartnersRecordsToo) {
  Settle();
  const auto found = Find(khm, ByDocument("AB123456"));
  ASSERT_TRUE(found.ok());
  ASSERT_EQ(found->records_size(), 1);
  EXPECT_EQ(found->records(0).crossing().name(), name_);
  EXPECT_GE(found->replica_age_s(), 0);
  EXPECT_LT(found->replica_age_s(), 10);
}

TEST_F(FindTest, ForgetsTheNameOfAnOldRevision) {
  mi::Crossing change;
  change.set_name(name_);
  PersonForTest corrected;
  corrected.given = "AGUS";
  *change.mutable_person() = MakePerson(corrected);
  ASSERT_TRUE(Correct(idn, change).ok());
  Settle();
  for (NodeOnDisk* node : {&idn, &khm}) {
    EXPECT_EQ(Count(*node, ByName("BUDI")), 0);
    EXPECT_EQ(Count(*node, ByName("AGUS")), 1);
    EXPECT_EQ(Count(*node, ByName("SYNTHETICA")), 1);
  }
}

TEST_F(FindTest, LeavesOutWithdrawnRecords) {
  ASSERT_TRUE(Withdraw(idn, name_).ok());
  Settle();
  EXPECT_EQ(Count(idn, ByDocument("AB123456")), 0);
  EXPECT_EQ(Count(khm, ByDocument("AB123456")), 0);
}

TEST_F(FindTest, FindsTheSameAfterAReopen) {
  Reopen(&idn);
  EXPECT_EQ(Count(idn, ByDocument("AB123456")), 1);
  EXPECT_EQ(Count(idn, ByName("BUDI")), 1);
}

TEST_F(FindTest, ShowsAnAttacheOwnNationalsByNumberOnly) {  // R7
  ASSERT_TRUE(Create(idn, MakeCrossing({{"KHM"}}, "N0000001", "KHM")).ok());
  const auto own = Find(idn, ByDocument("AB123456"), Attache("C-1"));
  ASSERT_TRUE(own.ok()) << own.status();
  EXPECT_EQ(own->records_size(), 1);
  const auto other = Find(idn, ByDocument("N0000001"), Attache("C-1"));
  ASSERT_TRUE(other.ok());
  EXPECT_EQ(other->records_size(), 0);
  EXPECT_EQ(ErrorReason(Find(idn, ByName("BUDI"), Attache("C-1")).status()),
            "INSUFFICIENT_IDENTIFIERS");
  EXPECT_EQ(Find(idn, ByDocument("AB123456"), Attache("")).status().code(),
            absl::StatusCode::kPermissionDenied);
}

class PageTest : public testing::Test, protected MigrationCalls {
 protected:
  PageTest() {
    for (int i = 0; i < 5; ++i) LINTAS_CHECK(Create(idn, MakeCrossing()).ok());
    request_ = ByDocument("X0000001");
    request_.set_page_size(2);
  }
  mi::FindRecordsRequest request_;
};

TEST_F(PageTest, GivesEveryRecordOnce) {
  std::set<std::string> names;
  int pages = 0, records = 0;
  do {
    const auto page = Find(idn, request_);
    ASSERT_TRUE(page.ok()) << page.status();
    for (const auto& record : page->records()) names.insert(record.crossing().name());
    records += page->records_size();
    request_.set_page_token(page->next_page_token());
    ASSERT_LT(++pages, 10);
  } while (!request_.page_token().empty());
  EXPECT_EQ(names.size(), 5);
  EXPECT_EQ(records, 5);
}

TEST_F(PageTest, SkipsWhatCameAfterTheFirstPage) {  // P32
  auto page = Find(idn, request_);
  ASSERT_TRUE(page.ok());
  int records = page->records_size();
  ASSERT_TRUE(Create(idn, MakeCrossing()).ok());
  while (!page->next_page_token().empty()) {
    request_.set_page_token(page->next_page_token());
    page = Find(idn, request_);
    ASSERT_TRUE(page.ok());
    records += page->records_size();
  }
  EXPECT_EQ(records, 5);
}

TEST_F(PageTest, ShowsTheNewestRevisionOfARecordCorrectedMeanwhile) {  // P32
  std::set<std::string> changed, seen;
  auto page = Find(idn, request_);
  ASSERT_TRUE(page.ok());
  for (const auto& record : page->records()) seen.insert(record.crossing().name());
  const auto all = Find(idn, ByDocument("X0000001"));
  ASSERT_TRUE(all.ok());
  for (const auto& record : all->records()) {
    if (seen.count(record.crossing().name())) continue;
    mi::Crossing change;
    change.set_name(record.crossing().name());
    change.set_flight("QZ 204");
    ASSERT_TRUE(Correct(idn, change).ok());
  }
  while (!page->next_page_token().empty()) {
    request_.set_page_token(page->next_page_token());
    page = Find(idn, request_);
    ASSERT_TRUE(page.ok());
    for (const auto& record : page->records()) {
      EXPECT_EQ(record.crossing().flight(), "QZ 204");
      EXPECT_TRUE(changed.insert(record.crossing().name()).second);
    }
  }
  EXPECT_EQ(changed.size(), 3);
}

TEST_F(PageTest, IsBoundToCallerAndRequest) {
  const auto page = Find(idn, request_);
  ASSERT_TRUE(page.ok());
  request_.set_page_token(page->next_page_token());
  As other = Officer();
  other.id = "officer-2";
  EXPECT_EQ(ErrorReason(Find(idn, request_, other).status()), "BAD_PAGE_TOKEN");
  mi::FindRecordsRequest changed = request_;
  changed.set_document_issuer("IDN");
  EXPECT_EQ(ErrorReason(Find(idn, changed).status()), "BAD_PAGE_TOKEN");
  changed = request_;
  (*changed.mutable_page_token())[5] ^= 1;
  EXPECT_EQ(ErrorReason(Find(idn, changed).status()), "BAD_PAGE_TOKEN");
  changed = request_;
  changed.set_page_size(1);  // The size of a page may change.
  EXPECT_TRUE(Find(idn, changed).ok());
  changed.set_page_size(-1);
  EXPECT_EQ(Find(idn, changed).status().code(), absl::StatusCode::kInvalidArgument);
}

TEST_F(PageTest, ListsOneCountrysRecordsInOrderOfEntry) {
  ASSERT_TRUE(Create(khm, MakeCrossing({}, "K0000001")).ok());
  Settle();
  mi::ListCrossingsRequest request;
  request.set_parent("countries/khm");
  request.set_view(mi::FULL);
  const auto theirs = Call<mi::ListCrossingsResponse>(idn, "ListCrossings", Officer(), request);
  ASSERT_TRUE(theirs.ok()) << theirs.status();
  ASSERT_EQ(theirs->crossings_size(), 1);
  EXPECT_EQ(theirs->crossings(0).document().number(), "K0000001");
  request.set_parent("countries/idn");
  const auto ours = Call<mi::ListCrossingsResponse>(idn, "ListCrossings", Officer(), request);
  ASSERT_TRUE(ours.ok());
  EXPECT_EQ(ours->crossings_size(), 5);
  request.set_parent("countries/mys");
  EXPECT_EQ(
      Call<mi::ListCrossingsResponse>(idn, "ListCrossings", Officer(), request).status().code(),
      absl::StatusCode::kInvalidArgument);
}

}  // namespace
}  // namespace lintas

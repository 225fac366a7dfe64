// What an attaché's search costs (P26): the same reads whatever it met.
#include "server/areas/migrant_status/person_search.h"

#include <gtest/gtest.h>

#include "server/areas/migration_information/even_reads.h"
#include "tests/support/migration_calls.h"
#include "tests/unit/server/areas/migration_information/counting_store.h"

namespace lintas::migrant_status {
namespace {

class PersonSearchTest : public testing::Test {
 protected:
  PersonSearchTest() : store_(&nodes_.idn.store()) {
    attache_.principal = TwoNodes::PrincipalAt(nodes_.idn, Attache("C-1"));
    attache_.own_nationals_only = true;
    attache_.sections = {1};
    deps_ = nodes_.idn.node->deps();
    deps_.store = &store_;
    reader_ = std::make_unique<Reader>(deps_);
    search_ = std::make_unique<PersonSearch>(reader_.get(), [this](const FindQuery& query) {
      return migration_information::ReadOn(*reader_, query);
    });
  }
  void Create(const PersonForTest& person, const std::string& number) {
    const auto created = nodes_.Create(nodes_.idn, MakeCrossing(person, number));
    ASSERT_TRUE(created.ok()) << created.status();
  }
  // The reads of a search that shows `persons` people.
  int Reads(const v1::PersonQuery& query, size_t persons) {
    store_.reads = 0;
    const auto found = search_->Find(attache_, query, PersonSearch::Width::kWide);
    EXPECT_TRUE(found.ok()) << found.status();
    EXPECT_EQ(found->persons.size(), persons);
    return store_.reads;
  }

  MigrationCalls nodes_;
  CountingStore store_;
  RecordsDeps deps_;
  Call attache_;
  std::unique_ptr<Reader> reader_;
  std::unique_ptr<PersonSearch> search_;
};

TEST_F(PersonSearchTest, ByADocumentAnAttachesMissesCostTheSameReads) {
  PersonForTest stranger;
  stranger.nationalities = {"KHM"};
  Create(stranger, "N0000001");
  Create(PersonForTest(), "X0000001");
  v1::PersonQuery absent, other, own;
  absent.set_document_number("Z0000001");
  other.set_document_number("N0000001");
  own.set_document_number("X0000001");
  const int reads = Reads(absent, 0);
  EXPECT_GT(reads, 2 * 32);
  EXPECT_EQ(Reads(other, 0), reads);
  Reads(own, 1);
}

TEST_F(PersonSearchTest, ByANameAnAttachesMissesCostTheSameReads) {
  PersonForTest stranger, own;
  stranger.nationalities = {"KHM"};
  stranger.given = "DARAVUTH SOTHEARITH";
  own.given = "WAHYUDINATA HARTONOPUTRA";
  Create(stranger, "N0000001");
  Create(own, "X0000001");
  const auto named = [](const std::string& name) {
    v1::PersonQuery query;
    query.set_person_name(name);
    query.set_birth_date("1990-05-17");
    return query;
  };
  const int reads = Reads(named("NOBODYATALL NEVERSEENHERE"), 0);
  EXPECT_EQ(Reads(named("DARAVUTH SOTHEARITH"), 0), reads);
  // An own national of whom the whole name does not speak: met, and not shown.
  EXPECT_EQ(Reads(named("WAHYUDINATA SRIREDJEKI"), 0), reads);
  Reads(named("WAHYUDINATA HARTONOPUTRA"), 1);
}

// The newest records have the last keys: a part of somebody's is the wrong part.
TEST_F(PersonSearchTest, ReadsAllRecordsOfAFrequentTraveller) {
  for (int i = 0; i < 620; ++i) Create(PersonForTest(), "X0000001");
  v1::PersonQuery query;
  query.set_document_number("X0000001");
  const auto found = search_->Find(attache_, query, PersonSearch::Width::kExact);
  ASSERT_TRUE(found.ok()) << found.status();
  ASSERT_EQ(found->persons.size(), 1u);
  EXPECT_EQ(found->persons[0].records.size(), 620u);
  EXPECT_FALSE(found->incomplete);
}

}  // namespace
}  // namespace lintas::migrant_status

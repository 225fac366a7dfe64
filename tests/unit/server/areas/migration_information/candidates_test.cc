// R7 as attacks: fishing by common names, walking through passport numbers, a colleague's case,
// other States' nationals. Each test names what an attaché tries.
#include "server/areas/migration_information/candidates.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "server/areas/migration_information/even_reads.h"
#include "tests/support/migration_calls.h"
#include "tests/unit/server/areas/migration_information/counting_store.h"

namespace lintas {
namespace {

using migration_information::kCandidatesMax;
using migration_information::kReferenceLife;
using testing::IsEmpty;
using testing::SizeIs;

As Colleague(const std::string& case_id) {
  return {Role::kAttache, "CONSULAR_PROTECTION", case_id, "attache-2"};
}

mi::FindRecordsRequest ByNameAndBirth(const std::string& name, const std::string& born) {
  mi::FindRecordsRequest request = ByName(name);
  request.set_birth_date(born);
  return request;
}

class AttacheTest : public testing::Test {
 protected:
  std::string CreateOne(const PersonForTest& person, const std::string& number) {
    const auto created = nodes_.Create(nodes_.idn, MakeCrossing(person, number));
    EXPECT_TRUE(created.ok()) << created.status();
    return created.ok() ? created->name() : "";
  }
  // `count` own nationals of one name, born in different years.
  void CreateNamesakes(int count) {
    for (int i = 0; i < count; ++i) {
      PersonForTest person;
      person.year = 1960 + i;
      CreateOne(person, absl::StrCat("X", 1000000 + i));
    }
  }
  absl::StatusOr<mi::SearchCandidatesResponse> Search(const std::string& name,
                                                      const As& as = Attache("C-1")) {
    mi::SearchCandidatesRequest request;
    request.set_person_name(name);
    return nodes_.Call<mi::SearchCandidatesResponse>(nodes_.idn, "SearchCandidates", as, request);
  }
  absl::StatusOr<mi::AnyRecord> OpenOne(const std::string& reference,
                                        const As& as = Attache("C-1")) {
    mi::OpenCandidateRequest request;
    request.set_reference(reference);
    request.set_view(mi::FULL);
    return nodes_.Call<mi::AnyRecord>(nodes_.idn, "OpenCandidate", as, request);
  }
  absl::Status HandOver(const As& as, const std::string& case_id, const std::string& to) {
    mi::HandOverCaseRequest request;
    request.set_case_id(case_id);
    request.set_attache_id(to);
    return nodes_.Call<mi::HandOverCaseResponse>(nodes_.idn, "HandOverCase", as, request).status();
  }
  absl::StatusOr<mi::FindRecordsResponse> Find(const mi::FindRecordsRequest& request,
                                               const As& as = Attache("C-1")) {
    return nodes_.Find(nodes_.idn, request, as);
  }

  MigrationCalls nodes_;
};

TEST_F(AttacheTest, FindsByNameWithCompleteBirthDate) {
  CreateNamesakes(3);
  const auto found = Find(ByNameAndBirth("Budi Santoso", "1961-05-17"));
  ASSERT_TRUE(found.ok()) << found.status();
  ASSERT_EQ(found->records_size(), 1);
  EXPECT_EQ(found->records(0).crossing().document().number(), "X1000001");
}

TEST_F(AttacheTest, FindsNothingByLess) {
  CreateNamesakes(1);
  mi::FindRecordsRequest prefix;
  prefix.set_name_prefix("BUDI");
  prefix.set_birth_date("1960-05-17");
  mi::FindRecordsRequest national;
  national.set_national_number("3171234567890001");
  for (const auto& request : {ByName("Budi Santoso"), ByNameAndBirth("Budi Santoso", "1960-00-00"),
                              ByNameAndBirth("Budi Santoso", "1960-05-00"), prefix, national}) {
    const auto found = Find(request);
    EXPECT_EQ(ErrorReason(found.status()), "INSUFFICIENT_IDENTIFIERS");
  }
}

TEST_F(AttacheTest, FishingByACommonNameGivesFiveMaskedCandidatesAndNoCount) {
  CreateNamesakes(9);
  const auto found = Search("Santoso");
  ASSERT_TRUE(found.ok()) << found.status();
  EXPECT_THAT(found->candidates(), SizeIs(kCandidatesMax));
  // Nothing else of them is in the answer, and nothing that grows with how many there are.
  mi::SearchCandidatesResponse masked = *found;
  for (auto& candidate : *masked.mutable_candidates()) {
    EXPECT_EQ(candidate.initials(), "S. B. S.");
    candidate.clear_initials();
    candidate.clear_birth_year();
    candidate.clear_reference();
  }
  EXPECT_EQ(masked.SerializeAsString().find("SANTOSO"), std::string::npos);
  EXPECT_EQ(masked.ByteSizeLong(), 2 * kCandidatesMax);
  // The same ones again: asking often shows no others.
  const auto again = Search("Santoso");
  ASSERT_TRUE(again.ok());
  for (size_t i = 0; i < kCandidatesMax; ++i) {
    EXPECT_EQ(again->candidates(i).birth_year(), found->candidates(i).birth_year());
  }
}

TEST_F(AttacheTest, FishingByBeginningsIsRefused) {
  CreateNamesakes(1);
  EXPECT_EQ(ErrorReason(Search("SA").status()), "INVALID_FIELDS");
  const auto found = Search("SANTO");
  ASSERT_TRUE(found.ok());
  EXPECT_THAT(found->candidates(), IsEmpty());
}

TEST_F(AttacheTest, OpensSoManyCandidatesADayAndEachIsOnRecord) {
  CreateNamesakes(3);
  const auto limits = DefaultAgreementForTest().attache_limits();
  const auto found = Search("Santoso");
  ASSERT_TRUE(found.ok());
  std::string opened_name;
  for (uint32_t i = 0; i < limits.candidate_openings_per_day(); ++i) {
    const auto opened = OpenOne(found->candidates(i % 3).reference());
    ASSERT_TRUE(opened.ok()) << opened.status();
    opened_name = opened->crossing().name();
  }
  const auto entries = nodes_.idn.Entries(LedgerId::kHome, ledger::v1::EntryHeader::ACCESS);
  ledger::v1::Access access;
  ASSERT_TRUE(access.ParseFromString(entries.back().content()));
  ASSERT_EQ(access.record_names_size(), 1);
  EXPECT_EQ(access.record_names(0), opened_name);
  EXPECT_EQ(access.case_id(), "C-1");
  const auto refused = OpenOne(found->candidates(0).reference());
  EXPECT_EQ(refused.status().code(), absl::StatusCode::kResourceExhausted);
  nodes_.clock.now += absl::Hours(24);
  const auto next_day = Search("Santoso");
  ASSERT_TRUE(next_day.ok());
  EXPECT_TRUE(OpenOne(next_day->candidates(0).reference()).ok());
}

TEST_F(AttacheTest, ACandidateIsForOneOfficerOnOneCaseForTenMinutes) {
  CreateNamesakes(1);
  const auto found = Search("Santoso");
  ASSERT_TRUE(found.ok());
  const std::string reference = found->candidates(0).reference();
  EXPECT_EQ(ErrorReason(OpenOne(reference, Colleague("C-2")).status()), "BAD_REFERENCE");
  EXPECT_EQ(ErrorReason(OpenOne(reference, Attache("C-3")).status()), "BAD_REFERENCE");
  EXPECT_EQ(ErrorReason(OpenOne("AAAA").status()), "BAD_REFERENCE");
  EXPECT_TRUE(OpenOne(reference).ok());
  nodes_.clock.now += kReferenceLife;
  EXPECT_EQ(ErrorReason(OpenOne(reference).status()), "BAD_REFERENCE");
}

TEST_F(AttacheTest, AReferenceTellsNothingOfTheRecord) {
  CreateNamesakes(1);
  const auto first = Search("Santoso");
  const auto second = Search("Santoso");
  ASSERT_TRUE(first.ok() && second.ok());
  EXPECT_NE(first->candidates(0).reference(), second->candidates(0).reference());
}

TEST_F(AttacheTest, WalkingThroughPassportNumbersEndsTheDaysLookups) {
  CreateNamesakes(1);
  const uint32_t misses = DefaultAgreementForTest().attache_limits().misses_per_day();
  for (uint32_t i = 0; i < misses; ++i) {
    const auto found = Find(ByDocument(absl::StrCat("Z", 1000000 + i)));
    ASSERT_TRUE(found.ok()) << found.status();
    EXPECT_THAT(found->records(), IsEmpty());
  }
  // One that exists and one that does not are refused alike, by number and by name.
  const absl::Status there = Find(ByDocument("X1000000")).status();
  EXPECT_EQ(there.code(), absl::StatusCode::kResourceExhausted);
  EXPECT_EQ(there, Find(ByDocument("Z9999999")).status());
  EXPECT_EQ(there, Search("Santoso").status());
  // A colleague goes on.
  EXPECT_TRUE(Find(ByDocument("X1000000"), Colleague("C-2")).ok());
}

TEST_F(AttacheTest, WalkingThroughThePartnersNumbersEndsTheDaysLookupsToo) {
  CreateNamesakes(1);
  const uint32_t misses = DefaultAgreementForTest().attache_limits().misses_per_day();
  for (uint32_t i = 0; i < misses; ++i) {
    const auto answer = nodes_.Ask(nodes_.idn, absl::StrCat("N", 1000000 + i), Attache("C-1"));
    EXPECT_EQ(ErrorReason(answer.status()), "NOTHING_TO_SHARE");
  }
  EXPECT_EQ(nodes_.Ask(nodes_.idn, "N9999999", Attache("C-1")).status().code(),
            absl::StatusCode::kResourceExhausted);
  EXPECT_EQ(Find(ByDocument("X1000000")).status().code(), absl::StatusCode::kResourceExhausted);
}

TEST_F(AttacheTest, HitsAreNotCountedAsWalking) {
  CreateNamesakes(1);
  const uint32_t misses = DefaultAgreementForTest().attache_limits().misses_per_day();
  for (uint32_t i = 0; i <= misses; ++i) {
    const auto found = Find(ByDocument("X1000000"));
    ASSERT_TRUE(found.ok()) << found.status();
    EXPECT_THAT(found->records(), SizeIs(1));
  }
}

TEST_F(AttacheTest, OtherStatesNationalsAreNothingByAnyWay) {
  PersonForTest partners, third;
  partners.nationalities = {"KHM"};
  partners.family = "SYNTHETICB";
  third.nationalities = {"AUS"};
  third.family = "SYNTHETICC";
  third.national_number = "9900000000000001";
  CreateOne(partners, "N0000001");
  const std::string name = CreateOne(third, "A0000001");
  for (const auto& request : {ByDocument("N0000001"), ByDocument("A0000001"),
                              ByNameAndBirth("SYNTHETICB Budi Santoso", "1990-05-17"),
                              ByNameAndBirth("SYNTHETICC Budi Santoso", "1990-05-17")}) {
    const auto found = Find(request);
    const auto absent = Find(ByDocument("Z0000001"));
    ASSERT_TRUE(found.ok() && absent.ok());
    EXPECT_EQ(found->records_size(), 0);
    EXPECT_EQ(found->next_page_token(), "");
    EXPECT_EQ(found->ByteSizeLong(), absent->ByteSizeLong());
  }
  EXPECT_THAT(Search("SYNTHETICB")->candidates(), IsEmpty());
  EXPECT_THAT(Search("SYNTHETICC")->candidates(), IsEmpty());
  EXPECT_EQ(nodes_.Get(nodes_.idn, name, Attache("C-1")).status().code(),
            absl::StatusCode::kNotFound);
}

TEST_F(AttacheTest, AColleaguesCaseIsClosedToOthers) {
  CreateNamesakes(1);
  ASSERT_TRUE(Find(ByDocument("X1000000")).ok());
  for (const char* spelling : {"C-1", "c-1"}) {
    const As thief = Colleague(spelling);
    EXPECT_EQ(ErrorReason(Find(ByDocument("X1000000"), thief).status()), "CASE_OF_ANOTHER");
    EXPECT_EQ(ErrorReason(Search("Santoso", thief).status()), "CASE_OF_ANOTHER");
    EXPECT_EQ(ErrorReason(nodes_.Ask(nodes_.idn, "N0000001", thief).status()), "CASE_OF_ANOTHER");
    EXPECT_EQ(ErrorReason(HandOver(thief, "C-1", "attache-2")), "CASE_OF_ANOTHER");
  }
  // Nor does it help to name it beside a case of one's own.
  EXPECT_EQ(ErrorReason(HandOver(Colleague("C-2"), "C-1", "attache-2")), "CASE_OF_ANOTHER");
  nodes_.Reopen(&nodes_.idn);
  EXPECT_EQ(ErrorReason(Find(ByDocument("X1000000"), Colleague("C-1")).status()),
            "CASE_OF_ANOTHER");
  EXPECT_TRUE(Find(ByDocument("X1000000")).ok());
}

TEST_F(AttacheTest, ACaseIsHandedOverByItsHolderOrTheDirectorate) {
  CreateNamesakes(1);
  ASSERT_TRUE(Find(ByDocument("X1000000")).ok());
  ASSERT_TRUE(HandOver(Attache("C-1"), "C-1", "attache-2").ok());
  EXPECT_TRUE(Find(ByDocument("X1000000"), Colleague("C-1")).ok());
  EXPECT_EQ(ErrorReason(Find(ByDocument("X1000000")).status()), "CASE_OF_ANOTHER");
  ASSERT_TRUE(HandOver(Officer(), "C-1", "attache-1").ok());
  EXPECT_TRUE(Find(ByDocument("X1000000")).ok());
  // Both are on record, with who holds it from then on.
  std::vector<std::string> holders;
  for (const auto& held : nodes_.idn.Entries(LedgerId::kHome, ledger::v1::EntryHeader::ACCESS)) {
    ledger::v1::Access access;
    ASSERT_TRUE(access.ParseFromString(held.content()));
    if (!access.case_holder().empty()) holders.push_back(access.case_holder());
  }
  EXPECT_THAT(holders, testing::ElementsAre(testing::EndsWith("/attache-2"),
                                            testing::EndsWith("/attache-1")));
}

TEST_F(AttacheTest, ACaseThatNobodyHoldsIsNotHandedOver) {
  EXPECT_EQ(ErrorReason(HandOver(Officer(), "C-9", "attache-2")), "CASE_NOT_HELD");
  EXPECT_EQ(ErrorReason(HandOver(Officer(), "C-9", "Not An Id")), "INVALID_FIELDS");
}

TEST_F(AttacheTest, ALookupReadsTheSameWhetherThereIsNothingOrNothingToShow) {
  CreateNamesakes(2);
  PersonForTest third;
  third.nationalities = {"AUS"};
  third.family = "SYNTHETICC";
  CreateOne(third, "A0000001");
  CountingStore store(&nodes_.idn.store());
  RecordsDeps deps = nodes_.idn.node->deps();
  deps.store = &store;
  const Reader reader(deps);
  const auto reads_of = [&](FindQuery query) {
    query.only_nationality = "IDN";
    store.reads = 0;
    const auto page = reader.Find(query, absl::nullopt, 50, store.sizes());
    EXPECT_TRUE(page.ok());
    EXPECT_THAT(page->records, IsEmpty());
    EXPECT_TRUE(migration_information::ReadOn(reader, query).ok());
    return store.reads;
  };
  const auto reads = [&](const std::string& number) {
    FindQuery query;
    query.document_number = number;
    return reads_of(query);
  };
  const int absent = reads("Z0000001");
  EXPECT_GT(absent, 2 * 32);
  EXPECT_EQ(reads("A0000001"), absent);
  // Whatever Reader searches by, a number beside a name too.
  FindQuery beside_name;
  beside_name.person_name = "NOBODYATALL";
  beside_name.national_number = "9900000000000009";
  const int nobody = reads_of(beside_name);
  beside_name.national_number = third.national_number;
  EXPECT_EQ(reads_of(beside_name), nobody);
}

}  // namespace
}  // namespace lintas

// All data about people here is synthetic.
#include "server/records/terms.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "lintas/migration_information/v1/migration_information.pb.h"
#include "server/records/derived.h"
#include "server/records/record_type.h"

namespace lintas {
namespace {

namespace area = migration_information::v1;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

class Terms : public ::testing::Test {
 protected:
  template <typename Record>
  std::vector<DerivedTerm> Extract(const Record& record) {
    std::vector<DerivedTerm> terms;
    types_.ByDescriptor(Record::descriptor())->ExtractTerms(record, tokens_, &terms);
    return terms;
  }
  template <typename Record>
  std::vector<std::string> NameWords(const Record& record) {
    std::vector<std::string> words;
    for (const DerivedTerm& term : Extract(record)) {
      if (term.kind == kTermNameWord) words.push_back(term.body);
    }
    return words;
  }
  static int Count(const std::vector<DerivedTerm>& terms, uint8_t kind) {
    int count = 0;
    for (const DerivedTerm& term : terms) count += term.kind == kind ? 1 : 0;
    return count;
  }

  const RecordTypes types_{
      {area::Traveller::descriptor()->file(), area::TravelDocument::descriptor()->file(),
       area::Crossing::descriptor()->file(), area::StayPermit::descriptor()->file(),
       area::WorkPermit::descriptor()->file()}};
  const Tokenizer tokens_{Secret(std::string(32, 'k'))};
};

MATCHER_P(SameAs, term, "") { return arg.kind == term.kind && arg.body == term.body; }

TEST_F(Terms, AreWhatASearchAsksFor) {
  area::StayPermit permit;
  auto* person = permit.mutable_person();
  person->add_names()->set_given_name("Budi");
  person->set_national_number("3171011203880001");
  person->mutable_birth_date()->set_year(1988);
  person->mutable_birth_date()->set_month(3);
  permit.mutable_document()->set_number("C1234567");
  permit.set_permit_number("2026/E-17");
  const auto terms = Extract(permit);
  EXPECT_EQ(terms.size(), 5u);
  EXPECT_THAT(terms, Contains(SameAs(DocumentTerm(tokens_, "c123 45-67"))));
  EXPECT_THAT(terms, Contains(SameAs(NationalTerm(tokens_, "31.7101.120388.0001"))));
  EXPECT_THAT(terms, Contains(SameAs(PermitTerm(tokens_, "2026e17"))));
  EXPECT_THAT(terms, Contains(SameAs(BirthTerm(tokens_, {1988, 3, 0}))));
  EXPECT_THAT(terms, Contains(SameAs(DerivedTerm{kTermNameWord, "BUDI"})));
}

TEST_F(Terms, OfOneNumberDifferByKindAndKey) {
  const DerivedTerm document = DocumentTerm(tokens_, "123");
  EXPECT_EQ(document.body.size(), 16u);
  EXPECT_NE(document.body, NationalTerm(tokens_, "123").body);
  EXPECT_NE(document.body, PermitTerm(tokens_, "123").body);
  const Tokenizer other{Secret(std::string(32, 'o'))};
  EXPECT_NE(document.body, DocumentTerm(other, "123").body);
}

TEST_F(Terms, HoldEveryWordOfEveryNameOnce) {
  area::Crossing crossing;
  auto* first = crossing.mutable_person()->add_names();
  first->set_family_name("Sok");
  first->set_given_name("Sophea Dara");
  first->set_native_script("សុខ សុភា");
  auto* second = crossing.mutable_person()->add_names();
  second->set_given_name("SOK S\u00e9rey");
  EXPECT_THAT(NameWords(crossing), ElementsAre("SOK", "SOPHEA", "DARA", "សុខ", "សុភា", "SEREY"));
}

TEST_F(Terms, CutLongWordsAsTheSearchDoes) {
  area::Traveller traveller;
  const std::string name(40, 'A');
  traveller.mutable_person()->add_names()->set_given_name(name);
  EXPECT_THAT(NameWords(traveller), ElementsAre(std::string(23, 'A')));
  std::vector<DerivedTerm> asked;
  AppendNameTerms(name, &asked);
  EXPECT_THAT(asked, ElementsAre(SameAs(DerivedTerm{kTermNameWord, std::string(23, 'A')})));
}

TEST_F(Terms, OfRepeatedDocumentsAreAllThere) {
  area::Traveller traveller;
  traveller.add_documents()->set_number("C1");
  traveller.add_documents()->set_number("C2");
  traveller.add_documents()->set_number("c-1");
  const auto terms = Extract(traveller);
  EXPECT_EQ(Count(terms, kTermDocument), 2);
  EXPECT_THAT(terms, Contains(SameAs(DocumentTerm(tokens_, "C2"))));
}

TEST_F(Terms, LeaveOutWhatSaysNothing) {
  area::Crossing crossing;
  EXPECT_THAT(Extract(crossing), IsEmpty());
  crossing.mutable_document()->set_number(" - ");
  crossing.mutable_person()->add_names()->set_given_name("FNU");
  crossing.mutable_person()->mutable_birth_date();
  EXPECT_THAT(Extract(crossing), IsEmpty());
  crossing.mutable_person()->mutable_birth_date()->set_year(1988);
  crossing.mutable_person()->mutable_birth_date()->set_month(77);
  EXPECT_THAT(Extract(crossing), IsEmpty());
}

TEST_F(Terms, AreAppendedBehindOthers) {
  std::vector<DerivedTerm> terms = {{kTermNameWord, "BUDI"}};
  area::Crossing crossing;
  crossing.mutable_person()->add_names()->set_given_name("BUDI");
  types_.ByCode("crossing")->ExtractTerms(crossing, tokens_, &terms);
  EXPECT_EQ(terms.size(), 2u);
}

TEST_F(Terms, NeverHoldANationality) {
  area::Crossing crossing;
  crossing.mutable_person()->add_nationalities("idn");
  crossing.mutable_person()->add_nationalities("KHM");
  crossing.mutable_person()->add_nationalities("IDN");
  EXPECT_THAT(Extract(crossing), IsEmpty());
  EXPECT_THAT(types_.ByCode("crossing")->Nationalities(crossing), ElementsAre("IDN", "KHM"));
  EXPECT_THAT(types_.ByCode("crossing")->Nationalities(area::Crossing()), IsEmpty());
}

}  // namespace
}  // namespace lintas

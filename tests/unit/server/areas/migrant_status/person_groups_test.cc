#include "server/areas/migrant_status/person_groups.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/two_nodes.h"

namespace lintas::migrant_status {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

ShownRecord Shown(const std::string& name, const PersonForTest& person, const std::string& number,
                  const std::string& owner = "khm") {
  auto crossing = std::make_shared<mi::Crossing>(MakeCrossing(person, number));
  return {name, owner, crossing};
}

TEST(GroupByPerson, JoinsByDocumentAndNationalNumberAlone) {
  PersonForTest first, numbered, namesake;
  first.national_number = numbered.national_number = "3171234567890001";
  numbered.given = "BUDHI SANTOSO";
  const auto persons =
      GroupByPerson({Shown("c", namesake, "X3"), Shown("a", first, "X1"),
                     Shown("d", numbered, "X2"), Shown("b", PersonForTest(), "X2")});
  ASSERT_THAT(persons, SizeIs(2));
  EXPECT_THAT(persons[0], SizeIs(3));
  EXPECT_EQ(persons[0][0].name, "a");
  EXPECT_EQ(persons[1][0].name, "c");  // Same name, same birth date: apart.
}

TEST(GroupByPerson, KeepsOneNumberOfTwoIssuersApart) {
  ShownRecord other = Shown("b", PersonForTest(), "X1");
  auto crossing = std::make_shared<mi::Crossing>(static_cast<const mi::Crossing&>(*other.message));
  crossing->mutable_document()->set_issuer("KHM");
  other.message = crossing;
  EXPECT_THAT(GroupByPerson({Shown("a", PersonForTest(), "X1"), other}), SizeIs(2));
}

TEST(MatchOf, GivesReasonsFieldByFieldAndWhatIsMissing) {
  v1::PersonQuery query;
  query.set_person_name("Boedi Santoso Synthetica");
  query.set_birth_date("1990-05-17");
  const v1::Match match = MatchOf(query, {Shown("a", PersonForTest(), "X1")});
  EXPECT_EQ(match.found_by(), "NAME");
  EXPECT_GT(match.bits(), 3);
  EXPECT_TRUE(SpeaksForPerson(match));
  EXPECT_THAT(match.reasons(), Contains(HasSubstr("other spelling")));
  query.clear_birth_date();
  EXPECT_THAT(MatchOf(query, {Shown("a", PersonForTest(), "X1")}).missing(),
              Contains("birth date"));
}

TEST(MatchOf, ByADocumentSaysThatNoNameWasCompared) {
  v1::PersonQuery query;
  query.set_document_number("X1");
  const v1::Match match = MatchOf(query, {Shown("a", PersonForTest(), "X1")});
  EXPECT_THAT(match.reasons(), ElementsAre("document number equal"));
  EXPECT_THAT(match.missing(), ElementsAre("issuer of the document", "name", "birth date"));
}

TEST(MatchOf, ByADocumentComparesTheNameAndHidesNobody) {
  v1::PersonQuery query;
  query.set_document_number("X1");
  query.set_document_issuer("IDN");
  query.set_person_name("Sukarni Hartati");
  const v1::Match match = MatchOf(query, {Shown("a", PersonForTest(), "X1")});
  EXPECT_TRUE(match.contradiction());
  EXPECT_LT(match.bits(), 0);
}

TEST(DoubtsOf, NameWhatOnePersonsRecordsDisagreeOn) {
  PersonForTest other;
  other.family = "";
  other.given = "HARTATI SUKARNI";
  other.year = 1985;
  other.nationalities = {"KHM"};
  EXPECT_THAT(DoubtsOf({Shown("a", PersonForTest(), "X1"), Shown("b", other, "X1")}),
              ElementsAre(v1::PersonStatus::NAMES_DIFFER, v1::PersonStatus::BIRTH_DATES_DIFFER,
                          v1::PersonStatus::NATIONALITIES_DIFFER));
  PersonForTest spelt;
  spelt.given = "BOEDI SANTOSO";
  spelt.day = 0;
  EXPECT_THAT(DoubtsOf({Shown("a", PersonForTest(), "X1"), Shown("b", spelt, "X1")}), IsEmpty());
}

TEST(IdentitiesOf, StandOnceForEachWritingAndOwner) {
  PersonForTest spelt;
  spelt.given = "BOEDI SANTOSO";
  const auto identities =
      IdentitiesOf({Shown("a", PersonForTest(), "X1"), Shown("b", PersonForTest(), "X2"),
                    Shown("c", spelt, "X1"), Shown("d", PersonForTest(), "X1", "idn")});
  ASSERT_THAT(identities, SizeIs(3));
  EXPECT_THAT(identities[0].record_names(), ElementsAre("a", "b"));
  EXPECT_THAT(identities[0].documents(), SizeIs(2));
  EXPECT_EQ(identities[2].owner_country(), "idn");
}

}  // namespace
}  // namespace lintas::migrant_status

#include "client/record.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "server/base/error.h"

namespace lintas::client {
namespace {

using migration_information::v1::Crossing;
using testing::Contains;
using testing::ElementsAre;
using testing::Pair;

// SYNTHETIC.
AnyRecord Example() {
  AnyRecord any;
  Crossing& crossing = *any.mutable_crossing();
  crossing.set_name("countries/khm/crossings/4f0c");
  auto* name = crossing.mutable_person()->add_names();
  name->set_family_name("Sok");
  name->set_given_name("Dara");
  crossing.mutable_person()->mutable_birth_date()->set_year(1990);
  crossing.mutable_person()->mutable_birth_date()->set_month(2);
  crossing.mutable_person()->add_nationalities("KHM");
  crossing.mutable_document()->set_code("P");
  crossing.mutable_document()->set_number("N1234567");
  crossing.mutable_document()->set_issuer("KHM");
  crossing.mutable_crossing_time()->set_seconds(1'772'341'929);
  crossing.mutable_meta()->set_revision(2);
  crossing.mutable_meta()->set_state(migration_information::v1::RecordMeta::CURRENT);
  return any;
}

TEST(RecordKinds, EachHaveWhatTheCommandsUse) {
  ASSERT_EQ(RecordKinds().size(), 10u);
  for (const RecordKind& kind : RecordKinds()) {
    EXPECT_FALSE(kind.collection.empty()) << kind.type;
    EXPECT_EQ(kind.field->name(), kind.type);
    EXPECT_NE(kind.message()->FindFieldByName("name"), nullptr) << kind.type;
    EXPECT_NE(kind.message()->FindFieldByName("meta"), nullptr) << kind.type;
  }
}

TEST(RecordKinds, GiveTheRecordInsideToReadAndToFill) {
  AnyRecord any;
  EXPECT_EQ(RecordIn(any), nullptr);
  EXPECT_EQ(MutableRecordIn(&any), nullptr);
  any.mutable_overstay();
  ASSERT_TRUE(SetField("permitted_until_date", "2026-01-31", MutableRecordIn(&any)).ok());
  EXPECT_EQ(any.overstay().permitted_until_date(), "2026-01-31");
  EXPECT_EQ(RecordIn(any), &any.overstay());
}

TEST(RecordKinds, AreFoundByTypeAndByName) {
  EXPECT_EQ((*KindOfType("stay_permit"))->collection, "stayPermits");
  EXPECT_EQ((*KindOfName("countries/idn/workPermits/ab"))->type, "work_permit");
  for (const char* name : {"", "countries/idn/workPermits", "countries//workPermits/a",
                           "countries/idn/unknown/a", "countries/idn/workPermits/a/b"}) {
    EXPECT_FALSE(KindOfName(name).ok()) << name;
  }
  EXPECT_FALSE(KindOfType("crossings").ok());
}

TEST(Summary, NamesNoPersonUnlessAsked) {
  EXPECT_THAT(SummaryRow(Example(), false), ElementsAre("countries/khm/crossings/4f0c", "crossing",
                                                        "khm", "KHM P N1234567", "CURRENT", "2"));
  EXPECT_EQ(SummaryRow(Example(), true)[4], "Sok, Dara *1990-02-00 KHM");
  EXPECT_EQ(SummaryHeader(true).size(), SummaryRow(Example(), true).size());
}

TEST(FlatFields, ShowsDatesTimesAndEnumsAsPeopleWriteThem) {
  const auto fields = FlatFields(*RecordIn(Example()));
  EXPECT_THAT(fields, Contains(Pair("person.names[0].given_name", "Dara")));
  EXPECT_THAT(fields, Contains(Pair("person.birth_date", "1990-02-00")));
  EXPECT_THAT(fields, Contains(Pair("crossing_time", "2026-03-01T05:12:09Z")));
  EXPECT_THAT(fields, Contains(Pair("meta.state", "CURRENT")));
}

TEST(SetField, SetsWhatFlatFieldsShows) {
  Crossing crossing;
  for (const auto& [path, value] : FlatFields(Example().crossing())) {
    if (path.rfind("meta.", 0) == 0) continue;
    ASSERT_TRUE(SetField(path, value, &crossing).ok()) << path;
  }
  AnyRecord without_meta = Example();
  without_meta.mutable_crossing()->clear_meta();
  EXPECT_EQ(crossing.SerializeAsString(), without_meta.crossing().SerializeAsString());
  ASSERT_TRUE(SetField("direction", "ENTRY", &crossing).ok());
  EXPECT_EQ(crossing.direction(), Crossing::ENTRY);
}

TEST(SetField, NamesTheRuleThatAValueBreaks) {
  const std::vector<std::pair<std::pair<const char*, const char*>, const char*>> bad = {
      {{"nothing", "x"}, "UNKNOWN_FIELD"},
      {{"person", "x"}, "UNKNOWN_FIELD"},
      {{"port.x", "x"}, "UNKNOWN_FIELD"},
      {{"port[0]", "x"}, "BAD_PATH"},
      {{"person.names[9].given_name", "x"}, "BAD_PATH"},
      {{"direction", "IN"}, "UNKNOWN_VALUE"},
      {{"person.birth_date", "1990"}, "NOT_A_DATE"},
      {{"crossing_time", "yesterday"}, "NOT_A_TIME"},
      {{"utc_offset_minutes", "x"}, "NOT_A_NUMBER"}};
  for (const auto& [what, rule] : bad) {
    Crossing crossing;
    const auto violations = FieldViolations(SetField(what.first, what.second, &crossing));
    ASSERT_EQ(violations.size(), 1u) << what.first;
    EXPECT_EQ(violations[0].field, what.first);
    EXPECT_EQ(violations[0].rule, rule);
  }
}

}  // namespace
}  // namespace lintas::client

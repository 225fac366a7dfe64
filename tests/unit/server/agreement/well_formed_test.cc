#include "server/agreement/well_formed.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "lintas/options/v1/options.pb.h"
#include "tests/support/signed_agreement.h"

namespace lintas {
namespace {

using agreement::v1::Agreement;
using options::v1::Field;
using testing::Contains;
using testing::ElementsAre;
using testing::IsEmpty;

// `path RULE` of every mistake.
std::vector<std::string> MistakesIn(const Agreement& agreement) {
  std::vector<FieldViolation> violations;
  CheckWellFormed(agreement, &violations);
  std::vector<std::string> mistakes;
  for (const auto& violation : violations) {
    mistakes.push_back(violation.field + " " + violation.rule);
  }
  return mistakes;
}

std::vector<std::string> MistakesAfter(const std::function<void(Agreement*)>& change) {
  Agreement agreement = DefaultAgreementForTest();
  change(&agreement);
  return MistakesIn(agreement);
}

// Index of the attaché's grant in the default agreement.
agreement::v1::Grant* GrantOf(const std::string& role, Agreement* agreement) {
  for (auto& grant : *agreement->mutable_grants()) {
    if (grant.role() == role) return &grant;
  }
  return nullptr;
}

TEST(WellFormed, DefaultAgreementIs) {
  EXPECT_THAT(MistakesIn(DefaultAgreementForTest()), IsEmpty());
}

TEST(WellFormed, EverythingMissingIsSaidAtOnce) {
  const auto mistakes = MistakesIn(Agreement());
  EXPECT_THAT(mistakes, Contains("version REQUIRED"));
  EXPECT_THAT(mistakes, Contains("parties PARTY"));
  EXPECT_THAT(mistakes, Contains("grants NO_ADOPTER"));
  EXPECT_THAT(mistakes, Contains("limits.question_ttl_s REQUIRED"));
  EXPECT_THAT(mistakes, Contains("limits.import_rows_per_day REQUIRED"));
}

TEST(WellFormed, ReferencesMustBeDeclared) {
  EXPECT_THAT(MistakesAfter([](Agreement* a) { a->mutable_grants(0)->add_purposes("CURIOSITY"); }),
              ElementsAre("grants[0].purposes[3] UNDECLARED"));
  EXPECT_THAT(MistakesAfter([](Agreement* a) { a->mutable_grants(0)->add_operations("DELETE"); }),
              ElementsAre("grants[0].operations[7] UNKNOWN_OPERATION"));
  EXPECT_THAT(MistakesAfter([](Agreement* a) { a->mutable_grants(0)->set_role("node"); }),
              Contains("grants[0].role UNKNOWN_ROLE"));
  EXPECT_THAT(MistakesAfter([](Agreement* a) {
                a->mutable_grants(0)->add_sections(static_cast<Field::Section>(9));
              }),
              ElementsAre("grants[0].sections[3] UNKNOWN_SECTION"));
}

TEST(WellFormed, PeriodsAreCountableAndSaidOnce) {
  EXPECT_THAT(MistakesAfter([](Agreement* a) { a->clear_calendars(); }),
              ElementsAre("calendars REQUIRED"));
  EXPECT_THAT(MistakesAfter([](Agreement* a) {
                *a->mutable_procedure_terms(0)->add_deadlines() =
                    a->procedure_terms(0).deadlines(0);
              }),
              ElementsAre("procedure_terms[0].deadlines[4] DUPLICATE"));
  EXPECT_THAT(
      MistakesAfter([](Agreement* a) {
        a->mutable_procedure_terms(0)->mutable_deadlines(0)->clear_amount();
        a->mutable_procedure_terms(0)->mutable_deadlines(0)->clear_counted_by();
        a->mutable_calendars(0)->set_rest_days(0, 8);
        a->mutable_calendars(1)->mutable_holidays(0)->set_date("2026-02-30");
      }),
      ElementsAre("procedure_terms[0].deadlines[0].amount REQUIRED",
                  "procedure_terms[0].deadlines[0].counted_by REQUIRED",
                  "calendars[0].rest_days[0] WEEKDAY", "calendars[1].holidays[0].date DATE_FORM"));
}

TEST(WellFormed, NothingIsSaidTwice) {
  EXPECT_THAT(MistakesAfter([](Agreement* a) { *a->add_record_terms() = a->record_terms(0); }),
              ElementsAre("record_terms[11].type DUPLICATE"));
  EXPECT_THAT(MistakesAfter([](Agreement* a) { *a->add_purposes() = a->purposes(0); }),
              ElementsAre("purposes[10].code DUPLICATE"));
  EXPECT_THAT(MistakesAfter([](Agreement* a) { *a->add_retentions() = a->retentions(0); }),
              ElementsAre("retentions[14].retention_class DUPLICATE"));
  EXPECT_THAT(MistakesAfter([](Agreement* a) { a->mutable_grants(0)->add_operations("FIND"); }),
              Contains("grants[0].operations[7] DUPLICATE"));
}

TEST(WellFormed, ProtectedAndInternalNeverLeave) {
  for (auto section : {Field::PROTECTED, Field::INTERNAL}) {
    EXPECT_THAT(MistakesAfter([&](Agreement* a) {
                  a->mutable_record_terms(0)->add_request_sections(section);
                }),
                ElementsAre("record_terms[0].request_sections[2] SECTION_NEVER_LEAVES"));
  }
}

TEST(WellFormed, OperatorSupervisorAndStatisticsSeeNoContent) {
  for (const char* role : {"operator", "supervisor", "statistics"}) {
    const auto mistakes =
        MistakesAfter([&](Agreement* a) { GrantOf(role, a)->add_sections(Field::BASIC); });
    ASSERT_EQ(mistakes.size(), 1u) << role;
    EXPECT_THAT(mistakes[0], testing::HasSubstr("NO_CONTENT_FOR_ROLE"));
  }
}

TEST(WellFormed, AttacheIsHeldByR7) {
  EXPECT_THAT(
      MistakesAfter([](Agreement* a) { GrantOf("attache", a)->set_own_nationals_only(false); }),
      ElementsAre("grants[3].own_nationals_only OWN_NATIONALS_ONLY"));
  EXPECT_THAT(
      MistakesAfter([](Agreement* a) { GrantOf("attache", a)->add_purposes("BORDER_CHECK"); }),
      ElementsAre("grants[3].purposes[2] CASE_REQUIRED"));
  EXPECT_THAT(
      MistakesAfter([](Agreement* a) { GrantOf("attache", a)->add_operations("CHECK_STATUS"); }),
      ElementsAre("grants[3].operations NO_LISTS_FOR_ATTACHE"));
}

TEST(WellFormed, ParametersOfStatusSayWhoseTheyAreAndWhereTheyComeFrom) {
  EXPECT_THAT(MistakesAfter([](Agreement* a) {
                a->mutable_status_terms()->mutable_parameters(0)->clear_source();
              }),
              ElementsAre("status_terms.parameters[0].source REQUIRED"));
  EXPECT_THAT(MistakesAfter([](Agreement* a) {
                a->mutable_status_terms()->mutable_parameters(0)->set_country("tha");
              }),
              ElementsAre("status_terms.parameters[0].country PARTY"));
  EXPECT_THAT(MistakesAfter([](Agreement* a) {
                a->mutable_status_terms()->mutable_parameters(0)->set_code("days");
              }),
              ElementsAre("status_terms.parameters[0].code CODE_FORM"));
  EXPECT_THAT(MistakesAfter([](Agreement* a) {
                a->mutable_status_terms()->mutable_parameters(0)->set_value(36526);
              }),
              ElementsAre("status_terms.parameters[0].value TOO_LARGE"));
  EXPECT_THAT(MistakesAfter([](Agreement* a) {
                auto* terms = a->mutable_status_terms();
                *terms->add_parameters() = terms->parameters(0);
              }),
              testing::SizeIs(1));
}

TEST(WellFormed, TwoOfficesOfEachPartyMustStandInIt) {
  EXPECT_THAT(MistakesAfter([](Agreement* a) { a->mutable_office_holders()->RemoveLast(); }),
              ElementsAre("office_holders TWO_OFFICE_HOLDERS"));
  EXPECT_THAT(MistakesAfter([](Agreement* a) {
                a->mutable_office_holders(1)->set_public_key(a->office_holders(0).public_key());
              }),
              ElementsAre("office_holders[1].public_key DUPLICATE"));
  EXPECT_THAT(
      MistakesAfter([](Agreement* a) { a->mutable_office_holders(0)->set_end_date("2026-02-30"); }),
      ElementsAre("office_holders[0].end_date DATE_FORM"));
  EXPECT_THAT(
      MistakesAfter([](Agreement* a) { a->mutable_office_holders(0)->set_end_date("2024-12-31"); }),
      ElementsAre("office_holders[0].end_date DATE_ORDER"));
}

TEST(WellFormed, ChainAndPartnershipHaveTheirForm) {
  EXPECT_THAT(MistakesAfter([](Agreement* a) { a->set_previous_digest("x"); }),
              ElementsAre("previous_digest PREVIOUS_DIGEST"));
  EXPECT_THAT(MistakesAfter([](Agreement* a) { a->set_version(2); }),
              ElementsAre("previous_digest PREVIOUS_DIGEST"));
  EXPECT_THAT(MistakesAfter([](Agreement* a) { a->set_partnership("khm-idn"); }),
              ElementsAre("partnership PARTNERSHIP"));
}

TEST(WellFormed, AFieldOfALaterVersionIsRefused) {
  EXPECT_THAT(MistakesAfter([](Agreement* a) {
                a->GetReflection()->MutableUnknownFields(a)->AddVarint(99, 1);
              }),
              ElementsAre("agreement UNKNOWN_FIELD"));
  EXPECT_THAT(MistakesAfter([](Agreement* a) {
                auto* grant = a->mutable_grants(0);
                grant->GetReflection()->MutableUnknownFields(grant)->AddVarint(99, 1);
              }),
              ElementsAre("agreement UNKNOWN_FIELD"));
}

TEST(ParseDay, TakesDaysThatExist) {
  absl::CivilDay day;
  EXPECT_TRUE(ParseDay("2028-02-29", &day));
  EXPECT_EQ(day, absl::CivilDay(2028, 2, 29));
  for (const char* text :
       {"2026-02-29", "2026-13-01", "2026-1-01", "2026/01/01", "", "20260101xx", "2026-01-0a"}) {
    EXPECT_FALSE(ParseDay(text, &day)) << text;
  }
}

}  // namespace
}  // namespace lintas

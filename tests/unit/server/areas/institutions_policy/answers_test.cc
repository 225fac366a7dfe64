// The registry of institutions between two whole nodes, and what procedures make of it.
#include "server/areas/institutions_policy/answers.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "lintas/institutions_policy/v1/institutions_policy.pb.h"
#include "server/areas/institutions_policy/registry.h"
#include "tests/support/procedure_calls.h"

namespace lintas {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

namespace ip = institutions_policy::v1;

class InstitutionsTest : public testing::Test, protected ProcedureCalls {
 protected:
  static ip::Institution Directorate(const std::string& state, uint32_t area = 1) {
    ip::Institution institution;
    institution.set_state(state);
    institution.set_code("SYNTHETIC-1");
    institution.set_title("Synthetic Directorate");
    ip::CompetencePeriod* period = institution.add_competences();
    period->set_area(area);
    period->set_start_date("2026-01-01");
    return institution;
  }
  absl::StatusOr<ip::Institution> Register(NodeOnDisk& at, const ip::Institution& institution) {
    ip::CreateInstitutionRequest request;
    request.set_parent("countries/" + at.country());
    *request.mutable_institution() = institution;
    request.set_request_id(NextRequestId());
    return Call<ip::Institution>(at, "CreateInstitution", Officer(), request);
  }
  absl::StatusOr<ip::Institution> Change(NodeOnDisk& at, const ip::Institution& institution) {
    ip::CorrectInstitutionRequest request;
    *request.mutable_institution() = institution;
    request.set_request_id(NextRequestId());
    return Call<ip::Institution>(at, "CorrectInstitution", Officer(), request);
  }
  std::vector<std::string> Competent(NodeOnDisk& at, const std::string& country) {
    return institutions_policy::Registry(&at.node->reader()).For(country, 1, clock.now)->competent;
  }
};

TEST_F(InstitutionsTest, ARegisteredOneIsReadByBothCountries) {
  const auto registered = Register(idn, Directorate("IDN"));
  ASSERT_TRUE(registered.ok()) << registered.status();
  EXPECT_TRUE(registered->meta().released());
  Settle();
  ip::ListInstitutionsRequest request;
  request.set_parent("countries/idn");
  const auto listed =
      Call<ip::ListInstitutionsResponse>(khm, "ListInstitutions", Officer(), request);
  ASSERT_TRUE(listed.ok()) << listed.status();
  ASSERT_THAT(listed->institutions(), SizeIs(1));
  EXPECT_EQ(listed->institutions(0).title(), "Synthetic Directorate");
  EXPECT_THAT(Competent(khm, "idn"), ElementsAre(registered->name()));
  EXPECT_THAT(Competent(khm, "khm"), IsEmpty());
}

TEST_F(InstitutionsTest, CompetenceEndsWithItsLastDay) {
  ip::Institution directorate = Directorate("IDN");
  directorate.mutable_competences(0)->set_end_date("2026-03-01");
  ASSERT_TRUE(Register(idn, directorate).ok());
  EXPECT_THAT(Competent(idn, "idn"), SizeIs(1));
  clock.now += absl::Hours(24);
  EXPECT_THAT(Competent(idn, "idn"), IsEmpty());
}

TEST_F(InstitutionsTest, WrongPeriodsAndAreasAreRefused) {
  EXPECT_EQ(ErrorReason(Register(idn, Directorate("IDN", 9)).status()), "INVALID_FIELDS");
  ip::Institution directorate = Directorate("IDN");
  directorate.mutable_competences(0)->set_end_date("2025-01-01");
  EXPECT_EQ(ErrorReason(Register(idn, directorate).status()), "INVALID_FIELDS");
  directorate = Directorate("IDN");
  directorate.clear_title();
  EXPECT_EQ(ErrorReason(Register(idn, directorate).status()), "INVALID_FIELDS");
}

TEST_F(InstitutionsTest, OnlyItsOwnCountryChangesIt) {
  auto registered = Register(idn, Directorate("IDN"));
  ASSERT_TRUE(registered.ok());
  Settle();
  registered->set_title("Synthetic Directorate General");
  EXPECT_EQ(ErrorReason(Change(khm, *registered).status()), "NOT_OWN_RECORD");
  const auto changed = Change(idn, *registered);
  ASSERT_TRUE(changed.ok()) << changed.status();
  EXPECT_EQ(changed->meta().revision(), 2u);
}

TEST_F(InstitutionsTest, AnotherAreasServiceDoesNotTouchIt) {
  const auto registered = Register(idn, Directorate("IDN"));
  ASSERT_TRUE(registered.ok());
  EXPECT_EQ(ErrorReason(Withdraw(idn, registered->name()).status()), "NOTHING_TO_SHARE");
  EXPECT_EQ(ErrorReason(Get(idn, registered->name()).status()), "NOTHING_TO_SHARE");
}

TEST_F(InstitutionsTest, AProcedureIsOpenedByACompetentCountryOnly) {
  // Before anything is registered nobody is refused.
  EXPECT_TRUE(Open(idn, RecordRequestForTest()).ok());
  auto other = Register(idn, Directorate("IDN", 6));
  ASSERT_TRUE(other.ok());
  EXPECT_EQ(ErrorReason(Open(idn, RecordRequestForTest()).status()), "NOT_COMPETENT");
  other->mutable_competences(0)->set_area(1);
  ASSERT_TRUE(Change(idn, *other).ok());
  EXPECT_TRUE(Open(idn, RecordRequestForTest()).ok());
}

TEST_F(InstitutionsTest, AProcedureNamesTheOfficesThatItWaitsFor) {
  const auto registered = Register(khm, Directorate("KHM"));
  ASSERT_TRUE(registered.ok());
  const auto asked = Open(idn, RecordRequestForTest());
  ASSERT_TRUE(asked.ok());
  Settle();
  EXPECT_THAT(Look(idn, asked->name())->competent_institutions(), ElementsAre(registered->name()));
}

}  // namespace
}  // namespace lintas

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
  absl::StatusOr<ip::Institution> Register(NodeOnDisk& at, const ip::Institution& institution,
                                           const As& as = Supervisor()) {
    ip::CreateInstitutionRequest request;
    request.set_parent("countries/" + at.country());
    *request.mutable_institution() = institution;
    request.set_request_id(NextRequestId());
    return Call<ip::Institution>(at, "CreateInstitution", as, request);
  }
  absl::StatusOr<ip::Institution> Change(NodeOnDisk& at, const ip::Institution& institution,
                                         const std::vector<std::string>& mask = {},
                                         const As& as = Supervisor()) {
    ip::CorrectInstitutionRequest request;
    *request.mutable_institution() = institution;
    for (const std::string& path : mask) request.mutable_update_mask()->add_paths(path);
    request.set_request_id(NextRequestId());
    return Call<ip::Institution>(at, "CorrectInstitution", as, request);
  }
  // Open, with the reason of a refusal, as the officer `id`.
  std::string OpenedBy(const std::string& id) {
    As officer = Officer();
    officer.id = id;
    const auto opened = Open(idn, RecordRequestForTest(), "ASK", officer);
    return opened.ok() ? "OK" : ErrorReason(opened.status());
  }
  static void AddHolder(const std::string& id, const std::string& from, const std::string& to,
                        ip::Institution* institution) {
    ip::OfficeHolding* holding = institution->add_office_holdings();
    holding->set_office("Desk officer");
    holding->set_holder_id(id);
    holding->set_start_date(from);
    holding->set_end_date(to);
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

TEST_F(InstitutionsTest, OnlyWhoManagesTheRegistryWritesIt) {
  const auto registered = Register(idn, Directorate("IDN"));
  ASSERT_TRUE(registered.ok()) << registered.status();
  for (const As& as : {Officer(), OfficerIn("C-1"), Agency(), Attache("C-1"), Operator()}) {
    EXPECT_EQ(Register(idn, Directorate("IDN"), as).status().code(),
              absl::StatusCode::kPermissionDenied);
    EXPECT_EQ(Change(idn, *registered, {}, as).status().code(),
              absl::StatusCode::kPermissionDenied);
  }
  EXPECT_EQ(registered->title(), "Synthetic Directorate") << "who entered it sees it";
}

TEST_F(InstitutionsTest, ACorrectionChangesWhatItsMaskNames) {  // AIP 134
  ip::Institution before = Directorate("IDN");
  before.set_local_title("Direktorat sintetis");
  AddHolder("officer-1", "2026-01-01", "", &before);
  const auto registered = Register(idn, before);
  ASSERT_TRUE(registered.ok()) << registered.status();
  ip::Institution change;
  change.set_name(registered->name());
  change.set_title("Synthetic Directorate General");
  change.set_code("NOT-MEANT");
  auto changed = Change(idn, change, {"title", "local_title"});
  ASSERT_TRUE(changed.ok()) << changed.status();
  EXPECT_EQ(changed->title(), "Synthetic Directorate General");
  EXPECT_EQ(changed->local_title(), "") << "named and not filled";
  EXPECT_EQ(changed->code(), "SYNTHETIC-1");
  EXPECT_EQ(changed->office_holdings_size(), 1);
  // Without a mask every filled field counts; a list is replaced.
  change.clear_title();
  change.set_code("SYNTHETIC-2");
  AddHolder("officer-2", "2026-01-01", "", &change);
  changed = Change(idn, change);
  ASSERT_TRUE(changed.ok()) << changed.status();
  EXPECT_EQ(changed->code(), "SYNTHETIC-2");
  EXPECT_EQ(changed->title(), "Synthetic Directorate General");
  ASSERT_THAT(changed->office_holdings(), SizeIs(1));
  EXPECT_EQ(changed->office_holdings(0).holder_id(), "officer-2");
  for (const char* path : {"name", "meta", "no_such_field", "competences.area"}) {
    EXPECT_EQ(ErrorReason(Change(idn, change, {path}).status()), "INVALID_FIELDS") << path;
  }
}

TEST_F(InstitutionsTest, AStepIsTakenByAHolderOfTheCompetentOffice) {
  ip::Institution competent = Directorate("IDN");
  AddHolder("officer-1", "2026-01-01", "", &competent);
  AddHolder("officer-9", "2025-01-01", "2026-01-31", &competent);
  ip::Institution other = Directorate("IDN", 6);
  AddHolder("officer-6", "2026-01-01", "", &other);
  ASSERT_TRUE(Register(idn, competent).ok());
  ASSERT_TRUE(Register(idn, other).ok());
  EXPECT_EQ(OpenedBy("officer-1"), "OK");
  EXPECT_EQ(OpenedBy("officer-2"), "NOT_COMPETENT") << "holds no office";
  EXPECT_EQ(OpenedBy("officer-6"), "NOT_COMPETENT") << "of another area";
  EXPECT_EQ(OpenedBy("officer-9"), "NOT_COMPETENT") << "the term is over";
}

TEST_F(InstitutionsTest, AStepNeedsNoHolderBeforeOneIsNamed) {
  ASSERT_TRUE(Register(idn, Directorate("IDN")).ok());
  EXPECT_EQ(OpenedBy("officer-2"), "OK");
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

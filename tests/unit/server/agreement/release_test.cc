#include "server/agreement/release.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "lintas/options/v1/options.pb.h"
#include "tests/support/signed_agreement.h"

namespace lintas {
namespace {

using agreement::v1::Agreement;
using agreement::v1::RecordTerms;
using options::v1::Field;
using testing::ElementsAre;
using testing::IsEmpty;

constexpr std::array<bool, kSectionCount> kAll = {true, true, true, true};
constexpr std::array<bool, kSectionCount> kBasicOnly = {true, false, false, false};
constexpr std::array<bool, kSectionCount> kSensitiveOnly = {false, true, false, false};

class ReleaseTest : public testing::Test {
 protected:
  ReleasePlan Plan(const std::vector<std::string>& nationalities,
                   const std::array<bool, kSectionCount>& filled = kAll,
                   absl::string_view type = "crossing") const {
    return PlanRelease(version_.get(), type, nationalities, filled);
  }
  void Change(const std::function<void(RecordTerms*)>& change) {
    Agreement agreement = DefaultAgreementForTest();
    for (auto& terms : *agreement.mutable_record_terms()) {
      if (terms.type() == "crossing") change(&terms);
    }
    version_ = VersionForTest(agreement);
  }

  AgreementVersionPtr version_ = VersionForTest(DefaultAgreementForTest());
};

TEST_F(ReleaseTest, ReplicatesAPartysNationalWithoutWithheldSections) {
  const ReleasePlan plan = Plan({"IDN"});
  EXPECT_TRUE(plan.replicate);
  EXPECT_THAT(plan.released_sections, ElementsAre(Field::BASIC));
  EXPECT_THAT(plan.withheld_sections,
              ElementsAre(Field::SENSITIVE, Field::PROTECTED, Field::INTERNAL));
}

TEST_F(ReleaseTest, WithholdsNothingOfARecordThatIsWhole) {
  const ReleasePlan plan = Plan({"KHM"}, kBasicOnly);
  EXPECT_TRUE(plan.replicate);
  EXPECT_THAT(plan.withheld_sections, IsEmpty());
}

TEST_F(ReleaseTest, KeepsThirdCountryNationalsAtHome) {  // R8.
  const ReleasePlan plan = Plan({"MYS", "THA"});
  EXPECT_FALSE(plan.replicate);
  EXPECT_THAT(plan.released_sections, IsEmpty());
  EXPECT_THAT(plan.withheld_sections, ElementsAre(1, 2, 3, 4));
}

TEST_F(ReleaseTest, KeepsUnknownNationalityAtHome) {  // R8.
  EXPECT_FALSE(Plan({}).replicate);
  EXPECT_FALSE(Plan({""}).replicate);
  EXPECT_FALSE(Plan({"XXX"}).replicate);
}

TEST_F(ReleaseTest, ReplicatesADualNationalOfOneParty) {
  EXPECT_TRUE(Plan({"MYS", "KHM"}).replicate);
  EXPECT_TRUE(Plan({"IDN", "AUS"}).replicate);
}

TEST_F(ReleaseTest, KeepsUnnamedTypesAtHome) {
  EXPECT_FALSE(Plan({"IDN"}, kAll, "no_such_type").replicate);
}

TEST_F(ReleaseTest, KeepsTypesOnRequestAtHome) {
  Change([](RecordTerms* terms) { terms->set_crossing(RecordTerms::ON_REQUEST); });
  EXPECT_FALSE(Plan({"IDN"}).replicate);
  EXPECT_THAT(RequestSections(*version_, "crossing"), ElementsAre(1, 2));
}

TEST_F(ReleaseTest, KeepsEverythingAtHomeWithoutAnAgreement) {
  const ReleasePlan plan = PlanRelease(nullptr, "crossing", {"IDN"}, kAll);
  EXPECT_FALSE(plan.replicate);
  EXPECT_THAT(plan.withheld_sections, ElementsAre(1, 2, 3, 4));
}

TEST_F(ReleaseTest, NeverReleasesProtectedAndInternalWhateverTheAgreementSays) {
  Change([](RecordTerms* terms) { terms->clear_withheld_sections(); });
  EXPECT_THAT(Plan({"IDN"}).released_sections, ElementsAre(Field::BASIC, Field::SENSITIVE));
  EXPECT_FALSE(Plan({"IDN"}, {false, false, true, true}).replicate);
}

TEST_F(ReleaseTest, KeepsARecordAtHomeOfWhichNothingWouldBeLeft) {
  const ReleasePlan plan = Plan({"IDN"}, kSensitiveOnly);
  EXPECT_FALSE(plan.replicate);
  EXPECT_THAT(plan.withheld_sections, ElementsAre(Field::SENSITIVE));
}

TEST_F(ReleaseTest, AnswersCarryNoSectionOfAnUnnamedType) {
  EXPECT_THAT(RequestSections(*version_, "no_such_type"), IsEmpty());
}

}  // namespace
}  // namespace lintas

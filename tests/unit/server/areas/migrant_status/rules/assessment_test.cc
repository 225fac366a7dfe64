#include "server/areas/migrant_status/rules/assessment.h"

#include <gtest/gtest.h>

#include "tests/unit/server/areas/migrant_status/status_facts.h"

namespace lintas::migrant_status {
namespace {

using v1::Finding;

TEST(Assessment, DoesNotExistAtTheStateOfOrigin) {
  EXPECT_FALSE(AssessmentExists({"IDN"}, "idn", true));
  EXPECT_FALSE(AssessmentExists({"IDN", "KHM"}, "khm", true));  // One of two is enough.
  EXPECT_FALSE(AssessmentExists({}, "khm", true));              // It might be.
  EXPECT_TRUE(AssessmentExists({"IDN"}, "khm", true));
}

TEST(Assessment, DoesNotExistForARoleThatSeesNothingProtected) {
  EXPECT_FALSE(AssessmentExists({"IDN"}, "khm", false));
}

TEST(Assessment, SaysNothingOfThePerson) {
  EXPECT_EQ(Assessment().value(), Finding::NOT_ASSESSED);
  EXPECT_EQ(Assessment().standard(), Finding::STANDARD_UNSPECIFIED);
}

}  // namespace
}  // namespace lintas::migrant_status

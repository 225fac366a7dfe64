#include "server/areas/migrant_status/parameters.h"

#include <gtest/gtest.h>

#include "tests/unit/server/areas/migrant_status/status_facts.h"

namespace lintas::migrant_status {
namespace {

TEST(Parameters, AreTheCountrysOwn) {
  EXPECT_TRUE(ParametersForTest("khm").Lists(kVisitorClasses, "T"));
  EXPECT_FALSE(ParametersForTest("idn").Lists(kVisitorClasses, "T"));
  EXPECT_EQ(ParametersForTest("idn").Number(kOverstayLongDays), 60);
  EXPECT_FALSE(ParametersForTest("khm").Has(kOverstayLongDays));
}

TEST(Parameters, AStarStandsForAFamilyOfClasses) {
  for (const char* code : {"C", "C1", "C22A"}) {
    EXPECT_TRUE(ParametersForTest("idn").Lists(kVisitorClasses, code)) << code;
  }
  EXPECT_FALSE(ParametersForTest("idn").Lists(kVisitorClasses, "E33"));
  EXPECT_FALSE(ParametersForTest("idn").Lists(kVisitorClasses, ""));
}

TEST(Parameters, EveryOneHasASource) {
  for (const auto& parameter : TermsForTest().parameters()) {
    EXPECT_NE(Parameters(TermsForTest(), parameter.country()).Source(parameter.code()), "");
  }
  EXPECT_EQ(Parameters().Source(kVisitorClasses), "");
}

TEST(Parameters, NoClassIsInTwoListsOfOneCountry) {
  constexpr const char* kLists[] = {kExemptionClasses, kVisitorClasses, kTemporaryClasses,
                                    kPermanentClasses};
  constexpr const char* kClasses[] = {"A",   "A1",   "B",  "B1", "C",    "C1",   "D",  "E",
                                      "E23", "EB",   "EG", "ER", "ES",   "EP",   "F",  "G",
                                      "ITK", "ITAS", "K",  "T",  "VE30", "ITAP", "IMK"};
  for (const char* country : {"idn", "khm"}) {
    for (const char* code : kClasses) {
      int count = 0;
      for (const char* list : kLists) count += ParametersForTest(country).Lists(list, code) ? 1 : 0;
      EXPECT_LE(count, 1) << country << " " << code;
    }
  }
}

}  // namespace
}  // namespace lintas::migrant_status

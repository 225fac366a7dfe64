#include "server/base/states.h"

#include <gtest/gtest.h>

namespace lintas {
namespace {

TEST(KindOfState, TellsIssuersHoldersAndSpecimens) {
  for (const char* code : {"IDN", "KHM", "DEU", "D", "ABW", "ZWE", "UNO", "EUE", "XPO", "GBN"}) {
    EXPECT_EQ(KindOfState(code), StateKind::kIssuer) << code;
  }
  for (const char* code : {"XXA", "XXB", "XXC", "XXX"}) {
    EXPECT_EQ(KindOfState(code), StateKind::kHolder) << code;
  }
  EXPECT_EQ(KindOfState("UTO"), StateKind::kSpecimen);
  for (const char* code : {"", "ID", "PID", "idn", "D<<", "IDNX", "A1B", "E"}) {
    EXPECT_EQ(KindOfState(code), StateKind::kUnknown) << code;
  }
}

TEST(SignsFor, MatchesTwoLettersToThree) {
  EXPECT_TRUE(SignsFor("ID", "IDN"));
  EXPECT_TRUE(SignsFor("kh", "KHM"));
  EXPECT_TRUE(SignsFor("DE", "D"));
  EXPECT_TRUE(SignsFor("DE", "DEU"));
  EXPECT_TRUE(SignsFor("GB", "GBN"));
  EXPECT_TRUE(SignsFor("UN", "UNA"));
  EXPECT_TRUE(SignsFor("UT", "UTO"));
  EXPECT_TRUE(SignsFor("ZW", "ZWE"));
  EXPECT_FALSE(SignsFor("KH", "IDN"));
  EXPECT_FALSE(SignsFor("", "IDN"));
  EXPECT_FALSE(SignsFor("IDN", "IDN"));
  EXPECT_FALSE(SignsFor("  ", "XOM"));
}

TEST(SignsFor, KnowsStatesThatSeveralSignFor) {
  for (const char* country : {"CN", "HK", "MO"}) EXPECT_TRUE(SignsFor(country, "CHN")) << country;
  for (const char* country : {"KS", "XK"}) EXPECT_TRUE(SignsFor(country, "RKS")) << country;
  EXPECT_FALSE(SignsFor("TW", "CHN"));
}

TEST(HasSigner, IsFalseWhereNothingCanBeChecked) {
  EXPECT_TRUE(HasSigner("IDN"));
  for (const char* state : {"XXA", "XOM", "PID", ""}) EXPECT_FALSE(HasSigner(state)) << state;
}

}  // namespace
}  // namespace lintas

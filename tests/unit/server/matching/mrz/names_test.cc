#include "server/matching/mrz/names.h"

#include <gtest/gtest.h>

#include "server/matching/mrz/generation.h"

namespace lintas::mrz {
namespace {

Reading WithNames(const std::string& field) {
  const std::string line1 = "PPIDN" + field + std::string(39 - field.size(), '<');
  return Read({line1, "X1234567<7IDN9001011F3412318<<<<<<<<<<<<<<04"}, {2026, 11, 24});
}

TEST(MayBeTheName, TakesEveryFormOfTheIssuer) {
  for (const char* field : {"MUELLER<<JOSE", "MULLER<<JOSE", "MUXXLLER<<JOSE"}) {
    EXPECT_TRUE(MayBeTheName(WithNames(field), "Müller", "José")) << field;
  }
  EXPECT_FALSE(MayBeTheName(WithNames("MILLER<<JOSE"), "Müller", "José"));
  EXPECT_FALSE(MayBeTheName(WithNames("MUELLER<<JOSE"), "Müller", "José Maria"));
  EXPECT_FALSE(MayBeTheName(WithNames("MUELLER<<JOSE"), "Müller", ""));
}

TEST(MayBeTheName, FollowsTheRulesForSigns) {
  EXPECT_TRUE(MayBeTheName(WithNames("MARUF<<ANNA<MARIA"), "Ma'ruf", "Anna-Maria"));
}

TEST(MayBeTheName, ComparesACutNameAsABeginning) {
  const std::string cut = NameField("NILAVADHANANANDA", "CHAYAPA<DEJTHAMRONG<KRASUANG", 39);
  EXPECT_TRUE(MayBeTheName(WithNames(cut), "Nilavadhanananda", "Chayapa Dejthamrong Krasuang"));
  EXPECT_FALSE(MayBeTheName(WithNames(cut), "Nilavadhanananda", "Chayapa Sejthamrong Krasuang"));
  // Initials are one of ICAO's ways to cut.
  EXPECT_TRUE(MayBeTheName(WithNames("BENNELONG<WOOLOOMOOLOO<WARRANDYTE<W<<DI"),
                           "Bennelong Wooloomooloo Warrandyte Warnambool", "Dingo Potoroo"));
}

TEST(MayBeTheName, DoesNotCompareAWholeNameAsABeginning) {
  EXPECT_FALSE(MayBeTheName(WithNames("SARI<<DE"), "Sari", "Dewi"));
}

TEST(MayBeTheName, TakesASingleNameOnEitherSide) {
  EXPECT_TRUE(MayBeTheName(WithNames("SUKARNO"), "Sukarno", ""));
  EXPECT_TRUE(MayBeTheName(WithNames("SUKARNO"), "", "Sukarno"));
  EXPECT_TRUE(MayBeTheName(WithNames("<<SUKARNO"), "Sukarno", ""));
  EXPECT_FALSE(MayBeTheName(WithNames("SUKARNO"), "Sukarno", "Putra"));
  EXPECT_FALSE(MayBeTheName(WithNames("SUKARNO<<PUTRA"), "Sukarno", ""));
}

TEST(MayBeTheName, SaysNoToOtherScripts) {
  EXPECT_FALSE(MayBeTheName(WithNames("CHAN"), "ចាន់", ""));
}

}  // namespace
}  // namespace lintas::mrz

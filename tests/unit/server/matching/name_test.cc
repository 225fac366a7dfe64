#include "server/matching/name.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace lintas::matching {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

TEST(ParseName, TakesTitlesAndDegreesAsTags) {
  const PersonName name = ParseName("Dr. H. Budi Santoso, S.Pd., M.M.");
  EXPECT_THAT(name.words, ElementsAre("BUDI", "SANTOSO"));
  EXPECT_THAT(name.tags, ElementsAre("DR", "H", "MM", "SPD"));
}

TEST(ParseName, PutsTheFatherBeside) {
  const PersonName name = ParseName("Siti Aminah binti Ahmad");
  EXPECT_THAT(name.words, ElementsAre("SITI", "AMINAH"));
  EXPECT_THAT(name.father, ElementsAre("AHMAD"));
}

TEST(ParseName, WritesAbbreviationsOut) {
  for (const char* text : {"Moh. Rizki", "Muh Rizki", "Moch. Rizki", "Mohammad Rizki"}) {
    EXPECT_THAT(ParseName(text).words, ElementsAre("MUHAMMAD", "RIZKI")) << text;
  }
}

TEST(ParseName, SeesOneNameInADoubledOrPaddedOne) {
  for (const char* text : {"Sukarno", "Sukarno Sukarno", "FNU Sukarno", "Sukarno LNU",
                           "XXX<<SUKARNO", "Sukarno XXX"}) {
    const PersonName name = ParseName(text);
    EXPECT_THAT(name.words, ElementsAre("SUKARNO")) << text;
    EXPECT_TRUE(name.mononym) << text;
  }
}

TEST(ParseName, KeepsATitleThatIsTheWholeName) {
  EXPECT_THAT(ParseName("Raden").words, ElementsAre("RADEN"));
  EXPECT_THAT(ParseName("H").words, ElementsAre("H"));
}

TEST(ParseName, KnowsAFullMachineReadableZone) {
  EXPECT_TRUE(ParseName("SATRIYA<SUDARPA<<WIJAYAKUSUMANINGRA").words.size() > 1);
  EXPECT_TRUE(ParseName("ABCDEFGHIJKLM<<NOPQRSTUVWXYZABCDEFGHIJK").truncated);
  EXPECT_FALSE(ParseName("SOK<<SOPHEA<<<<<<<<<<<<<<<<<<<<<<<<<<<<").truncated);
}

TEST(ParseName, TakesNothingAndAnything) {
  EXPECT_TRUE(ParseName("").empty());
  EXPECT_TRUE(ParseName("FNU LNU").empty());
  EXPECT_THAT(ParseName("\xff\xfe").words, IsEmpty());
  EXPECT_EQ(ParseName("a b c d e f g h i j k l").words.size(), kNameWordsMax);
}

TEST(GuessCountry, GoesByScriptThenByLetters) {
  EXPECT_EQ(GuessCountry(ParseName("សុខ សោភា")), NameCountry::kCambodia);
  EXPECT_EQ(GuessCountry(ParseName("Chhim Sophal")), NameCountry::kCambodia);
  EXPECT_EQ(GuessCountry(ParseName("Bambang Setyawan")), NameCountry::kIndonesia);
}

}  // namespace
}  // namespace lintas::matching

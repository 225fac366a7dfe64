// All names here are made up or are examples of ICAO Doc 9303-3.
#include "server/matching/normalise.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "absl/strings/str_join.h"

namespace lintas::matching {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

std::vector<std::string> Words(absl::string_view name) {
  std::vector<std::string> words;
  NormaliseName(name, &words);
  return words;
}

TEST(NormaliseName, SplitsAtBlanksHyphensAndFillers) {
  EXPECT_THAT(Words("Budi  Santoso"), ElementsAre("BUDI", "SANTOSO"));
  EXPECT_THAT(Words(" anna-maria "), ElementsAre("ANNA", "MARIA"));
  EXPECT_THAT(Words("SANTOSO<<BUDI<JOKO"), ElementsAre("SANTOSO", "BUDI", "JOKO"));
  EXPECT_THAT(Words("Doe,John/Jack"), ElementsAre("DOE", "JOHN", "JACK"));
}

TEST(NormaliseName, JoinsAtApostrophesAndDropsOtherSigns) {
  EXPECT_THAT(Words("Ma'ruf"), ElementsAre("MARUF"));
  EXPECT_THAT(Words("Ma\u2019ruf"), ElementsAre("MARUF"));
  EXPECT_THAT(Words("Ma\u02bcruf"), ElementsAre("MARUF"));
  EXPECT_THAT(Words("Ma\u00b4ruf"), ElementsAre("MARUF"));
  EXPECT_THAT(Words("Ma`ruf"), ElementsAre("MARUF"));
  EXPECT_THAT(Words("Moh. (Ali) 2"), ElementsAre("MOH", "ALI"));
}

TEST(NormaliseName, DropsDiacriticsHoweverTheyAreWritten) {
  EXPECT_THAT(Words("Jos\u00e9"), ElementsAre("JOSE"));
  EXPECT_THAT(Words("Jose\u0301"), ElementsAre("JOSE"));
  EXPECT_THAT(Words("Nguy\u1ec5n \u0110\u1ee9c"), ElementsAre("NGUYEN", "DUC"));
  EXPECT_THAT(Words("M\u00fcller"), ElementsAre("MULLER"));
  EXPECT_THAT(Words("Sjaf\u2010riman"), ElementsAre("SJAF", "RIMAN"));
}

TEST(NormaliseName, FollowsTheIcaoTableWhereUnicodeDoesNotDecompose) {
  EXPECT_THAT(Words("\u0141ukasz"), ElementsAre("LUKASZ"));
  EXPECT_THAT(Words("s\u00f8ren"), ElementsAre("SOEREN"));
  EXPECT_THAT(Words("\u00c6gir"), ElementsAre("AEGIR"));
  EXPECT_THAT(Words("Wei\u00df"), ElementsAre("WEISS"));
  EXPECT_THAT(Words("Y\u0131lmaz"), ElementsAre("YILMAZ"));
  EXPECT_THAT(Words("\u00deor"), ElementsAre("THOR"));
}

TEST(NormaliseName, KeepsKhmerAndDropsWhatCannotBeSeen) {
  EXPECT_THAT(Words("សុខ សុភា"), ElementsAre("សុខ", "សុភា"));
  EXPECT_THAT(Words("សុ\u200bភា"), ElementsAre("សុភា"));
  EXPECT_THAT(Words("ស\u17b5ុខ"), ElementsAre("សុខ"));
  EXPECT_THAT(Words("សុខ \u17d4\u17e1"), ElementsAre("សុខ"));
}

TEST(NormaliseName, KhmerIsEqualWithAndWithoutTheFastPath) {
  // A letter with a diacritic sends the whole name through ICU.
  for (const char* name : {"សុខ", "ភ្នំ", "ចាន់", "ស៊ឹម", "ឧត្តម", "ដារ៉ា", "នីតៗ", "ខ្មែរ"}) {
    const std::vector<std::string> fast = Words(name);
    const std::vector<std::string> slow = Words(std::string(name) + " \u00e9");
    ASSERT_EQ(fast.size(), 1u) << name;
    ASSERT_EQ(slow.size(), 2u) << name;
    EXPECT_EQ(fast[0], slow[0]) << name;
    EXPECT_EQ(slow[1], "E");
  }
}

TEST(NormaliseName, PutsKhmerMarksInCanonicalOrder) {
  EXPECT_EQ(Words("ក\u17dd\u17d2ខ"), Words("ក\u17d2\u17ddខ"));
}

TEST(NormaliseName, DropsFillersForUnknownNames) {
  EXPECT_THAT(Words("FNU"), IsEmpty());
  EXPECT_THAT(Words("lnu Suharto xxx"), ElementsAre("SUHARTO"));
  EXPECT_THAT(Words("FNUX"), ElementsAre("FNUX"));
}

TEST(NormaliseName, KeepsOtherScripts) {
  EXPECT_THAT(Words("\u674e \u5c0f"), ElementsAre("\u674e", "\u5c0f"));
  EXPECT_THAT(Words("\u0438\u0432\u0430\u043d"), ElementsAre("\u0418\u0412\u0410\u041d"));
  EXPECT_THAT(Words("\u0e2a\u0e21\u0e0a\u0e31\u0e22"),
              ElementsAre("\u0e2a\u0e21\u0e0a\u0e31\u0e22"));
}

TEST(NormaliseName, TakesAnyBytes) {
  EXPECT_THAT(Words(""), IsEmpty());
  EXPECT_THAT(Words("\xff\xfe"), IsEmpty());
  EXPECT_THAT(Words("A\xe1\x9e"), ElementsAre("A"));
  EXPECT_THAT(Words(absl::string_view("A\0B", 3)), ElementsAre("AB"));
}

TEST(NormaliseName, AppendsBehindWhatIsThere) {
  std::vector<std::string> words = {"FIRST"};
  NormaliseName("\u00e9mile", &words);
  EXPECT_THAT(words, ElementsAre("FIRST", "EMILE"));
}

TEST(NormaliseNumbers, DropWhatIsWrittenBetweenGroups) {
  EXPECT_EQ(NormaliseDocumentNumber(" c12-345 67<"), "C1234567");
  EXPECT_EQ(NormaliseDocumentNumber("A/1.2"), "A/1.2");
  EXPECT_EQ(NormaliseNationalNumber("31.7101.120388-0001"), "3171011203880001");
  EXPECT_EQ(NormalisePermitNumber("2026/e-17"), "2026E17");
  EXPECT_EQ(NormaliseDocumentNumber("- -"), "");
}

TEST(PartialDate, ReadsBackWhatItWrites) {
  for (const CivilDate date : {CivilDate{1988, 3, 12}, CivilDate{1988, 3, 0}, CivilDate{1988, 0, 0},
                               CivilDate{0, 2, 29}, CivilDate{0, 0, 0}}) {
    const std::string text = FormatPartialDate(date);
    CivilDate read{1, 1, 1};
    ASSERT_TRUE(ParsePartialDate(text, &read)) << text;
    EXPECT_EQ(FormatPartialDate(read), text);
  }
  EXPECT_EQ(FormatPartialDate({1988, 3, 0}), "1988-03-00");
}

TEST(PartialDate, RefusesWhatNoCalendarHas) {
  CivilDate date{7, 7, 7};
  for (const char* text :
       {"1988-02-30", "1987-02-29", "1900-02-29", "1899-01-01", "2101-01-01", "1988-13-01",
        "1988-00-01", "1988-04-31", "1988-3-12", "1988/03/12", "1988-03-1a", "1988-03-12 ", ""}) {
    EXPECT_FALSE(ParsePartialDate(text, &date)) << text;
  }
  EXPECT_EQ(date.year, 7);
  EXPECT_TRUE(ParsePartialDate("2000-02-29", &date));
  EXPECT_FALSE(IsPartialDate({1988, -1, 0}));
  EXPECT_FALSE(IsPartialDate({1988, 1, -1}));
  EXPECT_FALSE(IsPartialDate({-1, 1, 1}));
}

TEST(Date, IsACompleteDayOfTheCalendar) {
  CivilDate date;
  EXPECT_TRUE(ParseDate("2024-02-29", &date));
  EXPECT_EQ(date.month, 2);
  for (const char* text : {"2023-02-29", "2024-00-01", "2024-01-00", "0000-01-01", "2024-1-1"}) {
    EXPECT_FALSE(ParseDate(text, &date)) << text;
  }
}

}  // namespace
}  // namespace lintas::matching

#include "server/matching/mrz/transliteration.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "server/base/error.h"

namespace lintas::mrz {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;
using testing::UnorderedElementsAre;

std::string Of(absl::string_view name) {
  const auto text = Transliterate(name);
  return text.ok() ? *text : ErrorReason(text.status());
}

TEST(Transliterate, FollowsTheRulesForSigns) {
  EXPECT_EQ(Of("Ma'ruf"), "MARUF");
  EXPECT_EQ(Of("Ma\u2019ruf"), "MARUF");
  EXPECT_EQ(Of("Anna-Maria"), "ANNA<MARIA");
  EXPECT_EQ(Of("Martin, Jr."), "MARTIN<JR");
  EXPECT_EQ(Of("  van  der Muellen "), "VAN<DER<MUELLEN");
  EXPECT_EQ(Of("D'Artagnan / Smith"), "DARTAGNAN<SMITH");
  EXPECT_EQ(Of(""), "");
}

// Those that Unicode decomposition alone loses.
TEST(Transliterate, KnowsLettersThatDoNotDecompose) {
  EXPECT_EQ(Of("Łódź"), "LODZ");
  EXPECT_EQ(Of("Đoković"), "DOKOVIC");
  EXPECT_EQ(Of("Ørsted"), "OERSTED");
  EXPECT_EQ(Of("Ægir"), "AEGIR");
  EXPECT_EQ(Of("Strauß"), "STRAUSS");
  EXPECT_EQ(Of("Işık"), "ISIK");
  EXPECT_EQ(Of("þór"), "THOR");
  EXPECT_EQ(Of("ĸ"), "NO_TRANSLITERATION");
}

TEST(Transliterate, TakesTheFirstChoiceOfIcao) {
  EXPECT_EQ(Of("Müller"), "MUELLER");
  EXPECT_EQ(Of("Ångström"), "AANGSTROEM");
  EXPECT_EQ(Of("Muñoz"), "MUNOZ");
  EXPECT_EQ(Of("Jäger"), "JAEGER");
  // Composed or not, the same.
  EXPECT_EQ(Of("Mu\u0308ller"), "MUELLER");
}

TEST(Transliterate, StripsMarksThatTheTableDoesNotHold) { EXPECT_EQ(Of("Nguyễn Ơn"), "NGUYEN<ON"); }

TEST(Transliterate, GivesAllFormsThatAnIssuerMayChoose) {
  EXPECT_THAT(*TransliterateAll("Muñoz", 10), ElementsAre("MUNOZ", "MUNXXOZ"));
  EXPECT_THAT(*TransliterateAll("Müñ", 10),
              UnorderedElementsAre("MUEN", "MUXXN", "MUN", "MUENXX", "MUXXNXX", "MUNXX"));
  EXPECT_THAT(*TransliterateAll("ÜÜÜÜÜÜ", 16), SizeIs(16));
  EXPECT_EQ(TransliterateAll("ÜÜÜÜÜÜ", 16)->front(), "UEUEUEUEUEUE");
}

TEST(Transliterate, RefusesWhatHasNoForm) {
  EXPECT_EQ(Of("R2D2"), "DIGIT_IN_NAME");
  EXPECT_EQ(Of("ចាន់"), "NO_TRANSLITERATION");
  EXPECT_EQ(Of("Иван"), "NO_TRANSLITERATION");
  EXPECT_EQ(Of("\xff"), "NOT_UTF8");
}

TEST(IcaoForms, HoldBothCases) {
  EXPECT_THAT(IcaoForms(0x00DC), ElementsAre("UE", "UXX", "U"));
  EXPECT_THAT(IcaoForms(0x00FC), ElementsAre("UE", "UXX", "U"));
  EXPECT_THAT(IcaoForms(0x00D0), ElementsAre("D"));
  EXPECT_THAT(IcaoForms(0x00DF), ElementsAre("SS"));
  EXPECT_THAT(IcaoForms(0x1E9E), ElementsAre("SS"));
  EXPECT_THAT(IcaoForms('A'), IsEmpty());
}

// Each letter from U+00C0 to U+017E gives A to Z only.
TEST(IcaoForms, CoverLatin1AndLatinExtendedA) {
  int held = 0;
  for (char32_t point = 0xC0; point <= 0x17E; ++point) {
    for (const absl::string_view form : IcaoForms(point)) {
      ++held;
      for (const char c : form) EXPECT_TRUE(c >= 'A' && c <= 'Z') << point;
    }
  }
  EXPECT_GT(held, 180);
}

}  // namespace
}  // namespace lintas::mrz

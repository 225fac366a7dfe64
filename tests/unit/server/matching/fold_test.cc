#include "server/matching/fold.h"

#include <gtest/gtest.h>

#include <utility>

namespace lintas::matching {
namespace {

using WordPair = std::pair<const char*, const char*>;

TEST(FoldIndonesian, BringsOldAndArabicSpellingsToOneKey) {
  for (const auto& [a, b] :
       {WordPair{"SOEKARNO", "SUKARNO"}, WordPair{"TJAHJONO", "CAHYONO"}, WordPair{"DJOKO", "JOKO"},
        WordPair{"SJARIF", "SYARIF"}, WordPair{"NJOMAN", "NYOMAN"}, WordPair{"ACHMAD", "AHMAD"},
        WordPair{"CHAIRUL", "KHAIRUL"}, WordPair{"JUSUF", "YUSUF"}, WordPair{"WIDJAJA", "WIJAYA"},
        WordPair{"TAUFIQ", "TAUFIK"}, WordPair{"FITRI", "PITRI"}, WordPair{"ANISSA", "ANISA"},
        WordPair{"RIZKY", "RISKI"}, WordPair{"ZAENAL", "ZAINAL"}, WordPair{"SETYAWAN", "SETIAWAN"},
        WordPair{"FATIMAH", "FATIMA"}, WordPair{"RAMADHAN", "RAMADAN"},
        WordPair{"CHANDRA", "CANDRA"}}) {
    EXPECT_EQ(FoldIndonesian(a), FoldIndonesian(b)) << a << " " << b;
  }
}

TEST(FoldIndonesian, KeepsEndingsThatTellNamesApart) {
  for (const auto& [a, b] :
       {WordPair{"SUKARNO", "SUKARNI"}, WordPair{"EKO", "EKA"}, WordPair{"DWI", "DEWI"},
        WordPair{"SUSANTO", "SUSANTI"}, WordPair{"RINA", "RINI"}, WordPair{"BUDI", "BADU"}}) {
    EXPECT_NE(FoldIndonesian(a), FoldIndonesian(b)) << a << " " << b;
  }
}

TEST(FoldIndonesian, ModernKeepsJAndYApart) {
  EXPECT_NE(FoldIndonesianModern("JONO"), FoldIndonesianModern("YONO"));
  EXPECT_EQ(FoldIndonesianModern("DJONO"), FoldIndonesianModern("JONO"));
}

TEST(FoldKhmerLatin, BringsTheTablesSpellingsToOneKey) {
  for (const auto& [a, b] :
       {WordPair{"CHEA", "CHIA"}, WordPair{"LY", "LI"}, WordPair{"LY", "LEE"},
        WordPair{"VUTHY", "WUTHI"}, WordPair{"SEREY", "SEREI"}, WordPair{"SOVANN", "SOVAN"},
        WordPair{"CHHOEUN", "CHHEUN"}, WordPair{"SAEN", "SEN"}, WordPair{"KEO", "KAEV"},
        WordPair{"SARATH", "SARAT"}, WordPair{"NUON", "NUAN"}}) {
    EXPECT_EQ(FoldKhmerLatin(a), FoldKhmerLatin(b)) << a << " " << b;
  }
}

TEST(FoldKhmerLatin, OneLetterMatters) {
  for (const auto& [a, b] :
       {WordPair{"SOPHEA", "SOPHEAP"}, WordPair{"SOPHEAP", "SOPHAL"}, WordPair{"CHAN", "CHHAN"},
        WordPair{"SOKHA", "SOKHOM"}, WordPair{"VANNA", "VANNY"}}) {
    EXPECT_NE(FoldKhmerLatin(a), FoldKhmerLatin(b)) << a << " " << b;
  }
}

TEST(FoldIcao, TakesBothTransliterations) {
  EXPECT_EQ(FoldIcao("MUELLER"), FoldIcao("MULLER"));
  EXPECT_EQ(FoldIcao("MUXXLLER"), FoldIcao("MULLER"));
  EXPECT_EQ(FoldIcao("NUNXXEZ"), FoldIcao("NUNEZ"));
}

TEST(Fold, LeavesOtherScriptsAlone) {
  EXPECT_EQ(FoldIndonesian("សុខ"), "សុខ");
  EXPECT_EQ(FoldKhmerLatin("សុខ"), "សុខ");
  EXPECT_EQ(FoldIndonesian(""), "");
  EXPECT_EQ(Skeleton(""), "");
}

TEST(Skeleton, IgnoresVowelsAndVoice) { EXPECT_EQ(Skeleton("BUDI"), Skeleton("PATI")); }

}  // namespace
}  // namespace lintas::matching

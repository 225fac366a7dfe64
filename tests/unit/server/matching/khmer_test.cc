#include "server/matching/khmer.h"

#include <gtest/gtest.h>

#include <string>

#include "server/matching/fold.h"

namespace lintas::matching {
namespace {

TEST(OrderKhmer, TakesSignsInAnyOrder) {
  // KA, coeng RO, coeng NGO and vowel AA, in two orders: RO goes last.
  EXPECT_EQ(OrderKhmer("\u1780\u17d2\u179a\u17d2\u1784\u17b6"),
            OrderKhmer("\u1780\u17d2\u1784\u17d2\u179a\u17b6"));
  // The register shifter before or behind the vowel.
  EXPECT_EQ(OrderKhmer("\u179f\u17bb\u17ca"), OrderKhmer("\u179f\u17ca\u17bb"));
  // E and AA typed one by one.
  EXPECT_EQ(OrderKhmer("\u179f\u17c1\u17b6"), "\u179f\u17c4");
  // Subscript DA and TA look the same.
  EXPECT_EQ(OrderKhmer("\u179f\u17b6\u1793\u17d2\u178a"),
            OrderKhmer("\u179f\u17b6\u1793\u17d2\u178f"));
}

TEST(OrderKhmer, IsStable) {
  for (const char* word : {"សុខ", "ចន្ទ្រា", "រិទ្ធ", "អ៊ុំ", "SOK", "", "\u17d2", "\u17b6\u17d2"}) {
    EXPECT_EQ(OrderKhmer(OrderKhmer(word)), OrderKhmer(word)) << word;
  }
}

TEST(KhmerLatinCost, TakesUsualSpellingsForNothing) {
  struct Case {
    const char* khmer;
    const char* latin;
  };
  for (const Case& each :
       {Case{"សុខ", "SOK"}, Case{"សោភា", "SOPHEA"}, Case{"សុភា", "SOPHEA"}, Case{"ដារា", "DARA"},
        Case{"ឆន", "CHAN"}, Case{"ចាន់", "CHAN"}, Case{"វណ្ណ", "VANN"}, Case{"វង្ស", "VONG"},
        Case{"សុខា", "SOKHA"}, Case{"មេត្តា", "METTA"}, Case{"អ៊ុំ", "UM"}, Case{"លី", "LY"}}) {
    EXPECT_LE(KhmerLatinCost(each.khmer, each.latin, 4), 1) << each.khmer << " " << each.latin;
  }
}

TEST(KhmerLatinCost, RefusesNeighbouringNames) {
  EXPECT_GT(KhmerLatinCost("សោភា", "SOPHEAP", 3), 3);
  EXPECT_GT(KhmerLatinCost("សោភា", "SOPHAL", 3), 3);
  EXPECT_GT(KhmerLatinCost("សុខ", "SAM", 3), 3);
}

TEST(KhmerLatinCost, IsCapped) {
  EXPECT_EQ(KhmerLatinCost("សុខ", std::string(200, 'A'), 3), 4);
  EXPECT_EQ(KhmerLatinCost("", "", 3), 0);
  EXPECT_EQ(KhmerLatinCost("", "A", 3), 4);
}

TEST(RomaniseKhmer, SharesALooseKeyWithPeoplesSpellings) {
  EXPECT_EQ(FoldKhmerLatinLoose(RomaniseKhmer("សុខ")), FoldKhmerLatinLoose("SOK"));
  EXPECT_EQ(FoldKhmerLatinLoose(RomaniseKhmer("លី")), FoldKhmerLatinLoose("LY"));
  EXPECT_EQ(FoldKhmerLatinLoose(RomaniseKhmer("សោភា")), FoldKhmerLatinLoose("SOPHEA"));
}

}  // namespace
}  // namespace lintas::matching

#include "client/sample/spelling.h"

#include <string>

#include "client/sample/reference/lists.h"
#include "gtest/gtest.h"

namespace lintas::sample {
namespace {

TEST(Spelling, WritesOldLettersAndKeepsCapitals) {
  EXPECT_EQ(OldSpelling("Sucipto"), "Soetjipto");
  EXPECT_EQ(OldSpelling("Joko"), "Djoko");
  EXPECT_EQ(OldSpelling("Cahyono"), "Tjahyono");
  EXPECT_EQ(OldSpelling("Umar"), "Oemar");
  EXPECT_EQ(OldSpelling("Dewi"), "Dewi");
}

TEST(Spelling, ComesBackToTheModernForm) {
  for (absl::string_view name : {"Sucipto", "Joko", "Cahyono", "Umar", "Dewi"}) {
    EXPECT_EQ(ModernSpelling(OldSpelling(name)), name);
  }
}

TEST(Spelling, RomanisesEveryKhmerNameInAnotherWay) {
  for (const KhmerName& name : KhmerSurnames()) {
    for (uint64_t seed = 0; seed < 20; ++seed) {
      Draw draw({seed, 1, Draw::Subject::kWriting});
      EXPECT_NE(OtherRomanisation(name.roman, &draw), std::string(name.roman));
    }
  }
}

TEST(Spelling, AlwaysChangesAMistypedNameByOneSlip) {
  for (absl::string_view name : {"A", "Yi", "Aaa", "Sok", "Muhammad Budi"}) {
    for (uint64_t seed = 0; seed < 200; ++seed) {
      Draw draw({seed, 1, Draw::Subject::kWriting});
      const std::string typo = WithTypo(name, &draw);
      ASSERT_NE(typo, std::string(name));
      ASSERT_LE(typo.size(), name.size() + 1);
      ASSERT_GE(typo.size() + 1, name.size());
      ASSERT_EQ(typo[0], name[0]);
    }
  }
}

}  // namespace
}  // namespace lintas::sample

#include "certs/fingerprint_words.h"

#include <gtest/gtest.h>

namespace lintas {
namespace {

TEST(FingerprintWords, SpellsTheFirst80BitsInBase32) {
  Hash digest;
  // "foobarba" and two more bytes: MZXW6YTBOJRGC of RFC 4648, section 10, and on.
  const std::string bytes = "foobarba\0\0";
  for (size_t i = 0; i < 8; ++i) digest.bytes[i] = static_cast<uint8_t>(bytes[i]);
  EXPECT_EQ(FingerprintWords(digest),
            "mike zulu xray whiskey  six yankee tango bravo  oscar juliett romeo golf  "
            "charlie alfa alfa alfa");
}

TEST(FingerprintWords, ChangesWithEveryOneOfThe80Bits) {
  const Hash zero;
  for (size_t bit = 0; bit < 80; ++bit) {
    Hash digest;
    digest.bytes[bit / 8] = static_cast<uint8_t>(1u << (7 - bit % 8));
    EXPECT_FALSE(SameWords(FingerprintWords(zero), FingerprintWords(digest))) << bit;
  }
}

TEST(FingerprintWords, HearsCaseSpacesAndCommasAsTheSame) {
  EXPECT_TRUE(SameWords("alfa bravo  two", " Alfa,BRAVO\ntwo "));
  EXPECT_FALSE(SameWords("alfa bravo  two", "alfa two bravo"));
  EXPECT_FALSE(SameWords("alfa bravo  two", "alfa bravo"));
  EXPECT_FALSE(SameWords("alfa", ""));
}

}  // namespace
}  // namespace lintas

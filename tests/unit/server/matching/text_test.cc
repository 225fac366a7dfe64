#include "server/matching/text.h"

#include <gtest/gtest.h>

#include <string>

namespace lintas::matching {
namespace {

TEST(CheckText, TakesPlainTextOfAllLengths) {
  for (size_t size = 0; size < 40; ++size) {
    EXPECT_EQ(CheckText(std::string(size, 'a')), TextFault::kNone) << size;
  }
  EXPECT_EQ(CheckText("សុខ José \xf0\x9f\x99\x82 ~!"), TextFault::kNone);
}

TEST(CheckText, FindsAControlSignAtEveryPlace) {
  for (const char sign : {'\0', '\n', '\t', '\x1f', '\x7f'}) {
    for (size_t at = 0; at < 20; ++at) {
      std::string text(20, 'a');
      text[at] = sign;
      EXPECT_EQ(CheckText(text), TextFault::kControlCharacter) << int{sign} << " at " << at;
    }
  }
}

TEST(CheckText, FindsSignsThatTurnTheDirection) {
  for (const char* text : {"\u0085", "\u202e", "\u202a", "\u2066", "\u2069"}) {
    EXPECT_EQ(CheckText(text), TextFault::kControlCharacter);
  }
  EXPECT_EQ(CheckText("\u200b\u2065\u202f"), TextFault::kNone);
}

TEST(CheckText, RefusesWhatIsNotUtf8) {
  for (const char* text :
       {"\x80", "\xc0\x80", "\xc1\xbf", "\xe0\x80\x80", "\xed\xa0\x80", "\xf0\x80\x80\x80",
        "\xf4\x90\x80\x80", "\xf5\x80\x80\x80", "\xff", "\xe1\x9e", "abcdefgh\xe1", "\n\xff"}) {
    EXPECT_EQ(CheckText(text), TextFault::kNotUtf8) << text;
  }
}

TEST(NextCodePoint, WalksThroughBadBytes) {
  const std::string text = "a\xff\xe1\x9e\x80";
  size_t at = 0;
  EXPECT_EQ(NextCodePoint(text, &at), 'a');
  EXPECT_EQ(NextCodePoint(text, &at), -1);
  EXPECT_EQ(NextCodePoint(text, &at), 0x1780);
  EXPECT_EQ(at, text.size());
}

}  // namespace
}  // namespace lintas::matching

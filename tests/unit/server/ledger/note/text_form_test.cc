#include "server/ledger/note/text_form.h"

#include <gtest/gtest.h>

#include <string>

namespace lintas::note {
namespace {

TEST(ParseDecimal, TakesOnlyTheShortForm) {
  EXPECT_EQ(*ParseDecimal("0"), 0u);
  EXPECT_EQ(*ParseDecimal("20852163"), 20852163u);
  EXPECT_EQ(*ParseDecimal("9223372036854775807"), 9223372036854775807u);
  for (const char* text :
       {"", "00", "01", "+1", "-1", " 1", "1 ", "1\n", "0x1", "1e3", "a", "9223372036854775808",
        "18446744073709551616", "99999999999999999999999"}) {
    EXPECT_FALSE(ParseDecimal(text).ok()) << text;
  }
}

TEST(ParseBase64, TakesOnlyTheFormThatItGives) {
  EXPECT_EQ(*ParseBase64(""), "");
  EXPECT_EQ(*ParseBase64("QQ=="), "A");
  EXPECT_EQ(*ParseBase64("QUI="), "AB");
  EXPECT_EQ(*ParseBase64("QUJD"), "ABC");
  // Stray low bits, missing or extra padding, spaces, and the alphabet for URLs.
  for (const char* text : {"QR==", "QUJ=", "QQ", "QQ=", "QQ===", "QUJD=", "Q Q==", "QQ==\n",
                           "\nQQ==", "_-8=", "QUI.", "=", "===="}) {
    EXPECT_FALSE(ParseBase64(text).ok()) << text;
  }
}

TEST(ParseHash, Takes32Bytes) {
  EXPECT_TRUE(ParseHash("CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=").ok());
  EXPECT_FALSE(ParseHash("QUJD").ok());
  EXPECT_FALSE(ParseHash("").ok());
}

TEST(IsNoteText, RefusesControlCharactersAndBadUtf8) {
  EXPECT_TRUE(IsNoteText(""));
  EXPECT_TRUE(IsNoteText("ed è subito sera\n"));
  EXPECT_TRUE(IsNoteText("\xF0\x9F\x98\x80 \xED\x9F\xBF \xEE\x80\x80 \xF4\x8F\xBF\xBF \x7F"));
  const std::string bad[] = {"\t",
                             "\r\n",
                             std::string(1, '\0'),
                             "\x1F",
                             "\x80",
                             "\xC3",
                             "\xC0\x80",  // U+0000 in two bytes.
                             "\xC1\xBF",
                             "\xE0\x80\xAF",
                             "\xF0\x80\x80\xAF",
                             "\xED\xA0\x80",      // A surrogate.
                             "\xF4\x90\x80\x80",  // Beyond U+10FFFF.
                             "\xF5\x80\x80\x80",
                             "\xFF",
                             "\xE2\x80",
                             "\xE2\x28\xA1"};
  for (const std::string& text : bad) EXPECT_FALSE(IsNoteText(text)) << text;
}

TEST(IsKeyName, RefusesSpacesAndPlus) {
  EXPECT_TRUE(IsKeyName("lintas.example/idn-khm/exchange/1"));
  EXPECT_TRUE(IsKeyName("è"));
  for (const char* name : {"", "a b", "a+b", "a\tb", "a\nb",
                           "a\xC2\xA0"
                           "b",
                           "a\xE2\x80\x83"
                           "b",
                           "a\xE3\x80\x80"
                           "b",
                           "a\xC2\x85"
                           "b",
                           "a\x01"
                           "b",
                           "\xFF"}) {
    EXPECT_FALSE(IsKeyName(name)) << name;
  }
}

}  // namespace
}  // namespace lintas::note

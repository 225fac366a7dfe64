#include "server/matching/mrz/generation.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <random>

#include "absl/strings/str_cat.h"
#include "server/base/error.h"
#include "server/matching/mrz/reading.h"
#include "server/matching/mrz/repair.h"

namespace lintas::mrz {
namespace {

using absl::string_view;
using testing::Contains;
using testing::ElementsAre;

constexpr matching::CivilDate kToday = {2026, 11, 24};

Content Eriksson(Format format) {
  Content content;
  content.format = format;
  content.document_code = "I";
  if (format == Format::kTd3) content.document_code = "P";
  if (format == Format::kMrvA || format == Format::kMrvB) content.document_code = "V";
  content.issuing_state = "UTO";
  content.nationality = "UTO";
  content.primary_identifier = "Eriksson";
  content.secondary_identifier = "Anna Maria";
  content.document_number = "D23145890";
  content.birth_date = {1974, 8, 12};
  content.expiry_date = {2012, 4, 15};
  content.sex = 'F';
  return content;
}

std::vector<std::string> RulesOf(const Content& content) {
  std::vector<std::string> rules;
  for (const FieldViolation& one : FieldViolations(Generate(content).status())) {
    rules.push_back(absl::StrCat(one.field, " ", one.rule));
  }
  return rules;
}

// The specimens of ICAO Doc 9303-4 to -7.
TEST(Generate, WritesTheSpecimensOfIcao) {
  Content passport = Eriksson(Format::kTd3);
  passport.document_number = "L898902C3";
  passport.optional_data = "ZE184226B";
  EXPECT_THAT(*Generate(passport), ElementsAre("P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<",
                                               "L898902C36UTO7408122F1204159ZE184226B<<<<<10"));
  EXPECT_THAT(
      *Generate(Eriksson(Format::kTd2)),
      ElementsAre("I<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<", "D231458907UTO7408122F1204159<<<<<<<6"));
  EXPECT_THAT(*Generate(Eriksson(Format::kTd1)),
              ElementsAre("I<UTOD231458907<<<<<<<<<<<<<<<", "7408122F1204159UTO<<<<<<<<<<<6",
                          "ERIKSSON<<ANNA<MARIA<<<<<<<<<<"));
  Content visa = Eriksson(Format::kMrvA);
  visa.document_number = "L8988901C";
  visa.nationality = "XXX";
  visa.birth_date = {1940, 9, 7};
  visa.expiry_date = {1996, 12, 10};
  visa.optional_data = "6ZE184226B";
  EXPECT_THAT(*Generate(visa), ElementsAre("V<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<",
                                           "L8988901C4XXX4009078F96121096ZE184226B<<<<<<"));
}

TEST(Generate, WritesLongNumbersOnCards) {
  Content card = Eriksson(Format::kTd1);
  card.primary_identifier = "Stevenson";
  card.secondary_identifier = "Peter John";
  card.document_number = "D23145890734";
  card.birth_date = {1934, 7, 12};
  card.expiry_date = {1995, 7, 12};
  card.sex = 'M';
  // Doc 9303-11 appendix D.
  EXPECT_THAT(*Generate(card),
              ElementsAre("I<UTOD23145890<7349<<<<<<<<<<<", "3407127M9507122UTO<<<<<<<<<<<2",
                          "STEVENSON<<PETER<JOHN<<<<<<<<<"));
  card.format = Format::kTd2;
  EXPECT_EQ((*Generate(card))[1], "D23145890<UTO3407127M95071227349<<<8");
  Content passport = Eriksson(Format::kTd3);
  passport.document_number = "D23145890734";
  EXPECT_THAT(RulesOf(passport), ElementsAre("document_number TOO_LONG"));
}

TEST(Generate, ClosesAnEmptyOptionalFieldBothWays) {
  Content passport = Eriksson(Format::kTd3);
  EXPECT_EQ((*Generate(passport))[1][42], '<');
  passport.empty_optional_check_digit = '0';
  EXPECT_EQ((*Generate(passport))[1][42], '0');
}

TEST(Generate, RefusesWhatDoesNotFitAllAtOnce) {
  Content content = Eriksson(Format::kTd3);
  content.document_code = "I";
  content.issuing_state = "PID";
  content.primary_identifier = "";
  content.document_number = "";
  content.sex = 'X';
  content.expiry_date = {2012, 2, 30};
  EXPECT_THAT(RulesOf(content),
              ElementsAre("document_code DOCUMENT_CODE", "issuing_state UNKNOWN_STATE",
                          "primary_identifier REQUIRED", "document_number REQUIRED",
                          "expiry_date NOT_A_DATE", "sex NOT_A_SEX"));
  content = Eriksson(Format::kTd3);
  content.secondary_identifier = "ចាន់";
  content.optional_data = std::string(15, 'A');
  EXPECT_THAT(RulesOf(content),
              ElementsAre("secondary_identifier NO_TRANSLITERATION", "optional_data TOO_LONG"));
}

TEST(NameField, PadsWhatFits) {
  EXPECT_EQ(NameField("ERIKSSON", "ANNA<MARIA", 30), "ERIKSSON<<ANNA<MARIA<<<<<<<<<<");
  EXPECT_EQ(NameField("ARKFREITH", "", 30), "ARKFREITH<<<<<<<<<<<<<<<<<<<<<");
}

TEST(NameField, EndsOnALetterWhenCut) {
  for (size_t size = 10; size <= 39; ++size) {
    const std::string field =
        NameField("NILAVADHANANANDA<SRI", "CHAYAPA<DEJTHAMRONG<KRASUANG", size);
    EXPECT_EQ(field.size(), size);
    EXPECT_NE(field.back(), '<') << field;
    EXPECT_NE(field.find("<<"), std::string::npos) << field;
    EXPECT_EQ(field.substr(0, 4), "NILA") << field;
  }
}

TEST(NameField, KeepsALetterOfTheSecondaryIdentifier) {
  const std::string field = NameField(std::string(60, 'A'), "DEWI", 39);
  EXPECT_EQ(field, std::string(36, 'A') + "<<D");
}

TEST(NameField, CutsASingleNameToItsField) {
  EXPECT_EQ(NameField("ABCDEFGHIJ<KLMNOPQ", "", 11), "ABCDEFGHI<K");
}

// Draws contents that the zone can hold.
class Draw {
 public:
  explicit Draw(uint32_t seed) : engine_(seed) {}
  size_t Below(size_t end) { return engine_() % end; }
  std::string Signs(string_view alphabet, size_t size) {
    std::string signs;
    for (size_t i = 0; i < size; ++i) signs += alphabet[Below(alphabet.size())];
    return signs;
  }
  std::string Word() { return Signs("ABCDEFGHIJKLMNOPQRSTUVWXYZ", 1 + Below(12)); }
  Content Next() {
    constexpr Format kFormats[] = {Format::kTd1, Format::kTd2, Format::kTd3, Format::kMrvA,
                                   Format::kMrvB};
    constexpr const char* kStates[] = {"IDN", "KHM", "D", "UNO", "GBN", "UTO", "THA"};
    constexpr string_view kSigns = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";
    Content content = Eriksson(kFormats[Below(5)]);
    content.issuing_state = kStates[Below(7)];
    content.nationality = kStates[Below(7)];
    content.primary_identifier = Word();
    content.secondary_identifier = Below(4) == 0 ? "" : absl::StrCat(Word(), " ", Word());
    const bool card = content.format == Format::kTd1 || content.format == Format::kTd2;
    content.document_number = Signs(kSigns, card ? 1 + Below(14) : 1 + Below(9));
    if (content.document_number.size() <= 9) {
      content.optional_data = Signs(kSigns, Below(8));
    }
    content.birth_date = {1930 + static_cast<int>(Below(96)), static_cast<int>(Below(13)), 0};
    if (content.birth_date.month != 0) content.birth_date.day = static_cast<int>(Below(29));
    content.expiry_date = {2000 + static_cast<int>(Below(36)), 1 + static_cast<int>(Below(12)),
                           1 + static_cast<int>(Below(28))};
    content.sex = "MF<"[Below(3)];
    content.empty_optional_check_digit = "<0"[Below(2)];
    return content;
  }

 private:
  std::mt19937 engine_;
};

// Whatever is written is read back as it was.
TEST(Generate, IsReadBack) {
  Draw draw(20261124);
  for (int i = 0; i < 20'000; ++i) {
    const Content content = draw.Next();
    const auto lines = Generate(content);
    ASSERT_TRUE(lines.ok()) << lines.status() << " " << i;
    const Reading reading = Read({lines->begin(), lines->end()}, kToday);
    ASSERT_TRUE(reading.valid()) << (*lines)[0] << "\n" << (*lines)[1];
    EXPECT_EQ(reading.format, content.format);
    EXPECT_EQ(reading.document_number, content.document_number) << (*lines)[0];
    EXPECT_EQ(reading.issuing_state, content.issuing_state);
    EXPECT_EQ(reading.nationality, content.nationality);
    EXPECT_EQ(reading.primary_identifier, content.primary_identifier);
    if (!reading.names_may_be_truncated) {
      EXPECT_EQ(reading.secondary_identifier, content.secondary_identifier);
    }
    EXPECT_EQ(reading.optional_data, content.optional_data);
    EXPECT_EQ(reading.sex, content.sex);
    EXPECT_EQ(reading.expiry_date, matching::FormatPartialDate(content.expiry_date));
    EXPECT_EQ(reading.birth_date, matching::FormatPartialDate(content.birth_date));
  }
}

// One changed sign under a check digit is found, unless it is one that the digit cannot tell.
TEST(Generate, GuardsEveryCoveredSign) {
  Draw draw(7);
  for (int i = 0; i < 2'000; ++i) {
    Content content = draw.Next();
    const auto lines = Generate(content);
    ASSERT_TRUE(lines.ok());
    const Layout& layout = LayoutOf(content.format);
    const Place* number = layout.Find(Field::kDocumentNumber);
    std::vector<std::string> changed = *lines;
    char& sign = changed[number->line][number->begin];
    const char before = sign;
    sign = before == '7' ? '8' : '7';
    if (CheckDigitOf(string_view(&sign, 1)) == CheckDigitOf(string_view(&before, 1))) continue;
    const Reading reading = Read({changed.begin(), changed.end()}, kToday);
    bool told = false;
    for (const Finding& one : reading.errors) told = told || one.field == Field::kDocumentNumber;
    // A long number has two good digits, so one change in ten may pass as the other form.
    EXPECT_TRUE(told || content.document_number.size() > 9) << changed[0];
  }
}

// A look-alike where only one class may stand is always suggested back.
TEST(Suggest, RestoresMisreadDates) {
  Draw draw(99);
  for (int i = 0; i < 2'000; ++i) {
    Content content = draw.Next();
    content.expiry_date = {2030, 10, 15};
    const auto lines = Generate(content);
    ASSERT_TRUE(lines.ok());
    const Place* expiry = LayoutOf(content.format).Find(Field::kExpiryDate);
    std::vector<std::string> misread = *lines;
    std::string& line = misread[expiry->line];
    for (size_t at = expiry->begin; at < size_t{expiry->begin} + 6; ++at) {
      if (line[at] == '0') line[at] = 'O';
      if (line[at] == '1') line[at] = 'I';
      if (line[at] == '5') line[at] = 'S';
    }
    const auto suggestions = Suggest(Read({misread.begin(), misread.end()}, kToday), kToday);
    ASSERT_EQ(suggestions.size(), 1u);
    EXPECT_EQ(suggestions[0].lines, *lines);
    EXPECT_TRUE(suggestions[0].valid);
  }
}

}  // namespace
}  // namespace lintas::mrz

#include "server/matching/mrz/repair.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "absl/strings/str_cat.h"

namespace lintas::mrz {
namespace {

using absl::string_view;
using testing::IsEmpty;
using testing::SizeIs;

constexpr matching::CivilDate kToday = {2026, 11, 24};
constexpr char kLine1[] = "P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<";
constexpr char kLine2[] = "L898902C36UTO7408122F1204159ZE184226B<<<<<10";

std::vector<Suggestion> SuggestFor(const std::vector<string_view>& lines) {
  return Suggest(Read(lines, kToday), kToday);
}

std::vector<std::string> ChangesOf(const Suggestion& suggestion) {
  std::vector<std::string> texts;
  for (const Change& one : suggestion.changes) {
    texts.push_back(absl::StrCat(FieldName(one.field), " ", one.line, ":", one.column, " ",
                                 std::string(1, one.from), ">", std::string(1, one.to)));
  }
  return texts;
}

TEST(Suggest, SaysNothingOfAValidZone) { EXPECT_THAT(SuggestFor({kLine1, kLine2}), IsEmpty()); }

TEST(Suggest, ExchangesLookAlikesWhereOneClassMustStand) {
  // github.com/cheminfo/mrz, td1.test.ts: a Swiss specimen with misread signs.
  const auto suggestions =
      SuggestFor({"IDCHEA1234567<6<<<<<<<<<<<<<<<", "75IOZ56M2009018CHE<<<<<<<<<<<8",
                  "5M1TH<<J0HN<AL8ERT<<<<<<<<<<<<"});
  ASSERT_THAT(suggestions, SizeIs(1));
  EXPECT_TRUE(suggestions[0].valid);
  EXPECT_THAT(suggestions[0].lines, testing::ElementsAre("IDCHEA1234567<6<<<<<<<<<<<<<<<",
                                                         "7510256M2009018CHE<<<<<<<<<<<8",
                                                         "SMITH<<JOHN<ALBERT<<<<<<<<<<<<"));
  EXPECT_THAT(
      ChangesOf(suggestions[0]),
      testing::ElementsAre("birth_date 2:3 I>1", "birth_date 2:4 O>0", "birth_date 2:5 Z>2",
                           "names 3:1 5>S", "names 3:3 1>I", "names 3:9 0>O", "names 3:15 8>B"));
}

TEST(Suggest, FindsEachPairInNumbersByTheCheckDigit) {
  // Each of the four pairs, in either direction.
  for (const string_view pair : {"O0", "0O", "I1", "1I", "B8", "8B", "S5", "5S"}) {
    std::string number = "X12A4C67Z";
    number[3] = pair[1];  // As it is; read as pair[0].
    std::string line =
        absl::StrCat(number, std::string(1, CheckDigitOf(number)), "IDN9001011F3412318<<<<<<<<");
    ASSERT_TRUE(Read({"V<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<", line}, kToday).valid());
    std::string misread = line;
    misread[3] = pair[0];
    const auto suggestions = SuggestFor({"V<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<", misread});
    ASSERT_THAT(suggestions, testing::Not(IsEmpty())) << pair;
    bool found = false;
    for (const Suggestion& one : suggestions) {
      EXPECT_TRUE(one.valid);
      found = found || one.lines[1] == line;
    }
    EXPECT_TRUE(found) << pair;
  }
}

TEST(Suggest, FindsTwoMisreadSignsInOneNumber) {
  // Two readings bear the digits: both are offered, and a person decides.
  const auto suggestions = SuggestFor({kLine1, "L89B9O2C36UTO7408122F1204159ZE184226B<<<<<10"});
  ASSERT_THAT(suggestions, SizeIs(2));
  bool found = false;
  for (const Suggestion& one : suggestions) {
    EXPECT_TRUE(one.valid);
    EXPECT_THAT(one.changes, SizeIs(2));
    found = found || one.lines[1] == kLine2;
  }
  EXPECT_TRUE(found);
}

TEST(Suggest, NeverChangesTheReading) {
  const Reading before = Read({kLine1, "L8989O2C36UTO7408122F1204159ZE184226B<<<<<10"}, kToday);
  EXPECT_THAT(Suggest(before, kToday), SizeIs(1));
  EXPECT_EQ(before.document_number, "L8989O2C3");
  EXPECT_FALSE(before.valid());
}

TEST(Suggest, OffersNothingThatTheCheckDigitsDoNotBear) {
  // A wrong digit without a look-alike.
  EXPECT_THAT(SuggestFor({kLine1, "L898972C36UTO7408122F1204159ZE184226C<<<<<10"}), IsEmpty());
}

TEST(Suggest, BringsLinesToUpperCaseAndLength) {
  const auto lower = SuggestFor({"p<utoeriksson<<anna<maria<<<<<<<<<<<<<<<<<<<", kLine2});
  ASSERT_THAT(lower, SizeIs(1));
  EXPECT_TRUE(lower[0].valid);
  EXPECT_TRUE(lower[0].reshaped);
  EXPECT_EQ(lower[0].lines[0], kLine1);
  const auto short_lines =
      SuggestFor({"P<UTOERIKSSON<<ANNA<MARIA<<<", "L898902C36UTO7408122F1204159ZE184226B<<<10"});
  ASSERT_THAT(short_lines, SizeIs(1));
  EXPECT_EQ(short_lines[0].lines[0], kLine1);
  EXPECT_EQ(short_lines[0].lines[1], kLine2);
  const auto long_line = SuggestFor({absl::StrCat(kLine1, "<<"), kLine2});
  ASSERT_THAT(long_line, SizeIs(1));
  EXPECT_EQ(long_line[0].lines[0], kLine1);
  const auto blanks = SuggestFor({kLine1, "L898902C36 UTO 7408122 F 1204159 ZE184226B<<<<<10"});
  ASSERT_THAT(blanks, SizeIs(1));
  EXPECT_EQ(blanks[0].lines[1], kLine2);
}

TEST(Suggest, CombinesLengthAndLookAlikes) {
  const auto suggestions =
      SuggestFor({"P<UT0ERIKSSON<<ANNA<MARIA<<<", "L8989O2C36UTO7408I22F1204159ZE184226B<<<10"});
  ASSERT_THAT(suggestions, SizeIs(1));
  EXPECT_EQ(suggestions[0].lines[0], kLine1);
  EXPECT_EQ(suggestions[0].lines[1], kLine2);
  EXPECT_THAT(suggestions[0].changes, SizeIs(3));
}

TEST(Suggest, SaysWhenOnlyPartIsMended) {
  // The name is mended; the wrong birth date has no look-alike.
  const auto suggestions = SuggestFor({"P<UT0ERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<",
                                       "L898902C36UTO7408132F1204159ZE184226B<<<<<10"});
  ASSERT_THAT(suggestions, SizeIs(1));
  EXPECT_FALSE(suggestions[0].valid);
  EXPECT_EQ(suggestions[0].lines[0], kLine1);
}

TEST(Suggest, LeavesHopelessInputAlone) {
  EXPECT_THAT(SuggestFor({}), IsEmpty());
  EXPECT_THAT(SuggestFor({"", ""}), IsEmpty());
  EXPECT_THAT(SuggestFor({std::string(500, 'A'), std::string(500, '1')}), IsEmpty());
}

}  // namespace
}  // namespace lintas::mrz

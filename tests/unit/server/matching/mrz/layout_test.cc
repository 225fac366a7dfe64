#include "server/matching/mrz/layout.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace lintas::mrz {
namespace {

constexpr Format kFormats[] = {Format::kTd1, Format::kTd2, Format::kTd3, Format::kMrvA,
                               Format::kMrvB};

TEST(Layouts, FillEveryLineWithoutGapOrOverlap) {
  for (const Format format : kFormats) {
    const Layout& layout = LayoutOf(format);
    EXPECT_EQ(layout.format, format);
    size_t line = 0, column = 0;
    for (const Place& place : layout.places) {
      if (column == layout.line_size) {
        ++line;
        column = 0;
      }
      EXPECT_EQ(place.line, line) << FieldName(place.field);
      EXPECT_EQ(place.begin, column) << FieldName(place.field);
      column += place.size;
      EXPECT_LE(column, layout.line_size);
    }
    EXPECT_EQ(line + 1, layout.line_count);
    EXPECT_EQ(column, layout.line_size);
  }
}

// ICAO Doc 9303-4, -5, -6, as positions from 1.
TEST(Layouts, CoverByTheCompositeWhatIcaoSays) {
  const auto covers = [](Format format, int line, int position) {
    for (const Stretch& stretch : LayoutOf(format).composite) {
      if (stretch.line == line - 1 && position > stretch.begin &&
          position <= stretch.begin + stretch.size) {
        return true;
      }
    }
    return false;
  };
  for (int i = 1; i <= 44; ++i) {
    EXPECT_EQ(covers(Format::kTd3, 2, i), i <= 10 || (i >= 14 && i <= 20) || (i >= 22 && i <= 43))
        << i;
  }
  for (int i = 1; i <= 36; ++i) {
    EXPECT_EQ(covers(Format::kTd2, 2, i), i <= 10 || (i >= 14 && i <= 20) || (i >= 22 && i <= 35))
        << i;
  }
  for (int i = 1; i <= 30; ++i) {
    EXPECT_EQ(covers(Format::kTd1, 1, i), i >= 6) << i;
    EXPECT_EQ(covers(Format::kTd1, 2, i), i <= 7 || (i >= 9 && i <= 15) || (i >= 19 && i <= 29))
        << i;
  }
  EXPECT_TRUE(LayoutOf(Format::kMrvA).composite.empty());
  EXPECT_TRUE(LayoutOf(Format::kMrvB).composite.empty());
}

TEST(Layouts, GiveNamesTheLengthsOfIcao) {
  EXPECT_EQ(LayoutOf(Format::kTd1).Find(Field::kNames)->size, 30);
  EXPECT_EQ(LayoutOf(Format::kTd2).Find(Field::kNames)->size, 31);
  EXPECT_EQ(LayoutOf(Format::kMrvB).Find(Field::kNames)->size, 31);
  EXPECT_EQ(LayoutOf(Format::kTd3).Find(Field::kNames)->size, 39);
  EXPECT_EQ(LayoutOf(Format::kMrvA).Find(Field::kNames)->size, 39);
}

// Doc 9303-3 section 4.9 and appendix A: the examples worked out there.
TEST(CheckDigit, FollowsTheExamplesOfIcao) {
  EXPECT_EQ(CheckDigitOf("520727"), '3');
  EXPECT_EQ(CheckDigitOf("AB2134<<<"), '5');
  EXPECT_EQ(CheckDigitOf("HA672242<6580254<9609084<<<<<<<<<<<<<<<"),
            CheckDigitOf("HA672242<6580254<9609084"));
  EXPECT_EQ(CheckDigitOf("D231458907<<<<<<<<<<<<<<<34071279507122<<<<<<<<<<"), '2');
  EXPECT_EQ(CheckDigitOf("HA672242<658022549601086<<<<<<<<<<<<<<0"), '8');
  EXPECT_EQ(CheckDigitOf(""), '0');
}

TEST(CheckDigit, MayBeFedInParts) {
  EXPECT_EQ(CheckDigit().Add("HA6").Add("").Add("72242<").digit(), CheckDigitOf("HA672242<"));
}

// What a check digit cannot tell: Doc 9303-3's own limits.
TEST(CheckDigit, CannotTellSomeSignsApart) {
  EXPECT_EQ(CheckDigitOf("A00000000"), CheckDigitOf("K00000000"));
  EXPECT_EQ(CheckDigitOf("A00000000"), CheckDigitOf("U00000000"));
  EXPECT_EQ(CheckDigitOf("A00000000"), CheckDigitOf("000000000"));
  EXPECT_EQ(CheckDigitOf("160000000"), CheckDigitOf("610000000"));
}

TEST(FormatOf, KnowsFiveFormatsByLengthAndV) {
  const std::string thirty(30, '<'), thirty_six(36, '<'), forty_four(44, '<');
  EXPECT_EQ(FormatOf({thirty, thirty, thirty}), Format::kTd1);
  EXPECT_EQ(FormatOf({thirty_six, thirty_six}), Format::kTd2);
  EXPECT_EQ(FormatOf({forty_four, forty_four}), Format::kTd3);
  EXPECT_EQ(FormatOf({"V" + thirty_six.substr(1), thirty_six}), Format::kMrvB);
  EXPECT_EQ(FormatOf({"V" + forty_four.substr(1), forty_four}), Format::kMrvA);
  EXPECT_EQ(FormatOf({forty_four, thirty_six}), Format::kUnknown);
  EXPECT_EQ(FormatOf({thirty, thirty}), Format::kUnknown);
  EXPECT_EQ(FormatOf({}), Format::kUnknown);
}

}  // namespace
}  // namespace lintas::mrz

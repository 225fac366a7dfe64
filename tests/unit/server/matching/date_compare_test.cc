#include "server/matching/date_compare.h"

#include <gtest/gtest.h>

namespace lintas::matching {
namespace {

TEST(LooseDate, ReadsWhatListsHold) {
  EXPECT_EQ(ReadLooseDate("19800517"), 19800517u);
  EXPECT_EQ(ReadLooseDate(" 1980-05-17 "), 19800517u);
  EXPECT_EQ(ReadLooseDate("17/05/1980"), 19800517u);
  EXPECT_EQ(ReadLooseDate("17.5.1980"), 19800517u);
  EXPECT_EQ(ReadLooseDate("05/17/1980"), 19800517u);
  EXPECT_EQ(ReadLooseDate("1980-05-17T00:00:00Z"), 19800517u);
  EXPECT_EQ(ReadLooseDate("1980"), 19800000u);
  EXPECT_EQ(ReadLooseDate("1980-05"), 19800500u);
  EXPECT_EQ(ReadLooseDate("1980XXXX"), 19800000u);
  EXPECT_EQ(ReadLooseDate("1980<<17"), 19800017u);
  // Damaged: no such month, still worth comparing.
  EXPECT_EQ(ReadLooseDate("19991399"), 19991399u);
}

TEST(LooseDate, GivesNoDateForAnythingElse) {
  for (const char* text : {"", " ", "-", "abc", "123", "198005171", "17/05/80", "1980-005-17"}) {
    EXPECT_EQ(ReadLooseDate(text), 0u) << text;
  }
}

TEST(CompareDates, NamesEachWayOfAgreeing) {
  EXPECT_EQ(CompareDates(19800517, 19800517), DateLevel::kSame);
  EXPECT_EQ(CompareDates(19800517, 0), DateLevel::kMissing);
  EXPECT_EQ(CompareDates(19800517, 19800000), DateLevel::kPart);
  EXPECT_EQ(CompareDates(19800517, 19800500), DateLevel::kPart);
  EXPECT_EQ(CompareDates(19800000, 19810517), DateLevel::kYearBeside);
  EXPECT_EQ(CompareDates(19800000, 19900517), DateLevel::kDifferent);
  EXPECT_EQ(CompareDates(19800512, 19801205), DateLevel::kSwapped);
  EXPECT_EQ(CompareDates(19800517, 19800511), DateLevel::kOneDigit);
  EXPECT_EQ(CompareDates(19800517, 19805017), DateLevel::kOneDigit);
  EXPECT_EQ(CompareDates(19991231, 20001231), DateLevel::kYearBeside);
  EXPECT_EQ(CompareDates(19800517, 19620517), DateLevel::kTwoParts);
  EXPECT_EQ(CompareDates(19800517, 19900518), DateLevel::kTwoDigits);
  EXPECT_EQ(CompareDates(19800517, 19620823), DateLevel::kDifferent);
}

TEST(CompareDates, DoesNotDependOnOrder) {
  const LooseDate dates[] = {0,        19800517, 19800500, 19801705, 19800000,
                             19810517, 20001231, 19991231, 19991399};
  for (const LooseDate a : dates) {
    for (const LooseDate b : dates) EXPECT_EQ(CompareDates(a, b), CompareDates(b, a));
  }
}

}  // namespace
}  // namespace lintas::matching

#include "client/status/list_rows.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <sstream>

#include "server/base/error.h"

namespace lintas::client {
namespace {

using testing::ElementsAre;

std::vector<std::vector<std::string>> All(const std::string& text) {
  std::istringstream in(text);
  auto rows = ListRows::Open(&in, {});
  EXPECT_TRUE(rows.ok()) << rows.status();
  std::vector<std::vector<std::string>> all;
  std::vector<std::string> cells;
  while (*rows->Next(&cells)) all.push_back(cells);
  return all;
}

absl::Status OpenError(const std::string& text,
                       const std::map<std::string, std::string>& columns = {}) {
  std::istringstream in(text);
  return ListRows::Open(&in, columns).status();
}

TEST(ListRows, ReadsQuotedCellsAndAllLineEnds) {
  EXPECT_THAT(
      All("passport,note\r\nX1,\"a, \"\"b\"\"\nc\"\r\n\nX2,\rX3,d"),
      ElementsAre(ElementsAre("X1", "a, \"b\"\nc"), ElementsAre("X2", ""), ElementsAre("X3", "d")));
}

TEST(ListRows, FillsMissingCellsAndDropsSurplusOnes) {
  EXPECT_THAT(All("passport,note\nX1\nX2,a,b\n"),
              ElementsAre(ElementsAre("X1", ""), ElementsAre("X2", "a")));
}

TEST(ListRows, KnowsColumnsByTheirUsualNames) {
  std::istringstream in(
      "\xef\xbb\xbfPassport Number,Issuer,NIK,Family Name,Given Name,DOB\n"
      "X1,IDN,317,SYNTHETICA,BUDI,1990-05-17\n");
  auto rows = ListRows::Open(&in, {});
  ASSERT_TRUE(rows.ok()) << rows.status();
  std::vector<std::string> cells;
  ASSERT_TRUE(*rows->Next(&cells));
  const auto person = rows->PersonOf(cells);
  EXPECT_EQ(person.document_number(), "X1");
  EXPECT_EQ(person.document_issuer(), "IDN");
  EXPECT_EQ(person.national_number(), "317");
  EXPECT_EQ(person.person_name(), "SYNTHETICA BUDI");
  EXPECT_EQ(person.birth_date(), "1990-05-17");
}

TEST(ListRows, TakesOtherNamesAsTheyAreMapped) {
  std::istringstream in("paspor,keterangan\nX1,\n");
  auto rows = ListRows::Open(&in, {{"passport", "paspor"}});
  ASSERT_TRUE(rows.ok()) << rows.status();
  std::vector<std::string> cells;
  ASSERT_TRUE(*rows->Next(&cells));
  EXPECT_EQ(rows->PersonOf(cells).document_number(), "X1");
  EXPECT_EQ(ErrorReason(OpenError("paspor\nX1\n", {{"passport", "passpor"}})), "MISSING_COLUMNS");
}

TEST(ListRows, RefusesAListThatNamesNobody) {
  EXPECT_EQ(ErrorReason(OpenError("name,note\nBudi,\n")), "MISSING_COLUMNS");
  EXPECT_EQ(ErrorReason(OpenError("")), "EMPTY_FILE");
  EXPECT_EQ(ErrorReason(OpenError("passport,\"note\nX1\n")), "MALFORMED_CSV");
  EXPECT_EQ(ErrorReason(OpenError("\"" + std::string(kListRowBytesMax + 1, 'x'))), "ROW_TOO_LONG");
}

}  // namespace
}  // namespace lintas::client

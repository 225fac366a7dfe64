#include "client/document/mrz_input.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <sstream>

#include "server/base/error.h"

namespace lintas::client {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

struct All {
  std::vector<MrzDocument> documents;
  absl::Status status;
};

All ReadAll(const std::string& text) {
  std::istringstream in(text);
  All all;
  uint64_t count = 0;
  all.status = ReadMrzDocuments(
      in, &count, [&](const MrzDocument& document) { all.documents.push_back(document); });
  EXPECT_EQ(count, all.documents.size());
  return all;
}

TEST(MrzInput, TakesBlocksApartByEmptyLines) {
  const All all = ReadAll("\n\nA\nB\n\n \t \nC\nD\nE\n");
  ASSERT_THAT(all.documents, SizeIs(2));
  EXPECT_THAT(all.documents[0].lines, ElementsAre("A", "B"));
  EXPECT_EQ(all.documents[0].position, 3u);
  EXPECT_EQ(all.documents[0].number, 1u);
  EXPECT_THAT(all.documents[1].lines, ElementsAre("C", "D", "E"));
  EXPECT_EQ(all.documents[1].position, 7u);
  EXPECT_EQ(all.documents[1].number, 2u);
}

TEST(MrzInput, TakesEveryLineEndAndAMissingOne) {
  EXPECT_THAT(ReadAll("A\r\nB\r\n\r\nC").documents, SizeIs(2));
  EXPECT_THAT(ReadAll("A\rB\r\rC\r").documents, SizeIs(2));
  EXPECT_THAT(ReadAll("\xEF\xBB\xBF"
                      "A\nB")
                  .documents[0]
                  .lines,
              ElementsAre("A", "B"));
}

TEST(MrzInput, TakesCsvByItsHeader) {
  const All all = ReadAll("id,line2,line1,line3\n1,B,A,\n2,D,C,E\n");
  ASSERT_THAT(all.documents, SizeIs(2));
  EXPECT_THAT(all.documents[0].lines, ElementsAre("A", "B"));
  EXPECT_EQ(all.documents[0].position, 1u);
  EXPECT_THAT(all.documents[1].lines, ElementsAre("C", "D", "E"));
}

TEST(MrzInput, TakesCsvOfOtherSeparatorsQuotesAndCases) {
  EXPECT_THAT(ReadAll("Line1;LINE2\nA;B\n").documents[0].lines, ElementsAre("A", "B"));
  EXPECT_THAT(ReadAll("line1\tline2\nA\tB\n").documents[0].lines, ElementsAre("A", "B"));
  EXPECT_THAT(ReadAll("\"line1\",\"line2\",note\r\n\"A\",\"B\",\"x,\ny\"\r\n").documents[0].lines,
              ElementsAre("A", "B"));
  EXPECT_THAT(ReadAll("\xEF\xBB\xBFline1,line2\nA,B").documents[0].lines, ElementsAre("A", "B"));
}

TEST(MrzInput, HandsOnRowsWithoutLinesSoThatNoneIsLost) {
  const All all = ReadAll("line1,line2,line3\n,,\nA,B,\n");
  ASSERT_THAT(all.documents, SizeIs(2));
  EXPECT_THAT(all.documents[0].lines, IsEmpty());
}

TEST(MrzInput, RefusesACsvWithoutASecondLine) {
  EXPECT_EQ(ErrorReason(ReadAll("line1,line3\nA,B\n").status), "MISSING_COLUMNS");
}

TEST(MrzInput, RefusesACsvWhoseQuotationIsNeverClosed) {
  const All all = ReadAll("line1,line2\nA,B\n\"C,D\nE,F\n");
  EXPECT_EQ(ErrorReason(all.status), "MALFORMED_CSV");
  EXPECT_THAT(all.documents, SizeIs(1));
  const std::string endless = "line1,line2\n\"" + std::string(3 << 20, 'A');
  EXPECT_EQ(ErrorReason(ReadAll(endless).status), "MALFORMED_CSV");
}

TEST(MrzInput, BoundsLinesAndTheirNumber) {
  const All all = ReadAll(std::string(100'000, 'A') + "\n" + std::string(100, '\n'));
  ASSERT_THAT(all.documents, SizeIs(1));
  EXPECT_EQ(all.documents[0].lines[0].size(), kMrzLineBytesMax);
  std::string many;
  for (int i = 0; i < 100; ++i) many += "A\n";
  EXPECT_THAT(ReadAll(many).documents[0].lines, SizeIs(kMrzLinesMax));
  const All csv = ReadAll("line1,line2\n" + std::string(100'000, 'A') + ",B\n");
  EXPECT_EQ(csv.documents[0].lines[0].size(), kMrzLineBytesMax);
}

TEST(MrzInput, TakesAnyBytes) {
  EXPECT_THAT(ReadAll("").documents, IsEmpty());
  const All all = ReadAll(std::string("\0\xff\x80\n\0", 5));
  EXPECT_TRUE(all.status.ok());
  EXPECT_THAT(all.documents, SizeIs(1));
}

// A document may lie across the pieces that the stream is read in.
TEST(MrzInput, KeepsDocumentsWholeAcrossPieces) {
  std::string text;
  for (int i = 0; i < 5'000; ++i) text += "P<UTOERIKSSON\nL898902C36UTO\n\n";
  const All all = ReadAll(text);
  ASSERT_THAT(all.documents, SizeIs(5'000));
  for (const MrzDocument& one : all.documents) {
    ASSERT_THAT(one.lines, ElementsAre("P<UTOERIKSSON", "L898902C36UTO"));
  }
}

}  // namespace
}  // namespace lintas::client

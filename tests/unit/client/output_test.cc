#include "client/output.h"

#include <gtest/gtest.h>

#include "lintas/node/v1/node.pb.h"

namespace lintas::client {
namespace {

TEST(Table, AlignsColumnsByWhatIsSeen) {
  Table table({"name", "rev"});
  table.Add({"é", "1"});
  table.Add({"abcdef", "22"});
  EXPECT_EQ(table.Text(), "NAME    REV\né       1\nabcdef  22\n");
}

TEST(Table, LetsNoRecordWriteToTheTerminal) {
  Table table({"a"});
  table.Add({"x\x1b[2Jy\n\xc2\x9bz"});
  EXPECT_EQ(table.Text(), "A\nx?[2Jy??z\n");
}

TEST(Table, LeavesNoBlanksAtTheEndOfALine) {
  Table table({"a", "b"});
  table.Add({"x", ""});
  EXPECT_EQ(table.Text(), "A  B\nx\n");
}

TEST(Csv, QuotesAsTheStandardSays) {
  Table table({"a", "b"});
  table.Add({"x,y", "say \"hi\""});
  table.Add({"two\nlines", "plain"});
  EXPECT_EQ(table.Csv(), "a,b\r\n\"x,y\",\"say \"\"hi\"\"\"\r\n\"two\nlines\",plain\r\n");
}

TEST(Json, KeepsTheNamesOfTheProto) {
  node::v1::NodeStatus status;
  status.set_agreement_version(2);
  EXPECT_NE(Json(status).find("\"agreement_version\": 2"), std::string::npos);
}

TEST(Numbers, AreGroupedByThousands) {
  EXPECT_EQ(Thousands(0), "0");
  EXPECT_EQ(Thousands(999), "999");
  EXPECT_EQ(Thousands(1000), "1,000");
  EXPECT_EQ(Thousands(1234567), "1,234,567");
}

TEST(Span, UsesTheBiggestUnitsThatSaySomething) {
  EXPECT_EQ(Span(absl::Milliseconds(420)), "0.4 s");
  EXPECT_EQ(Span(absl::Seconds(59)), "59 s");
  EXPECT_EQ(Span(absl::Minutes(4)), "4 min");
  EXPECT_EQ(Span(absl::Minutes(190)), "3 h 10 min");
  EXPECT_EQ(Span(absl::Hours(74)), "3 d 2 h");
  EXPECT_EQ(Span(-absl::Hours(1)), "0.0 s");
}

}  // namespace
}  // namespace lintas::client

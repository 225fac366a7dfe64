#include "client/match/csv_table.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace lintas::client {
namespace {

using testing::ElementsAre;

TEST(CsvTable, DropsBlanksAroundNamesAndCells) {
  const auto table = CsvTable::Parse("rec_id, given_name , surname\nrec-1-org,  budi , \n");
  ASSERT_TRUE(table.ok());
  EXPECT_THAT(table->header(), ElementsAre("rec_id", "given_name", "surname"));
  EXPECT_EQ(table->ColumnOf(" Given_Name "), 1);
  EXPECT_EQ(table->ColumnOf("dob"), -1);
  EXPECT_EQ(table->Cell(0, 1), "budi");
  EXPECT_EQ(table->Cell(0, 2), "");
}

TEST(CsvTable, ReadsQuotedCells) {
  const auto table = CsvTable::Parse(
      "\xef\xbb\xbf"
      "a,b\r\n\"x, \"\"y\"\"\r\nz\",2\r\n\r\n3,4,5\r\n6\r\n");
  ASSERT_TRUE(table.ok());
  ASSERT_EQ(table->row_count(), 3u);
  EXPECT_EQ(table->Cell(0, 0), "x, \"y\"\r\nz");
  EXPECT_EQ(table->Cell(0, 1), "2");
  EXPECT_EQ(table->Cell(1, 1), "4");
  EXPECT_EQ(table->Cell(2, 1), "");
}

TEST(CsvTable, TakesOtherSeparators) {
  const auto semicolons = CsvTable::Parse("a;b\n1;2\n");
  ASSERT_TRUE(semicolons.ok());
  EXPECT_EQ(semicolons->Cell(0, 1), "2");
  const auto tabs = CsvTable::Parse("a\tb\n1\t\n");
  ASSERT_TRUE(tabs.ok());
  EXPECT_EQ(tabs->header().size(), 2u);
  EXPECT_EQ(tabs->Cell(0, 1), "");
}

TEST(CsvTable, RefusesWhatIsNoTable) {
  EXPECT_FALSE(CsvTable::Parse("").ok());
  EXPECT_FALSE(CsvTable::Parse("\n\n").ok());
  EXPECT_FALSE(CsvTable::Parse("a,b\n\"open,2\n").ok());
  EXPECT_FALSE(CsvTable::Read("/no/such/file.csv").ok());
}

TEST(CsvTable, RefusesAFolder) {
  EXPECT_EQ(CsvTable::Read("/tmp").status().code(), absl::StatusCode::kInvalidArgument);
}

}  // namespace
}  // namespace lintas::client

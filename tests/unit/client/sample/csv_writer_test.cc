#include "client/sample/csv_writer.h"

#include <fstream>
#include <iterator>
#include <string>

#include "gtest/gtest.h"

namespace lintas::sample {
namespace {

std::string Content(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return std::string(std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>());
}

// The file that one row with `fields` gives under the header `a`.
std::string Written(const std::string& name, const std::vector<std::string>& fields) {
  const std::string path = testing::TempDir() + name;
  auto writer = CsvWriter::Open(path, {"a"});
  EXPECT_TRUE(writer.ok());
  Row row;
  for (const std::string& field : fields) row.Add(field);
  (*writer)->Write(row);
  EXPECT_TRUE((*writer)->Close().ok());
  return Content(path);
}

TEST(CsvWriter, LeavesPlainFieldsBare) {
  EXPECT_EQ(Written("plain.csv", {"x", "", "1990-00-00", "ដារា"}), "a\nx,,1990-00-00,ដារា\n");
}

TEST(CsvWriter, QuotesCommasQuotationMarksAndLineBreaks) {
  EXPECT_EQ(Written("quoted.csv", {"a,b", "say \"x\"", "one\ntwo", "\r"}),
            "a\n\"a,b\",\"say \"\"x\"\"\",\"one\ntwo\",\"\r\"\n");
}

TEST(CsvWriter, CountsLinesFromTheHeader) {
  auto writer = CsvWriter::Open(testing::TempDir() + "lines.csv", {"a"});
  ASSERT_TRUE(writer.ok());
  EXPECT_EQ((*writer)->next_line(), 2u);
  Row row;
  row.Add("x");
  (*writer)->Write(row);
  EXPECT_EQ((*writer)->next_line(), 3u);
  EXPECT_TRUE((*writer)->Close().ok());
}

TEST(CsvWriter, WritesMoreThanItsBuffer) {
  const std::string path = testing::TempDir() + "large.csv";
  auto writer = CsvWriter::Open(path, {"a"});
  ASSERT_TRUE(writer.ok());
  Row row;
  row.Add(std::string(999, 'x'));
  for (int i = 0; i < 1000; ++i) (*writer)->Write(row);
  ASSERT_TRUE((*writer)->Close().ok());
  EXPECT_EQ(Content(path).size(), 2u + 1000u * 1000u);
}

TEST(CsvWriter, RefusesAFolderThatIsNotThere) {
  const auto writer = CsvWriter::Open(testing::TempDir() + "absent/x.csv", {"a"});
  EXPECT_EQ(writer.status().code(), absl::StatusCode::kUnavailable);
}

TEST(CsvWriter, GivesTheDisksErrorAtTheEnd) {
  auto writer = CsvWriter::Open("/dev/full", {"a"});
  ASSERT_TRUE(writer.ok());
  EXPECT_EQ((*writer)->Close().code(), absl::StatusCode::kUnavailable);
}

TEST(Row, ForgetsEarlierFieldsWhenCleared) {
  Row row;
  row.Add("a");
  row.Add("b");
  row.Clear();
  row.Add("c");
  ASSERT_EQ(row.fields().size(), 1u);
  EXPECT_EQ(row.fields()[0], "c");
}

}  // namespace
}  // namespace lintas::sample

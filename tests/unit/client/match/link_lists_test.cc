#include "client/match/link_lists.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "client/match/pairs_file.h"

namespace lintas::client {
namespace {

using testing::HasSubstr;

CsvTable Parsed(const std::string& text) { return *CsvTable::Parse(text); }

std::vector<std::string> Lines(const Table& table) {
  return absl::StrSplit(table.Csv(), "\r\n", absl::SkipEmpty());
}

TEST(ListColumns, ReadsFieldsAndColumns) {
  const auto columns = ParseListColumns("id=nr, given_name=first,surname=last,born=dob,sex=s");
  ASSERT_TRUE(columns.ok());
  EXPECT_EQ(columns->id, "nr");
  EXPECT_EQ(columns->given_name, "first");
  EXPECT_EQ(columns->born, "dob");
  EXPECT_EQ(columns->others.size(), 1u);
}

TEST(ListColumns, RefusesWhatCannotBeCompared) {
  for (const char* text :
       {"", "born=dob", "name", "name=", "name=a,name=b", "name=a,p=1,q=2,r=3,s=4,t=5"}) {
    EXPECT_FALSE(ParseListColumns(text).ok()) << text;
  }
}

TEST(LinkLists, LinksByIdAndSaysWhy) {
  const CsvTable a = Parsed(
      "id, given_name, surname, dob\n1, Budi, Santoso, 19800517\n"
      "2, Siti, Aminah, 19750301\n3, Joko, Susilo, 19660909\n");
  const CsvTable b = Parsed(
      "dob,surname,given_name,id\n19800517,Santosa,Boedi,x\n"
      "19910101,Wibowo,Agus,y\n");
  auto columns = *ParseListColumns("id=id,given_name=given_name,surname=surname,born=dob");
  const auto linked = LinkLists(a, &b, columns, true, 2);
  ASSERT_TRUE(linked.ok());
  const auto lines = Lines(linked->links);
  ASSERT_EQ(lines.size(), 2u);
  EXPECT_EQ(lines[0], "id1,id2,score,reasons");
  EXPECT_THAT(lines[1], HasSubstr("1,x,"));
  EXPECT_THAT(lines[1], HasSubstr("birth date equal"));
}

TEST(LinkLists, SaysWhichColumnIsMissing) {
  const CsvTable a = Parsed("id,name\n1,Budi\n");
  const auto linked = LinkLists(a, nullptr, *ParseListColumns("name=name,born=dob"), false, 1);
  EXPECT_EQ(linked.status().code(), absl::StatusCode::kInvalidArgument);
  EXPECT_THAT(std::string(linked.status().message()), HasSubstr("dob"));
}

TEST(LinkLists, DoesNotDependOnThreads) {
  std::string text = "id,name,born\n";
  for (int i = 0; i < 200; ++i) {
    absl::StrAppend(&text, i, ",Budi", i % 50, " Santoso", i % 40, ",19", 50 + i % 50, "0101\n");
  }
  const CsvTable list = Parsed(text);
  const auto columns = *ParseListColumns("name=name,born=born");
  EXPECT_EQ(LinkLists(list, nullptr, columns, false, 1)->links.Csv(),
            LinkLists(list, nullptr, columns, false, 4)->links.Csv());
}

TEST(MatchPairs, AnswersEachRowInOrder) {
  const CsvTable pairs = Parsed(
      "nr, name1, name2, dob1, dob2\n7, Soekarno, Sukarno, 1901, 1901\n"
      "8, Sukarno, Sukarni, ,\n9, , Budi,,\n");
  const auto table = MatchPairs(pairs);
  ASSERT_TRUE(table.ok());
  const auto lines = Lines(*table);
  ASSERT_EQ(lines.size(), 4u);
  EXPECT_EQ(lines[0], "nr,name1,name2,dob1,dob2,score,match,reasons");
  EXPECT_THAT(lines[1], HasSubstr("7,Soekarno,Sukarno,1901,1901,"));
  EXPECT_THAT(lines[1], HasSubstr(",true,"));
  EXPECT_THAT(lines[2], HasSubstr(",false,"));
  EXPECT_THAT(lines[2], HasSubstr("birth date missing"));
  EXPECT_THAT(lines[3], HasSubstr("name missing"));
}

TEST(MatchPairs, NeedsBothNames) { EXPECT_FALSE(MatchPairs(Parsed("name1,name\na,b\n")).ok()); }

}  // namespace
}  // namespace lintas::client

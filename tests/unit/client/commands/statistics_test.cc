// `lintas statistics` on files: no profile, no node.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <sstream>

#include "absl/strings/str_cat.h"
#include "client/commands/command_line.h"
#include "server/base/clock.h"

namespace lintas::client {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;
using testing::StartsWith;

class FixedClock final : public Clock {
 public:
  absl::Time Now() override { return absl::FromUnixSeconds(1777593600); }
};

class StatisticsCommandTest : public testing::Test {
 protected:
  StatisticsCommandTest()
      : samples_(std::string(LINTAS_SOURCE_DIR) + "/tests/unit/client/"),
        folder_(testing::TempDir() + "lintas_statistics_" +
                testing::UnitTest::GetInstance()->current_test_info()->name()) {
    std::filesystem::create_directories(folder_);
    environment_.out = &out_;
    environment_.err = &err_;
    environment_.folder = folder_;
    environment_.clock = &clock_;
  }
  ~StatisticsCommandTest() override { std::filesystem::remove_all(folder_); }

  int Run(const std::vector<std::string>& arguments) {
    out_.str("");
    err_.str("");
    return static_cast<int>(RunCommandLine(arguments, environment_));
  }
  std::string Flow(const std::string& country) const {
    return absl::StrCat(samples_, "statistics/samples/flow_", country, ".csv");
  }
  static std::string Content(const std::string& path) {
    std::ifstream in(path, std::ios::binary);
    return std::string(std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>());
  }

  const std::string samples_;
  const std::string folder_;
  FixedClock clock_;
  std::ostringstream out_;
  std::ostringstream err_;
  Environment environment_;
};

TEST_F(StatisticsCommandTest, ChecksAFileAndNamesThePlaceOfEveryFault) {
  EXPECT_EQ(Run({"statistics", "import", Flow("kh"), "--check"}), 0);
  EXPECT_THAT(out_.str(), HasSubstr(": good\nIDKH:MIG_FLOW(1.0): 38 rows, 38 Merge\n"));
  const std::string bad = folder_ + "/bad.csv";
  std::ofstream(bad) << "STRUCTURE,STRUCTURE_ID,ACTION,FREQ\ndatastructure,IDKH:MIG_FLOW(1.0),X,M\n"
                        "datastructure,IDKH:MIG_FLOW(1.0),M,Z\n";
  EXPECT_EQ(Run({"statistics", "import", bad, "--check"}), 5);
  EXPECT_THAT(err_.str(), HasSubstr("bad.csv: line 2, column 3 (ACTION): UNKNOWN_ACTION: "));
  EXPECT_THAT(err_.str(), HasSubstr("bad.csv: line 3, column 4 (FREQ): UNKNOWN_CODE: "));
  EXPECT_THAT(out_.str(), IsEmpty());
}

TEST_F(StatisticsCommandTest, SaysThatANodeTakesNoTableFromAFile) {
  EXPECT_EQ(Run({"statistics", "import", Flow("kh")}), 2);
  EXPECT_THAT(err_.str(), HasSubstr("only --check is there"));
}

TEST_F(StatisticsCommandTest, KnowsTheVersionThatItIsTold) {
  const std::string merge = samples_ + "sdmx/samples/csv20/reader-data_v2_merge_action.csv";
  EXPECT_EQ(Run({"statistics", "import", merge, "--check", "--form-only"}), 0);
  EXPECT_EQ(Run({"statistics", "import", merge, "--check", "--form-only", "--sdmx-version", "2.0"}),
            5);
  EXPECT_EQ(Run({"statistics", "import", merge, "--check"}), 5);
  EXPECT_THAT(err_.str(), HasSubstr("UNKNOWN_STRUCTURE"));
}

TEST_F(StatisticsCommandTest, LaysBothCountriesSideBySide) {
  EXPECT_EQ(Run({"statistics", "mirror", Flow("id"), Flow("kh"), "--top", "1"}), 0);
  EXPECT_THAT(out_.str(), HasSubstr("\n2026-04  ID    KH"));
  EXPECT_THAT(out_.str(), HasSubstr("\n7 compared, 61 not"));
  EXPECT_EQ(Run({"statistics", "show", Flow("kh"), "--top", "3"}), 0);
  EXPECT_THAT(out_.str(), HasSubstr("29 series left out\n"));
}

TEST_F(StatisticsCommandTest, ConvertsAndReadsBackWhatItWrote) {
  const std::string json = folder_ + "/flow.json";
  const std::string structures = folder_ + "/structures.json";
  EXPECT_EQ(Run({"statistics", "export", Flow("kh"), "--format", "sdmx-json", "--to", json}), 0);
  EXPECT_EQ(Run({"statistics", "export", "--format", "sdmx-json-structure", "--to", structures}),
            0);
  EXPECT_EQ(Run({"statistics", "import", json, "--check", "--structure", structures}), 0);
  EXPECT_THAT(out_.str(), HasSubstr("38 rows"));
  EXPECT_EQ(Run({"statistics", "export", Flow("kh"), "--format", "xls"}), 5);
}

TEST_F(StatisticsCommandTest, MakesTheReport) {
  const std::string html = folder_ + "/report.html";
  EXPECT_EQ(Run({"statistics", "report", Flow("id"), Flow("kh"), "--language", "km", "--to", html}),
            0);
  EXPECT_THAT(Content(html), StartsWith("<!doctype html>\n<html lang=\"km\">"));
  EXPECT_THAT(Content(html), HasSubstr("2026-05-01"));
  EXPECT_EQ(Run({"statistics", "report", Flow("id"), "--language", "fr"}), 5);
}

}  // namespace
}  // namespace lintas::client

// Every sample of the folder: the good ones are read, the bad ones refused for their reason.
#include <dirent.h>

#include <algorithm>
#include <fstream>
#include <map>
#include <sstream>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "client/sdmx/csv_reader.h"
#include "client/sdmx/csv_writer.h"
#include "gtest/gtest.h"

namespace lintas::sdmx {
namespace {

const std::string kSamples = std::string(LINTAS_SOURCE_DIR) + "/tests/unit/client/sdmx/samples/";

std::vector<std::string> FilesIn(const std::string& folder) {
  std::vector<std::string> files;
  DIR* const dir = opendir((kSamples + folder).c_str());
  if (dir == nullptr) return files;
  while (const dirent* entry = readdir(dir)) {
    if (absl::EndsWith(entry->d_name, ".csv")) files.push_back(entry->d_name);
  }
  closedir(dir);
  std::sort(files.begin(), files.end());
  return files;
}

std::string Contents(const std::string& path) {
  std::ifstream in(kSamples + path, std::ios::binary);
  std::ostringstream text;
  text << in.rdbuf();
  return text.str();
}

const std::map<std::string, CsvVersion>& Folders() {
  static const auto& folders = *new std::map<std::string, CsvVersion>{
      {"csv10", CsvVersion::kV10}, {"csv20", CsvVersion::kV20}, {"csv21", CsvVersion::kV21}};
  return folders;
}

// The rule that a bad sample breaks; empty for a good one.
std::string ExpectedRule(const std::string& folder, const std::string& file) {
  if (absl::StrContains(file, "structures_exception")) return "UNKNOWN_STRUCTURE_TYPE";
  if (absl::StrContains(file, "exception")) return "WRONG_FIRST_COLUMN";
  if (absl::StrContains(file, "invalid_action")) return "UNKNOWN_ACTION";
  // Their rows have a field less than their header: FREQ's value stands under ACTION.
  if (absl::StrContains(file, "action_col")) return "TOO_FEW_COLUMNS";
  // M came with 2.1.
  if (folder == "csv20" && absl::StrContains(file, "merge_action")) return "ACTION_NOT_IN_VERSION";
  return "";
}

TEST(CsvSamples, GoodOnesAreReadAndBadOnesRefused) {
  size_t good = 0, bad = 0;
  for (const auto& folder : Folders()) {
    for (const std::string& file : FilesIn(folder.first)) {
      CsvReadOptions options;
      options.version = folder.second;
      const ReadResult result = ReadCsv(Contents(folder.first + "/" + file), options);
      const std::string rule = ExpectedRule(folder.first, file);
      if (rule.empty()) {
        ++good;
        EXPECT_TRUE(result.refusals.empty())
            << folder.first << "/" << file << ": " << DescribeRefusal(result.refusals[0]);
        ASSERT_FALSE(result.message.data_sets.empty()) << file;
        EXPECT_FALSE(result.message.data_sets[0].rows.empty()) << file;
      } else {
        ++bad;
        ASSERT_FALSE(result.refusals.empty()) << folder.first << "/" << file;
        EXPECT_EQ(result.refusals[0].rule, rule) << folder.first << "/" << file;
        EXPECT_GT(result.refusals[0].line, 0u);
        if (rule != "TOO_FEW_COLUMNS") {
          EXPECT_GT(result.refusals[0].column, 0u);
        }
      }
    }
  }
  EXPECT_EQ(good, 51u);
  EXPECT_EQ(bad, 10u);
}

// What another library wrote, read and written again, is the same text.
TEST(CsvSamples, WrittenAgainTheyAreWhatTheyWere) {
  size_t compared = 0;
  for (const auto& folder : Folders()) {
    for (const std::string& file : FilesIn(folder.first)) {
      if (!absl::StartsWith(file, "writer-") || absl::StrContains(file, "labels_both") ||
          absl::StrContains(file, "labels_name") || absl::StrContains(file, "keys")) {
        continue;
      }
      const std::string text = Contents(folder.first + "/" + file);
      CsvReadOptions options;
      options.version = folder.second;
      const ReadResult result = ReadCsv(text, options);
      CsvWriteOptions writing;
      writing.version = folder.second;
      writing.line_end = "\n";
      std::string expected = absl::StrReplaceAll(text, {{"\r\n", "\n"}});
      if (!absl::EndsWith(expected, "\n")) expected += "\n";
      EXPECT_EQ(WriteCsv(result.message, writing), expected) << folder.first << "/" << file;
      ++compared;
    }
  }
  EXPECT_GE(compared, 12u);
}

TEST(CsvSamples, SayWhatTheyHold) {
  CsvReadOptions options;
  const ReadResult two = ReadCsv(Contents("csv21/reader-data_v21_two_actions.csv"), options);
  ASSERT_EQ(two.message.data_sets.size(), 1u);
  ASSERT_EQ(two.message.data_sets[0].rows.size(), 3u);
  EXPECT_EQ(two.message.data_sets[0].rows[0].action, Action::kDelete);
  EXPECT_EQ(two.message.data_sets[0].rows[1].action, Action::kReplace);
  EXPECT_EQ(two.message.data_sets[0].rows[1].values, (std::vector<std::string>{"A", "A", "6"}));

  const ReadResult several = ReadCsv(Contents("csv20/reader-data_v2_structures_uppercase.csv"), {});
  ASSERT_EQ(several.message.data_sets.size(), 3u);
  EXPECT_EQ(several.message.data_sets[0].structure.type, StructureType::kDataflow);
  EXPECT_EQ(several.message.data_sets[2].structure.type, StructureType::kProvisionAgreement);
  EXPECT_EQ(several.message.data_sets[2].structure.Text(), "ESTAT:DPA_C(1.8.0)");

  // Labels are taken off, in every way they come.
  for (const char* file : {"csv10/reader-csv_labels_both.csv", "csv20/reader-csv_labels_both.csv",
                           "csv21/reader-csv_labels_name.csv", "csv21/reader-csv_keys_both.csv"}) {
    const ReadResult labelled = ReadCsv(Contents(file), {});
    ASSERT_EQ(labelled.message.data_sets.size(), 1u) << file;
    const DataSet& data_set = labelled.message.data_sets[0];
    EXPECT_EQ(data_set.structure.Text(), "MD:MD_TEST(1.0)") << file;
    EXPECT_EQ(data_set.components, (std::vector<std::string>{"DIM1", "DIM2", "ATT1", "ATT2",
                                                             "OBS_VALUE", "TIME_PERIOD"}))
        << file;
    EXPECT_EQ(data_set.rows[0].values, (std::vector<std::string>{"A", "B", "C", "D", "1", "2020"}))
        << file;
  }
}

}  // namespace
}  // namespace lintas::sdmx

#include "client/sample/sample_files.h"

#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "client/sample/bad_row.h"
#include "gtest/gtest.h"

namespace lintas::sample {
namespace {

namespace fs = std::filesystem;

std::string Content(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  return std::string(std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>());
}

std::vector<std::string> Lines(const fs::path& path) {
  std::vector<std::string> lines = absl::StrSplit(Content(path), '\n');
  EXPECT_EQ(lines.back(), "");
  lines.pop_back();
  return lines;
}

// The fields of one line, by RFC 4180.
std::vector<std::string> Fields(const std::string& line) {
  std::vector<std::string> fields(1);
  bool quoted = false;
  for (size_t i = 0; i < line.size(); ++i) {
    if (line[i] == '"') {
      const bool escaped = quoted && i + 1 < line.size() && line[i + 1] == '"';
      if (escaped) fields.back().push_back(line[++i]);
      if (!escaped) quoted = !quoted;
    } else if (line[i] == ',' && !quoted) {
      fields.emplace_back();
    } else {
      fields.back().push_back(line[i]);
    }
  }
  return fields;
}

std::string FreshFolder(const std::string& name) {
  const fs::path path = fs::path(testing::TempDir()) / name;
  fs::remove_all(path);
  return path.string();
}

SampleOptions Small(const std::string& folder) {
  SampleOptions options;
  options.rows = 2000;
  options.bad = 90;
  options.out = FreshFolder(folder);
  return options;
}

// All files of a sample: relative path to content.
std::map<std::string, std::string> FilesOf(const std::string& folder) {
  std::map<std::string, std::string> files;
  for (const auto& entry : fs::recursive_directory_iterator(folder)) {
    if (entry.is_regular_file()) {
      files[fs::relative(entry.path(), folder).string()] = Content(entry.path());
    }
  }
  return files;
}

TEST(SampleFiles, GivesTheSameBytesForTheSameSeed) {
  const SampleOptions one = Small("same_one"), two = Small("same_two");
  ASSERT_TRUE(WriteSample(one).ok());
  ASSERT_TRUE(WriteSample(two).ok());
  const auto files = FilesOf(one.out);
  EXPECT_EQ(files.size(), 2u * kRecordFileCount + 3u + 1u);
  EXPECT_TRUE(files == FilesOf(two.out));
  SampleOptions other = Small("same_three");
  other.seed = 2;
  ASSERT_TRUE(WriteSample(other).ok());
  EXPECT_FALSE(files == FilesOf(other.out));
}

TEST(SampleFiles, WritesAsManyRowsAsAskedAtEachSide) {
  const SampleOptions options = Small("rows");
  const auto counts = WriteSample(options);
  ASSERT_TRUE(counts.ok());
  for (const char* side : {"idn", "khm"}) {
    size_t rows = 0;
    for (int f = 0; f < kRecordFileCount; ++f) {
      const auto lines = Lines(fs::path(options.out) / side /
                               absl::StrCat(NameOf(static_cast<RecordFile>(f)), ".csv"));
      ASSERT_GT(lines.size(), 1u);
      rows += lines.size() - 1;
    }
    EXPECT_EQ(rows, options.rows);
  }
  EXPECT_EQ(counts->RowsOf(Country::kIndonesia), options.rows);
  EXPECT_EQ(counts->RowsOf(Country::kCambodia), options.rows);
}

TEST(SampleFiles, MarksEveryRowAndTheFolderAsSynthetic) {
  const SampleOptions options = Small("marked");
  ASSERT_TRUE(WriteSample(options).ok());
  EXPECT_TRUE(absl::StartsWith(Content(fs::path(options.out) / "SYNTHETIC.txt"), "SYNTHETIC"));
  for (const auto& [path, content] : FilesOf(options.out)) {
    if (absl::StartsWith(path, "truth") || path == "SYNTHETIC.txt") continue;
    const std::vector<std::string> lines = absl::StrSplit(content, '\n');
    for (size_t i = 1; i + 1 < lines.size(); ++i) {
      ASSERT_TRUE(absl::StartsWith(lines[i], "SYN-")) << path;
    }
  }
}

TEST(SampleFiles, ListsEveryBadRowWhereItStands) {
  const SampleOptions options = Small("bad");
  SampleOptions good = Small("good");
  good.bad = 0;
  const auto counts = WriteSample(options);
  ASSERT_TRUE(counts.ok());
  ASSERT_TRUE(WriteSample(good).ok());
  EXPECT_EQ(counts->bad_rows[0], options.bad);
  EXPECT_EQ(counts->bad_rows[1], options.bad);
  // A sample without bad rows differs in exactly the listed fields and nowhere else.
  std::map<std::string, std::map<size_t, std::string>> listed;
  std::map<std::string, int> of_kind;
  const auto bad_lines = Lines(fs::path(options.out) / "truth/bad_rows.csv");
  for (size_t i = 1; i < bad_lines.size(); ++i) {
    const auto f = Fields(bad_lines[i]);
    ASSERT_EQ(f.size(), 8u);
    const std::string path = absl::StrCat(absl::AsciiStrToLower(f[0]), "/", f[1], ".csv");
    listed[path][std::stoul(f[2])] = f[5];
    ++of_kind[f[4]];
  }
  EXPECT_EQ(of_kind.size(), size_t(kBadKindCount));
  for (const auto& [kind, count] : of_kind) EXPECT_NEAR(count, 20, 2) << kind;
  size_t found = 0;
  for (int c = 0; c < kCountryCount; ++c) {
    for (int f = 0; f < kRecordFileCount; ++f) {
      const auto file = static_cast<RecordFile>(f);
      const std::string path = absl::StrCat(c == 0 ? "idn/" : "khm/", NameOf(file), ".csv");
      const auto bad_file = Lines(fs::path(options.out) / path);
      const auto good_file = Lines(fs::path(good.out) / path);
      ASSERT_EQ(bad_file.size(), good_file.size());
      for (size_t i = 0; i < bad_file.size(); ++i) {
        const auto at = listed[path].find(i + 1);
        ASSERT_EQ(bad_file[i] != good_file[i], at != listed[path].end()) << path << ":" << i + 1;
        if (at == listed[path].end()) continue;
        ++found;
        const auto bad_fields = Fields(bad_file[i]), good_fields = Fields(good_file[i]);
        ASSERT_EQ(bad_fields.size(), good_fields.size());
        for (size_t k = 0; k < bad_fields.size(); ++k) {
          ASSERT_EQ(bad_fields[k] != good_fields[k], ColumnsOf(file)[k] == at->second);
        }
      }
    }
  }
  EXPECT_EQ(found, 2 * options.bad);
}

TEST(SampleFiles, LinksEveryGoodRowToItsPerson) {
  const SampleOptions options = Small("links");
  ASSERT_TRUE(WriteSample(options).ok());
  std::set<std::string> persons, keys;
  for (const std::string& line : Lines(fs::path(options.out) / "truth/persons.csv")) {
    persons.insert(Fields(line)[0]);
  }
  const auto links = Lines(fs::path(options.out) / "truth/links.csv");
  EXPECT_EQ(links.size() - 1, 2 * (options.rows - options.bad));
  std::map<std::string, std::vector<std::string>> files;
  for (size_t i = 1; i < links.size(); ++i) {
    const auto f = Fields(links[i]);
    ASSERT_EQ(persons.count(f[0]), 1u);
    ASSERT_TRUE(keys.insert(f[4]).second);
    const std::string path = absl::StrCat(absl::AsciiStrToLower(f[1]), "/", f[2], ".csv");
    auto& lines = files[path];
    if (lines.empty()) lines = Lines(fs::path(options.out) / path);
    ASSERT_EQ(Fields(lines[std::stoul(f[3]) - 1])[0], f[4]);
  }
}

TEST(SampleFiles, PlantsOnlyTheKindsThatWereAskedFor) {
  SampleOptions options = Small("kinds");
  options.bad_kinds = {BadKind::kUnknownPort};
  ASSERT_TRUE(WriteSample(options).ok());
  const auto lines = Lines(fs::path(options.out) / "truth/bad_rows.csv");
  ASSERT_EQ(lines.size(), 1 + 2 * options.bad);
  for (size_t i = 1; i < lines.size(); ++i) EXPECT_EQ(Fields(lines[i])[4], "unknown_port");
}

TEST(SampleFiles, SizesThePopulationByScale) {
  SampleOptions options = Small("scale");
  options.scale = 0.01;
  options.bad = 9;
  const auto counts = WriteSample(options);
  ASSERT_TRUE(counts.ok());
  const auto& kinds = counts->persons_of_kind;
  EXPECT_NEAR(double(kinds[size_t(PersonKind::kIndonesianWorker)]), 583, 3);
  EXPECT_NEAR(double(counts->visits), 1230, 10);
  EXPECT_EQ(counts->bad_rows[0], 9u);
}

TEST(SampleFiles, ReplacesASampleButNothingElse) {
  const SampleOptions options = Small("replace");
  ASSERT_TRUE(WriteSample(options).ok());
  EXPECT_TRUE(WriteSample(options).ok());
  fs::remove(fs::path(options.out) / "SYNTHETIC.txt");
  EXPECT_EQ(WriteSample(options).status().code(), absl::StatusCode::kInvalidArgument);
}

}  // namespace
}  // namespace lintas::sample

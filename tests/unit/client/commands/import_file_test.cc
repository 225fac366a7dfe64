#include "client/commands/import_file.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "client/file.h"
#include "tests/unit/client/fake_transport.h"

namespace lintas::client {
namespace {

using testing::ElementsAre;

constexpr char kHeader[] =
    "source_key,document_number,document_issuer,given_name,nationality,direction,port,"
    "crossing_time,outcome\n";

// Every look is a second later, so that each result is kept.
class SteppingClock : public Clock {
 public:
  absl::Time Now() override { return now_ += absl::Seconds(1); }

 private:
  absl::Time now_ = absl::FromUnixSeconds(1'700'000'000);
};

class ImportFileTest : public testing::Test {
 protected:
  ImportFileTest()
      : folder_(testing::TempDir() + "lintas_import_file_" +
                testing::UnitTest::GetInstance()->current_test_info()->name()),
        transport_(&node_),
        client_(&transport_, {}, &random_, Backoff{}, [](absl::Duration) {}) {
    std::filesystem::remove_all(folder_);
    std::filesystem::create_directories(folder_);
    options_.path = folder_ + "/crossings.csv";
    options_.state_folder = folder_ + "/imports";
    watch_.resumed = [this](uint64_t row) { resumed_.push_back(row); };
  }
  ~ImportFileTest() override { std::filesystem::remove_all(folder_); }

  // SYNTHETIC. Every 100th row is rejected by the node, every 250th has a time that is none.
  void WriteRows(int count) {
    std::ofstream file(options_.path);
    file << kHeader;
    for (int row = 1; row <= count; ++row) {
      file << "SYN-" << row << "," << (row % 100 == 0 ? "BAD" : absl::StrCat("X", row))
           << ",IDN,Dewi,IDN,ENTRY,KHPNH,"
           << (row % 250 == 0 ? "noon" : "2026-03-01T08:00:00+07:00") << ",ADMITTED\n";
    }
  }
  absl::StatusOr<ImportReport> Import() { return ImportFile(options_, &client_, &clock_, watch_); }
  // The lines that the rejects file names, sorted.
  std::vector<int> RejectedLines() const {
    std::vector<int> lines;
    const auto content = ReadFile(options_.path + ".rejects.csv");
    if (!content.ok()) return lines;
    for (absl::string_view line : absl::StrSplit(*content, "\r\n", absl::SkipEmpty())) {
      if (!absl::StartsWith(line, "line,")) lines.push_back(std::stoi(std::string(line)));
    }
    std::sort(lines.begin(), lines.end());
    return lines;
  }
  static std::vector<int> ExpectedLines(int count) {
    std::vector<int> lines;
    for (int row = 1; row <= count; ++row) {
      if (row % 100 == 0 || row % 250 == 0) lines.push_back(row + 1);
    }
    return lines;
  }
  // A process that stops in the middle: the node is gone and does not come back.
  void StopAtRow(uint64_t row) {
    node_.break_at_row = row;
    transport_.answers[kGetImport] = [this](const google::protobuf::Message& request,
                                            google::protobuf::Message* response) {
      if (node_.break_at_row == 0) return absl::UnavailableError("no connection");
      using migration_information::v1::GetImportRequest;
      dynamic_cast<migration_information::v1::Import*>(response)->set_committed_row(
          node_.committed[dynamic_cast<const GetImportRequest&>(request).import_id()]);
      return absl::OkStatus();
    };
    EXPECT_TRUE(absl::IsUnavailable(Import().status()));
    transport_.answers.clear();
  }

  static constexpr char kGetImport[] =
      "/lintas.migration_information.v1.MigrationInformationService/GetImport";
  const std::string folder_;
  FakeNode node_;
  FakeTransport transport_;
  CountingRandom random_;
  Client client_;
  SteppingClock clock_;
  ImportFileOptions options_;
  ImportWatch watch_;
  std::vector<uint64_t> resumed_;
};

TEST_F(ImportFileTest, CountsAndListsWhatIsRejectedHereAndThere) {
  WriteRows(3000);
  const auto report = Import();
  ASSERT_TRUE(report.ok()) << report.status();
  EXPECT_EQ(report->type, "crossing");
  EXPECT_EQ(report->total.rows, 3000u);
  EXPECT_EQ(report->total.counts.rejected, ExpectedLines(3000).size());
  EXPECT_EQ(report->total.counts.created, 3000 - ExpectedLines(3000).size());
  EXPECT_EQ(RejectedLines(), ExpectedLines(3000));
  EXPECT_TRUE(node_.synthetic);
  EXPECT_TRUE(node_.contiguous);
}

TEST_F(ImportFileTest, GoesOnWithTheSameCommandAfterABreak) {
  WriteRows(6000);
  StopAtRow(3000);
  const size_t before = node_.by_source_key.size();
  const auto report = Import();
  ASSERT_TRUE(report.ok()) << report.status();
  ASSERT_EQ(resumed_.size(), 1u);
  EXPECT_GT(resumed_[0], 0u);
  EXPECT_EQ(report->resumed_after, resumed_[0]);
  EXPECT_GT(before, 0u);
  EXPECT_EQ(report->total.rows, 6000u);
  EXPECT_EQ(report->total.counts.rejected, ExpectedLines(6000).size());
  EXPECT_EQ(RejectedLines(), ExpectedLines(6000));
  EXPECT_EQ(node_.by_source_key.size(), 6000 - ExpectedLines(6000).size());
  EXPECT_TRUE(node_.contiguous);
}

TEST_F(ImportFileTest, ListsRejectsOfRowsWhoseResultWasLostWithTheProcess) {
  WriteRows(6000);
  node_.break_after_commit = true;
  StopAtRow(3000);
  const auto report = Import();
  ASSERT_TRUE(report.ok()) << report.status();
  EXPECT_GT(report->repeated_rows, 0u);
  EXPECT_EQ(RejectedLines(), ExpectedLines(6000));
  EXPECT_EQ(report->total.counts.created + report->total.counts.unchanged,
            6000 - ExpectedLines(6000).size());
}

TEST_F(ImportFileTest, CutsOffRejectsThatItsStateDoesNotKnow) {
  WriteRows(6000);
  StopAtRow(3000);
  std::ofstream(options_.path + ".rejects.csv", std::ios::app) << "9,torn";
  ASSERT_TRUE(Import().ok());
  EXPECT_EQ(RejectedLines(), ExpectedLines(6000));
}

TEST_F(ImportFileTest, BeginsAgainWhenTheNodeKnowsNothingOfTheImport) {
  WriteRows(6000);
  StopAtRow(3000);
  node_.committed.clear();
  node_.by_source_key.clear();
  const auto report = Import();
  ASSERT_TRUE(report.ok()) << report.status();
  EXPECT_TRUE(resumed_.empty());
  EXPECT_EQ(report->total.counts.created, 6000 - ExpectedLines(6000).size());
  EXPECT_EQ(RejectedLines(), ExpectedLines(6000));
}

TEST_F(ImportFileTest, ChangesNothingWhenTheSameFileComesAgain) {
  WriteRows(1200);
  ASSERT_TRUE(Import().ok());
  for (int again = 0; again < 2; ++again) {
    const auto report = Import();
    ASSERT_TRUE(report.ok()) << report.status();
    EXPECT_EQ(report->total.counts.created, 0u);
    EXPECT_EQ(report->total.counts.unchanged, 1200 - ExpectedLines(1200).size());
    EXPECT_EQ(RejectedLines(), ExpectedLines(1200));
  }
}

TEST_F(ImportFileTest, RejectsRealRowsInASyntheticFile) {
  std::ofstream(options_.path) << kHeader
                               << "SYN-1,X1,IDN,D,IDN,ENTRY,KHPNH,2026-03-01T08:00:00Z,ADMITTED\n"
                               << "77,X2,IDN,D,IDN,ENTRY,KHPNH,2026-03-01T08:00:00Z,ADMITTED\n";
  const auto report = Import();
  ASSERT_TRUE(report.ok()) << report.status();
  EXPECT_EQ(report->total.counts.created, 1u);
  EXPECT_THAT(RejectedLines(), ElementsAre(3));
}

TEST_F(ImportFileTest, LeavesNoRejectsFileBehindWhenAllIsGood) {
  std::ofstream(options_.path + ".rejects.csv") << "line,field,rule,description\r\n1,a,b,c\r\n";
  WriteRows(50);
  ASSERT_TRUE(Import().ok());
  EXPECT_FALSE(std::filesystem::exists(options_.path + ".rejects.csv"));
}

TEST_F(ImportFileTest, RefusesAFileThatIsNotThere) {
  EXPECT_TRUE(absl::IsInvalidArgument(Import().status()));
}

TEST_F(ImportFileTest, TakesNdjsonOfSeveralTypes) {
  options_.path = folder_ + "/all.ndjson";
  std::ofstream(options_.path)
      << R"({"source_key":"SYN-1","record":{"crossing":{"port":"KHPNH"}}})"
      << "\n"
      << R"({"source_key":"SYN-2","record":{"visa":{"visa_number":"V-1"}}})"
      << "\n"
      << "broken\n";
  const auto report = Import();
  ASSERT_TRUE(report.ok()) << report.status();
  EXPECT_EQ(report->total.rows, 3u);
  EXPECT_EQ(report->total.counts.created, 2u);
  EXPECT_THAT(RejectedLines(), ElementsAre(3));
  EXPECT_EQ(report->total.bytes, report->total.bytes_total);
  options_.agency = "manpower";
  EXPECT_TRUE(absl::IsInvalidArgument(Import().status()));
}

TEST_F(ImportFileTest, ReadsAnAgencysFileByItsBuiltInMapping) {
  options_.path = folder_ + "/permits.csv";
  options_.agency = "manpower";
  std::ofstream(options_.path)
      << "Record ID,Permit No,Passport No,Passport Country,Given Names,Nationality,State\n"
         "SYN-1,EP-1,X1,IDN,BUDI,IDN,ACTIVE\n";
  const auto report = Import();
  ASSERT_TRUE(report.ok()) << report.status();
  EXPECT_EQ(report->type, "work_permit");
  EXPECT_EQ(report->total.counts.created, 1u);
}

// Every morning the whole export: its changes are all that becomes revisions.
TEST_F(ImportFileTest, CountsOnlyWhatChangedSinceTheDayBefore) {
  WriteRows(400);
  ASSERT_TRUE(Import().ok());
  std::string content = *ReadFile(options_.path);
  const std::string row = "SYN-7,X7,IDN,Dewi";
  content.replace(content.find(row), row.size(), "SYN-7,X7,IDN,Dewi Ayu");
  options_.path = folder_ + "/crossings-next-day.csv";
  std::ofstream(options_.path) << content;
  const auto report = Import();
  ASSERT_TRUE(report.ok()) << report.status();
  EXPECT_EQ(report->total.counts.revised, 1u);
  EXPECT_EQ(report->total.counts.created, 0u);
  EXPECT_EQ(report->total.counts.unchanged, 399 - ExpectedLines(400).size());
}

TEST(GuessKind, GoesByTheNameAndThenByTheHeader) {
  EXPECT_EQ((*GuessKind("/x/Stay-Permits_2026.csv", ""))->type, "stay_permit");
  EXPECT_EQ((*GuessKind("travel_documents.csv", ""))->type, "travel_document");
  EXPECT_EQ((*GuessKind("export.csv", std::string(kHeader, sizeof kHeader - 2)))->type, "crossing");
  EXPECT_FALSE(GuessKind("export.csv", "a,b,c").ok());
}

}  // namespace
}  // namespace lintas::client

#include "client/bulk_import.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "absl/strings/str_cat.h"
#include "tests/unit/client/fake_transport.h"

namespace lintas::client {
namespace {

using testing::ElementsAre;

class BulkImportTest : public testing::Test {
 protected:
  BulkImportTest()
      : transport_(&node_),
        client_(&transport_, {"BORDER_CHECK", "", std::string(32, 'a')}, &random_, Backoff{},
                [this](absl::Duration) { ++sleeps_; }) {}

  static BulkRow Row(uint64_t number) {
    BulkRow row;
    row.line = number + 1;
    row.source_key = absl::StrCat("SYN-", number);
    // SYNTHETIC: every 100th row is bad.
    row.record.mutable_crossing()->mutable_document()->set_number(
        number % 100 == 0 ? "BAD" : absl::StrCat("X", number));
    return row;
  }

  // Brings in rows from..last and keeps what comes back.
  absl::Status Import(uint64_t last, BulkImport::Options options) {
    BulkImport import(&client_, std::move(options), [this](const ImportResult& result) {
      EXPECT_GE(result.decided_row, decided_);
      decided_ = result.decided_row;
      counts_ = result.counts;
      for (const Rejection& rejection : result.rejections) rejected_.push_back(rejection.line - 1);
      return on_result_;
    });
    const auto left_out = import.Start();
    if (!left_out.ok()) return left_out.status();
    left_out_ = *left_out;
    for (uint64_t row = left_out_ + 1; row <= last; ++row) {
      const absl::Status status = import.Add(Row(row));
      if (!status.ok()) return status;
    }
    repeated_ = import.repeated_rows();
    return import.Finish();
  }

  static BulkImport::Options WithId(std::string id) {
    BulkImport::Options options;
    options.import_id = std::move(id);
    return options;
  }

  FakeNode node_;
  FakeTransport transport_;
  CountingRandom random_;
  int sleeps_ = 0;
  Client client_;
  absl::Status on_result_;
  uint64_t decided_ = 0;
  uint64_t left_out_ = 0;
  uint64_t repeated_ = 0;
  ImportCounts counts_;
  std::vector<uint64_t> rejected_;
};

TEST_F(BulkImportTest, SendsFullBatchesAndTheRest) {
  ASSERT_TRUE(Import(2500, WithId("a")).ok());
  EXPECT_THAT(node_.message_sizes, ElementsAre(1000, 1000, 500));
  EXPECT_TRUE(node_.contiguous);
  EXPECT_THAT(node_.import_ids, ElementsAre("a"));
  EXPECT_EQ(decided_, 2500u);
  EXPECT_EQ(counts_.created, 2475u);
  EXPECT_EQ(counts_.rejected, 25u);
  EXPECT_EQ(node_.by_source_key.size(), 2475u);
}

TEST_F(BulkImportTest, NamesTheLineOfEveryRejectedRowOnce) {
  ASSERT_TRUE(Import(1050, WithId("a")).ok());
  EXPECT_THAT(rejected_, ElementsAre(100, 200, 300, 400, 500, 600, 700, 800, 900, 1000));
}

TEST_F(BulkImportTest, GoesOnAfterABreakWithoutLosingOrRepeatingRows) {
  node_.break_at_row = 3000;
  ASSERT_TRUE(Import(5000, WithId("a")).ok());
  EXPECT_TRUE(node_.contiguous);
  EXPECT_EQ(node_.streams, 2);
  EXPECT_THAT(node_.import_ids, ElementsAre("a", "a"));
  EXPECT_EQ(counts_.created, 4950u);
  EXPECT_EQ(rejected_.size(), 50u);
  EXPECT_GT(sleeps_, 0);
}

TEST_F(BulkImportTest, TellsRejectionsAgainWhenTheirResultWasLost) {
  node_.break_at_row = 3000;
  node_.break_after_commit = true;
  ASSERT_TRUE(Import(5000, WithId("a")).ok());
  EXPECT_TRUE(node_.contiguous);
  ASSERT_EQ(node_.import_ids.size(), 3u);
  EXPECT_EQ(node_.import_ids[1].rfind("a.again-", 0), 0u) << node_.import_ids[1];
  EXPECT_EQ(node_.import_ids[2], "a");
  EXPECT_EQ(decided_, 5000u);
  EXPECT_EQ(rejected_.size(), 50u);
  EXPECT_EQ(node_.by_source_key.size(), 4950u);
  EXPECT_EQ(counts_.created + counts_.unchanged, 4950u);
  EXPECT_GT(counts_.unchanged, 0u);
}

TEST_F(BulkImportTest, ResumesFromTheLastRowWhoseResultIsKnown) {
  ASSERT_TRUE(Import(2000, WithId("a")).ok());
  auto options = WithId("a");
  options.seen_row = 2000;
  ASSERT_TRUE(Import(3000, options).ok());
  EXPECT_EQ(left_out_, 2000u);
  EXPECT_EQ(repeated_, 0u);
  EXPECT_EQ(counts_.created, 990u);
  EXPECT_TRUE(node_.contiguous);
}

TEST_F(BulkImportTest, RepeatsRowsThatAnEarlierRunDidNotSeeDecided) {
  ASSERT_TRUE(Import(2000, WithId("a")).ok());
  rejected_.clear();
  decided_ = 0;
  auto options = WithId("a");
  options.seen_row = 1500;
  ASSERT_TRUE(Import(3000, options).ok());
  EXPECT_EQ(left_out_, 1500u);
  EXPECT_EQ(repeated_, 500u);
  EXPECT_EQ(counts_.unchanged, 495u);
  EXPECT_EQ(counts_.created, 990u);
  EXPECT_EQ(rejected_.size(), 15u);
  EXPECT_TRUE(node_.contiguous);
}

TEST_F(BulkImportTest, BeginsAtTheNodesRowWhenTheNodeKnowsLess) {
  auto options = WithId("a");
  options.seen_row = 700;
  ASSERT_TRUE(Import(1000, options).ok());
  EXPECT_EQ(left_out_, 0u);
  EXPECT_EQ(decided_, 1000u);
}

TEST_F(BulkImportTest, GivesUpWithUnavailableAfterTooManyBreaks) {
  auto options = WithId("a");
  options.breaks_max = 3;
  transport_.answers["/lintas.migration_information.v1.MigrationInformationService/GetImport"] =
      [this](const google::protobuf::Message&, google::protobuf::Message*) {
        return transport_.calls.size() == 1 ? absl::OkStatus()
                                            : absl::UnavailableError("no connection");
      };
  EXPECT_TRUE(absl::IsUnavailable(Import(10, options)));
  EXPECT_EQ(node_.streams, 0);
}

TEST_F(BulkImportTest, StopsWithTheCallersError) {
  on_result_ = absl::InvalidArgumentError("disk full");
  EXPECT_EQ(Import(10, WithId("a")).message(), "disk full");
}

TEST_F(BulkImportTest, SaysOnTheStreamThatRowsAreSynthetic) {
  auto options = WithId("a");
  options.synthetic = true;
  ASSERT_TRUE(Import(3, options).ok());
  EXPECT_TRUE(node_.synthetic);
  ASSERT_TRUE(Import(3, WithId("b")).ok());
  EXPECT_FALSE(node_.synthetic);
}

TEST_F(BulkImportTest, OpensNoStreamWithoutRows) {
  ASSERT_TRUE(Import(0, WithId("a")).ok());
  EXPECT_EQ(node_.streams, 0);
}

}  // namespace
}  // namespace lintas::client

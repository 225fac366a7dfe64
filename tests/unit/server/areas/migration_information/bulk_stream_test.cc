#include "server/areas/migration_information/bulk_stream.h"

#include <gtest/gtest.h>

#include "tests/support/migration_calls.h"

namespace lintas {
namespace {

class BulkStreamTest : public testing::Test, protected MigrationCalls {
 protected:
  void OpenStream() {
    const Method* method = Find(idn.node->admission(), "SubmitRecords");
    CallMetadata metadata;
    metadata.purpose = "DATA_SUBMISSION";
    Attempt attempt =
        idn.node->admission().Admit(PrincipalAt(idn, Agency()), *method, metadata, clock.now);
    idn.node->admission().OpenStream(
        *method, std::move(attempt),
        [this](std::unique_ptr<google::protobuf::Message> message) {
          responses_.push_back(dynamic_cast<const mi::SubmitRecordsResponse&>(*message));
        },
        [this](absl::StatusOr<std::unique_ptr<StreamHandler>> opened) {
          LINTAS_CHECK(opened.ok());
          stream_ = *std::move(opened);
        });
    for (int i = 0; i < 100 && !stream_; ++i) Turn();
    LINTAS_CHECK(stream_ != nullptr);
  }
  using TwoNodes::Find;
  mi::SubmitRecordsRequest Message(uint64_t row, const std::string& key,
                                   const mi::Crossing& record) {
    mi::SubmitRecordsRequest message;
    message.set_import_id("import-1");
    message.set_synthetic(true);
    auto* out = message.add_rows();
    out->set_row_number(row);
    out->set_source_key(key);
    *out->mutable_record()->mutable_crossing() = record;
    return message;
  }
  // The status with which the stream took the message.
  absl::Status Send(const mi::SubmitRecordsRequest& message) {
    absl::optional<absl::Status> taken;
    stream_->OnMessage(std::make_unique<mi::SubmitRecordsRequest>(message),
                       [&](absl::Status status) { taken = status; });
    for (int i = 0; i < 200 && !taken; ++i) Turn();
    LINTAS_CHECK(taken.has_value());
    return *taken;
  }
  absl::Status Finish() {
    absl::optional<absl::Status> finished;
    stream_->OnEnd([&](absl::Status status) { finished = status; });
    for (int i = 0; i < 200 && !finished; ++i) Turn();
    LINTAS_CHECK(finished.has_value());
    return *finished;
  }

  std::vector<mi::SubmitRecordsResponse> responses_;
  std::unique_ptr<StreamHandler> stream_;
};

TEST_F(BulkStreamTest, AnswersEveryMessageInOrderBeforeItEnds) {
  OpenStream();
  mi::Crossing bad = MakeCrossing();
  bad.set_port("NOWHERE");
  ASSERT_TRUE(Send(Message(1, "k1", MakeCrossing())).ok());
  ASSERT_TRUE(Send(Message(2, "k2", bad)).ok());
  ASSERT_TRUE(Send(Message(3, "k3", MakeCrossing({{"MYS"}}))).ok());
  ASSERT_TRUE(Finish().ok());
  ASSERT_EQ(responses_.size(), 3);
  EXPECT_EQ(responses_[0].created_count(), 1);
  ASSERT_EQ(responses_[1].rejected_rows_size(), 1);
  EXPECT_EQ(responses_[1].rejected_rows(0).violations(0).field(), "crossing.port");
  EXPECT_EQ(responses_[2].home_count(), 1);
  EXPECT_EQ(responses_[2].committed_row(), 3);
}

TEST_F(BulkStreamTest, TellsWhereAnImportStands) {
  OpenStream();
  ASSERT_TRUE(Send(Message(1, "k1", MakeCrossing())).ok());
  ASSERT_TRUE(Finish().ok());
  mi::GetImportRequest request;
  request.set_import_id("import-1");
  const auto import = Call<mi::Import>(idn, "GetImport", Agency(), request);
  ASSERT_TRUE(import.ok()) << import.status();
  EXPECT_EQ(import->committed_row(), 1);
  // An import is its agency's own.
  const auto others = Call<mi::Import>(idn, "GetImport", Agency("border-2"), request);
  ASSERT_TRUE(others.ok());
  EXPECT_EQ(others->committed_row(), 0);
}

TEST_F(BulkStreamTest, EndsWithAnErrorAtRowsThatAreNotContiguous) {
  OpenStream();
  const absl::Status taken = Send(Message(2, "k1", MakeCrossing()));
  const absl::Status ended = taken.ok() ? Finish() : taken;
  EXPECT_EQ(ErrorReason(ended), "ROW_NUMBERS_NOT_CONTIGUOUS");
}

TEST_F(BulkStreamTest, NeedsAnImportId) {
  OpenStream();
  mi::SubmitRecordsRequest message = Message(1, "k1", MakeCrossing());
  message.clear_import_id();
  const absl::Status taken = Send(message);
  const absl::Status ended = taken.ok() ? Finish() : taken;
  EXPECT_EQ(ended.code(), absl::StatusCode::kInvalidArgument);
}

}  // namespace
}  // namespace lintas

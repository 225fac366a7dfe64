#include "client/bulk_import.h"

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <limits>
#include <mutex>
#include <thread>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "server/base/status.h"

namespace lintas::client {
namespace {

constexpr uint64_t kNoEnd = std::numeric_limits<uint64_t>::max();
// A node answers a batch within a second; a line that is silent for so long while answers are due
// is taken for broken, and the import is resumed over another.
constexpr std::chrono::seconds kSilenceMax(10);

}  // namespace

// Rows that were sent in one message.
struct BulkImport::Batch {
  uint64_t first_row = 0;
  std::vector<uint64_t> lines;
  SubmitStream::Request request;

  uint64_t last_row() const { return first_row + lines.size() - 1; }
};

// An open stream and the thread that reads its results.
struct BulkImport::Line {
  explicit Line(std::unique_ptr<SubmitStream> opened)
      : stream(std::move(opened)), reader([this] { ReadAll(); }) {}

  ~Line() {
    stream->Cancel();
    reader.join();
  }

  void ReadAll() {
    SubmitStream::Response response;
    while (stream->Read(&response)) {
      const std::lock_guard<std::mutex> lock(mutex);
      responses.push_back(std::move(response));
      response.Clear();
      changed.notify_one();
    }
    const std::lock_guard<std::mutex> lock(mutex);
    ended = true;
    changed.notify_one();
  }

  // What has come in, after waiting for something if `wait`. Empty and ended: nothing more comes.
  // Empty and not ended after a wait: the line is silent.
  std::deque<SubmitStream::Response> Take(bool wait, bool* at_end) {
    std::unique_lock<std::mutex> lock(mutex);
    if (wait) changed.wait_for(lock, kSilenceMax, [this] { return ended || !responses.empty(); });
    *at_end = ended;
    return std::exchange(responses, {});
  }

  const std::unique_ptr<SubmitStream> stream;
  std::mutex mutex;
  std::condition_variable changed;
  std::deque<SubmitStream::Response> responses;
  bool ended = false;
  // The calling thread's own: the first message names the import.
  bool named = false;
  // Last, so that the members it uses are there when it starts.
  std::thread reader;
};

BulkImport::BulkImport(const Client* client, Options options, OnResult on_result)
    : client_(client), options_(std::move(options)), on_result_(std::move(on_result)) {}

BulkImport::~BulkImport() = default;

absl::StatusOr<uint64_t> BulkImport::AskCommitted() const {
  migration_information::v1::GetImportRequest request;
  request.set_import_id(options_.import_id);
  ASSIGN_OR_RETURN(const auto import, client_->GetImport(request));
  return import.committed_row();
}

absl::StatusOr<uint64_t> BulkImport::Start() {
  ASSIGN_OR_RETURN(const uint64_t committed, AskCommitted());
  decided_row_ = std::min(committed, options_.seen_row);
  next_row_ = decided_row_ + 1;
  repeated_rows_ = committed - decided_row_;
  return decided_row_;
}

absl::Status BulkImport::Add(BulkRow row) {
  waiting_.push_back(std::move(row));
  if (waiting_.size() < options_.batch_rows) return absl::OkStatus();
  return Pump(/*to_the_end=*/false);
}

absl::Status BulkImport::Finish() {
  RETURN_IF_ERROR(Pump(/*to_the_end=*/true));
  return line_ == nullptr ? absl::OkStatus() : Close();
}

absl::Status BulkImport::Pump(bool to_the_end) {
  while (to_the_end ? !waiting_.empty() || !in_flight_.empty()
                    : waiting_.size() >= options_.batch_rows) {
    const absl::Status status = Step(to_the_end);
    if (!status.ok()) RETURN_IF_ERROR(AfterBreak(status));
  }
  return absl::OkStatus();
}

absl::Status BulkImport::Step(bool to_the_end) {
  if (line_ == nullptr) return Open();
  RETURN_IF_ERROR(TakeResponses(/*wait=*/false));
  if (decided_row_ == end_row_) return Close();
  if (CanSend(to_the_end)) {
    Send();
    return absl::OkStatus();
  }
  // With everything decided no more responses come.
  return in_flight_.empty() ? absl::OkStatus() : TakeResponses(/*wait=*/true);
}

absl::Status BulkImport::Open() {
  ASSIGN_OR_RETURN(known_row_, AskCommitted());
  if (known_row_ < decided_row_) {
    return absl::DataLossError(absl::StrCat(
        "the node knows ", known_row_, " rows of the import and had confirmed ", decided_row_));
  }
  if (known_row_ > decided_row_) {
    stream_id_ = absl::StrCat(options_.import_id, ".again-", decided_row_, "-",
                              absl::BytesToHexString(client_->random().Bytes(4)));
    offset_ = decided_row_;
    end_row_ = known_row_;
  } else {
    stream_id_ = options_.import_id;
    offset_ = 0;
    end_row_ = kNoEnd;
  }
  line_ = std::make_unique<Line>(client_->Submit());
  return absl::OkStatus();
}

bool BulkImport::CanSend(bool to_the_end) const {
  if (waiting_.empty() || next_row_ > end_row_) return false;
  const uint64_t undecided = next_row_ - 1 - decided_row_;
  if (undecided > options_.batch_rows * (options_.batches_in_flight - 1)) return false;
  return to_the_end || waiting_.size() >= options_.batch_rows;
}

void BulkImport::Send() {
  const uint64_t room = end_row_ - next_row_ + 1;
  const size_t count =
      static_cast<size_t>(std::min<uint64_t>({options_.batch_rows, waiting_.size(), room}));
  Batch batch;
  batch.first_row = next_row_;
  batch.lines.reserve(count);
  if (!line_->named) {
    batch.request.set_import_id(stream_id_);
    batch.request.set_synthetic(options_.synthetic);
    line_->named = true;
  }
  for (size_t i = 0; i < count; ++i) {
    BulkRow& row = waiting_.front();
    auto* out = batch.request.add_rows();
    out->set_row_number(next_row_ - offset_);
    out->set_source_key(std::move(row.source_key));
    *out->mutable_record() = std::move(row.record);
    batch.lines.push_back(row.line);
    waiting_.pop_front();
    ++next_row_;
  }
  in_flight_.push_back(std::move(batch));
  // A failed write is a stream that ends: the reader sees it and the next Step says why.
  if (!line_->stream->Write(in_flight_.back().request)) line_->stream->Cancel();
}

absl::Status BulkImport::TakeResponses(bool wait) {
  bool at_end = false;
  const auto responses = line_->Take(wait, &at_end);
  for (const auto& response : responses) RETURN_IF_ERROR(Decide(response));
  if (wait && !at_end && responses.empty()) {
    return absl::UnavailableError("the node is silent; the import goes on over another connection");
  }
  if (!at_end || !responses.empty()) return absl::OkStatus();
  const absl::Status status = line_->stream->Finish();
  if (status.ok() || absl::IsCancelled(status)) {
    return absl::UnavailableError("the node ended the import before its end");
  }
  return status;
}

uint64_t BulkImport::LineOf(uint64_t row) const {
  for (const Batch& batch : in_flight_) {
    if (row >= batch.first_row && row <= batch.last_row())
      return batch.lines[row - batch.first_row];
  }
  return 0;
}

absl::Status BulkImport::Decide(const SubmitStream::Response& response) {
  const uint64_t row = offset_ + response.committed_row();
  if (row < decided_row_ || row >= next_row_) {
    return absl::InternalError("the node decided rows that were not sent");
  }
  ImportResult result;
  for (const auto& rejected : response.rejected_rows()) {
    Rejection rejection;
    rejection.line = LineOf(offset_ + rejected.row_number());
    if (rejection.line == 0)
      return absl::InternalError("the node rejected a row that was not sent");
    for (const auto& violation : rejected.violations()) {
      rejection.violations.push_back(
          {violation.field(), violation.rule(), violation.description()});
    }
    result.rejections.push_back(std::move(rejection));
  }
  counts_.created += response.created_count();
  counts_.revised += response.revised_count();
  counts_.unchanged += response.unchanged_count();
  counts_.home += response.home_count();
  counts_.rejected += result.rejections.size();
  if (row > decided_row_) breaks_ = 0;
  decided_row_ = row;
  while (!in_flight_.empty() && in_flight_.front().last_row() <= row) in_flight_.pop_front();
  result.decided_row = row;
  result.counts = counts_;
  return on_result_(result);
}

// Puts sent and undecided rows back in front of the waiting ones.
void BulkImport::TakeBack() {
  while (!in_flight_.empty()) {
    Batch& batch = in_flight_.back();
    for (size_t i = batch.lines.size(); i > 0; --i) {
      if (batch.first_row + i - 1 <= decided_row_) break;
      auto* row = batch.request.mutable_rows(static_cast<int>(i - 1));
      BulkRow back;
      back.line = batch.lines[i - 1];
      back.source_key = std::move(*row->mutable_source_key());
      back.record = std::move(*row->mutable_record());
      waiting_.push_front(std::move(back));
    }
    in_flight_.pop_back();
  }
  next_row_ = decided_row_ + 1;
}

absl::Status BulkImport::AfterBreak(const absl::Status& why) {
  TakeBack();
  line_.reset();
  if (!absl::IsUnavailable(why) || ++breaks_ > options_.breaks_max) return why;
  client_->SleepFor(Pause(client_->backoff(), breaks_, client_->random()));
  return absl::OkStatus();
}

// Everything that the open stream is for is decided: a break from here on loses nothing.
absl::Status BulkImport::Close() {
  line_->stream->WritesDone();
  bool at_end = false;
  while (!at_end) {
    const auto responses = line_->Take(/*wait=*/true, &at_end);
    for (const auto& response : responses) RETURN_IF_ERROR(Decide(response));
    if (!at_end && responses.empty()) line_->stream->Cancel();  // Silent: everything is decided.
  }
  const absl::Status status = line_->stream->Finish();
  line_.reset();
  return absl::IsUnavailable(status) || absl::IsCancelled(status) ? absl::OkStatus() : status;
}

}  // namespace lintas::client

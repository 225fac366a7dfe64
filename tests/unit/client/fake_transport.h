// A node in memory for the client's tests: unary methods are answered by functions, a bulk
// submission by a working import with commits, rejections and breaks on demand.
#ifndef LINTAS_TESTS_UNIT_CLIENT_FAKE_TRANSPORT_H_
#define LINTAS_TESTS_UNIT_CLIENT_FAKE_TRANSPORT_H_

#include <condition_variable>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include "client/transport.h"
#include "server/base/random.h"

namespace lintas::client {

// The same bytes in every run.
class CountingRandom : public Random {
 public:
  void Fill(void* out, size_t size) override {
    for (size_t i = 0; i < size; ++i) static_cast<unsigned char*>(out)[i] = next_++;
  }

 private:
  unsigned char next_ = 0;
};

// The import's side of the node: upserts by source key, durable rows by import id. A row whose
// document number is `BAD` is rejected.
class FakeNode {
 public:
  using Request = SubmitStream::Request;
  using Response = SubmitStream::Response;

  // Breaks the stream at the message that would commit this row; once.
  uint64_t break_at_row = 0;
  // The broken message is committed, but its result is lost.
  bool break_after_commit = false;
  // What came in.
  std::vector<size_t> message_sizes;
  std::vector<std::string> import_ids;
  bool synthetic = false;
  int streams = 0;
  // False after a row whose number does not follow the last committed one.
  bool contiguous = true;

  std::map<std::string, uint64_t> committed;
  std::map<std::string, std::string> by_source_key;

  // False: the stream breaks here and the response is lost.
  bool Take(const std::string& import_id, const Request& request, Response* response) {
    message_sizes.push_back(static_cast<size_t>(request.rows_size()));
    uint64_t& done = committed[import_id];
    const uint64_t last = request.rows(request.rows_size() - 1).row_number();
    const bool breaks =
        break_at_row != 0 && last >= break_at_row && import_id.find(".again-") == std::string::npos;
    if (breaks) break_at_row = 0;
    if (breaks && !break_after_commit) return false;
    for (const auto& row : request.rows()) {
      if (row.row_number() != done + 1) contiguous = false;
      done = row.row_number();
      Decide(row, response);
    }
    response->set_committed_row(done);
    return !breaks;
  }

 private:
  void Decide(const Request::Row& row, Response* response) {
    const std::string content = row.record().SerializeAsString();
    if (row.record().crossing().document().number() == "BAD") {
      auto* rejected = response->add_rejected_rows();
      rejected->set_row_number(row.row_number());
      auto* violation = rejected->add_violations();
      violation->set_field("crossing.document.number");
      violation->set_rule("DOCUMENT_NUMBER_FORM");
      violation->set_description("letters and digits");
      return;
    }
    const auto found = by_source_key.find(row.source_key());
    if (found == by_source_key.end()) {
      response->set_created_count(response->created_count() + 1);
    } else if (found->second == content) {
      response->set_unchanged_count(response->unchanged_count() + 1);
      return;
    } else {
      response->set_revised_count(response->revised_count() + 1);
    }
    by_source_key[row.source_key()] = content;
  }
};

class FakeStream : public SubmitStream {
 public:
  explicit FakeStream(FakeNode* node) : node_(node) { ++node->streams; }

  bool Write(const Request& request) override {
    const std::lock_guard<std::mutex> lock(mutex_);
    if (ended_) return false;
    if (!request.import_id().empty()) {
      import_id_ = request.import_id();
      node_->import_ids.push_back(import_id_);
      node_->synthetic = request.synthetic();
    }
    Response response;
    if (node_->Take(import_id_, request, &response)) {
      responses_.push_back(std::move(response));
    } else {
      ended_ = true;
      status_ = absl::UnavailableError("Socket closed");
    }
    changed_.notify_all();
    return !ended_;
  }
  void WritesDone() override { End(absl::OkStatus()); }
  bool Read(Response* response) override {
    std::unique_lock<std::mutex> lock(mutex_);
    changed_.wait(lock, [this] { return ended_ || !responses_.empty(); });
    if (responses_.empty()) return false;
    *response = std::move(responses_.front());
    responses_.pop_front();
    return true;
  }
  absl::Status Finish() override { return status_; }
  void Cancel() override { End(absl::CancelledError("cancelled")); }

 private:
  void End(absl::Status status) {
    const std::lock_guard<std::mutex> lock(mutex_);
    if (!ended_) status_ = std::move(status);
    ended_ = true;
    changed_.notify_all();
  }

  FakeNode* const node_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<Response> responses_;
  std::string import_id_;
  bool ended_ = false;
  absl::Status status_;
};

class FakeTransport : public Transport {
 public:
  using Answer = std::function<absl::Status(const google::protobuf::Message& request,
                                            google::protobuf::Message* response)>;

  explicit FakeTransport(FakeNode* node = nullptr) : node_(node) {}

  // Answers `method` (full name with slashes).
  std::map<std::string, Answer> answers;
  std::vector<std::string> calls;
  CallHeaders headers;

  absl::Status Unary(const std::string& method, const CallHeaders& sent, absl::Duration,
                     const google::protobuf::Message& request,
                     google::protobuf::Message* response) override {
    calls.push_back(method);
    headers = sent;
    const auto found = answers.find(method);
    if (found != answers.end()) return found->second(request, response);
    if (node_ == nullptr) return absl::UnimplementedError(method);
    using migration_information::v1::GetImportRequest;
    using migration_information::v1::Import;
    const auto& asked = dynamic_cast<const GetImportRequest&>(request);
    dynamic_cast<Import*>(response)->set_committed_row(node_->committed[asked.import_id()]);
    return absl::OkStatus();
  }
  std::unique_ptr<SubmitStream> Submit(const CallHeaders& sent) override {
    headers = sent;
    return std::make_unique<FakeStream>(node_);
  }

 private:
  FakeNode* const node_;
};

}  // namespace lintas::client

#endif  // LINTAS_TESTS_UNIT_CLIENT_FAKE_TRANSPORT_H_

#include "server/areas/migration_information/bulk_stream.h"

#include <mutex>
#include <utility>

#include "absl/strings/str_cat.h"
#include "lintas/migration_information/v1/migration_information.pb.h"
#include "server/base/error.h"
#include "server/records/bulk.h"

namespace lintas::migration_information {
namespace {

using google::protobuf::Message;

// Groups that may wait for the committer before the next message is taken.
constexpr int kGroupsInFlightMax = 4;

std::unique_ptr<v1::SubmitRecordsResponse> ResponseOf(const BulkResult& result) {
  auto response = std::make_unique<v1::SubmitRecordsResponse>();
  response->set_committed_row(result.committed_row);
  response->set_created_count(result.created);
  response->set_revised_count(result.revised);
  response->set_unchanged_count(result.unchanged);
  response->set_home_count(result.home);
  for (const BulkResult::Rejected& rejected : result.rejected) {
    auto* row = response->add_rejected_rows();
    row->set_row_number(rejected.row_number);
    for (const FieldViolation& violation : rejected.violations) {
      auto* out = row->add_violations();
      out->set_field(violation.field);
      out->set_rule(violation.rule);
      out->set_description(violation.description);
    }
  }
  return response;
}

// What the callbacks of one stream share; lives until the last of them came.
struct Shared {
  std::mutex mutex;
  StreamWriter write;
  int in_flight = 0;
  bool failed = false;
  absl::Status failure;
  std::function<void(absl::Status)> ready;   // The stream waits for a place.
  std::function<void(absl::Status)> finish;  // The client has half-closed.
  uint64_t rows = 0;
};

// After a group was answered: lets the stream go on, or ends it.
void Landed(const std::shared_ptr<Shared>& shared, const absl::Status& status) {
  std::function<void(absl::Status)> ready, finish;
  absl::Status outcome;
  {
    std::lock_guard<std::mutex> lock(shared->mutex);
    --shared->in_flight;
    if (!status.ok() && !shared->failed) {
      shared->failed = true;
      shared->failure = status;
    }
    outcome = shared->failure;
    if (shared->ready && (shared->in_flight < kGroupsInFlightMax || shared->failed)) {
      ready = std::exchange(shared->ready, nullptr);
    }
    if (shared->finish && shared->in_flight == 0) finish = std::exchange(shared->finish, nullptr);
  }
  if (ready) ready(outcome);
  if (finish) finish(outcome);
}

class BulkStream final : public StreamHandler {
 public:
  BulkStream(const Deps& deps, const Call& call, StreamWriter write)
      : deps_(deps), call_(call), shared_(std::make_shared<Shared>()) {
    shared_->write = std::move(write);
  }

  void OnMessage(std::unique_ptr<Message> message,
                 std::function<void(absl::Status)> ready) override {
    auto request = std::shared_ptr<v1::SubmitRecordsRequest>(
        static_cast<v1::SubmitRecordsRequest*>(message.release()));
    std::vector<BulkRow> rows;
    const absl::Status status = Prepare(*request, &rows);
    if (!status.ok()) return ready(status);
    {
      std::lock_guard<std::mutex> lock(shared_->mutex);
      ++shared_->in_flight;
      shared_->rows += rows.size();
    }
    const std::shared_ptr<Shared> shared = shared_;
    import_->Submit(
        std::move(rows),
        [shared, request, ready] {
          absl::Status outcome;
          {
            std::lock_guard<std::mutex> lock(shared->mutex);
            if (!shared->failed && shared->in_flight >= kGroupsInFlightMax) {
              shared->ready = ready;
              return;
            }
            outcome = shared->failure;
          }
          ready(outcome);
        },
        [shared, ready](absl::StatusOr<BulkResult> result) {
          if (result.ok()) {
            shared->write(ResponseOf(*result));
          } else if (ErrorReason(result.status()) == "ROW_NUMBERS_NOT_CONTIGUOUS") {
            // Nothing of the message was taken, so `prepared` does not come.
            Landed(shared, result.status());
            return ready(result.status());
          }
          Landed(shared, result.status());
        });
  }

  void OnEnd(std::function<void(absl::Status)> finish) override {
    absl::Status outcome;
    {
      std::lock_guard<std::mutex> lock(shared_->mutex);
      if (shared_->in_flight > 0) {
        shared_->finish = std::move(finish);
        return;
      }
      outcome = shared_->failure;
    }
    finish(outcome);
  }

  Disclosure disclosure() const override {
    std::lock_guard<std::mutex> lock(shared_->mutex);
    Disclosure disclosure;
    disclosure.record_count = shared_->rows;
    return disclosure;
  }

 private:
  absl::Status Prepare(const v1::SubmitRecordsRequest& request, std::vector<BulkRow>* rows) {
    if (import_ == nullptr) {
      if (request.import_id().empty() || request.import_id().size() > 100) {
        return FieldsError({{"import_id", "REQUIRED", "1 to 100 bytes, in the first message"}});
      }
      import_ = std::make_shared<BulkImport>(deps_.writer, call_, request.import_id(),
                                             request.synthetic());
    }
    if (request.rows_size() > kRowsPerMessageMax) {
      return FieldsError({{"rows", "TOO_MANY", "at most 1,000 rows a message"}});
    }
    const absl::Status charged = deps_.charge_rows(call_, request.rows_size());
    if (!charged.ok()) return charged;
    const RecordTypes& types = *deps_.reader->deps().types;
    rows->reserve(request.rows_size());
    for (const v1::SubmitRecordsRequest::Row& row : request.rows()) {
      const v1::AnyRecord& any = row.record();
      if (any.record_case() == v1::AnyRecord::RECORD_NOT_SET) {
        return FieldsError({{absl::StrCat("rows[", rows->size(), "].record"), "REQUIRED",
                             "one record of a known type"}});
      }
      const auto* field = any.GetDescriptor()->FindFieldByNumber(any.record_case());
      BulkRow out;
      out.row_number = row.row_number();
      out.source_key = row.source_key();
      out.record = &any.GetReflection()->GetMessage(any, field);
      out.type = types.ByDescriptor(field->message_type());
      rows->push_back(std::move(out));
    }
    return absl::OkStatus();
  }

  const Deps deps_;
  const Call call_;
  const std::shared_ptr<Shared> shared_;
  std::shared_ptr<BulkImport> import_;
};

}  // namespace

std::unique_ptr<StreamHandler> OpenBulkStream(const Deps& deps, const Call& call,
                                              StreamWriter write) {
  return std::make_unique<BulkStream>(deps, call, std::move(write));
}

}  // namespace lintas::migration_information

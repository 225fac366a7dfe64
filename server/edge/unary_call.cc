#include "server/edge/unary_call.h"

#include <memory>
#include <mutex>
#include <utility>

#include "server/edge/message_bytes.h"
#include "server/edge/status_mapping.h"

namespace lintas {
namespace {

using google::protobuf::Message;

class UnaryCall final : public grpc::ServerUnaryReactor,
                        public std::enable_shared_from_this<UnaryCall> {
 public:
  UnaryCall(const ServedMethod& served, grpc::CallbackServerContext* context,
            grpc::ByteBuffer* response)
      : served_(served), context_(context), response_(response), record_(BeginRecord(served)) {}

  void Start(const grpc::ByteBuffer& bytes) {
    self_ = shared_from_this();
    const Door& door = *served_.door;
    absl::StatusOr<Principal> principal = Authenticate(door.callers, *context_->auth_context());
    if (!principal.ok()) return End(principal.status(), nullptr);
    record_.role = std::string(RoleName(principal->role));
    Attempt attempt = door.admission->Admit(*principal, *served_.method, MetadataOf(*context_),
                                            door.clock->Now());
    record_.trace_id = attempt.call.trace_id;
    context_->AddTrailingMetadata(kTraceKey, record_.trace_id);
    request_.reset(served_.request_prototype->New());
    // A body that cannot be read is recorded like any other failure, but only of who may call.
    if (attempt.verdict.ok()) attempt.verdict = ParseStrictly(bytes, request_.get());
    door.admission->HandleUnary(*served_.method, std::move(attempt), *request_,
                                [self = self_](absl::StatusOr<std::unique_ptr<Message>> response) {
                                  if (!response.ok()) return self->End(response.status(), nullptr);
                                  self->End(absl::OkStatus(), response->get());
                                });
  }

  void OnCancel() override { End(absl::CancelledError("the caller has gone"), nullptr); }

  void OnDone() override { self_.reset(); }

 private:
  void End(const absl::Status& status, const Message* response) {
    std::lock_guard<std::mutex> lock(mutex_);
    // Cancelled before; context and response are gone or will be.
    if (ended_) return;
    ended_ = true;
    if (response != nullptr) *response_ = ToBytes(*response);
    const grpc::Status outcome = ToGrpcStatus(status, served_.domain);
    record_.End(outcome.error_code(), served_.door->clock, served_.door->metrics);
    Finish(outcome);
  }

  const ServedMethod& served_;
  grpc::CallbackServerContext* const context_;
  grpc::ByteBuffer* const response_;
  CallRecord record_;
  std::unique_ptr<Message> request_;
  // Until OnDone; late replies keep it longer.
  std::shared_ptr<UnaryCall> self_;
  std::mutex mutex_;
  bool ended_ = false;
};

}  // namespace

grpc::ServerUnaryReactor* StartUnaryCall(const ServedMethod& served,
                                         grpc::CallbackServerContext* context,
                                         const grpc::ByteBuffer* request,
                                         grpc::ByteBuffer* response) {
  auto call = std::make_shared<UnaryCall>(served, context, response);
  call->Start(*request);
  // Its own reference holds it: gRPC calls OnDone only after it was given the reactor.
  return call.get();
}

}  // namespace lintas

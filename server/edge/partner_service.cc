#include "server/edge/partner_service.h"

#include <grpcpp/impl/codegen/server_callback_handlers.h>
#include <grpcpp/impl/rpc_service_method.h>
#include <grpcpp/support/byte_buffer.h>
#include <grpcpp/support/server_callback.h>

#include <functional>
#include <memory>
#include <mutex>
#include <utility>

#include "server/edge/call_record.h"
#include "server/edge/message_bytes.h"
#include "server/edge/pull_call.h"
#include "server/edge/status_mapping.h"

namespace lintas {
namespace {

using google::protobuf::Message;
using grpc::ByteBuffer;
using grpc::CallbackServerContext;
namespace v1 = partner::v1;

using Answer = std::function<void(absl::StatusOr<std::unique_ptr<Message>>)>;

// Takes the answer of the port, whatever its message, to the call.
template <typename Response>
std::function<void(absl::StatusOr<Response>)> Forward(Answer answer) {
  return [answer = std::move(answer)](absl::StatusOr<Response> response) {
    if (!response.ok()) return answer(response.status());
    answer(std::unique_ptr<Message>(std::make_unique<Response>(*std::move(response))));
  };
}

// One unary call of the partner; finished once, at once if it is cancelled.
class PartnerCall final : public grpc::ServerUnaryReactor,
                          public std::enable_shared_from_this<PartnerCall> {
 public:
  PartnerCall(const PartnerDoor& door, std::string method, ByteBuffer* response)
      : door_(door), response_(response) {
    record_.method = std::move(method);
    record_.begin = door.clock->Now();
    record_.role = std::string(RoleName(Role::kNode));
  }

  void Start(CallbackServerContext* context, const ByteBuffer& bytes,
             std::unique_ptr<Message> request,
             const std::function<void(const Message&, Answer)>& handle) {
    self_ = shared_from_this();
    request_ = std::move(request);
    absl::Status status = door_.callers.principal(*context->auth_context()).status();
    if (status.ok()) status = ParseStrictly(bytes, request_.get());
    if (!status.ok()) return End(status, nullptr);
    handle(*request_, [self = self_](absl::StatusOr<std::unique_ptr<Message>> response) {
      if (!response.ok()) return self->End(response.status(), nullptr);
      self->End(absl::OkStatus(), response->get());
    });
  }

  void OnCancel() override { End(absl::CancelledError("the caller has gone"), nullptr); }
  void OnDone() override { self_.reset(); }

 private:
  void End(const absl::Status& status, const Message* response) {
    std::lock_guard<std::mutex> lock(mutex_);
    if (ended_) return;
    ended_ = true;
    if (response != nullptr) *response_ = ToBytes(*response);
    const grpc::Status outcome = ToGrpcStatus(status, kPartnerServiceName);
    record_.End(outcome.error_code(), door_.clock, door_.metrics);
    Finish(outcome);
  }

  const PartnerDoor& door_;
  ByteBuffer* const response_;
  CallRecord record_;
  std::unique_ptr<Message> request_;
  std::shared_ptr<PartnerCall> self_;
  std::mutex mutex_;
  bool ended_ = false;
};

template <typename Request>
grpc::internal::MethodHandler* UnaryOf(const PartnerDoor* door, const char* path,
                                       std::function<void(const Request&, Answer)> handle) {
  auto untyped = [handle = std::move(handle)](const Message& request, Answer answer) {
    handle(static_cast<const Request&>(request), std::move(answer));
  };
  return new grpc::internal::CallbackUnaryHandler<ByteBuffer, ByteBuffer>(
      [door, path, untyped = std::move(untyped)](CallbackServerContext* context,
                                                 const ByteBuffer* request, ByteBuffer* response) {
        auto call = std::make_shared<PartnerCall>(*door, path + 1, response);
        call->Start(context, *request, std::make_unique<Request>(), untyped);
        return call.get();
      });
}

constexpr char kGreetPath[] = "/lintas.partner.v1.PartnerService/Greet";
constexpr char kPullPath[] = "/lintas.partner.v1.PartnerService/Pull";
constexpr char kCosignPath[] = "/lintas.partner.v1.PartnerService/Cosign";
constexpr char kAskPath[] = "/lintas.partner.v1.PartnerService/Ask";
constexpr char kFetchPath[] = "/lintas.partner.v1.PartnerService/FetchAttachment";

}  // namespace

PartnerGrpcService::PartnerGrpcService(const PartnerDoor* door) {
  using grpc::internal::RpcMethod;
  using grpc::internal::RpcServiceMethod;
  AddMethod(new RpcServiceMethod(kGreetPath, RpcMethod::NORMAL_RPC, nullptr));
  AddMethod(new RpcServiceMethod(kPullPath, RpcMethod::SERVER_STREAMING, nullptr));
  AddMethod(new RpcServiceMethod(kCosignPath, RpcMethod::NORMAL_RPC, nullptr));
  AddMethod(new RpcServiceMethod(kAskPath, RpcMethod::NORMAL_RPC, nullptr));
  AddMethod(new RpcServiceMethod(kFetchPath, RpcMethod::NORMAL_RPC, nullptr));
  MarkMethodRawCallback(
      0, UnaryOf<v1::GreetRequest>(
             door, kGreetPath, [door](const v1::GreetRequest& request, Answer answer) {
               Forward<v1::GreetResponse>(std::move(answer))(door->port->Greet(request));
             }));
  MarkMethodRawCallback(1,
                        new grpc::internal::CallbackServerStreamingHandler<ByteBuffer, ByteBuffer>(
                            [door](CallbackServerContext* context, const ByteBuffer* request) {
                              return StartPullCall(*door, context, *request);
                            }));
  MarkMethodRawCallback(
      2, UnaryOf<v1::CosignRequest>(
             door, kCosignPath, [door](const v1::CosignRequest& request, Answer answer) {
               door->port->Cosign(request, door->clock->Now(),
                                  Forward<v1::CosignResponse>(std::move(answer)));
             }));
  MarkMethodRawCallback(
      3, UnaryOf<v1::SignedQuestion>(
             door, kAskPath, [door](const v1::SignedQuestion& question, Answer answer) {
               door->port->Ask(question, door->clock->Now(),
                               Forward<v1::SignedAnswer>(std::move(answer)));
             }));
  MarkMethodRawCallback(
      4, UnaryOf<v1::FetchAttachmentRequest>(
             door, kFetchPath, [door](const v1::FetchAttachmentRequest& request, Answer answer) {
               Forward<v1::FetchAttachmentResponse>(std::move(answer))(
                   door->port->FetchAttachment(request));
             }));
}

}  // namespace lintas

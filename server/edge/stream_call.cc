#include "server/edge/stream_call.h"

#include <grpcpp/alarm.h>

#include <chrono>
#include <deque>
#include <memory>
#include <mutex>
#include <utility>

#include "absl/types/optional.h"
#include "server/edge/message_bytes.h"
#include "server/edge/status_mapping.h"

namespace lintas {
namespace {

using google::protobuf::Message;
using Reactor = grpc::ServerBidiReactor<grpc::ByteBuffer, grpc::ByteBuffer>;

class StreamCall final : public Reactor, public std::enable_shared_from_this<StreamCall> {
 public:
  StreamCall(const ServedMethod& served, grpc::CallbackServerContext* context)
      : served_(served),
        context_(context),
        auth_context_(context->auth_context()),
        record_(BeginRecord(served)) {}

  void Start() {
    self_ = shared_from_this();
    const Door& door = *served_.door;
    absl::StatusOr<Principal> principal = Authenticate(door.callers, *auth_context_);
    if (!principal.ok()) return End(principal.status(), Queue::kDrop);
    record_.role = std::string(RoleName(principal->role));
    Attempt attempt = door.admission->Admit(*principal, *served_.method, MetadataOf(*context_),
                                            door.clock->Now());
    record_.trace_id = attempt.call.trace_id;
    context_->AddTrailingMetadata(kTraceKey, record_.trace_id);
    if (door.callers.watch) {
      unwatch_ = door.callers.watch(*auth_context_, [self = self_](const absl::Status& why) {
        self->End(why, Queue::kDrop);
      });
    }
    door.admission->OpenStream(
        *served_.method, std::move(attempt),
        [self = self_](std::unique_ptr<Message> response) { self->Write(*response); },
        [self = self_](absl::StatusOr<std::unique_ptr<StreamHandler>> handler) {
          self->Opened(std::move(handler));
        });
  }

  void OnReadDone(bool ok) override {
    {
      std::lock_guard<std::mutex> lock(mutex_);
      reading_ = false;
      if (outcome_.has_value()) return;
      if (!ok) half_closed_ = true;
    }
    // handler_ stays until OnDone, which gRPC calls after this has returned.
    if (ok) return TakeMessage();
    if (context_->IsCancelled()) return;  // OnCancel ends it.
    handler_->OnEnd(
        [self = self_](const absl::Status& status) { self->End(status, Queue::kSend); });
  }

  void OnWriteDone(bool ok) override {
    // Stays until OnDone, which gRPC calls after this has returned.
    StreamHandler* written_all = nullptr;
    {
      std::lock_guard<std::mutex> lock(mutex_);
      writing_ = false;
      if (!ok) queue_.clear();  // The client is gone; OnCancel comes.
      if (ok && queue_.empty() && !outcome_.has_value()) written_all = handler_.get();
      Proceed();
    }
    if (written_all != nullptr) written_all->OnWritten();
  }

  void OnCancel() override { End(absl::CancelledError("the stream was cut"), Queue::kDrop); }

  void OnDone() override {
    // Not while holding the mutex: both may wait for callbacks that take it.
    if (unwatch_) unwatch_();
    std::unique_ptr<StreamHandler> handler;
    {
      std::lock_guard<std::mutex> lock(mutex_);
      handler = std::move(handler_);
    }
    handler.reset();
    self_.reset();
  }

 private:
  enum class Queue {
    kSend,  // What was answered still goes out.
    kDrop,
  };

  void Opened(absl::StatusOr<std::unique_ptr<StreamHandler>> handler) {
    if (!handler.ok()) return End(handler.status(), Queue::kDrop);
    std::lock_guard<std::mutex> lock(mutex_);
    // Ended meanwhile, perhaps as far as OnDone: the caller's handler goes when this returns.
    if (outcome_.has_value()) return;
    handler_ = std::move(*handler);
    ready_ = true;
    Proceed();
  }

  void TakeMessage() {
    // G5, before anything is done with the message.
    absl::StatusOr<Principal> principal = Authenticate(served_.door->callers, *auth_context_);
    if (!principal.ok()) return End(principal.status(), Queue::kDrop);
    std::unique_ptr<Message> message(served_.request_prototype->New());
    const absl::Status parsed = ParseStrictly(incoming_, message.get());
    if (!parsed.ok()) return End(parsed, Queue::kSend);
    incoming_.Clear();
    handler_->OnMessage(std::move(message), [self = self_](const absl::Status& status) {
      if (!status.ok()) return self->End(status, Queue::kSend);
      std::lock_guard<std::mutex> lock(self->mutex_);
      self->ready_ = true;
      self->Proceed();
    });
  }

  void Write(const Message& response) {
    grpc::ByteBuffer bytes = ToBytes(response);
    std::lock_guard<std::mutex> lock(mutex_);
    if (outcome_.has_value()) return;
    queue_.push_back(std::move(bytes));
    Proceed();
  }

  void End(const absl::Status& status, Queue queue) {
    std::lock_guard<std::mutex> lock(mutex_);
    if (!outcome_.has_value()) outcome_ = status;
    if (queue == Queue::kDrop) queue_.clear();
    if (queue == Queue::kDrop && writing_ && !ended_) CancelIfStalled();
    Proceed();
  }

  // A client that does not read would hold the write, and with it the end, for ever. One that does
  // gets to know why it was cut.
  void CancelIfStalled() {
    if (stalling_) return;
    stalling_ = true;
    stalled_.Set(std::chrono::system_clock::now() + kStalledWriteMax,
                 [weak = weak_from_this()](bool) {
                   const std::shared_ptr<StreamCall> self = weak.lock();
                   if (self == nullptr) return;
                   std::lock_guard<std::mutex> lock(self->mutex_);
                   if (!self->ended_) self->context_->TryCancel();
                 });
  }

  // Starts what can be started; with the mutex held. gRPC calls back on its own threads, never from
  // inside StartRead, StartWrite and Finish.
  void Proceed() {
    if (ended_) return;
    if (!writing_ && !queue_.empty()) {
      writing_ = true;
      outgoing_ = std::move(queue_.front());
      queue_.pop_front();
      StartWrite(&outgoing_);
    }
    if (outcome_.has_value()) {
      if (writing_) return;
      ended_ = true;
      const grpc::Status outcome = ToGrpcStatus(*outcome_, served_.domain);
      record_.End(outcome.error_code(), served_.door->clock, served_.door->metrics);
      Finish(outcome);
      return;
    }
    if (ready_ && !reading_ && !half_closed_ && queue_.size() <= kQueuedResponsesMax) {
      ready_ = false;
      reading_ = true;
      StartRead(&incoming_);
    }
  }

  const ServedMethod& served_;
  grpc::CallbackServerContext* const context_;
  const std::shared_ptr<const grpc::AuthContext> auth_context_;
  CallRecord record_;
  std::function<void()> unwatch_;
  // Until OnDone; late callbacks keep it longer.
  std::shared_ptr<StreamCall> self_;
  grpc::Alarm stalled_;

  std::mutex mutex_;
  std::unique_ptr<StreamHandler> handler_;
  std::deque<grpc::ByteBuffer> queue_;
  grpc::ByteBuffer incoming_, outgoing_;
  bool ready_ = false;  // The handler can take a message.
  bool reading_ = false;
  bool writing_ = false;
  bool half_closed_ = false;
  absl::optional<absl::Status> outcome_;  // Set once: no more reads.
  bool stalling_ = false;                 // The alarm is set.
  bool ended_ = false;                    // Finish was called.
};

}  // namespace

grpc::ServerBidiReactor<grpc::ByteBuffer, grpc::ByteBuffer>* StartStreamCall(
    const ServedMethod& served, grpc::CallbackServerContext* context) {
  auto call = std::make_shared<StreamCall>(served, context);
  call->Start();
  return call.get();
}

}  // namespace lintas

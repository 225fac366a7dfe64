#include "server/edge/pull_call.h"

#include <grpcpp/alarm.h>

#include <chrono>
#include <deque>
#include <memory>
#include <mutex>
#include <utility>

#include "server/edge/call_record.h"
#include "server/edge/message_bytes.h"
#include "server/edge/status_mapping.h"

namespace lintas {
namespace {

class PullCall final : public grpc::ServerWriteReactor<grpc::ByteBuffer>,
                       public PumpedStream,
                       public std::enable_shared_from_this<PullCall> {
 public:
  PullCall(const PartnerDoor& door, grpc::CallbackServerContext* context)
      : door_(door), context_(context), pump_(door.pump) {
    record_.method = std::string(kPartnerServiceName) + "/Pull";
    record_.begin = door.clock->Now();
    record_.role = std::string(RoleName(Role::kNode));
    last_sent_ = record_.begin;
  }

  void Start(const grpc::ByteBuffer& bytes) {
    self_ = shared_from_this();
    absl::Status status = door_.callers.principal(*context_->auth_context()).status();
    if (status.ok()) status = ParseStrictly(bytes, &request_);
    if (!status.ok()) return End(status);
    if (door_.callers.watch) {
      unwatch_ = door_.callers.watch(*context_->auth_context(),
                                     [self = self_](const absl::Status& why) { self->End(why); });
    }
    pump_->Add(self_);
  }

  void OnWriteDone(bool ok) override {
    {
      std::lock_guard<std::mutex> lock(mutex_);
      writing_ = false;
      // The line is broken; OnCancel comes, and the outcome is the same.
      if (!ok && !stopped_) StopLocked(absl::CancelledError("the line broke"));
      Proceed();
    }
    pump_->Wake(this);
  }

  void OnCancel() override { End(absl::CancelledError("the pull was cut")); }

  void OnDone() override {
    if (unwatch_) unwatch_();
    pump_->Remove(this);
    self_.reset();
  }

  void Pump(absl::Time now) override {
    while (HasRoom()) {
      absl::StatusOr<absl::optional<partner::v1::Frame>> frame = Next(now);
      if (!frame.ok()) return End(frame.status());
      if (!frame->has_value()) return;
      Send(**frame, now);
    }
  }

  void Beat(absl::Time now) override {
    {
      std::lock_guard<std::mutex> lock(mutex_);
      if (stopped_ || writing_ || !ahead_.empty() || now < last_sent_ + kHeartbeatEvery) return;
    }
    partner::v1::Frame heartbeat;
    heartbeat.set_heartbeat(true);
    Send(heartbeat, now);
  }

 private:
  // The source belongs to the pump's thread.
  absl::StatusOr<absl::optional<partner::v1::Frame>> Next(absl::Time now) {
    if (source_ == nullptr) {
      absl::StatusOr<std::unique_ptr<FrameSource>> opened = door_.port->OpenPull(request_);
      if (!opened.ok()) return opened.status();
      source_ = *std::move(opened);
    }
    return source_->Next(now);
  }

  bool HasRoom() {
    std::lock_guard<std::mutex> lock(mutex_);
    return !stopped_ && ahead_.size() < kFramesAhead;
  }

  void Send(const partner::v1::Frame& frame, absl::Time now) {
    grpc::ByteBuffer bytes = ToBytes(frame);
    std::lock_guard<std::mutex> lock(mutex_);
    if (stopped_) return;
    last_sent_ = now;
    ahead_.push_back(std::move(bytes));
    Proceed();
  }

  void End(const absl::Status& status) {
    std::lock_guard<std::mutex> lock(mutex_);
    if (stopped_) return;
    StopLocked(status);
    Proceed();
  }

  void StopLocked(const absl::Status& status) {
    stopped_ = true;
    outcome_ = status;
    ahead_.clear();
    if (writing_) CancelIfStalled();
  }

  // A partner that does not read would hold the write, and with it the end, for ever. One that does
  // gets to know why it was cut.
  void CancelIfStalled() {
    stalled_.Set(std::chrono::system_clock::now() + kStalledWriteMax,
                 [weak = weak_from_this()](bool) {
                   const std::shared_ptr<PullCall> self = weak.lock();
                   if (self == nullptr) return;
                   std::lock_guard<std::mutex> lock(self->mutex_);
                   if (!self->ended_) self->context_->TryCancel();
                 });
  }

  // With the mutex held.
  void Proceed() {
    if (writing_ || ended_) return;
    if (stopped_) {
      ended_ = true;
      const grpc::Status outcome = ToGrpcStatus(outcome_, kPartnerServiceName);
      record_.End(outcome.error_code(), door_.clock, door_.metrics);
      Finish(outcome);
      return;
    }
    if (ahead_.empty()) return;
    writing_ = true;
    outgoing_ = std::move(ahead_.front());
    ahead_.pop_front();
    StartWrite(&outgoing_);
  }

  const PartnerDoor& door_;
  grpc::CallbackServerContext* const context_;
  PullPump* const pump_;
  CallRecord record_;
  partner::v1::PullRequest request_;
  std::unique_ptr<FrameSource> source_;
  std::function<void()> unwatch_;
  std::shared_ptr<PullCall> self_;
  grpc::Alarm stalled_;

  std::mutex mutex_;
  std::deque<grpc::ByteBuffer> ahead_;
  grpc::ByteBuffer outgoing_;
  absl::Time last_sent_;
  absl::Status outcome_;
  bool writing_ = false;
  bool stopped_ = false;  // Nothing more is sent; `outcome_` says why.
  bool ended_ = false;    // Finish was called.
};

}  // namespace

grpc::ServerWriteReactor<grpc::ByteBuffer>* StartPullCall(const PartnerDoor& door,
                                                          grpc::CallbackServerContext* context,
                                                          const grpc::ByteBuffer& request) {
  auto call = std::make_shared<PullCall>(door, context);
  call->Start(request);
  return call.get();
}

}  // namespace lintas

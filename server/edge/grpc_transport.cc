#include "server/edge/grpc_transport.h"

#include <grpcpp/client_context.h>
#include <grpcpp/create_channel.h>
#include <grpcpp/support/client_callback.h>

#include <condition_variable>
#include <mutex>
#include <set>
#include <thread>
#include <utility>

#include "lintas/partner/v1/partner.grpc.pb.h"
#include "server/base/check.h"
#include "server/base/error.h"
#include "server/edge/status_mapping.h"
#include "server/edge/tls/credentials.h"

namespace lintas {
namespace {

using partner::v1::Frame;
using partner::v1::PartnerService;

// The calls of one transport. A call holds its channel, and a channel must not be let go of by a
// thread of gRPC: it would wait for itself to end. So whoever ends the transport waits here until
// no call holds it any more, not only until the callbacks have come.
class OpenCalls {
 public:
  void Begin() {
    std::lock_guard<std::mutex> lock(mutex_);
    ++count_;
  }
  // After the call's context is destroyed.
  void End() {
    std::lock_guard<std::mutex> lock(mutex_);
    --count_;
    // Under the lock: the one who waits destroys this object next.
    changed_.notify_all();
  }
  // Between these two the context may be cancelled from here.
  void Add(grpc::ClientContext* context) {
    std::lock_guard<std::mutex> lock(mutex_);
    contexts_.insert(context);
  }
  void Remove(grpc::ClientContext* context) {
    std::lock_guard<std::mutex> lock(mutex_);
    contexts_.erase(context);
  }
  void CancelAndWait() {
    std::unique_lock<std::mutex> lock(mutex_);
    for (grpc::ClientContext* context : contexts_) context->TryCancel();
    changed_.wait(lock, [this] { return count_ == 0; });
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  std::set<grpc::ClientContext*> contexts_;
  size_t count_ = 0;
};

template <typename Request, typename Response>
struct UnaryState {
  grpc::ClientContext context;
  Request request;
  Response response;
};

// Calls `method` of the stub; `done` comes once, from a thread of gRPC.
template <typename Request, typename Response, typename Start>
void CallUnary(OpenCalls* open, const Request& request, absl::Time deadline, Start start,
               std::function<void(absl::StatusOr<Response>)> done) {
  // Owned by the callback; raw, since gRPC keeps a copy of the callback for longer than its call.
  auto* state = new UnaryState<Request, Response>;
  state->request = request;
  if (deadline != absl::InfiniteFuture()) {
    state->context.set_deadline(absl::ToChronoTime(deadline));
  }
  open->Begin();
  open->Add(&state->context);
  start(&state->context, &state->request, &state->response,
        [open, state, done = std::move(done)](const grpc::Status& status) {
          open->Remove(&state->context);
          const absl::Status outcome = FromGrpcStatus(status);
          if (outcome.ok()) {
            done(std::move(state->response));
          } else {
            done(outcome);
          }
          delete state;
          open->End();
        });
}

// A few frames.
constexpr int kReadChunkBytesMax = 256 << 10;

using ReadDone = std::function<void(absl::StatusOr<Frame>)>;

// The gRPC side of a pull; keeps itself until gRPC is done with it, whatever its PullStream does.
class FrameReader final : public grpc::ClientReadReactor<Frame>,
                          public std::enable_shared_from_this<FrameReader> {
 public:
  explicit FrameReader(OpenCalls* open) : open_(open) { open_->Begin(); }
  ~FrameReader() override {
    context_.reset();
    open_->End();
  }

  void Start(PartnerService::Stub* stub, const partner::v1::PullRequest& request) {
    self_ = shared_from_this();
    request_ = request;
    stub->async()->Pull(context_.get(), &request_, this);
    // Without it gRPC would end the call while nobody reads, and a later read would be too late.
    AddHold();
    StartCall();
  }

  void Read(ReadDone done) {
    std::lock_guard<std::mutex> lock(mutex_);
    LINTAS_CHECK(done_ == nullptr);
    LINTAS_CHECK(held_);
    done_ = std::move(done);
    StartRead(&frame_);
  }

  // No callback runs after this returns, but for the one that this is called from.
  void Abandon() {
    // What it captures is let go of after the lock.
    ReadDone dropped;
    std::unique_lock<std::mutex> lock(mutex_);
    abandoned_ = true;
    dropped = std::exchange(done_, nullptr);
    context_->TryCancel();
    if (held_) {
      held_ = false;
      RemoveHold();
    }
    idle_.wait(lock, [this] { return !calling_ || caller_ == std::this_thread::get_id(); });
  }

  void OnReadDone(bool ok) override {
    if (ok) return Deliver(std::move(frame_));
    std::lock_guard<std::mutex> lock(mutex_);
    if (!held_) return;
    held_ = false;
    RemoveHold();
  }

  void OnDone(const grpc::Status& status) override {
    absl::Status outcome = FromGrpcStatus(status);
    if (outcome.ok()) {
      outcome = MakeError(absl::StatusCode::kUnavailable, "LINE", "the partner ended the stream");
    }
    Deliver(outcome);
    self_.reset();
  }

 private:
  void Deliver(absl::StatusOr<Frame> frame) {
    ReadDone done;
    {
      std::lock_guard<std::mutex> lock(mutex_);
      if (abandoned_ || done_ == nullptr) return;
      done = std::exchange(done_, nullptr);
      calling_ = true;
      caller_ = std::this_thread::get_id();
    }
    done(std::move(frame));
    done = nullptr;
    std::lock_guard<std::mutex> lock(mutex_);
    calling_ = false;
    idle_.notify_all();
  }

  OpenCalls* const open_;
  std::unique_ptr<grpc::ClientContext> context_ = std::make_unique<grpc::ClientContext>();
  partner::v1::PullRequest request_;
  Frame frame_;
  std::shared_ptr<FrameReader> self_;

  std::mutex mutex_;
  std::condition_variable idle_;
  ReadDone done_;
  bool held_ = true;
  bool abandoned_ = false;
  bool calling_ = false;
  std::thread::id caller_;
};

class GrpcPullStream final : public PullStream {
 public:
  explicit GrpcPullStream(std::shared_ptr<FrameReader> reader) : reader_(std::move(reader)) {}
  ~GrpcPullStream() override { reader_->Abandon(); }
  void Read(ReadDone done) override { reader_->Read(std::move(done)); }

 private:
  const std::shared_ptr<FrameReader> reader_;
};

std::unique_ptr<PartnerService::Stub> Connect(
    const std::string& address, const std::shared_ptr<grpc::ChannelCredentials>& credentials) {
  grpc::ChannelArguments arguments = ClientArguments();
  // Channels with equal arguments would share one connection.
  arguments.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);
  arguments.SetInt(GRPC_ARG_INITIAL_RECONNECT_BACKOFF_MS, 200);
  arguments.SetInt(GRPC_ARG_MIN_RECONNECT_BACKOFF_MS, 1000);
  arguments.SetInt(GRPC_ARG_MAX_RECONNECT_BACKOFF_MS, 10000);
  // gRPC would grow its reads to megabytes, which malloc faults in anew each time: a pull of 64 KiB
  // frames then runs at a fifth of its rate for seconds.
  arguments.SetInt(GRPC_ARG_TCP_MAX_READ_CHUNK_SIZE, kReadChunkBytesMax);
  // The link alone decides when a call is made again.
  arguments.SetInt(GRPC_ARG_ENABLE_RETRIES, 0);
  return PartnerService::NewStub(grpc::CreateCustomChannel(address, credentials, arguments));
}

}  // namespace

struct GrpcPartnerTransport::Rep {
  std::unique_ptr<PartnerService::Stub> bulk, questions;
  OpenCalls open;
};

GrpcPartnerTransport::GrpcPartnerTransport(
    const std::string& address, const std::shared_ptr<grpc::ChannelCredentials>& credentials)
    : rep_(std::make_unique<Rep>()) {
  rep_->bulk = Connect(address, credentials);
  rep_->questions = Connect(address, credentials);
}

GrpcPartnerTransport::~GrpcPartnerTransport() { rep_->open.CancelAndWait(); }

void GrpcPartnerTransport::Greet(
    const partner::v1::GreetRequest& request, absl::Time deadline,
    std::function<void(absl::StatusOr<partner::v1::GreetResponse>)> done) {
  CallUnary<partner::v1::GreetRequest, partner::v1::GreetResponse>(
      &rep_->open, request, deadline,
      [this](auto... arguments) { rep_->bulk->async()->Greet(arguments...); }, std::move(done));
}

std::unique_ptr<PullStream> GrpcPartnerTransport::Pull(const partner::v1::PullRequest& request) {
  auto reader = std::make_shared<FrameReader>(&rep_->open);
  reader->Start(rep_->bulk.get(), request);
  return std::make_unique<GrpcPullStream>(std::move(reader));
}

void GrpcPartnerTransport::Cosign(
    const partner::v1::CosignRequest& request, absl::Time deadline,
    std::function<void(absl::StatusOr<partner::v1::CosignResponse>)> done) {
  CallUnary<partner::v1::CosignRequest, partner::v1::CosignResponse>(
      &rep_->open, request, deadline,
      [this](auto... arguments) { rep_->bulk->async()->Cosign(arguments...); }, std::move(done));
}

void GrpcPartnerTransport::FetchAttachment(
    const partner::v1::FetchAttachmentRequest& request, absl::Time deadline,
    std::function<void(absl::StatusOr<partner::v1::FetchAttachmentResponse>)> done) {
  CallUnary<partner::v1::FetchAttachmentRequest, partner::v1::FetchAttachmentResponse>(
      &rep_->open, request, deadline,
      [this](auto... arguments) { rep_->bulk->async()->FetchAttachment(arguments...); },
      std::move(done));
}

void GrpcPartnerTransport::Ask(
    const partner::v1::SignedQuestion& question, absl::Time deadline,
    std::function<void(absl::StatusOr<partner::v1::SignedAnswer>)> done) {
  CallUnary<partner::v1::SignedQuestion, partner::v1::SignedAnswer>(
      &rep_->open, question, deadline,
      [this](auto... arguments) { rep_->questions->async()->Ask(arguments...); }, std::move(done));
}

}  // namespace lintas

#include "tests/simulation/network.h"

#include <algorithm>
#include <utility>

namespace lintas::simulation {
namespace {

constexpr int kFramesInFlightMax = 4;
constexpr absl::Duration kKeepAlive = absl::Minutes(1);

}  // namespace

struct SimNetwork::Stream {
  int client = 0, server = 0;
  uint64_t client_epoch = 0, server_epoch = 0;
  bool closed = false;  // By the client, or dead with it.
  bool stuck = false;   // Nothing arrives any more, and nobody is told.
  bool ended = false;   // The server's last word is on its way.
  int in_flight = 0;    // Sent and not yet read: the window of back-pressure.
  std::unique_ptr<ServedPull> served;
  absl::Time last_sent, last_arrival = absl::InfinitePast();
  std::deque<absl::StatusOr<partner::v1::Frame>> ready;
  std::function<void(absl::StatusOr<partner::v1::Frame>)> read;
};

class SimNetwork::Pull final : public PullStream {
 public:
  Pull(SimNetwork* network, StreamPtr stream) : network_(network), stream_(std::move(stream)) {}
  ~Pull() override {
    stream_->closed = true;
    stream_->read = nullptr;
  }
  void Read(std::function<void(absl::StatusOr<partner::v1::Frame>)> done) override {
    stream_->read = std::move(done);
    if (stream_->ready.empty()) return;
    network_->At(*network_->world_,
                 [network = network_, stream = stream_] { network->Deliver(stream); });
  }

 private:
  SimNetwork* const network_;
  const StreamPtr stream_;
};

class SimNetwork::Transport final : public PartnerTransport {
 public:
  Transport(SimNetwork* network, int from) : network_(network), from_(from) {}

  void Greet(const partner::v1::GreetRequest&, absl::Time deadline,
             std::function<void(absl::StatusOr<partner::v1::GreetResponse>)> done) override {
    network_->Unary<partner::v1::GreetResponse>(
        from_, deadline,
        [](const Endpoint& to, const auto& reply) { reply(to.node->exchange_server().Greet()); },
        std::move(done));
  }

  std::unique_ptr<PullStream> Pull(const partner::v1::PullRequest& request) override {
    auto stream = std::make_shared<Stream>();
    stream->client = from_;
    stream->server = 1 - from_;
    stream->client_epoch = network_->endpoints_[from_].epoch;
    network_->OpenStream(stream, request);
    return std::make_unique<SimNetwork::Pull>(network_, stream);
  }

  void Cosign(const partner::v1::CosignRequest& request, absl::Time deadline,
              std::function<void(absl::StatusOr<partner::v1::CosignResponse>)> done) override {
    const bool withheld = network_->withholding_[from_];
    network_->Unary<partner::v1::CosignResponse>(
        from_, deadline,
        [request, withheld](const Endpoint& to, const auto& reply) {
          if (!withheld) to.node->exchange_server().Cosign(request, to.clock->Now(), reply);
        },
        std::move(done));
  }

  void FetchAttachment(
      const partner::v1::FetchAttachmentRequest& request, absl::Time deadline,
      std::function<void(absl::StatusOr<partner::v1::FetchAttachmentResponse>)> done) override {
    network_->Unary<partner::v1::FetchAttachmentResponse>(
        from_, deadline,
        [request](const Endpoint& to, const auto& reply) {
          reply(to.node->attachment_server().Fetch(request));
        },
        std::move(done));
  }

  void Ask(const partner::v1::SignedQuestion& question, absl::Time deadline,
           std::function<void(absl::StatusOr<partner::v1::SignedAnswer>)> done) override {
    network_->Unary<partner::v1::SignedAnswer>(
        from_, deadline,
        [question](const Endpoint& to, const auto& reply) {
          to.node->questions().AnswerPartner(question, to.clock->Now(), reply);
        },
        std::move(done));
  }

 private:
  SimNetwork* const network_;
  const int from_;
};

std::unique_ptr<PartnerTransport> SimNetwork::MakeTransport(int from) {
  return std::make_unique<Transport>(this, from);
}

void SimNetwork::StopFaults() {
  faults_ = NetworkFaults();
  for (int i = 0; i < 2; ++i) silent_[i] = withholding_[i] = false;
}

absl::Duration SimNetwork::Delay() {
  const int64_t least = absl::ToInt64Microseconds(faults_.delay_min);
  const int64_t most = absl::ToInt64Microseconds(faults_.delay_max);
  return absl::Microseconds(least + static_cast<int64_t>(random_->Below(most - least + 1)));
}

void SimNetwork::At(absl::Time time, std::function<void()> event) {
  events_.emplace(time, std::move(event));
}

void SimNetwork::Send(int from, std::function<void()> arrive, bool may_repeat) {
  if (silent_[from] || random_->Chance(faults_.lost)) return;
  if (may_repeat && random_->Chance(faults_.repeated)) At(*world_ + Delay(), arrive);
  At(*world_ + Delay(), std::move(arrive));
}

template <typename Response, typename Serve>
void SimNetwork::Unary(int from, absl::Time deadline, Serve serve,
                       std::function<void(absl::StatusOr<Response>)> done) {
  const uint64_t epoch = endpoints_[from].epoch;
  auto once = std::make_shared<std::function<void(absl::StatusOr<Response>)>>(std::move(done));
  const std::function<void(absl::StatusOr<Response>)> finish =
      [this, from, epoch, once](absl::StatusOr<Response> response) {
        if (!*once || !Alive(from, epoch)) return;
        const auto call = std::exchange(*once, nullptr);
        call(std::move(response));
      };
  // The caller waits by its own clock; if that was set back meanwhile, until keep-alive finds the
  // line dead.
  const absl::Duration patience =
      std::clamp(deadline - endpoints_[from].clock->Now(), absl::Milliseconds(1), kKeepAlive);
  At(*world_ + patience, [finish] { finish(absl::UnavailableError("no answer by the deadline")); });
  const int to = 1 - from;
  Send(
      from,
      [this, to, serve, finish] {
        const auto reply = [this, to, finish](absl::StatusOr<Response> response) {
          Send(
              to, [finish, response] { finish(response); }, /*may_repeat=*/true);
        };
        if (endpoints_[to].node == nullptr) {
          return reply(absl::UnavailableError("connection refused"));
        }
        serve(endpoints_[to], std::function<void(absl::StatusOr<Response>)>(reply));
      },
      /*may_repeat=*/true);
}

void SimNetwork::OpenStream(const StreamPtr& stream, const partner::v1::PullRequest& request) {
  streams_.push_back(stream);
  stream->last_sent = *world_;
  if (silent_[stream->client] || random_->Chance(faults_.lost)) {
    stream->stuck = true;
    return;
  }
  At(*world_ + Delay(), [this, stream, request] {
    const Endpoint& to = endpoints_[stream->server];
    if (stream->closed) return;
    if (to.node == nullptr) {
      return Transmit(stream, absl::UnavailableError("connection refused"));
    }
    stream->server_epoch = to.epoch;
    absl::StatusOr<std::unique_ptr<ServedPull>> served = to.node->exchange_server().Pull(request);
    if (!served.ok()) return Transmit(stream, served.status());
    stream->served = *std::move(served);
    Pump(stream);
  });
}

void SimNetwork::Transmit(const StreamPtr& stream, absl::StatusOr<partner::v1::Frame> frame) {
  if (stream->stuck || stream->ended) return;
  if (silent_[stream->server]) {
    stream->stuck = true;
    return;
  }
  if (frame.ok() && random_->Chance(faults_.cut)) frame = absl::UnavailableError("stream cut");
  if (!frame.ok()) {
    stream->ended = true;
    stream->served.reset();
  }
  ++stream->in_flight;
  stream->last_sent = *world_;
  stream->last_arrival = std::max(stream->last_arrival, *world_ + Delay());
  At(stream->last_arrival, [this, stream, frame = std::move(frame)] { Arrive(stream, frame); });
}

void SimNetwork::Arrive(const StreamPtr& stream, absl::StatusOr<partner::v1::Frame> frame) {
  if (stream->closed) return;
  stream->ready.push_back(std::move(frame));
  Deliver(stream);
}

void SimNetwork::Deliver(const StreamPtr& stream) {
  if (stream->closed || !stream->read || stream->ready.empty()) return;
  if (!Alive(stream->client, stream->client_epoch)) return;
  absl::StatusOr<partner::v1::Frame> frame = std::move(stream->ready.front());
  stream->ready.pop_front();
  --stream->in_flight;
  const auto call = std::exchange(stream->read, nullptr);
  call(std::move(frame));
}

void SimNetwork::Pump(const StreamPtr& stream) {
  while (stream->served != nullptr && stream->in_flight < kFramesInFlightMax) {
    absl::StatusOr<absl::optional<partner::v1::Frame>> next =
        stream->served->Next(endpoints_[stream->server].clock->Now());
    if (!next.ok()) return Transmit(stream, next.status());
    if (next->has_value()) {
      Transmit(stream, **std::move(next));
      continue;
    }
    if (*world_ - stream->last_sent < kHeartbeatInterval) return;
    partner::v1::Frame heartbeat;
    heartbeat.set_heartbeat(true);
    return Transmit(stream, heartbeat);
  }
}

void SimNetwork::Run() {
  for (size_t i = 0; i < streams_.size(); ++i) {
    const StreamPtr stream = streams_[i];
    if (!Alive(stream->client, stream->client_epoch)) stream->closed = true;
    if (stream->served != nullptr && !Alive(stream->server, stream->server_epoch)) {
      // Its node crashed: the client hears of it, or only silence.
      stream->served.reset();
      if (random_->Chance(0.2)) stream->stuck = true;
      Transmit(stream, absl::UnavailableError("connection reset"));
    }
    if (stream->closed) stream->served.reset();
    Pump(stream);
  }
  streams_.erase(std::remove_if(streams_.begin(), streams_.end(),
                                [](const StreamPtr& stream) { return stream->closed; }),
                 streams_.end());
  while (!events_.empty() && events_.begin()->first <= *world_) {
    const std::function<void()> event = std::move(events_.begin()->second);
    events_.erase(events_.begin());
    event();
  }
}

}  // namespace lintas::simulation

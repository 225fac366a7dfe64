#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <condition_variable>
#include <deque>

#include "absl/synchronization/notification.h"
#include "absl/types/optional.h"
#include "server/edge/edge_server.h"
#include "server/edge/grpc_transport.h"
#include "server/edge/status_mapping.h"
#include "tests/integration/edge/edge_test_parts.h"

namespace lintas {
namespace {

using partner::v1::Frame;

// Counts what it is told to send; shared by all its pulls.
class FakePort final : public PartnerPort {
 public:
  absl::StatusOr<partner::v1::GreetResponse> Greet(
      const partner::v1::GreetRequest& request) override {
    if (request.partnership() != "idn-khm") {
      return MakeError(absl::StatusCode::kFailedPrecondition, "NO_COMMON_AGREEMENT", "who?");
    }
    partner::v1::GreetResponse response;
    response.set_country("khm");
    return response;
  }
  absl::StatusOr<std::unique_ptr<FrameSource>> OpenPull(
      const partner::v1::PullRequest& request) override {
    std::lock_guard<std::mutex> lock(mutex_);
    next_ = request.start_index();
    return std::unique_ptr<FrameSource>(std::make_unique<Source>(this));
  }
  void Cosign(const partner::v1::CosignRequest& request, absl::Time,
              std::function<void(absl::StatusOr<partner::v1::CosignResponse>)> done) override {
    partner::v1::CosignResponse response;
    response.set_held_size(request.note().size());
    done(response);
  }
  absl::StatusOr<partner::v1::FetchAttachmentResponse> FetchAttachment(
      const partner::v1::FetchAttachmentRequest& request) override {
    if (request.digest_name().empty()) {
      return MakeError(absl::StatusCode::kNotFound, "NOTHING_TO_SHARE", "nothing to share");
    }
    partner::v1::FetchAttachmentResponse response;
    response.set_content(absl::StrCat(request.digest_name(), " from ", request.offset()));
    return response;
  }
  void Ask(const partner::v1::SignedQuestion& question, absl::Time,
           std::function<void(absl::StatusOr<partner::v1::SignedAnswer>)> done) override {
    if (question.question() == "silence") {
      std::lock_guard<std::mutex> lock(mutex_);
      unanswered_.push_back(std::move(done));
      asked.Notify();
      return;
    }
    partner::v1::SignedAnswer answer;
    answer.set_answer("to " + question.question());
    done(answer);
  }

  // Frames with indexes below `end` may leave.
  void SetEnd(uint64_t end) {
    std::lock_guard<std::mutex> lock(mutex_);
    end_ = end;
  }
  void Fail(absl::Status status) {
    std::lock_guard<std::mutex> lock(mutex_);
    failure_ = std::move(status);
  }
  uint64_t next() const {
    std::lock_guard<std::mutex> lock(mutex_);
    return next_;
  }

  absl::Notification asked, pull_destroyed;
  std::string payload;  // Of every entry.
  int entries_per_frame = 1;

 private:
  class Source final : public FrameSource {
   public:
    explicit Source(FakePort* port) : port_(port) {}
    ~Source() override {
      if (!port_->pull_destroyed.HasBeenNotified()) port_->pull_destroyed.Notify();
    }
    absl::StatusOr<absl::optional<Frame>> Next(absl::Time) override {
      std::lock_guard<std::mutex> lock(port_->mutex_);
      if (!port_->failure_.ok()) return port_->failure_;
      if (port_->next_ >= port_->end_) return absl::optional<Frame>();
      Frame frame;
      frame.set_checkpoint(absl::StrCat(port_->next_++));
      for (int i = 0; i < port_->entries_per_frame; ++i) {
        frame.add_entries()->set_payload(port_->payload);
      }
      return absl::optional<Frame>(std::move(frame));
    }

   private:
    FakePort* const port_;
  };

  mutable std::mutex mutex_;
  uint64_t next_ = 0, end_ = 0;
  absl::Status failure_;
  std::vector<std::function<void(absl::StatusOr<partner::v1::SignedAnswer>)>> unanswered_;
};

// A callback's value, for the thread that waits for it.
template <typename T>
class Arrival {
 public:
  std::function<void(absl::StatusOr<T>)> Callback() {
    return [state = state_](absl::StatusOr<T> value) {
      std::lock_guard<std::mutex> lock(state->mutex);
      ++state->count;
      state->value = std::move(value);
      state->changed.notify_all();
    };
  }
  bool WaitFor(absl::Duration patience) {
    std::unique_lock<std::mutex> lock(state_->mutex);
    return state_->changed.wait_for(lock, absl::ToChronoMilliseconds(patience),
                                    [this] { return state_->count > 0; });
  }
  absl::StatusOr<T> Wait() {
    if (!WaitFor(kPatience)) return absl::InternalError("the test waited in vain");
    std::lock_guard<std::mutex> lock(state_->mutex);
    return *state_->value;
  }
  int count() const {
    std::lock_guard<std::mutex> lock(state_->mutex);
    return state_->count;
  }

 private:
  struct State {
    std::mutex mutex;
    std::condition_variable changed;
    int count = 0;
    absl::optional<absl::StatusOr<T>> value;
  };
  std::shared_ptr<State> state_ = std::make_shared<State>();
};

class PartnerPortTest : public testing::Test {
 protected:
  void SetUp() override {
    EdgeOptions options;
    options.clock = &clock_;
    options.partner.address = "127.0.0.1:0";
    options.partner.credentials = grpc::InsecureServerCredentials();
    options.partner.callers = callers_.Get();
    options.partner.port = &port_;
    auto edge = EdgeServer::Start(std::move(options));
    ASSERT_TRUE(edge.ok()) << edge.status();
    edge_ = *std::move(edge);
    address_ = absl::StrCat("127.0.0.1:", edge_->partner_port());
    transport_ =
        std::make_unique<GrpcPartnerTransport>(address_, grpc::InsecureChannelCredentials());
  }

  absl::StatusOr<Frame> Read(PullStream* stream) {
    Arrival<Frame> frame;
    stream->Read(frame.Callback());
    return frame.Wait();
  }
  static absl::Time Soon() { return absl::Now() + kPatience; }

  SharedClock clock_;
  FakePort port_;
  SaidCallers callers_{*MakePrincipal("idn", Role::kNode, "node-1")};
  std::unique_ptr<EdgeServer> edge_;
  std::string address_;
  std::unique_ptr<GrpcPartnerTransport> transport_;
};

TEST_F(PartnerPortTest, CarriesGreetingsCosignaturesAndQuestions) {
  Arrival<partner::v1::GreetResponse> greeted;
  partner::v1::GreetRequest greet;
  greet.set_partnership("idn-khm");
  transport_->Greet(greet, Soon(), greeted.Callback());
  ASSERT_TRUE(greeted.Wait().ok()) << greeted.Wait().status();
  EXPECT_EQ(greeted.Wait()->country(), "khm");

  Arrival<partner::v1::CosignResponse> cosigned;
  partner::v1::CosignRequest cosign;
  cosign.set_note("12345");
  transport_->Cosign(cosign, Soon(), cosigned.Callback());
  ASSERT_TRUE(cosigned.Wait().ok());
  EXPECT_EQ(cosigned.Wait()->held_size(), 5u);

  Arrival<partner::v1::SignedAnswer> answered;
  partner::v1::SignedQuestion question;
  question.set_question("q");
  transport_->Ask(question, Soon(), answered.Callback());
  ASSERT_TRUE(answered.Wait().ok());
  EXPECT_EQ(answered.Wait()->answer(), "to q");
}

TEST_F(PartnerPortTest, CarriesAChunkOfAnAttachment) {
  Arrival<partner::v1::FetchAttachmentResponse> fetched;
  partner::v1::FetchAttachmentRequest fetch;
  fetch.set_digest_name("name");
  fetch.set_offset(262'144);
  transport_->FetchAttachment(fetch, Soon(), fetched.Callback());
  ASSERT_TRUE(fetched.Wait().ok()) << fetched.Wait().status();
  EXPECT_EQ(fetched.Wait()->content(), "name from 262144");
  Arrival<partner::v1::FetchAttachmentResponse> refused;
  transport_->FetchAttachment({}, Soon(), refused.Callback());
  EXPECT_EQ(ErrorReason(refused.Wait().status()), "NOTHING_TO_SHARE");
}

TEST_F(PartnerPortTest, CarriesThePartnersReason) {
  Arrival<partner::v1::GreetResponse> greeted;
  transport_->Greet({}, Soon(), greeted.Callback());
  EXPECT_EQ(greeted.Wait().status().code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_EQ(ErrorReason(greeted.Wait().status()), "NO_COMMON_AGREEMENT");
}

TEST_F(PartnerPortTest, LetsNobodyInButThePartner) {
  callers_.Set(MakeError(absl::StatusCode::kPermissionDenied, "WRONG_PORT", "not here"));
  port_.SetEnd(1);
  Arrival<partner::v1::GreetResponse> greeted;
  transport_->Greet({}, Soon(), greeted.Callback());
  EXPECT_EQ(ErrorReason(greeted.Wait().status()), "WRONG_PORT");
  EXPECT_EQ(ErrorReason(Read(transport_->Pull({}).get()).status()), "WRONG_PORT");
  EXPECT_EQ(port_.next(), 0u);
}

TEST_F(PartnerPortTest, HasNeitherReflectionNorHealth) {
  auto channel = grpc::CreateChannel(address_, grpc::InsecureChannelCredentials());
  for (const char* path : {"/grpc.reflection.v1alpha.ServerReflection/ServerReflectionInfo",
                           "/grpc.health.v1.Health/Check"}) {
    grpc::ClientContext context;
    context.set_deadline(absl::ToChronoTime(Soon()));
    EXPECT_EQ(CallRaw(channel, path, &context, "", nullptr).error_code(),
              grpc::StatusCode::UNIMPLEMENTED)
        << path;
  }
}

TEST_F(PartnerPortTest, SendsFramesInOrderFromTheIndexAskedFor) {
  port_.SetEnd(200);
  partner::v1::PullRequest request;
  request.set_start_index(5);
  auto stream = transport_->Pull(request);
  for (int index = 5; index < 200; ++index) {
    const absl::StatusOr<Frame> frame = Read(stream.get());
    ASSERT_TRUE(frame.ok()) << frame.status();
    ASSERT_EQ(frame->checkpoint(), absl::StrCat(index));
  }
}

TEST_F(PartnerPortTest, WaitsForANewCheckpoint) {
  port_.SetEnd(1);
  auto stream = transport_->Pull({});
  ASSERT_TRUE(Read(stream.get()).ok());
  Arrival<Frame> next;
  stream->Read(next.Callback());
  EXPECT_FALSE(next.WaitFor(absl::Milliseconds(50)));
  port_.SetEnd(2);
  edge_->NotifyCheckpoint();
  ASSERT_TRUE(next.Wait().ok());
  EXPECT_EQ(next.Wait()->checkpoint(), "1");
}

TEST_F(PartnerPortTest, SendsAHeartbeatAfterTwoSilentSeconds) {
  port_.SetEnd(1);
  auto stream = transport_->Pull({});
  ASSERT_TRUE(Read(stream.get()).ok());
  Arrival<Frame> next;
  stream->Read(next.Callback());
  clock_.Advance(kHeartbeatEvery - absl::Milliseconds(1));
  edge_->Tick(clock_.Now());
  EXPECT_FALSE(next.WaitFor(absl::Milliseconds(50)));
  clock_.Advance(absl::Milliseconds(1));
  // The write of the first frame may not have been reported yet: then the next tick does it.
  do {
    edge_->Tick(clock_.Now());
  } while (!next.WaitFor(absl::Milliseconds(20)));
  ASSERT_TRUE(next.Wait().ok());
  EXPECT_TRUE(next.Wait()->heartbeat());
}

TEST_F(PartnerPortTest, EndsAPullWithItsSourcesError) {
  port_.SetEnd(1);
  auto stream = transport_->Pull({});
  ASSERT_TRUE(Read(stream.get()).ok());
  port_.Fail(MakeError(absl::StatusCode::kFailedPrecondition, "COSIGNATURE_OVERDUE", "sign"));
  edge_->NotifyCheckpoint();
  EXPECT_EQ(ErrorReason(Read(stream.get()).status()), "COSIGNATURE_OVERDUE");
}

TEST_F(PartnerPortTest, CutsAPullWhenTrustChanges) {
  port_.SetEnd(1);
  auto stream = transport_->Pull({});
  ASSERT_TRUE(Read(stream.get()).ok());
  callers_.Cut(MakeError(absl::StatusCode::kUnauthenticated, "CERTIFICATE_REVOKED", "revoked"));
  EXPECT_EQ(ErrorReason(Read(stream.get()).status()), "CERTIFICATE_REVOKED");
}

TEST_F(PartnerPortTest, DoesNotReadAheadForAPartnerThatDoesNotRead) {
  constexpr uint64_t kFrames = 2000;
  port_.payload = std::string(64 << 10, 'p');
  port_.SetEnd(kFrames);
  auto stream = transport_->Pull({});
  ASSERT_TRUE(Read(stream.get()).ok());
  Arrival<Frame> never;
  EXPECT_FALSE(never.WaitFor(absl::Milliseconds(300)));
  EXPECT_LT(port_.next(), kFrames / 4);
  stream.reset();
  EXPECT_TRUE(port_.pull_destroyed.WaitForNotificationWithTimeout(kPatience));
}

TEST_F(PartnerPortTest, CallsNothingBackAfterAPullIsDestroyed) {
  port_.SetEnd(1);
  auto stream = transport_->Pull({});
  ASSERT_TRUE(Read(stream.get()).ok());
  Arrival<Frame> next;
  stream->Read(next.Callback());
  stream.reset();
  // The server has let go as well, so that whatever could have come has come.
  EXPECT_TRUE(port_.pull_destroyed.WaitForNotificationWithTimeout(kPatience));
  edge_->Shutdown(kPatience);
  EXPECT_EQ(next.count(), 0);
}

TEST_F(PartnerPortTest, LetsAPullBeDestroyedInItsOwnCallback) {
  port_.SetEnd(1);
  std::unique_ptr<PullStream> stream = transport_->Pull({});
  absl::Notification destroyed;
  stream->Read([&](absl::StatusOr<Frame>) {
    stream.reset();
    destroyed.Notify();
  });
  EXPECT_TRUE(destroyed.WaitForNotificationWithTimeout(kPatience));
}

TEST_F(PartnerPortTest, CallsEveryOpenQuestionBackWhenTheTransportGoes) {
  Arrival<partner::v1::SignedAnswer> answered;
  partner::v1::SignedQuestion question;
  question.set_question("silence");
  transport_->Ask(question, absl::InfiniteFuture(), answered.Callback());
  ASSERT_TRUE(port_.asked.WaitForNotificationWithTimeout(kPatience));
  transport_.reset();
  EXPECT_EQ(answered.count(), 1);
  EXPECT_EQ(answered.Wait().status().code(), absl::StatusCode::kUnavailable);
}

TEST_F(PartnerPortTest, GivesAQuestionUpAtItsDeadline) {
  Arrival<partner::v1::SignedAnswer> answered;
  partner::v1::SignedQuestion question;
  question.set_question("silence");
  transport_->Ask(question, absl::Now() + absl::Milliseconds(100), answered.Callback());
  EXPECT_EQ(answered.Wait().status().code(), absl::StatusCode::kUnavailable);
}

TEST_F(PartnerPortTest, ShutsDownWithOpenPullsWithinItsGrace) {
  port_.SetEnd(1);
  auto stream = transport_->Pull({});
  ASSERT_TRUE(Read(stream.get()).ok());
  const absl::Time begin = absl::Now();
  edge_->Shutdown(absl::Milliseconds(100));
  EXPECT_LT(absl::Now() - begin, absl::Seconds(2));
  EXPECT_EQ(Read(stream.get()).status().code(), absl::StatusCode::kUnavailable);
}

TEST_F(PartnerPortTest, SaysUnavailableWhenNobodyListens) {
  edge_->Shutdown(absl::ZeroDuration());
  Arrival<partner::v1::GreetResponse> greeted;
  transport_->Greet({}, Soon(), greeted.Callback());
  EXPECT_EQ(greeted.Wait().status().code(), absl::StatusCode::kUnavailable);
  EXPECT_EQ(Read(transport_->Pull({}).get()).status().code(), absl::StatusCode::kUnavailable);
}

}  // namespace
}  // namespace lintas

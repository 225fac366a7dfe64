// A stream of the server alone over real gRPC: one request, many batches, paced by the client.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "absl/synchronization/notification.h"
#include "lintas/migration_information/v1/migration_information.grpc.pb.h"
#include "server/admission/admission.h"
#include "server/crypto/os_random.h"
#include "server/edge/edge_server.h"
#include "tests/integration/edge/edge_test_parts.h"

namespace lintas {
namespace {

using google::protobuf::Message;
using migration_information::v1::MigrationInformationService;
using migration_information::v1::WatchRecordsRequest;
using migration_information::v1::WatchRecordsResponse;
using testing::ElementsAre;

constexpr size_t kBatchBytes = size_t{256} << 10;

// Writes `batches` of kBatchBytes, the next one when the one before has left, then ends OK.
class Paced final : public StreamHandler {
 public:
  Paced(int batches, StreamWriter write, std::atomic<int>* written)
      : batches_(batches), write_(std::move(write)), written_(written) {}
  void OnMessage(std::unique_ptr<Message>, std::function<void(absl::Status)> ready) override {
    ready(absl::OkStatus());
    WriteNext();
  }
  void OnEnd(std::function<void(absl::Status)> finish) override {
    std::lock_guard<std::mutex> lock(mutex_);
    finish_ = std::move(finish);
    EndIfDone();
  }
  void OnWritten() override { WriteNext(); }
  Disclosure disclosure() const override { return {}; }

 private:
  void WriteNext() {
    auto batch = std::make_unique<WatchRecordsResponse>();
    {
      std::lock_guard<std::mutex> lock(mutex_);
      if (*written_ == batches_) {
        done_ = true;
        return EndIfDone();
      }
      ++*written_;
    }
    batch->set_cursor(std::string(kBatchBytes, 'c'));
    write_(std::move(batch));
  }
  void EndIfDone() {
    if (done_ && finish_) std::exchange(finish_, nullptr)(absl::OkStatus());
  }

  const int batches_;
  const StreamWriter write_;
  std::atomic<int>* const written_;
  std::mutex mutex_;
  std::function<void(absl::Status)> finish_;
  bool done_ = false;
};

class ServerStreamTest : public testing::Test {
 protected:
  void SetUp() override {
    const auto* service =
        migration_information::v1::FindRecordsRequest::descriptor()->file()->service(0);
    for (int i = 0; i < service->method_count(); ++i) Register(*service->method(i));
    EdgeOptions options;
    options.clock = &clock_;
    options.officers.address = "127.0.0.1:0";
    options.officers.credentials = grpc::InsecureServerCredentials();
    options.officers.callers = callers_.Get();
    options.officers.admission = &admission_;
    options.officers.services = {service};
    auto edge = EdgeServer::Start(std::move(options));
    ASSERT_TRUE(edge.ok()) << edge.status();
    edge_ = *std::move(edge);
    stub_ = MigrationInformationService::NewStub(grpc::CreateChannel(
        absl::StrCat("127.0.0.1:", edge_->officers_port()), grpc::InsecureChannelCredentials()));
  }

  // READ_STATUS for the purpose OPERATION is what an operator may before any agreement.
  void Register(const google::protobuf::MethodDescriptor& descriptor) {
    Method method;
    method.full_name = absl::StrCat(descriptor.service()->full_name(), "/", descriptor.name());
    method.operation = Operation::kReadStatus;
    if (descriptor.server_streaming()) {
      method.stream = [this](const Call&, StreamWriter write) {
        return std::make_unique<Paced>(batches_, std::move(write), &written_);
      };
    } else {
      method.unary = [](const Call&, const Message&, Reply) {};
    }
    admission_.Register(std::move(method));
  }

  static void Prepare(grpc::ClientContext* context, const std::string& purpose = "OPERATION") {
    context->set_deadline(std::chrono::system_clock::now() + absl::ToChronoSeconds(kPatience));
    context->AddMetadata(kPurposeKey, purpose);
  }

  SharedClock clock_;
  SharedAccessLog log_;
  std::unique_ptr<Random> random_ = MakeOsRandom();
  AgreementBook book_{"idn-khm", "idn", "khm"};
  SaidCallers callers_{*MakePrincipal("idn", Role::kOperator, "operator-1")};
  Admission admission_{{"idn", {}}, &book_, &log_, random_.get(), &clock_};
  int batches_ = 3;
  std::atomic<int> written_{0};
  std::unique_ptr<EdgeServer> edge_;
  std::unique_ptr<MigrationInformationService::Stub> stub_;
};

TEST_F(ServerStreamTest, GivesEveryBatchAndThenItsEnd) {
  grpc::ClientContext context;
  Prepare(&context);
  auto stream = stub_->WatchRecords(&context, {});
  WatchRecordsResponse batch;
  int count = 0;
  while (stream->Read(&batch)) ++count;
  EXPECT_EQ(count, batches_);
  EXPECT_TRUE(stream->Finish().ok());
  EXPECT_THAT(log_.lines(), ElementsAre("WatchRecords OK", "WatchRecords OK"));
}

TEST_F(ServerStreamTest, GoesNoFasterThanItsClient) {
  batches_ = 100000;
  grpc::ClientContext context;
  Prepare(&context);
  auto stream = stub_->WatchRecords(&context, {});
  WatchRecordsResponse batch;
  // What lies in gRPC's and the kernel's windows is a few megabytes; the rest waits unmade.
  int count = 0;
  while (count < 20 && stream->Read(&batch)) {
    ++count;
    EXPECT_LT(written_ - count, 200);
  }
  EXPECT_EQ(count, 20);
  context.TryCancel();
  while (stream->Read(&batch)) {
  }
  EXPECT_FALSE(stream->Finish().ok());
  EXPECT_LT(written_, 1000);
}

TEST_F(ServerStreamTest, IsRefusedLikeAnyCall) {
  grpc::ClientContext context;
  Prepare(&context, "CURIOSITY");
  auto stream = stub_->WatchRecords(&context, {});
  WatchRecordsResponse batch;
  EXPECT_FALSE(stream->Read(&batch));
  EXPECT_EQ(stream->Finish().error_code(), grpc::StatusCode::PERMISSION_DENIED);
  EXPECT_EQ(written_, 0);
}

TEST_F(ServerStreamTest, IsCutWhenTrustEnds) {
  batches_ = 100000;
  grpc::ClientContext context;
  Prepare(&context);
  auto stream = stub_->WatchRecords(&context, {});
  WatchRecordsResponse batch;
  ASSERT_TRUE(stream->Read(&batch));
  callers_.Cut(MakeError(absl::StatusCode::kUnauthenticated, "REVOKED", "revoked"));
  while (stream->Read(&batch)) {
  }
  EXPECT_FALSE(stream->Finish().ok());
  EXPECT_LT(written_, batches_);
}

}  // namespace
}  // namespace lintas

#include <gmock/gmock.h>
#include <grpcpp/impl/rpc_method.h>
#include <gtest/gtest.h>

#include <map>
#include <thread>

#include "absl/synchronization/notification.h"
#include "lintas/migration_information/v1/migration_information.grpc.pb.h"
#include "lintas/node/v1/node.grpc.pb.h"
#include "server/crypto/os_random.h"
#include "server/edge/edge_server.h"
#include "server/edge/status_mapping.h"
#include "tests/integration/edge/edge_test_parts.h"

namespace lintas {
namespace {

using google::protobuf::Message;
using google::protobuf::ServiceDescriptor;
using migration_information::v1::MigrationInformationService;
using migration_information::v1::SubmitRecordsRequest;
using migration_information::v1::SubmitRecordsResponse;
using node::v1::NodeService;
using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

constexpr char kReceiptPath[] = "/lintas.node.v1.NodeService/GetReceipt";
constexpr char kTrace[] = "0123456789abcdef0123456789abcdef";

// A stream's handler of which the test is the other half.
struct StreamProbe {
  absl::Notification opened, destroyed;
  std::mutex mutex;
  StreamWriter write;
  std::vector<uint64_t> taken;  // The row number of each message.
  // What OnMessage does; the default answers at once.
  std::function<void(uint64_t row, const StreamWriter&, std::function<void(absl::Status)>)> take;
};

std::unique_ptr<SubmitRecordsResponse> Committed(uint64_t row, size_t padding = 0) {
  auto response = std::make_unique<SubmitRecordsResponse>();
  response->set_committed_row(row);
  if (padding > 0)
    response->add_rejected_rows()->add_violations()->set_rule(std::string(padding, 'r'));
  return response;
}

class ProbedStream final : public StreamHandler {
 public:
  explicit ProbedStream(StreamProbe* probe) : probe_(probe) {}
  ~ProbedStream() override { probe_->destroyed.Notify(); }
  void OnMessage(std::unique_ptr<Message> message,
                 std::function<void(absl::Status)> ready) override {
    const uint64_t row = static_cast<SubmitRecordsRequest&>(*message).rows(0).row_number();
    {
      std::lock_guard<std::mutex> lock(probe_->mutex);
      probe_->taken.push_back(row);
    }
    if (probe_->take) return probe_->take(row, probe_->write, std::move(ready));
    probe_->write(Committed(row));
    ready(absl::OkStatus());
  }
  void OnEnd(std::function<void(absl::Status)> finish) override { finish(absl::OkStatus()); }
  Disclosure disclosure() const override { return {}; }

 private:
  StreamProbe* const probe_;
};

class OfficersPortTest : public testing::Test {
 protected:
  void SetUp() override {
    const ServiceDescriptor* services[] = {
        node::v1::GetReceiptRequest::descriptor()->file()->service(0),
        SubmitRecordsRequest::descriptor()->file()->service(0)};
    for (const ServiceDescriptor* service : services) {
      for (int i = 0; i < service->method_count(); ++i) Register(*service->method(i));
    }
    EdgeOptions options;
    options.clock = &clock_;
    options.officers.address = "127.0.0.1:0";
    options.officers.credentials = grpc::InsecureServerCredentials();
    options.officers.callers = callers_.Get();
    options.officers.admission = &admission_;
    options.officers.services = {services[0], services[1]};
    auto edge = EdgeServer::Start(std::move(options));
    ASSERT_TRUE(edge.ok()) << edge.status();
    edge_ = *std::move(edge);
    channel_ = grpc::CreateChannel(absl::StrCat("127.0.0.1:", edge_->officers_port()),
                                   grpc::InsecureChannelCredentials());
  }

  // READ_STATUS for the purpose OPERATION is what an operator may before any agreement.
  void Register(const google::protobuf::MethodDescriptor& descriptor) {
    Method method;
    method.full_name = absl::StrCat(descriptor.service()->full_name(), "/", descriptor.name());
    method.operation = Operation::kReadStatus;
    if (descriptor.server_streaming()) {
      method.stream = [this](const Call&, StreamWriter write) {
        probe_.write = std::move(write);
        probe_.opened.Notify();
        return std::make_unique<ProbedStream>(&probe_);
      };
    } else {
      method.unary = [this](const Call& call, const Message& request, Reply reply) {
        ++handled_;
        handle_(call, request, std::move(reply));
      };
    }
    admission_.Register(std::move(method));
  }

  static void Prepare(grpc::ClientContext* context, const std::string& purpose = "OPERATION") {
    context->set_deadline(std::chrono::system_clock::now() + absl::ToChronoSeconds(kPatience));
    context->AddMetadata(kPurposeKey, purpose);
    context->AddMetadata(kTraceKey, kTrace);
  }
  // The receipt's path with `bytes`, whatever they are.
  grpc::Status CallReceipt(const std::string& bytes, const std::string& purpose = "OPERATION") {
    grpc::ClientContext context;
    Prepare(&context, purpose);
    return CallRaw(channel_, kReceiptPath, &context, bytes, nullptr);
  }
  // The first code at which raw bytes end.
  static std::string Outcome(const grpc::Status& status) {
    return absl::StrCat(GrpcCodeName(status.error_code()), " ", status.error_message(), " ",
                        status.error_details());
  }
  static SubmitRecordsRequest Row(uint64_t number) {
    SubmitRecordsRequest request;
    request.add_rows()->set_row_number(number);
    return request;
  }

  SharedClock clock_;
  std::unique_ptr<Random> random_ = MakeOsRandom();
  SharedAccessLog log_;
  AgreementBook book_{"idn-khm", "idn", "khm"};
  Admission admission_{{"idn", {}}, &book_, &log_, random_.get(), &clock_};
  SaidCallers callers_{*MakePrincipal("idn", Role::kOperator, "ops-1")};
  std::atomic<int> handled_{0};
  std::function<void(const Call&, const Message&, Reply)> handle_ = [](const Call&, const Message&,
                                                                       Reply reply) {
    Answered answered;
    auto receipt = std::make_unique<node::v1::Receipt>();
    receipt->set_text("the receipt");
    answered.response = std::move(receipt);
    reply(std::move(answered));
  };
  StreamProbe probe_;
  std::shared_ptr<grpc::Channel> channel_;
  // After what its calls use.
  std::unique_ptr<EdgeServer> edge_;
};

TEST_F(OfficersPortTest, AnswersAUnaryCallWithItsTraceId) {
  Call seen;
  std::string name;
  const auto answer = handle_;
  handle_ = [&](const Call& call, const Message& request, Reply reply) {
    seen = call;
    name = static_cast<const node::v1::GetReceiptRequest&>(request).name();
    answer(call, request, std::move(reply));
  };
  grpc::ClientContext context;
  Prepare(&context);
  context.AddMetadata(kCaseKey, "K-17");
  node::v1::GetReceiptRequest request;
  request.set_name("countries/idn/crossings/00");
  node::v1::Receipt receipt;
  const grpc::Status status =
      NodeService::NewStub(channel_)->GetReceipt(&context, request, &receipt);
  ASSERT_TRUE(status.ok()) << status.error_message();
  EXPECT_EQ(receipt.text(), "the receipt");
  EXPECT_EQ(name, request.name());
  EXPECT_EQ(seen.purpose, "OPERATION");
  EXPECT_EQ(seen.case_id, "K-17");
  EXPECT_EQ(seen.trace_id, kTrace);
  EXPECT_NE(seen.deadline, absl::InfiniteFuture());
  EXPECT_THAT(context.GetServerTrailingMetadata(), Contains(testing::Pair(kTraceKey, kTrace)));
  EXPECT_THAT(log_.lines(), ElementsAre("GetReceipt OK"));
}

TEST_F(OfficersPortTest, CarriesReasonAndFieldsOfAnError) {
  handle_ = [](const Call&, const Message&, Reply reply) {
    reply(FieldsError({{"name", "REQUIRED", "a name is required"}}));
  };
  const absl::Status status = FromGrpcStatus(CallReceipt(""));
  EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(ErrorReason(status), "INVALID_FIELDS");
  ASSERT_EQ(FieldViolations(status).size(), 1u);
  EXPECT_EQ(FieldViolations(status)[0].field, "name");
}

TEST_F(OfficersPortTest, KnowsNoMethodThatIsNotRegistered) {
  grpc::ClientContext context;
  Prepare(&context);
  EXPECT_EQ(
      CallRaw(channel_, "/lintas.node.v1.NodeService/Reboot", &context, "", nullptr).error_code(),
      grpc::StatusCode::UNIMPLEMENTED);
  grpc::ClientContext partner;
  Prepare(&partner);
  EXPECT_EQ(CallRaw(channel_, "/lintas.partner.v1.PartnerService/Greet", &partner, "", nullptr)
                .error_code(),
            grpc::StatusCode::UNIMPLEMENTED);
}

TEST_F(OfficersPortTest, TellsARefusedCallerNothingOfItsBody) {
  const std::string good = "\x0a\x01n", malformed = "\x0a\x7f", unknown = "\x78\x01";
  const grpc::Status refused = CallReceipt(good, "TOURISM");
  EXPECT_EQ(refused.error_code(), grpc::StatusCode::PERMISSION_DENIED);
  EXPECT_EQ(Outcome(CallReceipt(malformed, "TOURISM")), Outcome(refused));
  EXPECT_EQ(Outcome(CallReceipt(unknown, "TOURISM")), Outcome(refused));
  // Who is admitted is told.
  EXPECT_EQ(FieldViolations(FromGrpcStatus(CallReceipt(malformed)))[0].rule, "NOT_A_MESSAGE");
  EXPECT_EQ(FieldViolations(FromGrpcStatus(CallReceipt(unknown)))[0].rule, "UNKNOWN_FIELD");
  EXPECT_EQ(handled_, 0);
  EXPECT_THAT(log_.lines(),
              ElementsAre("GetReceipt PERMISSION_DENIED", "GetReceipt PERMISSION_DENIED",
                          "GetReceipt PERMISSION_DENIED", "GetReceipt INVALID_ARGUMENT",
                          "GetReceipt INVALID_ARGUMENT"));
}

TEST_F(OfficersPortTest, AsksForAnIdentityBeforeAnythingElse) {
  callers_.Set(absl::InternalError("no certificate"));
  EXPECT_EQ(CallReceipt("\x0a\x7f", "TOURISM").error_code(), grpc::StatusCode::UNAUTHENTICATED);
  EXPECT_THAT(log_.lines(), IsEmpty());
}

TEST_F(OfficersPortTest, TakesAPurposeGivenTwiceForNone) {
  grpc::ClientContext context;
  Prepare(&context);
  context.AddMetadata(kPurposeKey, "OPERATION");
  EXPECT_EQ(CallRaw(channel_, kReceiptPath, &context, "", nullptr).error_code(),
            grpc::StatusCode::PERMISSION_DENIED);
}

TEST_F(OfficersPortTest, IgnoresNoWishToWaitForThePartner) {
  for (const int times : {1, 2}) {
    grpc::ClientContext context;
    Prepare(&context);
    for (int i = 0; i < times; ++i) context.AddMetadata(kWaitForKey, "PARTNER");
    // A receipt is no write: nothing could be waited for.
    EXPECT_EQ(CallRaw(channel_, kReceiptPath, &context, "", nullptr).error_code(),
              grpc::StatusCode::INVALID_ARGUMENT);
  }
}

TEST_F(OfficersPortTest, EndsACancelledCallAndDropsItsLateReply) {
  absl::Notification held;
  Reply late;
  handle_ = [&](const Call&, const Message&, Reply reply) {
    late = std::move(reply);
    held.Notify();
  };
  grpc::ClientContext context;
  Prepare(&context);
  grpc::Status status;
  std::thread caller([&] { status = CallRaw(channel_, kReceiptPath, &context, "", nullptr); });
  ASSERT_TRUE(held.WaitForNotificationWithTimeout(kPatience));
  context.TryCancel();
  caller.join();
  EXPECT_EQ(status.error_code(), grpc::StatusCode::CANCELLED);
  edge_->Shutdown(kPatience);  // Returns only if the call has ended here, too.
  late(absl::NotFoundError("too late"));
}

TEST_F(OfficersPortTest, PipelinesAStreamAndKeepsItsOrder) {
  // Every third message is answered before the next is taken, the others together with the third.
  std::vector<uint64_t> waiting;
  probe_.take = [&](uint64_t row, const StreamWriter& write,
                    std::function<void(absl::Status)> ready) {
    waiting.push_back(row);
    if (waiting.size() == 3) {
      for (uint64_t each : waiting) write(Committed(each));
      waiting.clear();
    }
    ready(absl::OkStatus());
  };
  grpc::ClientContext context;
  Prepare(&context);
  auto stream = MigrationInformationService::NewStub(channel_)->SubmitRecords(&context);
  constexpr uint64_t kRows = 300;
  std::thread writer([&] {
    for (uint64_t row = 1; row <= kRows; ++row) stream->Write(Row(row));
    stream->WritesDone();
  });
  std::vector<uint64_t> committed;
  SubmitRecordsResponse response;
  while (stream->Read(&response)) committed.push_back(response.committed_row());
  writer.join();
  EXPECT_TRUE(stream->Finish().ok());
  ASSERT_EQ(committed.size(), kRows);
  for (uint64_t row = 1; row <= kRows; ++row) EXPECT_EQ(committed[row - 1], row);
  EXPECT_EQ(probe_.taken, committed);
  EXPECT_THAT(log_.lines(), ElementsAre("SubmitRecords OK", "SubmitRecords OK"));
}

TEST_F(OfficersPortTest, StopsReadingFromAClientThatDoesNotRead) {
  constexpr size_t kPadding = 128 << 10;
  // What gRPC and the loopback take beside our queue, in answers of this size.
  constexpr size_t kInFlight = 80;
  probe_.take = [](uint64_t row, const StreamWriter& write,
                   std::function<void(absl::Status)> ready) {
    write(Committed(row, kPadding));
    ready(absl::OkStatus());
  };
  grpc::ClientContext context;
  Prepare(&context);
  auto stream = MigrationInformationService::NewStub(channel_)->SubmitRecords(&context);
  absl::Notification written;
  std::thread writer([&] {
    SubmitRecordsRequest request = Row(1);
    request.set_import_id(std::string(16 << 10, 'i'));
    for (int i = 0; i < 2000; ++i) {
      if (!stream->Write(request)) break;
    }
    written.Notify();
  });
  const auto taken = [this] {
    std::lock_guard<std::mutex> lock(probe_.mutex);
    return probe_.taken.size();
  };
  const absl::Time limit = absl::Now() + kPatience;
  while (taken() < kQueuedResponsesMax && absl::Now() < limit) {
    if (written.WaitForNotificationWithTimeout(absl::Milliseconds(5))) break;
  }
  EXPECT_FALSE(written.WaitForNotificationWithTimeout(absl::Milliseconds(300)));
  EXPECT_GE(taken(), kQueuedResponsesMax);
  EXPECT_LE(taken(), kQueuedResponsesMax + kInFlight);
  context.TryCancel();
  writer.join();
  EXPECT_EQ(stream->Finish().error_code(), grpc::StatusCode::CANCELLED);
}

TEST_F(OfficersPortTest, LetsGoOfAStreamThatTheClientCancels) {
  grpc::ClientContext context;
  Prepare(&context);
  auto stream = MigrationInformationService::NewStub(channel_)->SubmitRecords(&context);
  SubmitRecordsResponse response;
  ASSERT_TRUE(stream->Write(Row(1)));
  ASSERT_TRUE(stream->Read(&response));
  context.TryCancel();
  EXPECT_EQ(stream->Finish().error_code(), grpc::StatusCode::CANCELLED);
  ASSERT_TRUE(probe_.destroyed.WaitForNotificationWithTimeout(kPatience));
  probe_.write(Committed(2));  // Late, and harmless.
  EXPECT_THAT(log_.lines(), ElementsAre("SubmitRecords OK", "SubmitRecords CANCELLED"));
}

TEST_F(OfficersPortTest, EndsAStreamWithItsHandlersErrorAfterWhatWasAnswered) {
  probe_.take = [](uint64_t row, const StreamWriter& write,
                   std::function<void(absl::Status)> ready) {
    if (row == 2) return ready(MakeError(absl::StatusCode::kAborted, "GAP", "rows are missing"));
    write(Committed(row));
    ready(absl::OkStatus());
  };
  grpc::ClientContext context;
  Prepare(&context);
  auto stream = MigrationInformationService::NewStub(channel_)->SubmitRecords(&context);
  stream->Write(Row(1));
  stream->Write(Row(2));
  SubmitRecordsResponse response;
  EXPECT_TRUE(stream->Read(&response));
  EXPECT_FALSE(stream->Read(&response));
  const absl::Status status = FromGrpcStatus(stream->Finish());
  EXPECT_EQ(status.code(), absl::StatusCode::kAborted);
  EXPECT_EQ(ErrorReason(status), "GAP");
}

TEST_F(OfficersPortTest, CutsAStreamWhenTrustChanges) {
  grpc::ClientContext context;
  Prepare(&context);
  auto stream = MigrationInformationService::NewStub(channel_)->SubmitRecords(&context);
  ASSERT_TRUE(probe_.opened.WaitForNotificationWithTimeout(kPatience));
  callers_.Cut(MakeError(absl::StatusCode::kUnauthenticated, "CERTIFICATE_REVOKED", "revoked"));
  EXPECT_EQ(ErrorReason(FromGrpcStatus(stream->Finish())), "CERTIFICATE_REVOKED");
  EXPECT_TRUE(probe_.destroyed.WaitForNotificationWithTimeout(kPatience));
}

TEST_F(OfficersPortTest, JudgesAStreamsCallerAtEachMessage) {
  grpc::ClientContext context;
  Prepare(&context);
  auto stream = MigrationInformationService::NewStub(channel_)->SubmitRecords(&context);
  SubmitRecordsResponse response;
  ASSERT_TRUE(stream->Write(Row(1)));
  ASSERT_TRUE(stream->Read(&response));
  callers_.Set(MakeError(absl::StatusCode::kUnauthenticated, "CERTIFICATE_EXPIRED", "expired"));
  stream->Write(Row(2));
  EXPECT_FALSE(stream->Read(&response));
  EXPECT_EQ(stream->Finish().error_code(), grpc::StatusCode::UNAUTHENTICATED);
  EXPECT_THAT(probe_.taken, ElementsAre(1));
}

TEST_F(OfficersPortTest, RefusesAStreamWithoutOpeningIt) {
  grpc::ClientContext context;
  Prepare(&context, "TOURISM");
  auto stream = MigrationInformationService::NewStub(channel_)->SubmitRecords(&context);
  EXPECT_EQ(stream->Finish().error_code(), grpc::StatusCode::PERMISSION_DENIED);
  EXPECT_FALSE(probe_.opened.HasBeenNotified());
}

TEST_F(OfficersPortTest, ShutsDownWithOpenCallsWithinItsGrace) {
  absl::Notification held;
  handle_ = [&](const Call&, const Message&, Reply) { held.Notify(); };  // Never answers.
  grpc::ClientContext unary, streaming;
  Prepare(&unary);
  Prepare(&streaming);
  grpc::Status status;
  std::thread caller([&] { status = CallRaw(channel_, kReceiptPath, &unary, "", nullptr); });
  auto stream = MigrationInformationService::NewStub(channel_)->SubmitRecords(&streaming);
  ASSERT_TRUE(held.WaitForNotificationWithTimeout(kPatience));
  ASSERT_TRUE(probe_.opened.WaitForNotificationWithTimeout(kPatience));
  const absl::Time begin = absl::Now();
  edge_->Shutdown(absl::Milliseconds(100));
  EXPECT_LT(absl::Now() - begin, absl::Seconds(2));
  caller.join();
  EXPECT_FALSE(status.ok());
  EXPECT_FALSE(stream->Finish().ok());
}

TEST_F(OfficersPortTest, ListsItsServicesByReflectionAndSaysThatItIsHealthy) {
  grpc::ClientContext context;
  Prepare(&context);
  const grpc::internal::RpcMethod method(
      "/grpc.reflection.v1alpha.ServerReflection/ServerReflectionInfo",
      grpc::internal::RpcMethod::BIDI_STREAMING, channel_);
  std::unique_ptr<grpc::ClientReaderWriter<grpc::ByteBuffer, grpc::ByteBuffer>> stream(
      grpc::internal::ClientReaderWriterFactory<grpc::ByteBuffer, grpc::ByteBuffer>::Create(
          channel_.get(), method, &context));
  stream->Write(RawBytes(std::string("\x3a\x00", 2)));  // list_services
  grpc::ByteBuffer listed;
  ASSERT_TRUE(stream->Read(&listed));
  EXPECT_THAT(Joined(listed), HasSubstr("lintas.node.v1.NodeService"));
  EXPECT_THAT(Joined(listed), HasSubstr("MigrationInformationService"));
  context.TryCancel();
  EXPECT_FALSE(stream->Finish().ok());

  grpc::ClientContext health;
  Prepare(&health);
  std::string serving;
  EXPECT_TRUE(CallRaw(channel_, "/grpc.health.v1.Health/Check", &health, "", &serving).ok());
  EXPECT_EQ(serving, "\x08\x01");
}

TEST_F(OfficersPortTest, SaysThatItsAddressIsTaken) {
  EdgeOptions options;
  options.clock = &clock_;
  options.officers.address = absl::StrCat("127.0.0.1:", edge_->officers_port());
  options.officers.credentials = grpc::InsecureServerCredentials();
  options.officers.callers = callers_.Get();
  Admission nothing({"idn", {}}, &book_, &log_, random_.get(), &clock_);
  options.officers.admission = &nothing;
  EXPECT_EQ(ErrorReason(EdgeServer::Start(std::move(options)).status()), "ADDRESS_IN_USE");
}

using OfficersPortDeathTest = OfficersPortTest;

TEST_F(OfficersPortDeathTest, DoesNotStartWithoutAnOperationForEachMethod) {
  GTEST_FLAG_SET(death_test_style, "threadsafe");
  Admission nothing({"idn", {}}, &book_, &log_, random_.get(), &clock_);
  Door door{&nothing, callers_.Get(), &clock_, nullptr};
  EXPECT_DEATH(
      DescriptorService(node::v1::GetReceiptRequest::descriptor()->file()->service(0), &door),
      "served.method");
}

}  // namespace
}  // namespace lintas

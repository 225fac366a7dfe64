#include "tests/integration/tls/tls_world.h"

#include <grpcpp/create_channel.h>
#include <grpcpp/generic/generic_stub.h>
#include <grpcpp/support/byte_buffer.h>
#include <stdlib.h>

#include <filesystem>
#include <thread>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/synchronization/notification.h"
#include "server/base/check.h"
#include "server/crypto/key_file.h"

namespace lintas {
namespace {

constexpr char kMethod[] = "/lintas.test.v1.EchoService/Echo";

grpc::ByteBuffer Message() {
  grpc::Slice slice("echo");
  return grpc::ByteBuffer(&slice, 1);
}

std::chrono::system_clock::time_point InSeconds(int seconds) {
  return std::chrono::system_clock::now() + std::chrono::seconds(seconds);
}

}  // namespace

TempFolder::TempFolder() {
  path_ = (std::filesystem::temp_directory_path() / "lintas_tls_XXXXXX").string();
  LINTAS_CHECK(mkdtemp(&path_[0]) != nullptr);
}

TempFolder::~TempFolder() { std::filesystem::remove_all(path_); }

bool Eventually(const std::function<bool()>& holds) {
  const absl::Time end = absl::Now() + absl::Seconds(10);
  while (!holds()) {
    if (absl::Now() > end) return false;
    std::this_thread::yield();
  }
  return true;
}

Party::Party(const std::string& folder, const std::string& country, Clock* clock, Random* random)
    : folder_(folder), country_(country), clock_(clock), random_(random) {
  std::filesystem::create_directory(folder_);
  ca = *CountryCa::Init(folder_ + "/ca", country, absl::Hours(24 * 365), clock->Now(), *random);
  LINTAS_CHECK(Replace(Path("node.pem"), Issue(Role::kNode, "node-1"), FileAccess::kPrivate).ok());
}

std::string Party::Issue(Role role, const std::string& id, absl::Duration life,
                         absl::Duration ago) {
  LeafOrder order;
  order.principal = *MakePrincipal(country_, role, id);
  if (role == Role::kNode) {
    order.dns_names = {"localhost"};
    order.ip_addresses = {"127.0.0.1"};
  }
  order.life = life;
  absl::StatusOr<Secret> pem = ca->Issue(order, clock_->Now() - ago, *random_);
  LINTAS_CHECK(pem.ok());
  return std::string(pem->Bytes(SecretAccess::ForKeyFile()));
}

std::string Party::IssueSpec(CertificateSpec spec) {
  const std::string pem(*ReadKeyFile(folder_ + "/ca/ca.key"));
  const Issuer issuer{ca->certificate(), *TlsKey::FromPem(pem)};
  const TlsKey key = TlsKey::Generate();
  spec.common_name = "somebody";
  spec.not_before = clock_->Now() - absl::Minutes(5);
  spec.not_after = clock_->Now() + absl::Hours(24);
  absl::StatusOr<Certificate> made = MakeCertificate(spec, key, &issuer, *random_);
  LINTAS_CHECK(made.ok());
  return absl::StrCat(key.Pem().Bytes(SecretAccess::ForKeyFile()), made->Pem());
}

void Party::Trust(const Party& partner) {
  // The partner's files as an import leaves them: a copy, so that a test decides when news arrive.
  const auto copy = [](const std::string& from, const std::string& to) {
    LINTAS_CHECK(Replace(to, *ReadKeyFile(from), FileAccess::kPublic).ok());
  };
  copy(partner.ca->CertificatePath(), Path("partner_ca.pem"));
  copy(partner.ca->RevocationListPath(), Path("partner_crl.pem"));
  copy(ca->CertificatePath(), Path("own_ca.pem"));
  TrustOptions options;
  options.country = country_;
  options.partner = partner.country();
  options.identity_path = Path("node.pem");
  options.own_authority_path = Path("own_ca.pem");
  options.partner_authority_path = Path("partner_ca.pem");
  options.own_revocations_path = ca->RevocationListPath();
  options.partner_revocations_path = Path("partner_crl.pem");
  options.staging_folder = Path("staging");
  options.log = [this](const std::string& line) {
    absl::MutexLock lock(&mutex_);
    log_.push_back(line);
  };
  absl::StatusOr<std::unique_ptr<TrustStore>> opened = TrustStore::Open(std::move(options), clock_);
  LINTAS_CHECK(opened.ok());
  trust = *std::move(opened);
}

bool Party::Logged(const std::string& part) {
  absl::MutexLock lock(&mutex_);
  for (const std::string& line : log_) {
    if (absl::StrContains(line, part)) return true;
  }
  return false;
}

class EchoServer::Stream final : public grpc::ServerGenericBidiReactor {
 public:
  Stream(EchoServer* server, grpc::GenericCallbackServerContext* context) : server_(server) {
    id_ = server_->streams_.Add(LeafPem(*context->auth_context()), server_->peer_,
                                server_->trust_->clock().Now(), [this](absl::Status why) {
                                  FinishOnce(grpc::Status(static_cast<grpc::StatusCode>(why.code()),
                                                          std::string(why.message())));
                                });
    StartRead(&buffer_);
  }
  void OnReadDone(bool ok) override {
    if (ok) {
      StartWrite(&buffer_);
    } else {
      FinishOnce(grpc::Status::OK);
    }
  }
  void OnWriteDone(bool ok) override {
    if (ok) StartRead(&buffer_);
  }
  void OnCancel() override { FinishOnce(grpc::Status::CANCELLED); }
  void OnDone() override {
    server_->streams_.Remove(id_);
    delete this;
  }

 private:
  void FinishOnce(const grpc::Status& status) {
    if (!finished_.exchange(true)) Finish(status);
  }
  EchoServer* const server_;
  uint64_t id_ = 0;
  std::atomic<bool> finished_{false};
  grpc::ByteBuffer buffer_;
};

class EchoServer::Service final : public grpc::CallbackGenericService {
 public:
  explicit Service(EchoServer* server) : server_(server) {}
  grpc::ServerGenericBidiReactor* CreateReactor(
      grpc::GenericCallbackServerContext* context) override {
    ++server_->calls_;
    return new Stream(server_, context);
  }

 private:
  EchoServer* const server_;
};

EchoServer::EchoServer(TrustStore* trust, Port port)
    : trust_(trust), peer_(PeerOf(port)), streams_(trust), service_(new Service(this)) {
  grpc::ServerBuilder builder;
  builder.AddListeningPort("127.0.0.1:0", MakeServerCredentials(trust, port), &port_);
  builder.RegisterCallbackGenericService(service_.get());
  ApplyServerArguments(&builder);
  server_ = builder.BuildAndStart();
  LINTAS_CHECK(server_ != nullptr);
}

EchoServer::~EchoServer() { server_->Shutdown(InSeconds(0)); }

std::shared_ptr<grpc::Channel> Connect(const std::string& address,
                                       std::shared_ptr<grpc::ChannelCredentials> credentials) {
  grpc::ChannelArguments arguments = ClientArguments();
  arguments.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);
  return grpc::CreateCustomChannel(address, credentials, arguments);
}

grpc::Status Echo(const std::shared_ptr<grpc::Channel>& channel) {
  grpc::GenericStub stub(channel);
  grpc::ClientContext context;
  context.set_deadline(InSeconds(5));
  const grpc::ByteBuffer request = Message();
  grpc::ByteBuffer response;
  grpc::Status status;
  absl::Notification done;
  stub.UnaryCall(&context, kMethod, grpc::StubOptions(), &request, &response,
                 [&](grpc::Status result) {
                   status = std::move(result);
                   done.Notify();
                 });
  done.WaitForNotification();
  return status;
}

class EchoStream::Reactor final
    : public grpc::ClientBidiReactor<grpc::ByteBuffer, grpc::ByteBuffer> {
 public:
  explicit Reactor(const std::shared_ptr<grpc::Channel>& channel) : stub_(channel) {
    context_.set_deadline(InSeconds(15));
    stub_.PrepareBidiStreamingCall(&context_, kMethod, grpc::StubOptions(), this);
    StartRead(&response_);
    StartCall();
  }
  ~Reactor() override {
    context_.TryCancel();
    done_.WaitForNotification();
  }
  bool Exchange() {
    absl::MutexLock lock(&mutex_);
    const int before = received_;
    writing_ = true;
    StartWrite(&request_);
    // The echo may come before the write is reported done, and one write is out at a time.
    auto moved = [&] { return !writing_ && (received_ > before || ended_); };
    mutex_.Await(absl::Condition(&moved));
    return received_ > before;
  }
  grpc::Status Ended() {
    done_.WaitForNotification();
    return status_;
  }
  void OnWriteDone(bool) override {
    absl::MutexLock lock(&mutex_);
    writing_ = false;
  }
  void OnReadDone(bool ok) override {
    absl::MutexLock lock(&mutex_);
    if (!ok) {
      ended_ = true;
      return;
    }
    ++received_;
    StartRead(&response_);
  }
  void OnDone(const grpc::Status& status) override {
    status_ = status;
    done_.Notify();
  }

 private:
  grpc::GenericStub stub_;
  grpc::ClientContext context_;
  const grpc::ByteBuffer request_ = Message();
  grpc::ByteBuffer response_;
  absl::Mutex mutex_;
  int received_ = 0;
  bool writing_ = false;
  bool ended_ = false;
  grpc::Status status_;
  absl::Notification done_;
};

EchoStream::EchoStream(const std::shared_ptr<grpc::Channel>& channel)
    : reactor_(new Reactor(channel)) {}
EchoStream::~EchoStream() = default;
bool EchoStream::Exchange() { return reactor_->Exchange(); }
grpc::Status EchoStream::Ended() { return reactor_->Ended(); }

}  // namespace lintas

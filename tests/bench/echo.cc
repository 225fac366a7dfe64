#include "tests/bench/echo.h"

#include <grpcpp/generic/async_generic_service.h>
#include <grpcpp/security/server_credentials.h>
#include <grpcpp/server.h>
#include <grpcpp/server_builder.h>

#include <cstdio>
#include <fstream>
#include <iterator>
#include <memory>

#include "absl/strings/match.h"
#include "server/base/status.h"
#include "server/edge/tls/minimum_tls.h"

namespace lintas::bench {
namespace {

std::string Contents(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
}

class Reactor : public grpc::ServerGenericBidiReactor {
 public:
  Reactor(const grpc::ByteBuffer* answer, bool stream) : answer_(answer), stream_(stream) {
    StartRead(&message_);
  }

  void OnReadDone(bool ok) override {
    if (!ok) return Finish(grpc::Status::OK);
    if (stream_) return StartWrite(answer_);
    StartWriteAndFinish(answer_, grpc::WriteOptions(), grpc::Status::OK);
  }
  void OnWriteDone(bool ok) override {
    if (!stream_) return;
    if (!ok) return Finish(grpc::Status::CANCELLED);
    StartRead(&message_);
  }
  void OnDone() override { delete this; }

 private:
  const grpc::ByteBuffer* const answer_;
  const bool stream_;
  grpc::ByteBuffer message_;
};

class Echo : public grpc::CallbackGenericService {
 public:
  explicit Echo(const std::string& answer) {
    const grpc::Slice slice(answer);
    answer_ = grpc::ByteBuffer(&slice, 1);
  }
  grpc::ServerGenericBidiReactor* CreateReactor(grpc::GenericCallbackServerContext* call) override {
    return new Reactor(&answer_, absl::EndsWith(call->method(), "/SubmitRecords"));
  }

 private:
  grpc::ByteBuffer answer_;
};

}  // namespace

absl::Status RunEcho(const std::string& address, const std::string& identity,
                     const std::string& authority, const std::string& answer) {
  RETURN_IF_ERROR(MinimumTls13());
  grpc::SslServerCredentialsOptions options(
      GRPC_SSL_REQUEST_AND_REQUIRE_CLIENT_CERTIFICATE_AND_VERIFY);
  options.pem_root_certs = Contents(authority);
  const std::string pem = Contents(identity);
  options.pem_key_cert_pairs.push_back({pem, pem});
  Echo echo(Contents(answer));
  grpc::ServerBuilder builder;
  builder.AddListeningPort(address, grpc::SslServerCredentials(options));
  builder.SetMaxReceiveMessageSize(16 << 20);
  builder.RegisterCallbackGenericService(&echo);
  const std::unique_ptr<grpc::Server> server = builder.BuildAndStart();
  if (server == nullptr) return absl::UnavailableError("the echo server does not start");
  std::puts("\"serving\"");
  std::fflush(stdout);
  server->Wait();
  return absl::OkStatus();
}

}  // namespace lintas::bench

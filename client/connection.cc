#include "client/connection.h"

#include <grpcpp/create_channel.h>
#include <grpcpp/generic/generic_stub.h>
#include <grpcpp/security/credentials.h>

#include <chrono>
#include <functional>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/synchronization/notification.h"
#include "client/file.h"
#include "lintas/migration_information/v1/migration_information.grpc.pb.h"
#include "server/base/clock.h"
#include "server/base/error.h"
#include "server/base/status.h"
#include "server/crypto/certificate.h"
#include "server/edge/tls/credentials.h"

namespace lintas::client {
namespace {

using google::protobuf::Message;
constexpr std::chrono::seconds kConnectMax(5);

using MigrationStub = migration_information::v1::MigrationInformationService::Stub;

// What was read, for a credential of this run; the error names the profile's field.
absl::StatusOr<std::shared_ptr<grpc::ChannelCredentials>> Credentials(const Profile& profile) {
  // Judges the node's certificate as long as the channel lives.
  static Clock* const clock = MakeSystemClock().release();
  ClientTrust trust;
  trust.country = profile.country;
  ASSIGN_OR_RETURN(trust.identity_pem, ReadFile(profile.certificate_file));
  ASSIGN_OR_RETURN(trust.authority_pem, ReadFile(profile.ca_file));
  const Secret wiped(trust.identity_pem);
  if (!Certificate::ListFromPem(trust.authority_pem).ok()) {
    return FieldsError({{"ca_file", "NOT_A_CA",
                         absl::StrCat(profile.ca_file,
                                      " holds no certificate; ask the keeper of "
                                      "your country's CA for ca.pem")}});
  }
  const auto credentials = MakeClientCredentials(trust, clock);
  if (absl::IsInvalidArgument(credentials.status())) {
    return FieldsError({{"certificate_file", "NOT_AN_IDENTITY",
                         absl::StrCat(profile.certificate_file,
                                      " holds no key and certificate that belong "
                                      "together; lintas-pki issue makes such a file")}});
  }
  // The node would close the line without a word: under TLS 1.3 it judges after the client is done.
  const auto own = Certificate::FromPem(trust.identity_pem);
  if (own.ok() && clock->Now() > own->not_after()) {
    return MakeError(absl::StatusCode::kUnauthenticated, "CERTIFICATE_EXPIRED",
                     absl::StrCat("the certificate in ", profile.certificate_file,
                                  " has expired; the keeper of your country's CA renews it"));
  }
  return credentials;
}

absl::Status FromGrpc(const grpc::Status& status) {
  if (status.ok()) return absl::OkStatus();
  return ParseErrorDetails(static_cast<absl::StatusCode>(status.error_code()),
                           status.error_message(), status.error_details());
}

void SetHeaders(const CallHeaders& headers, grpc::ClientContext* context) {
  context->AddMetadata("lintas-purpose", headers.purpose);
  if (!headers.case_id.empty()) context->AddMetadata("lintas-case", headers.case_id);
  if (headers.wait_for_partner) context->AddMetadata("lintas-wait-for", "PARTNER");
  context->AddMetadata("lintas-trace", headers.trace_id);
}

class GrpcSubmitStream : public SubmitStream {
 public:
  GrpcSubmitStream(MigrationStub* stub, const CallHeaders& headers) {
    SetHeaders(headers, &context_);
    stream_ = stub->SubmitRecords(&context_);
  }
  bool Write(const Request& request) override { return stream_->Write(request); }
  void WritesDone() override { stream_->WritesDone(); }
  bool Read(Response* response) override { return stream_->Read(response); }
  absl::Status Finish() override { return FromGrpc(stream_->Finish()); }
  void Cancel() override { context_.TryCancel(); }

 private:
  grpc::ClientContext context_;
  std::unique_ptr<grpc::ClientReaderWriter<Request, Response>> stream_;
};

class GrpcWatchStream : public WatchStream {
 public:
  GrpcWatchStream(MigrationStub* stub, const CallHeaders& headers, const Request& request) {
    SetHeaders(headers, &context_);
    stream_ = stub->WatchRecords(&context_, request);
  }
  bool Read(Response* response) override { return stream_->Read(response); }
  absl::Status Finish() override {
    // What was sent before the cancellation must be taken first.
    Response rest;
    while (stream_->Read(&rest)) {
    }
    return FromGrpc(stream_->Finish());
  }
  void Cancel() override { context_.TryCancel(); }

 private:
  grpc::ClientContext context_;
  std::unique_ptr<grpc::ClientReader<Response>> stream_;
};

class GrpcTransport : public Transport {
 public:
  explicit GrpcTransport(const std::shared_ptr<grpc::Channel>& channel)
      : channel_(channel), generic_(channel), migration_(channel) {}

  absl::Status Unary(const std::string& method, const CallHeaders& headers, absl::Duration timeout,
                     const Message& request, Message* response) override {
    grpc::ClientContext context;
    SetHeaders(headers, &context);
    context.set_deadline(std::chrono::system_clock::now() + absl::ToChronoMicroseconds(timeout));
    absl::Notification done;
    grpc::Status result;
    generic_.UnaryCall(&context, method, grpc::StubOptions(), &request, response,
                       [&](grpc::Status status) {
                         result = std::move(status);
                         done.Notify();
                       });
    done.WaitForNotification();
    return FromGrpc(result);
  }

  std::unique_ptr<SubmitStream> Submit(const CallHeaders& headers) override {
    return std::make_unique<GrpcSubmitStream>(&migration_, headers);
  }

  std::unique_ptr<WatchStream> Watch(const CallHeaders& headers,
                                     const WatchStream::Request& request) override {
    // Only who waits here drives the connection; one that sleeps between tries never gets one.
    (void)channel_->WaitForConnected(std::chrono::system_clock::now() + kConnectMax);
    return std::make_unique<GrpcWatchStream>(&migration_, headers, request);
  }

 private:
  const std::shared_ptr<grpc::Channel> channel_;
  grpc::TemplatedGenericStub<Message, Message> generic_;
  MigrationStub migration_;
};

}  // namespace

absl::StatusOr<std::unique_ptr<Transport>> Connect(const Profile& profile) {
  ASSIGN_OR_RETURN(const std::shared_ptr<grpc::ChannelCredentials> credentials,
                   Credentials(profile));
  // Keep-alive: a long import over a line that died without a word is noticed in half a minute.
  grpc::ChannelArguments arguments = ClientArguments();
  // A command that retries for a few seconds must not wait for gRPC's own back-off of up to 20 s.
  arguments.SetInt(GRPC_ARG_INITIAL_RECONNECT_BACKOFF_MS, 100);
  // Not a back-off, whatever it is called: how long one attempt with its handshake may take.
  arguments.SetInt(GRPC_ARG_MIN_RECONNECT_BACKOFF_MS, 5000);
  arguments.SetInt(GRPC_ARG_MAX_RECONNECT_BACKOFF_MS, 1000);
  arguments.SetInt(GRPC_ARG_MAX_RECEIVE_MESSAGE_LENGTH, 16 << 20);
  return std::make_unique<GrpcTransport>(
      grpc::CreateCustomChannel(profile.address, credentials, arguments));
}

}  // namespace lintas::client

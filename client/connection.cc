#include "client/connection.h"

#include <grpcpp/create_channel.h>
#include <grpcpp/generic/generic_stub.h>
#include <grpcpp/security/credentials.h>
#include <grpcpp/security/tls_certificate_provider.h>
#include <grpcpp/security/tls_certificate_verifier.h>
#include <grpcpp/security/tls_credentials_options.h>
#include <openssl/bio.h>
#include <openssl/conf.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>

#include <chrono>
#include <functional>
#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/synchronization/notification.h"
#include "client/file.h"
#include "lintas/migration_information/v1/migration_information.grpc.pb.h"
#include "server/base/check.h"
#include "server/base/error.h"
#include "server/base/status.h"

namespace lintas::client {
namespace {

using google::protobuf::Message;
using MigrationStub = migration_information::v1::MigrationInformationService::Stub;

// gRPC 1.51 has no setting for the lowest TLS version; the process-wide OpenSSL configuration has,
// and must be there before the first credential is made.
constexpr char kTls13Only[] =
    "openssl_conf=a\n[a]\nssl_conf=b\n[b]\nsystem_default=c\n[c]\n"
    "MinProtocol=TLSv1.3\nProtocol=-TLSv1.2,-TLSv1.1,-TLSv1\n"
    "Ciphersuites=TLS_AES_256_GCM_SHA384:TLS_AES_128_GCM_SHA256\n"
    "SignatureAlgorithms=ECDSA+SHA256:ed25519\n";

bool LoadTls13Only() {
  OPENSSL_init_ssl(OPENSSL_INIT_LOAD_SSL_STRINGS, nullptr);
  BIO* text = BIO_new_mem_buf(kTls13Only, -1);
  CONF* conf = NCONF_new(nullptr);
  long line = 0;
  const bool ok = NCONF_load_bio(conf, text, &line) > 0 && CONF_modules_load(conf, nullptr, 0) > 0;
  NCONF_free(conf);
  BIO_free(text);
  return ok;
}

void RequireTls13() {
  static const bool loaded = LoadTls13Only();
  LINTAS_CHECK(loaded);
}

// gRPC reports a wrong file only as failing handshakes, so they are looked at first.
absl::Status CheckFiles(const Profile& profile) {
  ASSIGN_OR_RETURN(const std::string identity, ReadFile(profile.certificate_file));
  ASSIGN_OR_RETURN(const std::string roots, ReadFile(profile.ca_file));
  const auto bio = [](const std::string& pem) {
    return std::unique_ptr<BIO, int (*)(BIO*)>(
        BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())), BIO_free);
  };
  using Certificate = std::unique_ptr<X509, void (*)(X509*)>;
  const auto certificate = [&](const std::string& pem) {
    return Certificate(PEM_read_bio_X509(bio(pem).get(), nullptr, nullptr, nullptr), X509_free);
  };
  // An encrypted key is refused here: OpenSSL would ask at the terminal.
  const auto no_password = [](char*, int, int, void*) { return -1; };
  const std::unique_ptr<EVP_PKEY, void (*)(EVP_PKEY*)> key(
      PEM_read_bio_PrivateKey(bio(identity).get(), nullptr, no_password, nullptr), EVP_PKEY_free);
  const Certificate own = certificate(identity);
  const bool matches = key && own && X509_check_private_key(own.get(), key.get()) == 1;
  const bool has_root = certificate(roots) != nullptr;
  ERR_clear_error();
  if (!matches) {
    return absl::InvalidArgumentError(absl::StrCat(
        profile.certificate_file, " holds no key and certificate that belong together"));
  }
  if (!has_root) {
    return absl::InvalidArgumentError(absl::StrCat(profile.ca_file, " holds no certificate"));
  }
  return absl::OkStatus();
}

class NodeVerifier : public grpc::experimental::ExternalCertificateVerifier {
 public:
  explicit NodeVerifier(std::string trust_domain) : trust_domain_(std::move(trust_domain)) {}

  bool Verify(grpc::experimental::TlsCustomVerificationCheckRequest* request,
              std::function<void(grpc::Status)>, grpc::Status* sync_status) override {
    std::vector<std::string> names;
    for (const grpc::string_ref& name : request->uri_names()) {
      names.emplace_back(name.data(), name.size());
    }
    *sync_status = IsNodeOf(trust_domain_, names)
                       ? grpc::Status::OK
                       : grpc::Status(grpc::StatusCode::UNAUTHENTICATED,
                                      "the certificate names no node of the own country");
    return true;
  }
  void Cancel(grpc::experimental::TlsCustomVerificationCheckRequest*) override {}

 private:
  const std::string trust_domain_;
};

std::shared_ptr<grpc::ChannelCredentials> Credentials(const Profile& profile) {
  constexpr unsigned kReloadSeconds = 60;
  grpc::experimental::TlsChannelCredentialsOptions options;
  options.set_certificate_provider(
      std::make_shared<grpc::experimental::FileWatcherCertificateProvider>(
          profile.certificate_file, profile.certificate_file, profile.ca_file, kReloadSeconds));
  options.watch_root_certs();
  options.watch_identity_key_cert_pairs();
  options.set_verify_server_certs(true);
  options.set_certificate_verifier(
      grpc::experimental::ExternalCertificateVerifier::Create<NodeVerifier>(profile.trust_domain));
  // The SPIFFE name decides; host names are not in the certificates.
  options.set_check_call_host(false);
  return grpc::experimental::TlsCredentials(options);
}

absl::Status FromGrpc(const grpc::Status& status) {
  if (status.ok()) return absl::OkStatus();
  return ParseErrorDetails(static_cast<absl::StatusCode>(status.error_code()),
                           status.error_message(), status.error_details());
}

void SetHeaders(const CallHeaders& headers, grpc::ClientContext* context) {
  context->AddMetadata("lintas-purpose", headers.purpose);
  if (!headers.case_id.empty()) context->AddMetadata("lintas-case", headers.case_id);
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

class GrpcTransport : public Transport {
 public:
  explicit GrpcTransport(std::shared_ptr<grpc::Channel> channel)
      : generic_(channel), migration_(channel) {}

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

 private:
  grpc::TemplatedGenericStub<Message, Message> generic_;
  MigrationStub migration_;
};

}  // namespace

bool IsNodeOf(absl::string_view trust_domain, const std::vector<std::string>& uri_names) {
  const std::string prefix = absl::StrCat("spiffe://", trust_domain, "/node/");
  return !trust_domain.empty() && uri_names.size() == 1 && absl::StartsWith(uri_names[0], prefix) &&
         uri_names[0].size() > prefix.size();
}

absl::StatusOr<std::unique_ptr<Transport>> Connect(const Profile& profile) {
  RETURN_IF_ERROR(CheckFiles(profile));
  RequireTls13();
  grpc::ChannelArguments arguments;
  // A command that retries for a few seconds must not wait for gRPC's own back-off of up to 20 s.
  arguments.SetInt(GRPC_ARG_INITIAL_RECONNECT_BACKOFF_MS, 100);
  arguments.SetInt(GRPC_ARG_MIN_RECONNECT_BACKOFF_MS, 100);
  arguments.SetInt(GRPC_ARG_MAX_RECONNECT_BACKOFF_MS, 1000);
  arguments.SetInt(GRPC_ARG_MAX_RECEIVE_MESSAGE_LENGTH, 16 << 20);
  // A long import over a line that died without a word is noticed within half a minute.
  arguments.SetInt(GRPC_ARG_HTTP2_BDP_PROBE, 0);
  arguments.SetInt(GRPC_ARG_HTTP2_STREAM_LOOKAHEAD_BYTES, 4 << 20);
  arguments.SetInt(GRPC_ARG_KEEPALIVE_TIME_MS, 20'000);
  arguments.SetInt(GRPC_ARG_KEEPALIVE_TIMEOUT_MS, 10'000);
  return std::make_unique<GrpcTransport>(
      grpc::CreateCustomChannel(profile.address, Credentials(profile), arguments));
}

}  // namespace lintas::client

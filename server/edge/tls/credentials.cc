#include "server/edge/tls/credentials.h"

#include <grpc/grpc_security_constants.h>
#include <grpcpp/security/auth_metadata_processor.h>
#include <grpcpp/security/tls_certificate_provider.h>
#include <grpcpp/security/tls_certificate_verifier.h>
#include <grpcpp/security/tls_credentials_options.h>

#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "server/base/check.h"
#include "server/base/error.h"
#include "server/base/status.h"
#include "server/edge/tls/minimum_tls.h"

namespace lintas {
namespace {

namespace tls = grpc::experimental;

constexpr int kSecondMs = 1000;
constexpr int kMinuteMs = 60 * kSecondMs;

// Never takes long: judgements are in memory.
using Judge = std::function<absl::Status(absl::string_view leaf_pem)>;

class PeerVerifier final : public tls::ExternalCertificateVerifier {
 public:
  explicit PeerVerifier(Judge judge) : judge_(std::move(judge)) {}

  bool Verify(tls::TlsCustomVerificationCheckRequest* request, std::function<void(grpc::Status)>,
              grpc::Status* sync_status) override {
    const grpc::string_ref pem = request->peer_cert();
    const absl::Status verdict = judge_(absl::string_view(pem.data(), pem.size()));
    *sync_status = verdict.ok() ? grpc::Status::OK
                                : grpc::Status(grpc::StatusCode::UNAUTHENTICATED,
                                               std::string(verdict.message()));
    return true;
  }
  void Cancel(tls::TlsCustomVerificationCheckRequest*) override {}

 private:
  const Judge judge_;
};

// Judges each call before its handler.
class CallGate final : public grpc::AuthMetadataProcessor {
 public:
  CallGate(TrustStore* trust, Port port) : trust_(trust), port_(port) {}
  bool IsBlocking() const override { return false; }
  grpc::Status Process(const InputMetadata&, grpc::AuthContext* context, OutputMetadata*,
                       OutputMetadata*) override {
    const absl::Status verdict = CheckPeer(trust_, *context, port_, trust_->clock().Now()).status();
    if (verdict.ok()) return grpc::Status::OK;
    return grpc::Status(static_cast<grpc::StatusCode>(verdict.code()),
                        std::string(verdict.message()));
  }

 private:
  TrustStore* const trust_;
  const Port port_;
};

std::shared_ptr<tls::FileWatcherCertificateProvider> StagedFiles(const TrustStore& trust,
                                                                 Peer peer) {
  const std::string identity = trust.StagedIdentityPath();
  return std::make_shared<tls::FileWatcherCertificateProvider>(
      identity, identity, trust.StagedAuthorityPath(peer), kStagedReadSeconds);
}

void Watch(const Judge& judge, tls::TlsCredentialsOptions* options) {
  options->watch_root_certs();
  options->watch_identity_key_cert_pairs();
  options->set_certificate_verifier(tls::ExternalCertificateVerifier::Create<PeerVerifier>(judge));
}

std::shared_ptr<grpc::ChannelCredentials> ChannelCredentials(
    std::shared_ptr<tls::CertificateProviderInterface> provider, const Judge& judge) {
  tls::TlsChannelCredentialsOptions options;
  options.set_certificate_provider(std::move(provider));
  Watch(judge, &options);
  options.set_verify_server_certs(true);
  // The SPIFFE URI names the node; the address under which it is reached is nobody's name.
  options.set_check_call_host(false);
  return tls::TlsCredentials(options);
}

absl::Status CheckNode(const Principal& principal, absl::string_view country,
                       absl::string_view node_id) {
  if (principal.role == Role::kNode && principal.country == country &&
      (node_id.empty() || principal.id == node_id)) {
    return absl::OkStatus();
  }
  return MakeError(absl::StatusCode::kPermissionDenied, "WRONG_NODE",
                   "the other end is not the expected node");
}

std::string Property(const grpc::AuthContext& context, const char* name) {
  const std::vector<grpc::string_ref> values = context.FindPropertyValues(name);
  return values.size() == 1 ? std::string(values[0].data(), values[0].size()) : "";
}

}  // namespace

Peer PeerOf(Port port) { return port == Port::kPartner ? Peer::kPartnerNode : Peer::kOwnPerson; }

std::shared_ptr<grpc::ServerCredentials> MakeServerCredentials(TrustStore* trust, Port port) {
  LINTAS_CHECK(MinimumTls13().ok());
  const Peer peer = PeerOf(port);
  tls::TlsServerCredentialsOptions options(StagedFiles(*trust, peer));
  Watch(
      [trust, peer, port](absl::string_view leaf_pem) {
        const absl::Status verdict = trust->Judge(leaf_pem, peer, trust->clock().Now()).status();
        if (!verdict.ok()) {
          trust->Log(absl::StrCat("connection refused on the ",
                                  port == Port::kPartner ? "partner" : "officers",
                                  "' port: ", ErrorReason(verdict)));
        }
        return verdict;
      },
      &options);
  options.set_cert_request_type(GRPC_SSL_REQUEST_AND_REQUIRE_CLIENT_CERTIFICATE_AND_VERIFY);
  std::shared_ptr<grpc::ServerCredentials> credentials = tls::TlsServerCredentials(options);
  credentials->SetAuthMetadataProcessor(std::make_shared<CallGate>(trust, port));
  return credentials;
}

std::shared_ptr<grpc::ChannelCredentials> MakePartnerCredentials(TrustStore* trust,
                                                                 std::string node_id) {
  LINTAS_CHECK(MinimumTls13().ok());
  return ChannelCredentials(
      StagedFiles(*trust, Peer::kPartnerNode),
      [trust, node_id = std::move(node_id)](absl::string_view leaf_pem) -> absl::Status {
        absl::StatusOr<Principal> node =
            trust->Judge(leaf_pem, Peer::kPartnerNode, trust->clock().Now());
        const absl::Status verdict =
            node.ok() ? CheckNode(*node, node->country, node_id) : node.status();
        if (!verdict.ok()) {
          trust->Log(absl::StrCat("partner's node refused: ", ErrorReason(verdict)));
        }
        return verdict;
      });
}

absl::StatusOr<std::shared_ptr<grpc::ChannelCredentials>> MakeClientCredentials(
    const ClientTrust& trust, Clock* clock) {
  RETURN_IF_ERROR(MinimumTls13());
  ASSIGN_OR_RETURN(const Certificate own, Certificate::FromPem(trust.identity_pem));
  ASSIGN_OR_RETURN(const TlsKey key, TlsKey::FromPem(trust.identity_pem));
  if (!own.BelongsTo(key)) {
    return absl::InvalidArgumentError("the key is not that of the certificate");
  }
  ASSIGN_OR_RETURN(const std::vector<Certificate> authorities,
                   Certificate::ListFromPem(trust.authority_pem));
  auto provider = std::make_shared<tls::StaticDataCertificateProvider>(
      trust.authority_pem,
      std::vector<tls::IdentityKeyCertPair>{{trust.identity_pem, trust.identity_pem}});
  return ChannelCredentials(
      std::move(provider), [authorities, trust, clock](absl::string_view leaf_pem) -> absl::Status {
        ASSIGN_OR_RETURN(const Certificate leaf, Certificate::FromPem(leaf_pem));
        RETURN_IF_ERROR(leaf.CheckPrincipalProfile());
        RETURN_IF_ERROR(leaf.CheckIssued(authorities, clock->Now()));
        ASSIGN_OR_RETURN(const Principal node, ParsePrincipal(leaf.uris()[0]));
        return CheckNode(node, trust.country, trust.node_id);
      });
}

std::string LeafPem(const grpc::AuthContext& context) {
  const std::string type = Property(context, GRPC_TRANSPORT_SECURITY_TYPE_PROPERTY_NAME);
  if (type != GRPC_TLS_TRANSPORT_SECURITY_TYPE) return "";
  return Property(context, GRPC_X509_PEM_CERT_PROPERTY_NAME);
}

absl::StatusOr<Principal> CheckPeer(TrustStore* trust, const grpc::AuthContext& context, Port port,
                                    absl::Time now) {
  const std::string leaf_pem = LeafPem(context);
  if (leaf_pem.empty()) {
    return MakeError(absl::StatusCode::kUnauthenticated, "NO_CERTIFICATE",
                     "the connection carries no certificate");
  }
  // No server of ours hands out tickets, and their holder has shown no certificate this time.
  if (Property(context, GRPC_SSL_SESSION_REUSED_PROPERTY) == "true") {
    return MakeError(absl::StatusCode::kUnauthenticated, "SESSION_RESUMED",
                     "a resumed session is not accepted");
  }
  return trust->Judge(leaf_pem, PeerOf(port), now);
}

void ApplyServerArguments(grpc::ServerBuilder* builder) {
  builder->AddChannelArgument(GRPC_ARG_MAX_CONNECTION_AGE_MS, 30 * kMinuteMs);
  builder->AddChannelArgument(GRPC_ARG_MAX_CONNECTION_AGE_GRACE_MS, 30 * kMinuteMs);
  builder->AddChannelArgument(GRPC_ARG_KEEPALIVE_TIME_MS, 30 * kSecondMs);
  builder->AddChannelArgument(GRPC_ARG_KEEPALIVE_TIMEOUT_MS, 10 * kSecondMs);
  // Below the client's interval, or the server takes its keepalive for an attack.
  builder->AddChannelArgument(GRPC_ARG_HTTP2_MIN_RECV_PING_INTERVAL_WITHOUT_DATA_MS,
                              10 * kSecondMs);
  builder->AddChannelArgument(GRPC_ARG_KEEPALIVE_PERMIT_WITHOUT_CALLS, 1);
  builder->AddChannelArgument(GRPC_ARG_HTTP2_MAX_PINGS_WITHOUT_DATA, 0);
  builder->AddChannelArgument(GRPC_ARG_SERVER_HANDSHAKE_TIMEOUT_MS, 10 * kSecondMs);
  builder->AddChannelArgument(GRPC_ARG_MAX_METADATA_SIZE, 16 * 1024);
  builder->AddChannelArgument(GRPC_ARG_ALLOW_REUSEPORT, 0);
  // Fixed windows that hold several messages: with the measured ones a stream of half-megabyte
  // messages was seen to stand still.
  builder->AddChannelArgument(GRPC_ARG_HTTP2_BDP_PROBE, 0);
  builder->AddChannelArgument(GRPC_ARG_HTTP2_STREAM_LOOKAHEAD_BYTES, 4 << 20);
}

grpc::ChannelArguments ClientArguments() {
  grpc::ChannelArguments arguments;
  arguments.SetInt(GRPC_ARG_KEEPALIVE_TIME_MS, 20 * kSecondMs);
  arguments.SetInt(GRPC_ARG_KEEPALIVE_TIMEOUT_MS, 10 * kSecondMs);
  arguments.SetInt(GRPC_ARG_KEEPALIVE_PERMIT_WITHOUT_CALLS, 1);
  arguments.SetInt(GRPC_ARG_HTTP2_MAX_PINGS_WITHOUT_DATA, 0);
  arguments.SetInt(GRPC_ARG_MAX_METADATA_SIZE, 16 * 1024);
  arguments.SetInt(GRPC_ARG_HTTP2_BDP_PROBE, 0);
  arguments.SetInt(GRPC_ARG_HTTP2_STREAM_LOOKAHEAD_BYTES, 4 << 20);
  return arguments;
}

}  // namespace lintas

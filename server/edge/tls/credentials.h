// gRPC credentials that follow a TrustStore: TLS 1.3, a client certificate always, the other end
// judged at the handshake and again at each call, so that revocation and expiry bite on connections
// that are already there. Safe from any thread.
//
//   RETURN_IF_ERROR(MinimumTls13());
//   ASSIGN_OR_RETURN(auto trust, TrustStore::Open(options, clock));
//   builder.AddListeningPort(address, MakeServerCredentials(trust.get(), Port::kPartner));
//   ApplyServerArguments(&builder);
//   channel = grpc::CreateCustomChannel(address, MakePartnerCredentials(trust.get()),
//                                       ClientArguments());
#ifndef LINTAS_SERVER_EDGE_TLS_CREDENTIALS_H_
#define LINTAS_SERVER_EDGE_TLS_CREDENTIALS_H_

#include <grpcpp/security/auth_context.h>
#include <grpcpp/security/credentials.h>
#include <grpcpp/security/server_credentials.h>
#include <grpcpp/server_builder.h>
#include <grpcpp/support/channel_arguments.h>

#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "server/call/principal.h"
#include "server/edge/tls/trust_store.h"

namespace lintas {

enum class Port {
  kOfficers,  // Own country's people and systems; no node.
  kPartner,   // The partner's node and nobody else.
};

Peer PeerOf(Port port);

// gRPC looks at the staged files once in this time.
constexpr unsigned kStagedReadSeconds = 1;

// Needs MinimumTls13() before it, checked. `trust` outlives every server that uses them. At the
// handshake the client learns only that the connection broke; the reason goes to the trust's log.
// Each call is judged before its handler: UNAUTHENTICATED or PERMISSION_DENIED.
std::shared_ptr<grpc::ServerCredentials> MakeServerCredentials(TrustStore* trust, Port port);

// For calls of this node to the partner's. The certificate decides, not the host name. With
// `node_id`, only that node of the partner is accepted. `trust` outlives the channels.
std::shared_ptr<grpc::ChannelCredentials> MakePartnerCredentials(TrustStore* trust,
                                                                 std::string node_id = "");

// What a program of a person or an agency holds; read once, for a program that runs shortly.
struct ClientTrust {
  std::string identity_pem;   // Key and certificate.
  std::string authority_pem;  // Own country's CA.
  Country country;            // Only a node of this country is accepted,
  std::string node_id;        // and with this only that one.
};
// kInvalidArgument if the PEMs do not hold what they should.
absl::StatusOr<std::shared_ptr<grpc::ChannelCredentials>> MakeClientCredentials(
    const ClientTrust& trust, Clock* clock);

// The PEM of the certificate at the other end, empty if there is none: a call inside the process or
// over a local socket counts as "authenticated" with gRPC and has none.
std::string LeafPem(const grpc::AuthContext& context);

// Who calls, judged at `now`: TrustStore::Judge on the certificate of the connection.
// kUnauthenticated also for a connection without a certificate and for a resumed session.
absl::StatusOr<Principal> CheckPeer(TrustStore* trust, const grpc::AuthContext& context, Port port,
                                    absl::Time now);

// Connections of at most 30 minutes and 30 more for their streams (P24: a stream lives at most an
// hour), keepalive both ways, a bound on handshakes and metadata, the port for one process only.
void ApplyServerArguments(grpc::ServerBuilder* builder);
grpc::ChannelArguments ClientArguments();

}  // namespace lintas

#endif  // LINTAS_SERVER_EDGE_TLS_CREDENTIALS_H_

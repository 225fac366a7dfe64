// EdgeServer: the two ports of a node. The officers' port serves any services of which admission
// knows the methods, with gRPC health and reflection; the partner port serves PartnerService alone.
//
//   EdgeOptions options;
//   options.clock = clock;
//   options.officers.address = "0.0.0.0:7443";
//   options.officers.credentials = MakeServerCredentials(trust, Port::kOfficers);
//   options.officers.callers = CallersOf(trust, &streams, Port::kOfficers, clock);
//   options.officers.admission = &node->admission();
//   options.officers.services = {NodeStatus::descriptor()->file()->service(0), …};
//   options.partner.address = "0.0.0.0:7444"; … options.partner.port = &partner_port;
//   ASSIGN_OR_RETURN(auto edge, EdgeServer::Start(options));
//   ledgers.SetCheckpointListener([&] { edge->NotifyCheckpoint(); });
//   … edge->Tick(now) a few times a second; edge->Shutdown(absl::Seconds(5));
//
// Safe from any thread.
#ifndef LINTAS_SERVER_EDGE_EDGE_SERVER_H_
#define LINTAS_SERVER_EDGE_EDGE_SERVER_H_

#include <google/protobuf/descriptor.h>
#include <grpcpp/security/server_credentials.h>
#include <grpcpp/server.h>

#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "server/edge/descriptor_service.h"
#include "server/edge/partner_service.h"

namespace lintas {

constexpr int kOfficerMessageBytesMax = 8 << 20;
constexpr int kPartnerMessageBytesMax = 4 << 20;

// All pointers outlive the server.
struct EdgeOptions {
  struct Officers {
    std::string address;  // Empty: not served. Port 0 takes a free one.
    std::shared_ptr<grpc::ServerCredentials> credentials;
    Callers callers;
    Admission* admission = nullptr;
    std::vector<const google::protobuf::ServiceDescriptor*> services;
  };
  struct Partner {
    std::string address;  // Empty: not served.
    std::shared_ptr<grpc::ServerCredentials> credentials;
    Callers callers;
    PartnerPort* port = nullptr;
  };
  Officers officers;
  Partner partner;
  Clock* clock = nullptr;
  Metrics* metrics = nullptr;  // May be null.
};

class EdgeServer {
 public:
  // CHECKs G2 of descriptor_service.h over all services. kUnavailable, reason ADDRESS_IN_USE.
  static absl::StatusOr<std::unique_ptr<EdgeServer>> Start(EdgeOptions options);
  // Shuts down at once if Shutdown was not called.
  ~EdgeServer();
  EdgeServer(const EdgeServer&) = delete;
  EdgeServer& operator=(const EdgeServer&) = delete;

  // The bound ports; 0 if not served.
  int officers_port() const { return officers_bound_; }
  int partner_port() const { return partner_bound_; }

  // A new checkpoint was signed. Only wakes a thread.
  void NotifyCheckpoint() { pump_.NotifyCheckpoint(); }
  // Heartbeats. At least once a second.
  void Tick(absl::Time now) { pump_.Tick(now); }

  // Takes no more calls, lets those in progress end within `grace`, then cancels them. Returns when
  // all have ended; later calls do nothing.
  void Shutdown(absl::Duration grace);

 private:
  explicit EdgeServer(EdgeOptions options);
  absl::Status StartOfficers(const EdgeOptions::Officers& options);
  absl::Status StartPartner(const EdgeOptions::Partner& options);

  PullPump pump_;
  Door officers_door_;
  PartnerDoor partner_door_;
  std::vector<std::unique_ptr<grpc::Service>> services_;
  std::unique_ptr<grpc::Server> officers_, partner_;
  int officers_bound_ = 0, partner_bound_ = 0;
  std::mutex shutdown_mutex_;
  bool stopped_ = false;
};

}  // namespace lintas

#endif  // LINTAS_SERVER_EDGE_EDGE_SERVER_H_

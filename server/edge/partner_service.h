// PartnerGrpcService: lintas.partner.v1.PartnerService over a PartnerPort. Only the partner's node
// gets in; what it sends is parsed strictly. No reflection stands beside it.
#ifndef LINTAS_SERVER_EDGE_PARTNER_SERVICE_H_
#define LINTAS_SERVER_EDGE_PARTNER_SERVICE_H_

#include <grpcpp/impl/service_type.h>

#include "server/call/partner_port.h"
#include "server/edge/callers.h"
#include "server/edge/metrics.h"
#include "server/edge/pull_pump.h"

namespace lintas {

// What all calls of the partner port share. Pointers outlive the server; `metrics` may be null.
struct PartnerDoor {
  PartnerPort* port = nullptr;
  Callers callers;
  Clock* clock = nullptr;
  Metrics* metrics = nullptr;
  PullPump* pump = nullptr;
};

class PartnerGrpcService final : public grpc::Service {
 public:
  // `door` outlives it.
  explicit PartnerGrpcService(const PartnerDoor* door);
};

}  // namespace lintas

#endif  // LINTAS_SERVER_EDGE_PARTNER_SERVICE_H_

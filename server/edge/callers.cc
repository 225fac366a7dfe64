#include "server/edge/callers.h"

#include <utility>

namespace lintas {

Callers CallersOf(TrustStore* trust, OpenStreams* streams, Port port, Clock* clock) {
  Callers callers;
  callers.principal = [trust, port, clock](const grpc::AuthContext& context) {
    return CheckPeer(trust, context, port, clock->Now());
  };
  callers.watch = [streams, port, clock](const grpc::AuthContext& context,
                                         std::function<void(absl::Status)> cut) {
    const uint64_t stream =
        streams->Add(LeafPem(context), PeerOf(port), clock->Now(), std::move(cut));
    return [streams, stream] { streams->Remove(stream); };
  };
  return callers;
}

}  // namespace lintas

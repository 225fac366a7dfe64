// Callers: how a port knows who calls and when their streams must end. The real ones follow the
// trust store; tests hand in their own.
#ifndef LINTAS_SERVER_EDGE_CALLERS_H_
#define LINTAS_SERVER_EDGE_CALLERS_H_

#include <grpcpp/security/auth_context.h>

#include <functional>

#include "absl/status/statusor.h"
#include "server/base/clock.h"
#include "server/call/principal.h"
#include "server/edge/tls/credentials.h"
#include "server/edge/tls/open_streams.h"
#include "server/edge/tls/trust_store.h"

namespace lintas {

// Both are called from any thread.
struct Callers {
  // Who calls; asked for every call and for every message of a stream.
  std::function<absl::StatusOr<Principal>(const grpc::AuthContext&)> principal;
  // A stream begins. `cut` may be called once, from any thread, with why it must end; it does not
  // block. The function that is given back is called when the stream has ended; after it returns,
  // `cut` is not called. Null: streams end by themselves only.
  std::function<std::function<void()>(const grpc::AuthContext&,
                                      std::function<void(absl::Status)> cut)>
      watch;
};

// All pointers outlive the server that uses them.
Callers CallersOf(TrustStore* trust, OpenStreams* streams, Port port, Clock* clock);

}  // namespace lintas

#endif  // LINTAS_SERVER_EDGE_CALLERS_H_

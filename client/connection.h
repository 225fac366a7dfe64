// The gRPC transport to the own country's node: TLS 1.3, client certificate always, and the node's
// certificate must name exactly one node of the profile's country (server/edge/tls/credentials.h).
#ifndef LINTAS_CLIENT_CONNECTION_H_
#define LINTAS_CLIENT_CONNECTION_H_

#include <memory>

#include "absl/status/statusor.h"
#include "client/profile.h"
#include "client/transport.h"

namespace lintas::client {

// Does not wait for the line: the first call does. Certificate and CA files are read once; a
// certificate outlives every command by days. kInvalidArgument with the profile's field if a file
// is missing or holds no key and certificate that belong together.
absl::StatusOr<std::unique_ptr<Transport>> Connect(const Profile& profile);

}  // namespace lintas::client

#endif  // LINTAS_CLIENT_CONNECTION_H_

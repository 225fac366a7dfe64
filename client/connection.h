// The gRPC transport to the own country's node: TLS 1.3, client certificate always, and the node's
// certificate must name exactly one node of the profile's trust domain.
#ifndef LINTAS_CLIENT_CONNECTION_H_
#define LINTAS_CLIENT_CONNECTION_H_

#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "client/profile.h"
#include "client/transport.h"

namespace lintas::client {

// Does not wait for the line: the first call does. Certificate and CA files are read again while
// running, so that a renewed certificate needs no restart. kInvalidArgument if a file is missing or
// holds no key and certificate that belong together.
absl::StatusOr<std::unique_ptr<Transport>> Connect(const Profile& profile);

// True if the only URI SAN of the node's certificate is `spiffe://<trust_domain>/node/<id>`.
bool IsNodeOf(absl::string_view trust_domain, const std::vector<std::string>& uri_names);

}  // namespace lintas::client

#endif  // LINTAS_CLIENT_CONNECTION_H_

// TLS 1.3 for the whole process. gRPC 1.51 has no setting for the lowest version and would accept
// 1.2, and its servers hand out resumption tickets, whose holder comes back without a certificate.
// OpenSSL's own configuration closes both for every context made afterwards.
#ifndef LINTAS_SERVER_EDGE_TLS_MINIMUM_TLS_H_
#define LINTAS_SERVER_EDGE_TLS_MINIMUM_TLS_H_

#include "absl/status/status.h"

namespace lintas {

// Call before any credentials are made. Safe from any thread; later calls give the first answer.
// kInternal if OpenSSL refuses its configuration: do not serve then.
absl::Status MinimumTls13();

}  // namespace lintas

#endif  // LINTAS_SERVER_EDGE_TLS_MINIMUM_TLS_H_

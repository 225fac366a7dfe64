// The limit: a callback server over mTLS that parses and stores nothing. It answers every message,
// whatever the method, with the same bytes.
#ifndef LINTAS_TESTS_BENCH_ECHO_H_
#define LINTAS_TESTS_BENCH_ECHO_H_

#include <string>

#include "absl/status/status.h"

namespace lintas::bench {

// Runs until a signal ends the process; prints `"serving"` when it listens. `identity` is a PEM
// with key and certificate, `authority` the CA of the clients, `answer` a file with the answer's
// bytes.
absl::Status RunEcho(const std::string& address, const std::string& identity,
                     const std::string& authority, const std::string& answer);

}  // namespace lintas::bench

#endif  // LINTAS_TESTS_BENCH_ECHO_H_

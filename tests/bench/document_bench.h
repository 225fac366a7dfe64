// `lintas-bench document`: machine-readable zones and chips that one core checks a second, offline.
#ifndef LINTAS_TESTS_BENCH_DOCUMENT_BENCH_H_
#define LINTAS_TESTS_BENCH_DOCUMENT_BENCH_H_

#include "absl/status/statusor.h"
#include "nlohmann/json.hpp"

namespace lintas::bench {

// Each of its measures takes `seconds` of one core's time. The limit of the chips is what OpenSSL
// alone verifies of the same curve in the same run: a chain of one CSCA and one signer needs two.
absl::StatusOr<nlohmann::ordered_json> RunDocument(int seconds);

}  // namespace lintas::bench

#endif  // LINTAS_TESTS_BENCH_DOCUMENT_BENCH_H_

// `lintas-bench import`: a CSV file through the real client to node A, durable, and to node B,
// found.
#ifndef LINTAS_TESTS_BENCH_IMPORT_BENCH_H_
#define LINTAS_TESTS_BENCH_IMPORT_BENCH_H_

#include <cstdint>

#include "absl/status/statusor.h"
#include "nlohmann/json.hpp"

namespace lintas::bench {

absl::StatusOr<nlohmann::ordered_json> RunImport(uint64_t rows);

}  // namespace lintas::bench

#endif  // LINTAS_TESTS_BENCH_IMPORT_BENCH_H_

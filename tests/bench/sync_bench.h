// `lintas-bench sync`: client -> node A -> node B, durable, hashed, signed and found on both.
#ifndef LINTAS_TESTS_BENCH_SYNC_BENCH_H_
#define LINTAS_TESTS_BENCH_SYNC_BENCH_H_

#include <cstdint>

#include "absl/status/statusor.h"
#include "nlohmann/json.hpp"

namespace lintas::bench {

absl::StatusOr<nlohmann::ordered_json> RunSync(uint64_t rows);

}  // namespace lintas::bench

#endif  // LINTAS_TESTS_BENCH_SYNC_BENCH_H_

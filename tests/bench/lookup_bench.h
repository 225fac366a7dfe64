// `lintas-bench lookup`: FindRecords by document number of an officer over mTLS, each with its
// durable access entry.
#ifndef LINTAS_TESTS_BENCH_LOOKUP_BENCH_H_
#define LINTAS_TESTS_BENCH_LOOKUP_BENCH_H_

#include <cstdint>

#include "absl/status/statusor.h"
#include "nlohmann/json.hpp"

namespace lintas::bench {

absl::StatusOr<nlohmann::ordered_json> RunLookup(uint64_t rows, int outstanding, int seconds);

}  // namespace lintas::bench

#endif  // LINTAS_TESTS_BENCH_LOOKUP_BENCH_H_

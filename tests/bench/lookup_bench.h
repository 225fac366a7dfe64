// `lintas-bench lookup`: FindRecords by document number of an officer over mTLS, each with its
// durable access entry.
#ifndef LINTAS_TESTS_BENCH_LOOKUP_BENCH_H_
#define LINTAS_TESTS_BENCH_LOOKUP_BENCH_H_

#include <cstdint>

#include "absl/status/statusor.h"
#include "nlohmann/json.hpp"
#include "tests/bench/node_pair.h"

namespace lintas::bench {

// Lookups among rows 1 to `rows`, and the same calls to a server that finds nothing: rates, p99,
// and their ratios.
absl::StatusOr<nlohmann::ordered_json> CompareLookups(const NodePair& pair, uint64_t rows,
                                                      int outstanding, int seconds);

absl::StatusOr<nlohmann::ordered_json> RunLookup(uint64_t rows, int outstanding, int seconds);

}  // namespace lintas::bench

#endif  // LINTAS_TESTS_BENCH_LOOKUP_BENCH_H_

// `lintas-bench growth`: the same measures with few and with many records in the nodes.
#ifndef LINTAS_TESTS_BENCH_GROWTH_BENCH_H_
#define LINTAS_TESTS_BENCH_GROWTH_BENCH_H_

#include <cstdint>

#include "absl/status/statusor.h"
#include "nlohmann/json.hpp"

namespace lintas::bench {

// At `small` and then at `large` records: `rows` rows more over both nodes, and lookups of
// `seconds`; each beside its limit.
absl::StatusOr<nlohmann::ordered_json> RunGrowth(uint64_t small, uint64_t large, uint64_t rows,
                                                 int outstanding, int seconds);

}  // namespace lintas::bench

#endif  // LINTAS_TESTS_BENCH_GROWTH_BENCH_H_

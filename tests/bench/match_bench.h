// Matching inside one process: linking, screening and fuzzy search. No node, no network.
#ifndef LINTAS_TESTS_BENCH_MATCH_BENCH_H_
#define LINTAS_TESTS_BENCH_MATCH_BENCH_H_

#include <cstdint>
#include <nlohmann/json.hpp>

#include "absl/status/statusor.h"

namespace lintas::bench {

// Synthetic people, `people` of them, half of those in the second list with one field damaged:
// links the two halves, screens 15,000 against all, and searches all by names with one or two
// typing errors. Two threads for the first two, one for the search.
absl::StatusOr<nlohmann::ordered_json> RunMatch(uint64_t people);

}  // namespace lintas::bench

#endif  // LINTAS_TESTS_BENCH_MATCH_BENCH_H_

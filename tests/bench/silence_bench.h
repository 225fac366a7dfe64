// What the partner can learn from the time of an answer that says nothing (P26): questions on
// documents that do not exist and on records that may not be shared, in turns, between real nodes.
#ifndef LINTAS_TESTS_BENCH_SILENCE_BENCH_H_
#define LINTAS_TESTS_BENCH_SILENCE_BENCH_H_

#include <cstdint>
#include <nlohmann/json.hpp>

#include "absl/status/statusor.h"

namespace lintas::bench {

// Asks `pairs` questions of each kind, eight at a time at random moments. The result holds both
// kinds' times and lengths, and the two-sample Kolmogorov-Smirnov p of the times: how often two
// samples from one source differ at least as much. kInternal if any answer disclosed anything.
absl::StatusOr<nlohmann::ordered_json> RunSilence(uint64_t pairs);

}  // namespace lintas::bench

#endif  // LINTAS_TESTS_BENCH_SILENCE_BENCH_H_

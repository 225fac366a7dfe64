#include "tests/bench/growth_bench.h"

#include <algorithm>
#include <cstdio>

#include "absl/status/status.h"
#include "server/base/status.h"
#include "tests/bench/crossings.h"
#include "tests/bench/lookup_bench.h"
#include "tests/bench/node_pair.h"
#include "tests/bench/replication.h"

namespace lintas::bench {
namespace {

using nlohmann::ordered_json;

// Of a preloading import, so that its messages need little memory.
constexpr uint64_t kChunk = 100'000;

absl::Status Preload(const NodePair& pair, uint64_t held, uint64_t size) {
  const auto begin = std::chrono::steady_clock::now();
  while (held < size) {
    const uint64_t rows = std::min(kChunk, size - held);
    RETURN_IF_ERROR(Replicate(pair, MakeCrossings(rows, held + 1), held + rows).status());
    held += rows;
    std::fprintf(stderr, "%llu rows, %.0f s\n", static_cast<unsigned long long>(held),
                 SecondsSince(begin));
  }
  return absl::OkStatus();
}

absl::StatusOr<ordered_json> MeasureAt(const NodePair& pair, uint64_t size, uint64_t rows,
                                       int outstanding, int seconds) {
  const Batches batches = MakeCrossings(rows, size + 1);
  ASSIGN_OR_RETURN(const Replicated done, Replicate(pair, batches, size + rows));
  ASSIGN_OR_RETURN(const double limit, EchoRate(pair, batches));
  ASSIGN_OR_RETURN(const ordered_json lookup,
                   CompareLookups(pair, size + rows, outstanding, seconds));
  const double figure = static_cast<double>(rows) / done.seconds;
  return ordered_json{{"records", size},
                      {"rows_per_s_end_to_end", figure},
                      {"limit_echo_rows_per_s", limit},
                      {"ratio_to_limit", figure / limit},
                      {"cpu_us_per_row_a", done.a_us},
                      {"cpu_us_per_row_b", done.b_us},
                      {"lookups", lookup},
                      {"memory_mb_a", pair.idn().memory_mb()},
                      {"memory_mb_b", pair.khm().memory_mb()}};
}

}  // namespace

absl::StatusOr<ordered_json> RunGrowth(uint64_t small, uint64_t large, uint64_t rows,
                                       int outstanding, int seconds) {
  if (large < small + rows) return absl::InvalidArgumentError("large must be over small and rows");
  ASSIGN_OR_RETURN(const std::unique_ptr<NodePair> pair, NodePair::Start());
  RETURN_IF_ERROR(Preload(*pair, 0, small));
  ASSIGN_OR_RETURN(const ordered_json few, MeasureAt(*pair, small, rows, outstanding, seconds));
  std::fprintf(stderr, "%s\n", few.dump().c_str());
  const auto begin = std::chrono::steady_clock::now();
  RETURN_IF_ERROR(Preload(*pair, small + rows, large));
  const double preload_s = SecondsSince(begin);
  ASSIGN_OR_RETURN(const ordered_json many, MeasureAt(*pair, large, rows, outstanding, seconds));
  const auto ratio = [&](const char* key) { return double(many[key]) / double(few[key]); };
  const auto p99_to_limit = [](const ordered_json& at) {
    return double(at["lookups"]["p99_to_limit"]);
  };
  return ordered_json{{"bench", "growth"},
                      {"rows", rows},
                      {"few", few},
                      {"many", many},
                      {"preload_rows_per_s", static_cast<double>(large - small - rows) / preload_s},
                      {"sync_ratio_many_to_few", ratio("ratio_to_limit")},
                      {"lookup_p99_to_limit_many_to_few", p99_to_limit(many) / p99_to_limit(few)}};
}

}  // namespace lintas::bench

// Rows from a client over node A to node B: shared by the benchmarks that measure it.
#ifndef LINTAS_TESTS_BENCH_REPLICATION_H_
#define LINTAS_TESTS_BENCH_REPLICATION_H_

#include <chrono>
#include <cstdint>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "lintas/migration_information/v1/migration_information.grpc.pb.h"
#include "tests/bench/crossings.h"
#include "tests/bench/node_pair.h"

namespace lintas::bench {

double SecondsSince(std::chrono::steady_clock::time_point begin);

// Whether the partner's node finds the document of `row`.
absl::StatusOr<bool> PartnerFinds(
    migration_information::v1::MigrationInformationService::Stub* partner, uint64_t row);

// Until the partner holds rows 1 to `rows`, has cosigned that, and finds the last one.
absl::Status AwaitLevel(const NodePair& pair, uint64_t rows);

struct Replicated {
  double seconds = 0;       // From the first write until level.
  double seconds_at_a = 0;  // Until A has confirmed the last row.
  // CPU, microseconds a row.
  double client_us = 0, a_us = 0, b_us = 0;
};

// Sends `batches`, the last of which ends with row `last_row`, and awaits level.
absl::StatusOr<Replicated> Replicate(const NodePair& pair, const Batches& batches,
                                     uint64_t last_row);

// Rows a second of the same messages to a server that stores nothing: the limit.
absl::StatusOr<double> EchoRate(const NodePair& pair, const Batches& batches);

uint64_t RowsIn(const Batches& batches);

}  // namespace lintas::bench

#endif  // LINTAS_TESTS_BENCH_REPLICATION_H_

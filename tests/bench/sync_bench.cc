#include "tests/bench/sync_bench.h"

#include <grpcpp/client_context.h>

#include <algorithm>
#include <chrono>
#include <thread>

#include "absl/strings/str_format.h"
#include "lintas/migration_information/v1/migration_information.grpc.pb.h"
#include "server/base/status.h"
#include "tests/bench/crossings.h"
#include "tests/bench/node_pair.h"
#include "tests/bench/replication.h"

namespace lintas::bench {
namespace {

using Clock = std::chrono::steady_clock;
using nlohmann::ordered_json;

// /work/shared/BASELINES.md, `pg-logical-b1000-to1M`: logical replication with three indexes.
constexpr double kPostgresRowsPerSecond = 59'700;

// On an idle line: milliseconds from a single record's confirmation at A until B finds it.
absl::StatusOr<ordered_json> MeasureLag(const NodePair& pair, uint64_t rows) {
  constexpr uint64_t kRecords = 20;
  migration_information::v1::MigrationInformationService::Stub idn(pair.Connect("idn", "officer"));
  migration_information::v1::MigrationInformationService::Stub khm(pair.Connect("khm", "officer"));
  std::vector<double> millis;
  for (uint64_t i = 1; i <= kRecords; ++i) {
    std::this_thread::sleep_for(std::chrono::milliseconds(500));  // The line is idle again.
    migration_information::v1::CreateCrossingRequest request;
    request.set_parent("countries/idn");
    *request.mutable_crossing() = CrossingOf(rows + i);
    request.set_request_id(absl::StrFormat("00000000-0000-4000-8000-%012d", i));
    grpc::ClientContext context;
    context.AddMetadata("lintas-purpose", "MIGRATION_MANAGEMENT");
    migration_information::v1::Crossing created;
    const grpc::Status status = idn.CreateCrossing(&context, request, &created);
    if (!status.ok()) return absl::UnavailableError(status.error_message());
    const auto committed = Clock::now();
    while (true) {
      ASSIGN_OR_RETURN(const bool found, PartnerFinds(&khm, rows + i));
      if (found) break;
      if (SecondsSince(committed) > 30)
        return absl::DeadlineExceededError("a record did not arrive");
      std::this_thread::sleep_for(std::chrono::milliseconds(2));
    }
    millis.push_back(1000 * SecondsSince(committed));
  }
  std::sort(millis.begin(), millis.end());
  return ordered_json{
      {"records", kRecords}, {"p50_ms", millis[kRecords / 2]}, {"max_ms", millis.back()}};
}

}  // namespace

absl::StatusOr<ordered_json> RunSync(uint64_t rows) {
  const Batches batches = MakeCrossings(rows);
  ASSIGN_OR_RETURN(const std::unique_ptr<NodePair> pair, NodePair::Start());
  ASSIGN_OR_RETURN(const Replicated done, Replicate(*pair, batches, rows));
  const double figure = static_cast<double>(rows) / done.seconds;
  const double memory_a = pair->idn().memory_mb(), memory_b = pair->khm().memory_mb();
  ASSIGN_OR_RETURN(const auto lag, MeasureLag(*pair, rows));
  ASSIGN_OR_RETURN(const double limit, EchoRate(*pair, batches));
  return ordered_json{{"bench", "sync"},
                      {"rows", rows},
                      {"record_bytes", batches.front().rows(0).record().ByteSizeLong()},
                      {"rows_per_s_end_to_end", figure},
                      {"rows_per_s_at_a", static_cast<double>(rows) / done.seconds_at_a},
                      {"limit_echo_rows_per_s", limit},
                      {"ratio_to_limit", figure / limit},
                      {"ratio_to_59700_rows_per_s_of_postgresql (BASELINES.md, measured elsewhere)",
                       figure / kPostgresRowsPerSecond},
                      {"committed_at_a_until_found_at_b", lag},
                      {"cpu_us_per_row_client", done.client_us},
                      {"cpu_us_per_row_a", done.a_us},
                      {"cpu_us_per_row_b", done.b_us},
                      {"cpu_us_per_row", done.client_us + done.a_us + done.b_us},
                      {"memory_mb_a", memory_a},
                      {"memory_mb_b", memory_b}};
}

}  // namespace lintas::bench

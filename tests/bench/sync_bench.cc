#include "tests/bench/sync_bench.h"

#include <grpcpp/client_context.h>
#include <sys/resource.h>

#include <algorithm>
#include <chrono>
#include <fstream>
#include <thread>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "lintas/migration_information/v1/migration_information.grpc.pb.h"
#include "server/base/status.h"
#include "tests/bench/child.h"
#include "tests/bench/crossings.h"
#include "tests/bench/node_pair.h"

namespace lintas::bench {
namespace {

using Clock = std::chrono::steady_clock;
using nlohmann::ordered_json;

// /work/shared/BASELINES.md, `pg-logical-b1000-to1M`: logical replication with three indexes.
constexpr double kPostgresRowsPerSecond = 59'700;
constexpr auto kPoll = std::chrono::milliseconds(20);
constexpr auto kLevelMax = std::chrono::minutes(5);

double Since(Clock::time_point begin) {
  return std::chrono::duration<double>(Clock::now() - begin).count();
}

double OwnCpu() {
  rusage usage = {};
  getrusage(RUSAGE_SELF, &usage);
  const auto seconds = [](const timeval& t) { return double(t.tv_sec) + double(t.tv_usec) / 1e6; };
  return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

// Whether the partner's node finds the document of `row`.
absl::StatusOr<bool> PartnerFinds(
    migration_information::v1::MigrationInformationService::Stub* partner, uint64_t row) {
  migration_information::v1::FindRecordsRequest request;
  request.set_document_number(DocumentNumberOf(row));
  request.set_view(migration_information::v1::SUMMARY);
  grpc::ClientContext context;
  context.AddMetadata("lintas-purpose", "BORDER_CHECK");
  migration_information::v1::FindRecordsResponse found;
  const grpc::Status status = partner->FindRecords(&context, request, &found);
  if (!status.ok()) return absl::UnavailableError(status.error_message());
  return found.records_size() == 1;
}

// Until the partner holds all rows, has cosigned that, and finds the last one.
absl::Status AwaitLevel(const NodePair& pair, uint64_t rows) {
  migration_information::v1::MigrationInformationService::Stub khm(pair.Connect("khm", "officer"));
  const auto until = Clock::now() + kLevelMax;
  for (; Clock::now() < until; std::this_thread::sleep_for(kPoll)) {
    ASSIGN_OR_RETURN(const auto a, pair.Status("idn"));
    ASSIGN_OR_RETURN(const auto b, pair.Status("khm"));
    const auto* own = LedgerIn(a, "exchange");
    const auto* copy = LedgerIn(b, "replica");
    if (own == nullptr || copy == nullptr || own->size() < rows || copy->size() < own->size() ||
        own->held_size() < own->size()) {
      continue;
    }
    ASSIGN_OR_RETURN(const bool found, PartnerFinds(&khm, rows));
    if (found) return absl::OkStatus();
  }
  return absl::DeadlineExceededError("the nodes did not become level");
}

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
      if (Since(committed) > 30) return absl::DeadlineExceededError("a record did not arrive");
      std::this_thread::sleep_for(std::chrono::milliseconds(2));
    }
    millis.push_back(1000 * Since(committed));
  }
  std::sort(millis.begin(), millis.end());
  return ordered_json{
      {"records", kRecords}, {"p50_ms", millis[kRecords / 2]}, {"max_ms", millis.back()}};
}

// The same messages to a server that stores nothing.
absl::StatusOr<double> EchoSeconds(const NodePair& pair, const Batches& batches) {
  const std::string& folder = pair.folder();
  std::ofstream(folder + "/answer").close();
  const Child echo({ProgramFolder() + "/lintas-bench", "echo", "127.0.0.1:18301",
                    folder + "/idn/node.pem", folder + "/idn/ca/ca.pem", folder + "/answer"},
                   folder + "/echo.log");
  RETURN_IF_ERROR(echo.AwaitLog("\"serving\""));
  ASSIGN_OR_RETURN(const Sent sent, SendCrossings(pair.ConnectTo("127.0.0.1:18301", "agency"),
                                                  batches, /*counts_messages=*/true));
  return sent.seconds;
}

}  // namespace

absl::StatusOr<ordered_json> RunSync(uint64_t rows) {
  const Batches batches = MakeCrossings(rows);
  ASSIGN_OR_RETURN(const std::unique_ptr<NodePair> pair, NodePair::Start());
  const auto agency = pair->Connect("idn", "agency");
  const double client_cpu = OwnCpu(), idn_cpu = pair->idn().cpu_s(), khm_cpu = pair->khm().cpu_s();
  const auto begin = Clock::now();
  ASSIGN_OR_RETURN(const Sent sent, SendCrossings(agency, batches, /*counts_messages=*/false));
  if (sent.created != rows) {
    return absl::InternalError(absl::StrCat(sent.created, " rows created, ", sent.rejected,
                                            " rejected ", sent.first_rejection));
  }
  RETURN_IF_ERROR(AwaitLevel(*pair, rows));
  const double seconds = Since(begin);
  const double micros = 1e6 / static_cast<double>(rows);
  const double client = (OwnCpu() - client_cpu) * micros;
  const double a = (pair->idn().cpu_s() - idn_cpu) * micros;
  const double b = (pair->khm().cpu_s() - khm_cpu) * micros;
  const double figure = static_cast<double>(rows) / seconds;
  const double memory_a = pair->idn().memory_mb(), memory_b = pair->khm().memory_mb();
  ASSIGN_OR_RETURN(const auto lag, MeasureLag(*pair, rows));
  ASSIGN_OR_RETURN(const double echo_s, EchoSeconds(*pair, batches));
  const double limit = static_cast<double>(rows) / echo_s;
  return ordered_json{{"bench", "sync"},
                      {"rows", rows},
                      {"record_bytes", batches.front().rows(0).record().ByteSizeLong()},
                      {"rows_per_s_end_to_end", figure},
                      {"rows_per_s_at_a", static_cast<double>(rows) / sent.seconds},
                      {"limit_echo_rows_per_s", limit},
                      {"ratio_to_limit", figure / limit},
                      {"ratio_to_59700_rows_per_s_of_postgresql (BASELINES.md, measured elsewhere)",
                       figure / kPostgresRowsPerSecond},
                      {"committed_at_a_until_found_at_b", lag},
                      {"cpu_us_per_row_client", client},
                      {"cpu_us_per_row_a", a},
                      {"cpu_us_per_row_b", b},
                      {"cpu_us_per_row", client + a + b},
                      {"memory_mb_a", memory_a},
                      {"memory_mb_b", memory_b}};
}

}  // namespace lintas::bench

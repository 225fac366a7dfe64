#include "tests/bench/replication.h"

#include <grpcpp/client_context.h>
#include <sys/resource.h>

#include <fstream>
#include <thread>

#include "absl/strings/str_cat.h"
#include "server/base/status.h"
#include "tests/bench/child.h"

namespace lintas::bench {
namespace {

using Clock = std::chrono::steady_clock;
using migration_information::v1::MigrationInformationService;

constexpr auto kPoll = std::chrono::milliseconds(20);
constexpr auto kLevelMax = std::chrono::minutes(5);

double OwnCpu() {
  rusage usage = {};
  getrusage(RUSAGE_SELF, &usage);
  const auto seconds = [](const timeval& t) { return double(t.tv_sec) + double(t.tv_usec) / 1e6; };
  return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

}  // namespace

double SecondsSince(Clock::time_point begin) {
  return std::chrono::duration<double>(Clock::now() - begin).count();
}

absl::StatusOr<bool> PartnerFinds(MigrationInformationService::Stub* partner, uint64_t row) {
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

absl::Status AwaitLevel(const NodePair& pair, uint64_t rows) {
  MigrationInformationService::Stub khm(pair.Connect("khm", "officer"));
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

absl::StatusOr<Replicated> Replicate(const NodePair& pair, const Batches& batches,
                                     uint64_t last_row) {
  const uint64_t rows = RowsIn(batches);
  const auto agency = pair.Connect("idn", "agency");
  const double client_cpu = OwnCpu(), idn_cpu = pair.idn().cpu_s(), khm_cpu = pair.khm().cpu_s();
  const auto begin = Clock::now();
  ASSIGN_OR_RETURN(const Sent sent, SendCrossings(agency, batches, /*counts_messages=*/false));
  if (sent.created != rows) {
    return absl::InternalError(absl::StrCat(sent.created, " rows created, ", sent.rejected,
                                            " rejected ", sent.first_rejection));
  }
  RETURN_IF_ERROR(AwaitLevel(pair, last_row));
  const double micros = 1e6 / static_cast<double>(rows);
  Replicated out;
  out.seconds = SecondsSince(begin);
  out.seconds_at_a = sent.seconds;
  out.client_us = (OwnCpu() - client_cpu) * micros;
  out.a_us = (pair.idn().cpu_s() - idn_cpu) * micros;
  out.b_us = (pair.khm().cpu_s() - khm_cpu) * micros;
  return out;
}

absl::StatusOr<double> EchoRate(const NodePair& pair, const Batches& batches) {
  const std::string& folder = pair.folder();
  std::ofstream(folder + "/answer").close();
  const Child echo({ProgramFolder() + "/lintas-bench", "echo", "127.0.0.1:18301",
                    folder + "/idn/node.pem", folder + "/idn/ca/ca.pem", folder + "/answer"},
                   folder + "/echo.log");
  RETURN_IF_ERROR(echo.AwaitLog("\"serving\""));
  ASSIGN_OR_RETURN(const Sent sent, SendCrossings(pair.ConnectTo("127.0.0.1:18301", "agency"),
                                                  batches, /*counts_messages=*/true));
  return static_cast<double>(RowsIn(batches)) / sent.seconds;
}

uint64_t RowsIn(const Batches& batches) {
  uint64_t rows = 0;
  for (const auto& batch : batches) rows += static_cast<uint64_t>(batch.rows_size());
  return rows;
}

}  // namespace lintas::bench

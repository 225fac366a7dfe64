#include "tests/bench/lookup_bench.h"

#include <fcntl.h>
#include <grpcpp/client_context.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <fstream>
#include <memory>
#include <mutex>
#include <vector>

#include "lintas/migration_information/v1/migration_information.grpc.pb.h"
#include "server/base/status.h"
#include "tests/bench/child.h"
#include "tests/bench/crossings.h"
#include "tests/bench/node_pair.h"

namespace lintas::bench {
namespace {

using migration_information::v1::FindRecordsRequest;
using migration_information::v1::FindRecordsResponse;
using migration_information::v1::MigrationInformationService;
using Clock = std::chrono::steady_clock;
using nlohmann::ordered_json;

// Keeps calls outstanding until the time is over. One use.
class Load {
 public:
  Load(const std::shared_ptr<grpc::Channel>& channel, uint64_t rows, int seconds)
      : stub_(channel), rows_(rows), end_(Clock::now() + std::chrono::seconds(seconds)) {}

  void Run(int outstanding) {
    begin_ = Clock::now();
    running_ = outstanding;
    std::vector<std::unique_ptr<Slot>> slots(outstanding);
    for (int i = 0; i < outstanding; ++i) {
      slots[i] = std::make_unique<Slot>();
      slots[i]->draw = static_cast<uint64_t>(i) * 7919 + 1;
      Start(slots[i].get());
    }
    std::unique_lock<std::mutex> lock(mutex_);
    changed_.wait(lock, [this] { return running_ == 0; });
    seconds_ = std::chrono::duration<double>(Clock::now() - begin_).count();
    for (const auto& slot : slots) {
      micros_.insert(micros_.end(), slot->micros.begin(), slot->micros.end());
      failed_ += slot->failed;
    }
    std::sort(micros_.begin(), micros_.end());
  }

  double calls_per_s() const { return static_cast<double>(micros_.size()) / seconds_; }
  double Percentile(double part) const {
    return micros_.empty() ? 0 : micros_[static_cast<size_t>(part * double(micros_.size() - 1))];
  }
  // Calls without exactly one record.
  uint64_t failed() const { return failed_; }

 private:
  struct Slot {
    std::unique_ptr<grpc::ClientContext> context;
    FindRecordsRequest request;
    FindRecordsResponse response;
    Clock::time_point begin;
    uint64_t draw = 0;
    std::vector<float> micros;
    uint64_t failed = 0;
  };

  void Start(Slot* slot) {
    slot->draw = slot->draw * 6364136223846793005 + 1442695040888963407;
    slot->request.set_document_number(DocumentNumberOf(1 + (slot->draw >> 20) % rows_));
    slot->request.set_view(migration_information::v1::SUMMARY);
    slot->context = std::make_unique<grpc::ClientContext>();
    slot->context->AddMetadata("lintas-purpose", "BORDER_CHECK");
    slot->begin = Clock::now();
    stub_.async()->FindRecords(slot->context.get(), &slot->request, &slot->response,
                               [this, slot](const grpc::Status& status) { Done(slot, status); });
  }

  void Done(Slot* slot, const grpc::Status& status) {
    const auto now = Clock::now();
    slot->micros.push_back(std::chrono::duration<float, std::micro>(now - slot->begin).count());
    if (!status.ok() || slot->response.records_size() != 1) ++slot->failed;
    if (now < end_) return Start(slot);
    const std::lock_guard<std::mutex> lock(mutex_);
    if (--running_ == 0) changed_.notify_one();
  }

  MigrationInformationService::Stub stub_;
  const uint64_t rows_;
  const Clock::time_point end_;
  Clock::time_point begin_;
  std::mutex mutex_;
  std::condition_variable changed_;
  int running_ = 0;
  double seconds_ = 0;
  std::vector<float> micros_;
  uint64_t failed_ = 0;
};

absl::StatusOr<ordered_json> Measure(const std::shared_ptr<grpc::Channel>& channel, uint64_t rows,
                                     int outstanding, int seconds) {
  Load warm_up(channel, rows, 1);
  warm_up.Run(outstanding);
  Load load(channel, rows, seconds);
  load.Run(outstanding);
  if (load.failed() > 0) return absl::InternalError("lookups without exactly one record");
  return ordered_json{{"calls_per_s", load.calls_per_s()},
                      {"p50_us", load.Percentile(0.5)},
                      {"p99_us", load.Percentile(0.99)}};
}

// What the disk allows one caller: an access entry is durable before its answer leaves, so a lookup
// alone takes at least an echo and one of these.
absl::StatusOr<ordered_json> MeasureSync(const std::string& folder) {
  const std::string path = folder + "/sync";
  const int file = ::open(path.c_str(), O_CREAT | O_WRONLY | O_APPEND | O_CLOEXEC, 0600);
  if (file < 0) return absl::UnavailableError("cannot write " + path);
  const std::string entry(700, 'x');
  std::vector<double> micros;
  for (int i = 0; i < 500; ++i) {
    const auto begin = Clock::now();
    if (::write(file, entry.data(), entry.size()) < 0 || ::fdatasync(file) != 0) break;
    micros.push_back(std::chrono::duration<double, std::micro>(Clock::now() - begin).count());
  }
  ::close(file);
  if (micros.size() != 500) return absl::UnavailableError("cannot sync " + path);
  std::sort(micros.begin(), micros.end());
  return ordered_json{{"p50_us", micros[250]}, {"p99_us", micros[495]}};
}

// The answer that the echo gives: a real one.
absl::Status WriteAnswer(const std::shared_ptr<grpc::Channel>& channel, const std::string& path) {
  MigrationInformationService::Stub stub(channel);
  grpc::ClientContext context;
  context.AddMetadata("lintas-purpose", "BORDER_CHECK");
  FindRecordsRequest request;
  request.set_document_number(DocumentNumberOf(1));
  request.set_view(migration_information::v1::SUMMARY);
  FindRecordsResponse response;
  const grpc::Status status = stub.FindRecords(&context, request, &response);
  if (!status.ok()) return absl::UnavailableError(status.error_message());
  std::ofstream(path, std::ios::binary) << response.SerializeAsString();
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<ordered_json> CompareLookups(const NodePair& pair, uint64_t rows, int outstanding,
                                            int seconds) {
  const std::string& folder = pair.folder();
  const auto officer = pair.Connect("idn", "officer");
  RETURN_IF_ERROR(WriteAnswer(officer, folder + "/answer"));
  ASSIGN_OR_RETURN(const auto lookup, Measure(officer, rows, outstanding, seconds));
  const Child echo({ProgramFolder() + "/lintas-bench", "echo", "127.0.0.1:18301",
                    folder + "/idn/node.pem", folder + "/idn/ca/ca.pem", folder + "/answer"},
                   folder + "/echo.log");
  RETURN_IF_ERROR(echo.AwaitLog("\"serving\""));
  ASSIGN_OR_RETURN(const auto bare, Measure(pair.ConnectTo("127.0.0.1:18301", "officer"), rows,
                                            outstanding, seconds));
  return ordered_json{
      {"outstanding", outstanding},
      {"lookup", lookup},
      {"limit_echo", bare},
      {"ratio_to_limit", double(lookup["calls_per_s"]) / double(bare["calls_per_s"])},
      {"p99_to_limit", double(lookup["p99_us"]) / double(bare["p99_us"])}};
}

absl::StatusOr<ordered_json> RunLookup(uint64_t rows, int outstanding, int seconds) {
  const Batches batches = MakeCrossings(rows);
  ASSIGN_OR_RETURN(const std::unique_ptr<NodePair> pair, NodePair::Start());
  ASSIGN_OR_RETURN(const Sent sent, SendCrossings(pair->Connect("idn", "agency"), batches, false));
  if (sent.created != rows) return absl::InternalError("not every row was created");
  const auto officer = pair->Connect("idn", "officer");
  const std::string& folder = pair->folder();
  RETURN_IF_ERROR(WriteAnswer(officer, folder + "/answer"));
  ASSIGN_OR_RETURN(const auto many, Measure(officer, rows, outstanding, seconds));
  ASSIGN_OR_RETURN(const auto one, Measure(officer, rows, 1, seconds));
  ASSIGN_OR_RETURN(const auto sync, MeasureSync(folder));
  const double memory_a = pair->idn().memory_mb(), memory_b = pair->khm().memory_mb();
  const Child echo({ProgramFolder() + "/lintas-bench", "echo", "127.0.0.1:18301",
                    folder + "/idn/node.pem", folder + "/idn/ca/ca.pem", folder + "/answer"},
                   folder + "/echo.log");
  RETURN_IF_ERROR(echo.AwaitLog("\"serving\""));
  const auto bare = pair->ConnectTo("127.0.0.1:18301", "officer");
  ASSIGN_OR_RETURN(const auto bare_many, Measure(bare, rows, outstanding, seconds));
  ASSIGN_OR_RETURN(const auto bare_one, Measure(bare, rows, 1, seconds));
  return ordered_json{
      {"bench", "lookup"},
      {"rows", rows},
      {"outstanding", outstanding},
      {"lookup", many},
      {"limit_echo", bare_many},
      {"ratio_to_limit", double(many["calls_per_s"]) / double(bare_many["calls_per_s"])},
      {"lookup_1_outstanding", one},
      {"limit_echo_1_outstanding", bare_one},
      {"ratio_to_limit_1_outstanding",
       double(one["calls_per_s"]) / double(bare_one["calls_per_s"])},
      {"limit_append_and_fdatasync", sync},
      // One caller waits for an echo and a sync one after the other, whatever the node does.
      {"limit_1_outstanding_p50_us", double(bare_one["p50_us"]) + double(sync["p50_us"])},
      // Little's law: the mean of so many outstanding calls at this rate.
      {"mean_us_at_this_rate", 1e6 * outstanding / double(many["calls_per_s"])},
      {"memory_mb_a", memory_a},
      {"memory_mb_b", memory_b}};
}

}  // namespace lintas::bench

#include "server/edge/metrics.h"

#include <prometheus/counter.h>
#include <prometheus/exposer.h>
#include <prometheus/gauge.h>
#include <prometheus/histogram.h>
#include <prometheus/registry.h>
#include <unistd.h>

#include <exception>
#include <fstream>
#include <mutex>
#include <utility>

#include "absl/strings/match.h"
#include "server/base/error.h"

namespace lintas {
namespace {

// Seconds; P26 answers on a grid of 25 ms, so it has a bound at each of the first steps.
const prometheus::Histogram::BucketBoundaries kLatencyBounds = {
    0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 60};

template <typename Builder>
auto& Make(Builder builder, const char* name, const char* help, prometheus::Registry* registry) {
  return builder.Name(name).Help(help).Register(*registry);
}

}  // namespace

struct Metrics::Rep {
  explicit Rep(const std::string& address) : exposer(address, 1) {
    exposer.RegisterCollectable(registry);
  }

  prometheus::Exposer exposer;
  const std::shared_ptr<prometheus::Registry> registry = std::make_shared<prometheus::Registry>();
  prometheus::Family<prometheus::Counter>& calls =
      Make(prometheus::BuildCounter(), "lintas_calls_total", "Calls that ended.", registry.get());
  prometheus::Family<prometheus::Histogram>& latency =
      Make(prometheus::BuildHistogram(), "lintas_call_duration_seconds",
           "From the call's arrival to its end.", registry.get());
  prometheus::Family<prometheus::Gauge>& size =
      Make(prometheus::BuildGauge(), "lintas_ledger_entries", "Entries appended.", registry.get());
  prometheus::Family<prometheus::Gauge>& signed_size =
      Make(prometheus::BuildGauge(), "lintas_ledger_signed_entries",
           "Entries under the last signed checkpoint.", registry.get());
  prometheus::Family<prometheus::Gauge>& held_size =
      Make(prometheus::BuildGauge(), "lintas_ledger_held_entries",
           "Entries that the partner has cosigned as held.", registry.get());
  prometheus::Gauge& replica_age =
      Make(prometheus::BuildGauge(), "lintas_replica_age_seconds",
           "Since the replica was known to be level with the partner.", registry.get())
          .Add({});
  prometheus::Counter& commits =
      Make(prometheus::BuildCounter(), "lintas_commits_total", "Groups committed.", registry.get())
          .Add({});
  prometheus::Gauge& alarms =
      Make(prometheus::BuildGauge(), "lintas_alarms", "Alarms that are up.", registry.get())
          .Add({});
  prometheus::Gauge& memory = Make(prometheus::BuildGauge(), "lintas_resident_memory_bytes",
                                   "Resident memory.", registry.get())
                                  .Add({});
  std::mutex mutex;
  uint64_t commits_counted = 0;
};

Metrics::Metrics(std::unique_ptr<Rep> rep) : rep_(std::move(rep)) {}
Metrics::~Metrics() = default;

absl::StatusOr<std::unique_ptr<Metrics>> Metrics::Serve(const std::string& address) {
  if (!absl::StartsWith(address, "127.0.0.1:")) {
    return MakeError(absl::StatusCode::kInvalidArgument, "NOT_LOOPBACK",
                     "metrics are served on 127.0.0.1 only");
  }
  // The library throws when the port is taken.
  try {
    return std::unique_ptr<Metrics>(new Metrics(std::make_unique<Rep>(address)));
  } catch (const std::exception&) {
    return MakeError(absl::StatusCode::kUnavailable, "ADDRESS_IN_USE",
                     "metrics cannot be served on " + address, {{"address", address}});
  }
}

int Metrics::port() const {
  const std::vector<int> ports = rep_->exposer.GetListeningPorts();
  return ports.empty() ? 0 : ports.front();
}

void Metrics::CountCall(absl::string_view method, absl::string_view code, absl::Duration latency) {
  const std::string name(method);
  rep_->calls.Add({{"method", name}, {"code", std::string(code)}}).Increment();
  rep_->latency.Add({{"method", name}}, kLatencyBounds).Observe(absl::ToDoubleSeconds(latency));
}

void Metrics::SetLedger(absl::string_view ledger, const LedgerSizes& sizes) {
  const std::map<std::string, std::string> labels = {{"ledger", std::string(ledger)}};
  rep_->size.Add(labels).Set(static_cast<double>(sizes.size));
  rep_->signed_size.Add(labels).Set(static_cast<double>(sizes.signed_size));
  rep_->held_size.Add(labels).Set(static_cast<double>(sizes.held_size));
}

void Metrics::SetReplicaAge(absl::Duration age) {
  rep_->replica_age.Set(absl::ToDoubleSeconds(age));
}

void Metrics::SetCommits(uint64_t commits) {
  std::lock_guard<std::mutex> lock(rep_->mutex);
  if (commits <= rep_->commits_counted) return;
  rep_->commits.Increment(static_cast<double>(commits - rep_->commits_counted));
  rep_->commits_counted = commits;
}

void Metrics::SetAlarms(size_t raised) { rep_->alarms.Set(static_cast<double>(raised)); }

void Metrics::SampleMemory() {
  std::ifstream pages("/proc/self/statm");
  uint64_t total = 0, resident = 0;
  if (pages >> total >> resident) {
    rep_->memory.Set(static_cast<double>(resident) * static_cast<double>(sysconf(_SC_PAGESIZE)));
  }
}

}  // namespace lintas

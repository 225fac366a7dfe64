#include "server/main/process.h"

#include <algorithm>
#include <chrono>
#include <thread>
#include <utility>

#include "absl/strings/str_cat.h"
#include "lintas/node/v1/node.pb.h"
#include "lintas/procedure/v1/procedure.pb.h"
#include "server/areas/institutions_policy/area.h"
#include "server/areas/migrant_status/area.h"
#include "server/areas/migration_information/area.h"
#include "server/base/log.h"
#include "server/base/status.h"
#include "server/crypto/key_file.h"
#include "server/crypto/os_random.h"
#include "server/edge/grpc_transport.h"
#include "server/edge/tls/minimum_tls.h"

namespace lintas {
namespace {

constexpr absl::Duration kCommitWaitMax = absl::Milliseconds(50);
// From the start of one commit of several groups to the start of the next. Without it 64 callers
// came in groups of four, and a sync was made for each.
constexpr std::chrono::microseconds kCommitSpacing(1000);
constexpr absl::Duration kLinkWaitMax = absl::Milliseconds(50);
constexpr absl::Duration kBackgroundWait = absl::Milliseconds(20);
constexpr absl::Duration kTickWait = absl::Milliseconds(500);
constexpr absl::Duration kCompactionInterval = absl::Hours(24);
constexpr absl::Duration kShutdownMax = absl::Seconds(3);

// Of an exercise node whose day is a later one.
class ClockAhead final : public Clock {
 public:
  ClockAhead(std::unique_ptr<Clock> clock, absl::Duration ahead)
      : clock_(std::move(clock)), ahead_(ahead) {}
  absl::Time Now() override { return clock_->Now() + ahead_; }

 private:
  const std::unique_ptr<Clock> clock_;
  const absl::Duration ahead_;
};

}  // namespace

Worker::Worker(std::function<absl::Duration()> slice)
    : slice_(std::move(slice)), thread_([this] { Run(); }) {}

Worker::~Worker() {
  {
    std::lock_guard<std::mutex> lock(mutex_);
    stop_ = true;
  }
  changed_.notify_one();
  thread_.join();
}

void Worker::Wake() {
  {
    std::lock_guard<std::mutex> lock(mutex_);
    if (woken_) return;
    woken_ = true;
  }
  changed_.notify_one();
}

void Worker::Run() {
  while (true) {
    {
      std::lock_guard<std::mutex> lock(mutex_);
      if (stop_) return;
      woken_ = false;
    }
    const absl::Duration wait = slice_();
    if (wait <= absl::ZeroDuration()) continue;
    std::unique_lock<std::mutex> lock(mutex_);
    changed_.wait_for(lock, absl::ToChronoMicroseconds(wait), [this] { return woken_ || stop_; });
  }
}

absl::StatusOr<std::unique_ptr<Process>> Process::Start(const Config& config) {
  std::unique_ptr<Process> process(new Process());
  process->config_ = config;
  process->clock_ = MakeSystemClock();
  if (config.exercise_clock_ahead_hours > 0) {
    const absl::Duration ahead = absl::Hours(config.exercise_clock_ahead_hours);
    process->clock_ = std::make_unique<ClockAhead>(std::move(process->clock_), ahead);
    Log(LogLevel::kWarning, "clock_ahead", "",
        {{"hours", absl::StrCat(absl::ToInt64Hours(ahead))}});
  }
  process->random_ = MakeOsRandom();
  RETURN_IF_ERROR(MinimumTls13());
  TrustOptions trust;
  trust.country = config.country;
  trust.partner = config.partner;
  trust.identity_path = config.identity;
  trust.own_authority_path = config.own_authority;
  trust.partner_authority_path = config.partner_authority;
  trust.own_revocations_path = config.own_revocations;
  trust.partner_revocations_path = config.partner_revocations;
  trust.denied_path = config.denied;
  trust.staging_folder = config.staging_folder;
  trust.log = [](const std::string& line) {
    Log(LogLevel::kWarning, "trust", "", {{"detail", line}});
  };
  ASSIGN_OR_RETURN(process->trust_, TrustStore::Open(trust, process->clock_.get()));
  process->streams_ = std::make_unique<OpenStreams>(process->trust_.get());
  process->transport_ = std::make_unique<GrpcPartnerTransport>(
      config.partner_address, MakePartnerCredentials(process->trust_.get()));
  RETURN_IF_ERROR(process->OpenNode(config));
  process->ExchangeRevocations();
  process->StartWorkers();
  RETURN_IF_ERROR(process->OpenEdge(config));
  return process;
}

absl::Status Process::OpenNode(const Config& config) {
  RocksDbStoreOptions store;
  store.path = config.data_folder;
  ASSIGN_OR_RETURN(store_, RocksDbStore::Open(store));
  ASSIGN_OR_RETURN(heads_, FileHeadStore::Open(config.heads_folder));
  ASSIGN_OR_RETURN(const NodeKeys keys, ReadNodeKeys(config.signing_keys));
  ASSIGN_OR_RETURN(const Secret seal, ReadSealKey(config.seal_key));
  ASSIGN_OR_RETURN(BundleKeys own, ReadBundleKeys("own_bundle", config.own_bundle, config.country,
                                                  config.partnership));
  ASSIGN_OR_RETURN(BundleKeys partner, ReadBundleKeys("partner_bundle", config.partner_bundle,
                                                      config.partner, config.partnership));
  ASSIGN_OR_RETURN(const TreeSize exchange, SignedSize(*heads_, "exchange.head"));
  ASSIGN_OR_RETURN(const TreeSize home, SignedSize(*heads_, "home.head"));
  RETURN_IF_ERROR(CheckOwnKeys(own, keys, exchange, home));
  std::vector<AuthorityKey> authorities = std::move(own.authorities);
  authorities.insert(authorities.end(), partner.authorities.begin(), partner.authorities.end());
  NodeOptions options;
  options.country = config.country;
  options.partner_country = config.partner;
  options.partnership = config.partnership;
  options.exercise = config.exercise;
  options.lower_limits.set_searches_per_minute(config.searches_per_minute);
  Node::Environment environment;
  environment.store = store_.get();
  environment.heads = heads_.get();
  environment.clock = clock_.get();
  environment.random = random_.get();
  environment.transport = transport_.get();
  ASSIGN_OR_RETURN(
      node_, Node::Open(options, keys, seal, partner.keys, std::move(authorities), environment));
  next_compaction_ = clock_->Now() + kCompactionInterval;
  return absl::OkStatus();
}

absl::Status Process::OpenEdge(const Config& config) {
  if (!config.metrics_address.empty()) {
    ASSIGN_OR_RETURN(metrics_, Metrics::Serve(config.metrics_address));
  }
  partner_port_ = std::make_unique<PartnerAdapter>(&node_->exchange_server(), &node_->questions(),
                                                   &node_->attachment_server());
  EdgeOptions edge;
  edge.officers.address = config.officers_address;
  edge.officers.credentials = MakeServerCredentials(trust_.get(), Port::kOfficers);
  edge.officers.callers = CallersOf(trust_.get(), streams_.get(), Port::kOfficers, clock_.get());
  edge.officers.admission = &node_->admission();
  edge.officers.services = {migration_information::File()->service(0),
                            node::v1::NodeStatus::descriptor()->file()->service(0),
                            procedure::v1::Procedure::descriptor()->file()->service(0),
                            institutions_policy::File()->service(0),
                            migrant_status::File()->service(0)};
  edge.partner.address = config.partner_port_address;
  edge.partner.credentials = MakeServerCredentials(trust_.get(), Port::kPartner);
  edge.partner.callers = CallersOf(trust_.get(), streams_.get(), Port::kPartner, clock_.get());
  edge.partner.port = partner_port_.get();
  edge.clock = clock_.get();
  edge.metrics = metrics_.get();
  ASSIGN_OR_RETURN(edge_, EdgeServer::Start(std::move(edge)));
  EdgeServer* server = edge_.get();
  node_->ledgers().SetCheckpointListener([server] { server->NotifyCheckpoint(); });
  server->NotifyCheckpoint();
  ticker_ = std::make_unique<Worker>([this] { return Tick(); });
  return absl::OkStatus();
}

void Process::StartWorkers() {
  feed_ = std::make_unique<Worker>([this] { return Feed(); });
  node_->subscriptions().SetWake([worker = feed_.get()] { worker->Wake(); });
  committer_ = std::make_unique<Worker>([this] { return Commit(); });
  link_ = std::make_unique<Worker>([this] { return Link(); });
  background_ = std::make_unique<Worker>([this] { return Background(); });
  node_->ledgers().SetWake([this, worker = committer_.get()] {
    ++enqueued_;
    worker->Wake();
  });
  node_->puller().SetWake([worker = link_.get()] { worker->Wake(); });
  node_->questions().SetWake([worker = link_.get()] { worker->Wake(); });
  node_->attachment_fetcher().SetWake([worker = link_.get()] { worker->Wake(); });
}

Process::~Process() {
  ticker_.reset();
  if (edge_ != nullptr) {
    // Calls in progress end while the committer still runs, so that they can be answered.
    edge_->Shutdown(kShutdownMax);
  }
  if (node_ != nullptr) {
    node_->ledgers().SetCheckpointListener(nullptr);
    node_->puller().SetWake(nullptr);
    node_->questions().SetWake(nullptr);
    node_->attachment_fetcher().SetWake(nullptr);
    node_->ledgers().SetWake(nullptr);
  }
  background_.reset();
  link_.reset();
  committer_.reset();
  // Last, since a commit wakes it.
  feed_.reset();
  edge_.reset();
  node_.reset();
  transport_.reset();
}

int Process::officers_port() const { return edge_->officers_port(); }
int Process::partner_port() const { return edge_->partner_port(); }

absl::Duration Process::Commit() {
  if (ledger_failed_) {
    // Tells those who came since that nothing is written any more.
    (void)node_->CommitStep(clock_->Now());
    return kTickWait;
  }
  const auto begin = std::chrono::steady_clock::now();
  const bool many = enqueued_.exchange(0) > 1;
  const absl::StatusOr<bool> did = node_->CommitStep(clock_->Now());
  // Many callers at once share a sync; one alone never waits for others.
  if (many) std::this_thread::sleep_until(begin + kCommitSpacing);
  if (!did.ok()) {
    // The ledger stops; reads and status go on, so that a person can see why.
    ledger_failed_ = true;
    Log(LogLevel::kError, "ledger_stopped", "", {{"detail", std::string(did.status().message())}});
    node_->alarms().Raise("LEDGER_STOPPED", std::string(did.status().message()), clock_->Now());
    return kTickWait;
  }
  if (*did) ++commits_;
  return *did ? absl::ZeroDuration() : kCommitWaitMax;
}

absl::Duration Process::Link() {
  const absl::Time now = clock_->Now();
  if (node_->LinkStep(now)) return absl::ZeroDuration();
  return std::min(kLinkWaitMax, node_->questions().next_release() - clock_->Now());
}

absl::Duration Process::Feed() {
  return node_->FeedStep(clock_->Now()) ? absl::ZeroDuration() : kTickWait;
}

absl::Duration Process::Background() {
  const absl::StatusOr<bool> did = store_->BackgroundStep();
  if (!did.ok()) {
    node_->alarms().Raise("STORE_BACKGROUND", std::string(did.status().message()), clock_->Now());
    return absl::Seconds(5);
  }
  if (*did) return absl::ZeroDuration();
  if (clock_->Now() >= next_compaction_) {
    next_compaction_ = clock_->Now() + kCompactionInterval;
    const absl::Status compacted = store_->CompactErased();
    Log(compacted.ok() ? LogLevel::kInfo : LogLevel::kWarning, "erased_compacted", "",
        {{"ok", compacted.ok()}});
  }
  return kBackgroundWait;
}

// P24: each country's list reaches the other by the link too, within seconds of its change.
void Process::ExchangeRevocations() {
  node_->exchange_server().SetOwnRevocations(
      [trust = trust_.get()] { return trust->OwnRevocations(); });
  node_->puller().SetOnRevocations(
      [trust = trust_.get(), alarms = &node_->alarms()](const std::string& pem, absl::Time now) {
        const absl::Status taken = trust->OfferPartnerRevocations(pem, now);
        // The same list again is no news.
        if (taken.ok() || absl::IsFailedPrecondition(taken)) return true;
        alarms->Raise("BAD_REVOCATION_LIST", std::string(taken.message()), now);
        return false;
      });
}

absl::Duration Process::Tick() {
  const absl::Time now = clock_->Now();
  trust_->Tick(now);
  streams_->Tick(now);
  if (edge_ != nullptr) edge_->Tick(now);
  if (trust_->IsStale(now)) {
    node_->alarms().Raise("REVOCATIONS_STALE", "a revocation list is overdue", now);
  } else {
    node_->alarms().Clear("REVOCATIONS_STALE");
  }
  if (trust_->identity_expires() - now < absl::Hours(24)) {
    node_->alarms().Raise("CERTIFICATE_EXPIRES", "this node's certificate ends within a day", now);
  } else {
    node_->alarms().Clear("CERTIFICATE_EXPIRES");
  }
  if (metrics_ != nullptr) SetMetrics(now);
  return kTickWait;
}

void Process::SetMetrics(absl::Time now) {
  const std::pair<LedgerId, const char*> ledgers[] = {{LedgerId::kExchange, "exchange"},
                                                      {LedgerId::kHome, "home"},
                                                      {LedgerId::kReplica, "replica"}};
  for (const auto& [ledger, name] : ledgers) {
    Metrics::LedgerSizes sizes;
    sizes.size = node_->ledgers().size(ledger).value();
    sizes.signed_size = node_->ledgers().signed_size(ledger).value();
    if (ledger == LedgerId::kExchange) {
      sizes.held_size = node_->exchange_server().held_size().value();
    }
    metrics_->SetLedger(name, sizes);
  }
  const LinkStatus link = node_->puller().status();
  if (link.level_time > absl::InfinitePast()) metrics_->SetReplicaAge(now - link.level_time);
  metrics_->SetCommits(commits_);
  metrics_->SetAlarms(node_->alarms().all().size());
  metrics_->SampleMemory();
}

}  // namespace lintas

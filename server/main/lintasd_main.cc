// lintasd: a country's node, and the tools that look after its store while it is stopped.
#include <signal.h>

#include <CLI/CLI.hpp>
#include <cstdio>
#include <string>

#include "absl/strings/escaping.h"
#include "absl/synchronization/mutex.h"
#include "server/base/log.h"
#include "server/base/status.h"
#include "server/crypto/key_file.h"
#include "server/crypto/os_random.h"
#include "server/main/config.h"
#include "server/main/fsck.h"
#include "server/main/process.h"

namespace lintas {
namespace {

constexpr int kUsage = 2;

int Fail(const absl::Status& status) {
  std::fprintf(stderr, "lintasd: %s\n", std::string(status.message()).c_str());
  return absl::IsDataLoss(status) ? 7 : 1;
}

int Run(const std::string& config_path) {
  // Before any thread: the signals are waited for here, not handled.
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGTERM);
  sigaddset(&signals, SIGINT);
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  const absl::StatusOr<Config> config = ReadConfig(config_path);
  if (!config.ok()) return Fail(config.status());
  const absl::StatusOr<std::unique_ptr<Process>> process = Process::Start(*config);
  if (!process.ok()) return Fail(process.status());
  Log(LogLevel::kInfo, "serving", "",
      {{"country", config->country},
       {"officers_port", (*process)->officers_port()},
       {"partner_port", (*process)->partner_port()}});
  int signal = 0;
  sigwait(&signals, &signal);
  Log(LogLevel::kInfo, "stopping", "", {{"signal", signal}});
  return 0;
}

// What both tools need of a stopped node.
struct Stopped {
  Config config;
  NodeOptions options;
  Secret seal;
  std::unique_ptr<RocksDbStore> store;
  std::unique_ptr<FileHeadStore> heads;
};

absl::StatusOr<Stopped> OpenStopped(const std::string& config_path) {
  Stopped stopped;
  ASSIGN_OR_RETURN(stopped.config, ReadConfig(config_path));
  stopped.options.country = stopped.config.country;
  stopped.options.partner_country = stopped.config.partner;
  stopped.options.partnership = stopped.config.partnership;
  stopped.options.exercise = stopped.config.exercise;
  ASSIGN_OR_RETURN(stopped.seal, ReadSealKey(stopped.config.seal_key));
  RocksDbStoreOptions store;
  store.path = stopped.config.data_folder;
  ASSIGN_OR_RETURN(stopped.store, RocksDbStore::Open(store));
  ASSIGN_OR_RETURN(stopped.heads, FileHeadStore::Open(stopped.config.heads_folder));
  return stopped;
}

absl::StatusOr<FsckReport> RunFsck(const std::string& config_path) {
  ASSIGN_OR_RETURN(Stopped stopped, OpenStopped(config_path));
  FsckKeys keys;
  ASSIGN_OR_RETURN(const BundleKeys own,
                   ReadBundleKeys("own_bundle", stopped.config.own_bundle, stopped.config.country,
                                  stopped.config.partnership));
  ASSIGN_OR_RETURN(const BundleKeys partner,
                   ReadBundleKeys("partner_bundle", stopped.config.partner_bundle,
                                  stopped.config.partner, stopped.config.partnership));
  keys.own_log = own.keys.log;
  keys.own_home_log = own.home_log;
  keys.partner_log = partner.keys.log;
  return Fsck(stopped.options, stopped.seal, keys, stopped.store.get(), stopped.heads.get());
}

int PrintFsck(const std::string& config_path) {
  const absl::StatusOr<FsckReport> report = RunFsck(config_path);
  if (!report.ok()) return Fail(report.status());
  std::printf("%lu entries (%lu without payload), %lu sections, %lu tiles\n", report->entries,
              report->erased, report->sections, report->tiles);
  std::printf("%lu derived keys and %lu state keys equal a fold from nothing\n",
              report->derived_keys, report->state_keys);
  std::printf("%lu attachments, %lu not yet fetched, %lu to be swept\n", report->attachments,
              report->attachments_awaited, report->attachments_unnamed);
  for (const std::string& fault : report->faults) std::printf("FAULT %s\n", fault.c_str());
  std::printf(report->fault_count == 0 ? "clean\n" : "%lu faults\n", report->fault_count);
  return report->fault_count == 0 ? 0 : 7;
}

absl::Status RunRebuild(const std::string& config_path) {
  ASSIGN_OR_RETURN(Stopped stopped, OpenStopped(config_path));
  const std::unique_ptr<Random> random = MakeOsRandom();
  const std::unique_ptr<RecordTypes> types = MakeRecordTypes();
  const std::unique_ptr<Tokenizer> tokens = MakeTokenizer(stopped.seal);
  const PayloadSealer sealer(stopped.seal, random.get());
  AgreementBook book(stopped.options.partnership, stopped.options.country,
                     stopped.options.partner_country);
  RecordsDeps deps;
  deps.country = stopped.options.country;
  deps.partner_country = stopped.options.partner_country;
  deps.types = types.get();
  deps.procedures = &NodeProcedures();
  deps.tokens = tokens.get();
  deps.sealer = &sealer;
  deps.book = &book;
  deps.store = stopped.store.get();
  deps.random = random.get();
  Fold fold(deps);
  RETURN_IF_ERROR(fold.Rebuild());
  while (true) {
    ASSIGN_OR_RETURN(const bool more, stopped.store->BackgroundStep());
    if (!more) break;
  }
  ASSIGN_OR_RETURN(const Hash digest, SharedStateDigest(*stopped.store->GetSnapshot()));
  std::printf("folded from nothing; shared state %s\n",
              absl::BytesToHexString(digest.view()).c_str());
  return absl::OkStatus();
}

// Up to where each own ledger is signed, for the bundle of a key that follows (docs/pki.md).
absl::Status PrintHeads(const std::string& config_path) {
  ASSIGN_OR_RETURN(const Config config, ReadConfig(config_path));
  ASSIGN_OR_RETURN(const std::unique_ptr<FileHeadStore> heads,
                   FileHeadStore::Open(config.heads_folder));
  ASSIGN_OR_RETURN(const TreeSize exchange, SignedSize(*heads, "exchange.head"));
  ASSIGN_OR_RETURN(const TreeSize home, SignedSize(*heads, "home.head"));
  std::printf(
      "exchange ledger signed to size %lu, home ledger to %lu\n"
      "a key that follows: --exchange-from-size %lu --home-from-size %lu\n",
      exchange.value(), home.value(), exchange.value() + 1, home.value() + 1);
  return absl::OkStatus();
}

int Main(int argc, char** argv) {
  CLI::App app("A country's Lintas node.", "lintasd");
  app.require_subcommand(1);
  std::string config;
  int result = 0;
  const auto add = [&](const char* name, const char* what, const std::function<int()>& run) {
    CLI::App* verb = app.add_subcommand(name, what);
    verb->add_option("--config", config, "the node's JSON file")->required();
    verb->callback([&result, run] { result = run(); });
  };
  add("run", "Serves until SIGTERM or SIGINT.", [&] { return Run(config); });
  add("fsck", "Checks every hash, tree and projection of a stopped node.",
      [&] { return PrintFsck(config); });
  add("heads", "Prints up to where a stopped node has signed its ledgers.", [&] {
    const absl::Status status = PrintHeads(config);
    return status.ok() ? 0 : Fail(status);
  });
  add("rebuild", "Folds state and search keys of a stopped node from nothing.", [&] {
    const absl::Status status = RunRebuild(config);
    return status.ok() ? 0 : Fail(status);
  });
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {  // CLI11 reports by throwing.
    return app.exit(error) == 0 ? 0 : kUsage;
  }
  return result;
}

}  // namespace
}  // namespace lintas

int main(int argc, char** argv) {
  // Debian's Abseil is built with the detection on; it aborts on inversions inside gRPC too.
  absl::SetMutexDeadlockDetectionMode(absl::OnDeadlockCycle::kIgnore);
  return lintas::Main(argc, argv);
}

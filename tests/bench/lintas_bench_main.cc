// lintas-bench: what two real nodes do on this machine, beside a limit measured in the same run.
// docs/performance.md says how to run and read it.
#include <CLI/CLI.hpp>
#include <cstdio>
#include <string>

#include "tests/bench/document_bench.h"
#include "tests/bench/echo.h"
#include "tests/bench/growth_bench.h"
#include "tests/bench/import_bench.h"
#include "tests/bench/lookup_bench.h"
#include "tests/bench/match_bench.h"
#include "tests/bench/silence_bench.h"
#include "tests/bench/sync_bench.h"

namespace lintas::bench {
namespace {

using nlohmann::ordered_json;

int Fail(const absl::Status& status) {
  std::fprintf(stderr, "lintas-bench: %s\n", std::string(status.message()).c_str());
  return 1;
}

void PrintText(const ordered_json& result, const std::string& indent) {
  for (const auto& [key, value] : result.items()) {
    if (value.is_object()) {
      std::printf("%s%s\n", indent.c_str(), key.c_str());
      PrintText(value, indent + "  ");
    } else if (value.is_number_float()) {
      std::printf("%s%s: %.2f\n", indent.c_str(), key.c_str(), value.get<double>());
    } else {
      std::printf("%s%s: %s\n", indent.c_str(), key.c_str(), value.dump().c_str());
    }
  }
}

int Print(const absl::StatusOr<ordered_json>& result, const std::string& output) {
  if (!result.ok()) return Fail(result.status());
  if (output == "json") {
    std::printf("%s\n", result->dump(2).c_str());
  } else {
    PrintText(*result, "");
  }
  return 0;
}

int Main(int argc, char** argv) {
  CLI::App app("Measures two nodes on this machine");
  app.require_subcommand(1);
  uint64_t rows = 200'000;
  int outstanding = 64, seconds = 10;
  std::string output = "table";
  std::string address, identity, authority, answer;
  CLI::App* sync = app.add_subcommand("sync", "Rows from a client to node A to node B");
  CLI::App* lookup = app.add_subcommand("lookup", "FindRecords by document number");
  CLI::App* import = app.add_subcommand("import", "A CSV file through the client to A to B");
  CLI::App* growth = app.add_subcommand("growth", "Rows and lookups with few and many records");
  uint64_t small = 500'000, large = 5'000'000;
  growth->add_option("--small", small, "Few records (default 500000)");
  growth->add_option("--large", large, "Many records (default 5000000)");
  for (CLI::App* verb : {sync, lookup, import, growth}) {
    verb->add_option("--rows", rows, "Rows (default 200000)")->check(CLI::Range(1, 100'000'000));
    verb->add_option("--output", output)->check(CLI::IsMember({"table", "json"}));
  }
  for (CLI::App* verb : {lookup, growth}) {
    verb->add_option("--outstanding", outstanding, "Calls at a time (default 64)")
        ->check(CLI::Range(1, 4096));
    verb->add_option("--seconds", seconds, "Of each measure (default 10)")
        ->check(CLI::Range(1, 600));
  }
  uint64_t pairs = 2000;
  CLI::App* silence = app.add_subcommand("silence", "What the time of an empty answer tells (P26)");
  silence->add_option("--pairs", pairs, "Pairs of questions (default 2000)")
      ->check(CLI::Range(10, 1'000'000));
  silence->add_option("--output", output)->check(CLI::IsMember({"table", "json"}));
  CLI::App* document = app.add_subcommand("document", "Document lines and chips on one core");
  document->add_option("--seconds", seconds, "Of each measure (default 10)")
      ->check(CLI::Range(1, 600));
  document->add_option("--output", output)->check(CLI::IsMember({"table", "json"}));
  uint64_t people = 1'000'000;
  CLI::App* match = app.add_subcommand("match", "Linking, screening and fuzzy search of people");
  match->add_option("--people", people, "People (default 1000000)")
      ->check(CLI::Range(10'000, 10'000'000));
  match->add_option("--output", output)->check(CLI::IsMember({"table", "json"}));
  CLI::App* echo = app.add_subcommand("echo", "The limit's server; started by the other two");
  echo->add_option("address", address)->required();
  echo->add_option("identity", identity)->required();
  echo->add_option("authority", authority)->required();
  echo->add_option("answer", answer)->required();
  CLI11_PARSE(app, argc, argv);
  if (*match) return Print(RunMatch(people), output);
  if (*echo) return Fail(RunEcho(address, identity, authority, answer));
  if (*document) return Print(RunDocument(seconds), output);
  if (*import) return Print(RunImport(rows), output);
  if (*growth) return Print(RunGrowth(small, large, rows, outstanding, seconds), output);
  if (*silence) return Print(RunSilence(pairs), output);
  return Print(*sync ? RunSync(rows) : RunLookup(rows, outstanding, seconds), output);
}

}  // namespace
}  // namespace lintas::bench

int main(int argc, char** argv) { return lintas::bench::Main(argc, argv); }

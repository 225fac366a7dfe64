// The sweep: LINTAS_SEEDS seeds (default 2,000) from LINTAS_FIRST_SEED (default 1); LINTAS_SEED=K
// runs that one with a trace on stderr.
#include <sys/wait.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <map>
#include <string>

#include "gtest/gtest.h"
#include "tests/simulation/world.h"

namespace lintas::simulation {
namespace {

constexpr int kProcesses = 2;

uint64_t FromEnvironment(const char* name, uint64_t otherwise) {
  const char* text = std::getenv(name);
  return text == nullptr ? otherwise : std::strtoull(text, nullptr, 10);
}

bool RunOne(uint64_t seed) {
  const RunResult result = RunSeed(seed);
  if (result.status.ok()) return true;
  std::fprintf(stderr, "seed %lu fails at tick %d: %s\n  replay: tests/run simulation %lu\n", seed,
               result.ticks, std::string(result.status.message()).c_str(), seed);
  return false;
}

// Seeds are independent; each process takes every second one.
int Sweep(uint64_t first, uint64_t count, int part) {
  int failed = 0;
  for (uint64_t seed = first + part; seed < first + count; seed += kProcesses) {
    if (!RunOne(seed) && ++failed == 5) break;
  }
  return failed;
}

TEST(Simulation, HoldsForEverySeed) {
  const uint64_t one = FromEnvironment("LINTAS_SEED", 0);
  if (one != 0) {
    RunOptions options;
    options.trace = true;
    const RunResult result = RunSeed(one, options);
    EXPECT_TRUE(result.status.ok())
        << "seed " << one << " tick " << result.ticks << ": " << result.status.message();
    return;
  }
  const uint64_t first = FromEnvironment("LINTAS_FIRST_SEED", 1);
  const uint64_t count = FromEnvironment("LINTAS_SEEDS", 2000);
  pid_t children[kProcesses];
  for (int part = 0; part < kProcesses; ++part) {
    children[part] = fork();
    ASSERT_GE(children[part], 0);
    if (children[part] == 0) _exit(Sweep(first, count, part) == 0 ? 0 : 1);
  }
  for (const pid_t child : children) {
    int status = 0;
    ASSERT_EQ(waitpid(child, &status, 0), child);
    EXPECT_TRUE(WIFEXITED(status) && WEXITSTATUS(status) == 0) << "seeds are named above";
  }
}

// A sweep that never comes to a call or a fault proves nothing of it.
TEST(Simulation, ReachesAllCallsAndFaults) {
  std::map<std::string, uint64_t> reached;
  for (uint64_t seed = 1; seed <= 30; ++seed) {
    for (const auto& [what, count] : RunSeed(seed).reached) reached[what] += count;
  }
  for (const char* what :
       {"AdoptAgreement",       "CreateTraveller",       "CreateTravelDocument", "CreateWorkPermit",
        "CorrectTraveller",     "CorrectWorkPermit",     "WithdrawRecord",       "RecallRecord",
        "FindRecords",          "GetTraveller",          "AskPartner",           "opened record",
        "record went home",     "record released again",

        "repeated write",       "refused call",          "refused record",       "import",
        "created row",          "revised row",           "unchanged row",        "row kept at home",
        "rejected row",         "crash: killed",         "one-way silence",      "clock jump",
        "withheld cosignature", "lost derived keys"}) {
    EXPECT_GT(reached[what], 0u) << what;
  }
}

TEST(Simulation, SameSeedIsTheSameRun) {
  const RunResult first = RunSeed(7), second = RunSeed(7);
  EXPECT_EQ(first.ticks, second.ticks);
  EXPECT_EQ(first.crashes, second.crashes);
  EXPECT_EQ(first.answered, second.answered);
  EXPECT_EQ(first.entries, second.entries);
  EXPECT_GT(first.answered, 0u);
}

}  // namespace
}  // namespace lintas::simulation

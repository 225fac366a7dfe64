// One run of the simulation: two whole nodes, one thread, one seed. The same seed is the same run.
#ifndef LINTAS_TESTS_SIMULATION_WORLD_H_
#define LINTAS_TESTS_SIMULATION_WORLD_H_

#include <cstdint>
#include <map>
#include <string>

#include "absl/status/status.h"
#include "tests/simulation/sim_node.h"

namespace lintas::simulation {

struct RunOptions {
  int ticks_max = 500;
  bool faults = true;
  bool trace = false;  // On stderr.
  // Planted in node 0.
  StoreWrapper store_wrapper;
};

struct RunResult {
  absl::Status status;  // What did not hold.
  int ticks = 0;
  int crashes = 0;
  uint64_t answered = 0;
  uint64_t entries = 0;  // In the four own ledgers.
  // How often each kind of call and fault came about.
  std::map<std::string, uint64_t> reached;
};

RunResult RunSeed(uint64_t seed, const RunOptions& options = {});

}  // namespace lintas::simulation

#endif  // LINTAS_TESTS_SIMULATION_WORLD_H_

// One node of the simulation with what outlives its crashes: disks, keys, clock. One thread.
#ifndef LINTAS_TESTS_SIMULATION_SIM_NODE_H_
#define LINTAS_TESTS_SIMULATION_SIM_NODE_H_

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "lintas/agreement/v1/agreement.pb.h"
#include "server/main/node.h"
#include "server/store/memory/memory_store.h"
#include "tests/simulation/network.h"
#include "tests/simulation/random.h"

namespace lintas::simulation {

// Country 0 is idn, 1 is khm.
const char* CountryOf(int index);
// Keys that are the same in every run, made at run time from fixed words. Index of the country.
NodeKeys NodeKeysForTest(int index);
Secret SealForTest(int index);
PartnerKeys PublicKeysForTest(int index);
// The default agreement with the office-holders of tests/support, signed by all of them.
const agreement::v1::SignedAgreement& AgreementForTest();
NodeOptions NodeOptionsForTest(int index);
// The start of every run.
absl::Time StartTime();

// Planted between a node and its store, to show that the simulation finds a broken one.
using StoreWrapper = std::function<std::unique_ptr<Store>(std::unique_ptr<Store>)>;

class SimNode {
 public:
  SimNode(int index, const absl::Time* world, uint64_t seed, SimNetwork* network);
  ~SimNode() { Crash(); }

  // Opens on what the disks hold. Not while it runs.
  absl::Status Start();
  // The process is gone: what was not durable is lost, callbacks never come.
  void Crash();

  int index() const { return index_; }
  Node* node() { return node_.get(); }
  bool up() const { return node_ != nullptr; }
  Store* store() { return store_.get(); }
  MemoryDisk& disk() { return *disk_; }
  MemoryHeadDisk& head_disk() { return *head_disk_; }
  SimClock& clock() { return clock_; }
  absl::Time Now() { return clock_.Now(); }
  uint64_t epoch() const { return epoch_; }
  void SetStoreWrapper(StoreWrapper wrapper) { wrapper_ = std::move(wrapper); }
  // Another line than the network's, from the next start on.
  void SetTransport(std::function<std::unique_ptr<PartnerTransport>()> make) {
    make_transport_ = std::move(make);
  }
  // As at the next start.
  NodeOptions& options() { return options_; }

  // Another node on copies of the disks, without a line: for folding again.
  struct Clone;
  absl::StatusOr<std::unique_ptr<Clone>> CloneNode();

 private:
  const int index_;
  SimRandom random_;
  SimClock clock_;
  SimNetwork* const network_;
  MemoryStoreOptions store_options_;
  std::shared_ptr<MemoryDisk> disk_ = std::make_shared<MemoryDisk>();
  std::shared_ptr<MemoryHeadDisk> head_disk_ = std::make_shared<MemoryHeadDisk>();
  StoreWrapper wrapper_;
  std::function<std::unique_ptr<PartnerTransport>()> make_transport_;
  NodeOptions options_;
  uint64_t epoch_ = 0;
  // In the order in which they are made.
  std::unique_ptr<Store> store_;
  std::unique_ptr<MemoryHeadStore> heads_;
  std::unique_ptr<PartnerTransport> transport_;
  std::unique_ptr<Node> node_;
};

struct SimNode::Clone {
  std::unique_ptr<Store> store;
  std::unique_ptr<MemoryHeadStore> heads;
  std::unique_ptr<SimRandom> random;
  std::unique_ptr<PartnerTransport> transport;
  std::unique_ptr<Node> node;
};

}  // namespace lintas::simulation

#endif  // LINTAS_TESTS_SIMULATION_SIM_NODE_H_

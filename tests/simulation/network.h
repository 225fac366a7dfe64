// The line between the two nodes, as one queue of events in simulated time. Calls may be late, lost
// or carried out twice; a stream may be cut or fall silent, never reordered (it is a TCP stream);
// one direction may fall silent. Callbacks of a node that crashed meanwhile vanish. One thread.
#ifndef LINTAS_TESTS_SIMULATION_NETWORK_H_
#define LINTAS_TESTS_SIMULATION_NETWORK_H_

#include <array>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <vector>

#include "server/call/partner.h"
#include "server/main/node.h"
#include "tests/simulation/random.h"

namespace lintas::simulation {

// What the network sees of a node.
struct Endpoint {
  Node* node = nullptr;  // Null while it is down.
  uint64_t epoch = 0;    // One more with each start.
  SimClock* clock = nullptr;
};

struct NetworkFaults {
  double lost = 0;      // A message of a call never arrives.
  double repeated = 0;  // A call is carried out twice.
  double cut = 0;       // A stream breaks at a frame.
  absl::Duration delay_min = absl::Milliseconds(1);
  absl::Duration delay_max = absl::Milliseconds(5);
};

class SimNetwork {
 public:
  SimNetwork(const absl::Time* world, SimRandom* random) : world_(world), random_(random) {}

  Endpoint& endpoint(int index) { return endpoints_[index]; }
  NetworkFaults& faults() { return faults_; }
  // Nothing that node `from` sends arrives.
  void SetSilent(int from, bool silent) { silent_[from] = silent; }
  // Node `from`'s cosignatures never leave: the partner that takes and does not sign (P12).
  void SetWithholding(int from, bool withholding) { withholding_[from] = withholding; }
  void StopFaults();

  // The transport of node `from` for its present epoch.
  std::unique_ptr<PartnerTransport> MakeTransport(int from);

  // Carries out all that is due and pumps the streams.
  void Run();

 private:
  class Transport;
  class Pull;
  struct Stream;
  using StreamPtr = std::shared_ptr<Stream>;

  absl::Duration Delay();
  void At(absl::Time time, std::function<void()> event);
  void Send(int from, std::function<void()> arrive, bool may_repeat);
  bool Alive(int index, uint64_t epoch) const {
    return endpoints_[index].node != nullptr && endpoints_[index].epoch == epoch;
  }
  template <typename Response, typename Serve>
  void Unary(int from, absl::Time deadline, Serve serve,
             std::function<void(absl::StatusOr<Response>)> done);
  void OpenStream(const StreamPtr& stream, const partner::v1::PullRequest& request);
  void Pump(const StreamPtr& stream);
  void Transmit(const StreamPtr& stream, absl::StatusOr<partner::v1::Frame> frame);
  void Arrive(const StreamPtr& stream, absl::StatusOr<partner::v1::Frame> frame);
  void Deliver(const StreamPtr& stream);

  const absl::Time* const world_;
  SimRandom* const random_;
  std::array<Endpoint, 2> endpoints_;
  NetworkFaults faults_;
  bool silent_[2] = {false, false};
  bool withholding_[2] = {false, false};
  std::multimap<absl::Time, std::function<void()>> events_;  // Equal times keep their order.
  std::vector<StreamPtr> streams_;
};

}  // namespace lintas::simulation

#endif  // LINTAS_TESTS_SIMULATION_NETWORK_H_

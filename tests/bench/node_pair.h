// Two real nodes (`lintasd` processes) on loopback that have adopted an agreement, set up with the
// command-line tools as deploy/demo does it: keys are made at run time in a temporary folder that
// goes with the object. Searches, questions and rows a day are not limited. Main thread only.
#ifndef LINTAS_TESTS_BENCH_NODE_PAIR_H_
#define LINTAS_TESTS_BENCH_NODE_PAIR_H_

#include <grpcpp/channel.h>

#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "lintas/node/v1/node.pb.h"
#include "tests/bench/child.h"

namespace lintas::bench {

class NodePair {
 public:
  // Uses the ports 18101 to 18103 and 18201 to 18203. Takes a few seconds.
  static absl::StatusOr<std::unique_ptr<NodePair>> Start();
  ~NodePair();

  // `country` is `idn` or `khm`; `role` one of officer, agency, operator. A channel of its own.
  std::shared_ptr<grpc::Channel> Connect(const std::string& country, const std::string& role) const;
  // The same credentials to any address that answers with the certificate of a node of idn.
  std::shared_ptr<grpc::Channel> ConnectTo(const std::string& address,
                                           const std::string& role) const;
  // As the node of idn to the partner port of khm.
  std::shared_ptr<grpc::Channel> ConnectAsPartner() const;
  absl::StatusOr<node::v1::NodeStatus> Status(const std::string& country) const;

  const Child& idn() const { return *idn_; }
  const Child& khm() const { return *khm_; }
  // Where the keys are: `idn/node.pem`, `idn/ca/ca.pem`.
  const std::string& folder() const { return folder_; }

 private:
  NodePair() = default;
  std::shared_ptr<grpc::Channel> Open(const std::string& address, const std::string& country,
                                      const std::string& role) const;
  absl::Status AwaitAgreement() const;

  std::string folder_;
  std::unique_ptr<Child> idn_;
  std::unique_ptr<Child> khm_;
  std::shared_ptr<grpc::Channel> idn_operator_;
  std::shared_ptr<grpc::Channel> khm_operator_;
};

// The size of one ledger (`exchange`, `replica`) in a status; null if there is none.
const node::v1::NodeStatus::Ledger* LedgerIn(const node::v1::NodeStatus& status,
                                             const std::string& ledger);

// Folder of the running program: the other programs are beside it.
std::string ProgramFolder();

}  // namespace lintas::bench

#endif  // LINTAS_TESTS_BENCH_NODE_PAIR_H_

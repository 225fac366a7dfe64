#include "tests/simulation/sim_node.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "server/base/status.h"
#include "tests/support/signed_agreement.h"

namespace lintas::simulation {
namespace {

// The line of a node that only folds.
class DeadTransport final : public PartnerTransport {
 public:
  void Greet(const partner::v1::GreetRequest&, absl::Time,
             std::function<void(absl::StatusOr<partner::v1::GreetResponse>)>) override {}
  std::unique_ptr<PullStream> Pull(const partner::v1::PullRequest&) override {
    class Silent final : public PullStream {
      void Read(std::function<void(absl::StatusOr<partner::v1::Frame>)>) override {}
    };
    return std::make_unique<Silent>();
  }
  void Cosign(const partner::v1::CosignRequest&, absl::Time,
              std::function<void(absl::StatusOr<partner::v1::CosignResponse>)>) override {}
  void FetchAttachment(
      const partner::v1::FetchAttachmentRequest&, absl::Time,
      std::function<void(absl::StatusOr<partner::v1::FetchAttachmentResponse>)>) override {}
  void Ask(const partner::v1::SignedQuestion&, absl::Time,
           std::function<void(absl::StatusOr<partner::v1::SignedAnswer>)>) override {}
};

SigningKey NodeKey(int index, absl::string_view use) {
  return KeyForTest(absl::StrCat("simulation/", CountryOf(index), "/", use));
}

}  // namespace

const char* CountryOf(int index) { return index == 0 ? "idn" : "khm"; }

NodeKeys NodeKeysForTest(int index) {
  return NodeKeys{NodeKey(index, "log"), NodeKey(index, "held"), NodeKey(index, "consistent"),
                  NodeKey(index, "question")};
}

Secret SealForTest(int index) {
  return Secret(Sha256Of(absl::StrCat("simulation/seal/", CountryOf(index))).str());
}

PartnerKeys PublicKeysForTest(int index) {
  return PartnerKeys{NodeKey(index, "log").verify_key(), NodeKey(index, "held").verify_key(),
                     NodeKey(index, "consistent").verify_key(),
                     NodeKey(index, "question").verify_key()};
}

const agreement::v1::SignedAgreement& AgreementForTest() {
  static const auto* const signed_agreement =
      new agreement::v1::SignedAgreement(SignForTest(DefaultAgreementForTest()));
  return *signed_agreement;
}

NodeOptions NodeOptionsForTest(int index) {
  NodeOptions options;
  options.country = CountryOf(index);
  options.partner_country = CountryOf(1 - index);
  options.partnership = "idn-khm";
  options.exercise = true;
  return options;
}

absl::Time StartTime() { return SigningDayForTest(); }

SimNode::SimNode(int index, const absl::Time* world, uint64_t seed, SimNetwork* network)
    : index_(index),
      random_(seed),
      clock_(world),
      network_(network),
      options_(NodeOptionsForTest(index)) {
  store_options_.tail_entries_max = 8 + random_.Below(120);
}

absl::Status SimNode::Start() {
  store_ = MemoryStore::Open(disk_, store_options_);
  if (wrapper_) store_ = wrapper_(std::move(store_));
  heads_ = std::make_unique<MemoryHeadStore>(head_disk_);
  transport_ = make_transport_ ? make_transport_() : network_->MakeTransport(index_);
  ++epoch_;
  // The network refuses the node until it is open.
  network_->endpoint(index_) = {nullptr, epoch_, &clock_};
  absl::StatusOr<std::unique_ptr<Node>> node = Node::Open(
      options_, NodeKeysForTest(index_), SealForTest(index_), PublicKeysForTest(1 - index_),
      TrustedKeysForTest(), {store_.get(), heads_.get(), &clock_, &random_, transport_.get()});
  if (!node.ok()) {
    Crash();
    return node.status();
  }
  node_ = *std::move(node);
  network_->endpoint(index_).node = node_.get();
  return absl::OkStatus();
}

void SimNode::Crash() {
  network_->endpoint(index_).node = nullptr;
  node_.reset();
  transport_.reset();
  heads_.reset();
  store_.reset();
}

absl::StatusOr<std::unique_ptr<SimNode::Clone>> SimNode::CloneNode() {
  auto clone = std::make_unique<Clone>();
  clone->store = MemoryStore::Open(disk_->CloneForTest(), store_options_);
  clone->heads = std::make_unique<MemoryHeadStore>(head_disk_->CloneForTest());
  clone->random = std::make_unique<SimRandom>(epoch_);
  clone->transport = std::make_unique<DeadTransport>();
  ASSIGN_OR_RETURN(clone->node, Node::Open(options_, NodeKeysForTest(index_), SealForTest(index_),
                                           PublicKeysForTest(1 - index_), TrustedKeysForTest(),
                                           {clone->store.get(), clone->heads.get(), &clock_,
                                            clone->random.get(), clone->transport.get()}));
  return clone;
}

}  // namespace lintas::simulation

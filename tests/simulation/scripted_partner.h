// ScriptedPartner: a partner whose every byte the test decides, signed with the partner's real
// keys. It keeps a ledger of raw entries and hands out whatever frames it is told to. One thread.
#ifndef LINTAS_TESTS_SIMULATION_SCRIPTED_PARTNER_H_
#define LINTAS_TESTS_SIMULATION_SCRIPTED_PARTNER_H_

#include <deque>
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "server/ledger/merkle/tree_builder.h"
#include "tests/simulation/sim_node.h"

namespace lintas::simulation {

// A ledger of entries as they travel. Copies are forks.
class RawLedger {
 public:
  explicit RawLedger(uint64_t seed) : random_(seed) {}

  // Fills in origin, index, format and digests unless they are set, and appends.
  partner::v1::Frame::Entry Append(ledger::v1::EntryHeader header, bool synthetic,
                                   const std::vector<std::pair<uint32_t, std::string>>& sections);
  partner::v1::Frame::Entry Adopt(const agreement::v1::SignedAgreement& agreement);
  // A revision that names agreement version 1.
  partner::v1::Frame::Entry AppendRecord(
      const std::string& type, const std::vector<std::pair<uint32_t, std::string>>& sections,
      bool synthetic = true);
  void Add(const partner::v1::Frame::Entry& entry);
  // A signed checkpoint of the present size.
  std::string Checkpoint() const;
  // Entries from `from` with the checkpoint that ends the run.
  partner::v1::Frame Run(uint64_t from) const;
  uint64_t size() const { return entries_.size(); }
  SimRandom& random() { return random_; }

 private:
  SimRandom random_;
  merkle::TreeBuilder tree_;
  std::vector<partner::v1::Frame::Entry> entries_;
};

// What the test and the transport share; outlives the node.
struct Script {
  // Given to the reader one by one; when empty, the line is silent.
  std::deque<absl::StatusOr<partner::v1::Frame>> frames;
  std::deque<std::function<void()>> due;
  std::vector<partner::v1::CosignRequest> cosigned;
  std::vector<uint64_t> pulled_from;
  int asked = 0;
  std::vector<partner::v1::FetchAttachmentRequest> fetched;
  std::string attachment_content;  // What each of these is answered with.
  // The signed head that a greeting is answered with; no answer if empty.
  std::string greeting_head;
};

std::unique_ptr<PartnerTransport> MakeScriptedTransport(Script* script);

}  // namespace lintas::simulation

#endif  // LINTAS_TESTS_SIMULATION_SCRIPTED_PARTNER_H_

// Checker: what must hold of two nodes after each tick, whatever happened. It reads each entry
// once, when it appears, and keeps every header that was ever on a disk. One thread.
#ifndef LINTAS_TESTS_SIMULATION_CHECKER_H_
#define LINTAS_TESTS_SIMULATION_CHECKER_H_

#include <array>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "tests/simulation/sim_node.h"

namespace lintas::simulation {

class Checker {
 public:
  Checker(SimNode* first, SimNode* second) : nodes_{first, second} {}

  // Cheap; after each tick. The first thing that does not hold.
  absl::Status AfterTick();
  // Everything again from nothing, and a fresh fold of copies of the disks.
  absl::Status Thorough();
  // Whether both replicas are level with the partner's ledger and cosigned.
  bool Level();

  // Words that may stand in no payload or state that `index` stores (sections withheld, R8).
  void Forbid(int index, const std::string& word) { forbidden_[index].push_back(word); }
  // Of payloads that were recalled: gone from both stores once these are level.
  void ForbidRecalled(const std::string& word) { recalled_.push_back(word); }
  // Of payloads that were recalled because their record went home: gone from `index`'s store.
  void ForbidRecalledAt(int index, const std::string& word) { recalled_at_[index].push_back(word); }

  // Access entries in `index`'s home ledger with this trace id.
  int AccessEntries(int index, const std::string& trace_id) const;
  uint64_t size(int index, LedgerId ledger) const {
    return seen_[index].headers[static_cast<int>(ledger)].size();
  }

 private:
  struct Seen {
    std::array<std::vector<std::string>, kLedgerCount> headers;
    std::array<uint64_t, kLedgerCount> read = {0, 0, 0};  // Of this epoch.
    uint64_t epoch = 0;
    std::array<uint64_t, 2> signed_size = {0, 0};
    std::set<std::string> request_tokens;
    std::map<std::string, int> access;
    std::map<std::string, std::array<int, 2>>
        partner_questions;  // Questions and answers by digest.
  };
  absl::Status Read(int index);
  absl::Status CheckEntry(int index, Position position, const EntryRow& row);
  absl::Status CheckHome(int index, const ledger::v1::EntryHeader& header,
                         const ledger::v1::Payload& payload);
  absl::Status CheckErased(int index, LedgerId ledger, const ledger::v1::EntryHeader& header);
  absl::Status CheckWords(int index, const std::vector<std::string>& words,
                          const std::string& text);
  absl::Status CheckReplica(int index);
  absl::Status CheckDigests();
  absl::Status CheckFreshFold(int index);
  absl::Status SearchStore(int index, const std::vector<std::string>& words);

  SimNode* const nodes_[2];
  Seen seen_[2];
  std::vector<std::string> forbidden_[2];
  std::vector<std::string> recalled_, recalled_at_[2];
};

}  // namespace lintas::simulation

#endif  // LINTAS_TESTS_SIMULATION_CHECKER_H_

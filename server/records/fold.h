// Fold: entries to state and derived keys (D2, P13 to P16). It applies what was decided on arrival
// and decides nothing.
//
//   F1  State under `x/` is a function of the two exchange ledgers alone and is equal on both nodes
//   at
//       equal sizes; effects of entries that have not seen each other commute (P14, P15).
//   F2  State under `h/` is a function of all three ledgers. State under `n/` is not folded.
//   F3  Derived keys of an entry are a function of its header and payload and of the verdict on it.
//
// Keys, countries as lower-case alpha-3, numbers big-endian:
//   x/count/<country>/<type>/<what>     decimal; what: entered, corrected, withdrawn, recalled,
//   rejected x/adoption/<country>/<version 4>    serialised SignedAgreement
//   x/procedure/<id>, x/open/<id>, h/procedure/<id>, h/case/…: procedure/procedure_fold.h
//   x/rejected/<country>/<index 8>      reason; country and index of the entry that was rejected
//   x/erased/<country>/<index 8>        index (8) of the erasing entry in the same ledger
//   x/receipt/<country>/<index 8>       country and index of the recall; value: index of the
//   receipt
//
// Project, Committed and CheckOwn are called by the stepping thread only.
#ifndef LINTAS_SERVER_RECORDS_FOLD_H_
#define LINTAS_SERVER_RECORDS_FOLD_H_

#include <map>
#include <set>
#include <string>
#include <vector>

#include "server/ledger/ledgers.h"
#include "server/records/deps.h"
#include "server/records/derived.h"
#include "server/records/procedure/procedure_fold.h"

namespace lintas {

// Raised when what is folded from the same ledgers changes (P15).
constexpr uint32_t kFoldVersion = 2;

// x/rejected/<country>/<index 8>
std::string RejectedKey(absl::string_view country, uint64_t index);

class Fold final : public Projector {
 public:
  explicit Fold(const RecordsDeps& deps) : deps_(deps), procedures_(deps) {}

  // Reads counters, verdicts and adoptions from the store's state. Before anything else.
  absl::Status Load();
  // Gives the store the derived keys past its mark (P16). Before the first commit.
  absl::Status Rederive();
  // Drops state and derived keys and folds everything from nothing (`lintasd rebuild`).
  absl::Status Rebuild();

  absl::Status Project(const Store& store, const std::vector<CommittedEntry>& entries,
                       Batch* batch) override;
  void Committed() override;
  absl::Status CheckOwn(const ledger::v1::EntryHeader& header) override;
  void BeginGroup() override { group_adopted_ = 0; }
  absl::Status Note(const CommittedEntry& entry) override;
  uint32_t AdoptedVersion() const override { return own_adopted_; }

 private:
  struct Pending {
    std::map<std::string, int64_t> counts;
    std::set<uint64_t> rejected;  // Replica indexes.
    std::vector<std::pair<std::string, AgreementVersionPtr>> adopted;
  };
  absl::Status FoldEntry(const CommittedEntry& entry, Batch* batch);
  absl::Status FoldAdoption(const CommittedEntry& entry, const std::string& country, Batch* batch);
  absl::Status FoldVerdict(const CommittedEntry& entry, const std::string& country, Batch* batch);
  void FoldErasure(const CommittedEntry& entry, const std::string& country, Batch* batch);
  void Count(const std::string& country, const std::string& type, const char* what);
  void DeriveKeys(const CommittedEntry& entry, std::vector<DerivedKey>* keys) const;
  void DeriveDisclosed(const CommittedEntry& entry, std::vector<DerivedKey>* keys) const;
  void DeriveAttachments(const CommittedEntry& entry, std::vector<DerivedKey>* keys) const;
  void DeriveHomeKeys(const CommittedEntry& entry, std::vector<DerivedKey>* keys) const;
  bool Rejected(Position position) const;
  const std::string& CountryOf(LedgerId ledger) const;
  absl::Status RederiveLedger(const Snapshot& snapshot, LedgerId ledger, Index from);
  absl::Status ReplayState(Batch* batch);

  const RecordsDeps deps_;
  std::map<std::string, int64_t> counts_;
  std::set<uint64_t> rejected_;
  uint32_t own_adopted_ = 0;
  uint32_t group_adopted_ = 0;  // By the group that is being checked.
  Pending pending_;
  ProcedureFold procedures_;
};

// SHA-256 over the state under `x/` in key order, each key and value with its length: what two
// nodes compare at equal sizes (P15).
absl::StatusOr<Hash> SharedStateDigest(const Snapshot& snapshot);

// Verdicts of which the payload is destroyed in the same commit (P13).
bool DestroysPayload(absl::string_view verdict);

// Bodies of derived keys.
std::string RecordRevisionBody(absl::string_view record_id, uint32_t revision, int kind);
std::string TypeListBody(absl::string_view type, absl::string_view country);
std::string QuestionHourBody(absl::Time time);
std::string FindPrefix(uint8_t kind, absl::string_view body);

}  // namespace lintas

#endif  // LINTAS_SERVER_RECORDS_FOLD_H_

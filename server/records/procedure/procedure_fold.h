// ProcedureFold: STEP entries to the state of procedures, the part of Fold that knows them
// (fold.h).
//
//   PF1  `x/procedure/<id>` is the set of steps in both exchange ledgers; `x/open/<id>` is there
//   while
//        its state is not final. Both are functions of the exchange ledgers alone (F1).
//   PF2  `h/procedure/<id>` is the index of the newest home STEP about it; `h/case/<token><id>` is
//        there for each case that one named (F2).
//   PF3  An own step is appended only if it is legal in all that is committed and in this batch.
//
// Called by the stepping thread only.
#ifndef LINTAS_SERVER_RECORDS_PROCEDURE_PROCEDURE_FOLD_H_
#define LINTAS_SERVER_RECORDS_PROCEDURE_PROCEDURE_FOLD_H_

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "server/ledger/ledgers.h"
#include "server/records/deps.h"
#include "server/records/procedure/procedure_state.h"

namespace lintas {

class ProcedureFold {
 public:
  explicit ProcedureFold(const RecordsDeps& deps) : deps_(deps) {}

  // An entry of the batch under construction, before Project sees it: steps and verdicts count for
  // CheckOwn from here on.
  absl::Status Note(const CommittedEntry& entry);
  // kAborted, reason PROCEDURE_MOVED, if an own step is not legal any more (PF3).
  absl::Status CheckOwn(const ledger::v1::EntryHeader& header) const;

  // Begins a batch, or a fold from nothing (`stored` false: what the store holds is not looked at).
  void Begin(bool stored);
  // `rejected`: a verdict on it is known.
  absl::Status FoldStep(const CommittedEntry& entry, bool rejected);
  // A verdict in `country`'s ledger on the entry at `index` of the other one.
  absl::Status FoldVerdict(LedgerId ledger, uint64_t index);
  void Flush(Batch* batch);

 private:
  absl::StatusOr<StepSet> Stored(const std::string& id) const;
  absl::StatusOr<StepSet*> Changing(const std::string& id);
  // The header of the own exchange entry at `index` if it is a step.
  absl::StatusOr<absl::optional<ledger::v1::EntryHeader>> OwnStep(uint64_t index) const;
  void FoldHomeStep(const CommittedEntry& entry);
  const std::string& CountryOf(LedgerId ledger) const;
  absl::StatusOr<StepFact> Fact(const CommittedEntry& entry) const;

  const RecordsDeps deps_;
  bool stored_ = true;
  std::map<std::string, StepSet> changing_;
  std::vector<std::pair<std::string, std::string>> home_puts_;
  // Of the batch under construction.
  std::vector<std::pair<std::string, StepFact>> noted_;
  std::vector<StepPlace> noted_rejections_;
};

}  // namespace lintas

#endif  // LINTAS_SERVER_RECORDS_PROCEDURE_PROCEDURE_FOLD_H_

// StepJudge: the one judgement of a partner's step, on arrival (P13, P18). A function of the step
// and of what its author had seen, so that it is the same whenever it is made. One thing is judged
// by more: an id is random, so whoever opens a procedure under an id of ours has seen it, whatever
// it says.
#ifndef LINTAS_SERVER_RECORDS_PROCEDURE_STEP_JUDGE_H_
#define LINTAS_SERVER_RECORDS_PROCEDURE_STEP_JUDGE_H_

#include <map>
#include <string>
#include <utility>

#include "server/agreement/agreement.h"
#include "server/records/deps.h"
#include "server/records/procedure/procedure_state.h"

namespace lintas {

constexpr size_t kJudgedMin = 1024;

// What was judged since a pull began and may not be folded yet. What is, is forgotten now and then.
struct StepProgress {
  std::map<std::string, StepSet> judged;  // The partner's accepted steps, by procedure id.
  size_t judged_count = 0;
  size_t look_at = kJudgedMin;  // From how many on the folded ones are forgotten.
  // Own entries that the partner rejected or parked, with the index of its verdict.
  std::map<uint64_t, uint64_t> rejected_own;
};

class StepJudge {
 public:
  // `check`: of the records that a step carries; may be empty.
  StepJudge(const RecordsDeps& deps, AreaCheck check) : deps_(deps), check_(std::move(check)) {}

  // Empty: accepted. Otherwise the reason of a REJECTED verdict (docs/procedures.md), or PARKED.
  // `agreement`: the version that the header names, null if it is not known.
  std::string Judge(const ledger::v1::EntryHeader& header, const ledger::v1::Payload& payload,
                    const AgreementVersion* agreement, StepProgress* progress) const;
  // A verdict of the partner on an own entry.
  void NoteVerdict(const ledger::v1::EntryHeader& verdict, StepProgress* progress) const;

 private:
  std::string JudgeFact(const ledger::v1::EntryHeader& header, const StepFact& fact,
                        const ledger::v1::Payload& payload, const AgreementVersion* agreement,
                        const StepProgress& progress) const;
  std::string JudgePayload(const StepRow& row, const ledger::v1::EntryHeader& header,
                           const ledger::v1::Payload& payload,
                           const AgreementVersion& agreement) const;
  // The procedure as it is folded, with what was judged since.
  StepSet Known(const std::string& id, const StepProgress& progress) const;
  // True if this country ever wrote about a procedure of this id.
  bool IsOurs(const std::string& id, const StepSet& known) const;
  void Forget(StepProgress* progress) const;

  const RecordsDeps deps_;
  const AreaCheck check_;
};

}  // namespace lintas

#endif  // LINTAS_SERVER_RECORDS_PROCEDURE_STEP_JUDGE_H_

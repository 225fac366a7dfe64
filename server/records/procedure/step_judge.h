// StepJudge: the one judgement of a partner's step, on arrival (P13, P18). A function of the step
// and of what its author had seen, so that it is the same whenever it is made.
#ifndef LINTAS_SERVER_RECORDS_PROCEDURE_STEP_JUDGE_H_
#define LINTAS_SERVER_RECORDS_PROCEDURE_STEP_JUDGE_H_

#include <map>
#include <set>
#include <string>

#include "server/agreement/agreement.h"
#include "server/records/deps.h"
#include "server/records/procedure/procedure_state.h"

namespace lintas {

// What was judged since a pull began and may not be folded yet.
struct StepProgress {
  std::map<std::string, StepSet> judged;  // The partner's steps, by procedure id.
  std::set<uint64_t> rejected_own;        // Own entries that the partner rejected.
};

class StepJudge {
 public:
  explicit StepJudge(const RecordsDeps& deps) : deps_(deps) {}

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
  std::string JudgePayload(const StepRow& row, const ledger::v1::Payload& payload,
                           const AgreementVersion& agreement) const;

  const RecordsDeps deps_;
};

}  // namespace lintas

#endif  // LINTAS_SERVER_RECORDS_PROCEDURE_STEP_JUDGE_H_

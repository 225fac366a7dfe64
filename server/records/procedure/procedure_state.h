// ProcedureState: what a set of steps means by its table, and whether a step is legal in what its
// author knew (P17, P18; docs/procedures.md). Pure functions; any thread.
#ifndef LINTAS_SERVER_RECORDS_PROCEDURE_PROCEDURE_STATE_H_
#define LINTAS_SERVER_RECORDS_PROCEDURE_PROCEDURE_STATE_H_

#include <set>
#include <string>
#include <vector>

#include "absl/types/optional.h"
#include "server/records/procedure/step_set.h"
#include "server/records/procedure/table.h"

namespace lintas {

// A time in which the clock stood still; `end_s` is unset while it does.
struct ClockStop {
  int64_t begin_s = 0;
  absl::optional<int64_t> end_s;
};

struct ProcedureState {
  const StateRow* state = nullptr;
  std::string requester;           // Country.
  std::string track;               // Of the opening step.
  uint32_t agreement_version = 0;  // Of the opening step: its periods hold.
  bool suspended = false;
  std::string suspended_by;
  // The newest effective step: what the next one stands on.
  StepPlace head;
  int64_t opened_s = 0;
  int64_t entered_s = 0;  // When `state` was entered.
  // While it was open, all of them.
  std::vector<ClockStop> stops;
  std::vector<StepPlace> path;     // Effective steps, from the opening to `head`.
  std::set<StepPlace> attached;    // Effective attachments.
  std::set<StepPlace> superseded;  // Lost against a rival, or stood on one that did.

  bool final() const { return state->mover == Mover::kNobody; }
  // The one of the two countries that is to move, empty if nobody. Who suspended is who was to
  // move.
  std::string MoverCountry(absl::string_view one, absl::string_view other) const;
};

// Nothing if no step opens the procedure. `table` must be the one that the steps name.
absl::optional<ProcedureState> Evaluate(const ProcedureTable& table, const StepSet& steps);

// Empty: `step` is legal for its author, who knew `view` (StepSet::SeenBy). Otherwise the reason:
// PROCEDURE_EXISTS, UNKNOWN_PROCEDURE, STALE_STEP, STEP_NOT_ALLOWED, TOO_MANY_STEPS.
std::string WhyIllegal(const ProcedureTable& table, const StepSet& view, const StepFact& step);

// The steps that `country` may take next, in the table's order; deadlines are not looked at.
std::vector<const StepRow*> NextSteps(const ProcedureTable& table, const ProcedureState& state,
                                      absl::string_view country);

}  // namespace lintas

#endif  // LINTAS_SERVER_RECORDS_PROCEDURE_PROCEDURE_STATE_H_

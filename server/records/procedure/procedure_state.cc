#include "server/records/procedure/procedure_state.h"

#include <algorithm>
#include <map>

namespace lintas {
namespace {

using Children = std::map<StepPlace, std::vector<const StepFact*>>;

// Of rivals the table's priority decides; the place only makes the choice total for tables that
// this version does not hold closed.
const StepFact* Winner(const ProcedureTable& table, const std::vector<const StepFact*>& rivals) {
  const StepFact* winner = nullptr;
  int best = 0;
  for (const StepFact* rival : rivals) {
    const StepRow* row = table.Step(rival->code);
    if (row == nullptr || row->kind == StepKind::kAttach) continue;
    if (winner == nullptr || row->priority > best ||
        (row->priority == best && rival->place < winner->place)) {
      winner = rival;
      best = row->priority;
    }
  }
  return winner;
}

void Apply(const ProcedureTable& table, const StepFact& step, ProcedureState* state) {
  const StepRow& row = *table.Step(step.code);
  if (row.kind == StepKind::kSuspend) {
    state->suspended = true;
    state->suspended_by = step.place.country;
    state->stops.push_back({step.time_s, absl::nullopt});
  } else if (state->suspended) {
    // Resumed, or left by a withdrawal. A clock that was set back makes no time run twice.
    state->suspended = false;
    state->suspended_by.clear();
    state->stops.back().end_s = std::max(step.time_s, state->stops.back().begin_s);
  }
  if (!row.to.empty()) {
    state->state = table.State(row.to);
    state->entered_s = step.time_s;
  }
  state->head = step.place;
  state->path.push_back(step.place);
}

const StepFact* Opening(const ProcedureTable& table, const StepSet& steps) {
  for (const auto& [place, fact] : steps.steps()) {
    const StepRow* row = table.Step(fact.code);
    if (!fact.predecessor && row != nullptr && row->kind == StepKind::kOpen) {
      return &fact;
    }
  }
  return nullptr;
}

Side SideOf(const ProcedureState& state, absl::string_view country) {
  return country == state.requester ? Side::kRequester : Side::kRequested;
}

bool IsMover(const ProcedureState& state, absl::string_view country) {
  return state.state->mover ==
         (SideOf(state, country) == Side::kRequester ? Mover::kRequester : Mover::kRequested);
}

bool MayTake(const StepRow& row, const ProcedureState& state, absl::string_view country) {
  switch (row.kind) {
    case StepKind::kOpen:
      return false;
    case StepKind::kAttach:
      return true;
    case StepKind::kSuspend:
      return !state.suspended && IsMover(state, country);
    case StepKind::kResume:
      return state.suspended && state.suspended_by == country;
    case StepKind::kWithdraw:
      return row.by == SideOf(state, country);
    case StepKind::kMove:
      return !state.suspended && row.by == SideOf(state, country) && IsMover(state, country);
  }
  return false;
}

}  // namespace

std::string ProcedureState::MoverCountry(absl::string_view one, absl::string_view other) const {
  if (state->mover == Mover::kNobody) return "";
  return std::string((state->mover == Mover::kRequester) == (one == requester) ? one : other);
}

absl::optional<ProcedureState> Evaluate(const ProcedureTable& table, const StepSet& steps) {
  const StepFact* step = Opening(table, steps);
  if (step == nullptr) return absl::nullopt;
  Children children;
  for (const auto& [place, fact] : steps.steps()) {
    if (fact.predecessor) children[*fact.predecessor].push_back(&fact);
  }
  ProcedureState state;
  state.requester = step->place.country;
  state.track = table.Step(step->code)->track;
  state.agreement_version = step->agreement_version;
  state.opened_s = step->time_s;
  std::set<StepPlace> effective;
  // Bounded: a predecessor's place is older in its author's view, so there is no circle; the count
  // guards against a set that was made by hand.
  for (size_t i = 0; step != nullptr && i <= steps.steps().size(); ++i) {
    Apply(table, *step, &state);
    effective.insert(step->place);
    const auto next = children.find(step->place);
    step = next == children.end() ? nullptr : Winner(table, next->second);
  }
  for (const auto& [place, fact] : steps.steps()) {
    if (effective.count(place) != 0) continue;
    const StepRow* row = table.Step(fact.code);
    const bool attached = row != nullptr && row->kind == StepKind::kAttach && fact.predecessor &&
                          effective.count(*fact.predecessor) != 0;
    (attached ? state.attached : state.superseded).insert(place);
  }
  return state;
}

std::string WhyIllegal(const ProcedureTable& table, const StepSet& view, const StepFact& step) {
  const StepRow* row = table.Step(step.code);
  if (row == nullptr) return "STEP_NOT_ALLOWED";
  const absl::optional<ProcedureState> state = Evaluate(table, view);
  if (row->kind == StepKind::kOpen) {
    if (step.predecessor) return "STEP_NOT_ALLOWED";
    return view.empty() ? "" : "PROCEDURE_EXISTS";
  }
  if (!state) return "UNKNOWN_PROCEDURE";
  if (view.procedure() != step.procedure) return "UNKNOWN_PROCEDURE";
  if (view.steps().size() >= kProcedureStepsMax) return "TOO_MANY_STEPS";
  if (!step.predecessor || *step.predecessor != state->head) return "STALE_STEP";
  if (table.StepFrom(step.code, state->state->name) == nullptr ||
      !MayTake(*row, *state, step.place.country)) {
    return "STEP_NOT_ALLOWED";
  }
  return "";
}

std::vector<const StepRow*> NextSteps(const ProcedureTable& table, const ProcedureState& state,
                                      absl::string_view country) {
  std::vector<const StepRow*> next;
  for (const StepRow& row : table.steps()) {
    if (table.StepFrom(row.code, state.state->name) != nullptr && MayTake(row, state, country)) {
      next.push_back(&row);
    }
  }
  return next;
}

}  // namespace lintas

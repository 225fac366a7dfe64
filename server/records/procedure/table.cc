#include "server/records/procedure/table.h"

#include <algorithm>
#include <cctype>
#include <set>
#include <utility>

#include "absl/strings/str_cat.h"
#include "server/base/check.h"

namespace lintas {
namespace {

constexpr size_t kCodeLengthMax = 31;

bool IsCode(absl::string_view text, bool upper) {
  if (text.empty() || text.size() > kCodeLengthMax) return false;
  return std::all_of(text.begin(), text.end(), [upper](unsigned char c) {
    return c == '_' || std::isdigit(c) != 0 || (upper ? std::isupper(c) : std::islower(c)) != 0;
  });
}

bool MoverIs(Mover mover, Side side) {
  return mover == (side == Side::kRequester ? Mover::kRequester : Mover::kRequested);
}

bool Leads(const StepRow& step, absl::string_view from) {
  return std::find(step.from.begin(), step.from.end(), from) != step.from.end();
}

// A row that is a move of its state, as rivals are.
bool Moves(const StepRow& step) { return step.kind != StepKind::kAttach; }

// Who may take the step out of `state`: a suspension ends by who began it, who was to move.
bool MayTake(const StepRow& step, const StateRow& state, Side side) {
  switch (step.kind) {
    case StepKind::kSuspend:
    case StepKind::kResume:
      return MoverIs(state.mover, side);
    case StepKind::kAttach:
      return true;
    default:
      return step.by == side;
  }
}

}  // namespace

ProcedureTable::ProcedureTable(std::string code, int area, std::vector<StateRow> states,
                               std::vector<StepRow> steps)
    : code_(std::move(code)), area_(area), states_(std::move(states)), steps_(std::move(steps)) {}

const StateRow* ProcedureTable::State(absl::string_view name) const {
  for (const StateRow& state : states_) {
    if (state.name == name) return &state;
  }
  return nullptr;
}

const StepRow* ProcedureTable::Step(absl::string_view code) const {
  for (const StepRow& step : steps_) {
    if (step.code == code) return &step;
  }
  return nullptr;
}

const StepRow* ProcedureTable::StepFrom(absl::string_view code, absl::string_view state) const {
  const StepRow* step = Step(code);
  return step != nullptr && Leads(*step, state) ? step : nullptr;
}

std::vector<std::string> ProcedureTable::Tracks() const {
  std::vector<std::string> tracks;
  for (const StepRow& step : steps_) {
    if (step.kind == StepKind::kOpen) tracks.push_back(step.track);
  }
  return tracks;
}

void ProcedureTable::FindReach(std::vector<std::string>* faults) const {
  std::set<std::string> reached;
  for (const StepRow& step : steps_) {
    if (step.kind == StepKind::kOpen) reached.insert(step.to);
  }
  if (reached.empty()) faults->push_back("no step opens the procedure");
  for (bool grew = true; grew;) {
    grew = false;
    for (const StepRow& step : steps_) {
      for (const std::string& from : step.from) {
        if (reached.count(from) != 0 && !step.to.empty()) grew |= reached.insert(step.to).second;
      }
    }
  }
  for (const StateRow& state : states_) {
    if (reached.count(state.name) == 0) faults->push_back(state.name + " is never reached");
    const bool final = state.mover == Mover::kNobody;
    if (final && state.clock != ClockStart::kNone) {
      faults->push_back(state.name + " is final and has a deadline");
    }
    bool out = false;
    for (const StepRow& step : steps_) {
      if (!Leads(step, state.name)) continue;
      if (final) faults->push_back(absl::StrCat(step.code, " leads out of final ", state.name));
      out |= step.kind == StepKind::kMove && MoverIs(state.mover, step.by);
    }
    if (!final && !out) faults->push_back("nobody can move out of " + state.name);
  }
}

void ProcedureTable::FindRivals(std::vector<std::string>* faults) const {
  for (const StateRow& state : states_) {
    for (const StepRow& one : steps_) {
      for (const StepRow& other : steps_) {
        if (!Leads(one, state.name) || !Leads(other, state.name) || !Moves(one) || !Moves(other) ||
            !MayTake(one, state, Side::kRequester) || !MayTake(other, state, Side::kRequested)) {
          continue;
        }
        if (one.priority == other.priority) {
          faults->push_back(absl::StrCat(one.code, " and ", other.code, " are rivals in ",
                                         state.name, " of one priority"));
        }
        if ((one.irreversible && one.priority < other.priority) ||
            (other.irreversible && other.priority < one.priority)) {
          faults->push_back(absl::StrCat("an irreversible step loses in ", state.name, ": ",
                                         one.code, ", ", other.code));
        }
      }
    }
  }
}

void ProcedureTable::FindWrongRows(std::vector<std::string>* faults) const {
  if (!IsCode(code_, false)) faults->push_back("the table's code is not lower_snake");
  if (area_ < 1 || area_ > 8) faults->push_back("no such area");
  std::set<std::string> names, codes;
  for (const StateRow& state : states_) {
    if (!IsCode(state.name, false) || !names.insert(state.name).second) {
      faults->push_back(state.name + " is no state's name or stands twice");
    }
  }
  for (const StepRow& step : steps_) {
    if (!IsCode(step.code, true) || !codes.insert(step.code).second) {
      faults->push_back(step.code + " is no step's code or stands twice");
    }
    const bool open = step.kind == StepKind::kOpen;
    const bool stays = step.kind == StepKind::kAttach || step.kind == StepKind::kSuspend ||
                       step.kind == StepKind::kResume;
    if (open != step.from.empty()) faults->push_back(step.code + " opens or leads, not both");
    if (stays != step.to.empty()) faults->push_back(step.code + " has no right end");
    if (!stays && State(step.to) == nullptr) faults->push_back(step.code + " leads nowhere");
    if (open && (step.by != Side::kRequester || !IsCode(step.track, true))) {
      faults->push_back(step.code + " opens without a requester or a track");
    }
    if (stays && step.irreversible) faults->push_back(step.code + " stays and is irreversible");
    for (const std::string& from : step.from) {
      const StateRow* state = State(from);
      if (state == nullptr) {
        faults->push_back(absl::StrCat(step.code, " leads out of unknown ", from));
      } else if (step.kind == StepKind::kMove && !MoverIs(state->mover, step.by)) {
        faults->push_back(absl::StrCat(step.code, " is not of the side to move in ", from));
      } else if (step.only_overdue && state->clock == ClockStart::kNone) {
        faults->push_back(absl::StrCat(step.code, " waits for a deadline that ", from, " lacks"));
      }
    }
  }
}

std::vector<std::string> ProcedureTable::Faults() const {
  std::vector<std::string> faults;
  FindWrongRows(&faults);
  FindReach(&faults);
  FindRivals(&faults);
  return faults;
}

ProcedureTables::ProcedureTables(std::vector<ProcedureTable> tables) : tables_(std::move(tables)) {
  std::set<std::string> codes;
  for (const ProcedureTable& table : tables_) {
    LINTAS_CHECK(codes.insert(table.code()).second);
    LINTAS_CHECK(table.Faults().empty());
    for (const StepRow& step : table.steps()) {
      if (step.content == nullptr) continue;
      plans_.emplace_back(step.content, std::make_unique<RulePlan>(step.content, "content"));
    }
  }
}

const ProcedureTable* ProcedureTables::ByCode(absl::string_view code) const {
  for (const ProcedureTable& table : tables_) {
    if (table.code() == code) return &table;
  }
  return nullptr;
}

const RulePlan& ProcedureTables::RulesOf(const google::protobuf::Descriptor* descriptor) const {
  for (const auto& [known, plan] : plans_) {
    if (known == descriptor) return *plan;
  }
  LINTAS_CHECK(false);
}

}  // namespace lintas

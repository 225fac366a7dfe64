// ProcedureTable: an area's procedure as constant data (docs/procedures.md; P17 to P19). The engine
// knows nothing else of what a procedure means.
//
//   T1  Every state can be reached from an opening step; every state that is not final names the
//       side to move and has a step of that side out of it.
//   T2  A final state has no step out, no deadline, nobody to move.
//   T3  Only attaching, withdrawing and a suspension's end may be taken by the side that is not to
//       move (P18).
//   T4  Steps of different sides out of one state have different priorities: rivals are decided by
//       the table alone. An irreversible step outranks all of the other side's.
//   T5  Codes are unique, UPPER_SNAKE for steps and tracks, lower_snake for states and the table.
//
// Immutable after construction, thread safe.
#ifndef LINTAS_SERVER_RECORDS_PROCEDURE_TABLE_H_
#define LINTAS_SERVER_RECORDS_PROCEDURE_TABLE_H_

#include <memory>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "google/protobuf/descriptor.h"
#include "server/records/rules.h"

namespace lintas {

// A side of a procedure: who opened it, and the other country.
enum class Side { kRequester, kRequested };
enum class Mover { kRequester, kRequested, kNobody };

enum class StepKind {
  kOpen,      // Makes the procedure; the author is the requester.
  kMove,      // By the side to move.
  kWithdraw,  // By the side that the row names, whoever is to move.
  kAttach,    // By either side; moves no state and has no rival.
  kSuspend,   // By the side to move: its clock stands still (P17).
  kResume,    // By the side that suspended.
};

// From when a state's deadline counts.
enum class ClockStart { kNone, kEntered, kOpened };

struct StateRow {
  std::string name;
  Mover mover = Mover::kNobody;  // Nobody: final.
  // The agreement sets the period, by procedure, state and track.
  ClockStart clock = ClockStart::kNone;
};

struct StepRow {
  std::string code;
  StepKind kind = StepKind::kMove;
  Side by = Side::kRequester;
  std::vector<std::string> from;  // None: an opening step.
  std::string to;                 // Empty: the state stays (attach, suspend, resume).
  // Higher wins among rivals.
  int priority = 0;
  bool irreversible = false;
  // True: only when the state's deadline has passed by the author's clock.
  bool only_overdue = false;
  // Opening steps: which of the agreement's periods counts, for example ROUTINE.
  std::string track = "";
  // The content's message; null: none. A step with one is refused without it.
  const google::protobuf::Descriptor* content = nullptr;
};

class ProcedureTable {
 public:
  // `area`: 1 to 8, whose competence is asked for.
  ProcedureTable(std::string code, int area, std::vector<StateRow> states,
                 std::vector<StepRow> steps);

  const std::string& code() const { return code_; }
  int area() const { return area_; }
  const std::vector<StateRow>& states() const { return states_; }
  const std::vector<StepRow>& steps() const { return steps_; }
  // Null if unknown.
  const StateRow* State(absl::string_view name) const;
  const StepRow* Step(absl::string_view code) const;
  // The row if `code` leads out of `state`.
  const StepRow* StepFrom(absl::string_view code, absl::string_view state) const;
  std::vector<std::string> Tracks() const;

  // What breaks T1 to T5, one sentence each; none if the table is closed.
  std::vector<std::string> Faults() const;

 private:
  void FindReach(std::vector<std::string>* faults) const;
  void FindRivals(std::vector<std::string>* faults) const;
  void FindWrongRows(std::vector<std::string>* faults) const;

  const std::string code_;
  const int area_;
  const std::vector<StateRow> states_;
  const std::vector<StepRow> steps_;
};

// All tables of a node. CHECKs at start that every table is closed.
class ProcedureTables {
 public:
  explicit ProcedureTables(std::vector<ProcedureTable> tables);
  // Null if unknown.
  const ProcedureTable* ByCode(absl::string_view code) const;
  // How a content is checked field by field, read once from its descriptor.
  const RulePlan& RulesOf(const google::protobuf::Descriptor* descriptor) const;
  const std::vector<ProcedureTable>& all() const { return tables_; }

 private:
  const std::vector<ProcedureTable> tables_;
  std::vector<std::pair<const google::protobuf::Descriptor*, std::unique_ptr<RulePlan>>> plans_;
};

}  // namespace lintas

#endif  // LINTAS_SERVER_RECORDS_PROCEDURE_TABLE_H_

// A procedure that has one of everything, for tests of the engine only.
#ifndef LINTAS_TESTS_UNIT_SERVER_RECORDS_PROCEDURE_TABLES_FOR_TEST_H_
#define LINTAS_TESTS_UNIT_SERVER_RECORDS_PROCEDURE_TABLES_FOR_TEST_H_

#include <string>
#include <vector>

#include "server/records/procedure/table.h"

namespace lintas {

inline std::vector<StateRow> StatesForTest() {
  return {{"sent", Mover::kRequested, ClockStart::kOpened},
          {"received", Mover::kRequested, ClockStart::kOpened},
          {"decided", Mover::kRequester, ClockStart::kNone},
          {"closed", Mover::kNobody, ClockStart::kNone},
          {"withdrawn", Mover::kNobody, ClockStart::kNone}};
}

inline std::vector<StepRow> StepsForTest() {
  const std::vector<std::string> open = {"sent", "received"};
  return {{"ASK", StepKind::kOpen, Side::kRequester, {}, "sent", 0, false, false, "ROUTINE"},
          {"RECEIVE", StepKind::kMove, Side::kRequested, {"sent"}, "received", 10},
          {"DECIDE", StepKind::kMove, Side::kRequested, open, "decided", 90, true},
          {"CLOSE", StepKind::kMove, Side::kRequester, {"decided"}, "closed", 10},
          {"WITHDRAW", StepKind::kWithdraw, Side::kRequester, open, "withdrawn", 50},
          {"GIVE_UP",
           StepKind::kWithdraw,
           Side::kRequester,
           {"received"},
           "withdrawn",
           55,
           false,
           /*only_overdue=*/true},
          {"SUSPEND", StepKind::kSuspend, Side::kRequested, {"received"}, "", 20},
          {"RESUME", StepKind::kResume, Side::kRequested, {"received"}, "", 20},
          {"ATTACH", StepKind::kAttach, Side::kRequester, {"sent", "received"}, "", 0}};
}

inline ProcedureTable TableForTest() {
  return ProcedureTable("test_request", 1, StatesForTest(), StepsForTest());
}

}  // namespace lintas

#endif  // LINTAS_TESTS_UNIT_SERVER_RECORDS_PROCEDURE_TABLES_FOR_TEST_H_

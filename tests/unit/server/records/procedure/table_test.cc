#include "server/records/procedure/table.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/server/records/procedure/tables_for_test.h"

namespace lintas {
namespace {

using testing::Contains;
using testing::HasSubstr;
using testing::IsEmpty;

class Rows {
 public:
  StateRow& State(const std::string& name) {
    for (StateRow& row : states) {
      if (row.name == name) return row;
    }
    return states.emplace_back(StateRow{name});
  }
  StepRow& Step(const std::string& code) {
    for (StepRow& row : steps) {
      if (row.code == code) return row;
    }
    steps.push_back({});
    steps.back().code = code;
    return steps.back();
  }
  std::vector<std::string> Faults() const {
    return ProcedureTable("test_request", 1, states, steps).Faults();
  }

  std::vector<StateRow> states = StatesForTest();
  std::vector<StepRow> steps = StepsForTest();
};

TEST(ProcedureTable, AClosedOneHasNoFaults) { EXPECT_THAT(TableForTest().Faults(), IsEmpty()); }

TEST(ProcedureTable, FindsAStateThatIsNeverReached) {
  Rows rows;
  rows.State("lost").mover = Mover::kNobody;
  EXPECT_THAT(rows.Faults(), Contains(HasSubstr("lost is never reached")));
}

TEST(ProcedureTable, FindsAStateThatNobodyCanMoveOutOf) {
  Rows rows;
  rows.State("decided").mover = Mover::kRequested;
  EXPECT_THAT(rows.Faults(), Contains(HasSubstr("nobody can move out of decided")));
}

TEST(ProcedureTable, FindsAStepOutOfAFinalState) {
  Rows rows;
  rows.Step("CLOSE").from.push_back("withdrawn");
  EXPECT_THAT(rows.Faults(), Contains(HasSubstr("CLOSE leads out of final withdrawn")));
}

TEST(ProcedureTable, FindsADeadlineOfAFinalState) {
  Rows rows;
  rows.State("closed").clock = ClockStart::kEntered;
  EXPECT_THAT(rows.Faults(), Contains(HasSubstr("closed is final and has a deadline")));
}

TEST(ProcedureTable, FindsAMoveOfTheSideThatIsNotToMove) {
  Rows rows;
  rows.Step("CLOSE").from.push_back("received");
  EXPECT_THAT(rows.Faults(), Contains(HasSubstr("CLOSE is not of the side to move in received")));
}

TEST(ProcedureTable, FindsRivalsOfOnePriority) {
  Rows rows;
  rows.Step("WITHDRAW").priority = 10;
  EXPECT_THAT(rows.Faults(), Contains(HasSubstr("WITHDRAW and RECEIVE are rivals in sent")));
}

TEST(ProcedureTable, FindsAnIrreversibleStepThatLoses) {
  Rows rows;
  rows.Step("WITHDRAW").priority = 95;
  EXPECT_THAT(rows.Faults(), Contains(HasSubstr("an irreversible step loses")));
}

TEST(ProcedureTable, FindsAStepThatLeadsNowhere) {
  Rows rows;
  rows.Step("DECIDE").to = "nowhere";
  EXPECT_THAT(rows.Faults(), Contains(HasSubstr("DECIDE leads nowhere")));
}

TEST(ProcedureTable, FindsAWaitForADeadlineThatIsNotThere) {
  Rows rows;
  rows.State("received").clock = ClockStart::kNone;
  EXPECT_THAT(rows.Faults(), Contains(HasSubstr("GIVE_UP waits for a deadline")));
}

TEST(ProcedureTable, FindsTwoStepsOfOneCodeAndAWrongForm) {
  Rows rows;
  rows.steps.push_back(rows.Step("ASK"));
  rows.Step("CLOSE").code = "Close";
  const std::vector<std::string> faults = rows.Faults();
  EXPECT_THAT(faults, Contains(HasSubstr("ASK is no step's code or stands twice")));
  EXPECT_THAT(faults, Contains(HasSubstr("Close is no step's code")));
}

TEST(ProcedureTablesDeathTest, AnOpenTableStopsTheNode) {
  Rows rows;
  rows.State("lost").mover = Mover::kNobody;
  std::vector<ProcedureTable> tables;
  tables.emplace_back("test_request", 1, rows.states, rows.steps);
  EXPECT_DEATH(ProcedureTables{tables}, "Faults");
}

}  // namespace
}  // namespace lintas

#include "server/records/procedure/procedure_state.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <random>

#include "tests/unit/server/records/procedure/tables_for_test.h"

namespace lintas {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

const char* OtherOf(const std::string& country) { return country == "idn" ? "khm" : "idn"; }

// Both countries' ledgers as far as one procedure is concerned, and who has seen what.
class TwoLedgers {
 public:
  // Appends a step of `country` on its head as it knows it; empty, or why it is illegal.
  std::string Step(const std::string& country, const std::string& code,
                   absl::optional<StepPlace> on = absl::nullopt) {
    const StepSet view = View(country);
    const absl::optional<ProcedureState> state = Evaluate(table, view);
    StepFact fact;
    fact.place = {country, ledgers[country].size()};
    fact.procedure = "test_request";
    fact.code = code;
    if (on) {
      fact.predecessor = on;
    } else if (state && code != "ASK") {
      fact.predecessor = state->head;
    }
    fact.seen = seen[country];
    fact.time_s = time_s + 1;
    const std::string why = WhyIllegal(table, view, fact);
    if (!why.empty()) return why;
    ++time_s;
    ledgers[country].push_back(fact);
    return why;
  }
  // What `country` knows: its own, and of the other what it has seen.
  StepSet View(const std::string& country) {
    StepSet all;
    for (const auto& [each, facts] : ledgers) {
      for (const StepFact& fact : facts) all.Add(fact);
    }
    for (const StepPlace& place : rejected) all.Reject(place);
    return all.SeenBy(country, ledgers[country].size(), seen[country]);
  }
  void Pull(const std::string& country) { seen[country] = ledgers[OtherOf(country)].size(); }
  void PullBoth() {
    Pull("idn");
    Pull("khm");
  }
  ProcedureState State(const std::string& country) { return *Evaluate(table, View(country)); }

  const ProcedureTable table = TableForTest();
  std::map<std::string, std::vector<StepFact>> ledgers;
  std::vector<StepPlace> rejected;
  std::map<std::string, uint64_t> seen;
  int64_t time_s = 1000;
};

TEST(Procedure, WalksFromRequestToClosing) {
  TwoLedgers world;
  EXPECT_EQ(world.Step("idn", "ASK"), "");
  world.Pull("khm");
  EXPECT_EQ(world.Step("khm", "RECEIVE"), "");
  EXPECT_EQ(world.Step("khm", "DECIDE"), "");
  world.Pull("idn");
  EXPECT_EQ(world.State("idn").MoverCountry("khm", "idn"), "idn");
  EXPECT_EQ(world.Step("idn", "CLOSE"), "");
  EXPECT_TRUE(world.State("idn").final());
  EXPECT_EQ(world.State("idn").MoverCountry("idn", "khm"), "");
  EXPECT_EQ(world.State("idn").path.size(), 4u);
}

TEST(Procedure, OnlyTheSideToMoveMoves) {
  TwoLedgers world;
  world.Step("idn", "ASK");
  EXPECT_EQ(world.Step("idn", "RECEIVE"), "STEP_NOT_ALLOWED");
  EXPECT_EQ(world.Step("idn", "DECIDE"), "STEP_NOT_ALLOWED");
  world.Pull("khm");
  EXPECT_EQ(world.Step("khm", "WITHDRAW"), "STEP_NOT_ALLOWED");
  EXPECT_EQ(world.Step("khm", "CLOSE"), "STEP_NOT_ALLOWED");
  EXPECT_EQ(world.Step("khm", "NO_SUCH_STEP"), "STEP_NOT_ALLOWED");
}

TEST(Procedure, NobodyStepsOnWhatHeHasNotSeenOrWhatIsPast) {
  TwoLedgers world;
  EXPECT_EQ(world.Step("khm", "RECEIVE"), "UNKNOWN_PROCEDURE");
  world.Step("idn", "ASK");
  EXPECT_EQ(world.Step("khm", "RECEIVE", StepPlace{"idn", 0}), "UNKNOWN_PROCEDURE");
  world.Pull("khm");
  world.Step("khm", "RECEIVE");
  EXPECT_EQ(world.Step("khm", "DECIDE", StepPlace{"idn", 0}), "STALE_STEP");
  EXPECT_EQ(world.Step("idn", "ASK"), "PROCEDURE_EXISTS");
}

TEST(Procedure, NothingFollowsAFinalState) {
  TwoLedgers world;
  world.Step("idn", "ASK");
  world.Step("idn", "WITHDRAW");
  world.Pull("khm");
  for (const StepRow& row : world.table.steps()) {
    EXPECT_NE(world.Step("idn", row.code), "") << row.code;
    EXPECT_NE(world.Step("khm", row.code), "") << row.code;
  }
}

TEST(Procedure, RivalsAreDecidedByTheTable) {
  TwoLedgers world;
  world.Step("idn", "ASK");
  world.Pull("khm");
  EXPECT_EQ(world.Step("idn", "WITHDRAW"), "");
  EXPECT_EQ(world.Step("khm", "DECIDE"), "");
  world.PullBoth();
  for (const char* country : {"idn", "khm"}) {
    const ProcedureState state = world.State(country);
    EXPECT_EQ(state.state->name, "decided");
    EXPECT_THAT(state.superseded, ElementsAre(StepPlace{"idn", 1}));
  }
}

TEST(Procedure, ALosingBranchIsSupersededWhole) {
  TwoLedgers world;
  world.Step("idn", "ASK");
  world.Pull("khm");
  world.Step("khm", "RECEIVE");
  world.Step("khm", "SUSPEND");
  world.Step("idn", "WITHDRAW");  // Outranks the receipt; has seen none of both.
  world.PullBoth();
  const ProcedureState state = world.State("khm");
  EXPECT_EQ(state.state->name, "withdrawn");
  EXPECT_FALSE(state.suspended);
  EXPECT_THAT(state.superseded, ElementsAre(StepPlace{"khm", 0}, StepPlace{"khm", 1}));
}

TEST(Procedure, ARejectedStepCountsForNothing) {
  TwoLedgers world;
  world.Step("idn", "ASK");
  world.Pull("khm");
  world.Step("khm", "DECIDE");
  world.rejected.push_back({"khm", 0});
  world.Pull("idn");
  EXPECT_EQ(world.State("idn").state->name, "sent");
  EXPECT_THAT(world.State("idn").superseded, IsEmpty());
  EXPECT_EQ(world.Step("idn", "WITHDRAW"), "");
}

TEST(Procedure, ASuspensionStopsTheClockAndEndsByWhoBeganIt) {
  TwoLedgers world;
  world.Step("idn", "ASK");
  world.Pull("khm");
  world.Step("khm", "RECEIVE");
  EXPECT_EQ(world.Step("khm", "SUSPEND"), "");
  world.Pull("idn");
  EXPECT_TRUE(world.State("idn").suspended);
  EXPECT_EQ(world.Step("khm", "DECIDE"), "STEP_NOT_ALLOWED");
  EXPECT_EQ(world.Step("khm", "SUSPEND"), "STEP_NOT_ALLOWED");
  EXPECT_EQ(world.Step("idn", "RESUME"), "STEP_NOT_ALLOWED");
  EXPECT_EQ(world.Step("khm", "RESUME"), "");
  EXPECT_EQ(world.Step("khm", "DECIDE"), "");
  ASSERT_EQ(world.State("khm").stops.size(), 1u);
  EXPECT_EQ(*world.State("khm").stops[0].end_s - world.State("khm").stops[0].begin_s, 1);
}

TEST(Procedure, AttachingHasNoRival) {
  TwoLedgers world;
  world.Step("idn", "ASK");
  world.Pull("khm");
  EXPECT_EQ(world.Step("idn", "ATTACH"), "");
  EXPECT_EQ(world.Step("khm", "ATTACH"), "");
  EXPECT_EQ(world.Step("khm", "RECEIVE"), "");
  world.PullBoth();
  const ProcedureState state = world.State("idn");
  EXPECT_EQ(state.state->name, "received");
  EXPECT_EQ(state.attached.size(), 2u);
  EXPECT_THAT(state.superseded, IsEmpty());
}

TEST(Procedure, NextStepsAreThoseThatAreLegal) {
  TwoLedgers world;
  world.Step("idn", "ASK");
  world.Pull("khm");
  std::mt19937 random(7);
  for (int turn = 0; turn < 200; ++turn) {
    const std::string country = random() % 2 == 0 ? "idn" : "khm";
    const auto next = NextSteps(world.table, world.State(country), country);
    for (const StepRow& row : world.table.steps()) {
      TwoLedgers copy = world;
      const bool listed =
          std::any_of(next.begin(), next.end(), [&](const StepRow* at) { return at == &row; });
      EXPECT_EQ(copy.Step(country, row.code).empty(), listed) << row.code;
    }
    if (next.empty()) break;
    world.Step(country, next[random() % next.size()]->code);
    if (random() % 2 == 0) world.PullBoth();
  }
}

// The property that everything stands on: whatever both sides do and whenever they see it, an
// honest step is legal to its receiver, and both end with the same state and the same bytes.
TEST(Procedure, RandomInterleavingsEndInEqualStates) {
  int with_rivals = 0;
  for (uint32_t seed = 1; seed <= 2000; ++seed) {
    std::mt19937 random(seed);
    TwoLedgers world;
    world.Step("idn", "ASK");
    // What each has folded of the other, in the order it did; judged when it arrived.
    std::map<std::string, StepSet> folded;
    std::map<std::string, uint64_t> judged;
    const auto arrive = [&](const std::string& at) {
      const std::string from = OtherOf(at);
      for (; judged[at] < world.seen[at]; ++judged[at]) {
        const StepFact& step = world.ledgers[from][judged[at]];
        StepSet known = folded[at];
        for (const StepFact& own : world.ledgers[at]) known.Add(own);
        const StepSet view = known.SeenBy(from, step.place.index, step.seen);
        EXPECT_EQ(WhyIllegal(world.table, view, step), "") << seed << " " << step.code;
        folded[at].Add(step);
      }
    };
    for (int turn = 0; turn < 30; ++turn) {
      const std::string country = random() % 2 == 0 ? "idn" : "khm";
      if (random() % 4 == 0) {
        world.Pull(country);
        arrive(country);
      }
      world.Step(country, world.table.steps()[random() % world.table.steps().size()].code);
    }
    world.PullBoth();
    arrive("idn");
    arrive("khm");
    for (const char* at : {"idn", "khm"}) {
      std::vector<StepFact> own = world.ledgers[at];
      std::shuffle(own.begin(), own.end(), random);
      for (const StepFact& step : own) folded[at].Add(step);
    }
    ASSERT_EQ(folded["idn"].Bytes(), folded["khm"].Bytes()) << seed;
    const ProcedureState idn = *Evaluate(world.table, folded["idn"]);
    const ProcedureState khm = *Evaluate(world.table, folded["khm"]);
    ASSERT_EQ(idn.state, khm.state) << seed;
    ASSERT_EQ(idn.superseded, khm.superseded) << seed;
    with_rivals += !idn.superseded.empty();
  }
  EXPECT_GT(with_rivals, 100) << "the test never comes to a conflict";
}

TEST(StepSet, BytesAreReadBack) {
  StepSet set;
  StepFact fact;
  fact.place = {"khm", 7};
  fact.procedure = "test_request";
  fact.code = "RECEIVE";
  fact.predecessor = StepPlace{"idn", 0};
  fact.seen = 1;
  fact.time_s = 1'700'000'000;
  fact.agreement_version = 2;
  set.Add(fact);
  const absl::StatusOr<StepSet> again = StepSet::Parse(set.Bytes());
  ASSERT_TRUE(again.ok());
  EXPECT_EQ(again->Bytes(), set.Bytes());
  EXPECT_EQ(again->steps().at({"khm", 7}).predecessor, (StepPlace{"idn", 0}));
  EXPECT_FALSE(StepSet::Parse("\xff\xff").ok());
}

TEST(StepSet, WhatWasRejectedTakesNoRoom) {
  StepSet set;
  StepFact fact;
  fact.place = {"khm", 7};
  fact.procedure = "test_request";
  set.Add(fact);
  ASSERT_FALSE(set.empty());
  EXPECT_TRUE(set.Reject(fact.place));
  EXPECT_TRUE(set.empty());
  EXPECT_EQ(set.Bytes(), "");
}

TEST(StepSet, AHeaderNamesOneStepBefore) {
  ledger::v1::EntryHeader header;
  header.set_kind(ledger::v1::EntryHeader::STEP);
  header.set_type("test_request");
  header.set_code("RECEIVE");
  header.set_procedure_id(std::string(16, 'p'));
  header.set_target_first(5);
  EXPECT_EQ(FactOf(header, "khm", "idn")->predecessor, (StepPlace{"idn", 5}));
  header.set_predecessor(3);
  EXPECT_FALSE(FactOf(header, "khm", "idn").ok());
  header.clear_target_first();
  EXPECT_EQ(FactOf(header, "khm", "idn")->predecessor, (StepPlace{"khm", 3}));
  header.clear_procedure_id();
  EXPECT_FALSE(FactOf(header, "khm", "idn").ok());
}

}  // namespace
}  // namespace lintas

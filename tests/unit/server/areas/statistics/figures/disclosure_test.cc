#include "server/areas/statistics/figures/disclosure.h"

#include <numeric>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/unit/server/areas/statistics/figures/attack.h"

namespace lintas::statistics {
namespace {

constexpr double kEpsilon = 1e-5;

// A cube with dimensions A, B, C, … of so many codes.
Cube CubeOf(const std::vector<size_t>& sizes) {
  Cube cube{"MIG_FLOW", "border crossing, admitted", "crossings", "none", "all travellers", {}};
  for (size_t d = 0; d < sizes.size(); ++d) {
    Dimension dimension;
    dimension.id = std::string(1, static_cast<char>('A' + d));
    for (size_t c = 0; c < sizes[d]; ++c)
      dimension.codes.push_back(dimension.id + std::to_string(c));
    cube.dimensions.push_back(dimension);
  }
  return cube;
}

Table TableBy(const Cube& cube, const std::vector<std::string>& dimensions) {
  std::string id = "BY";
  for (const std::string& dimension : dimensions) id += "_" + dimension;
  return *MakeTable(cube, id, dimensions);
}

// Keeps what it released, as a node does.
class Publisher {
 public:
  explicit Publisher(Cube cube) : cube_(std::move(cube)) {}

  absl::StatusOr<DisclosureOutcome> Release(const std::vector<int64_t>& counts, int64_t vintage,
                                            const std::vector<Table>& tables,
                                            DisclosureRules rules = {}) {
    DisclosureRequest request;
    request.cube = &cube_;
    request.counts = counts;
    request.vintage = vintage;
    request.tables = tables;
    request.history = &history_;
    request.rules = rules;
    auto outcome = Protect(request);
    if (outcome.ok()) history_.push_back(outcome->release);
    counts_[vintage] = counts;
    return outcome;
  }

  int64_t Truth(int64_t vintage, const std::vector<size_t>& cells) const {
    int64_t sum = 0;
    for (size_t cell : cells) sum += counts_.at(vintage)[cell];
    return sum;
  }

  // Nobody who kept every release can bound a small count closer than the rule does, or tell that
  // a small change was not none.
  void ExpectSafe(int64_t threshold = 5) const {
    Attack attack(cube_, history_);
    for (const class Release& release : history_) {
      for (const ReleasedTable& table : release.tables) {
        for (size_t cell = 0; cell < table.cells.size(); ++cell) {
          ExpectCellSafe(&attack, table, cell, threshold);
        }
      }
    }
  }

  void ExpectCellSafe(Attack* attack, const ReleasedTable& table, size_t cell,
                      int64_t threshold) const {
    const std::vector<size_t> finest = FinestCells(cube_, table.table, cell);
    const int64_t truth = Truth(table.vintage, finest);
    EXPECT_EQ(table.cells[cell].value, truth);
    if (truth == 0) {
      EXPECT_FALSE(table.cells[cell].is_suppressed());
    }
    if (truth <= 0 || truth >= threshold) return;
    EXPECT_TRUE(table.cells[cell].is_suppressed()) << table.table.id << " cell " << cell;
    const Interval known = attack->Bounds(table.vintage, finest);
    EXPECT_LE(known.lower, 1 + kEpsilon) << table.table.id << " cell " << cell << " is " << truth;
    EXPECT_GE(known.upper, static_cast<double>(threshold - 1) - kEpsilon)
        << table.table.id << " cell " << cell << " is " << truth;
  }

  void ExpectChangesSafe(int64_t before, int64_t after, const Table& table,
                         int64_t threshold = 5) const {
    Attack attack(cube_, history_);
    for (size_t cell = 0; cell < CellCount(table); ++cell) {
      const std::vector<size_t> finest = FinestCells(cube_, table, cell);
      const int64_t change = Truth(after, finest) - Truth(before, finest);
      if (change == 0 || std::abs(change) >= threshold) continue;
      const Interval known = attack.ChangeBounds(before, after, finest);
      EXPECT_GE(known.upper - known.lower, static_cast<double>(threshold - 2) - kEpsilon)
          << table.id << " cell " << cell << " changed by " << change;
    }
  }

  const Cube& cube() const { return cube_; }
  const std::vector<class Release>& history() const { return history_; }

 private:
  const Cube cube_;
  std::vector<class Release> history_;
  std::map<int64_t, std::vector<int64_t>> counts_;
};

Suppression StateOf(const ReleasedTable& table, const Cube& cube,
                    const std::vector<std::string>& codes) {
  for (size_t cell = 0; cell < table.cells.size(); ++cell) {
    if (CellCodes(cube, table.table, cell) == codes) return table.cells[cell].suppression;
  }
  ADD_FAILURE() << "no such cell";
  return Suppression::kNone;
}

TEST(Disclosure, LeavesOutASmallCountAndShieldsItAgainstItsTotals) {
  Publisher publisher(CubeOf({3, 3}));
  const auto outcome = publisher.Release({20, 3, 17, 30, 40, 12, 9, 25, 31}, 1,
                                         {TableBy(publisher.cube(), {"A", "B"})});
  ASSERT_TRUE(outcome.ok()) << outcome.status();
  EXPECT_EQ(outcome->primary_count, 1u);
  // A row, a column and the corner: less shields nothing.
  EXPECT_EQ(outcome->secondary_count, 3u);
  EXPECT_EQ(StateOf(outcome->release.tables[0], publisher.cube(), {"A0", "B1"}),
            Suppression::kSmallCount);
  EXPECT_EQ(StateOf(outcome->release.tables[0], publisher.cube(), {"_T", "_T"}),
            Suppression::kNone);
  publisher.ExpectSafe();
}

TEST(Disclosure, TheAttackFindsACellThatOnlyItsOwnSuppressionHides) {
  // The attack itself is put to the test: a table without secondary suppression.
  const Cube cube = CubeOf({3});
  ReleasedTable table;
  table.table = TableBy(cube, {"A"});
  table.cells = {{3, Suppression::kSmallCount, 1, 4}, {7}, {9}, {19}};
  Release release;
  release.tables.push_back(table);
  Attack attack(cube, {release});
  const Interval known = attack.Bounds(0, {0});
  EXPECT_NEAR(known.lower, 3, kEpsilon);
  EXPECT_NEAR(known.upper, 3, kEpsilon);
}

TEST(Disclosure, ZeroStaysZeroAndIsToldFromSuppressed) {
  Publisher publisher(CubeOf({2, 3}));
  const auto outcome =
      publisher.Release({0, 2, 30, 12, 44, 0}, 1, {TableBy(publisher.cube(), {"A", "B"})});
  ASSERT_TRUE(outcome.ok()) << outcome.status();
  const ReleasedTable& table = outcome->release.tables[0];
  EXPECT_EQ(StateOf(table, publisher.cube(), {"A0", "B0"}), Suppression::kNone);
  EXPECT_EQ(StateOf(table, publisher.cube(), {"A1", "B2"}), Suppression::kNone);
  EXPECT_EQ(StateOf(table, publisher.cube(), {"A0", "B1"}), Suppression::kSmallCount);
  publisher.ExpectSafe();
}

TEST(Disclosure, TwoSmallCountsThatSumToTheirLeastAreShielded) {
  // 1 + 1 = 2: the total alone would tell both.
  Publisher publisher(CubeOf({4}));
  const auto outcome = publisher.Release({1, 1, 50, 60}, 1, {TableBy(publisher.cube(), {"A"})});
  ASSERT_TRUE(outcome.ok()) << outcome.status();
  EXPECT_EQ(outcome->secondary_count, 1u);
  publisher.ExpectSafe();
}

TEST(Disclosure, ShieldsAgainstAnotherTableOfTheSameCells) {
  Publisher publisher(CubeOf({3, 3, 2}));
  const std::vector<int64_t> counts = {12, 7, 2,  9, 30, 8,  15, 6, 22,
                                       11, 9, 40, 8, 0,  13, 14, 3, 21};
  const auto outcome = publisher.Release(
      counts, 1,
      {TableBy(publisher.cube(), {"A", "B"}), TableBy(publisher.cube(), {"B", "C"}),
       TableBy(publisher.cube(), {"A", "C"})});
  ASSERT_TRUE(outcome.ok()) << outcome.status();
  publisher.ExpectSafe();
}

TEST(Disclosure, ShieldsAgainstTablesReleasedBefore) {
  Publisher publisher(CubeOf({4, 3}));
  const std::vector<int64_t> counts = {12, 3, 20, 9, 30, 8, 15, 6, 22, 11, 9, 40};
  ASSERT_TRUE(publisher.Release(counts, 1, {TableBy(publisher.cube(), {"A"})}).ok());
  ASSERT_TRUE(publisher.Release(counts, 1, {TableBy(publisher.cube(), {"B"})}).ok());
  const auto outcome = publisher.Release(counts, 1, {TableBy(publisher.cube(), {"A", "B"})});
  ASSERT_TRUE(outcome.ok()) << outcome.status();
  // The margins are known for good: they cannot be taken back.
  EXPECT_EQ(StateOf(outcome->release.tables[0], publisher.cube(), {"A0", "_T"}),
            Suppression::kNone);
  publisher.ExpectSafe();
}

TEST(Disclosure, ProtectsWhatFollowsFromAGroupAndItsTotal) {
  // Nobody shows port A2 by itself, but all ports less (A0 and A1) are A2.
  Publisher publisher(CubeOf({3}));
  Table table;
  table.id = "GROUPS";
  table.axes.push_back({0, {{"AIR", {0, 1}}, {"_T", {0, 1, 2}}}});
  const auto outcome = publisher.Release({40, 25, 2}, 1, {table});
  ASSERT_TRUE(outcome.ok()) << outcome.status();
  Attack attack(publisher.cube(), publisher.history());
  const Interval known = attack.Bounds(1, {2});
  EXPECT_LE(known.lower, 1 + kEpsilon);
  EXPECT_GE(known.upper, 4 - kEpsilon);
}

TEST(Disclosure, RefusesWhatEarlierReleasesAlreadyTell) {
  Publisher publisher(CubeOf({3}));
  DisclosureRules loose;
  loose.threshold = 1;
  ASSERT_TRUE(publisher.Release({2, 30, 40}, 1, {TableBy(publisher.cube(), {"A"})}, loose).ok());
  DisclosureRules rules;
  rules.revision = true;
  const auto outcome = publisher.Release({2, 30, 40}, 1, {TableBy(publisher.cube(), {"A"})}, rules);
  EXPECT_EQ(outcome.status().code(), absl::StatusCode::kFailedPrecondition);
}

TEST(Disclosure, OnePersonMoreChangesNothingThatIsSeen) {
  Publisher publisher(CubeOf({3, 3}));
  std::vector<int64_t> counts = {20, 3, 17, 30, 40, 12, 9, 25, 31};
  const Table table = TableBy(publisher.cube(), {"A", "B"});
  const auto first = publisher.Release(counts, 1, {table});
  ASSERT_TRUE(first.ok()) << first.status();
  ++counts[4];
  const auto second = publisher.Release(counts, 2, {table});
  ASSERT_TRUE(second.ok()) << second.status();
  EXPECT_TRUE(second->held);
  ASSERT_EQ(second->release.tables.size(), 1u);
  for (size_t cell = 0; cell < CellCount(table); ++cell) {
    const ReleasedCell& before = first->release.tables[0].cells[cell];
    const ReleasedCell& after = second->release.tables[0].cells[cell];
    EXPECT_EQ(before.is_suppressed(), after.is_suppressed());
    if (!after.is_suppressed()) {
      EXPECT_EQ(before.value, after.value);
    }
  }
}

TEST(Disclosure, ARevisionHidesSmallChangesAmongLargeOnes) {
  Publisher publisher(CubeOf({3, 3}));
  std::vector<int64_t> counts = {20, 13, 17, 30, 40, 12, 19, 25, 31};
  const Table table = TableBy(publisher.cube(), {"A", "B"});
  ASSERT_TRUE(publisher.Release(counts, 1, {table}).ok());
  counts[0] += 60;
  counts[4] += 1;
  counts[8] += 45;
  DisclosureRules rules;
  rules.revision = true;
  const auto second = publisher.Release(counts, 2, {table}, rules);
  ASSERT_TRUE(second.ok()) << second.status();
  EXPECT_FALSE(second->held);
  EXPECT_EQ(StateOf(second->release.tables[0], publisher.cube(), {"A1", "B1"}),
            Suppression::kSmallChange);
  EXPECT_EQ(StateOf(second->release.tables[0], publisher.cube(), {"A0", "B0"}), Suppression::kNone);
  publisher.ExpectChangesSafe(1, 2, table);
}

TEST(Disclosure, WhatShieldedBeforeIsNotShownWhileItDoesNotChange) {
  Publisher publisher(CubeOf({4}));
  const Table table = TableBy(publisher.cube(), {"A"});
  const auto first = publisher.Release({3, 9, 8, 40}, 1, {table});
  ASSERT_TRUE(first.ok()) << first.status();
  // A cheaper shield appears, but the earlier one would tell the small count of the first release.
  const auto second = publisher.Release({3, 9, 8, 46}, 2, {table});
  ASSERT_TRUE(second.ok()) << second.status();
  EXPECT_FALSE(second->held);
  for (size_t cell = 0; cell < 3; ++cell) {
    EXPECT_EQ(first->release.tables[0].cells[cell].suppression,
              second->release.tables[0].cells[cell].suppression);
  }
}

TEST(Disclosure, MonthsAreShieldedAgainstTheirYear) {
  Cube cube = CubeOf({4, 3});
  cube.dimensions[0].id = "TIME_PERIOD";
  Publisher publisher(cube);
  const std::vector<int64_t> counts = {12, 6, 9, 8, 2, 14, 11, 7, 10, 9, 9, 13};
  ASSERT_TRUE(publisher.Release(counts, 1, {*MakeTable(cube, "YEAR", {"B"})}).ok());
  const auto months =
      publisher.Release(counts, 1, {*MakeTable(cube, "MONTHS", {"TIME_PERIOD", "B"})});
  ASSERT_TRUE(months.ok()) << months.status();
  publisher.ExpectSafe();
}

TEST(Disclosure, AMagnitudeOfFewContributorsIsLeftOut) {
  EXPECT_GT(DominanceMargin({900, 50, 30, 20}, {}), 0);
  EXPECT_EQ(DominanceMargin({900, 50, 30, 20}, {}), 90);
  EXPECT_EQ(DominanceMargin({100, 100, 100, 100, 100, 100}, {}), 0);
  EXPECT_EQ(DominanceMargin({}, {}), 0);
  EXPECT_GT(DominanceMargin({7}, {}), 0);

  Publisher publisher(CubeOf({3}));
  DisclosureRequest request;
  const std::vector<int64_t> costs = {1000, 800, 900};
  const std::vector<Release> none;
  request.cube = &publisher.cube();
  request.counts = costs;
  request.tables = {TableBy(publisher.cube(), {"A"})};
  request.dominated = {{{0, 0}, 90}};
  request.history = &none;
  request.rules.threshold = 1;
  const auto outcome = Protect(request);
  ASSERT_TRUE(outcome.ok()) << outcome.status();
  EXPECT_EQ(outcome->release.tables[0].cells[0].suppression, Suppression::kDominance);
  Attack attack(publisher.cube(), {outcome->release});
  const Interval known = attack.Bounds(0, {0});
  EXPECT_LE(known.lower, 910 + kEpsilon);
  EXPECT_GE(known.upper, 1090 - kEpsilon);
}

// Random tables, seeds in the test's name: sparse, dense, small and large counts, releases one
// after another, all of them attacked together.
class DisclosureProperty : public testing::TestWithParam<uint64_t> {};

uint64_t Draw(uint64_t* state, uint64_t bound) {
  *state = *state * 6364136223846793005ull + 1442695040888963407ull;
  return (*state >> 33) % bound;
}

TEST_P(DisclosureProperty, NoReleasedTableTellsASmallCount) {
  uint64_t state = GetParam() * 977 + 11;
  const std::vector<size_t> sizes = {2 + Draw(&state, 4), 2 + Draw(&state, 4), 1 + Draw(&state, 3)};
  Publisher publisher(CubeOf(sizes));
  const uint64_t scale = Draw(&state, 2) == 0 ? 9 : 60;
  std::vector<int64_t> counts(CellCount(publisher.cube()));
  for (int64_t& count : counts) {
    count = Draw(&state, 4) == 0 ? 0 : static_cast<int64_t>(Draw(&state, scale));
  }
  const std::vector<std::vector<std::string>> shapes = {{"A", "B"}, {"C"}, {"B", "C"},
                                                        {"A", "C"}, {"A"}, {"A", "B", "C"}};
  const size_t releases = 1 + Draw(&state, 3);
  for (size_t r = 0; r < releases; ++r) {
    std::vector<Table> tables;
    for (size_t t = 0; t <= Draw(&state, 2); ++t) {
      tables.push_back(TableBy(publisher.cube(), shapes[Draw(&state, shapes.size())]));
    }
    const auto outcome = publisher.Release(counts, 1, tables);
    // A later table may be impossible to protect; then nothing of it is released.
    if (!outcome.ok()) {
      EXPECT_EQ(outcome.status().code(), absl::StatusCode::kFailedPrecondition) << outcome.status();
    }
  }
  publisher.ExpectSafe();
}

TEST_P(DisclosureProperty, NoRevisionTellsASmallChange) {
  uint64_t state = GetParam() * 1237 + 5;
  Publisher publisher(CubeOf({2 + Draw(&state, 3), 2 + Draw(&state, 3)}));
  std::vector<int64_t> counts(CellCount(publisher.cube()));
  for (int64_t& count : counts) count = static_cast<int64_t>(Draw(&state, 70));
  const Table table = TableBy(publisher.cube(), {"A", "B"});
  if (!publisher.Release(counts, 1, {table}).ok()) return;
  for (int64_t& count : counts) {
    if (Draw(&state, 2) == 0) count += static_cast<int64_t>(Draw(&state, 30));
  }
  counts[Draw(&state, counts.size())] += 1;
  DisclosureRules rules;
  rules.revision = true;
  const auto outcome = publisher.Release(counts, 2, {table}, rules);
  if (!outcome.ok()) {
    EXPECT_EQ(outcome.status().code(), absl::StatusCode::kFailedPrecondition) << outcome.status();
    return;
  }
  publisher.ExpectSafe();
  publisher.ExpectChangesSafe(1, 2, table);
}

// Night after night: a few records more, now and then a large batch. Whatever is held and whatever
// is released, all of it together tells no small count and no small change of a released cell.
TEST_P(DisclosureProperty, NoSequenceOfNightsTellsAPerson) {
  uint64_t state = GetParam() * 7919 + 3;
  Publisher publisher(CubeOf({2 + Draw(&state, 3), 2 + Draw(&state, 3)}));
  std::vector<int64_t> counts(CellCount(publisher.cube()));
  for (int64_t& count : counts) {
    count = Draw(&state, 5) == 0 ? 0 : static_cast<int64_t>(Draw(&state, 40));
  }
  const Table table = TableBy(publisher.cube(), {"A", "B"});
  std::vector<int64_t> released = {0};
  ReleasedTable before;
  for (int64_t night = 1; night <= 4; ++night) {
    const auto outcome = publisher.Release(counts, night, {table});
    if (outcome.ok()) {
      const ReleasedTable& shown = outcome->release.tables[0];
      for (size_t cell = 0; cell < shown.cells.size(); ++cell) {
        EXPECT_NE(shown.cells[cell].suppression, Suppression::kSmallChange);
        if (before.cells.empty() || before.cells[cell].is_suppressed() ||
            shown.cells[cell].is_suppressed()) {
          continue;
        }
        const int64_t change = std::abs(shown.cells[cell].value - before.cells[cell].value);
        EXPECT_TRUE(change == 0 || change >= 5) << change;
      }
      before = shown;
    }
    if (outcome.ok() && !outcome->held) {
      if (released.size() > 1) publisher.ExpectChangesSafe(released.back(), night, table);
      released.push_back(night);
    }
    const bool batch = Draw(&state, 2) == 0;
    for (int64_t& count : counts) {
      if (batch && Draw(&state, 3) != 0) count += 20 + static_cast<int64_t>(Draw(&state, 30));
    }
    if (!batch) ++counts[Draw(&state, counts.size())];
  }
  publisher.ExpectSafe();
}

INSTANTIATE_TEST_SUITE_P(Seeds, DisclosureProperty, testing::Range<uint64_t>(0, 40));

}  // namespace
}  // namespace lintas::statistics

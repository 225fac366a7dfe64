#include "server/areas/statistics/figures/counters.h"

#include "gtest/gtest.h"

namespace lintas::statistics {
namespace {

using Codes = std::vector<uint16_t>;

Cube Movements() {
  return {"MIG_FLOW",
          "border crossing, admitted",
          "crossings",
          "none",
          "all travellers",
          {{"TIME_PERIOD", {"2026-01-01", "2026-01-02", "2026-01-03"}},
           {"SEX", {"F", "M", "_U"}},
           {"PORT", {"KHPNH", "KHPPT"}}}};
}

TEST(CellCounters, CountEachCombinationByItself) {
  CellCounters counters(Movements());
  ASSERT_TRUE(counters.Add(Codes{0, 1, 1}).ok());
  ASSERT_TRUE(counters.Add(Codes{0, 1, 1}).ok());
  ASSERT_TRUE(counters.Add(Codes{2, 0, 0}).ok());
  EXPECT_EQ(counters.count(CellIndex(Movements(), {0, 1, 1})), 2u);
  EXPECT_EQ(counters.count(CellIndex(Movements(), {2, 0, 0})), 1u);
  EXPECT_EQ(counters.count(CellIndex(Movements(), {1, 1, 1})), 0u);
}

TEST(CellCounters, ACorrectionMovesARecordAndAWithdrawalTakesItAway) {
  CellCounters counters(Movements(), true);
  ASSERT_TRUE(counters.Add(Codes{0, 1, 1}, 77).ok());
  ASSERT_TRUE(counters.Add(Codes{0, 1, 1}, 5).ok());
  // The traveller of key 77 was a woman.
  ASSERT_TRUE(counters.Subtract(Codes{0, 1, 1}, 77).ok());
  ASSERT_TRUE(counters.Add(Codes{0, 0, 1}, 77).ok());
  // The other one is withdrawn.
  ASSERT_TRUE(counters.Subtract(Codes{0, 1, 1}, 5).ok());
  CellCounters recount(Movements(), true);
  ASSERT_TRUE(recount.Add(Codes{0, 0, 1}, 77).ok());
  EXPECT_EQ(counters.FirstDifference(recount), counters.size());
}

TEST(CellCounters, SayWhereARecountDiffers) {
  CellCounters counters(Movements());
  CellCounters recount(Movements());
  ASSERT_TRUE(counters.Add(Codes{1, 0, 1}).ok());
  EXPECT_EQ(counters.FirstDifference(recount), CellIndex(Movements(), {1, 0, 1}));
}

TEST(CellCounters, RefuseToFallBelowZeroAndCodesThatAreNone) {
  CellCounters counters(Movements());
  EXPECT_EQ(counters.Subtract(Codes{0, 0, 0}).code(), absl::StatusCode::kDataLoss);
  EXPECT_EQ(counters.Add(Codes{0, 3, 0}).code(), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(counters.Add(Codes{0, 0}).code(), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(counters.FirstDifference(CellCounters(Movements())), counters.size());
}

TEST(CellCounters, ColumnsGiveWhatRowsGive) {
  constexpr size_t kRows = 10000;  // More than one block and not a multiple of it.
  std::vector<uint16_t> days(kRows);
  std::vector<uint8_t> sexes(kRows), ports(kRows);
  CellCounters by_row(Movements());
  uint32_t state = 1;
  for (size_t i = 0; i < kRows; ++i) {
    state = state * 1664525 + 1013904223;
    days[i] = static_cast<uint16_t>(i * 3 / kRows);
    sexes[i] = static_cast<uint8_t>((state >> 16) % 3);
    ports[i] = static_cast<uint8_t>((state >> 24) % 2);
    ASSERT_TRUE(by_row.Add(Codes{days[i], sexes[i], ports[i]}).ok());
  }
  CellCounters by_column(Movements());
  const CodeColumn columns[] = {
      {nullptr, days.data()}, {sexes.data(), nullptr}, {ports.data(), nullptr}};
  ASSERT_TRUE(by_column.AddColumns(columns, kRows).ok());
  EXPECT_EQ(by_column.FirstDifference(by_row), by_row.size());

  // Two halves merged are the whole.
  CellCounters first(Movements()), second(Movements());
  const CodeColumn rest[] = {{nullptr, days.data() + 6000},
                             {sexes.data() + 6000, nullptr},
                             {ports.data() + 6000, nullptr}};
  ASSERT_TRUE(first.AddColumns(columns, 6000).ok());
  ASSERT_TRUE(second.AddColumns(rest, kRows - 6000).ok());
  ASSERT_TRUE(first.Merge(second).ok());
  EXPECT_EQ(first.FirstDifference(by_row), by_row.size());
}

TEST(CellCounters, ColumnsWithACodeOutOfRangeAreRefused) {
  const std::vector<uint8_t> days = {0, 1}, sexes = {0, 9}, ports = {0, 0};
  CellCounters counters(Movements());
  const CodeColumn columns[] = {
      {days.data(), nullptr}, {sexes.data(), nullptr}, {ports.data(), nullptr}};
  EXPECT_EQ(counters.AddColumns(columns, 2).code(), absl::StatusCode::kInvalidArgument);
}

TEST(Cube, MustSayWhatItCounts) {
  EXPECT_TRUE(CheckCube(Movements()).ok());
  Cube cube = Movements();
  cube.duration_rule.clear();
  EXPECT_EQ(CheckCube(cube).code(), absl::StatusCode::kInvalidArgument);
  cube = Movements();
  cube.dimensions[1].codes.push_back("F");
  EXPECT_FALSE(CheckCube(cube).ok());
  cube = Movements();
  cube.dimensions[1].codes.push_back("_T");
  EXPECT_FALSE(CheckCube(cube).ok());
  cube = Movements();
  for (int i = 0; i < 5; ++i) {
    cube.dimensions.push_back(cube.dimensions[0]);
    cube.dimensions.back().id += std::to_string(i);
    for (int c = 0; c < 100; ++c) cube.dimensions.back().codes.push_back(std::to_string(c));
  }
  EXPECT_FALSE(CheckCube(cube).ok()) << "too many cells";
}

TEST(Cube, ATableNamesItsCellsInTheCubesOrder) {
  const Cube cube = Movements();
  const auto table = MakeTable(cube, "BY_PORT_AND_SEX", {"PORT", "SEX"});
  ASSERT_TRUE(table.ok());
  EXPECT_TRUE(CheckTable(cube, *table).ok());
  EXPECT_EQ(CellCount(*table), 3u * 4u);
  EXPECT_EQ(CellCodes(cube, *table, 1), (std::vector<std::string>{"_T", "M", "KHPNH"}));
  EXPECT_EQ(CellCodes(cube, *table, 11), (std::vector<std::string>{"_T", "_T", "_T"}));
  EXPECT_FALSE(MakeTable(cube, "X", {"AGE"}).ok());
}

}  // namespace
}  // namespace lintas::statistics

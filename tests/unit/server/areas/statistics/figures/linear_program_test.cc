#include "server/areas/statistics/figures/linear_program.h"

#include "gtest/gtest.h"

namespace lintas::statistics {
namespace {

TEST(LinearProgram, FindsTheLargestSum) {
  // x + 2y <= 14, 3x - y >= 0, x - y <= 2: the largest 3x + 4y is 34 at (6, 4).
  LinearProgram program;
  const size_t x = program.AddVariable(0, LinearProgram::kInfinity, 1);
  const size_t y = program.AddVariable(0, LinearProgram::kInfinity, 1);
  program.AddRow({{x, 1}, {y, 2}}, -LinearProgram::kInfinity, 14);
  program.AddRow({{x, 3}, {y, -1}}, 0, LinearProgram::kInfinity);
  program.AddRow({{x, 1}, {y, -1}}, -LinearProgram::kInfinity, 2);
  program.Prepare();
  ASSERT_TRUE(program.Maximise({{x, 3}, {y, 4}}));
  EXPECT_NEAR(program.value(x), 6, 1e-9);
  EXPECT_NEAR(program.value(y), 4, 1e-9);
  EXPECT_TRUE(program.Holds(1e-9));
}

TEST(LinearProgram, KeepsRowsWithoutRoomAsTheyAre) {
  LinearProgram program;
  const size_t x = program.AddVariable(0, LinearProgram::kInfinity, 3);
  const size_t y = program.AddVariable(0, LinearProgram::kInfinity, 4);
  const size_t z = program.AddVariable(1, LinearProgram::kInfinity, 5);
  program.AddRow({{x, 1}, {y, 1}, {z, 1}}, 12, 12);
  program.AddRow({{x, 2}, {y, 2}, {z, 2}}, 24, 24);  // Says the same once more.
  program.Prepare();
  ASSERT_TRUE(program.Maximise({{x, 1}}));
  EXPECT_NEAR(program.value(x), 11, 1e-9);
  EXPECT_TRUE(program.Holds(1e-9));
  program.Reset();
  EXPECT_EQ(program.value(x), 3);
  ASSERT_TRUE(program.Maximise({{x, -1}}));
  EXPECT_NEAR(program.value(x), 0, 1e-9);
  EXPECT_TRUE(program.Holds(1e-9));
}

TEST(LinearProgram, SaysWhenASumHasNoBound) {
  LinearProgram program;
  const size_t x = program.AddVariable(0, LinearProgram::kInfinity, 1);
  program.Prepare();
  EXPECT_FALSE(program.Maximise({{x, 1}}));
}

}  // namespace
}  // namespace lintas::statistics

#include "server/areas/statistics/figures/vintage.h"

#include "gtest/gtest.h"

namespace lintas::statistics {
namespace {

// The figures of R25: reports, June to August and June to November 2023.
CumulativeSeries Reports() {
  CumulativeSeries series("reports", "2023-06-05");
  EXPECT_TRUE(series.Publish("2023-08-31", {757, 100, ""}).ok());
  EXPECT_TRUE(series.Publish("2023-11-30", {935, 200, ""}).ok());
  return series;
}

TEST(CumulativeSeries, FallsOnlyByARevisionWithAReasonAndKeepsTheOldValue) {
  CumulativeSeries series = Reports();
  EXPECT_EQ(series.Publish("2023-11-30", {930, 300, ""}).code(),
            absl::StatusCode::kFailedPrecondition);
  EXPECT_EQ(series.Latest("2023-11-30"), 935);
  ASSERT_TRUE(series.Publish("2023-11-30", {930, 300, "five reports counted twice"}).ok());
  EXPECT_EQ(series.Latest("2023-11-30"), 930);
  ASSERT_EQ(series.periods().at("2023-11-30").size(), 2u);
  EXPECT_EQ(series.periods().at("2023-11-30")[0].value, 935);
}

TEST(CumulativeSeries, IsNeverBelowAnEarlierPeriod) {
  CumulativeSeries series = Reports();
  EXPECT_EQ(series.Publish("2023-12-31", {900, 300, ""}).code(),
            absl::StatusCode::kFailedPrecondition);
  EXPECT_TRUE(series.Publish("2023-12-31", {935, 300, ""}).ok());
  // Nor may a late figure stand above a later period's.
  EXPECT_EQ(series.Publish("2023-09-30", {940, 300, ""}).code(),
            absl::StatusCode::kFailedPrecondition);
}

TEST(CumulativeSeries, RefusesDaysThatAreNoneAndTurnedOrder) {
  CumulativeSeries series = Reports();
  EXPECT_EQ(series.Publish("2023-02-29", {1, 1, ""}).code(), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(series.Publish("2023-06-05", {1, 1, ""}).code(), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(series.Publish("2023-11-30", {936, 199, ""}).code(),
            absl::StatusCode::kInvalidArgument);
  EXPECT_FALSE(series.Latest("2024-01-31").has_value());
  EXPECT_TRUE(IsDay("2024-02-29"));
  EXPECT_FALSE(IsDay("2024-13-01"));
  EXPECT_FALSE(IsDay("24-01-01"));
}

TEST(Parts, NeverExceedTheirWhole) {
  // R11: 484 arrivals, 202 of them by charter.
  EXPECT_TRUE(CheckPart(202, 484).ok());
  EXPECT_EQ(CheckPart(485, 484).code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_TRUE(CheckParts({202, 282}, 484).ok());
  EXPECT_EQ(CheckParts({202, 283}, 484).code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_EQ(CheckPart(-1, 4).code(), absl::StatusCode::kInvalidArgument);
}

TEST(Growth, IsInPercentAndUndefinedFromZero) {
  EXPECT_DOUBLE_EQ(*GrowthPercent(100, 800), 700);  // R14: eightfold.
  EXPECT_DOUBLE_EQ(*GrowthPercent(200, 150), -25);
  EXPECT_FALSE(GrowthPercent(0, 5).has_value());
}

}  // namespace
}  // namespace lintas::statistics

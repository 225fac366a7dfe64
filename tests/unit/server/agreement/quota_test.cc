#include "server/agreement/quota.h"

#include <gtest/gtest.h>

#include "server/base/error.h"

namespace lintas {
namespace {

const absl::Time kNoon = absl::FromUnixSeconds(1772366400);  // On a whole minute and hour.

TEST(Quota, GivesTheLimitAndNoMore) {
  Quota quota("searches_per_minute", absl::Minutes(1));
  for (int i = 0; i < 3; ++i) EXPECT_TRUE(quota.Charge("a", 1, 3, kNoon).ok());
  const absl::Status status = quota.Charge("a", 1, 3, kNoon + absl::Seconds(20));
  EXPECT_EQ(status.code(), absl::StatusCode::kResourceExhausted);
  EXPECT_EQ(ErrorReason(status), "QUOTA");
  EXPECT_NE(std::string(status.message()).find("40 s"), std::string::npos);
  EXPECT_EQ(quota.Used("a", kNoon), 3u);
}

TEST(Quota, KeepsKeysApart) {
  Quota quota("q", absl::Minutes(1));
  EXPECT_TRUE(quota.Charge("a", 1, 1, kNoon).ok());
  EXPECT_TRUE(quota.Charge("b", 1, 1, kNoon).ok());
  EXPECT_FALSE(quota.Charge("a", 1, 1, kNoon).ok());
}

TEST(Quota, BeginsAnewInTheNextWindow) {
  Quota quota("q", absl::Minutes(1));
  EXPECT_TRUE(quota.Charge("a", 1, 1, kNoon).ok());
  EXPECT_FALSE(quota.Charge("a", 1, 1, kNoon + absl::Seconds(59)).ok());
  EXPECT_TRUE(quota.Charge("a", 1, 1, kNoon + absl::Seconds(60)).ok());
}

TEST(Quota, TakesAllOrNothing) {
  Quota quota("q", absl::Hours(24));
  EXPECT_TRUE(quota.Charge("a", 6, 10, kNoon).ok());
  EXPECT_FALSE(quota.Charge("a", 5, 10, kNoon).ok());
  EXPECT_TRUE(quota.Charge("a", 4, 10, kNoon).ok());
  EXPECT_FALSE(quota.Charge("b", UINT64_MAX, 10, kNoon).ok());
  EXPECT_FALSE(quota.Charge("a", UINT64_MAX, 10, kNoon).ok());
}

TEST(Quota, HoldsWhenTheLimitIsLoweredBelowWhatIsUsed) {
  Quota quota("q", absl::Minutes(1));
  EXPECT_TRUE(quota.Charge("a", 9, 10, kNoon).ok());
  EXPECT_FALSE(quota.Charge("a", 1, 5, kNoon).ok());
}

TEST(Quota, GivesNoSecondAllowanceWhenTheClockStepsBack) {
  Quota quota("q", absl::Minutes(1));
  EXPECT_TRUE(quota.Charge("a", 1, 1, kNoon).ok());
  EXPECT_FALSE(quota.Charge("a", 1, 1, kNoon - absl::Seconds(5)).ok());
}

TEST(Quota, IsNotShutForGoodByAClockThatWasFarAhead) {
  Quota quota("q", absl::Minutes(1));
  EXPECT_TRUE(quota.Charge("a", 1, 1, kNoon + absl::Hours(24 * 365)).ok());
  EXPECT_TRUE(quota.Charge("a", 1, 1, kNoon).ok());
}

TEST(Quota, RefusesMoreKeysThanItCanRemember) {
  Quota quota("q", absl::Minutes(1), 2);
  EXPECT_TRUE(quota.Charge("a", 1, 9, kNoon).ok());
  EXPECT_TRUE(quota.Charge("b", 1, 9, kNoon).ok());
  EXPECT_FALSE(quota.Charge("c", 1, 9, kNoon).ok());
  EXPECT_TRUE(quota.Charge("a", 1, 9, kNoon).ok());
  EXPECT_TRUE(quota.Charge("c", 1, 9, kNoon + absl::Minutes(1)).ok());
}

}  // namespace
}  // namespace lintas

#include "server/records/claims.h"

#include <gtest/gtest.h>

namespace lintas {
namespace {

TEST(Claims, AreHeldByOne) {
  Claims claims;
  EXPECT_TRUE(claims.TryClaim("a"));
  EXPECT_FALSE(claims.TryClaim("a"));
  EXPECT_TRUE(claims.TryClaim("b"));
  claims.Release({"a"});
  EXPECT_TRUE(claims.TryClaim("a"));
  EXPECT_FALSE(claims.TryClaim("b"));
}

TEST(Claims, CallTheWaitingWhenReleased) {
  Claims claims;
  int called = 0;
  claims.WhenFree("a", [&] { ++called; });
  EXPECT_EQ(called, 1);  // Nobody holds it.
  ASSERT_TRUE(claims.TryClaim("a"));
  claims.WhenFree("a", [&] { ++called; });
  EXPECT_EQ(called, 1);
  claims.Release({"a"});
  EXPECT_EQ(called, 2);
}

TEST(Claims, MayBeClaimedAgainFromTheCallback) {
  Claims claims;
  ASSERT_TRUE(claims.TryClaim("a"));
  bool again = false;
  claims.WhenFree("a", [&] { again = claims.TryClaim("a"); });
  claims.Release({"a", "never held"});
  EXPECT_TRUE(again);
  EXPECT_FALSE(claims.TryClaim("a"));
}

}  // namespace
}  // namespace lintas

#include "server/link/held_waits.h"

#include <gtest/gtest.h>

#include "server/base/error.h"

namespace lintas {
namespace {

class HeldWaitsTest : public testing::Test {
 protected:
  HeldWaits::Done Keep() {
    return [this](absl::Status status) { answers_.push_back(std::move(status)); };
  }

  TreeSize held_{5};
  const absl::Time start_ = absl::FromUnixSeconds(1'800'000'000);
  std::vector<absl::Status> answers_;
  HeldWaits waits_{[this] { return held_; }};
};

TEST_F(HeldWaitsTest, AnswersAtOnceWhatIsHeld) {
  waits_.Wait(Index(4), start_ + absl::Seconds(1), start_, Keep());
  ASSERT_EQ(answers_.size(), 1);
  EXPECT_TRUE(answers_[0].ok());
}

TEST_F(HeldWaitsTest, AnswersEachWhenItsEntryIsHeld) {
  waits_.Wait(Index(6), start_ + absl::Seconds(9), start_, Keep());
  waits_.Wait(Index(5), start_ + absl::Seconds(9), start_, Keep());
  waits_.Tick(start_);
  EXPECT_TRUE(answers_.empty());
  held_ = TreeSize(6);
  waits_.Tick(start_);
  EXPECT_EQ(answers_.size(), 1);
  held_ = TreeSize(7);
  waits_.Tick(start_);
  waits_.Tick(start_ + absl::Seconds(60));
  ASSERT_EQ(answers_.size(), 2);
  EXPECT_TRUE(answers_[0].ok() && answers_[1].ok());
}

TEST_F(HeldWaitsTest, GivesUpWhileTheCallerStillListens) {
  waits_.Wait(Index(5), start_ + absl::Seconds(3), start_, Keep());
  waits_.Tick(start_ + absl::Milliseconds(2499));
  EXPECT_TRUE(answers_.empty());
  waits_.Tick(start_ + absl::Milliseconds(2500));
  ASSERT_EQ(answers_.size(), 1);
  EXPECT_EQ(answers_[0].code(), absl::StatusCode::kDeadlineExceeded);
  EXPECT_EQ(ErrorReason(answers_[0]), "PARTNER_NOT_YET");
}

TEST_F(HeldWaitsTest, ACallWithoutADeadlineDoesNotWaitForever) {
  waits_.Wait(Index(5), absl::InfiniteFuture(), start_, Keep());
  waits_.Tick(start_ + kHeldWaitMax - absl::Seconds(1));
  EXPECT_TRUE(answers_.empty());
  waits_.Tick(start_ + kHeldWaitMax);
  EXPECT_EQ(answers_.size(), 1);
}

TEST_F(HeldWaitsTest, KeepsABoundedNumber) {
  for (size_t i = 0; i < kHeldWaitsMax; ++i) {
    waits_.Wait(Index(5), absl::InfiniteFuture(), start_, Keep());
  }
  EXPECT_TRUE(answers_.empty());
  waits_.Wait(Index(5), absl::InfiniteFuture(), start_, Keep());
  ASSERT_EQ(answers_.size(), 1);
  EXPECT_EQ(ErrorReason(answers_[0]), "PARTNER_NOT_YET");
}

TEST_F(HeldWaitsTest, AnAnswerMayWaitAgain) {
  waits_.Wait(Index(5), start_ + absl::Seconds(9), start_, [this](const absl::Status&) {
    waits_.Wait(Index(7), start_ + absl::Seconds(9), start_, Keep());
  });
  held_ = TreeSize(6);
  waits_.Tick(start_);
  EXPECT_TRUE(answers_.empty());
  held_ = TreeSize(8);
  waits_.Tick(start_);
  EXPECT_EQ(answers_.size(), 1);
}

}  // namespace
}  // namespace lintas

#include "server/admission/outward.h"

#include <gtest/gtest.h>

#include "server/admission/reasons.h"
#include "server/base/error.h"

namespace lintas {
namespace {

TEST(Outward, NotFoundIsOneAnswer) {
  const absl::Status plain = StatusToOutward(absl::NotFoundError("countries/idn/crossings/1"));
  const absl::Status reasoned = StatusToOutward(
      MakeError(absl::StatusCode::kNotFound, "RECORD_ERASED", "erased", {{"index", "7"}}));
  EXPECT_EQ(plain, reasoned);
  EXPECT_EQ(ErrorReason(plain), kNothingToShareReason);
  EXPECT_EQ(plain.message(), "nothing to share; this does not mean that no record exists");
}

TEST(Outward, WhatTheNodeItselfLacksIsSaid) {
  for (const char* reason : {"NO_CHECKPOINT", "NO_AGREEMENT"}) {
    EXPECT_EQ(ErrorReason(StatusToOutward(MakeError(absl::StatusCode::kNotFound, reason, "none"))),
              reason);
  }
}

TEST(Outward, OwnMistakesStayInTheLog) {
  for (const absl::Status& status :
       {absl::InternalError("/var/lib/x"), absl::UnknownError("/var/lib/x"),
        absl::DataLossError("/var/lib/x")}) {
    const absl::Status outward = StatusToOutward(status);
    EXPECT_EQ(outward.code(), absl::StatusCode::kInternal);
    EXPECT_EQ(std::string(outward.message()).find("/var"), std::string::npos);
  }
}

TEST(Outward, EverythingElsePasses) {
  const absl::Status fields = FieldsError({{"crossing.port", "PORT", "a port"}});
  EXPECT_EQ(StatusToOutward(fields), fields);
  EXPECT_TRUE(StatusToOutward(absl::OkStatus()).ok());
  const absl::Status conflict = absl::AbortedError("etag");
  EXPECT_EQ(StatusToOutward(conflict), conflict);
}

}  // namespace
}  // namespace lintas

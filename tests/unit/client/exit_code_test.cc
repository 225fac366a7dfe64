#include "client/exit_code.h"

#include <gtest/gtest.h>

#include <map>

#include "server/base/error.h"

namespace lintas::client {
namespace {

TEST(ExitCode, IsKnownForAll17Codes) {
  using Code = absl::StatusCode;
  const std::map<Code, int> expected = {{Code::kOk, 0},
                                        {Code::kCancelled, 6},
                                        {Code::kUnknown, 1},
                                        {Code::kInvalidArgument, 5},
                                        {Code::kDeadlineExceeded, 6},
                                        {Code::kNotFound, 3},
                                        {Code::kAlreadyExists, 7},
                                        {Code::kPermissionDenied, 4},
                                        {Code::kResourceExhausted, 4},
                                        {Code::kFailedPrecondition, 7},
                                        {Code::kAborted, 7},
                                        {Code::kOutOfRange, 5},
                                        {Code::kUnimplemented, 1},
                                        {Code::kInternal, 1},
                                        {Code::kUnavailable, 6},
                                        {Code::kDataLoss, 1},
                                        {Code::kUnauthenticated, 4}};
  ASSERT_EQ(expected.size(), 17u);
  for (const auto& [code, exit] : expected) {
    EXPECT_EQ(static_cast<int>(ExitCodeOf(code)), exit) << absl::StatusCodeToString(code);
  }
}

TEST(DescribeError, GivesOneLineForEachBadField) {
  const absl::Status status = FieldsError({{"crossing.port", "PORT", "a UN/LOCODE"},
                                           {"crossing.outcome", "REQUIRED", "what came of it"}});
  EXPECT_EQ(DescribeError(status, "t"),
            "crossing.port: PORT: a UN/LOCODE\ncrossing.outcome: REQUIRED: what came of it\n");
}

TEST(DescribeError, GivesMessageAndReasonOtherwise) {
  EXPECT_EQ(DescribeError(MakeError(absl::StatusCode::kPermissionDenied, "CASE_REQUIRED",
                                    "this purpose needs a case"),
                          "t"),
            "lintas: this purpose needs a case (CASE_REQUIRED)\n");
}

TEST(DescribeError, SaysTheSameForEverythingThatIsNotFound) {
  EXPECT_EQ(DescribeError(absl::NotFoundError("protected"), "t"),
            "nothing to share; this does not mean that no record exists\n");
}

TEST(DescribeError, ShowsTheTraceOfAFaultOnly) {
  EXPECT_EQ(DescribeError(absl::InternalError("x"), "abc"), "lintas: x\ntrace abc\n");
  EXPECT_EQ(DescribeError(absl::UnavailableError("x"), "abc"), "lintas: x\n");
}

}  // namespace
}  // namespace lintas::client

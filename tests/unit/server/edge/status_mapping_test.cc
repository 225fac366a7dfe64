#include "server/edge/status_mapping.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

#include "absl/strings/str_cat.h"
#include "google/rpc/error_details.pb.h"
#include "google/rpc/status.pb.h"
#include "server/base/error.h"

namespace lintas {
namespace {

constexpr char kDomain[] = "test.v1.TestService";
constexpr int kCodeCount = 17;

google::rpc::Status DetailsOf(const grpc::Status& status) {
  google::rpc::Status details;
  EXPECT_TRUE(details.ParseFromString(status.error_details()));
  return details;
}

template <typename Detail>
int CountOf(const google::rpc::Status& details, Detail* last) {
  int count = 0;
  for (const auto& any : details.details()) count += any.UnpackTo(last) ? 1 : 0;
  return count;
}

TEST(StatusMapping, GivesEachOfThe17CodesItsOwnAndBack) {
  std::set<int> seen;
  std::set<std::string> names;
  for (int code = 0; code < kCodeCount; ++code) {
    const auto ours = static_cast<absl::StatusCode>(code);
    const grpc::StatusCode wire = ToGrpcCode(ours);
    EXPECT_EQ(static_cast<int>(wire), code);  // Both follow google.rpc.Code.
    EXPECT_EQ(GrpcCodeName(wire), absl::StatusCodeToString(ours));
    seen.insert(wire);
    names.insert(std::string(GrpcCodeName(wire)));
    const absl::Status status =
        ours == absl::StatusCode::kOk ? absl::OkStatus() : MakeError(ours, "REASON", "text");
    const absl::Status back = FromGrpcStatus(ToGrpcStatus(status, kDomain));
    EXPECT_EQ(back.code(), ours);
    EXPECT_EQ(back.message(), status.message());
    EXPECT_EQ(ErrorReason(back), ErrorReason(status));
  }
  EXPECT_EQ(seen.size(), kCodeCount);
  EXPECT_EQ(names.size(), kCodeCount);
}

TEST(StatusMapping, NamesTheServiceInErrorInfo) {
  const grpc::Status status =
      ToGrpcStatus(MakeError(absl::StatusCode::kAborted, "STALE", "read again"), kDomain);
  google::rpc::ErrorInfo info;
  ASSERT_EQ(CountOf(DetailsOf(status), &info), 1);
  EXPECT_EQ(info.domain(), kDomain);
  EXPECT_EQ(info.reason(), "STALE");
}

TEST(StatusMapping, GivesRetryInfoWithUnavailableOnly) {
  for (int code = 1; code < kCodeCount; ++code) {
    const auto ours = static_cast<absl::StatusCode>(code);
    google::rpc::RetryInfo retry;
    EXPECT_EQ(CountOf(DetailsOf(ToGrpcStatus(MakeError(ours, "R", "t"), kDomain)), &retry),
              ours == absl::StatusCode::kUnavailable ? 1 : 0)
        << code;
  }
}

TEST(StatusMapping, KeepsTrailersSmallWhenManyFieldsAreBad) {
  std::vector<FieldViolation> violations;
  for (int i = 0; i < 2000; ++i) {
    violations.push_back({absl::StrCat("records[", i, "].name"), "REQUIRED", "a name is required"});
  }
  const grpc::Status status = ToGrpcStatus(FieldsError(violations), kDomain);
  EXPECT_LE(status.error_details().size(), kErrorDetailBytesMax);
  EXPECT_LE(status.error_message().size(), kErrorMessageBytesMax);
  google::rpc::BadRequest bad;
  ASSERT_EQ(CountOf(DetailsOf(status), &bad), 1);
  ASSERT_GT(bad.field_violations_size(), 10);
  EXPECT_EQ(bad.field_violations(0).field(), "records[0].name");
}

TEST(StatusMapping, TakesWhatTheLineSaysForUnavailable) {
  for (grpc::StatusCode code :
       {grpc::StatusCode::UNAVAILABLE, grpc::StatusCode::DEADLINE_EXCEEDED,
        grpc::StatusCode::CANCELLED, grpc::StatusCode::INTERNAL, grpc::StatusCode::UNKNOWN}) {
    EXPECT_EQ(FromGrpcStatus(grpc::Status(code, "")).code(), absl::StatusCode::kUnavailable);
  }
  EXPECT_EQ(FromGrpcStatus(grpc::Status(grpc::StatusCode::UNIMPLEMENTED, "")).code(),
            absl::StatusCode::kUnimplemented);
}

}  // namespace
}  // namespace lintas

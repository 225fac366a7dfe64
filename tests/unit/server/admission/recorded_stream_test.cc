#include "server/admission/recorded_stream.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "lintas/types/v1/types.pb.h"
#include "server/admission/admission.h"
#include "server/admission/reasons.h"
#include "server/base/error.h"
#include "server/crypto/os_random.h"
#include "tests/support/signed_agreement.h"
#include "tests/unit/server/admission/fake_access_log.h"

namespace lintas {
namespace {

using google::protobuf::Message;

class StoppedClock final : public Clock {
 public:
  absl::Time Now() override { return SigningDayForTest(); }
};

// Takes rows; refuses one of the year 1.
class RowTaker final : public StreamHandler {
 public:
  void OnMessage(std::unique_ptr<Message> message,
                 std::function<void(absl::Status)> ready) override {
    if (static_cast<const types::v1::PartialDate&>(*message).year() == 1) {
      return ready(absl::InvalidArgumentError("not a row"));
    }
    ++disclosed_.record_count;
    ready(absl::OkStatus());
  }
  void OnEnd(std::function<void(absl::Status)> finish) override { finish(absl::OkStatus()); }
  Disclosure disclosure() const override { return disclosed_; }

 private:
  Disclosure disclosed_;
};

class RecordedStreamTest : public testing::Test {
 protected:
  RecordedStreamTest() : admission_({"idn", {}}, &book_, &log_, random_.get(), &clock_) {
    const AgreementVersionPtr version = VersionForTest(DefaultAgreementForTest());
    book_.Adopt("idn", version);
    book_.Adopt("khm", version);
    Method method;
    method.full_name = "test.Service/Submit";
    method.operation = Operation::kSubmit;
    method.stream = [](const Call&, StreamWriter) { return std::make_unique<RowTaker>(); };
    admission_.Register(std::move(method));
  }

  // Null, and `refusal_`, if refused; null alone if nothing was said.
  std::unique_ptr<StreamHandler> Open(Role role = Role::kAgency) {
    std::unique_ptr<StreamHandler> handler;
    const Method& method = *admission_.Find("test.Service/Submit");
    admission_.OpenStream(
        method,
        admission_.Admit(*MakePrincipal("idn", role, "border"), method,
                         {"DATA_SUBMISSION", "", "", absl::InfiniteFuture()}, clock_.Now()),
        [](std::unique_ptr<Message>) {},
        [&](absl::StatusOr<std::unique_ptr<StreamHandler>> opened) {
          if (opened.ok())
            handler = *std::move(opened);
          else
            refusal_ = opened.status();
        });
    return handler;
  }
  static void Send(StreamHandler* handler, int year, std::function<void(absl::Status)> ready) {
    auto row = std::make_unique<types::v1::PartialDate>();
    row->set_year(year);
    handler->OnMessage(std::move(row), std::move(ready));
  }

  AgreementBook book_{"idn-khm", "idn", "khm"};
  FakeAccessLog log_;
  StoppedClock clock_;
  std::unique_ptr<Random> random_ = MakeOsRandom();
  Admission admission_;
  absl::Status refusal_, got_ = absl::UnknownError("nothing");
};

TEST_F(RecordedStreamTest, RecordsItsOpeningAndItsEndWithCounts) {
  auto handler = Open();
  ASSERT_NE(handler, nullptr);
  EXPECT_EQ(log_.entries.size(), 1u);
  for (int i = 0; i < 3; ++i) Send(handler.get(), 2000, [](const absl::Status&) {});
  handler->OnEnd([&](const absl::Status& status) { got_ = status; });
  EXPECT_TRUE(got_.ok());
  handler.reset();
  ASSERT_EQ(log_.entries.size(), 2u);
  EXPECT_EQ(log_.entries[1].code, absl::StatusCode::kOk);
  EXPECT_EQ(log_.entries[1].disclosure.record_count, 3u);
}

TEST_F(RecordedStreamTest, RecordsARefusal) {
  EXPECT_EQ(Open(Role::kOperator), nullptr);
  EXPECT_EQ(ErrorReason(refusal_), kOperationNotGranted);
  ASSERT_EQ(log_.entries.size(), 1u);
  EXPECT_EQ(log_.entries[0].reason, kOperationNotGranted);
}

TEST_F(RecordedStreamTest, DoesNotOpenBeforeItsEntryIsDurable) {
  log_.fail = true;
  EXPECT_EQ(Open(), nullptr);
  EXPECT_EQ(ErrorReason(refusal_), kAccessNotRecorded);
}

TEST_F(RecordedStreamTest, RecordsTheErrorThatEndsIt) {
  auto handler = Open();
  Send(handler.get(), 1, [&](const absl::Status& status) { got_ = status; });
  EXPECT_EQ(got_.code(), absl::StatusCode::kInvalidArgument);
  handler.reset();
  ASSERT_EQ(log_.entries.size(), 2u);
  EXPECT_EQ(log_.entries[1].code, absl::StatusCode::kInvalidArgument);
}

TEST_F(RecordedStreamTest, RecordsACutAsCancelled) {
  auto handler = Open();
  Send(handler.get(), 2000, [](const absl::Status&) {});
  handler.reset();
  ASSERT_EQ(log_.entries.size(), 2u);
  EXPECT_EQ(log_.entries[1].code, absl::StatusCode::kCancelled);
  EXPECT_EQ(log_.entries[1].disclosure.record_count, 1u);
}

TEST_F(RecordedStreamTest, EndsOnlyWhenItsLastEntryIsDurable) {
  auto handler = Open();
  log_.hold = true;
  handler->OnEnd([&](const absl::Status& status) { got_ = status; });
  EXPECT_EQ(got_.code(), absl::StatusCode::kUnknown);
  log_.Sync();
  EXPECT_TRUE(got_.ok());
}

}  // namespace
}  // namespace lintas

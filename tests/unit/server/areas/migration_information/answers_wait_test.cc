// P6: a write that is answered when the partner holds it.
#include <gtest/gtest.h>

#include "server/base/error.h"
#include "tests/support/migration_calls.h"

namespace lintas {
namespace {

using ledger::v1::EntryHeader;

class PartnerWaitTest : public testing::Test, protected MigrationCalls {
 protected:
  As Waiting(absl::Duration time = absl::Seconds(2)) const {
    As as = Officer();
    as.wait_for = "PARTNER";
    as.deadline = clock.now + time;
    return as;
  }
  uint64_t Written() const { return idn.node->ledgers().size(LedgerId::kExchange).value(); }
  uint64_t Held() const { return idn.node->exchange_server().held_size().value(); }
  // Both directions.
  void SetDown(bool down) { idn_line.faults.down = khm_line.faults.down = down; }
  static mi::CorrectCrossingRequest ThirdCountryOnly(const std::string& name,
                                                     const std::string& request_id) {
    mi::CorrectCrossingRequest request;
    *request.mutable_crossing() = MakeCrossing({{"MYS"}});
    request.mutable_crossing()->set_name(name);
    request.set_request_id(request_id);
    return request;
  }
  template <typename T>
  static void ExpectNotYet(const absl::StatusOr<T>& answer) {
    EXPECT_EQ(answer.status().code(), absl::StatusCode::kDeadlineExceeded);
    EXPECT_EQ(ErrorReason(answer.status()), "PARTNER_NOT_YET");
  }
};

TEST_F(PartnerWaitTest, AnswersWhenThePartnersCosignatureIsThere) {
  khm_line.faults.withhold_cosignature = true;
  mi::CreateCrossingRequest request;
  request.set_parent("countries/idn");
  *request.mutable_crossing() = MakeCrossing();
  request.set_request_id(NextRequestId());
  absl::optional<absl::Status> answer;
  Start(idn, "CreateCrossing", Waiting(absl::Seconds(20)), request,
        [&](absl::StatusOr<std::unique_ptr<google::protobuf::Message>> given) {
          answer = given.status();
        });
  Settle();
  // The partner has the entry; what it has not sent is its word for it.
  EXPECT_EQ(khm.node->ledgers().size(LedgerId::kReplica).value(), Written());
  EXPECT_LT(Held(), Written());
  EXPECT_FALSE(answer.has_value());
  khm_line.faults.withhold_cosignature = false;
  on_turn = [&] {
    if (answer) {
      EXPECT_EQ(Held(), Written());
    }
  };
  RunFor(absl::Seconds(8));
  ASSERT_TRUE(answer.has_value());
  EXPECT_TRUE(answer->ok()) << *answer;
}

TEST_F(PartnerWaitTest, EndsInTimeWithTheRecordDurableHere) {
  SetDown(true);
  const absl::Time begin = clock.now;
  const auto answer = Create(idn, MakeCrossing(), Waiting(absl::Seconds(5)));
  ExpectNotYet(answer);
  EXPECT_GT(clock.now - begin, absl::Seconds(4));
  EXPECT_LT(clock.now - begin, absl::Seconds(5));
  Reopen(&idn);
  EXPECT_EQ(Count(idn, ByDocument("X0000001")), 1);
}

TEST_F(PartnerWaitTest, ARepeatWaitsAgainAndWritesNothing) {
  SetDown(true);
  const std::string request_id = NextRequestId();
  ExpectNotYet(Create(idn, MakeCrossing(), Waiting(), request_id));
  ExpectNotYet(Create(idn, MakeCrossing(), Waiting(), request_id));
  SetDown(false);
  const auto answer = Create(idn, MakeCrossing(), Waiting(absl::Seconds(9)), request_id);
  ASSERT_TRUE(answer.ok()) << answer.status();
  EXPECT_TRUE(Get(khm, answer->name()).ok());
  EXPECT_EQ(idn.Entries(LedgerId::kExchange, EntryHeader::REVISION).size(), 1);
}

TEST_F(PartnerWaitTest, AWriteThatStaysHomeIsAnsweredAtOnce) {
  SetDown(true);
  const std::string request_id = NextRequestId();
  const absl::Time begin = clock.now;
  EXPECT_TRUE(Create(idn, MakeCrossing({{"MYS"}}), Waiting(), request_id).ok());
  EXPECT_TRUE(Create(idn, MakeCrossing({{"MYS"}}), Waiting(), request_id).ok());
  EXPECT_LT(clock.now - begin, absl::Seconds(1));
}

TEST_F(PartnerWaitTest, AChangeThatGoesHomeWaitsForItsRecalls) {  // W1
  const auto made = Create(idn, MakeCrossing());
  ASSERT_TRUE(made.ok()) << made.status();
  Settle();
  SetDown(true);
  const std::string request_id = NextRequestId();
  const mi::CorrectCrossingRequest request = ThirdCountryOnly(made->name(), request_id);
  ExpectNotYet(Call<mi::Crossing>(idn, "CorrectCrossing", Waiting(), request));
  EXPECT_EQ(idn.Entries(LedgerId::kExchange, EntryHeader::RECALL).size(), 1);
  SetDown(false);
  const auto answer =
      Call<mi::Crossing>(idn, "CorrectCrossing", Waiting(absl::Seconds(9)), request);
  ASSERT_TRUE(answer.ok()) << answer.status();
  EXPECT_EQ(Held(), Written());
  EXPECT_FALSE(Get(khm, made->name()).ok());
}

TEST_F(PartnerWaitTest, WithdrawalAndRecallWaitToo) {
  const auto made = Create(idn, MakeCrossing());
  ASSERT_TRUE(made.ok()) << made.status();
  Settle();
  SetDown(true);
  mi::WithdrawRecordRequest withdraw;
  withdraw.set_name(made->name());
  withdraw.set_reason("WRONG_FACT");
  withdraw.set_request_id(NextRequestId());
  ExpectNotYet(Call<mi::AnyRecord>(idn, "WithdrawRecord", Waiting(), withdraw));
  mi::RecallRecordRequest recall;
  recall.set_name(made->name());
  recall.set_reason("NOT_LAWFUL");
  recall.set_request_id(NextRequestId());
  ExpectNotYet(Call<mi::Recall>(idn, "RecallRecord", Waiting(), recall));
  SetDown(false);
  const auto answer = Call<mi::Recall>(idn, "RecallRecord", Waiting(absl::Seconds(9)), recall);
  ASSERT_TRUE(answer.ok()) << answer.status();
  EXPECT_EQ(Held(), Written());
}

TEST_F(PartnerWaitTest, OnlyAWriteOfOneRecordWaits) {
  const auto found = Find(idn, ByDocument("X0000001"), Waiting());
  EXPECT_EQ(found.status().code(), absl::StatusCode::kInvalidArgument);
  As somebody = Officer();
  somebody.wait_for = "EVERYBODY";
  EXPECT_EQ(Create(idn, MakeCrossing(), somebody).status().code(),
            absl::StatusCode::kInvalidArgument);
  EXPECT_TRUE(idn.Entries(LedgerId::kExchange, EntryHeader::REVISION).empty());
}

}  // namespace
}  // namespace lintas

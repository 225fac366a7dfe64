// P6 on the command line: `--wait-for-partner`.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <sstream>

#include "absl/strings/str_cat.h"
#include "client/commands/command_line.h"
#include "client/record.h"
#include "server/base/error.h"
#include "tests/unit/client/fake_transport.h"

namespace lintas::client {
namespace {

using google::protobuf::Message;
using testing::ElementsAre;
using testing::HasSubstr;

constexpr char kMigration[] = "/lintas.migration_information.v1.MigrationInformationService/";

// Notes of each call whether it asked to wait.
class NotingTransport final : public Transport {
 public:
  NotingTransport(std::vector<std::string>* calls, absl::Status answer)
      : calls_(calls), answer_(std::move(answer)) {}
  absl::Status Unary(const std::string& method, const CallHeaders& headers, absl::Duration,
                     const Message&, Message* response) override {
    // The record that a correction is made of.
    if (auto* any = dynamic_cast<AnyRecord*>(response)) any->mutable_crossing();
    calls_->push_back(absl::StrCat(method.substr(method.rfind('/') + 1),
                                   headers.wait_for_partner ? " waits" : ""));
    return headers.wait_for_partner ? answer_ : absl::OkStatus();
  }
  std::unique_ptr<SubmitStream> Submit(const CallHeaders&) override { return nullptr; }

 private:
  std::vector<std::string>* const calls_;
  const absl::Status answer_;
};

class WaitForPartnerTest : public testing::Test {
 protected:
  WaitForPartnerTest()
      : folder_(testing::TempDir() + "lintas_wait_for_partner_" +
                testing::UnitTest::GetInstance()->current_test_info()->name()) {
    std::filesystem::remove_all(folder_);
    environment_.out = &out_;
    environment_.err = &err_;
    environment_.folder = folder_;
    environment_.random = &random_;
    environment_.sleep = [](absl::Duration) {};
    environment_.connect = [this](const Profile&) -> absl::StatusOr<std::unique_ptr<Transport>> {
      return std::make_unique<NotingTransport>(&calls_, answer_);
    };
    Run({"profile", "add", "border", "--country", "khm", "--address", "a:1", "--certificate",
         "k.pem", "--ca", "ca.pem", "--purpose", "BORDER_CHECK"});
  }
  ~WaitForPartnerTest() override { std::filesystem::remove_all(folder_); }

  int Run(const std::vector<std::string>& arguments) {
    calls_.clear();
    err_.str("");
    return static_cast<int>(RunCommandLine(arguments, environment_));
  }

  const std::string folder_;
  std::ostringstream out_;
  std::ostringstream err_;
  CountingRandom random_;
  std::vector<std::string> calls_;
  absl::Status answer_;
  Environment environment_;
};

TEST_F(WaitForPartnerTest, OnlyTheWriteWaitsAndOnlyIfAsked) {
  const std::string name = "countries/khm/crossings/4f0c";
  EXPECT_EQ(Run({"migration", "correct", name, "--set", "port=KHPNH", "--wait-for-partner"}), 0);
  EXPECT_THAT(calls_, ElementsAre("GetRecord", "CorrectRecord waits"));
  EXPECT_EQ(Run({"migration", "withdraw", name, "--reason", "DUPLICATE", "--wait-for-partner"}), 0);
  EXPECT_THAT(calls_, ElementsAre("WithdrawRecord waits"));
  EXPECT_EQ(Run({"migration", "recall", name, "--reason", "DUPLICATE", "--wait-for-partner"}), 0);
  EXPECT_THAT(calls_, ElementsAre("RecallRecord waits"));
  EXPECT_EQ(Run({"migration", "withdraw", name, "--reason", "DUPLICATE"}), 0);
  EXPECT_THAT(calls_, ElementsAre("WithdrawRecord"));
}

TEST_F(WaitForPartnerTest, EndsAsUnavailableAndSaysWhatToDo) {
  answer_ = MakeError(absl::StatusCode::kDeadlineExceeded, "PARTNER_NOT_YET",
                      "durable here; the partner has not confirmed yet");
  EXPECT_EQ(Run({"migration", "withdraw", "countries/khm/crossings/4f0c", "--reason", "DUPLICATE",
                 "--wait-for-partner"}),
            6);
  EXPECT_THAT(calls_, ElementsAre("WithdrawRecord waits"));
  EXPECT_THAT(err_.str(), HasSubstr("(PARTNER_NOT_YET)\nnext: do not repeat it"));
}

}  // namespace
}  // namespace lintas::client

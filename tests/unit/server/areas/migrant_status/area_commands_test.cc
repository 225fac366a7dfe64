// `lintas status show` and `lintas status check` against a whole node, from the words that an
// officer types to the words that come back. All people are synthetic.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <sstream>

#include "client/commands/command_line.h"
#include "server/areas/migrant_status/area.h"
#include "tests/support/migration_calls.h"

namespace lintas {
namespace {

using google::protobuf::Message;
using testing::HasSubstr;

// Brings the client's calls to a node in this process, as the profile's officer.
class NodeTransport final : public client::Transport {
 public:
  NodeTransport(TwoNodes* nodes, NodeOnDisk* at, As as)
      : nodes_(nodes), at_(at), as_(std::move(as)) {}

  absl::Status Unary(const std::string& method, const client::CallHeaders& headers, absl::Duration,
                     const Message& request, Message* response) override {
    As as = as_;
    as.purpose = headers.purpose;
    as.case_id = headers.case_id;
    absl::optional<absl::StatusOr<std::unique_ptr<Message>>> answer;
    nodes_->Start(
        *at_, method.substr(1), as, request,
        [&](absl::StatusOr<std::unique_ptr<Message>> given) { answer.emplace(std::move(given)); });
    for (int i = 0; i < 2000 && !answer; ++i) nodes_->Turn();
    LINTAS_CHECK(answer.has_value());
    if (!answer->ok()) return answer->status();
    response->CopyFrom(***answer);
    return absl::OkStatus();
  }
  std::unique_ptr<client::SubmitStream> Submit(const client::CallHeaders&) override {
    return nullptr;
  }

 private:
  TwoNodes* const nodes_;
  NodeOnDisk* const at_;
  const As as_;
};

class StatusCommandTest : public testing::Test {
 protected:
  StatusCommandTest()
      : folder_(testing::TempDir() + "lintas_status_" +
                testing::UnitTest::GetInstance()->current_test_info()->name()) {
    std::filesystem::remove_all(folder_);
    std::filesystem::create_directories(folder_);
    environment_.out = &out_;
    environment_.err = &err_;
    environment_.folder = folder_;
    environment_.random = &random_;
    environment_.clock = &nodes_.clock;
    environment_.sleep = [](absl::Duration) {};
    environment_.connect =
        [this](const client::Profile&) -> absl::StatusOr<std::unique_ptr<client::Transport>> {
      return std::make_unique<NodeTransport>(&nodes_, at_, as_);
    };
    Run({"profile", "add", "desk", "--country", "khm", "--address", "a:1", "--certificate", "k.pem",
         "--ca", "ca.pem", "--purpose", "STATUS_DETERMINATION", "--case", "S-2026-7"});
  }
  ~StatusCommandTest() override { std::filesystem::remove_all(folder_); }

  int Run(const std::vector<std::string>& arguments) {
    out_.str("");
    err_.str("");
    return static_cast<int>(client::RunCommandLine(arguments, environment_));
  }
  void Enter(NodeOnDisk& at, const std::string& port, const absl::CivilDay& day,
             const std::string& number, const PersonForTest& person = {}) {
    mi::Crossing crossing = MakeCrossing(person, number);
    crossing.set_port(port);
    crossing.mutable_crossing_time()->set_seconds(
        absl::ToUnixSeconds(absl::FromCivil(day, absl::UTCTimeZone())));
    if (port == "KHPNH") {
      crossing.set_visa_class("T");
      crossing.set_visa_list_version("KHM-2024");
      crossing.set_permitted_until_date(absl::FormatCivilTime(day + 29));
    }
    const auto created = nodes_.Create(at, crossing);
    ASSERT_TRUE(created.ok()) << created.status();
  }

  MigrationCalls nodes_;
  NodeOnDisk* at_ = &nodes_.khm;
  As as_ = Officer();
  const std::string folder_;
  std::ostringstream out_, err_;
  CountingRandom random_{"status"};
  client::Environment environment_;
};

TEST_F(StatusCommandTest, ShowTellsBothCountriesWordsAndTheirGrounds) {
  Enter(nodes_.khm, "KHPNH", absl::CivilDay(2026, 1, 10), "X1234567");
  Enter(nodes_.idn, "IDCGK", absl::CivilDay(2026, 2, 20), "X1234567");
  nodes_.Settle();
  EXPECT_EQ(Run({"status", "show", "--passport", "X1234567", "--issuer", "IDN"}), 0) << err_.str();
  EXPECT_THAT(out_.str(), HasSubstr("IRREGULAR_BY_OVERSTAY"));
  EXPECT_THAT(out_.str(), HasSubstr("CONFLICT: RESIDENCE in khm"));
  EXPECT_EQ(Run({"status", "show", "--name", "Boedi Santoso Synthetica", "--born", "1990-05-17"}),
            0)
      << err_.str();
  EXPECT_THAT(out_.str(), HasSubstr("BOEDI ~ BUDI"));
  EXPECT_EQ(Run({"status", "show", "--passport", "Z9999999"}), 3);
  EXPECT_EQ(Run({"status", "show", "--name", "Budi"}), 5);
}

TEST_F(StatusCommandTest, ShowIsForAnAttacheWithACaseOfOwnNationals) {
  Enter(nodes_.khm, "KHPNH", absl::CivilDay(2026, 1, 10), "X1234567");
  nodes_.Settle();
  at_ = &nodes_.idn;
  as_ = Attache("");
  EXPECT_EQ(Run({"--purpose", "CONSULAR_PROTECTION", "status", "show", "--passport", "X1234567"}),
            0)
      << err_.str();
  EXPECT_EQ(Run({"--purpose", "CONSULAR_PROTECTION", "status", "show", "--national", "317"}), 5);
  const std::string list = folder_ + "/list.csv";
  std::ofstream(list) << "passport\nX1234567\n";
  EXPECT_EQ(Run({"--purpose", "CONSULAR_PROTECTION", "status", "check", list}), 4);
}

TEST_F(StatusCommandTest, CheckTakesAListThroughTheNode) {
  const std::string list = folder_ + "/list.csv";
  std::ofstream file(list);
  file << "no,document_number,document_issuer,name,birth_date\n";
  for (int i = 0; i < 300; ++i) {
    const std::string number = absl::StrCat("X", 2000000 + i);
    // Of three lines, one stayed too long, one is within, one is not on record.
    if (i % 3 < 2) {
      Enter(nodes_.khm, "KHPNH", absl::CivilDay(2026, 1, i % 3 == 0 ? 10 : 31), number);
    }
    file << i + 1 << "," << number << ",IDN,,\n";
  }
  file.close();
  EXPECT_EQ(Run({"status", "check", list}), 0) << err_.str();
  EXPECT_THAT(out_.str(), testing::ContainsRegex("REGULARITY +khm +IRREGULAR_BY_OVERSTAY +100\n"));
  EXPECT_THAT(out_.str(), testing::ContainsRegex("REGULARITY +khm +REGULAR +100\n"));
  EXPECT_THAT(out_.str(), testing::ContainsRegex("gap +NOTHING_TO_SHARE +100\n"));
  EXPECT_THAT(out_.str(), HasSubstr("300 lines on 2026-03-01, 300 to screen first"));
}

}  // namespace
}  // namespace lintas

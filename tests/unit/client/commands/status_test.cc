#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <sstream>

#include "absl/strings/str_cat.h"
#include "client/commands/command_line.h"
#include "client/file.h"
#include "lintas/migrant_status/v1/migrant_status.pb.h"
#include "server/base/error.h"
#include "tests/unit/client/fake_transport.h"

namespace lintas::client {
namespace {

namespace ms = migrant_status::v1;
using google::protobuf::Message;
using testing::HasSubstr;
using testing::Not;

class StatusCommandsTest : public testing::Test {
 protected:
  StatusCommandsTest()
      : folder_(testing::TempDir() + "lintas_status_" +
                testing::UnitTest::GetInstance()->current_test_info()->name()) {
    std::filesystem::remove_all(folder_);
    std::filesystem::create_directories(folder_);
    environment_.out = &out_;
    environment_.err = &err_;
    environment_.folder = folder_;
    environment_.random = &random_;
    environment_.sleep = [](absl::Duration) {};
    environment_.connect = [this](const Profile&) -> absl::StatusOr<std::unique_ptr<Transport>> {
      auto transport = std::make_unique<FakeTransport>();
      transport->answers = answers_;
      return transport;
    };
    Run({"profile", "add", "desk", "--country", "khm", "--address", "a:1", "--certificate", "k.pem",
         "--ca", "ca.pem", "--purpose", "STATUS_DETERMINATION"});
    On("CheckStatus", [this](const Message& request, Message* response) {
      return Check(static_cast<const ms::CheckStatusRequest&>(request),
                   static_cast<ms::CheckStatusResponse*>(response));
    });
  }
  ~StatusCommandsTest() override { std::filesystem::remove_all(folder_); }

  void On(const std::string& method, FakeTransport::Answer answer) {
    answers_["/lintas.migrant_status.v1.StatusService/" + method] = std::move(answer);
  }
  int Run(const std::vector<std::string>& arguments) {
    out_.str("");
    err_.str("");
    return static_cast<int>(RunCommandLine(arguments, environment_));
  }
  // A node that breaks the line at `break_at_` once, and answers each line by its document number.
  absl::Status Check(const ms::CheckStatusRequest& request, ms::CheckStatusResponse* response) {
    pages_.push_back(request.lines_size());
    days_.push_back(request.at_date());
    for (const auto& line : request.lines()) {
      if (line.line_number() == break_at_) return absl::UnavailableError("Socket closed");
      auto* result = response->add_results();
      result->set_line_number(line.line_number());
      if (line.person().document_number() == "BAD") {
        result->add_gaps(ms::LineResult::INVALID_LINE);
        result->add_violations()->set_rule("TOO_LONG");
        continue;
      }
      result->set_screen_first(true);
      result->add_screen_reasons(ms::LineResult::IRREGULAR_SITUATION);
      auto* axis = result->add_axes();
      axis->set_axis(ms::AxisStatus::REGULARITY);
      axis->set_host_country("khm");
      auto* finding = axis->add_findings();
      finding->set_owner_country("khm");
      finding->set_value(ms::Finding::IRREGULAR_BY_OVERSTAY);
      finding->set_since_date("2026-02-09");
    }
    response->set_at_date("2026-03-01");
    return absl::OkStatus();
  }
  std::string WriteList(int rows, const std::string& last = "") {
    const std::string path = folder_ + "/list.csv";
    std::ofstream out(path);
    out << "no,passport,issuer\n";
    for (int i = 1; i <= rows; ++i) out << i << ",X" << 1000000 + i << ",IDN\n";
    out << last;
    return path;
  }

  const std::string folder_;
  std::ostringstream out_, err_;
  CountingRandom random_;
  std::map<std::string, FakeTransport::Answer> answers_;
  Environment environment_;
  uint64_t break_at_ = 0;
  std::vector<int> pages_;
  std::vector<std::string> days_;
};

ms::GetStatusResponse OnePerson() {
  ms::GetStatusResponse response;
  response.set_at_date("2026-03-01");
  auto* person = response.add_persons();
  person->set_reference("countries/khm/crossings/1");
  auto* identity = person->add_identities();
  identity->set_owner_country("khm");
  identity->mutable_person()->add_names()->set_given_name("BUDI\x1b[2J");
  person->mutable_match()->set_found_by("DOCUMENT");
  person->mutable_match()->add_reasons("document number equal");
  person->mutable_match()->add_missing("name");
  auto* axis = person->add_axes();
  axis->set_axis(ms::AxisStatus::RESIDENCE);
  axis->set_host_country("khm");
  axis->set_conflict(true);
  for (const char* owner : {"khm", "idn"}) {
    auto* finding = axis->add_findings();
    finding->set_owner_country(owner);
    finding->set_value(owner == std::string("khm") ? ms::Finding::VISITOR : ms::Finding::NOT_THERE);
    finding->mutable_rule()->set_code("RESIDENCE");
    finding->mutable_rule()->set_version(1);
    finding->add_evidence_names(absl::StrCat("countries/", owner, "/crossings/1"));
  }
  return response;
}

TEST_F(StatusCommandsTest, ShowPutsBothCountriesSideBySide) {
  On("GetStatus", [](const Message& request, Message* response) {
    const auto& asked = static_cast<const ms::GetStatusRequest&>(request);
    EXPECT_EQ(asked.person().document_number(), "X1");
    EXPECT_EQ(asked.at_date(), "2026-03-01");
    static_cast<ms::GetStatusResponse&>(*response) = OnePerson();
    return absl::OkStatus();
  });
  EXPECT_EQ(Run({"status", "show", "--passport", "X1", "--at", "2026-03-01"}), 0);
  EXPECT_THAT(out_.str(), HasSubstr("CONFLICT: RESIDENCE in khm"));
  EXPECT_THAT(out_.str(), HasSubstr("NOT_THERE"));
  EXPECT_THAT(out_.str(), HasSubstr("not compared: name"));
  EXPECT_THAT(out_.str(), HasSubstr("on countries/idn/crossings/1"));
  EXPECT_THAT(out_.str(), HasSubstr("an officer decides and signs"));
  EXPECT_THAT(out_.str(), Not(HasSubstr("\x1b")));
}

TEST_F(StatusCommandsTest, ShowOfNobodyIsNothingToShare) {
  On("GetStatus", [](const Message&, Message*) { return absl::OkStatus(); });
  EXPECT_EQ(Run({"status", "show", "--passport", "X1"}), 3);
  EXPECT_EQ(out_.str(), "nothing to share; this does not mean that no record exists\n");
  EXPECT_EQ(Run({"status", "show"}), 2);
}

TEST_F(StatusCommandsTest, CheckGivesEachRowBackWithFindingsBehindIt) {
  const std::string list = WriteList(250);
  EXPECT_EQ(Run({"status", "check", list}), 0) << err_.str();
  EXPECT_THAT(pages_, testing::ElementsAre(100, 100, 50));
  EXPECT_THAT(out_.str(), HasSubstr("IRREGULAR_BY_OVERSTAY  250"));
  EXPECT_THAT(out_.str(), HasSubstr("250 lines on 2026-03-01, 250 to screen first"));
  const std::string written = *ReadFile(list + ".status.csv");
  EXPECT_THAT(written, HasSubstr("no,passport,issuer,residence,regularity,labour,conflict,gaps,"
                                 "screen_first,screen_reasons,reference\r\n"));
  EXPECT_THAT(written, HasSubstr("\n250,X1000250,IDN,,khm IRREGULAR_BY_OVERSTAY since 2026-02-09 "
                                 "(says khm),,no,,yes,IRREGULAR_SITUATION,\r\n"));
  const auto permissions = std::filesystem::status(list + ".status.csv").permissions();
  EXPECT_EQ(permissions & std::filesystem::perms::others_all, std::filesystem::perms::none);
}

TEST_F(StatusCommandsTest, CheckGoesOnAfterABreakAndWritesEachRowOnce) {
  const std::string list = WriteList(250);
  ASSERT_EQ(Run({"status", "check", list, "--out", folder_ + "/whole.csv"}), 0);
  break_at_ = 150;
  EXPECT_EQ(Run({"status", "check", list, "--out", folder_ + "/broken.csv"}), 6);
  EXPECT_THAT(err_.str(), HasSubstr("the same command goes on where it stopped"));
  // Half a row that a crash left behind is cut off.
  std::ofstream(folder_ + "/broken.csv", std::ios::app) << "101,X10";
  break_at_ = 0;
  pages_.clear();
  days_.clear();
  EXPECT_EQ(Run({"status", "check", list, "--out", folder_ + "/broken.csv"}), 0);
  EXPECT_THAT(err_.str(), HasSubstr("resuming after row 100"));
  EXPECT_THAT(pages_, testing::ElementsAre(100, 50));
  EXPECT_EQ(days_[0], "2026-03-01");  // The day of the first page, over the break.
  EXPECT_THAT(out_.str(), HasSubstr("250 lines on 2026-03-01"));
  EXPECT_EQ(*ReadFile(folder_ + "/broken.csv"), *ReadFile(folder_ + "/whole.csv"));
}

TEST_F(StatusCommandsTest, CheckEndsWithFiveIfALineCouldNotBeLookedUp) {
  EXPECT_EQ(Run({"status", "check", WriteList(2, "3,BAD,IDN\n")}), 5);
  EXPECT_THAT(out_.str(), HasSubstr("1 that could not be looked up"));
  EXPECT_THAT(*ReadFile(folder_ + "/list.csv.status.csv"), HasSubstr("INVALID_LINE; TOO_LONG"));
}

TEST_F(StatusCommandsTest, CheckRefusesWhatIsNoList) {
  EXPECT_EQ(Run({"status", "check", folder_ + "/none.csv"}), 5);
  EXPECT_EQ(Run({"status", "check", WriteList(1), "--columns", "pasport=x"}), 5);
  EXPECT_THAT(err_.str(), HasSubstr("FIELD_COLUMN"));
}

TEST_F(StatusCommandsTest, CheckOfALongListIsDoneInPages) {
  EXPECT_EQ(Run({"status", "check", WriteList(15000)}), 0);
  EXPECT_EQ(pages_.size(), 150u);
  EXPECT_THAT(out_.str(), HasSubstr("15,000 lines"));
  // Nothing is left of the state.
  EXPECT_TRUE(std::filesystem::is_empty(folder_ + "/checks"));
}

}  // namespace
}  // namespace lintas::client

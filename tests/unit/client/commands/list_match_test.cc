// lintas migration match, case answer, institution: what reaches the node and what people read.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <sstream>

#include "client/commands/command_line.h"
#include "lintas/institutions_policy/v1/institutions_policy.pb.h"
#include "lintas/migration_information/v1/list_match.pb.h"
#include "lintas/procedure/v1/procedure.pb.h"
#include "server/base/clock.h"
#include "server/base/error.h"
#include "tests/unit/client/fake_transport.h"

namespace lintas::client {
namespace {

using google::protobuf::Message;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::SizeIs;
namespace mi = migration_information::v1;
namespace pv = procedure::v1;
namespace iv = institutions_policy::v1;

class StoppedClock final : public Clock {
 public:
  absl::Time Now() override { return absl::FromUnixSeconds(1'790'000'000); }
};

class OfficerCommandsTest : public testing::Test {
 protected:
  OfficerCommandsTest()
      : folder_(testing::TempDir() + "lintas_officer_" +
                testing::UnitTest::GetInstance()->current_test_info()->name()) {
    std::filesystem::remove_all(folder_);
    std::filesystem::create_directories(folder_);
    environment_.out = &out_;
    environment_.err = &err_;
    environment_.folder = folder_;
    environment_.random = &random_;
    environment_.clock = &clock_;
    environment_.sleep = [](absl::Duration) {};
    environment_.connect = [this](const Profile&) -> absl::StatusOr<std::unique_ptr<Transport>> {
      auto transport = std::make_unique<FakeTransport>();
      transport->answers = answers_;
      return transport;
    };
    Run({"profile", "add", "desk", "--country", "idn", "--address", "a:1", "--certificate", "k.pem",
         "--ca", "ca.pem", "--purpose", "MIGRATION_MANAGEMENT"});
  }
  ~OfficerCommandsTest() override { std::filesystem::remove_all(folder_); }

  std::string File(const std::string& name, const std::string& content) {
    const std::string path = folder_ + "/" + name;
    std::ofstream(path) << content;
    return path;
  }
  int Run(const std::vector<std::string>& arguments) {
    out_.str("");
    err_.str("");
    return static_cast<int>(RunCommandLine(arguments, environment_));
  }

  const std::string folder_;
  std::ostringstream out_, err_;
  CountingRandom random_;
  StoppedClock clock_;
  std::map<std::string, FakeTransport::Answer> answers_;
  Environment environment_;
};

constexpr char kOpen[] = "/lintas.procedure.v1.ProcedureService/OpenProcedure";
constexpr char kPropose[] = "/lintas.procedure.v1.ProcedureService/ProposeAnswer";
constexpr char kTake[] = "/lintas.procedure.v1.ProcedureService/TakeStep";

TEST_F(OfficerCommandsTest, AListGoesOutWithEveryIdentifierThatItHas) {
  mi::ListMatch sent;
  answers_[kOpen] = [&](const Message& message, Message* response) {
    const auto& request = static_cast<const pv::OpenProcedureRequest&>(message);
    EXPECT_EQ(request.procedure(), "list_match");
    EXPECT_EQ(request.step(), "ASK_URGENT");
    EXPECT_TRUE(request.content().UnpackTo(&sent));
    static_cast<pv::Procedure*>(response)->set_name("countries/idn/procedures/1");
    return absl::OkStatus();
  };
  const std::string list = File("group.csv",
                                "document_number,document_issuer,name,birth_date,nationality\n"
                                "X1,IDN,,,IDN\n,,Budi Santoso,1990-05-17,IDN KHM\n");
  ASSERT_EQ(Run({"migration", "match", list, "--why", "GROUP_DEPARTURE", "--urgent"}), 0)
      << err_.str();
  ASSERT_THAT(sent.people(), SizeIs(2));
  EXPECT_EQ(sent.people(0).document().number(), "X1");
  EXPECT_FALSE(sent.people(1).has_document());
  EXPECT_EQ(sent.people(1).person_name(), "Budi Santoso");
  EXPECT_THAT(sent.people(1).nationalities(), ElementsAre("IDN", "KHM"));
  EXPECT_EQ(sent.justification(), "GROUP_DEPARTURE");
  EXPECT_THAT(out_.str(), HasSubstr("countries/idn/procedures/1"));
}

TEST_F(OfficerCommandsTest, AListThatCannotBeAskedAboutIsRefusedHere) {
  const std::string nobody = File("none.csv", "document_number,nationality\n");
  EXPECT_EQ(Run({"migration", "match", nobody, "--why", "X"}), 5);
  EXPECT_THAT(err_.str(), HasSubstr("LIST_SIZE"));
  const std::string nameless = File("wrong.csv", "name,nationality\nA,IDN\n");
  EXPECT_EQ(Run({"migration", "match", nameless, "--why", "X"}), 5);
  EXPECT_THAT(err_.str(), HasSubstr("MISSING_COLUMNS"));
  std::string many = "document_number,nationality\n";
  for (int i = 0; i < 501; ++i) many += "X1,IDN\n";
  EXPECT_EQ(Run({"migration", "match", File("many.csv", many), "--why", "X"}), 5);
}

TEST_F(OfficerCommandsTest, AnAnswerIsShownAndSentOnlyWhenTold) {
  answers_[kPropose] = [](const Message&, Message* response) {
    auto* proposed = static_cast<pv::ProposedAnswer*>(response);
    proposed->set_step("ANSWER");
    mi::ListMatchAnswer answer;
    answer.add_lines()->set_line(7);
    proposed->mutable_content()->PackFrom(answer);
    proposed->add_record_names("countries/idn/crossings/1");
    proposed->set_etag("khm:4");
    return absl::OkStatus();
  };
  int taken = 0;
  answers_[kTake] = [&](const Message& message, Message*) {
    const auto& request = static_cast<const pv::TakeStepRequest&>(message);
    EXPECT_EQ(request.step(), "ANSWER");
    EXPECT_EQ(request.etag(), "khm:4");
    ++taken;
    return absl::OkStatus();
  };
  ASSERT_EQ(Run({"case", "answer", "countries/khm/procedures/1"}), 0) << err_.str();
  EXPECT_THAT(out_.str(), HasSubstr("lines[0].line"));
  EXPECT_THAT(out_.str(), HasSubstr("countries/idn/crossings/1"));
  EXPECT_EQ(taken, 0);
  const std::string told = out_.str();
  const size_t at = told.find("--send ");
  ASSERT_NE(at, std::string::npos) << told;
  const std::string digest = told.substr(at + 7, 16);
  // What has changed since is not sent.
  EXPECT_EQ(Run({"case", "answer", "countries/khm/procedures/1", "--send", std::string(16, '0')}),
            7);
  EXPECT_EQ(taken, 0);
  ASSERT_EQ(Run({"case", "answer", "countries/khm/procedures/1", "--send", digest}), 0);
  EXPECT_EQ(taken, 1);
}

TEST_F(OfficerCommandsTest, AnInstitutionIsEnteredAndCorrectedFromWhatShowWrote) {
  iv::Institution held;
  const std::string service = "/lintas.institutions_policy.v1.InstitutionsPolicyService/";
  answers_[service + "CreateInstitution"] = [&](const Message& message, Message* response) {
    const auto& request = static_cast<const iv::CreateInstitutionRequest&>(message);
    EXPECT_EQ(request.parent(), "countries/idn");
    held = request.institution();
    held.set_name("countries/idn/institutions/1");
    held.mutable_meta()->set_etag("e1");
    static_cast<iv::Institution*>(response)->CopyFrom(held);
    return absl::OkStatus();
  };
  answers_[service + "GetInstitution"] = [&](const Message&, Message* response) {
    static_cast<iv::Institution*>(response)->CopyFrom(held);
    return absl::OkStatus();
  };
  std::string etag;
  answers_[service + "CorrectInstitution"] = [&](const Message& message, Message* response) {
    const auto& request = static_cast<const iv::CorrectInstitutionRequest&>(message);
    etag = request.etag();
    EXPECT_FALSE(request.institution().has_meta());
    static_cast<iv::Institution*>(response)->CopyFrom(request.institution());
    return absl::OkStatus();
  };
  const std::string file =
      File("gdi.json", R"({"state":"IDN","code":"DGI","title":"Immigration"})");
  ASSERT_EQ(Run({"institution", "add", file}), 0) << err_.str();
  ASSERT_EQ(Run({"--output", "json", "institution", "show", "countries/idn/institutions/1"}), 0);
  const std::string shown = File("shown.json", out_.str());
  ASSERT_EQ(Run({"institution", "correct", shown}), 0) << err_.str();
  EXPECT_EQ(etag, "e1");
  EXPECT_EQ(Run({"institution", "add", File("bad.json", "not json")}), 5);
}

}  // namespace
}  // namespace lintas::client

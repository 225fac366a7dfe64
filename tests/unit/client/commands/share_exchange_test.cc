// migration export, share preview, link pause and resume, completion: what a person sees of them.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <sstream>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "client/commands/command_line.h"
#include "client/file.h"
#include "client/record.h"
#include "server/base/error.h"
#include "tests/unit/client/fake_transport.h"

namespace lintas::client {
namespace {

using google::protobuf::Message;
using migration_information::v1::ListRecordsRequest;
using migration_information::v1::ListRecordsResponse;
using migration_information::v1::RecordMeta;
using testing::HasSubstr;
using testing::Not;

constexpr char kList[] = "/lintas.migration_information.v1.MigrationInformationService/ListRecords";
constexpr char kNode[] = "/lintas.node.v1.NodeService/";
constexpr char kAgreement[] = LINTAS_SOURCE_DIR "/deploy/agreement/default.textproto";

class StillClock : public Clock {
 public:
  absl::Time Now() override { return absl::FromUnixSeconds(1'772'341'929); }
};

class ExchangeFilesTest : public testing::Test {
 protected:
  ExchangeFilesTest()
      : folder_(testing::TempDir() + "lintas_exchange_files_" +
                testing::UnitTest::GetInstance()->current_test_info()->name()) {
    std::filesystem::remove_all(folder_);
    std::filesystem::create_directories(folder_);
    environment_.out = &out_;
    environment_.err = &err_;
    environment_.folder = folder_;
    environment_.clock = &clock_;
    environment_.random = &random_;
    environment_.sleep = [](absl::Duration) {};
    environment_.connect = [this](const Profile&) -> absl::StatusOr<std::unique_ptr<Transport>> {
      ++connections_;
      auto transport = std::make_unique<FakeTransport>();
      transport->answers = answers_;
      return transport;
    };
    Run({"profile", "add", "border", "--country", "idn", "--address", "a:1", "--certificate",
         "k.pem", "--ca", "ca.pem", "--purpose", "BORDER_CHECK"});
  }
  ~ExchangeFilesTest() override { std::filesystem::remove_all(folder_); }

  int Run(const std::vector<std::string>& arguments) {
    out_.str("");
    err_.str("");
    return static_cast<int>(RunCommandLine(arguments, environment_));
  }

  // SYNTHETIC: three pages of which the middle one is empty.
  void ServePages() {
    answers_[kList] = [this](const Message& message, Message* out) {
      requests_.push_back(dynamic_cast<const ListRecordsRequest&>(message));
      auto* page = dynamic_cast<ListRecordsResponse*>(out);
      const std::string& token = requests_.back().page_token();
      page->set_next_page_token(token.empty() ? "2" : token == "2" ? "3" : "");
      if (token == "2") return absl::OkStatus();
      for (const auto state : {RecordMeta::CURRENT, RecordMeta::WITHDRAWN}) {
        auto* visa = page->add_records()->mutable_visa();
        visa->set_name(absl::StrCat("countries/idn/visas/a", requests_.size()));
        visa->mutable_meta()->set_state(state);
        visa->mutable_meta()->set_synthetic(true);
        visa->set_visa_number("V-1");
        visa->mutable_person()->add_names()->set_given_name("BUDI, \"B\"");
      }
      return absl::OkStatus();
    };
  }
  void WriteStayPermits(const std::string& path) {
    std::ofstream file(path);
    file << "source_key,permit_number,permit_class,document_number,document_issuer,given_name,"
            "nationality,address,host\n"
            "SYN-1,P-1,ITAS,X1,IDN,SECRETNAME,IDN,SECRETSTREET,SECRETHOST\n"
            "SYN-2,P-2,ITAS,X2,MYS,SECRETNAME,MYS,SECRETSTREET,\n"
            "SYN-3,P-3,ITAS,X3,XXX,SECRETNAME,,,\n";
  }

  const std::string folder_;
  std::ostringstream out_;
  std::ostringstream err_;
  StillClock clock_;
  CountingRandom random_;
  std::map<std::string, FakeTransport::Answer> answers_;
  std::vector<ListRecordsRequest> requests_;
  int connections_ = 0;
  Environment environment_;
};

TEST_F(ExchangeFilesTest, ExportsPageByPageAndLeavesWithdrawnOut) {
  ServePages();
  ASSERT_EQ(Run({"migration", "export", "--type", "visa"}), 0);
  ASSERT_EQ(requests_.size(), 3u);
  EXPECT_EQ(requests_[0].parent(), "countries/idn");
  EXPECT_EQ(requests_[0].type(), "visa");
  EXPECT_EQ(requests_[0].view(), migration_information::v1::FULL);
  const std::vector<std::string> lines = absl::StrSplit(out_.str(), '\n', absl::SkipEmpty());
  ASSERT_EQ(lines.size(), 3u);
  EXPECT_THAT(lines[0], HasSubstr("source_key,family_name,given_name"));
  EXPECT_THAT(lines[1], HasSubstr("SYN-a1,"));
  EXPECT_THAT(lines[1], HasSubstr("\"BUDI, \"\"B\"\"\""));
  EXPECT_THAT(err_.str(), HasSubstr("2 records, 2 withdrawn left out"));
}

TEST_F(ExchangeFilesTest, ExportsNdjsonSinceATimeIntoAFile) {
  ServePages();
  const std::string path = folder_ + "/visas.ndjson";
  ASSERT_EQ(Run({"migration", "export", "--type", "visa", "--country", "khm", "--since",
                 "2026-03-01", "--output", "ndjson", "--out", path}),
            0);
  EXPECT_EQ(out_.str(), "");
  EXPECT_EQ(requests_[0].parent(), "countries/khm");
  EXPECT_EQ(requests_[0].since_time().seconds(), 1'772'323'200);
  const auto written = ReadFile(path);
  ASSERT_TRUE(written.ok());
  EXPECT_THAT(*written, HasSubstr(R"({"source_key":"SYN-a1","record":{"visa":{)"));
  EXPECT_THAT(*written, Not(HasSubstr("meta")));
}

TEST_F(ExchangeFilesTest, RefusesAnExportThatCannotBe) {
  ServePages();
  EXPECT_EQ(Run({"migration", "export", "--type", "visa", "--output", "json"}), 2);
  EXPECT_EQ(Run({"migration", "export", "--type", "boat"}), 5);
  EXPECT_EQ(Run({"migration", "export", "--type", "visa", "--since", "yesterday"}), 5);
  EXPECT_EQ(Run({"migration", "export", "--type", "visa", "--out", folder_ + "/no/x"}), 5);
}

TEST_F(ExchangeFilesTest, PreviewsOfflineWithoutAValue) {
  const std::string path = folder_ + "/stay_permits.csv";
  WriteStayPermits(path);
  ASSERT_EQ(Run({"share", "preview", path, "--agreement", kAgreement}), 0) << err_.str();
  EXPECT_EQ(connections_, 0);
  EXPECT_THAT(out_.str(), HasSubstr("address host"));
  EXPECT_THAT(out_.str(), HasSubstr("THIRD_COUNTRY: a national of neither Party never leaves"));
  EXPECT_THAT(out_.str(), HasSubstr("NO_NATIONALITY"));
  EXPECT_THAT(out_.str(), HasSubstr("SMALL_GROUP 1"));
  EXPECT_THAT(out_.str(), Not(HasSubstr("SECRET")));
  ASSERT_EQ(Run({"share", "preview", path, "--agreement", kAgreement, "--output", "csv"}), 0);
  EXPECT_THAT(out_.str(), HasSubstr("2,stay_permit,replicated,BASIC,address host,SENSITIVE,"));
  ASSERT_EQ(Run({"share", "preview", path, "--agreement", kAgreement, "--output", "json"}), 0);
  EXPECT_THAT(out_.str(), HasSubstr("\"THIRD_COUNTRY\""));
  EXPECT_EQ(Run({"share", "preview", path, "--agreement", path}), 5);
}

TEST_F(ExchangeFilesTest, PreviewsByTheAgreementInForce) {
  answers_[absl::StrCat(kNode, "GetAgreement")] = [](const Message&, Message* out) {
    agreement::v1::Agreement agreement;
    agreement.add_parties("idn");
    dynamic_cast<node::v1::AgreementStatus*>(out)->mutable_signed_agreement()->set_agreement(
        agreement.SerializeAsString());
    return absl::OkStatus();
  };
  const std::string path = folder_ + "/stay_permits.csv";
  WriteStayPermits(path);
  ASSERT_EQ(Run({"share", "preview", path}), 0) << err_.str();
  EXPECT_EQ(connections_, 1);
  EXPECT_THAT(out_.str(), HasSubstr("TYPE_NOT_AGREED"));
}

TEST_F(ExchangeFilesTest, PausesAndResumesTheLine) {
  std::vector<std::string> calls;
  for (const char* method : {"PauseLink", "ResumeLink"}) {
    answers_[absl::StrCat(kNode, method)] = [&calls, method](const Message&, Message* out) {
      calls.emplace_back(method);
      dynamic_cast<node::v1::NodeStatus*>(out)->mutable_link()->set_state("paused");
      return absl::OkStatus();
    };
  }
  EXPECT_EQ(Run({"link", "pause"}), 0);
  EXPECT_THAT(out_.str(), HasSubstr("paused"));
  EXPECT_EQ(Run({"link", "resume"}), 0);
  EXPECT_THAT(calls, testing::ElementsAre("PauseLink", "ResumeLink"));
}

TEST_F(ExchangeFilesTest, CompletesNounsVerbsAndOptions) {
  ASSERT_EQ(Run({"completion", "bash"}), 0);
  const std::string script = out_.str();
  EXPECT_THAT(script, HasSubstr("complete -o default -F _lintas lintas"));
  EXPECT_THAT(script, HasSubstr("    link) words='status pause resume' ;;"));
  const size_t import = script.find("'migration import')");
  ASSERT_NE(import, std::string::npos);
  EXPECT_THAT(script.substr(import, script.find('\n', import) - import), HasSubstr("--agency"));
  // A shell can read it.
  const std::string path = folder_ + "/completion.bash";
  std::ofstream(path) << script
                      << "COMP_WORDS=(lintas migration imp); COMP_CWORD=2; _lintas\n"
                         "[ \"${COMPREPLY[0]}\" = import ]\n";
  EXPECT_EQ(std::system(("bash " + path).c_str()), 0);
}

TEST_F(ExchangeFilesTest, ImportTakesOneKindOfMapping) {
  EXPECT_EQ(Run({"migration", "import", "x.csv", "--agency", "manpower", "--mapping", "m"}), 2);
  WriteStayPermits(folder_ + "/x.csv");
  EXPECT_EQ(Run({"migration", "import", folder_ + "/x.csv", "--agency", "nobody"}), 5);
  EXPECT_THAT(err_.str(), HasSubstr("agency: UNKNOWN_AGENCY: manpower, police, visa"));
}

}  // namespace
}  // namespace lintas::client

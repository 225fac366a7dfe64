#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <sstream>

#include "absl/strings/str_cat.h"
#include "client/commands/command_line.h"
#include "server/base/error.h"
#include "tests/unit/client/fake_transport.h"

namespace lintas::client {
namespace {

using google::protobuf::Message;
using migration_information::v1::AnyRecord;
using migration_information::v1::HandOverCaseRequest;
using migration_information::v1::OpenCandidateRequest;
using migration_information::v1::SearchCandidatesRequest;
using migration_information::v1::SearchCandidatesResponse;
using testing::ElementsAre;
using testing::HasSubstr;

class AttacheCommandsTest : public testing::Test {
 protected:
  AttacheCommandsTest()
      : folder_(testing::TempDir() + "lintas_attache_" +
                testing::UnitTest::GetInstance()->current_test_info()->name()) {
    std::filesystem::remove_all(folder_);
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
    On("FindRecords", [](const Message&, Message*) {
      return MakeError(absl::StatusCode::kInvalidArgument, "INSUFFICIENT_IDENTIFIERS",
                       "a name alone gives candidates");
    });
    Run({"profile", "add", "embassy", "--country", "idn", "--address", "a:1", "--certificate",
         "k.pem", "--ca", "ca.pem", "--purpose", "CONSULAR_PROTECTION"});
  }
  ~AttacheCommandsTest() override { std::filesystem::remove_all(folder_); }

  void On(const std::string& method, FakeTransport::Answer answer) {
    answers_["/lintas.migration_information.v1.MigrationInformationService/" + method] =
        [this, method, answer](const Message& request, Message* response) {
          asked_.push_back(method);
          return answer(request, response);
        };
  }
  int Run(const std::vector<std::string>& arguments) {
    out_.str("");
    err_.str("");
    return static_cast<int>(RunCommandLine(arguments, environment_));
  }

  const std::string folder_;
  std::ostringstream out_, err_;
  CountingRandom random_;
  std::map<std::string, FakeTransport::Answer> answers_;
  std::vector<std::string> asked_;
  Environment environment_;
};

TEST_F(AttacheCommandsTest, ANameAloneShowsCandidates) {
  On("SearchCandidates", [](const Message& request, Message* response) {
    EXPECT_EQ(static_cast<const SearchCandidatesRequest&>(request).person_name(), "Budi Santoso");
    auto* candidate = static_cast<SearchCandidatesResponse*>(response)->add_candidates();
    candidate->set_initials("S. B. S.");
    candidate->set_birth_year(1990);
    candidate->set_reference("Qm9k");
    return absl::OkStatus();
  });
  EXPECT_EQ(Run({"migration", "find", "--name", "Budi Santoso"}), 0);
  EXPECT_THAT(out_.str(), HasSubstr("S. B. S.  1990  Qm9k"));
  EXPECT_THAT(asked_, ElementsAre("FindRecords", "SearchCandidates"));
}

TEST_F(AttacheCommandsTest, NoCandidateIsNothingToShare) {
  On("SearchCandidates", [](const Message&, Message*) { return absl::OkStatus(); });
  EXPECT_EQ(Run({"migration", "find", "--name", "Budi Santoso"}), 3);
  EXPECT_EQ(out_.str(), "nothing to share; this does not mean that no record exists\n");
}

TEST_F(AttacheCommandsTest, OtherIdentifiersAreNotTurnedIntoAName) {
  EXPECT_EQ(Run({"migration", "find", "--national", "3171234567890001"}), 5);
  EXPECT_THAT(asked_, ElementsAre("FindRecords"));
}

TEST_F(AttacheCommandsTest, OpensACandidate) {
  On("OpenCandidate", [](const Message& request, Message* response) {
    EXPECT_EQ(static_cast<const OpenCandidateRequest&>(request).reference(), "Qm9k");
    EXPECT_EQ(static_cast<const OpenCandidateRequest&>(request).view(),
              migration_information::v1::FULL);
    static_cast<AnyRecord*>(response)->mutable_crossing()->set_port("IDCGK");
    return absl::OkStatus();
  });
  EXPECT_EQ(Run({"migration", "open", "Qm9k", "--full"}), 0);
  EXPECT_THAT(out_.str(), HasSubstr("IDCGK"));
}

TEST_F(AttacheCommandsTest, HandsACaseOver) {
  On("HandOverCase", [](const Message& request, Message*) {
    EXPECT_EQ(static_cast<const HandOverCaseRequest&>(request).case_id(), "PNH-1");
    EXPECT_EQ(static_cast<const HandOverCaseRequest&>(request).attache_id(), "attache-2");
    return absl::OkStatus();
  });
  EXPECT_EQ(Run({"case", "handover", "PNH-1", "--to", "attache-2"}), 0);
  EXPECT_THAT(out_.str(), HasSubstr("case PNH-1 is held by attache-2"));
}

}  // namespace
}  // namespace lintas::client

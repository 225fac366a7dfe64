#include "client/client.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <regex>

#include "certs/country_ca.h"
#include "client/connection.h"
#include "client/file.h"
#include "server/base/clock.h"
#include "server/base/error.h"
#include "tests/unit/client/fake_transport.h"

namespace lintas::client {
namespace {

using google::protobuf::Message;

constexpr char kGetStatus[] = "/lintas.node.v1.NodeService/GetStatus";

class ClientTest : public testing::Test {
 protected:
  ClientTest()
      : client_(&transport_, HeadersOf(Profile_(), random_), &random_, Backoff{},
                [this](absl::Duration pause) { pauses_.push_back(pause); }) {}

  static Profile Profile_() {
    Profile profile;
    profile.purpose = "RETURN";
    profile.case_id = "C-1";
    return profile;
  }

  FakeTransport transport_;
  CountingRandom random_;
  std::vector<absl::Duration> pauses_;
  Client client_;
};

TEST_F(ClientTest, SendsPurposeCaseAndTrace) {
  transport_.answers[kGetStatus] = [](const Message&, Message*) { return absl::OkStatus(); };
  ASSERT_TRUE(client_.GetStatus({}).ok());
  EXPECT_EQ(transport_.headers.purpose, "RETURN");
  EXPECT_EQ(transport_.headers.case_id, "C-1");
  EXPECT_TRUE(std::regex_match(transport_.headers.trace_id, std::regex("[0-9a-f]{32}")));
}

TEST_F(ClientTest, RepeatsOnlyUnavailable) {
  for (int code = 1; code <= 16; ++code) {
    transport_.calls.clear();
    transport_.answers[kGetStatus] = [code](const Message&, Message*) {
      return absl::Status(static_cast<absl::StatusCode>(code), "x");
    };
    EXPECT_EQ(static_cast<int>(client_.GetStatus({}).status().code()), code);
    const bool repeated = static_cast<absl::StatusCode>(code) == absl::StatusCode::kUnavailable;
    EXPECT_EQ(transport_.calls.size(), repeated ? 4u : 1u) << code;
  }
}

TEST_F(ClientTest, SucceedsWhenTheLineComesBack) {
  transport_.answers[kGetStatus] = [this](const Message&, Message*) {
    return transport_.calls.size() < 3 ? absl::UnavailableError("x") : absl::OkStatus();
  };
  EXPECT_TRUE(client_.GetStatus({}).ok());
  EXPECT_EQ(pauses_.size(), 2u);
}

TEST_F(ClientTest, StopsRepeatingWhenItsTimeIsOver) {
  client_.set_timeout(absl::Nanoseconds(1));
  transport_.answers[kGetStatus] = [](const Message&, Message*) {
    return absl::UnavailableError("x");
  };
  EXPECT_FALSE(client_.GetStatus({}).ok());
  EXPECT_EQ(transport_.calls.size(), 1u);
}

TEST(Pause, GrowsToItsBoundAndVaries) {
  CountingRandom random;
  const Backoff backoff;
  bool varies = false;
  absl::Duration last;
  for (int i = 0; i < 50; ++i) {
    EXPECT_LE(Pause(backoff, 1, random), absl::Milliseconds(200));
    EXPECT_LE(Pause(backoff, 3, random), absl::Milliseconds(800));
    const absl::Duration pause = Pause(backoff, 40, random);
    EXPECT_LE(pause, absl::Seconds(2));
    EXPECT_GE(pause, absl::ZeroDuration());
    varies = varies || (i > 0 && pause != last);
    last = pause;
  }
  EXPECT_TRUE(varies);
}

TEST(Uuid, IsOfVersion4) {
  CountingRandom random;
  const std::regex form("[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}");
  for (int i = 0; i < 20; ++i) EXPECT_TRUE(std::regex_match(MakeUuid(random), form));
}

// The method names are written in a macro; the descriptors say whether they are true.
TEST(Client, NamesOnlyMethodsThatThereAre) {
  const auto* pool = google::protobuf::DescriptorPool::generated_pool();
  node::v1::NodeStatus::descriptor();
  FakeTransport transport;
  CountingRandom random;
  const Client client(&transport, {}, &random, Backoff{}, [](absl::Duration) {});
  (void)client.WithdrawRecord({});
  (void)client.RecallRecord({});
  (void)client.GetRecall({});
  (void)client.FindRecords({});
  (void)client.ListRevisions({});
  (void)client.GetImport({});
  (void)client.AskPartner({});
  (void)client.GetStatus({});
  (void)client.GetCheckpoint({});
  (void)client.GetReceipt({});
  (void)client.ListAccessEntries({});
  (void)client.AdoptAgreement({});
  (void)client.GetAgreement({});
  ASSERT_EQ(transport.calls.size(), 13u);
  for (std::string call : transport.calls) {
    call.erase(0, 1);
    call.replace(call.find('/'), 1, ".");
    EXPECT_NE(pool->FindMethodByName(call), nullptr) << call;
  }
}

TEST(Connect, RefusesFilesWithoutKeyAndCertificate) {
  Profile profile = {"khm", "127.0.0.1:1", "/nowhere/k.pem", "/nowhere/ca.pem", "", ""};
  EXPECT_TRUE(absl::IsInvalidArgument(Connect(profile).status()));
  profile.certificate_file = profile.ca_file = std::string(LINTAS_SOURCE_DIR) + "/README.md";
  EXPECT_TRUE(absl::IsInvalidArgument(Connect(profile).status()));
}

TEST(Connect, RefusesAnOwnCertificateThatHasExpired) {
  const std::string folder = testing::TempDir() + "lintas_connect_expired";
  std::filesystem::remove_all(folder);
  const absl::Time now = MakeSystemClock()->Now();
  CountingRandom random;
  const auto ca = CountryCa::Init(folder, "khm", absl::Hours(240), now - absl::Hours(48), random);
  ASSERT_TRUE(ca.ok()) << ca.status();
  LeafOrder order;
  order.principal = *MakePrincipal("khm", Role::kOfficer, "desk-1");
  order.life = absl::Hours(24);
  Profile profile = {"khm", "127.0.0.1:1", folder + "/desk.pem", (*ca)->CertificatePath(), "", ""};
  for (const absl::Duration age : {absl::Hours(25), absl::Hours(1)}) {
    const auto pem = (*ca)->Issue(order, now - age, random);
    ASSERT_TRUE(pem.ok()) << pem.status();
    ASSERT_TRUE(
        WriteFile(profile.certificate_file, std::string(pem->Bytes(SecretAccess::ForKeyFile())))
            .ok());
    const absl::Status status = Connect(profile).status();
    EXPECT_EQ(ErrorReason(status), age > order.life ? "CERTIFICATE_EXPIRED" : "") << status;
  }
  std::filesystem::remove_all(folder);
}

}  // namespace
}  // namespace lintas::client

// Trust that changes while servers run: what is replaced, what is refused, and what a change does
// to connections and streams that are there already.
#include <gtest/gtest.h>
#include <openssl/ssl.h>

#include "server/crypto/key_file.h"
#include "server/crypto/os_random.h"
#include "tests/integration/tls/raw_client.h"
#include "tests/integration/tls/tls_world.h"

namespace lintas {
namespace {

class LiveTrust : public testing::Test {
 protected:
  LiveTrust()
      : random_(MakeOsRandom()),
        idn_(folder_.path() + "/idn", "idn", &clock_, random_.get()),
        khm_(folder_.path() + "/khm", "khm", &clock_, random_.get()) {
    idn_.Trust(khm_);
    khm_.Trust(idn_);
    officers_ = std::make_unique<EchoServer>(idn_.trust.get(), Port::kOfficers);
    partners_ = std::make_unique<EchoServer>(idn_.trust.get(), Port::kPartner);
  }

  std::shared_ptr<grpc::Channel> ConnectAs(const EchoServer& server, const std::string& pem,
                                           const std::string& authority_pem) {
    return Connect(server.address(),
                   *MakeClientCredentials({pem, authority_pem, "idn", ""}, &clock_));
  }
  std::shared_ptr<grpc::Channel> ConnectAs(const EchoServer& server, const std::string& pem) {
    return ConnectAs(server, pem, idn_.AuthorityPem());
  }
  void Write(const std::string& path, const std::string& content) {
    ASSERT_TRUE(Replace(path, content, FileAccess::kPrivate).ok());
    idn_.trust->Tick(clock_.Now());
  }
  static std::string SerialIn(const std::string& pem) {
    return Certificate::FromPem(pem)->serial();
  }

  ShiftedClock clock_;
  TempFolder folder_;
  std::unique_ptr<Random> random_;
  Party idn_, khm_;
  std::unique_ptr<EchoServer> officers_, partners_;
};

TEST_F(LiveTrust, SpeaksTls13AndNothingElse) {
  const std::string officer = idn_.Issue(Role::kOfficer, "desk-1");
  const RawHandshake with_13 = Handshake(officers_->port(), officer, TLS1_3_VERSION);
  EXPECT_TRUE(with_13.served);
  EXPECT_EQ(with_13.version, TLS1_3_VERSION);
  ASSERT_TRUE(CanSpeak(officer, TLS1_2_VERSION));
  EXPECT_FALSE(Handshake(officers_->port(), officer, TLS1_2_VERSION).connected);
  EXPECT_FALSE(
      Handshake(partners_->port(), khm_.Issue(Role::kNode, "node-1"), TLS1_2_VERSION).connected);
}

TEST_F(LiveTrust, HandsOutNoResumptionTickets) {
  const RawHandshake made =
      Handshake(officers_->port(), idn_.Issue(Role::kOfficer, "desk-1"), TLS1_3_VERSION);
  ASSERT_TRUE(made.served);
  EXPECT_EQ(made.tickets, 0);
}

TEST_F(LiveTrust, ShowsARenewedCertificate) {
  const std::string officer = idn_.Issue(Role::kOfficer, "desk-1");
  const std::string old_pem = *ReadKeyFile(idn_.Path("node.pem"));
  const RawHandshake before = Handshake(officers_->port(), officer, TLS1_3_VERSION);
  ASSERT_EQ(before.server_serial, SerialIn(old_pem));
  const Certificate renewed =
      *idn_.ca->Renew(*Certificate::FromPem(old_pem), kCertificateLife, clock_.Now(), *random_);
  const TlsKey key = *TlsKey::FromPem(old_pem);
  Write(idn_.Path("node.pem"),
        std::string(key.Pem().Bytes(SecretAccess::ForKeyFile())) + renewed.Pem());
  RawHandshake after;
  EXPECT_TRUE(Eventually([&] {
    after = Handshake(officers_->port(), officer, TLS1_3_VERSION);
    return after.server_serial == renewed.serial();
  }));
  EXPECT_EQ(after.server_key, before.server_key);
}

TEST_F(LiveTrust, ShowsANewKey) {
  const std::string officer = idn_.Issue(Role::kOfficer, "desk-1");
  const RawHandshake before = Handshake(officers_->port(), officer, TLS1_3_VERSION);
  const std::string pem = idn_.Issue(Role::kNode, "node-1");
  Write(idn_.Path("node.pem"), pem);
  RawHandshake after;
  EXPECT_TRUE(Eventually([&] {
    after = Handshake(officers_->port(), officer, TLS1_3_VERSION);
    return after.server_serial == SerialIn(pem);
  }));
  EXPECT_NE(after.server_key, before.server_key);
  EXPECT_TRUE(Echo(ConnectAs(*officers_, officer)).ok());
}

TEST_F(LiveTrust, TakesOverTheNextCaOfThePartner) {
  Party next(folder_.path() + "/next", "khm", &clock_, random_.get());
  const std::string old_node = khm_.Issue(Role::kNode, "node-1");
  const std::string next_node = next.Issue(Role::kNode, "node-1");
  auto old_channel = ConnectAs(*partners_, old_node);
  ASSERT_TRUE(Echo(old_channel).ok());
  ASSERT_FALSE(Echo(ConnectAs(*partners_, next_node)).ok());
  // Both for a while, then the next alone.
  Write(idn_.Path("partner_ca.pem"), khm_.AuthorityPem() + next.AuthorityPem());
  EXPECT_TRUE(Eventually([&] { return Echo(ConnectAs(*partners_, next_node)).ok(); }));
  EXPECT_TRUE(Echo(old_channel).ok());
  Write(idn_.Path("partner_ca.pem"), next.AuthorityPem());
  // At once on the connection that is there.
  EXPECT_EQ(Echo(old_channel).error_code(), grpc::StatusCode::UNAUTHENTICATED);
  EXPECT_FALSE(Echo(ConnectAs(*partners_, old_node)).ok());
  EXPECT_TRUE(Echo(ConnectAs(*partners_, next_node)).ok());
}

TEST_F(LiveTrust, RevocationBitesOnLiveConnectionsAndStreams) {
  const std::string lost = idn_.Issue(Role::kOfficer, "desk-1");
  const std::string kept = idn_.Issue(Role::kOfficer, "desk-2");
  auto lost_channel = ConnectAs(*officers_, lost);
  auto kept_channel = ConnectAs(*officers_, kept);
  EchoStream lost_stream(lost_channel);
  EchoStream kept_stream(kept_channel);
  ASSERT_TRUE(lost_stream.Exchange());
  ASSERT_TRUE(kept_stream.Exchange());
  ASSERT_TRUE(idn_.ca->Revoke("spiffe://imigrasi.go.id/officer/desk-1", clock_.Now()).ok());
  idn_.trust->Tick(clock_.Now());
  EXPECT_EQ(lost_stream.Ended().error_code(), grpc::StatusCode::UNAUTHENTICATED);
  EXPECT_EQ(Echo(lost_channel).error_code(), grpc::StatusCode::UNAUTHENTICATED);
  EXPECT_EQ(Echo(ConnectAs(*officers_, lost)).error_code(), grpc::StatusCode::UNAVAILABLE);
  EXPECT_TRUE(kept_stream.Exchange());
  EXPECT_TRUE(Echo(kept_channel).ok());
}

TEST_F(LiveTrust, RevocationThatComesOverTheLinkBites) {
  auto channel = ConnectAs(*partners_, khm_.Issue(Role::kNode, "node-1"));
  EchoStream stream(channel);
  ASSERT_TRUE(stream.Exchange());
  ASSERT_TRUE(khm_.ca->Revoke("spiffe://immigration.gov.kh/node/node-1", clock_.Now()).ok());
  const std::string list = *ReadKeyFile(khm_.ca->RevocationListPath());
  ASSERT_TRUE(idn_.trust->OfferPartnerRevocations(list, clock_.Now()).ok());
  EXPECT_EQ(stream.Ended().error_code(), grpc::StatusCode::UNAUTHENTICATED);
  EXPECT_EQ(Echo(channel).error_code(), grpc::StatusCode::UNAUTHENTICATED);
}

TEST_F(LiveTrust, ExpiryBitesOnLiveConnectionsAndStreams) {
  auto brief = ConnectAs(*officers_, idn_.Issue(Role::kOfficer, "desk-1", absl::Hours(2)));
  auto lasting = ConnectAs(*officers_, idn_.Issue(Role::kOfficer, "desk-2", absl::Hours(24)));
  EchoStream brief_stream(brief);
  EchoStream lasting_stream(lasting);
  ASSERT_TRUE(brief_stream.Exchange());
  ASSERT_TRUE(lasting_stream.Exchange());
  clock_.Advance(absl::Hours(3));
  EXPECT_EQ(Echo(brief).error_code(), grpc::StatusCode::UNAUTHENTICATED);
  idn_.trust->Tick(clock_.Now());
  EXPECT_EQ(brief_stream.Ended().error_code(), grpc::StatusCode::UNAUTHENTICATED);
  EXPECT_TRUE(lasting_stream.Exchange());
  EXPECT_TRUE(Echo(lasting).ok());
}

TEST_F(LiveTrust, StreamLivesAtMostAnHour) {
  auto channel = ConnectAs(*officers_, idn_.Issue(Role::kOfficer, "desk-1"));
  EchoStream stream(channel);
  ASSERT_TRUE(stream.Exchange());
  officers_->streams().Tick(clock_.Now() + absl::Minutes(59));
  ASSERT_TRUE(stream.Exchange());
  officers_->streams().Tick(clock_.Now() + absl::Minutes(60));
  EXPECT_EQ(stream.Ended().error_code(), grpc::StatusCode::UNAVAILABLE);
  EXPECT_TRUE(Echo(channel).ok());
}

TEST_F(LiveTrust, ServesOnUnderTheOldWhenAReplacementIsBad) {
  const std::string officer = idn_.Issue(Role::kOfficer, "desk-1");
  const std::string serial = SerialIn(*ReadKeyFile(idn_.Path("node.pem")));
  const TlsKey stranger = TlsKey::Generate();
  Write(idn_.Path("node.pem"), std::string(stranger.Pem().Bytes(SecretAccess::ForKeyFile())) +
                                   Certificate::FromPem(idn_.Issue(Role::kNode, "node-1"))->Pem());
  EXPECT_TRUE(idn_.Logged("the key is not the certificate's"));
  Write(idn_.Path("partner_ca.pem"), "garbage");
  EXPECT_TRUE(idn_.Logged("no certificate in the PEM"));
  // A good replacement after them shows that the bad ones were looked at and passed over.
  EXPECT_EQ(Handshake(officers_->port(), officer, TLS1_3_VERSION).server_serial, serial);
  EXPECT_TRUE(Echo(ConnectAs(*officers_, officer)).ok());
  EXPECT_TRUE(Echo(ConnectAs(*partners_, khm_.Issue(Role::kNode, "node-1"))).ok());
  const std::string good = idn_.Issue(Role::kNode, "node-1");
  Write(idn_.Path("node.pem"), good);
  EXPECT_TRUE(Eventually([&] {
    return Handshake(officers_->port(), officer, TLS1_3_VERSION).server_serial == SerialIn(good);
  }));
}

}  // namespace
}  // namespace lintas

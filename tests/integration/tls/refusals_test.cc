// Each wrong certificate is refused, at a real handshake. In every test somebody right is let in
// first, so that a server that refuses all fails too.
#include <gtest/gtest.h>

#include "server/crypto/os_random.h"
#include "tests/integration/tls/tls_world.h"

namespace lintas {
namespace {

class TlsRefusals : public testing::Test {
 protected:
  TlsRefusals()
      : random_(MakeOsRandom()),
        idn_(folder_.path() + "/idn", "idn", &clock_, random_.get()),
        khm_(folder_.path() + "/khm", "khm", &clock_, random_.get()) {
    idn_.Trust(khm_);
    khm_.Trust(idn_);
    officers_ = std::make_unique<EchoServer>(idn_.trust.get(), Port::kOfficers);
    partners_ = std::make_unique<EchoServer>(idn_.trust.get(), Port::kPartner);
  }

  // A call with `identity_pem`, by somebody who believes the Indonesian node.
  grpc::Status CallAs(const EchoServer& server, const std::string& identity_pem) {
    absl::StatusOr<std::shared_ptr<grpc::ChannelCredentials>> credentials =
        MakeClientCredentials({identity_pem, idn_.AuthorityPem(), "idn", ""}, &clock_);
    if (!credentials.ok()) return grpc::Status(grpc::INTERNAL, "the test made bad credentials");
    return Echo(Connect(server.address(), *credentials));
  }

  // Refused at the handshake, and no handler ran.
  void ExpectRefused(EchoServer* server, const std::string& identity_pem) {
    const std::string good = server == officers_.get() ? idn_.Issue(Role::kOfficer, "desk-1")
                                                       : khm_.Issue(Role::kNode, "node-1");
    ASSERT_TRUE(CallAs(*server, good).ok()) << "the right one is not let in";
    const int calls = server->calls();
    EXPECT_EQ(CallAs(*server, identity_pem).error_code(), grpc::StatusCode::UNAVAILABLE);
    EXPECT_EQ(server->calls(), calls);
  }

  ShiftedClock clock_;
  TempFolder folder_;
  std::unique_ptr<Random> random_;
  Party idn_, khm_;
  std::unique_ptr<EchoServer> officers_, partners_;
};

TEST_F(TlsRefusals, LetsEachRoleOfTheOwnCountryIn) {
  for (Role role : kAllRoles) {
    if (role == Role::kNode) continue;
    EXPECT_TRUE(CallAs(*officers_, idn_.Issue(role, "somebody-1")).ok()) << RoleName(role);
  }
}

TEST_F(TlsRefusals, RefusesExpired) {
  ExpectRefused(officers_.get(),
                idn_.Issue(Role::kOfficer, "desk-1", kCertificateLife, absl::Hours(24 * 8)));
}

TEST_F(TlsRefusals, RefusesRevoked) {
  const std::string pem = idn_.Issue(Role::kOfficer, "desk-2");
  ASSERT_TRUE(CallAs(*officers_, pem).ok());
  ASSERT_TRUE(idn_.ca->Revoke(Certificate::FromPem(pem)->serial(), clock_.Now()).ok());
  idn_.trust->Tick(clock_.Now());
  ExpectRefused(officers_.get(), pem);
  EXPECT_TRUE(idn_.Logged("CERTIFICATE_REVOKED"));
}

TEST_F(TlsRefusals, RefusesPartnersOfficerOnTheOfficersPort) {
  ExpectRefused(officers_.get(), khm_.Issue(Role::kOfficer, "desk-1"));
}

TEST_F(TlsRefusals, RefusesPartnersOfficerOnThePartnerPort) {
  ExpectRefused(partners_.get(), khm_.Issue(Role::kOfficer, "desk-1"));
  EXPECT_TRUE(idn_.Logged("WRONG_PORT"));
}

TEST_F(TlsRefusals, RefusesOwnOfficerOnThePartnerPort) {
  ExpectRefused(partners_.get(), idn_.Issue(Role::kOfficer, "desk-1"));
}

TEST_F(TlsRefusals, RefusesOwnNodeOnThePartnerPort) {
  ExpectRefused(partners_.get(), idn_.Issue(Role::kNode, "node-1"));
}

TEST_F(TlsRefusals, RefusesOwnNodeOnTheOfficersPort) {
  ExpectRefused(officers_.get(), idn_.Issue(Role::kNode, "node-1"));
  EXPECT_TRUE(idn_.Logged("WRONG_PORT"));
}

TEST_F(TlsRefusals, RefusesPartnersNodeOnTheOfficersPort) {
  ExpectRefused(officers_.get(), khm_.Issue(Role::kNode, "node-1"));
}

TEST_F(TlsRefusals, RefusesAnotherTrustDomainUnderTheOwnCa) {
  CertificateSpec spec;
  spec.uris = {"spiffe://example.org/officer/desk-1"};
  ExpectRefused(officers_.get(), idn_.IssueSpec(spec));
  EXPECT_TRUE(idn_.Logged("UNKNOWN_TRUST_DOMAIN"));
}

TEST_F(TlsRefusals, RefusesThePartnersTrustDomainUnderTheOwnCa) {
  CertificateSpec spec;
  spec.uris = {"spiffe://immigration.gov.kh/officer/desk-1"};
  ExpectRefused(officers_.get(), idn_.IssueSpec(spec));
  EXPECT_TRUE(idn_.Logged("WRONG_PORT"));
}

TEST_F(TlsRefusals, RefusesTheOwnTrustDomainUnderThePartnersCa) {
  CertificateSpec spec;
  spec.uris = {"spiffe://imigrasi.go.id/officer/desk-1"};
  ExpectRefused(officers_.get(), khm_.IssueSpec(spec));
  ExpectRefused(partners_.get(), khm_.IssueSpec(spec));
}

TEST_F(TlsRefusals, RefusesTwoUris) {
  CertificateSpec spec;
  spec.uris = {"spiffe://imigrasi.go.id/officer/desk-1", "spiffe://imigrasi.go.id/officer/desk-2"};
  ExpectRefused(officers_.get(), idn_.IssueSpec(spec));
  EXPECT_TRUE(idn_.Logged("CERTIFICATE_PROFILE"));
}

TEST_F(TlsRefusals, RefusesNoUri) {
  CertificateSpec spec;
  ExpectRefused(officers_.get(), idn_.IssueSpec(spec));
}

TEST_F(TlsRefusals, RefusesSelfSigned) {
  CertificateSpec spec;
  spec.common_name = "officer desk-1";
  spec.uris = {"spiffe://imigrasi.go.id/officer/desk-1"};
  spec.not_before = clock_.Now() - absl::Minutes(5);
  spec.not_after = clock_.Now() + absl::Hours(24);
  const TlsKey key = TlsKey::Generate();
  const Certificate self = *MakeCertificate(spec, key, nullptr, *random_);
  ExpectRefused(officers_.get(),
                std::string(key.Pem().Bytes(SecretAccess::ForKeyFile())) + self.Pem());
}

TEST_F(TlsRefusals, RefusesAnotherCaOfTheSameName) {
  Party impostor(folder_.path() + "/impostor", "idn", &clock_, random_.get());
  ExpectRefused(officers_.get(), impostor.Issue(Role::kOfficer, "desk-1"));
}

TEST_F(TlsRefusals, RefusesNoCertificate) {
  grpc::SslCredentialsOptions options;
  options.pem_root_certs = idn_.AuthorityPem();
  // The same, with a certificate, is let in: it is the certificate that lacks.
  grpc::SslCredentialsOptions with_certificate = options;
  const std::string pem = idn_.Issue(Role::kOfficer, "desk-1");
  with_certificate.pem_private_key = pem;
  with_certificate.pem_cert_chain = pem;
  ASSERT_TRUE(
      Echo(Connect("ipv4:" + officers_->address(), grpc::SslCredentials(with_certificate))).ok());
  EXPECT_EQ(
      Echo(Connect("ipv4:" + officers_->address(), grpc::SslCredentials(options))).error_code(),
      grpc::StatusCode::UNAVAILABLE);
}

TEST_F(TlsRefusals, ClientRefusesAnotherNode) {
  const std::string officer = idn_.Issue(Role::kOfficer, "desk-1");
  auto call = [&](ClientTrust trust) {
    trust.identity_pem = officer;
    trust.authority_pem = idn_.AuthorityPem();
    return Echo(Connect(officers_->address(), *MakeClientCredentials(trust, &clock_)));
  };
  EXPECT_TRUE(call({"", "", "idn", "node-1"}).ok());
  EXPECT_EQ(call({"", "", "idn", "node-2"}).error_code(), grpc::StatusCode::UNAVAILABLE);
  EXPECT_EQ(call({"", "", "khm", ""}).error_code(), grpc::StatusCode::UNAVAILABLE);
}

TEST_F(TlsRefusals, LinkRefusesAnotherNodeThanThePartners) {
  EchoServer cambodian(khm_.trust.get(), Port::kPartner);
  EXPECT_TRUE(Echo(Connect(cambodian.address(), MakePartnerCredentials(idn_.trust.get()))).ok());
  EXPECT_FALSE(
      Echo(Connect(cambodian.address(), MakePartnerCredentials(idn_.trust.get(), "node-9"))).ok());
  // Our own partner port shows our own certificate, which is nobody our link calls.
  EXPECT_FALSE(Echo(Connect(partners_->address(), MakePartnerCredentials(idn_.trust.get()))).ok());
}

}  // namespace
}  // namespace lintas

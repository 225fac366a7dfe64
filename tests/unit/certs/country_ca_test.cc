#include "certs/country_ca.h"

#include <gtest/gtest.h>

#include "server/crypto/key_file.h"
#include "server/crypto/os_random.h"
#include "tests/unit/certs/temp_folder.h"

namespace lintas {
namespace {

class CountryCaTest : public testing::Test {
 protected:
  CountryCaTest()
      : random_(MakeOsRandom()),
        now_(absl::FromUnixSeconds(1790000000)),
        ca_(*CountryCa::Init(folder_.File("ca"), "idn", absl::Hours(24 * 365 * 5), now_,
                             *random_)) {}

  LeafOrder Order(Role role, const std::string& id) {
    LeafOrder order;
    order.principal = *MakePrincipal("idn", role, id);
    return order;
  }
  Certificate Issue(const std::string& id) {
    const Secret pem = *ca_->Issue(Order(Role::kOfficer, id), now_, *random_);
    return *Certificate::FromPem(pem.Bytes(SecretAccess::ForKeyFile()));
  }
  std::string Request(const CertificateSpec& spec) { return *MakeRequest(spec, key_); }

  TempFolder folder_;
  std::unique_ptr<Random> random_;
  const absl::Time now_;
  const TlsKey key_ = TlsKey::Generate();
  std::unique_ptr<CountryCa> ca_;
};

TEST_F(CountryCaTest, IssuesTheProfile) {
  const Secret pem = *ca_->Issue(Order(Role::kNode, "node-1"), now_, *random_);
  const absl::string_view text = pem.Bytes(SecretAccess::ForKeyFile());
  const Certificate made = *Certificate::FromPem(text);
  EXPECT_TRUE(made.CheckPrincipalProfile().ok());
  EXPECT_TRUE(made.BelongsTo(*TlsKey::FromPem(text)));
  EXPECT_EQ(made.uris(), std::vector<std::string>{"spiffe://imigrasi.go.id/node/node-1"});
  EXPECT_TRUE(made.CheckIssued({ca_->certificate()}, now_).ok());
  EXPECT_EQ(made.not_after() - made.not_before(), kCertificateLife);
  EXPECT_FALSE(made.CheckIssued({ca_->certificate()}, now_ + kCertificateLife).ok());
  EXPECT_FALSE(made.CheckIssued({ca_->certificate()}, now_ - absl::Hours(1)).ok());
}

TEST_F(CountryCaTest, NeverOverwritesACa) {
  const std::string key = *ReadKeyFile(folder_.File("ca/ca.key"));
  EXPECT_EQ(
      CountryCa::Init(folder_.File("ca"), "idn", absl::Hours(1), now_, *random_).status().code(),
      absl::StatusCode::kAlreadyExists);
  EXPECT_EQ(*ReadKeyFile(folder_.File("ca/ca.key")), key);
}

TEST_F(CountryCaTest, LetsOneProcessWorkAtATime) {
  EXPECT_EQ(CountryCa::Open(folder_.File("ca")).status().code(), absl::StatusCode::kUnavailable);
  ca_.reset();
  EXPECT_TRUE(CountryCa::Open(folder_.File("ca")).ok());
}

TEST_F(CountryCaTest, IssuesForItsOwnCountryOnly) {
  LeafOrder order;
  order.principal = *MakePrincipal("khm", Role::kOfficer, "desk-1");
  EXPECT_EQ(ca_->Issue(order, now_, *random_).status().code(), absl::StatusCode::kInvalidArgument);
}

TEST_F(CountryCaTest, RevokesASerialOrAllOfAUriAndRemembersIt) {
  const Certificate first = Issue("desk-1");
  const Certificate second = Issue("desk-1");
  const Certificate other = Issue("desk-2");
  EXPECT_EQ(*ca_->Revoke(first.serial(), now_), 1u);
  EXPECT_EQ(*ca_->Revoke(first.uris()[0], now_), 1u);
  EXPECT_EQ(ca_->Revoke("00ff", now_).status().code(), absl::StatusCode::kNotFound);
  ca_.reset();
  ca_ = *CountryCa::Open(folder_.File("ca"));
  const RevocationList list = *ca_->WriteRevocationList(now_);
  EXPECT_TRUE(list.Revokes(first.serial()));
  EXPECT_TRUE(list.Revokes(second.serial()));
  EXPECT_FALSE(list.Revokes(other.serial()));
  EXPECT_TRUE(list.SignedByOneOf({ca_->certificate()}));
  EXPECT_EQ(list.number(), 4u);
  EXPECT_EQ(list.next_update(), now_ + kRevocationListLife);
}

TEST_F(CountryCaTest, RenewsNamesAndKeyButNothingRevokedOrForeign) {
  const Certificate old = Issue("desk-1");
  const absl::Time later = now_ + absl::Hours(24 * 6);
  const Certificate renewed = *ca_->Renew(old, kCertificateLife, later, *random_);
  EXPECT_EQ(renewed.uris(), old.uris());
  EXPECT_NE(renewed.serial(), old.serial());
  EXPECT_TRUE(renewed.CheckIssued({ca_->certificate()}, later + absl::Hours(24 * 6)).ok());
  ASSERT_TRUE(ca_->Revoke(old.serial(), later).ok());
  EXPECT_EQ(ca_->Renew(old, kCertificateLife, later, *random_).status().code(),
            absl::StatusCode::kFailedPrecondition);
  auto stranger = *CountryCa::Init(folder_.File("b"), "idn", absl::Hours(24), now_, *random_);
  EXPECT_EQ(stranger->Renew(renewed, kCertificateLife, now_, *random_).status().code(),
            absl::StatusCode::kInvalidArgument);
}

TEST_F(CountryCaTest, RenewsForTheCaBeforeItOnlyWhatThatCaSigned) {
  const Certificate old = Issue("desk-1");
  ca_.reset();
  auto next = *CountryCa::Init(folder_.File("next"), "idn", absl::Hours(24 * 365), now_, *random_,
                               folder_.File("ca"));
  EXPECT_TRUE(next->Renew(old, kCertificateLife, now_, *random_).ok());
  auto stranger = *CountryCa::Init(folder_.File("b"), "idn", absl::Hours(24), now_, *random_);
  LeafOrder order;
  order.principal = *MakePrincipal("idn", Role::kOfficer, "desk-1");
  const Certificate forged = *Certificate::FromPem(
      stranger->Issue(order, now_, *random_)->Bytes(SecretAccess::ForKeyFile()));
  EXPECT_EQ(next->Renew(forged, kCertificateLife, now_, *random_).status().code(),
            absl::StatusCode::kInvalidArgument);
  EXPECT_FALSE(
      CountryCa::Init(folder_.File("c"), "khm", absl::Hours(24), now_, *random_, folder_.File("ca"))
          .ok());
}

TEST_F(CountryCaTest, SignsARequestThatProvesItsKey) {
  CertificateSpec spec;
  spec.common_name = "desk 3";
  spec.uris = {"spiffe://imigrasi.go.id/officer/desk-3"};
  const Certificate made = *ca_->SignRequest(Request(spec), kCertificateLife, now_, *random_);
  EXPECT_TRUE(made.CheckPrincipalProfile().ok());
  EXPECT_TRUE(made.BelongsTo(key_));
}

TEST_F(CountryCaTest, RefusesARequestThatWasChangedAfterSigning) {
  CertificateSpec spec;
  spec.common_name = "desk 3";
  spec.uris = {"spiffe://imigrasi.go.id/officer/desk-3"};
  std::string pem = Request(spec);
  // One sign in the last full line, which is the signature's.
  const size_t at = pem.rfind("\n-----END") - 12;
  pem[at] = pem[at] == 'A' ? 'B' : 'A';
  EXPECT_EQ(ca_->SignRequest(pem, kCertificateLife, now_, *random_).status().code(),
            absl::StatusCode::kInvalidArgument);
}

TEST_F(CountryCaTest, RefusesARequestForAnythingButOneOwnPrincipal) {
  CertificateSpec good;
  good.common_name = "desk 3";
  good.uris = {"spiffe://imigrasi.go.id/officer/desk-3"};
  CertificateSpec two = good;
  two.uris.push_back("spiffe://imigrasi.go.id/officer/desk-4");
  CertificateSpec foreign = good;
  foreign.uris = {"spiffe://immigration.gov.kh/officer/desk-3"};
  CertificateSpec no_principal = good;
  no_principal.uris = {"https://imigrasi.go.id/"};
  CertificateSpec officer_with_host = good;
  officer_with_host.dns_names = {"node.imigrasi.go.id"};
  for (const CertificateSpec& spec : {two, foreign, no_principal, officer_with_host}) {
    EXPECT_EQ(ca_->SignRequest(Request(spec), kCertificateLife, now_, *random_).status().code(),
              absl::StatusCode::kInvalidArgument);
  }
  EXPECT_FALSE(ca_->SignRequest("garbage", kCertificateLife, now_, *random_).ok());
}

}  // namespace
}  // namespace lintas

#include "server/edge/tls/trust_store.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <stdlib.h>
#include <sys/stat.h>

#include <algorithm>
#include <filesystem>

#include "absl/strings/str_cat.h"
#include "certs/country_ca.h"
#include "server/base/error.h"
#include "server/crypto/key_file.h"
#include "server/crypto/os_random.h"
#include "server/edge/tls/open_streams.h"

namespace lintas {
namespace {

using testing::HasSubstr;

class FakeClock final : public Clock {
 public:
  absl::Time Now() override { return now_; }
  void Advance(absl::Duration by) { now_ += by; }

 private:
  absl::Time now_ = absl::FromUnixSeconds(1790000000);
};

class TrustStoreTest : public testing::Test {
 protected:
  TrustStoreTest() : random_(MakeOsRandom()) {
    folder_ = (std::filesystem::temp_directory_path() / "lintas_trust_XXXXXX").string();
    if (mkdtemp(&folder_[0]) == nullptr) abort();
    idn_ = MakeCa("idn", "idn");
    khm_ = MakeCa("khm", "khm");
    options_.country = "idn";
    options_.partner = "khm";
    options_.identity_path = Path("node.pem");
    options_.own_authority_path = Path("own_ca.pem");
    options_.partner_authority_path = Path("partner_ca.pem");
    options_.own_revocations_path = Path("own_crl.pem");
    options_.partner_revocations_path = Path("partner_crl.pem");
    options_.denied_path = Path("denied");
    options_.staging_folder = Path("staging");
    options_.log = [this](const std::string& line) { log_.push_back(line); };
    Write("node.pem", Issue(*idn_, Role::kNode, "node-1"));
    Write("own_ca.pem", idn_->certificate().Pem());
    Write("partner_ca.pem", khm_->certificate().Pem());
    Write("own_crl.pem", List(idn_.get()));
    Write("partner_crl.pem", List(khm_.get()));
    Write("denied", "");
    store_ = *TrustStore::Open(options_, &clock_);
  }
  ~TrustStoreTest() override { std::filesystem::remove_all(folder_); }

  std::string Path(const std::string& name) const { return folder_ + "/" + name; }
  std::unique_ptr<CountryCa> MakeCa(const std::string& name, const std::string& country) {
    return *CountryCa::Init(Path(name), country, absl::Hours(24 * 365), clock_.Now(), *random_);
  }
  void Write(const std::string& name, const std::string& content) {
    ASSERT_TRUE(Replace(Path(name), content, FileAccess::kPrivate).ok());
  }
  std::string List(CountryCa* ca, absl::Duration life = absl::Hours(24 * 30)) {
    return ca->WriteRevocationList(clock_.Now(), life)->Pem();
  }
  std::string Issue(CountryCa& ca, Role role, const std::string& id,
                    absl::Duration life = kCertificateLife) {
    LeafOrder order;
    order.principal = *MakePrincipal(ca.country(), role, id);
    order.life = life;
    return std::string(ca.Issue(order, clock_.Now(), *random_)->Bytes(SecretAccess::ForKeyFile()));
  }
  // Signed by `ca`, whatever it says.
  std::string IssueSpec(const std::string& ca_name, std::vector<std::string> uris,
                        absl::Duration from = -absl::Minutes(5)) {
    const Issuer issuer{*Certificate::FromPem(*ReadKeyFile(Path(ca_name + "/ca.pem"))),
                        *TlsKey::FromPem(*ReadKeyFile(Path(ca_name + "/ca.key")))};
    CertificateSpec spec;
    spec.common_name = "somebody";
    spec.uris = std::move(uris);
    spec.not_before = clock_.Now() + from;
    spec.not_after = spec.not_before + absl::Hours(24);
    const TlsKey key = TlsKey::Generate();
    return absl::StrCat(key.Pem().Bytes(SecretAccess::ForKeyFile()),
                        MakeCertificate(spec, key, &issuer, *random_)->Pem());
  }
  std::string Reason(const std::string& pem, Peer peer) {
    return ErrorReason(store_->Judge(pem, peer, clock_.Now()).status());
  }
  std::string Staged() { return *ReadKeyFile(store_->StagedIdentityPath()); }
  int Logged(const std::string& part) {
    return static_cast<int>(std::count_if(log_.begin(), log_.end(), [&](const std::string& line) {
      return line.find(part) != std::string::npos;
    }));
  }

  FakeClock clock_;
  std::unique_ptr<Random> random_;
  std::string folder_;
  std::unique_ptr<CountryCa> idn_, khm_;
  TrustOptions options_;
  std::vector<std::string> log_;
  std::unique_ptr<TrustStore> store_;
};

TEST_F(TrustStoreTest, StagesPrivateCopies) {
  struct stat facts = {};
  ASSERT_EQ(stat(options_.staging_folder.c_str(), &facts), 0);
  EXPECT_EQ(facts.st_mode & 0777, 0700u);
  ASSERT_EQ(stat(store_->StagedIdentityPath().c_str(), &facts), 0);
  EXPECT_EQ(facts.st_mode & 0777, 0600u);
  EXPECT_EQ(Staged(), *ReadKeyFile(Path("node.pem")));
}

TEST_F(TrustStoreTest, RefusesEachBadIdentityAndKeepsTheOld) {
  const std::string old = Staged();
  const std::string node = "spiffe://imigrasi.go.id/node/node-1";
  const std::string good = Issue(*idn_, Role::kNode, "node-1");
  const std::string other_key =
      std::string(TlsKey::Generate().Pem().Bytes(SecretAccess::ForKeyFile()));
  const std::vector<std::pair<const char*, std::string>> bad = {
      {"empty", ""},
      {"garbage", "garbage"},
      {"cut", good.substr(0, good.size() / 2)},
      {"no key", Certificate::FromPem(good)->Pem()},
      {"another key", other_key + Certificate::FromPem(good)->Pem()},
      {"an officer's", Issue(*idn_, Role::kOfficer, "desk-1")},
      {"another CA's", Issue(*khm_, Role::kNode, "node-1")},
      {"another trust domain", IssueSpec("idn", {"spiffe://example.org/node/node-1"})},
      {"the partner's trust domain", IssueSpec("idn", {"spiffe://immigration.gov.kh/node/node-1"})},
      {"two URIs", IssueSpec("idn", {node, "spiffe://imigrasi.go.id/node/node-2"})},
      {"expired", IssueSpec("idn", {node}, -absl::Hours(48))},
      {"not yet valid", IssueSpec("idn", {node}, absl::Hours(48))},
  };
  for (const auto& [name, pem] : bad) {
    log_.clear();
    Write("node.pem", pem);
    store_->Tick(clock_.Now());
    store_->Tick(clock_.Now());
    EXPECT_EQ(Staged(), old) << name;
    EXPECT_EQ(Logged("refused"), 1) << name;
  }
  Write("node.pem", good);
  store_->Tick(clock_.Now());
  EXPECT_EQ(Staged(), good);
}

TEST_F(TrustStoreTest, OpensUnderNoneOfTheBadFiles) {
  store_.reset();
  for (const char* name :
       {"node.pem", "own_ca.pem", "partner_ca.pem", "own_crl.pem", "partner_crl.pem"}) {
    const std::string good = *ReadKeyFile(Path(name));
    Write(name, "");
    const absl::Status status = TrustStore::Open(options_, &clock_).status();
    EXPECT_FALSE(status.ok()) << name;
    EXPECT_THAT(std::string(status.message()), HasSubstr(name));
    std::filesystem::remove(Path(name));
    EXPECT_FALSE(TrustStore::Open(options_, &clock_).ok()) << name;
    Write(name, good);
  }
  EXPECT_TRUE(TrustStore::Open(options_, &clock_).ok());
}

TEST_F(TrustStoreTest, RefusesEachBadAuthorityAndKeepsTheOld) {
  const std::string partner = Issue(*khm_, Role::kNode, "node-1");
  for (const std::string& pem :
       {std::string(), std::string("garbage"), idn_->certificate().Pem(),
        Certificate::FromPem(partner)->Pem(),
        khm_->certificate().Pem() +
            "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"}) {
    Write("partner_ca.pem", pem);
    store_->Tick(clock_.Now());
    EXPECT_TRUE(store_->Judge(partner, Peer::kPartnerNode, clock_.Now()).ok());
  }
  EXPECT_EQ(Logged("refused"), 5);
}

TEST_F(TrustStoreTest, TakesOverANextOwnCaOnlyWithAnIdentityOfIt) {
  const auto next = MakeCa("next", "idn");
  const std::string old_officer = Issue(*idn_, Role::kOfficer, "desk-1");
  const std::string next_officer = Issue(*next, Role::kOfficer, "desk-1");
  Write("own_ca.pem", next->certificate().Pem());
  store_->Tick(clock_.Now());
  EXPECT_TRUE(store_->Judge(old_officer, Peer::kOwnPerson, clock_.Now()).ok());
  // The identity follows, and both are taken over.
  const std::string identity = Issue(*next, Role::kNode, "node-1");
  Write("node.pem", identity);
  store_->Tick(clock_.Now());
  EXPECT_EQ(Staged(), identity);
  EXPECT_EQ(Reason(old_officer, Peer::kOwnPerson), "UNTRUSTED_ISSUER");
  EXPECT_TRUE(store_->Judge(next_officer, Peer::kOwnPerson, clock_.Now()).ok());
}

TEST_F(TrustStoreTest, RevokesAtOnceAndNeverTakesAnOlderList) {
  const std::string officer = Issue(*idn_, Role::kOfficer, "desk-1");
  const std::string old_list = *ReadKeyFile(Path("own_crl.pem"));
  ASSERT_TRUE(store_->Judge(officer, Peer::kOwnPerson, clock_.Now()).ok());
  const uint64_t epoch = store_->epoch();
  ASSERT_TRUE(idn_->Revoke("spiffe://imigrasi.go.id/officer/desk-1", clock_.Now()).ok());
  Write("own_crl.pem", List(idn_.get()));
  store_->Tick(clock_.Now());
  EXPECT_GT(store_->epoch(), epoch);
  EXPECT_EQ(Reason(officer, Peer::kOwnPerson), "CERTIFICATE_REVOKED");
  for (const std::string& bad : {old_list, std::string("garbage"), List(khm_.get())}) {
    Write("own_crl.pem", bad);
    store_->Tick(clock_.Now());
    EXPECT_EQ(Reason(officer, Peer::kOwnPerson), "CERTIFICATE_REVOKED");
  }
  std::filesystem::remove(Path("own_crl.pem"));
  store_->Tick(clock_.Now());
  EXPECT_EQ(Reason(officer, Peer::kOwnPerson), "CERTIFICATE_REVOKED");
}

TEST_F(TrustStoreTest, DeniesWhomTheOperatorNames) {
  const std::string first = Issue(*idn_, Role::kOfficer, "desk-1");
  const std::string second = Issue(*khm_, Role::kNode, "node-1");
  Write("denied", absl::StrCat("# stolen on Monday\nspiffe://imigrasi.go.id/officer/desk-1\n",
                               Certificate::FromPem(second)->serial(), "\n"));
  store_->Tick(clock_.Now());
  EXPECT_EQ(Reason(first, Peer::kOwnPerson), "CERTIFICATE_REVOKED");
  EXPECT_EQ(Reason(second, Peer::kPartnerNode), "CERTIFICATE_REVOKED");
  Write("denied", "desk-1");
  store_->Tick(clock_.Now());
  EXPECT_EQ(Logged("neither a serial nor a SPIFFE URI"), 1);
  EXPECT_EQ(Reason(first, Peer::kOwnPerson), "CERTIFICATE_REVOKED");
}

TEST_F(TrustStoreTest, JudgesByPort) {
  const std::string officer = Issue(*idn_, Role::kOfficer, "desk-1");
  const std::string node = Issue(*idn_, Role::kNode, "node-1");
  const std::string partners_node = Issue(*khm_, Role::kNode, "node-1");
  const std::string partners_officer = Issue(*khm_, Role::kOfficer, "desk-1");
  const absl::StatusOr<Principal> principal =
      store_->Judge(officer, Peer::kOwnPerson, clock_.Now());
  ASSERT_TRUE(principal.ok());
  EXPECT_EQ(principal->spiffe_uri, "spiffe://imigrasi.go.id/officer/desk-1");
  EXPECT_TRUE(store_->Judge(partners_node, Peer::kPartnerNode, clock_.Now()).ok());
  EXPECT_EQ(Reason(node, Peer::kOwnPerson), "WRONG_PORT");
  EXPECT_EQ(Reason(partners_officer, Peer::kPartnerNode), "WRONG_PORT");
  EXPECT_EQ(Reason(officer, Peer::kPartnerNode), "UNTRUSTED_ISSUER");
  EXPECT_EQ(Reason(partners_node, Peer::kOwnPerson), "UNTRUSTED_ISSUER");
  EXPECT_EQ(Reason("", Peer::kOwnPerson), "CERTIFICATE_UNREADABLE");
}

TEST_F(TrustStoreTest, ExpiryBitesAndGrowsTheEpoch) {
  const std::string officer = Issue(*idn_, Role::kOfficer, "desk-1", absl::Hours(1));
  ASSERT_TRUE(store_->Judge(officer, Peer::kOwnPerson, clock_.Now()).ok());
  store_->Tick(clock_.Now());
  const uint64_t epoch = store_->epoch();
  clock_.Advance(absl::Hours(2));
  EXPECT_EQ(Reason(officer, Peer::kOwnPerson), "CERTIFICATE_EXPIRED");
  store_->Tick(clock_.Now());
  EXPECT_EQ(store_->epoch(), epoch + 1);
  store_->Tick(clock_.Now());
  EXPECT_EQ(store_->epoch(), epoch + 1);
}

TEST_F(TrustStoreTest, WorksOnUnderShortCertificatesWhenAListIsStale) {
  clock_.Advance(absl::Hours(24 * 28));
  const std::string brief = Issue(*khm_, Role::kNode, "node-1");
  const std::string lasting = Issue(*khm_, Role::kNode, "node-1", absl::Hours(24 * 8));
  ASSERT_TRUE(store_->Judge(lasting, Peer::kPartnerNode, clock_.Now()).ok());
  clock_.Advance(absl::Hours(24 * 3));  // The lists promised a successor after 30 days.
  const uint64_t epoch = store_->epoch();
  store_->Tick(clock_.Now());
  store_->Tick(clock_.Now());
  EXPECT_TRUE(store_->IsStale(clock_.Now()));
  EXPECT_EQ(Logged("ALARM"), 1);
  EXPECT_EQ(store_->epoch(), epoch + 1);
  EXPECT_TRUE(store_->Judge(brief, Peer::kPartnerNode, clock_.Now()).ok());
  EXPECT_EQ(Reason(lasting, Peer::kPartnerNode), "REVOCATIONS_STALE");
  Write("partner_crl.pem", List(khm_.get()));
  Write("own_crl.pem", List(idn_.get()));
  store_->Tick(clock_.Now());
  EXPECT_FALSE(store_->IsStale(clock_.Now()));
  EXPECT_TRUE(store_->Judge(lasting, Peer::kPartnerNode, clock_.Now()).ok());
}

TEST_F(TrustStoreTest, TakesANewerListOfThePartnerOverTheLinkOnly) {
  const std::string node = Issue(*khm_, Role::kNode, "node-1");
  const std::string held = *ReadKeyFile(Path("partner_crl.pem"));
  EXPECT_EQ(store_->OfferPartnerRevocations(held, clock_.Now()).code(),
            absl::StatusCode::kFailedPrecondition);
  EXPECT_EQ(store_->OfferPartnerRevocations(List(idn_.get()), clock_.Now()).code(),
            absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(store_->OfferPartnerRevocations("garbage", clock_.Now()).code(),
            absl::StatusCode::kInvalidArgument);
  ASSERT_TRUE(khm_->Revoke(Certificate::FromPem(node)->serial(), clock_.Now()).ok());
  ASSERT_TRUE(store_->OfferPartnerRevocations(List(khm_.get()), clock_.Now()).ok());
  EXPECT_EQ(Reason(node, Peer::kPartnerNode), "CERTIFICATE_REVOKED");
  // It survives a restart.
  store_ = *TrustStore::Open(options_, &clock_);
  EXPECT_EQ(Reason(node, Peer::kPartnerNode), "CERTIFICATE_REVOKED");
}

TEST_F(TrustStoreTest, ListenersHearOfChangesUntilTheyAreRemoved) {
  int heard = 0;
  const uint64_t listener = store_->AddListener([&] { ++heard; });
  Write("node.pem", Issue(*idn_, Role::kNode, "node-1"));
  store_->Tick(clock_.Now());
  EXPECT_EQ(heard, 0) << "who we are changes nobody else";
  Write("own_crl.pem", List(idn_.get()));
  store_->Tick(clock_.Now());
  EXPECT_EQ(heard, 1);
  store_->RemoveListener(listener);
  Write("own_crl.pem", List(idn_.get()));
  store_->Tick(clock_.Now());
  EXPECT_EQ(heard, 1);
}

TEST_F(TrustStoreTest, OpenStreamsCutsOnlyWhoIsNotBelievedAnyMore) {
  OpenStreams streams(store_.get());
  absl::Status first, second;
  const std::string lost = Issue(*idn_, Role::kOfficer, "desk-1");
  streams.Add(lost, Peer::kOwnPerson, clock_.Now(), [&](absl::Status why) { first = why; });
  const uint64_t kept = streams.Add(Issue(*idn_, Role::kOfficer, "desk-2"), Peer::kOwnPerson,
                                    clock_.Now(), [&](absl::Status why) { second = why; });
  ASSERT_TRUE(idn_->Revoke(Certificate::FromPem(lost)->serial(), clock_.Now()).ok());
  Write("own_crl.pem", List(idn_.get()));
  store_->Tick(clock_.Now());
  EXPECT_EQ(ErrorReason(first), "CERTIFICATE_REVOKED");
  EXPECT_TRUE(second.ok());
  // Opened between the call's check and here.
  absl::Status late;
  streams.Add(lost, Peer::kOwnPerson, clock_.Now(), [&](absl::Status why) { late = why; });
  EXPECT_EQ(ErrorReason(late), "CERTIFICATE_REVOKED");
  first = absl::OkStatus();
  clock_.Advance(kStreamAgeMax);
  streams.Tick(clock_.Now());
  EXPECT_EQ(ErrorReason(second), "STREAM_AGE");
  EXPECT_TRUE(first.ok()) << "cut twice";
  EXPECT_EQ(streams.size(), 3u);
  streams.Remove(kept);
  EXPECT_EQ(streams.size(), 2u);
}

}  // namespace
}  // namespace lintas

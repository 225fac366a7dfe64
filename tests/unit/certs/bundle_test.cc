#include "certs/bundle.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>

#include "certs/country_ca.h"
#include "certs/fingerprint_words.h"
#include "server/crypto/os_random.h"
#include "tests/unit/certs/temp_folder.h"

namespace lintas {
namespace {

using trust::v1::AuthorityKey;
using trust::v1::LedgerKey;
using trust::v1::TrustBundle;

class Bundle : public testing::Test {
 protected:
  Bundle() : random_(MakeOsRandom()), keys_(GenerateNodeKeys(*random_)) {
    const absl::Time now = absl::FromUnixSeconds(1790000000);
    auto ca = *CountryCa::Init(folder_.File("ca"), "khm", absl::Hours(24 * 365), now, *random_);
    BundleParts parts;
    parts.country = "khm";
    parts.partnership = "idn-khm";
    parts.authority_pems = ca->certificate().Pem();
    parts.revocation_list_pem = ca->WriteRevocationList(now)->Pem();
    parts.keys = &keys_;
    parts.issue_day = absl::CivilDay(2026, 9, 21);
    for (const char* name : {"first", "second"}) {
      AuthorityKey key;
      key.set_name(name);
      key.set_office("Director General of Immigration");
      key.set_public_key(SigningKey::Generate(*random_).verify_key().bytes());
      key.set_start_date("2026-01-01");
      key.set_end_date("2028-12-31");
      parts.authority_keys.push_back(key);
    }
    bundle_ = *MakeBundle(parts);
  }

  TempFolder folder_;
  std::unique_ptr<Random> random_;
  const NodeKeys keys_;
  TrustBundle bundle_;
};

TEST_F(Bundle, IsTheSameAfterItsFile) {
  const TrustBundle read = *ParseBundle(FormatBundle(bundle_));
  EXPECT_EQ(BundleDigest(read), BundleDigest(bundle_));
}

TEST_F(Bundle, NamesTheKeysThatTheNodeSignsWith) {
  EXPECT_EQ(KeyFor(bundle_, LedgerKey::EXCHANGE_LOG, 0)->key.bytes(),
            keys_.log.verify_key().bytes());
  EXPECT_EQ(KeyFor(bundle_, LedgerKey::HELD, 7)->key.bytes(), keys_.held.verify_key().bytes());
  EXPECT_EQ(KeyFor(bundle_, LedgerKey::EXCHANGE_LOG, 0)->name,
            "immigration.gov.kh/lintas/idn-khm/exchange/1");
}

TEST_F(Bundle, ShowsEverythingAndTheFingerprint) {
  const std::string text = DescribeBundle(bundle_);
  for (const std::string& part :
       {std::string("spiffe://immigration.gov.kh"), bundle_.ledger_keys(0).periods(0).vkey(),
        std::string("second, Director General of Immigration, 2026-01-01 to 2028-12-31"),
        FingerprintWords(BundleDigest(bundle_))}) {
    EXPECT_THAT(text, testing::HasSubstr(part));
  }
}

TEST_F(Bundle, RefusesEachBrokenRule) {
  const std::vector<std::pair<const char*, std::function<void(TrustBundle*)>>> faults = {
      {"no Party", [](TrustBundle* b) { b->set_country("usa"); }},
      {"the other Party's CA", [](TrustBundle* b) { b->set_country("idn"); }},
      {"another partnership", [](TrustBundle* b) { b->set_partnership("idn-tha"); }},
      {"no CA", [](TrustBundle* b) { b->clear_authority_pems(); }},
      {"two in one",
       [](TrustBundle* b) {
         b->set_authority_pems(0, b->authority_pems(0) + b->authority_pems(0));
       }},
      {"no list", [](TrustBundle* b) { b->clear_revocation_list_pem(); }},
      {"a use lacks", [](TrustBundle* b) { b->mutable_ledger_keys()->RemoveLast(); }},
      {"a use twice", [](TrustBundle* b) { *b->add_ledger_keys() = b->ledger_keys(0); }},
      {"no period", [](TrustBundle* b) { b->mutable_ledger_keys(2)->clear_periods(); }},
      {"periods that begin late",
       [](TrustBundle* b) { b->mutable_ledger_keys(0)->mutable_periods(0)->set_from_size(1); }},
      {"periods that stand still",
       [](TrustBundle* b) {
         *b->mutable_ledger_keys(0)->add_periods() = b->ledger_keys(0).periods(0);
       }},
      {"a vkey of another use",
       [](TrustBundle* b) {
         *b->mutable_ledger_keys(2)->mutable_periods(0) = b->ledger_keys(3).periods(0);
       }},
      {"a key that nobody agreed to",
       [this](TrustBundle* b) {
         trust::v1::KeyPeriod* period = b->mutable_ledger_keys(2)->add_periods();
         period->set_from_size(10);
         period->set_vkey(note::FormatVkey(*note::MakeKey(
             LedgerKeyName("khm", "idn-khm", LedgerKey::HELD), note::SignatureType::kCosignature,
             SigningKey::Generate(*random_).verify_key())));
       }},
      {"a first key with a signature",
       [](TrustBundle* b) {
         b->mutable_ledger_keys(0)->mutable_periods(0)->add_signatures()->set_name("first");
       }},
      {"one office-holder", [](TrustBundle* b) { b->mutable_authority_keys()->RemoveLast(); }},
      {"one person twice",
       [](TrustBundle* b) {
         b->mutable_authority_keys(1)->set_public_key(b->authority_keys(0).public_key());
       }},
      {"a node's key as a person's",
       [this](TrustBundle* b) {
         b->mutable_authority_keys(0)->set_public_key(keys_.held.verify_key().bytes());
       }},
      {"a short key",
       [](TrustBundle* b) { b->mutable_authority_keys(0)->set_public_key("short"); }},
      {"two lines", [](TrustBundle* b) { b->mutable_authority_keys(0)->set_office("a\nb"); }},
      {"a term backwards",
       [](TrustBundle* b) { b->mutable_authority_keys(0)->set_end_date("2025-12-31"); }},
      {"no day of making", [](TrustBundle* b) { b->clear_issue_date(); }},
      {"signatures though it follows none",
       [](TrustBundle* b) { b->add_signatures()->set_name("first"); }},
      {"that follows another, unsigned",
       [](TrustBundle* b) { b->set_previous_digest(std::string(32, 'p')); }},
      {"a digest cut short", [](TrustBundle* b) { b->set_previous_digest("p"); }},
      {"no date", [](TrustBundle* b) { b->mutable_authority_keys(0)->set_start_date("soon"); }},
  };
  ASSERT_TRUE(CheckBundle(bundle_).ok());
  for (const auto& [name, spoil] : faults) {
    TrustBundle spoiled = bundle_;
    spoil(&spoiled);
    EXPECT_EQ(CheckBundle(spoiled).code(), absl::StatusCode::kInvalidArgument) << name;
    EXPECT_NE(BundleDigest(spoiled), BundleDigest(bundle_)) << name;
  }
}

TEST_F(Bundle, RefusesAFileWithMoreThanItUnderstands) {
  std::string json = FormatBundle(bundle_);
  json.insert(1, "\"also_trust\": \"me\",");
  EXPECT_FALSE(ParseBundle(json).ok());
  EXPECT_FALSE(ParseBundle("").ok());
  EXPECT_FALSE(ParseBundle("{}").ok());
}

TEST_F(Bundle, RefusesOneNodeKeyForTwoUses) {
  NodeKeys twice = keys_;
  twice.consistent = keys_.held;
  BundleParts parts;
  parts.country = "khm";
  parts.partnership = "idn-khm";
  parts.authority_pems = bundle_.authority_pems(0);
  parts.revocation_list_pem = bundle_.revocation_list_pem();
  parts.keys = &twice;
  for (const AuthorityKey& key : bundle_.authority_keys()) parts.authority_keys.push_back(key);
  EXPECT_FALSE(MakeBundle(parts).ok());
  parts.keys = &keys_;
  EXPECT_TRUE(MakeBundle(parts).ok());
}

}  // namespace
}  // namespace lintas

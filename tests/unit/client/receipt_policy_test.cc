#include "client/receipt_policy.h"

#include <gtest/gtest.h>

#include "absl/time/time.h"
#include "google/protobuf/util/json_util.h"
#include "server/ledger/note/cosignature.h"
#include "tests/unit/server/ledger/note/test_keys.h"

namespace lintas::client {
namespace {

using trust::v1::LedgerKey;
using trust::v1::TrustBundle;

constexpr char kExchange[] = "immigration.gov.kh/lintas/idn-khm/exchange/1";
constexpr char kHome[] = "immigration.gov.kh/lintas/idn-khm/home/1";

void AddKey(LedgerKey::Use use, const note::NoteKey& key, TrustBundle* bundle) {
  LedgerKey* added = bundle->add_ledger_keys();
  added->set_use(use);
  added->add_periods()->set_vkey(note::FormatVkey(key));
}

TrustBundle Cambodia() {
  TrustBundle bundle;
  bundle.set_country("khm");
  AddKey(LedgerKey::EXCHANGE_LOG, note::LogKey(kExchange, 'e'), &bundle);
  AddKey(LedgerKey::HOME_LOG, note::LogKey(kHome, 'o'), &bundle);
  AddKey(LedgerKey::HELD, note::WitnessKey("khm/held", 'k'), &bundle);
  return bundle;
}

TrustBundle Indonesia() {
  TrustBundle bundle;
  bundle.set_country("idn");
  AddKey(LedgerKey::HELD, note::WitnessKey("idn/held", 'i'), &bundle);
  return bundle;
}

// A checkpoint of `origin`, cosigned by `cosigner` if one is named.
std::string Signed(const char* origin, char key, const char* cosigner = "", char cosigner_key = 0) {
  note::SignedNote note =
      *note::ParseNote(note::SignCheckpoint({origin, TreeSize(1), Hash(), {}}, note::TestKey(key)));
  if (cosigner_key != 0) {
    note::AddSignature(&note, note::Cosign(note.text, cosigner, note::TestKey(cosigner_key),
                                           absl::FromUnixSeconds(1)));
  }
  return note::FormatNote(note);
}

TEST(ReceiptPolicy, AsksForTheOtherCountrysHeldSignature) {
  const auto policy = PolicyOf({Cambodia(), Indonesia()}, kExchange);
  ASSERT_TRUE(policy.ok()) << policy.status();
  EXPECT_TRUE(policy->Satisfied(Signed(kExchange, 'e', "idn/held", 'i')).ok());
  EXPECT_FALSE(policy->Satisfied(Signed(kExchange, 'e')).ok());
}

TEST(ReceiptPolicy, LetsNoCountryBeItsOwnWitness) {
  const auto policy = PolicyOf({Cambodia(), Indonesia()}, kExchange);
  ASSERT_TRUE(policy.ok()) << policy.status();
  EXPECT_FALSE(policy->Satisfied(Signed(kExchange, 'e', "khm/held", 'k')).ok());
}

TEST(ReceiptPolicy, AsksForNoWitnessOfAHomeLedgerOrWithOneBundle) {
  EXPECT_TRUE(PolicyOf({Cambodia(), Indonesia()}, kHome)->Satisfied(Signed(kHome, 'o')).ok());
  EXPECT_TRUE(PolicyOf({Cambodia()}, kExchange)->Satisfied(Signed(kExchange, 'e')).ok());
  EXPECT_FALSE(PolicyOf({Cambodia()}, kExchange)->Satisfied(Signed(kExchange, 'x')).ok());
}

TEST(ReceiptPolicy, RefusesALedgerThatNoBundleNames) {
  EXPECT_TRUE(absl::IsInvalidArgument(PolicyOf({Indonesia()}, kExchange).status()));
  EXPECT_TRUE(absl::IsInvalidArgument(PolicyOf({}, kExchange).status()));
}

TEST(ReceiptPolicy, ReadsBundlesFromTheirFileForm) {
  std::string json;
  ASSERT_TRUE(google::protobuf::util::MessageToJsonString(Cambodia(), &json).ok());
  EXPECT_EQ(ParseTrustBundle(json)->country(), "khm");
  EXPECT_FALSE(ParseTrustBundle("nonsense").ok());
}

}  // namespace
}  // namespace lintas::client

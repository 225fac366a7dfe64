#include "client/receipt_policy.h"

#include <gtest/gtest.h>

#include "absl/time/time.h"
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
  const auto policy = PolicyOf({Cambodia(), Indonesia()}, kExchange, TreeSize(1));
  ASSERT_TRUE(policy.ok()) << policy.status();
  EXPECT_TRUE(policy->Satisfied(Signed(kExchange, 'e', "idn/held", 'i')).ok());
  EXPECT_FALSE(policy->Satisfied(Signed(kExchange, 'e')).ok());
}

TEST(ReceiptPolicy, LetsNoCountryBeItsOwnWitness) {
  const auto policy = PolicyOf({Cambodia(), Indonesia()}, kExchange, TreeSize(1));
  ASSERT_TRUE(policy.ok()) << policy.status();
  EXPECT_FALSE(policy->Satisfied(Signed(kExchange, 'e', "khm/held", 'k')).ok());
}

TEST(ReceiptPolicy, AsksForNoWitnessOfAHomeLedgerOrWithOneBundle) {
  EXPECT_TRUE(
      PolicyOf({Cambodia(), Indonesia()}, kHome, TreeSize(1))->Satisfied(Signed(kHome, 'o')).ok());
  EXPECT_TRUE(
      PolicyOf({Cambodia()}, kExchange, TreeSize(1))->Satisfied(Signed(kExchange, 'e')).ok());
  EXPECT_FALSE(
      PolicyOf({Cambodia()}, kExchange, TreeSize(1))->Satisfied(Signed(kExchange, 'x')).ok());
}

TEST(ReceiptPolicy, RefusesALedgerThatNoBundleNames) {
  EXPECT_TRUE(absl::IsInvalidArgument(PolicyOf({Indonesia()}, kExchange, TreeSize(1)).status()));
  EXPECT_TRUE(absl::IsInvalidArgument(PolicyOf({}, kExchange, TreeSize(1)).status()));
}

TEST(ReceiptPolicy, BelievesEachKeyInItsOwnSizesOnly) {
  TrustBundle bundle = Cambodia();
  trust::v1::KeyPeriod* next = bundle.mutable_ledger_keys(0)->add_periods();
  next->set_vkey(note::FormatVkey(note::LogKey(kExchange, 'n')));
  next->set_from_size(2);
  const auto before = PolicyOf({bundle}, kExchange, TreeSize(1));
  EXPECT_TRUE(before->Satisfied(Signed(kExchange, 'e')).ok());
  EXPECT_FALSE(before->Satisfied(Signed(kExchange, 'n')).ok());
  const auto after = PolicyOf({bundle}, kExchange, TreeSize(2));
  EXPECT_FALSE(after->Satisfied(Signed(kExchange, 'e')).ok());
  EXPECT_TRUE(after->Satisfied(Signed(kExchange, 'n')).ok());
}

}  // namespace
}  // namespace lintas::client

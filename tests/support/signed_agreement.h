// The default agreement, signed for tests: keys are made from fixed seeds at run time, offices are
// those that no person stands behind. For tests only.
#ifndef LINTAS_TESTS_SUPPORT_SIGNED_AGREEMENT_H_
#define LINTAS_TESTS_SUPPORT_SIGNED_AGREEMENT_H_

#include <fstream>
#include <functional>
#include <sstream>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "google/protobuf/text_format.h"
#include "lintas/agreement/v1/agreement.pb.h"
#include "server/agreement/agreement.h"
#include "server/base/check.h"
#include "server/crypto/ed25519.h"

namespace lintas {

// A day within the terms of all office-holders below.
inline absl::Time SigningDayForTest() {
  return absl::FromCivil(absl::CivilSecond(2026, 3, 1, 12, 0, 0), absl::UTCTimeZone());
}

inline SigningKey KeyForTest(const std::string& name) {
  absl::StatusOr<SigningKey> key = SigningKey::FromSeed(Secret(Sha256Of(name).str()));
  LINTAS_CHECK(key.ok());
  return *key;
}

// Two office-holders of each Party, in office from 2025 to 2029.
inline std::vector<agreement::v1::OfficeHolder> OfficeHoldersForTest() {
  std::vector<agreement::v1::OfficeHolder> holders;
  for (const char* country : {"idn", "khm"}) {
    for (const char* office : {"Director General", "Director of Cooperation"}) {
      agreement::v1::OfficeHolder& holder = holders.emplace_back();
      holder.set_country(country);
      holder.set_office(office);
      holder.set_public_key(KeyForTest(absl::StrCat(country, office)).verify_key().bytes());
      holder.set_start_date("2025-01-01");
      holder.set_end_date("2029-12-31");
    }
  }
  return holders;
}

inline SigningKey KeyOfForTest(const agreement::v1::OfficeHolder& holder) {
  return KeyForTest(absl::StrCat(holder.country(), holder.office()));
}

// The same as the trust bundles would hold them.
inline std::vector<AuthorityKey> TrustedKeysForTest() {
  std::vector<AuthorityKey> keys;
  for (const auto& holder : OfficeHoldersForTest()) {
    keys.push_back({holder.country(), holder.office(), holder.public_key(),
                    absl::CivilDay(2025, 1, 1), absl::CivilDay(2029, 12, 31)});
  }
  return keys;
}

// deploy/agreement/default.textproto with office-holders.
inline agreement::v1::Agreement DefaultAgreementForTest() {
  std::ifstream file(std::string(LINTAS_SOURCE_DIR) + "/deploy/agreement/default.textproto");
  std::stringstream text;
  text << file.rdbuf();
  agreement::v1::Agreement agreement;
  LINTAS_CHECK(google::protobuf::TextFormat::ParseFromString(text.str(), &agreement));
  for (const auto& holder : OfficeHoldersForTest()) *agreement.add_office_holders() = holder;
  return agreement;
}

inline void AddSignatureForTest(const SigningKey& key, agreement::v1::SignedAgreement* signed_one) {
  agreement::v1::Agreement agreement;
  LINTAS_CHECK(agreement.ParseFromString(signed_one->agreement()));
  auto* signature = signed_one->add_signatures();
  signature->set_public_key(key.verify_key().bytes());
  signature->set_signature(
      key.Sign(SignedBytes("agreement", agreement.partnership(), signed_one->agreement())));
}

// Signed by all office-holders that `agreement` names, with the keys of KeyOfForTest.
inline agreement::v1::SignedAgreement SignForTest(const agreement::v1::Agreement& agreement) {
  agreement::v1::SignedAgreement signed_one;
  signed_one.set_agreement(agreement.SerializeAsString());
  for (const auto& holder : agreement.office_holders()) {
    AddSignatureForTest(KeyOfForTest(holder), &signed_one);
  }
  return signed_one;
}

inline AgreementVersionPtr VersionForTest(const agreement::v1::Agreement& agreement) {
  absl::StatusOr<AgreementVersionPtr> version = AgreementVersion::Parse(SignForTest(agreement));
  LINTAS_CHECK(version.ok());
  return *version;
}

inline agreement::v1::Agreement NextVersionForTest(const AgreementVersion& previous) {
  agreement::v1::Agreement next = previous.agreement();
  next.set_version(previous.version() + 1);
  next.set_previous_digest(previous.digest().str());
  return next;
}

}  // namespace lintas

#endif  // LINTAS_TESTS_SUPPORT_SIGNED_AGREEMENT_H_

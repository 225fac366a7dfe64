#include "server/agreement/agreement.h"

#include <algorithm>
#include <set>
#include <utility>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "server/agreement/well_formed.h"
#include "server/base/check.h"
#include "server/base/error.h"
#include "server/base/status.h"
#include "server/call/operation.h"
#include "server/crypto/ed25519.h"

namespace lintas {
namespace {

using absl::string_view;
using agreement::v1::AuthoritySignature;
using agreement::v1::Grant;
using agreement::v1::SignedAgreement;

// An agreement travels in one entry's section; nothing near this size is an agreement.
constexpr size_t kAgreementBytesMax = 1 << 19;
constexpr int kSignaturesMax = 64;

std::string GrantKey(string_view role, string_view operation, string_view purpose) {
  return absl::StrCat(role, "|", operation, "|", purpose);
}

absl::Status BadSignatures(const std::string& why,
                           const std::map<std::string, std::string>& metadata = {}) {
  return MakeError(absl::StatusCode::kInvalidArgument, "BAD_SIGNATURES", why, metadata);
}

// Every signature must be a true one of its key over `message`, and no key may sign twice.
absl::Status CheckTrue(const SignedAgreement& signed_agreement, string_view message) {
  std::set<string_view> seen;
  for (const AuthoritySignature& signature : signed_agreement.signatures()) {
    absl::StatusOr<VerifyKey> key = VerifyKey::FromBytes(signature.public_key());
    if (!key.ok() || !key->Verify(message, signature.signature())) {
      return BadSignatures("a signature is not its key's over these bytes");
    }
    if (!seen.insert(signature.public_key()).second) {
      return BadSignatures("a key has signed twice");
    }
  }
  return absl::OkStatus();
}

// The offices of `country` for which a trusted key in its term has signed. A key that is trusted
// for two countries is one person speaking for both, and counts for neither.
std::set<std::string> SigningOffices(const SignedAgreement& signed_agreement, string_view country,
                                     const std::vector<AuthorityKey>& trusted,
                                     absl::CivilDay today) {
  std::set<std::string> offices;
  std::set<string_view> used;  // One key counts for one office.
  for (const AuthorityKey& key : trusted) {
    if (key.country != country || today < key.first_day || today > key.last_day) continue;
    const bool elsewhere = std::any_of(trusted.begin(), trusted.end(), [&](const auto& other) {
      return other.public_key == key.public_key && other.country != country;
    });
    const bool has_signed =
        std::any_of(signed_agreement.signatures().begin(), signed_agreement.signatures().end(),
                    [&](const AuthoritySignature& s) { return s.public_key() == key.public_key; });
    if (elsewhere || !has_signed || used.count(key.public_key) != 0) continue;
    used.insert(key.public_key);
    offices.insert(key.office);
  }
  return offices;
}

}  // namespace

absl::StatusOr<AgreementVersionPtr> AgreementVersion::Parse(
    const SignedAgreement& signed_agreement) {
  if (signed_agreement.agreement().size() > kAgreementBytesMax ||
      signed_agreement.signatures_size() > kSignaturesMax) {
    return FieldsError({{"agreement", "TOO_LARGE", "at most 512 KiB and 64 signatures"}});
  }
  std::shared_ptr<AgreementVersion> version(new AgreementVersion());
  version->signed_ = signed_agreement;
  if (!version->agreement_.ParseFromString(signed_agreement.agreement())) {
    return FieldsError({{"agreement", "NOT_A_MESSAGE", "a serialised Agreement"}});
  }
  std::vector<FieldViolation> violations;
  CheckWellFormed(version->agreement_, &violations);
  RETURN_IF_ERROR(FieldsError(violations));
  version->digest_ = Sha256Of(signed_agreement.agreement());
  version->BuildIndex();
  return AgreementVersionPtr(std::move(version));
}

absl::StatusOr<AgreementVersionPtr> AgreementVersion::Parse(string_view signed_agreement_bytes) {
  SignedAgreement signed_agreement;
  if (!signed_agreement.ParseFromArray(signed_agreement_bytes.data(),
                                       static_cast<int>(signed_agreement_bytes.size()))) {
    return FieldsError({{"signed_agreement", "NOT_A_MESSAGE", "a serialised SignedAgreement"}});
  }
  return Parse(signed_agreement);
}

void AgreementVersion::BuildIndex() {
  for (const auto& terms : agreement_.record_terms()) terms_[terms.type()] = &terms;
  for (const auto& purpose : agreement_.purposes()) purposes_[purpose.code()] = &purpose;
  for (const Grant& grant : agreement_.grants()) {
    for (const std::string& operation : grant.operations()) {
      for (const std::string& purpose : grant.purposes()) {
        grants_[GrantKey(grant.role(), operation, purpose)] = &grant;
      }
    }
  }
}

const agreement::v1::RecordTerms* AgreementVersion::Terms(string_view type) const {
  auto found = terms_.find(type);
  return found == terms_.end() ? nullptr : found->second;
}

const agreement::v1::Purpose* AgreementVersion::FindPurpose(string_view code) const {
  auto found = purposes_.find(code);
  return found == purposes_.end() ? nullptr : found->second;
}

const Grant* AgreementVersion::Permit(string_view role, string_view operation,
                                      string_view purpose) const {
  auto found = grants_.find(GrantKey(role, operation, purpose));
  return found == grants_.end() ? nullptr : found->second;
}

std::vector<std::string> AgreementVersion::PurposesFor(string_view role,
                                                       string_view operation) const {
  std::vector<std::string> codes;
  for (const auto& purpose : agreement_.purposes()) {
    if (Permit(role, operation, purpose.code()) != nullptr) codes.push_back(purpose.code());
  }
  return codes;
}

std::optional<uint32_t> AgreementVersion::RetentionDays(string_view retention_class) const {
  for (const auto& retention : agreement_.retentions()) {
    if (retention.retention_class() == retention_class) return retention.days();
  }
  return std::nullopt;
}

std::vector<AuthorityKey> AgreementVersion::OfficeHolderKeys() const {
  std::vector<AuthorityKey> keys;
  for (const auto& holder : agreement_.office_holders()) {
    AuthorityKey key{holder.country(), holder.office(), holder.public_key(), {}, {}};
    LINTAS_CHECK(ParseDay(holder.start_date(), &key.first_day));  // Parse saw that it is a day.
    LINTAS_CHECK(ParseDay(holder.end_date(), &key.last_day));
    keys.push_back(std::move(key));
  }
  return keys;
}

absl::Status AgreementVersion::VerifySignatures(const std::vector<AuthorityKey>& trusted,
                                                absl::Time now) const {
  RETURN_IF_ERROR(CheckTrue(signed_, SignedBytes("agreement", partnership(), signed_.agreement())));
  const absl::CivilDay today = absl::ToCivilDay(now, absl::UTCTimeZone());
  for (const std::string& country : agreement_.parties()) {
    const size_t count = SigningOffices(signed_, country, trusted, today).size();
    if (count >= 2) continue;
    return BadSignatures(absl::StrCat("of ", country, ", ", count,
                                      " trusted office-holders in their term have signed, and two "
                                      "are needed"),
                         {{"country", country}, {"signed", absl::StrCat(count)}});
  }
  return absl::OkStatus();
}

AgreementBook::AgreementBook(std::string partnership, std::string own_country,
                             std::string partner_country)
    : partnership_(std::move(partnership)),
      own_country_(std::move(own_country)),
      partner_country_(std::move(partner_country)) {
  LINTAS_CHECK(own_country_ != partner_country_);
}

const AgreementBook::Versions& AgreementBook::Of(string_view country) const {
  LINTAS_CHECK(country == own_country_ || country == partner_country_);
  return country == own_country_ ? own_ : partner_;
}

absl::Status AgreementBook::CheckAdoption(string_view country, const AgreementVersion& version,
                                          const std::vector<AuthorityKey>& trusted,
                                          absl::Time now) const {
  const auto& parties = version.agreement().parties();
  const auto is_party = [&](const std::string& wanted) {
    return std::find(parties.begin(), parties.end(), wanted) != parties.end();
  };
  if (version.partnership() != partnership_ || !is_party(own_country_) ||
      !is_party(partner_country_)) {
    return MakeError(absl::StatusCode::kInvalidArgument, "WRONG_PARTNERSHIP",
                     "the agreement is of another partnership than " + partnership_,
                     {{"partnership", version.partnership()}});
  }
  std::vector<AuthorityKey> keys = trusted;
  {
    absl::ReaderMutexLock lock(&mutex_);
    const Versions& other = country == own_country_ ? partner_ : own_;
    auto known = other.find(version.version());
    if (known != other.end() && known->second->digest() != version.digest()) {
      return MakeError(
          absl::StatusCode::kFailedPrecondition, "VERSION_CONFLICT",
          absl::StrCat("the other ledger holds another agreement as version ", version.version()));
    }
    const Versions& held = Of(country);
    const uint32_t newest = held.empty() ? 0 : held.rbegin()->first;
    if (version.version() != newest + 1) {
      return MakeError(
          absl::StatusCode::kFailedPrecondition, "NOT_NEXT_VERSION",
          absl::StrCat("the ledger of ", country, " holds version ", newest,
                       " and can adopt version ", newest + 1, " only, not ", version.version()),
          {{"held", absl::StrCat(newest)}, {"offered", absl::StrCat(version.version())}});
    }
    if (newest > 0) {
      const AgreementVersion& previous = *held.at(newest);
      if (version.agreement().previous_digest() != previous.digest().view()) {
        return MakeError(absl::StatusCode::kInvalidArgument, "BROKEN_CHAIN",
                         absl::StrCat("previous_digest is not that of version ", newest));
      }
      for (AuthorityKey& key : previous.OfficeHolderKeys()) keys.push_back(std::move(key));
    }
  }
  return version.VerifySignatures(keys, now);
}

void AgreementBook::Adopt(string_view country, AgreementVersionPtr version) {
  LINTAS_CHECK(country == own_country_ || country == partner_country_);
  absl::MutexLock lock(&mutex_);
  const uint32_t number = version->version();
  Versions& adopting = country == own_country_ ? own_ : partner_;
  const Versions& other = country == own_country_ ? partner_ : own_;
  if (!adopting.emplace(number, version).second) return;
  auto common = other.find(number);
  if (common == other.end() || common->second->digest() != version->digest()) return;
  if (in_force_ == nullptr || in_force_->version() < number) in_force_ = std::move(version);
}

AgreementVersionPtr AgreementBook::InForce() const {
  absl::ReaderMutexLock lock(&mutex_);
  return in_force_;
}

AgreementVersionPtr AgreementBook::ForRelease() const {
  absl::ReaderMutexLock lock(&mutex_);
  return in_force_ == nullptr ? nullptr : own_.rbegin()->second;
}

AgreementVersionPtr AgreementBook::ByVersion(string_view country, uint32_t version) const {
  absl::ReaderMutexLock lock(&mutex_);
  const Versions& held = Of(country);
  auto found = held.find(version);
  return found == held.end() ? nullptr : found->second;
}

AgreementVersionPtr AgreementBook::ByVersion(uint32_t version) const {
  AgreementVersionPtr own = ByVersion(own_country_, version);
  return own != nullptr ? own : ByVersion(partner_country_, version);
}

uint32_t AgreementBook::OwnVersion() const {
  absl::ReaderMutexLock lock(&mutex_);
  return own_.empty() ? 0 : own_.rbegin()->first;
}

uint32_t AgreementBook::PartnerVersion() const {
  absl::ReaderMutexLock lock(&mutex_);
  return partner_.empty() ? 0 : partner_.rbegin()->first;
}

std::vector<uint32_t> AgreementBook::OwnVersions() const {
  absl::ReaderMutexLock lock(&mutex_);
  std::vector<uint32_t> versions;
  for (const auto& held : own_) versions.push_back(held.first);
  return versions;
}

absl::Status AgreementBook::NoCommonAgreementError() const {
  absl::ReaderMutexLock lock(&mutex_);
  const auto list = [](const Versions& held) {
    if (held.empty()) return std::string("none");
    return absl::StrJoin(
        held, ", ", [](std::string* out, const auto& each) { absl::StrAppend(out, each.first); });
  };
  return MakeError(
      absl::StatusCode::kFailedPrecondition, "NO_COMMON_AGREEMENT",
      absl::StrCat("no agreement version stands in both ledgers: ", own_country_, " holds ",
                   list(own_), "; ", partner_country_, " holds ", list(partner_)),
      {{own_country_, list(own_)}, {partner_country_, list(partner_)}});
}

void AgreementBook::Clear() {
  absl::MutexLock lock(&mutex_);
  own_.clear();
  partner_.clear();
  in_force_ = nullptr;
}

}  // namespace lintas

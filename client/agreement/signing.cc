#include "client/agreement/signing.h"

#include <algorithm>
#include <set>
#include <utility>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "google/protobuf/io/tokenizer.h"
#include "google/protobuf/text_format.h"
#include "server/base/error.h"
#include "server/base/status.h"
#include "server/crypto/sha256.h"

namespace lintas::client {
namespace {

using absl::string_view;
using agreement::v1::Agreement;
using agreement::v1::AuthoritySignature;
using agreement::v1::OfficeHolder;
using agreement::v1::SignedAgreement;

absl::Status Bad(string_view reason, string_view message) {
  return MakeError(absl::StatusCode::kInvalidArgument, reason, message);
}

// Keeps the first mistake in a text; later ones mostly follow from it.
class FirstMistake : public google::protobuf::io::ErrorCollector {
 public:
  void AddError(int line, google::protobuf::io::ColumnNumber column,
                const std::string& message) override {
    if (!text_.empty()) return;
    text_ = absl::StrCat("line ", line + 1, ", column ", column + 1, ": ", message);
  }
  const std::string& text() const { return text_; }

 private:
  std::string text_;
};

absl::Status ApplyLimits(const std::map<std::string, uint64_t>& values,
                         agreement::v1::Limits* limits) {
  const auto* reflection = limits->GetReflection();
  for (const auto& [name, value] : values) {
    const auto* field = limits->GetDescriptor()->FindFieldByName(name);
    if (field == nullptr) return Bad("UNKNOWN_LIMIT", absl::StrCat("there is no limit ", name));
    if (field->cpp_type() == google::protobuf::FieldDescriptor::CPPTYPE_UINT64) {
      reflection->SetUInt64(limits, field, value);
    } else if (value <= UINT32_MAX) {
      reflection->SetUInt32(limits, field, static_cast<uint32_t>(value));
    } else {
      return Bad("UNKNOWN_LIMIT", absl::StrCat(name, " is at most 4294967295"));
    }
  }
  return absl::OkStatus();
}

absl::StatusOr<Agreement> ParseAgreement(const SignedAgreement& signed_agreement) {
  Agreement agreement;
  if (signed_agreement.agreement().empty() ||
      !agreement.ParseFromString(signed_agreement.agreement())) {
    return Bad("NOT_AN_AGREEMENT", "the file holds no agreement");
  }
  return agreement;
}

bool HasSigned(const SignedAgreement& signed_agreement, const Agreement& agreement,
               const std::string& public_key) {
  const std::string message =
      SignedBytes("agreement", agreement.partnership(), signed_agreement.agreement());
  absl::StatusOr<VerifyKey> key = VerifyKey::FromBytes(public_key);
  return key.ok() &&
         std::any_of(signed_agreement.signatures().begin(), signed_agreement.signatures().end(),
                     [&](const AuthoritySignature& signature) {
                       return signature.public_key() == public_key &&
                              key->Verify(message, signature.signature());
                     });
}

// Dates of the form YYYY-MM-DD order as their text does.
bool InTerm(const OfficeHolder& holder, const std::string& today) {
  return holder.start_date() <= today && today <= holder.end_date();
}

}  // namespace

absl::StatusOr<SignedAgreement> Draft(string_view text, const DraftOptions& options) {
  Agreement agreement;
  FirstMistake mistake;
  google::protobuf::TextFormat::Parser parser;
  parser.RecordErrorsTo(&mistake);
  if (!parser.ParseFromString(std::string(text), &agreement)) {
    return Bad("BAD_AGREEMENT_TEXT", mistake.text());
  }
  RETURN_IF_ERROR(ApplyLimits(options.limits, agreement.mutable_limits()));
  if (!options.office_holders.empty()) {
    agreement.clear_office_holders();
    for (const OfficeHolder& holder : options.office_holders) {
      *agreement.add_office_holders() = holder;
    }
  }
  if (options.previous != nullptr) {
    ASSIGN_OR_RETURN(const Agreement previous, ParseAgreement(*options.previous));
    agreement.set_version(previous.version() + 1);
    agreement.set_previous_digest(Sha256Of(options.previous->agreement()).str());
  }
  SignedAgreement draft;
  draft.set_agreement(agreement.SerializeAsString());
  return draft;
}

absl::Status Sign(const SigningKey& key, SignedAgreement* signed_agreement) {
  ASSIGN_OR_RETURN(const Agreement agreement, ParseAgreement(*signed_agreement));
  const std::string& public_key = key.verify_key().bytes();
  const bool named =
      std::any_of(agreement.office_holders().begin(), agreement.office_holders().end(),
                  [&](const OfficeHolder& holder) { return holder.public_key() == public_key; });
  if (!named) {
    return Bad("NOT_AN_OFFICE_HOLDER", "the agreement names no office-holder with this key");
  }
  if (HasSigned(*signed_agreement, agreement, public_key)) return absl::OkStatus();
  AuthoritySignature* signature = signed_agreement->add_signatures();
  signature->set_public_key(public_key);
  signature->set_signature(
      key.Sign(SignedBytes("agreement", agreement.partnership(), signed_agreement->agreement())));
  return absl::OkStatus();
}

absl::StatusOr<SigningState> ReadSigningState(const SignedAgreement& signed_agreement,
                                              absl::CivilDay today) {
  ASSIGN_OR_RETURN(const Agreement agreement, ParseAgreement(signed_agreement));
  SigningState state;
  state.version = agreement.version();
  state.digest_hex = absl::BytesToHexString(Sha256Of(signed_agreement.agreement()).view());
  std::map<std::string, std::set<std::string>> offices;
  for (const OfficeHolder& holder : agreement.office_holders()) {
    const bool in_term = InTerm(holder, absl::FormatCivilTime(today));
    const bool valid = HasSigned(signed_agreement, agreement, holder.public_key());
    state.holders.push_back({holder.country(), holder.office(), in_term, valid});
    if (in_term && valid) offices[holder.country()].insert(holder.office());
  }
  state.complete = agreement.parties_size() == 2;
  for (const std::string& party : agreement.parties()) {
    state.complete = state.complete && offices[party].size() >= 2;
  }
  return state;
}

absl::StatusOr<SignedAgreement> ParseAgreementFile(string_view content) {
  SignedAgreement signed_agreement;
  if (!signed_agreement.ParseFromArray(content.data(), static_cast<int>(content.size()))) {
    return Bad("NOT_AN_AGREEMENT", "the file holds no signed agreement");
  }
  RETURN_IF_ERROR(ParseAgreement(signed_agreement).status());
  return signed_agreement;
}

absl::StatusOr<std::string> AgreementText(const SignedAgreement& signed_agreement) {
  ASSIGN_OR_RETURN(const Agreement agreement, ParseAgreement(signed_agreement));
  std::string text;
  if (!google::protobuf::TextFormat::PrintToString(agreement, &text)) {
    return Bad("NOT_AN_AGREEMENT", "the agreement cannot be shown as text");
  }
  return text;
}

}  // namespace lintas::client

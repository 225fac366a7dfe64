#include "server/crypto/chip/passive_authentication.h"

#include <openssl/err.h>
#include <openssl/x509v3.h>

#include <algorithm>

#include "server/base/error.h"
#include "server/base/states.h"
#include "server/crypto/chip/algorithms.h"
#include "server/crypto/chip/chain.h"
#include "server/crypto/chip/openssl_handles.h"
#include "server/crypto/chip/security_object.h"

namespace lintas::chip {
namespace {

using absl::string_view;

// One authentication; each step fills its part of the report. One use.
class Authentication {
 public:
  Authentication(const ChipInput& input, const CscaStore& store) : input_(input), store_(store) {}

  ChipReport Run() {
    report_.not_said = {"COPY_NOT_EXCLUDED", "HOLDER_NOT_COMPARED", "DOCUMENT_NOT_EXAMINED"};
    ReadGroup1();
    const auto object = ParseSecurityObject(input_.security_object);
    if (object.ok()) {
      ReadObject(*object);
      CompareGroups(*object);
      VerifySignature(*object);
      if (report_.signature == SignatureResult::kGood) VerifySigner();
    } else {
      AddReason(ErrorReason(object.status()));
    }
    Conclude();
    return std::move(report_);
  }

 private:
  void AddReason(string_view reason) { report_.reasons.emplace_back(reason); }
  void AddFlag(string_view flag) {
    auto& flags = report_.flags;
    if (std::find(flags.begin(), flags.end(), flag) == flags.end()) flags.emplace_back(flag);
  }

  void ReadGroup1() {
    const auto group = input_.groups.find(1);
    if (group == input_.groups.end()) return;
    auto zone = ZoneOfGroup1(group->second);
    if (!zone.ok()) return;
    report_.zone = *std::move(zone);
    // Positions 3 to 5 in every format; fillers follow shorter codes.
    const std::string state = report_.zone.substr(2, 3);
    report_.issuing_state = state.substr(0, state.find('<'));
  }

  void ReadObject(const SecurityObject& object) {
    report_.lds_object_version = object.version;
    report_.lds_version = object.lds_version;
    report_.group_hash = object.hash;
    if (IsWeakHash(object.hash)) AddFlag("WEAK_HASH");
  }

  void CompareGroups(const SecurityObject& object) {
    bool unread = false;
    for (const auto& [number, hash] : object.hashes) {
      const auto group = input_.groups.find(number);
      if (group == input_.groups.end()) {
        report_.groups[number] = GroupState::kNotRead;
        unread = true;
        continue;
      }
      report_.groups[number] =
          HashOf(object.hash, group->second) == hash ? GroupState::kMatches : GroupState::kAltered;
    }
    for (const auto& group : input_.groups) {
      report_.groups.emplace(group.first, GroupState::kNotSigned);
    }
    if (unread) report_.not_said.emplace_back("GROUPS_NOT_READ");
  }

  void VerifySignature(const SecurityObject& object) {
    const auto* at = reinterpret_cast<const unsigned char*>(object.cms.data());
    const auto* end = at + object.cms.size();
    const CmsPtr cms(d2i_CMS_ContentInfo(nullptr, &at, static_cast<long>(object.cms.size())));
    ERR_clear_error();
    if (cms == nullptr || at != end) return AddReason("SOD_NOT_DER");
    SignatureCheck check = CheckSignature(cms.get(), object.cms, input_.signers);
    report_.signature = check.result;
    report_.signature_hash = check.hash;
    report_.signature_algorithm = check.algorithm;
    if (IsWeakHash(check.hash)) AddFlag("WEAK_HASH");
    if (!check.reason.empty()) AddReason(check.reason);
    signer_ = std::move(check.signer);
    if (signer_ != nullptr) report_.certificates = {FactsOf(signer_.get())};
  }

  void VerifySigner() {
    if (report_.zone.empty()) {
      AddReason(input_.groups.count(1) == 0 ? "DG1_MISSING" : "DG1_FORM");
      report_.chain = ChainResult::kUnverifiable;
      return;
    }
    const std::string country = report_.certificates[0].country;
    if (!HasSigner(report_.issuing_state)) {
      AddReason("STATE_WITHOUT_SIGNER");
      report_.chain = ChainResult::kUnverifiable;
      return;
    }
    if (!SignsFor(country, report_.issuing_state)) {
      AddReason("WRONG_COUNTRY");
      report_.chain = ChainResult::kWrongCountry;
      return;
    }
    if ((X509_get_extension_flags(signer_.get()) & EXFLAG_CA) != 0) {
      AddReason("SIGNER_IS_AUTHORITY");
      report_.chain = ChainResult::kUnverifiable;
      return;
    }
    // UINT32_MAX if the certificate does not say.
    if ((X509_get_key_usage(signer_.get()) & KU_DIGITAL_SIGNATURE) == 0) {
      AddReason("SIGNER_KEY_USAGE");
      report_.chain = ChainResult::kUnverifiable;
      return;
    }
    const CscaStore::Held held = store_.Of(country);
    if (held.anchors.empty()) {
      AddReason("NO_ANCHOR_OF_COUNTRY");
      report_.chain = ChainResult::kNoAnchor;
      return;
    }
    TakeChain(BuildChain(signer_.get(), held, input_.at), held);
  }

  void TakeChain(const Chain& chain, const CscaStore::Held& held) {
    for (const std::string& flag : chain.flags) AddFlag(flag);
    if (!chain.reason.empty()) AddReason(chain.reason);
    report_.chain = ResultOf(chain.result);
    if (!chain.certificates.empty()) {
      report_.certificates.clear();
      for (const auto& one : chain.certificates) report_.certificates.push_back(FactsOf(one.get()));
    }
    const Revocation revocation = CheckRevocation(chain, held, store_.crls(), input_.at);
    for (const std::string& flag : revocation.flags) AddFlag(flag);
    if (!revocation.checked) report_.not_said.emplace_back("REVOCATION_NOT_CHECKED");
    if (revocation.revoked) {
      report_.chain = ChainResult::kRevoked;
      report_.reasons.insert(report_.reasons.begin(), "SIGNER_REVOKED");
    }
  }

  static ChainResult ResultOf(Chain::Result result) {
    switch (result) {
      case Chain::Result::kAnchored:
        return ChainResult::kAnchored;
      case Chain::Result::kNoAnchor:
        return ChainResult::kNoAnchor;
      case Chain::Result::kSignatureBad:
        return ChainResult::kSignatureBad;
      case Chain::Result::kNotValid:
        return ChainResult::kNotValid;
      case Chain::Result::kUnverifiable:
        return ChainResult::kUnverifiable;
    }
    return ChainResult::kUnverifiable;
  }

  bool AnyGroup(GroupState state) const {
    return std::any_of(report_.groups.begin(), report_.groups.end(),
                       [state](const auto& group) { return group.second == state; });
  }

  // A wrong signature comes first: nothing that it covers counts. A differing group is certain
  // whoever signed, and comes before all that is said of the signer.
  void Conclude() {
    if (report_.signature == SignatureResult::kBad) {
      report_.verdict = Verdict::kSignatureBad;
    } else if (AnyGroup(GroupState::kAltered) || AnyGroup(GroupState::kNotSigned)) {
      report_.verdict = Verdict::kAltered;
      report_.reasons.insert(report_.reasons.begin(),
                             AnyGroup(GroupState::kAltered) ? "GROUP_ALTERED" : "GROUP_NOT_SIGNED");
    } else {
      report_.verdict = OfChain();
    }
  }

  Verdict OfChain() const {
    switch (report_.chain) {
      case ChainResult::kAnchored:
        return Verdict::kAuthentic;
      case ChainResult::kNoAnchor:
        return Verdict::kNoTrustAnchor;
      case ChainResult::kSignatureBad:
        return Verdict::kSignatureBad;
      case ChainResult::kWrongCountry:
        return Verdict::kWrongCountry;
      case ChainResult::kRevoked:
        return Verdict::kSignerRevoked;
      case ChainResult::kNotValid:
        return Verdict::kSignerNotValid;
      case ChainResult::kNotChecked:
      case ChainResult::kUnverifiable:
        break;
    }
    return Verdict::kUnverifiable;
  }

  const ChipInput& input_;
  const CscaStore& store_;
  ChipReport report_;
  SharedCertificate signer_;
};

}  // namespace

ChipReport Authenticate(const ChipInput& input, const CscaStore& store) {
  return Authentication(input, store).Run();
}

string_view VerdictName(Verdict verdict) {
  constexpr string_view kNames[] = {"authentic",        "altered",       "signature_bad",
                                    "no_trust_anchor",  "wrong_country", "signer_revoked",
                                    "signer_not_valid", "unverifiable"};
  return kNames[static_cast<size_t>(verdict)];
}

string_view VerdictText(Verdict verdict) {
  constexpr string_view kTexts[] = {
      "the data read from the chip are those that the issuing country signed",
      "data on the chip differ from what was signed",
      "a signature is wrong: the chip's data were not signed as they say",
      ("the signature is good, but no certificate of that country is held that vouches for it; "
       "this is no sign of fraud"),
      "the signer belongs to another country than the document",
      "the issuing country revoked the signer's certificate",
      "a certificate of the chain is not valid on that day",
      "it cannot be told whether the chip's data are authentic"};
  return kTexts[static_cast<size_t>(verdict)];
}

string_view GroupStateName(GroupState state) {
  constexpr string_view kNames[] = {"matches", "altered", "not_signed", "not_read"};
  return kNames[static_cast<size_t>(state)];
}

string_view ChainResultName(ChainResult result) {
  constexpr string_view kNames[] = {"not_checked",   "anchored", "no_anchor", "signature_bad",
                                    "wrong_country", "revoked",  "not_valid", "unverifiable"};
  return kNames[static_cast<size_t>(result)];
}

string_view NotSaidText(string_view code) {
  if (code == "COPY_NOT_EXCLUDED") return "the chip may be a copy of a genuine one";
  if (code == "HOLDER_NOT_COMPARED") return "the holder was not compared with the picture";
  if (code == "DOCUMENT_NOT_EXAMINED") return "the physical document was not examined";
  if (code == "REVOCATION_NOT_CHECKED") return "no revocation list of the issuer is held";
  if (code == "GROUPS_NOT_READ") return "signed data groups were not handed in";
  return "";
}

}  // namespace lintas::chip

#include "server/admission/case_register.h"

#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "server/admission/reasons.h"
#include "server/base/error.h"
#include "server/base/status.h"

namespace lintas {
namespace {

constexpr char kPrefix[] = "n/case/";

std::string Hex(const Token& token) {
  return absl::BytesToHexString(absl::string_view(token.data(), token.size()));
}

absl::Status OfAnother() {
  return MakeError(absl::StatusCode::kPermissionDenied, kCaseOfAnother,
                   "the case is another attaché's; they or the directorate can hand it over");
}

}  // namespace

std::string CaseRegister::CaseToken(absl::string_view case_id) const {
  return Hex(deps_.tokens->Make("case", absl::AsciiStrToUpper(case_id)));
}

std::string CaseRegister::HolderToken(absl::string_view principal_uri) const {
  return Hex(deps_.tokens->Make("case-holder", principal_uri));
}

absl::StatusOr<std::string> CaseRegister::HolderOf(const std::string& case_token) const {
  const auto given = given_.find(case_token);
  if (given != given_.end()) return given->second;
  absl::StatusOr<std::string> stored = deps_.store->GetState(absl::StrCat(kPrefix, case_token));
  if (absl::IsNotFound(stored.status())) return std::string();
  return stored;
}

absl::Status CaseRegister::Claim(const Call& call) {
  // A role that may do without a case shares none.
  if (call.case_id.empty()) return absl::OkStatus();
  const std::string case_token = CaseToken(call.case_id);
  const std::string caller = HolderToken(call.principal.spiffe_uri);
  {
    std::lock_guard<std::mutex> lock(mutex_);
    ASSIGN_OR_RETURN(const std::string holder, HolderOf(case_token));
    if (holder == caller) return absl::OkStatus();
    if (!holder.empty()) return OfAnother();
    given_.emplace(case_token, caller);
  }
  // Groups are committed in the order in which they came: the access entry of this very call stands
  // behind it, and no answer leaves before that.
  Group group;
  group.node_state.emplace_back(absl::StrCat(kPrefix, case_token), caller);
  group.durable = [this, case_token](const absl::StatusOr<std::vector<Position>>& written) {
    if (!written.ok()) return;
    std::lock_guard<std::mutex> lock(mutex_);
    given_.erase(case_token);
  };
  deps_.ledgers->Enqueue(std::move(group));
  return absl::OkStatus();
}

void CaseRegister::HandOver(const Call& call, const std::string& case_id, const Principal& to,
                            std::function<void(absl::Status)> done) {
  const std::string case_token = CaseToken(case_id);
  absl::StatusOr<std::string> holder;
  {
    std::lock_guard<std::mutex> lock(mutex_);
    holder = HolderOf(case_token);
  }
  if (!holder.ok()) return done(holder.status());
  if (call.own_nationals_only && *holder != HolderToken(call.principal.spiffe_uri)) {
    return done(OfAnother());
  }
  if (holder->empty()) {
    return done(MakeError(absl::StatusCode::kFailedPrecondition, "CASE_NOT_HELD",
                          "no attaché has named the case yet; whoever does holds it"));
  }
  ledger::v1::Access access;
  access.set_principal(call.principal.spiffe_uri);
  access.set_method(call.method);
  access.set_purpose(call.purpose);
  access.set_case_id(case_id);
  access.set_case_holder(to.spiffe_uri);
  access.set_time_us(absl::ToUnixMicros(call.now));
  access.set_trace_id(call.trace_id);
  ledger::v1::EntryHeader header;
  header.set_kind(ledger::v1::EntryHeader::ACCESS);
  header.set_retention_class("access");
  header.set_agreement_version(call.agreement_version);
  Group group;
  group.entries.push_back(PrepareEntry(LedgerId::kHome, std::move(header), /*synthetic=*/false,
                                       {{4, access.SerializeAsString()}}, *deps_.sealer,
                                       *deps_.random));
  group.node_state.emplace_back(absl::StrCat(kPrefix, case_token), HolderToken(to.spiffe_uri));
  group.durable = [done = std::move(done)](const absl::StatusOr<std::vector<Position>>& written) {
    done(written.status());
  };
  deps_.ledgers->Enqueue(std::move(group));
}

}  // namespace lintas

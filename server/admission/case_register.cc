#include "server/admission/case_register.h"

#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "server/admission/reasons.h"
#include "server/base/error.h"
#include "server/base/status.h"
#include "server/records/access_entry.h"

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
  group.durable = [this, case_token, caller](const absl::StatusOr<std::vector<Position>>& written) {
    if (written.ok()) Forget(case_token, caller);
  };
  deps_.ledgers->Enqueue(std::move(group));
  return absl::OkStatus();
}

void CaseRegister::HandOver(const Call& call, const std::string& case_id, const Principal& to,
                            std::function<void(absl::Status)> done) {
  const std::string case_token = CaseToken(case_id);
  const std::string next = HolderToken(to.spiffe_uri);
  const absl::Status may = Give(call, case_token, next);
  if (!may.ok()) return done(may);
  Call about = call;
  about.case_id = case_id;
  AccessFacts facts;
  facts.now = call.now;
  facts.case_holder = to.spiffe_uri;
  Group group;
  group.entries.push_back(MakeAccessEntry(about, facts, *deps_.sealer, *deps_.random));
  group.node_state.emplace_back(absl::StrCat(kPrefix, case_token), next);
  group.durable = [this, case_token, next,
                   done = std::move(done)](const absl::StatusOr<std::vector<Position>>& written) {
    if (written.ok()) Forget(case_token, next);
    done(written.status());
  };
  deps_.ledgers->Enqueue(std::move(group));
}

absl::Status CaseRegister::Give(const Call& call, const std::string& case_token,
                                const std::string& next) {
  std::lock_guard<std::mutex> lock(mutex_);
  ASSIGN_OR_RETURN(const std::string holder, HolderOf(case_token));
  if (call.own_nationals_only && holder != HolderToken(call.principal.spiffe_uri)) {
    return OfAnother();
  }
  if (holder.empty()) {
    return MakeError(absl::StatusCode::kFailedPrecondition, "CASE_NOT_HELD",
                     "no attaché has named the case yet; whoever does holds it");
  }
  given_[case_token] = next;
  return absl::OkStatus();
}

void CaseRegister::Forget(const std::string& case_token, const std::string& holder) {
  std::lock_guard<std::mutex> lock(mutex_);
  const auto given = given_.find(case_token);
  if (given != given_.end() && given->second == holder) given_.erase(given);
}

}  // namespace lintas

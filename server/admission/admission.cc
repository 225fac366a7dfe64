#include "server/admission/admission.h"

#include <algorithm>
#include <atomic>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "absl/strings/str_join.h"
#include "server/admission/outward.h"
#include "server/admission/reasons.h"
#include "server/admission/recorded_stream.h"
#include "server/base/check.h"
#include "server/base/error.h"
#include "server/base/status.h"

namespace lintas {
namespace {

using absl::string_view;
using google::protobuf::Message;

constexpr char kBootstrapPurpose[] = "OPERATION";
constexpr char kWaitForPartner[] = "PARTNER";
constexpr size_t kPurposeLengthMax = 63;
constexpr size_t kTraceIdLength = 32;

bool IsCaseForm(string_view text) {
  return text.size() <= kCaseLengthMax && std::all_of(text.begin(), text.end(), [](char c) {
           return absl::ascii_isalnum(static_cast<unsigned char>(c)) || c == '.' || c == '/' ||
                  c == '-';
         });
}

bool IsPurposeForm(string_view text) {
  return text.size() <= kPurposeLengthMax && std::all_of(text.begin(), text.end(), [](char c) {
           return absl::ascii_isupper(static_cast<unsigned char>(c)) ||
                  absl::ascii_isdigit(static_cast<unsigned char>(c)) || c == '_';
         });
}

bool IsTraceId(string_view text) {
  return text.size() == kTraceIdLength && std::all_of(text.begin(), text.end(), [](char c) {
           return absl::ascii_isxdigit(static_cast<unsigned char>(c));
         });
}

absl::Status Denied(string_view reason, string_view message,
                    const std::map<std::string, std::string>& metadata = {}) {
  return MakeError(absl::StatusCode::kPermissionDenied, reason, message, metadata);
}

// Of one record, with an answer that can be held back until the partner has it (P6).
bool MayWait(Operation operation) {
  return operation == Operation::kCreate || operation == Operation::kCorrect ||
         operation == Operation::kWithdraw || operation == Operation::kRecall;
}

// D2: what must be possible so that there can be an agreement.
bool IsBootstrap(const Principal& principal, Operation operation) {
  return principal.role == Role::kOperator &&
         (operation == Operation::kReadStatus || operation == Operation::kProve ||
          operation == Operation::kAdopt);
}

absl::Status NotGranted(string_view role, Operation operation,
                        const std::vector<std::string>& purposes) {
  std::map<std::string, std::string> metadata = {
      {"role", std::string(role)}, {"operation", std::string(OperationName(operation))}};
  if (purposes.empty()) {
    return Denied(kOperationNotGranted, "the agreement in force does not grant this to the role",
                  metadata);
  }
  metadata["purposes"] = absl::StrJoin(purposes, ",");
  return Denied(kPurposeNotGranted,
                "the agreement in force does not grant this to the role for the purpose given",
                metadata);
}

// Zero in `lower` means as agreed; a higher number is not heard.
uint64_t Lower(uint64_t agreed, uint64_t lower) {
  return lower == 0 ? agreed : std::min(agreed, lower);
}

// A call on its way to its answer.
struct Pending {
  Call call;
  std::function<void(absl::StatusOr<std::unique_ptr<Message>>)> done;
  std::unique_ptr<Message> response;
  std::atomic<bool> replied{false};
};

void Finish(const std::shared_ptr<Pending>& pending, absl::StatusOr<Answered> answered,
            AccessLog* log, Clock* clock) {
  LINTAS_CHECK(!pending->replied.exchange(true));
  AccessFacts facts;
  facts.outcome = answered.status();
  facts.now = clock->Now();
  if (answered.ok()) {
    pending->response = std::move(answered->response);
    if (answered->access_recorded) {
      pending->done(std::move(pending->response));
      return;
    }
    facts.disclosure = &answered->disclosure;
  }
  log->Append(pending->call, facts,
              [pending, outcome = facts.outcome](const absl::Status& durable) {
                if (!durable.ok()) {
                  pending->done(AccessNotRecorded());
                } else if (!outcome.ok()) {
                  pending->done(StatusToOutward(outcome));
                } else {
                  pending->done(std::move(pending->response));
                }
              });
}

}  // namespace

Admission::Admission(AdmissionOptions options, const AgreementBook* book, AccessLog* log,
                     Random* random, Clock* clock)
    : options_(std::move(options)),
      book_(book),
      log_(log),
      random_(random),
      clock_(clock),
      searches_("searches_per_minute", absl::Minutes(1)),
      questions_("questions_per_officer_day", absl::Hours(24)),
      rows_("import_rows_per_day", absl::Hours(24)) {}

void Admission::Register(Method method) {
  LINTAS_CHECK((method.unary != nullptr) != (method.stream != nullptr));
  auto kept = std::make_unique<const Method>(std::move(method));
  const std::string name = kept->full_name;
  LINTAS_CHECK(!name.empty());
  LINTAS_CHECK(methods_.emplace(name, std::move(kept)).second);
}

void Admission::Register(std::vector<Method> methods) {
  for (Method& method : methods) Register(std::move(method));
}

const Method* Admission::Find(string_view full_name) const {
  auto found = methods_.find(full_name);
  return found == methods_.end() ? nullptr : found->second.get();
}

std::vector<const Method*> Admission::methods() const {
  std::vector<const Method*> all;
  for (const auto& each : methods_) all.push_back(each.second.get());
  std::sort(all.begin(), all.end(),
            [](const Method* a, const Method* b) { return a->full_name < b->full_name; });
  return all;
}

Attempt Admission::Admit(const Principal& principal, const Method& method, CallMetadata metadata,
                         absl::Time now) {
  Attempt attempt;
  Call& call = attempt.call;
  call.principal = principal;
  call.method = method.full_name;
  call.now = now;
  call.deadline = metadata.deadline;
  call.trace_id = IsTraceId(metadata.trace_id)
                      ? absl::AsciiStrToLower(metadata.trace_id)
                      : absl::BytesToHexString(random_->Bytes(kTraceIdLength / 2));
  // A refused call is recorded too; what is not of the right form is not worth keeping.
  const bool case_form = IsCaseForm(metadata.case_id);
  if (case_form) call.case_id = std::move(metadata.case_id);
  if (IsPurposeForm(metadata.purpose)) call.purpose = std::move(metadata.purpose);
  attempt.verdict = Judge(method, now, &call);
  if (attempt.verdict.ok() && !case_form) {
    attempt.verdict = FieldsError(
        {{"lintas-case", "CASE_FORM", "1 to 64 letters, digits, full stops, slashes, hyphens"}});
  }
  call.wait_for_partner = metadata.wait_for == kWaitForPartner;
  if (attempt.verdict.ok() && !metadata.wait_for.empty() &&
      !(call.wait_for_partner && MayWait(method.operation))) {
    attempt.verdict =
        FieldsError({{"lintas-wait-for", "UNKNOWN_VALUE", "PARTNER, with a write of one record"}});
  }
  // Last: a call that is refused takes no case.
  if (attempt.verdict.ok() && call.own_nationals_only && cases_ != nullptr) {
    attempt.verdict = cases_->Claim(call);
  }
  return attempt;
}

absl::Status Admission::Judge(const Method& method, absl::Time now, Call* call) {
  if (call->principal.country != options_.country || call->principal.role == Role::kNode) {
    return Denied(kNotServedHere, "this node serves its own country's people and jobs only");
  }
  const AgreementVersionPtr agreement = book_->InForce();
  if (agreement == nullptr) {
    if (!IsBootstrap(call->principal, method.operation)) {
      return Denied(kOperationNotGranted,
                    "no agreement is in force, and without one nothing is "
                    "granted but its adoption by an operator",
                    {{"role", std::string(RoleName(call->principal.role))},
                     {"operation", std::string(OperationName(method.operation))}});
    }
    if (call->purpose == kBootstrapPurpose) return absl::OkStatus();
    return NotGranted(RoleName(call->principal.role), method.operation, {kBootstrapPurpose});
  }
  call->agreement_version = agreement->version();
  RETURN_IF_ERROR(JudgeByAgreement(*agreement, method.operation, call));
  return ChargeCall(*agreement, method.operation, *call, now);
}

absl::Status Admission::JudgeByAgreement(const AgreementVersion& agreement, Operation operation,
                                         Call* call) const {
  const string_view role = RoleName(call->principal.role);
  const string_view name = OperationName(operation);
  const agreement::v1::Grant* grant = agreement.Permit(role, name, call->purpose);
  if (grant == nullptr) return NotGranted(role, operation, agreement.PurposesFor(role, name));
  if (agreement.FindPurpose(call->purpose)->case_required() && call->case_id.empty()) {
    return Denied(kCaseRequired,
                  "the purpose needs a case: 1 to 64 letters, digits, full stops, slashes, hyphens",
                  {{"purpose", call->purpose}});
  }
  call->sections = std::set<int>(grant->sections().begin(), grant->sections().end());
  call->own_nationals_only = grant->own_nationals_only();
  return absl::OkStatus();
}

absl::Status Admission::ChargeCall(const AgreementVersion& agreement, Operation operation,
                                   const Call& call, absl::Time now) {
  const std::string& who = call.principal.spiffe_uri;
  switch (operation) {
    case Operation::kFind:
    case Operation::kList:
    case Operation::kReadProcedures:
    case Operation::kShowStatus:
    case Operation::kCheckStatus:
      return searches_.Charge(who, 1,
                              Lower(agreement.limits().searches_per_minute(),
                                    options_.lower_limits.searches_per_minute()),
                              now);
    case Operation::kAskPartner:
      return questions_.Charge(who, 1,
                               Lower(agreement.limits().questions_per_officer_day(),
                                     options_.lower_limits.questions_per_officer_day()),
                               now);
    default:
      return absl::OkStatus();
  }
}

absl::Status Admission::JudgeAgain(const Call& call) const {
  const AgreementVersionPtr agreement = book_->InForce();
  if (agreement != nullptr && agreement->version() == call.agreement_version) {
    return absl::OkStatus();
  }
  const Operation operation = Find(call.method)->operation;
  if (agreement == nullptr) return NotGranted(RoleName(call.principal.role), operation, {});
  Call again = call;
  RETURN_IF_ERROR(JudgeByAgreement(*agreement, operation, &again));
  return MakeError(absl::StatusCode::kUnavailable, kAgreementChanged,
                   "another agreement came into force; open another stream from your cursor");
}

void Admission::RecordDisclosure(const Call& call, const Disclosure& disclosure,
                                 std::function<void(absl::Status)> durable) {
  AccessFacts facts;
  facts.now = clock_->Now();
  facts.disclosure = &disclosure;
  log_->Append(call, facts, [durable = std::move(durable)](const absl::Status& written) {
    durable(written.ok() ? absl::OkStatus() : AccessNotRecorded());
  });
}

absl::Status Admission::ChargeRows(const Call& call, uint64_t count) {
  const AgreementVersionPtr agreement = book_->InForce();
  const uint64_t agreed = agreement == nullptr ? 0 : agreement->limits().import_rows_per_day();
  return rows_.Charge(call.principal.spiffe_uri, count,
                      Lower(agreed, options_.lower_limits.import_rows_per_day()), clock_->Now());
}

void Admission::HandleUnary(const Method& method, Attempt attempt, const Message& request,
                            std::function<void(absl::StatusOr<std::unique_ptr<Message>>)> done) {
  auto pending = std::make_shared<Pending>();
  pending->call = std::move(attempt.call);
  pending->done = std::move(done);
  if (!attempt.verdict.ok()) {
    Finish(pending, std::move(attempt.verdict), log_, clock_);
    return;
  }
  LINTAS_CHECK(method.unary != nullptr);
  method.unary(pending->call, request,
               [pending, log = log_, clock = clock_](absl::StatusOr<Answered> answered) {
                 Finish(pending, std::move(answered), log, clock);
               });
}

void Admission::OpenStream(
    const Method& method, Attempt attempt, StreamWriter write,
    std::function<void(absl::StatusOr<std::unique_ptr<StreamHandler>>)> opened) {
  LINTAS_CHECK(method.stream != nullptr);
  AccessFacts facts;
  facts.outcome = attempt.verdict;
  facts.now = clock_->Now();
  const Call call = attempt.call;
  // The call is moved into the callback; `call` stays here for the entry.
  log_->Append(call, facts,
               [this, &method, attempt = std::move(attempt), write = std::move(write),
                opened = std::move(opened)](const absl::Status& durable) {
                 if (!durable.ok()) return opened(AccessNotRecorded());
                 if (!attempt.verdict.ok()) return opened(StatusToOutward(attempt.verdict));
                 opened(std::unique_ptr<StreamHandler>(std::make_unique<RecordedStream>(
                     attempt.call, method.stream(attempt.call, write), log_, clock_)));
               });
}

}  // namespace lintas

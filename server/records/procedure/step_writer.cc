#include "server/records/procedure/step_writer.h"

#include <algorithm>
#include <cctype>
#include <set>
#include <utility>

#include "absl/strings/str_cat.h"
#include "server/base/error.h"
#include "server/base/status.h"
#include "server/records/procedure/content.h"

namespace lintas {
namespace {

using ledger::v1::EntryHeader;

constexpr char kRetentionClass[] = "procedure";

absl::Status Refuse(absl::string_view reason, absl::string_view why) {
  return MakeError(absl::StatusCode::kFailedPrecondition, reason, why);
}

bool IsReasonCode(absl::string_view text) {
  return !text.empty() && text.size() <= 63 &&
         std::all_of(text.begin(), text.end(), [](unsigned char c) {
           return std::isupper(c) != 0 || std::isdigit(c) != 0 || c == '_';
         });
}

EntryHeader StepHeader(const std::string& id, const std::string& procedure, const std::string& code,
                       uint32_t agreement_version) {
  EntryHeader header;
  header.set_kind(EntryHeader::STEP);
  header.set_procedure_id(id);
  header.set_type(procedure);
  header.set_code(code);
  header.set_retention_class(kRetentionClass);
  header.set_agreement_version(agreement_version);
  return header;
}

}  // namespace

absl::Status StepWriter::CheckAny(const Call& call, const ProcedureTable& table, const StepRow& row,
                                  const Step& step) const {
  const AgreementVersionPtr agreement = deps().book->ForRelease();
  if (agreement == nullptr) return deps().book->NoCommonAgreementError();
  if (TermsOf(agreement->agreement(), table.code()) == nullptr) {
    return Refuse("PROCEDURE_NOT_AGREED", "the agreement in force does not name this procedure");
  }
  if (competent_) RETURN_IF_ERROR(competent_(call, table));
  const std::string type = row.content == nullptr ? "" : row.content->full_name();
  if (step.content_type != type) {
    return FieldsError({{"content", "WRONG_TYPE",
                         type.empty() ? "this step carries nothing"
                                      : absl::StrCat("this step carries a ", type)}});
  }
  const bool suspends = row.kind == StepKind::kSuspend;
  if (suspends ? !IsReasonCode(step.suspension_reason) : !step.suspension_reason.empty()) {
    return FieldsError({{"suspension_reason", "SUSPENSION_REASON",
                         "an UPPER_SNAKE code with a suspension, nothing otherwise"}});
  }
  std::vector<FieldViolation> violations;
  const ContentRules rules{&deps(), &writer_->check(), deps().country, call.now};
  const std::string reason = WhyBadContent(rules, row, step.content, *agreement, &violations);
  if (reason.empty()) return absl::OkStatus();
  if (!violations.empty()) return FieldsError(violations);
  return MakeError(absl::StatusCode::kInvalidArgument, reason,
                   "the step carries what may not cross the border, or is no such message");
}

void StepWriter::AddEntries(const Call& call, EntryHeader header, const StepRow& row,
                            const Step& step, ledger::v1::HomeStep home, Group* group) const {
  std::vector<std::pair<uint32_t, std::string>> sections;
  if (row.content != nullptr) sections.emplace_back(1, step.content);
  EntryHeader at_home =
      StepHeader(header.procedure_id(), header.type(), header.code(), header.agreement_version());
  group->entries.push_back(PrepareEntry(LedgerId::kExchange, std::move(header),
                                        !sections.empty() && deps().exercise, sections,
                                        *deps().sealer, *deps().random));
  home.set_principal(call.principal.spiffe_uri);
  home.set_assigned_principal(call.principal.spiffe_uri);
  if (!call.case_id.empty()) home.set_case_id(call.case_id);
  // An attachment leaves the clock as it is.
  if (row.kind != StepKind::kAttach) home.set_suspension_reason(step.suspension_reason);
  home.set_code(step.code);
  group->entries.push_back(PrepareEntry(LedgerId::kHome, std::move(at_home), deps().exercise,
                                        {{4, home.SerializeAsString()}}, *deps().sealer,
                                        *deps().random));
}

// S1: what is disclosed is what this node holds, and is not wrong as far as it knows.
absl::Status StepWriter::CheckCopies(const std::vector<RecordCopy>& copies) const {
  std::vector<FieldViolation> violations;
  for (const RecordCopy& copy : copies) {
    const std::string path = absl::StrCat(copy.type->code(), ".name");
    const absl::StatusOr<FoundRecord> found = writer_->reader().Get(*copy.name);
    if (absl::IsNotFound(found.status())) {
      violations.push_back({path, "RECORD_NAME", "a record that is held here"});
      continue;
    }
    RETURN_IF_ERROR(found.status());
    if (found->state != RecordState::kCurrent) {
      violations.push_back({path, "WITHDRAWN", "a record that is not withdrawn"});
    } else if (!IsCopyOf(*copy.message, *writer_->reader().Whole(*found))) {
      violations.push_back({copy.type->code(), "NOT_A_COPY", "what the record says, word by word"});
    }
  }
  return violations.empty() ? absl::OkStatus() : FieldsError(violations);
}

absl::Status StepWriter::CheckAttached(
    const std::string& principal, const std::vector<types::v1::Attachment>& attachments) const {
  if (attachments.empty()) return absl::OkStatus();
  if (attachments_ == nullptr) return FieldsError({AttachmentViolation("NOT_HERE")});
  return attachments_->CheckNamed(principal, attachments);
}

// Names the records of which the step carries copies (W2) and its attachments, to be looked at once
// they are claimed; the attachments become the step's in its group.
void StepWriter::AddCarried(const Call& call, const StepRow& row, const Step& step,
                            Writer::Made* made) const {
  const std::shared_ptr<google::protobuf::Message> content = ParseContent(row, step.content);
  if (content == nullptr) return;
  std::vector<RecordCopy> copies = CopiesIn(*content, *deps().types);
  const std::vector<types::v1::Attachment> attachments = AttachmentsIn(*content);
  if (copies.empty() && attachments.empty()) return;
  std::set<std::string> ids;
  for (const RecordCopy& copy : copies) ids.insert(copy.name->record_id);
  made->record_ids.assign(ids.begin(), ids.end());
  for (const types::v1::Attachment& each : attachments) {
    made->claims.push_back(AttachmentStore::ClaimOf(each));
  }
  AttachmentStore::AddNamed(attachments, &made->group);
  made->check = [this, content, copies = std::move(copies), attachments,
                 principal = call.principal.spiffe_uri] {
    RETURN_IF_ERROR(CheckCopies(copies));
    return CheckAttached(principal, attachments);
  };
}

absl::StatusOr<Writer::Made> StepWriter::MakeOpening(const Call& call, const std::string& procedure,
                                                     const Step& step) const {
  const ProcedureTable* table = deps().procedures->ByCode(procedure);
  if (table == nullptr) {
    return FieldsError({{"procedure", "UNKNOWN_VALUE", "a procedure that this node knows"}});
  }
  const StepRow* row = table->Step(step.code);
  if (row == nullptr || row->kind != StepKind::kOpen) {
    return FieldsError({{"step", "UNKNOWN_VALUE", "a step that opens the procedure"}});
  }
  RETURN_IF_ERROR(CheckAny(call, *table, *row, step));
  Writer::Made made;
  const std::string id = deps().random->Bytes(16);
  made.name = ProcedureName(deps().country, id);
  AddEntries(call, StepHeader(id, procedure, step.code, deps().book->OwnVersion()), *row, step, {},
             &made.group);
  AddCarried(call, *row, step, &made);
  return made;
}

absl::Status StepWriter::CheckNext(const FoundProcedure& found, const StepRow& row,
                                   const Step& step) const {
  if (!step.etag.empty() && step.etag != found.etag()) {
    return MakeError(absl::StatusCode::kAborted, "ETAG_MISMATCH",
                     "the procedure has a newer step; read it again");
  }
  const std::vector<const StepRow*> next = NextSteps(*found.table, found.state, deps().country);
  if (std::find(next.begin(), next.end(), &row) == next.end()) {
    return Refuse("STEP_NOT_ALLOWED", "this side may not take this step in this state");
  }
  if (row.only_overdue && !(found.due && found.due->overdue)) {
    return Refuse("NOT_OVERDUE", "this step waits for the deadline to pass");
  }
  // P18: nobody can take it back, so nothing may lie in wait that would undo what it stands on.
  if (row.irreversible && !desk_->HeadIsHeld(found)) {
    return Refuse("PREDECESSOR_NOT_HELD",
                  "the partner has not yet confirmed the step before; try again shortly");
  }
  return absl::OkStatus();
}

absl::StatusOr<Writer::Made> StepWriter::MakeStep(const Call& call, const std::string& name,
                                                  const Step& step) const {
  ASSIGN_OR_RETURN(const FoundProcedure found, desk_->GetByName(name, call.now));
  const StepRow* row = found.table->Step(step.code);
  if (row == nullptr || row->kind == StepKind::kOpen) {
    return FieldsError({{"step", "UNKNOWN_VALUE", "a step of the procedure's table"}});
  }
  RETURN_IF_ERROR(CheckNext(found, *row, step));
  RETURN_IF_ERROR(CheckAny(call, *found.table, *row, step));
  EntryHeader header =
      StepHeader(found.id, found.table->code(), step.code, deps().book->OwnVersion());
  if (found.state.head.country == deps().country) {
    header.set_predecessor(found.state.head.index);
  } else {
    header.set_target_first(found.state.head.index);
  }
  Writer::Made made;
  made.name = found.name();
  AddEntries(call, std::move(header), *row, step, found.home, &made.group);
  AddCarried(call, *row, step, &made);
  return made;
}

void StepWriter::Open(const Call& call, const std::string& procedure, const Step& step,
                      Writer::Done done) {
  writer_->WriteOnce(
      call, step.body, step.request_id, [&] { return MakeOpening(call, procedure, step); },
      std::move(done));
}

void StepWriter::Take(const Call& call, const std::string& name, const Step& step,
                      Writer::Done done) {
  writer_->WriteOnce(
      call, step.body, step.request_id, [&] { return MakeStep(call, name, step); },
      std::move(done));
}

}  // namespace lintas

#include "server/areas/procedure/view.h"

#include <algorithm>
#include <map>
#include <memory>
#include <vector>

#include "lintas/options/v1/options.pb.h"
#include "server/base/status.h"
#include "server/records/reader.h"

namespace lintas::procedure {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using options::v1::Field;

bool Sees(const Sections& sections, int section) { return sections.count(section) != 0; }

void SetTime(int64_t seconds, google::protobuf::Timestamp* time) { time->set_seconds(seconds); }

void AddNextSteps(const Deps& deps, const FoundProcedure& found, v1::Procedure* shown) {
  const bool overdue = found.due && found.due->overdue;
  for (const StepRow* row : NextSteps(*found.table, found.state, deps.desk->deps().country)) {
    if (row->only_overdue && !overdue) continue;
    v1::NextStep* next = shown->add_next_steps();
    next->set_step(row->code);
    if (row->content != nullptr) next->set_content_type(row->content->full_name());
    next->set_irreversible(row->irreversible);
    next->set_waits_for_partner(row->irreversible && !deps.desk->HeadIsHeld(found));
  }
}

v1::Step::Effect EffectOf(const ProcedureState& state, const StepFact& step) {
  if (state.attached.count(step.place) != 0) return v1::Step::ATTACHED;
  return state.superseded.count(step.place) != 0 ? v1::Step::SUPERSEDED : v1::Step::EFFECTIVE;
}

absl::Status AddAttachments(const Deps& deps, const Message& content, v1::Step* step) {
  if (deps.attachments == nullptr) return absl::OkStatus();
  for (const types::v1::Attachment& each : AttachmentsIn(content)) {
    ASSIGN_OR_RETURN(const AttachmentStore::Progress progress, deps.attachments->ProgressOf(each));
    v1::StepAttachment* added = step->add_attachments();
    *added->mutable_attachment() = each;
    added->set_held(progress.complete);
    added->set_held_bytes(progress.held_bytes);
  }
  return absl::OkStatus();
}

absl::Status AddStep(const Deps& deps, const FoundProcedure& found, const StepFact& step,
                     const Sections& sections, v1::Procedure* shown) {
  v1::Step* added = shown->add_steps();
  added->set_step(step.code);
  added->set_country(step.place.country);
  added->set_ledger_index(step.place.index);
  SetTime(step.time_s, added->mutable_step_time());
  added->set_effect(EffectOf(found.state, step));
  ASSIGN_OR_RETURN(const std::unique_ptr<google::protobuf::Message> content,
                   deps.desk->Content(found, step));
  if (content == nullptr) return absl::OkStatus();
  // A step stands in its entry as one BASIC section.
  if (!Sees(sections, Field::BASIC)) {
    added->set_withheld(true);
    return absl::OkStatus();
  }
  added->set_withheld(Redact(sections, content.get()));
  added->mutable_content()->PackFrom(*content);
  return AddAttachments(deps, *content, added);
}

}  // namespace

absl::StatusOr<types::v1::Attachment> VisibleAttachment(const Deps& deps,
                                                        const FoundProcedure& found,
                                                        const StepPlace& place,
                                                        absl::string_view digest_name,
                                                        const Sections& sections) {
  const auto step = found.steps.steps().find(place);
  if (step == found.steps.steps().end() || !Sees(sections, Field::BASIC)) return NothingToShare();
  ASSIGN_OR_RETURN(const std::unique_ptr<Message> content, deps.desk->Content(found, step->second));
  if (content == nullptr) return NothingToShare();
  Redact(sections, content.get());
  for (types::v1::Attachment& each : AttachmentsIn(*content)) {
    if (each.digest_name() == digest_name) return std::move(each);
  }
  return NothingToShare();
}

bool Redact(const Sections& sections, Message* message) {
  const google::protobuf::Reflection& reflection = *message->GetReflection();
  std::vector<const FieldDescriptor*> filled;
  reflection.ListFields(*message, &filled);
  bool is_cleared = false;
  for (const FieldDescriptor* field : filled) {
    const int section = field->options().GetExtension(options::v1::field).section();
    if (section != Field::SECTION_UNSPECIFIED && !Sees(sections, section)) {
      reflection.ClearField(message, field);
      is_cleared = true;
    } else if (field->cpp_type() != FieldDescriptor::CPPTYPE_MESSAGE) {
      continue;
    } else if (!field->is_repeated()) {
      is_cleared |= Redact(sections, reflection.MutableMessage(message, field));
    } else {
      for (int i = 0; i < reflection.FieldSize(*message, field); ++i) {
        is_cleared |= Redact(sections, reflection.MutableRepeatedMessage(message, field, i));
      }
    }
  }
  return is_cleared;
}

v1::Procedure Summary(const Deps& deps, const FoundProcedure& found, const Sections& sections) {
  v1::Procedure shown;
  const ProcedureState& state = found.state;
  shown.set_name(found.name());
  shown.set_procedure(found.table->code());
  shown.set_state(state.state->name);
  shown.set_suspended(state.suspended);
  shown.set_track(state.track);
  shown.set_requester(state.requester);
  shown.set_waiting_for(found.waiting_for);
  SetTime(state.opened_s, shown.mutable_open_time());
  if (!found.waiting_for.empty()) SetTime(state.entered_s, shown.mutable_waiting_since_time());
  if (found.due) {
    SetTime(absl::ToUnixSeconds(found.due->time), shown.mutable_due_time());
    shown.set_counted_by(found.due->counted_by);
    shown.set_due_soon(found.due->soon);
    shown.set_overdue(found.due->overdue);
    if (found.due->overdue) shown.set_escalation_office(found.due->escalation_office);
  }
  AddNextSteps(deps, found, &shown);
  // The home state stands in a section INTERNAL (P17).
  if (Sees(sections, Field::INTERNAL)) {
    shown.set_case_id(found.home.case_id());
    shown.set_assigned_principal(found.home.assigned_principal());
    shown.set_suspension_reason(found.home.suspension_reason());
  }
  shown.set_etag(found.etag());
  return shown;
}

absl::StatusOr<v1::Procedure> Whole(const Deps& deps, const FoundProcedure& found,
                                    const Sections& sections, absl::Time now) {
  v1::Procedure shown = Summary(deps, found, sections);
  if (deps.competence != nullptr && !found.waiting_for.empty()) {
    ASSIGN_OR_RETURN(const Competence::Offices offices,
                     deps.competence->For(found.waiting_for, found.table->area(), now));
    for (const std::string& name : offices.competent) shown.add_competent_institutions(name);
  }
  for (const StepPlace& place : found.state.path) {
    RETURN_IF_ERROR(AddStep(deps, found, found.steps.steps().at(place), sections, &shown));
  }
  for (const auto& [place, step] : found.steps.steps()) {
    const auto& path = found.state.path;
    if (std::find(path.begin(), path.end(), place) != path.end()) continue;
    RETURN_IF_ERROR(AddStep(deps, found, step, sections, &shown));
  }
  return shown;
}

bool BelongsTo(v1::ListInboxRequest::Box box, const FoundProcedure& found, const Call& call) {
  const std::string& own = call.principal.country;
  switch (box) {
    case v1::ListInboxRequest::MINE:
      return found.home.assigned_principal() == call.principal.spiffe_uri;
    case v1::ListInboxRequest::OVERDUE:
      return found.due && found.due->overdue;
    case v1::ListInboxRequest::DUE_SOON:
      return found.due && found.due->soon;
    case v1::ListInboxRequest::TO_MOVE:
      return found.waiting_for == own;
    case v1::ListInboxRequest::WAITING_FOR_PARTNER:
      return !found.waiting_for.empty() && found.waiting_for != own;
    case v1::ListInboxRequest::ANSWERED:
      // It waits for who opened it only after the other side moved.
      return found.state.requester == own && found.waiting_for == own;
    default:
      return true;
  }
}

}  // namespace lintas::procedure

#include "server/areas/procedure/answers.h"

#include <algorithm>
#include <memory>
#include <utility>

#include "absl/strings/match.h"
#include "lintas/procedure/v1/procedure.pb.h"
#include "server/areas/procedure/view.h"
#include "server/base/error.h"
#include "server/base/status.h"
#include "server/records/access_entry.h"
#include "server/records/page_token.h"
#include "server/records/reader.h"

namespace lintas::procedure {
namespace {

using google::protobuf::Message;

// A page's key is the id of its last procedure; the kind has no other meaning.
constexpr uint8_t kPageKind = 0;
constexpr size_t kIdBytes = 16;
constexpr int64_t kDownloadBytesMax = int64_t{1} << 20;

// True if the procedure was opened when the first page was read (P32).
bool OpenedBefore(const FoundProcedure& found, const std::string& own, const Sizes& sizes) {
  const StepPlace& opening = found.state.path.front();
  return (opening.country == own ? sizes.exchange : sizes.replica).covers(Index(opening.index));
}

template <typename Request>
StepWriter::Step StepOf(const Request& request) {
  StepWriter::Step step;
  step.code = request.step();
  step.request_id = request.request_id();
  step.body = request.SerializeAsString();
  step.content = request.content().value();
  constexpr absl::string_view kTypeUrl = "type.googleapis.com/";
  const std::string& url = request.content().type_url();
  step.content_type = absl::StartsWith(url, kTypeUrl) ? url.substr(kTypeUrl.size()) : url;
  return step;
}

v1::Board::Column* ColumnOf(const std::string& country, v1::Board* board) {
  for (v1::Board::Column& column : *board->mutable_columns()) {
    if (column.country() == country) return &column;
  }
  v1::Board::Column* column = board->add_columns();
  column->set_country(country);
  return column;
}

AttachmentStore::UploadDone AnswerUpload(Reply reply) {
  return [reply = std::move(reply)](absl::StatusOr<AttachmentStore::Uploaded> uploaded) {
    if (!uploaded.ok()) return reply(uploaded.status());
    auto response = std::make_unique<v1::Upload>();
    response->set_held_bytes(uploaded->progress.held_bytes);
    response->set_complete(uploaded->progress.complete);
    Answered answered;
    answered.response = std::move(response);
    answered.access_recorded = uploaded->recorded;
    reply(std::move(answered));
  };
}

void Sort(v1::Board::Column* column) {
  std::stable_sort(column->mutable_procedures()->begin(), column->mutable_procedures()->end(),
                   [](const v1::Procedure& a, const v1::Procedure& b) {
                     return a.waiting_since_time().seconds() < b.waiting_since_time().seconds();
                   });
  if (column->procedures_size() > 0 && column->procedures(0).has_waiting_since_time()) {
    *column->mutable_longest_since_time() = column->procedures(0).waiting_since_time();
  }
}

}  // namespace

Writer::Done Answers::AnswerWritten(const Call& call, Reply reply) const {
  return [this, call, reply = std::move(reply)](absl::StatusOr<Writer::Written> written) {
    if (!written.ok()) return reply(written.status());
    const absl::StatusOr<FoundProcedure> found = deps_.desk->GetByName(written->name, call.now);
    if (!found.ok()) return reply(found.status());
    Answered answered;
    answered.response = std::make_unique<v1::Procedure>(Summary(deps_, *found, call.sections));
    answered.access_recorded = !written->repeated;
    Disclose(found->name(), &answered.disclosure);
    reply(std::move(answered));
  };
}

void Answers::Open(const Call& call, const Message& message, Reply reply) const {
  const auto& request = static_cast<const v1::OpenProcedureRequest&>(message);
  deps_.writer->Open(call, request.procedure(), StepOf(request),
                     AnswerWritten(call, std::move(reply)));
}

void Answers::Take(const Call& call, const Message& message, Reply reply) const {
  const auto& request = static_cast<const v1::TakeStepRequest&>(message);
  StepWriter::Step step = StepOf(request);
  step.etag = request.etag();
  step.suspension_reason = request.suspension_reason();
  deps_.writer->Take(call, request.name(), step, AnswerWritten(call, std::move(reply)));
}

void Answers::Get(const Call& call, const Message& message, Reply reply) const {
  const auto& request = static_cast<const v1::GetProcedureRequest&>(message);
  if (call.sections.empty()) return reply(NothingToShare());
  const absl::StatusOr<FoundProcedure> found = deps_.desk->GetByName(request.name(), call.now);
  if (!found.ok()) return reply(found.status());
  absl::StatusOr<v1::Procedure> shown = Whole(deps_, *found, call.sections, call.now);
  if (!shown.ok()) return reply(shown.status());
  Answered answered;
  answered.response = std::make_unique<v1::Procedure>(*std::move(shown));
  Disclose(found->name(), &answered.disclosure);
  reply(std::move(answered));
}

void Answers::Propose(const Call& call, const Message& message, Reply reply) const {
  const auto& request = static_cast<const v1::ProposeAnswerRequest&>(message);
  if (call.sections.empty()) return reply(NothingToShare());
  const absl::StatusOr<FoundProcedure> found = deps_.desk->GetByName(request.name(), call.now);
  if (!found.ok()) return reply(found.status());
  const auto proposer = deps_.proposers.find(found->table->code());
  absl::StatusOr<std::unique_ptr<Message>> asked =
      deps_.desk->Content(*found, found->steps.steps().at(found->state.path.front()));
  if (!asked.ok()) return reply(asked.status());
  if (proposer == deps_.proposers.end() || *asked == nullptr ||
      found->state.requester == deps_.desk->deps().country ||
      found->waiting_for != deps_.desk->deps().country) {
    return reply(MakeError(absl::StatusCode::kFailedPrecondition, "NOTHING_TO_ANSWER",
                           "no request of the partner's that waits here for such an answer"));
  }
  absl::StatusOr<AnswerProposal> proposal = proposer->second(call, **asked);
  if (!proposal.ok()) return reply(proposal.status());
  auto response = std::make_unique<v1::ProposedAnswer>();
  response->set_step(proposal->step);
  response->mutable_content()->PackFrom(*proposal->content);
  for (const std::string& name : proposal->disclosure.record_names)
    response->add_record_names(name);
  response->set_etag(found->etag());
  Answered answered;
  answered.response = std::move(response);
  answered.disclosure = std::move(proposal->disclosure);
  Disclose(found->name(), &answered.disclosure);
  reply(std::move(answered));
}

absl::StatusOr<std::string> Answers::Page(const Call& call, const PageOf& page) const {
  const RecordsDeps& records = deps_.desk->deps();
  ASSIGN_OR_RETURN(const size_t limit, PageSize(page.page_size));
  const std::string binding = PageBinding(call.principal.spiffe_uri, page.request);
  ASSIGN_OR_RETURN(const PageStart start, ParsePageToken(*records.tokens, binding, page.page_token,
                                                         records.store->sizes()));
  const std::string after =
      start.after ? std::string(start.after->body().substr(0, kIdBytes)) : std::string();
  std::string last = after;
  std::string next;
  size_t looked_at = 0;
  size_t added = 0;
  const auto visit = [&](const FoundProcedure& found) {
    if (added == limit || looked_at == deps_.looked_at_max) {
      next = MakePageToken(*records.tokens, binding,
                           {DerivedKey::Make(kPageKind, last, Position()), start.sizes});
      return false;
    }
    ++looked_at;
    last = found.id;
    if (page.belongs(found) && OpenedBefore(found, records.country, start.sizes)) {
      page.add(found);
      ++added;
    }
    return true;
  };
  if (page.case_id.empty()) {
    RETURN_IF_ERROR(deps_.desk->ScanOpen(after, call.now, visit));
    return next;
  }
  ASSIGN_OR_RETURN(const std::vector<FoundProcedure> all,
                   deps_.desk->OfCase(page.case_id, call.now));
  for (const FoundProcedure& found : all) {
    if (found.id > after && !visit(found)) break;
  }
  return next;
}

void Answers::Inbox(const Call& call, const Message& message, Reply reply) const {
  const auto& request = static_cast<const v1::ListInboxRequest&>(message);
  auto response = std::make_unique<v1::ListInboxResponse>();
  Answered answered;
  absl::StatusOr<std::string> next = Page(
      call, {request, request.page_size(), request.page_token(), /*case_id=*/"",
             [&](const FoundProcedure& found) { return BelongsTo(request.box(), found, call); },
             [&](const FoundProcedure& found) {
               *response->add_procedures() = Summary(deps_, found, call.sections);
               Disclose(found.name(), &answered.disclosure);
             }});
  if (!next.ok()) return reply(next.status());
  response->set_next_page_token(*std::move(next));
  answered.response = std::move(response);
  reply(std::move(answered));
}

void Answers::Board(const Call& call, const Message& message, Reply reply) const {
  const auto& request = static_cast<const v1::GetBoardRequest&>(message);
  auto board = std::make_unique<v1::Board>();
  ColumnOf(deps_.desk->deps().country, board.get());
  ColumnOf(deps_.desk->deps().partner_country, board.get());
  Answered answered;
  const auto add = [&](const FoundProcedure& found) {
    v1::Board::Column* column = ColumnOf(found.waiting_for, board.get());
    *column->add_procedures() = Summary(deps_, found, call.sections);
    column->set_overdue_count(column->overdue_count() + (found.due && found.due->overdue ? 1 : 0));
    Disclose(found.name(), &answered.disclosure);
  };
  absl::StatusOr<std::string> next =
      Page(call, {request, request.page_size(), request.page_token(), request.case_id(),
                  [](const FoundProcedure&) { return true; }, add});
  if (!next.ok()) return reply(next.status());
  for (v1::Board::Column& column : *board->mutable_columns()) Sort(&column);
  board->set_next_page_token(*std::move(next));
  answered.response = std::move(board);
  reply(std::move(answered));
}

void Answers::BeginUpload(const Call& call, const Message& message, Reply reply) const {
  const auto& request = static_cast<const v1::BeginUploadRequest&>(message);
  deps_.attachments->Begin(call, request.attachment(), AnswerUpload(std::move(reply)));
}

void Answers::UploadChunk(const Call& call, const Message& message, Reply reply) const {
  const auto& request = static_cast<const v1::UploadChunkRequest&>(message);
  deps_.attachments->Put(call, request.attachment(), request.offset(), request.content(),
                         AnswerUpload(std::move(reply)));
}

void Answers::Download(const Call& call, const Message& message, Reply reply) const {
  const auto& request = static_cast<const v1::DownloadAttachmentRequest&>(message);
  const absl::StatusOr<FoundProcedure> found = deps_.desk->GetByName(request.name(), call.now);
  if (!found.ok()) return reply(found.status());
  const absl::StatusOr<types::v1::Attachment> attachment =
      VisibleAttachment(deps_, *found, {request.country(), request.ledger_index()},
                        request.digest_name(), call.sections);
  if (!attachment.ok()) return reply(attachment.status());
  const absl::StatusOr<AttachmentStore::Progress> progress =
      deps_.attachments->ProgressOf(*attachment);
  if (!progress.ok()) return reply(progress.status());
  if (!progress->complete) {
    return reply(MakeError(absl::StatusCode::kFailedPrecondition, "ATTACHMENT_ON_ITS_WAY",
                           "the partner's node has not given all of it yet"));
  }
  absl::StatusOr<std::string> bytes =
      deps_.attachments->Read(*attachment, request.offset(), kDownloadBytesMax);
  if (!bytes.ok()) return reply(bytes.status());
  auto response = std::make_unique<v1::DownloadAttachmentResponse>();
  response->set_content(*std::move(bytes));
  Answered answered;
  answered.response = std::move(response);
  Disclose(found->name(), &answered.disclosure);
  reply(std::move(answered));
}

}  // namespace lintas::procedure

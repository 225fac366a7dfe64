#include "server/areas/procedure/answers.h"

#include <algorithm>
#include <memory>
#include <utility>

#include "absl/strings/match.h"
#include "lintas/procedure/v1/procedure.pb.h"
#include "server/areas/procedure/view.h"
#include "server/records/access_entry.h"
#include "server/records/page_token.h"
#include "server/records/reader.h"

namespace lintas::procedure {
namespace {

using google::protobuf::Message;

// A page's key is the id of its last procedure; the kind has no other meaning.
constexpr uint8_t kPageKind = 0;
constexpr size_t kIdBytes = 16;

void Disclose(const FoundProcedure& found, Disclosure* disclosure) {
  ++disclosure->record_count;
  if (disclosure->record_names.size() < kAccessNamesMax) {
    disclosure->record_names.push_back(found.name());
  }
}

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
    answered.response = std::make_unique<v1::Procedure>(Summary(deps_, *found));
    answered.access_recorded = !written->repeated;
    Disclose(*found, &answered.disclosure);
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
  absl::StatusOr<v1::Procedure> shown = Whole(deps_, *found, call.now);
  if (!shown.ok()) return reply(shown.status());
  Answered answered;
  answered.response = std::make_unique<v1::Procedure>(*std::move(shown));
  Disclose(*found, &answered.disclosure);
  reply(std::move(answered));
}

void Answers::Inbox(const Call& call, const Message& message, Reply reply) const {
  const auto& request = static_cast<const v1::ListInboxRequest&>(message);
  const RecordsDeps& records = deps_.desk->deps();
  const absl::StatusOr<size_t> limit = PageSize(request.page_size());
  if (!limit.ok()) return reply(limit.status());
  const std::string binding = PageBinding(call.principal.spiffe_uri, request);
  const absl::StatusOr<PageStart> start =
      ParsePageToken(*records.tokens, binding, request.page_token(), records.store->sizes());
  if (!start.ok()) return reply(start.status());
  auto response = std::make_unique<v1::ListInboxResponse>();
  Answered answered;
  std::string last;
  const absl::Status status = deps_.desk->ScanOpen(
      start->after ? std::string(start->after->body().substr(0, kIdBytes)) : "", call.now,
      [&](FoundProcedure found) {
        if (!BelongsTo(request.box(), found, call) ||
            !OpenedBefore(found, records.country, start->sizes)) {
          return true;
        }
        if (response->procedures_size() == static_cast<int>(*limit)) {
          response->set_next_page_token(
              MakePageToken(*records.tokens, binding,
                            {DerivedKey::Make(kPageKind, last, Position()), start->sizes}));
          return false;
        }
        last = found.id;
        *response->add_procedures() = Summary(deps_, found);
        Disclose(found, &answered.disclosure);
        return true;
      });
  if (!status.ok()) return reply(status);
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
    *column->add_procedures() = Summary(deps_, found);
    column->set_overdue_count(column->overdue_count() + (found.due && found.due->overdue ? 1 : 0));
    Disclose(found, &answered.disclosure);
    return true;
  };
  absl::Status status;
  if (request.case_id().empty()) {
    status = deps_.desk->ScanOpen("", call.now, add);
  } else {
    absl::StatusOr<std::vector<FoundProcedure>> all =
        deps_.desk->OfCase(request.case_id(), call.now);
    status = all.status();
    if (all.ok()) std::for_each(all->begin(), all->end(), add);
  }
  if (!status.ok()) return reply(status);
  for (v1::Board::Column& column : *board->mutable_columns()) Sort(&column);
  answered.response = std::move(board);
  reply(std::move(answered));
}

}  // namespace lintas::procedure

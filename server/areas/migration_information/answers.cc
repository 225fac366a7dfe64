#include "server/areas/migration_information/answers.h"

#include <algorithm>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "lintas/migration_information/v1/migration_information.pb.h"
#include "server/areas/common/update_mask.h"
#include "server/areas/migration_information/any_record.h"
#include "server/areas/migration_information/record_events.h"
#include "server/base/bytes.h"
#include "server/base/error.h"
#include "server/base/status.h"
#include "server/matching/normalise.h"
#include "server/records/access_entry.h"
#include "server/records/bulk.h"
#include "server/records/fold.h"
#include "server/records/page_token.h"
#include "server/records/receipt_text.h"

namespace lintas::migration_information {
namespace {

// The partner refuses a question of over 16 KiB; address, times and tokens take less than half.
constexpr size_t kOwnQuestionBytesMax = size_t{8} << 10;

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using google::protobuf::Reflection;

const FieldDescriptor* Field(const Message& message, const std::string& name) {
  return message.GetDescriptor()->FindFieldByName(name);
}

std::string TextOf(const Message& message, const char* name) {
  return message.GetReflection()->GetString(message, Field(message, name));
}

const Message& MessageOf(const Message& message, const std::string& name) {
  return message.GetReflection()->GetMessage(message, Field(message, name));
}

bool Full(const Message& request) {
  return request.GetReflection()->GetEnumValue(request, Field(request, "view")) == v1::FULL;
}

Answered Answer(std::unique_ptr<Message> response) {
  Answered answered;
  answered.response = std::move(response);
  return answered;
}

// What an AnyRecord holds; no type if it holds nothing.
struct Inside {
  const RecordType* type = nullptr;
  const Message* record = nullptr;
};

Inside In(const v1::AnyRecord& any, const RecordsDeps& records) {
  Inside inside;
  const FieldDescriptor* field = any.GetDescriptor()->FindFieldByNumber(any.record_case());
  if (field == nullptr) return inside;
  inside.record = &any.GetReflection()->GetMessage(any, field);
  inside.type = records.types->ByDescriptor(field->message_type());
  return inside;
}

absl::Status NoRecord() {
  return FieldsError({{"record", "REQUIRED", "one record of a known type"}});
}

// 0 is always. The header of a sensitive type has the hour only (P1).
bool EnteredSince(const FoundRecord& found, int64_t since_s) {
  if (found.type->sensitive()) since_s -= since_s % 3600;
  return found.header.time_s() >= since_s;
}

absl::Status BadParent() {
  return FieldsError({{"parent", "PARENT", "countries/{country}, one of the two Parties"}});
}

// The country of a parent; empty if it is none.
std::string CountryOf(const std::string& parent) {
  constexpr absl::string_view kPrefix = "countries/";
  return parent.rfind(kPrefix.data(), 0) == 0 ? parent.substr(kPrefix.size()) : "";
}

}  // namespace

FindQuery QueryOf(const v1::FindRecordsRequest& request) {
  FindQuery query;
  query.document_number = request.document_number();
  query.document_issuer = request.document_issuer();
  query.national_number = request.national_number();
  query.person_name = request.person_name();
  query.name_prefix = request.name_prefix();
  query.birth_date = request.birth_date();
  query.permit_number = request.permit_number();
  query.types.assign(request.types().begin(), request.types().end());
  return query;
}

bool Answers::MaySee(const Call& call, const FoundRecord& found) const {
  return !call.sections.empty() && OwnNational(*deps_.reader, call, found);
}

absl::StatusOr<FoundRecord> Answers::Visible(const Call& call, const std::string& name) const {
  ASSIGN_OR_RETURN(const ParsedName parsed, ParseRecordName(name, *records().types));
  if (!IsOfThisArea(*parsed.type)) return NothingToShare();
  ASSIGN_OR_RETURN(FoundRecord found, deps_.reader->Get(parsed));
  if (!MaySee(call, found)) return NothingToShare();
  return found;
}

absl::StatusOr<absl::optional<Index>> Answers::LastExchange(const Writer::Written& written) const {
  if (!written.repeated) return written.last_exchange;
  ASSIGN_OR_RETURN(const ParsedName name, ParseRecordName(written.name, *records().types));
  ASSIGN_OR_RETURN(const RecordChain chain, deps_.reader->ReadChain(name.record_id));
  absl::optional<Index> last;
  for (const RecordChain::Link& link : chain.exchange) {
    if (link.position.ledger != LedgerId::kExchange) continue;
    last = last ? std::max(*last, link.position.index) : link.position.index;
  }
  return last;
}

Writer::Done Answers::WhenHeld(const Call& call, Writer::Done then) const {
  if (!call.wait_for_partner) return then;
  return [this, call, then](absl::StatusOr<Writer::Written> written) {
    if (!written.ok()) return then(std::move(written));
    const absl::StatusOr<absl::optional<Index>> last = LastExchange(*written);
    if (!last.ok()) return then(last.status());
    if (!last->has_value()) return then(std::move(written));
    deps_.wait_for_partner(call, **last, [then, written](const absl::Status& held) {
      if (!held.ok()) return then(held);
      then(written);
    });
  };
}

std::unique_ptr<Message> Answers::Shown(const FoundRecord& found, const Call& call, bool full,
                                        Shape shape) const {
  std::unique_ptr<Message> record = deps_.reader->Render(found, call.sections, full);
  if (shape == Shape::kOwn) return record;
  auto any = std::make_unique<v1::AnyRecord>();
  SetAny(std::move(record), *found.type, any.get());
  return any;
}

void Answers::AnswerWritten(const Call& call, const absl::StatusOr<Writer::Written>& written,
                            Shape shape, const Reply& reply) const {
  if (!written.ok()) return reply(written.status());
  const absl::StatusOr<FoundRecord> found = Visible(call, written->name);
  if (!found.ok()) return reply(found.status());
  Answered answered = Answer(Shown(*found, call, /*full=*/true, shape));
  Disclose(found->name(), &answered.disclosure);
  answered.access_recorded = !written->repeated;
  reply(std::move(answered));
}

void Answers::CreateOne(const RecordType& type, const Call& call, const Change& change,
                        Reply reply) const {
  if (CountryOf(TextOf(change.request, "parent")) != records().country) return reply(BadParent());
  std::unique_ptr<Message> record(change.record.New());
  record->CopyFrom(change.record);
  record->GetReflection()->ClearField(record.get(), Field(*record, "name"));
  record->GetReflection()->ClearField(record.get(), Field(*record, "meta"));
  deps_.writer->Create(call, type, *record, TextOf(change.request, "request_id"),
                       WhenHeld(call, [this, call, reply, shape = change.shape](
                                          absl::StatusOr<Writer::Written> written) {
                         AnswerWritten(call, written, shape, reply);
                       }));
}

void Answers::Create(const RecordType& type, const Call& call, const Message& request,
                     Reply reply) const {
  CreateOne(type, call, {MessageOf(request, type.code()), request, Shape::kOwn}, std::move(reply));
}

void Answers::CreateAny(const Call& call, const Message& request, Reply reply) const {
  const Inside inside =
      In(static_cast<const v1::CreateRecordRequest&>(request).record(), records());
  if (inside.type == nullptr) return reply(NoRecord());
  CreateOne(*inside.type, call, {*inside.record, request, Shape::kAny}, std::move(reply));
}

// What was asked for by its name is found by whom it is about, too (P25).
void Answers::DiscloseOne(const FoundRecord& found, Disclosure* disclosure) const {
  Disclose(found.name(), disclosure);
  disclosure->subject_tokens = deps_.reader->SubjectTokensOf(found);
}

void Answers::Get(const RecordType& type, const Call& call, const Message& request,
                  Reply reply) const {
  const absl::StatusOr<FoundRecord> found = Visible(call, TextOf(request, "name"));
  if (!found.ok()) return reply(found.status());
  if (found->type != &type) return reply(NothingToShare());
  Answered answered = Answer(Shown(*found, call, Full(request), Shape::kOwn));
  DiscloseOne(*found, &answered.disclosure);
  reply(std::move(answered));
}

void Answers::GetAny(const Call& call, const Message& request, Reply reply) const {
  const absl::StatusOr<FoundRecord> found = Visible(call, TextOf(request, "name"));
  if (!found.ok()) return reply(found.status());
  Answered answered = Answer(Shown(*found, call, Full(request), Shape::kAny));
  DiscloseOne(*found, &answered.disclosure);
  reply(std::move(answered));
}

absl::StatusOr<Answers::Listed> Answers::ListPage(const RecordType& type, const Call& call,
                                                  const Message& request) const {
  const std::string country = CountryOf(TextOf(request, "parent"));
  if (country != records().country && country != records().partner_country) return BadParent();
  ASSIGN_OR_RETURN(const size_t limit, PageSize(request.GetReflection()->GetInt32(
                                           request, Field(request, "page_size"))));
  const std::string binding = PageBinding(call.principal.spiffe_uri, request);
  ASSIGN_OR_RETURN(const PageStart start,
                   ParsePageToken(*records().tokens, binding, TextOf(request, "page_token"),
                                  records().store->sizes()));
  ASSIGN_OR_RETURN(Reader::Page page,
                   deps_.reader->List(type, country, start.after, limit, start.sizes));
  Listed listed;
  for (FoundRecord& found : page.records) {
    if (MaySee(call, found)) listed.records.push_back(std::move(found));
  }
  if (page.next) {
    listed.next_page_token = MakePageToken(*records().tokens, binding, {page.next, start.sizes});
  }
  return listed;
}

void Answers::List(const RecordType& type, const google::protobuf::Descriptor* response_type,
                   const Call& call, const Message& request, Reply reply) const {
  const absl::StatusOr<Listed> listed = ListPage(type, call, request);
  if (!listed.ok()) return reply(listed.status());
  std::unique_ptr<Message> response(
      google::protobuf::MessageFactory::generated_factory()->GetPrototype(response_type)->New());
  const Reflection* reflection = response->GetReflection();
  Answered answered;
  for (const FoundRecord& found : listed->records) {
    reflection->AddAllocatedMessage(response.get(), response_type->field(0),
                                    Shown(found, call, Full(request), Shape::kOwn).release());
    Disclose(found.name(), &answered.disclosure);
  }
  reflection->SetString(response.get(), Field(*response, "next_page_token"),
                        listed->next_page_token);
  answered.response = std::move(response);
  reply(std::move(answered));
}

void Answers::ListAny(const Call& call, const Message& message, Reply reply) const {
  const auto& request = static_cast<const v1::ListRecordsRequest&>(message);
  const RecordType* type = records().types->ByCode(request.type());
  if (type == nullptr || !IsOfThisArea(*type)) {
    return reply(FieldsError({{"type", "UNKNOWN_TYPE", "the code of a record type of this area"}}));
  }
  const absl::StatusOr<Listed> listed = ListPage(*type, call, request);
  if (!listed.ok()) return reply(listed.status());
  auto response = std::make_unique<v1::ListRecordsResponse>();
  Answered answered;
  for (const FoundRecord& found : listed->records) {
    if (!EnteredSince(found, request.since_time().seconds())) continue;
    SetAny(Shown(found, call, request.view() == v1::FULL, Shape::kOwn), *type,
           response->add_records());
    Disclose(found.name(), &answered.disclosure);
  }
  response->set_next_page_token(listed->next_page_token);
  answered.response = std::move(response);
  reply(std::move(answered));
}

void Answers::CorrectOne(const RecordType& type, const Call& call, const Change& change,
                         Reply reply) const {
  const std::string name = TextOf(change.record, "name");
  const absl::StatusOr<FoundRecord> found = Visible(call, name);
  if (!found.ok()) return reply(found.status());
  if (found->type != &type) return reply(NothingToShare());
  std::unique_ptr<Message> merged = deps_.reader->Whole(*found);
  const absl::Status status = MergeFields(
      change.record,
      static_cast<const google::protobuf::FieldMask&>(MessageOf(change.request, "update_mask")),
      merged.get());
  if (!status.ok()) return reply(status);
  const absl::StatusOr<ParsedName> parsed = ParseRecordName(name, *records().types);
  if (!parsed.ok()) return reply(parsed.status());
  // Merged into what was read: if another revision comes between, the caller reads it again.
  const std::string etag = TextOf(change.request, "etag");
  deps_.writer->Correct(call, *parsed, *merged, change.request.SerializeAsString(),
                        TextOf(change.request, "request_id"), etag.empty() ? found->etag : etag,
                        WhenHeld(call, [this, call, reply, shape = change.shape](
                                           absl::StatusOr<Writer::Written> written) {
                          AnswerWritten(call, written, shape, reply);
                        }));
}

void Answers::Correct(const RecordType& type, const Call& call, const Message& request,
                      Reply reply) const {
  CorrectOne(type, call, {MessageOf(request, type.code()), request, Shape::kOwn}, std::move(reply));
}

void Answers::CorrectAny(const Call& call, const Message& request, Reply reply) const {
  const Inside inside =
      In(static_cast<const v1::CorrectRecordRequest&>(request).record(), records());
  if (inside.type == nullptr) return reply(NoRecord());
  CorrectOne(*inside.type, call, {*inside.record, request, Shape::kAny}, std::move(reply));
}

void Answers::Withdraw(const Call& call, const Message& message, Reply reply) const {
  const auto& request = static_cast<const v1::WithdrawRecordRequest&>(message);
  const absl::StatusOr<FoundRecord> found = Visible(call, request.name());
  if (!found.ok()) return reply(found.status());
  const absl::StatusOr<ParsedName> name = ParseRecordName(request.name(), *records().types);
  if (!name.ok()) return reply(name.status());
  deps_.writer->Withdraw(
      call, *name, request.reason(), request.request_id(),
      WhenHeld(call, [this, call, reply](absl::StatusOr<Writer::Written> written) {
        if (!written.ok()) return reply(written.status());
        const absl::StatusOr<FoundRecord> now = Visible(call, written->name);
        if (!now.ok()) return reply(now.status());
        auto any = std::make_unique<v1::AnyRecord>();
        SetAny(deps_.reader->Render(*now, call.sections, true), *now->type, any.get());
        Answered answered = Answer(std::move(any));
        Disclose(now->name(), &answered.disclosure);
        answered.access_recorded = !written->repeated;
        reply(std::move(answered));
      }));
}

void Answers::Recall(const Call& call, const Message& message, Reply reply) const {
  const auto& request = static_cast<const v1::RecallRecordRequest&>(message);
  const absl::StatusOr<ParsedName> name = ParseRecordName(request.name(), *records().types);
  if (!name.ok()) return reply(name.status());
  deps_.writer->Recall(call, *name, request.reason(), request.request_id(),
                       WhenHeld(call, [this, call, reply](absl::StatusOr<Writer::Written> written) {
                         if (!written.ok()) return reply(written.status());
                         v1::GetRecallRequest again;
                         again.set_name(written->name);
                         const bool recorded = !written->repeated;
                         GetRecall(call, again, [reply, recorded](absl::StatusOr<Answered> answer) {
                           if (answer.ok()) answer->access_recorded = recorded;
                           reply(std::move(answer));
                         });
                       }));
}

// A recall is found by its headers alone: the content is gone.
void Answers::GetRecall(const Call& call, const Message& message, Reply reply) const {
  const auto& request = static_cast<const v1::GetRecallRequest&>(message);
  const absl::StatusOr<ParsedName> name = ParseRecordName(request.name(), *records().types);
  if (!name.ok()) return reply(name.status());
  if (name->country != records().country || call.sections.empty()) return reply(NothingToShare());
  auto recall = std::make_unique<v1::Recall>();
  recall->set_name(request.name());
  bool recalled = false;
  const absl::StatusOr<RecordChain> chain = deps_.reader->ReadChain(name->record_id);
  if (!chain.ok()) return reply(chain.status());
  for (const RecordChain::Link& link : chain->home) {
    if (link.kind == ledger::v1::EntryHeader::ERASE) recalled = true;
  }
  // The newest one: the partner's receipts come in the order of the recalls.
  for (const RecordChain::Link& link : chain->exchange) {
    if (link.position.ledger != LedgerId::kExchange) break;
    if (link.kind != ledger::v1::EntryHeader::RECALL) continue;
    recalled = true;
    recall->set_recall_index(link.position.index.value());
  }
  if (!recalled) return reply(NothingToShare());
  if (!recall->has_recall_index()) {
    recall->set_partner_erased(true);  // It never left: there was nothing to erase over there.
    return reply(Answer(std::move(recall)));
  }
  const absl::StatusOr<std::string> receipt_index = records().store->GetState(
      absl::StrCat("x/receipt/", records().country, "/", BigEndian64(recall->recall_index())));
  if (receipt_index.ok() && receipt_index->size() == 8) {
    const Position position{LedgerId::kReplica, Index(LoadBigEndian64(receipt_index->data()))};
    recall->set_partner_erased(true);
    recall->set_receipt_index(position.index.value());
    const absl::StatusOr<EntryRow> row = records().store->GetEntry(position);
    absl::StatusOr<ledger::v1::Payload> payload =
        row.ok() ? records().sealer->Open(*row) : row.status();
    const std::string* content = payload.ok() ? FindSection(*payload, 1) : nullptr;
    ledger::v1::ErasureReceipt receipt;
    if (content != nullptr && receipt.ParseFromString(*content)) {
      recall->mutable_partner_erase_time()->set_seconds(receipt.destroyed_time_s());
      recall->mutable_partner_complete_time()->set_seconds(receipt.compacted_by_time_s());
    }
    const absl::StatusOr<std::string> text = MakeReceiptText(records(), position, "", 1);
    if (text.ok()) recall->set_receipt_text(*text);
  }
  reply(Answer(std::move(recall)));
}

void Answers::Find(const Call& call, const Message& message, Reply reply) const {
  const auto& request = static_cast<const v1::FindRecordsRequest&>(message);
  FindQuery query = QueryOf(request);
  if (call.own_nationals_only) {
    query.only_nationality = absl::AsciiStrToUpper(records().country);  // R7; candidates.h
  }
  const absl::StatusOr<size_t> limit = PageSize(request.page_size());
  if (!limit.ok()) return reply(limit.status());
  const absl::Status valid = deps_.reader->CheckQuery(query);
  if (!valid.ok()) return reply(valid);
  const std::string binding = PageBinding(call.principal.spiffe_uri, request);
  const absl::StatusOr<PageStart> start =
      ParsePageToken(*records().tokens, binding, request.page_token(), records().store->sizes());
  if (!start.ok()) return reply(start.status());
  const absl::StatusOr<Reader::Page> page =
      deps_.reader->Find(query, start->after, *limit, start->sizes);
  if (!page.ok()) return reply(page.status());
  auto response = std::make_unique<v1::FindRecordsResponse>();
  Answered answered;
  answered.disclosure.subject_tokens = deps_.reader->SubjectTokens(query);
  for (const FoundRecord& found : page->records) {
    if (!MaySee(call, found)) continue;
    SetAny(deps_.reader->Render(found, call.sections, request.view() == v1::FULL), *found.type,
           response->add_records());
    Disclose(found.name(), &answered.disclosure);
  }
  if (page->next) {
    response->set_next_page_token(
        MakePageToken(*records().tokens, binding, {page->next, start->sizes}));
  }
  response->set_replica_age_s(deps_.replica_age_s());
  answered.response = std::move(response);
  reply(std::move(answered));
}

void Answers::Revisions(const Call& call, const Message& message, Reply reply) const {
  const auto& request = static_cast<const v1::ListRevisionsRequest&>(message);
  const absl::StatusOr<FoundRecord> newest = Visible(call, request.name());
  if (!newest.ok()) return reply(newest.status());
  const absl::StatusOr<ParsedName> name = ParseRecordName(request.name(), *records().types);
  const absl::StatusOr<std::vector<FoundRecord>> revisions = deps_.reader->Revisions(*name);
  if (!revisions.ok()) return reply(revisions.status());
  auto response = std::make_unique<v1::ListRevisionsResponse>();
  Answered answered;
  for (const FoundRecord& found : *revisions) {
    SetAny(deps_.reader->Render(found, call.sections, request.view() == v1::FULL), *found.type,
           response->add_revisions());
  }
  DiscloseOne(*newest, &answered.disclosure);
  answered.response = std::move(response);
  reply(std::move(answered));
}

void Answers::GetImport(const Call& call, const Message& message, Reply reply) const {
  const auto& request = static_cast<const v1::GetImportRequest&>(message);
  const absl::StatusOr<uint64_t> row =
      BulkImport::CommittedRow(records(), call.principal.spiffe_uri, request.import_id());
  if (!row.ok()) return reply(row.status());
  auto response = std::make_unique<v1::Import>();
  response->set_import_id(request.import_id());
  response->set_committed_row(*row);
  reply(Answer(std::move(response)));
}

namespace {

absl::StatusOr<partner::v1::Question> QuestionOf(const v1::AskPartnerRequest& request,
                                                 const Call& call) {
  partner::v1::Question question;
  question.set_role(std::string(RoleName(call.principal.role)));
  question.set_purpose(call.purpose);
  if (!request.reference().empty()) {
    if (request.justification().empty()) {
      return FieldsError(
          {{"justification", "REQUIRED", "a code that says why the file is needed"}});
    }
    question.set_kind(partner::v1::Question::OPEN);
    question.set_reference(request.reference());
    question.set_justification(request.justification());
    return question;
  }
  matching::CivilDate date;
  const bool by_name = !request.person_name().empty() &&
                       (call.own_nationals_only ? matching::ParseDate(request.birth_date(), &date)
                                                : !request.birth_date().empty());
  if (request.document_number().empty() && request.national_number().empty() && !by_name) {
    return MakeError(absl::StatusCode::kInvalidArgument, "INSUFFICIENT_IDENTIFIERS",
                     "a document or national number, or a name with the birth date, is needed");
  }
  question.set_kind(partner::v1::Question::FIND);
  question.set_document_number(request.document_number());
  question.set_document_issuer(request.document_issuer());
  question.set_national_number(request.national_number());
  question.set_person_name(request.person_name());
  question.set_birth_date(request.birth_date());
  *question.mutable_claimed_nationalities() = request.claimed_nationalities();
  *question.mutable_types() = request.types();
  return question;
}

}  // namespace

void Answers::Ask(const Call& call, const Message& message, Reply reply) const {
  const auto& request = static_cast<const v1::AskPartnerRequest&>(message);
  absl::StatusOr<partner::v1::Question> question = QuestionOf(request, call);
  if (!question.ok()) return reply(question.status());
  if (question->ByteSizeLong() > kOwnQuestionBytesMax) {
    return reply(MakeError(absl::StatusCode::kInvalidArgument, "QUESTION_TOO_LONG",
                           "identifiers, types and justification together have at most 8 KiB"));
  }
  FindQuery query;
  query.document_number = request.document_number();
  query.national_number = request.national_number();
  query.person_name = request.person_name();
  const std::vector<Token> subjects = deps_.reader->SubjectTokens(query);
  const absl::Time deadline = std::min(call.deadline, call.now + absl::Seconds(20));
  deps_.asker->Ask(*question, call.principal.spiffe_uri, call.case_id, call.trace_id, call.now,
                   deadline, [this, call, reply, subjects](absl::StatusOr<Asker::Result> result) {
                     if (!result.ok()) return reply(result.status());
                     const partner::v1::Answer& answer = result->answer;
                     if (answer.outcome() != partner::v1::Answer::FOUND)
                       return reply(NothingToShare());
                     auto response = std::make_unique<v1::AskPartnerResponse>();
                     for (const auto& hit : answer.hits()) {
                       auto* out = response->add_hits();
                       out->set_reference(hit.reference());
                       out->set_type(hit.type());
                     }
                     Answered answered;
                     answered.disclosure.subject_tokens = subjects;
                     if (answer.has_opened()) {
                       const RecordType* type = records().types->ByCode(answer.opened().type());
                       ledger::v1::Payload payload;
                       const absl::StatusOr<ledger::v1::EntryHeader> header =
                           ParseHeader(answer.opened().header());
                       if (type == nullptr || !header.ok() ||
                           !payload.ParseFromString(answer.opened().payload()) ||
                           !CheckDigests(*header, payload).ok()) {
                         return reply(MakeError(absl::StatusCode::kDataLoss, "BAD_ANSWER",
                                                "the partner's answer could not be verified"));
                       }
                       FoundRecord found;
                       found.type = type;
                       found.country = records().partner_country;
                       found.record_id = header->record_id();
                       found.header = *header;
                       found.payload = payload;
                       found.revision = header->revision();
                       SetAny(deps_.reader->Render(found, call.sections, true), *type,
                              response->mutable_record());
                       DiscloseOne(found, &answered.disclosure);
                     }
                     response->set_agreement_version(answer.agreement_version());
                     response->mutable_answer_time()->set_seconds(answer.answer_time_s());
                     response->set_answer_digest(absl::BytesToHexString(result->answer_digest));
                     answered.response = std::move(response);
                     reply(std::move(answered));
                   });
}

}  // namespace lintas::migration_information

#include "tests/simulation/workload.h"

#include <algorithm>
#include <utility>

#include "absl/strings/escaping.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "lintas/node/v1/node.pb.h"
#include "server/base/check.h"
#include "server/base/error.h"
#include "server/base/status.h"
#include "server/records/bulk.h"

namespace lintas::simulation {
namespace {

// The request of a method of area 1 on records of one type.
const google::protobuf::Descriptor* RequestOf(const char* verb, const std::string& type) {
  return migration_information::v1::AnyRecord::descriptor()->file()->pool()->FindMessageTypeByName(
      absl::StrCat("lintas.migration_information.v1.", verb, type, "Request"));
}

namespace mi = migration_information::v1;

constexpr int kPersons = 10;
constexpr size_t kRowsPerMessage = 3;
constexpr char kService[] = "lintas.migration_information.v1.MigrationInformationService/";

Principal PrincipalOf(int node, const std::string& role) {
  const absl::StatusOr<Role> parsed = ParseRole(role);
  LINTAS_CHECK(parsed.ok());
  const absl::StatusOr<Principal> principal = MakePrincipal(CountryOf(node), *parsed, role + "-1");
  LINTAS_CHECK(principal.ok());
  return *principal;
}

// The record inside an answer, whatever the method; null if it holds none.
const google::protobuf::Message* RecordIn(const google::protobuf::Message& answer) {
  if (const auto* any = dynamic_cast<const mi::AnyRecord*>(&answer)) {
    if (any->record_case() == mi::AnyRecord::RECORD_NOT_SET) return nullptr;
    const auto* field = any->GetDescriptor()->FindFieldByNumber(any->record_case());
    return &any->GetReflection()->GetMessage(*any, field);
  }
  return answer.GetDescriptor()->FindFieldByName("meta") ? &answer : nullptr;
}

std::string NameOf(const google::protobuf::Message& record) {
  const auto* field = record.GetDescriptor()->FindFieldByName("name");
  return record.GetReflection()->GetString(record, field);
}

const mi::RecordMeta& MetaOf(const google::protobuf::Message& record) {
  const auto* field = record.GetDescriptor()->FindFieldByName("meta");
  return static_cast<const mi::RecordMeta&>(record.GetReflection()->GetMessage(record, field));
}

std::string Letters(uint64_t value) {
  std::string letters;
  for (int i = 0; i < 6; ++i, value /= 26) letters += static_cast<char>('A' + value % 26);
  return letters;
}

}  // namespace

Workload::Workload(SimRandom* random, Checker* checker, SimNode* first, SimNode* second,
                   Trace trace)
    : random_(random), checker_(checker), nodes_{first, second}, trace_(std::move(trace)) {
  rate_ = 0.05 + 0.01 * static_cast<double>(random_->Below(60));
  import_rate_ = 0.01 * static_cast<double>(random_->Below(20));
  for (int node = 0; node < 2; ++node) {
    // Withheld sections and third-country nationals stay at home (P2, R8).
    const std::string country = absl::AsciiStrToUpper(CountryOf(node));
    checker_->Forbid(1 - node, absl::StrCat("ZZSENS", country));
    checker_->Forbid(1 - node, absl::StrCat("ZZTHIRD", country));
  }
}

void Workload::Fail(const std::string& what) {
  if (failure_.ok()) failure_ = absl::InternalError(what);
}

std::string Workload::RequestId() {
  std::string hex = absl::BytesToHexString(random_->Bytes(16));
  hex[12] = '4';
  hex[16] = 'a';
  return absl::StrCat(hex.substr(0, 8), "-", hex.substr(8, 4), "-", hex.substr(12, 4), "-",
                      hex.substr(16, 4), "-", hex.substr(20));
}

std::string Workload::TraceId() { return absl::BytesToHexString(random_->Bytes(16)); }

std::string Workload::Word(const char* kind, int node) {
  return absl::StrCat("ZZ", kind, absl::AsciiStrToUpper(CountryOf(node)), Letters(++words_));
}

const char* Workload::Nationality(int node, int person, bool third_country) {
  if (third_country) return "MYS";
  return (person + node) % 2 == 0 ? "IDN" : "KHM";
}

std::string Workload::Document(int node, int person) const {
  return absl::StrCat("X", 1000000 + node * 1000 + person);
}

types::v1::Person Workload::MakePerson(int node, int person, bool third_country,
                                       const std::string& word) {
  types::v1::Person out;
  out.add_names()->set_family_name(absl::StrCat("SYNTHETIC", Letters(person)));
  out.mutable_names(0)->set_given_name(word);
  out.mutable_birth_date()->set_year(1980 + person);
  out.mutable_birth_date()->set_month(1 + person % 12);
  out.mutable_birth_date()->set_day(3);
  out.add_nationalities(Nationality(node, person, third_country));
  return out;
}

// A traveller, a document or a work permit of `person`. Returns the word in its BASIC section.
std::string Workload::FillRecord(int node, int person, bool third, uint64_t kind,
                                 mi::AnyRecord* record) {
  const std::string word = Word(third ? "THIRD" : "BASIC", node);
  const auto set_document = [&](types::v1::DocumentReference* document) {
    document->set_code("P");
    document->set_number(Document(node, person));
    document->set_issuer(Nationality(node, person, ThirdCountry(person)));
  };
  switch (kind) {
    case 0: {
      mi::Traveller* traveller = record->mutable_traveller();
      *traveller->mutable_person() = MakePerson(node, person, third, word);
      set_document(traveller->add_documents());
      if (random_->Chance(0.7)) traveller->set_address(Word("SENS", node));
      break;
    }
    case 1: {
      mi::TravelDocument* document = record->mutable_travel_document();
      *document->mutable_person() = MakePerson(node, person, third, word);
      set_document(document->mutable_document());
      document->set_issue_date("2020-01-02");
      document->set_expiry_date("2030-01-02");
      break;
    }
    default: {
      mi::WorkPermit* permit = record->mutable_work_permit();
      *permit->mutable_person() = MakePerson(node, person, third, word);
      set_document(permit->mutable_document());
      permit->set_permit_number(absl::StrCat("WP-", words_));
      if (random_->Chance(0.7)) permit->set_employer(Word("SENS", node));
    }
  }
  return word;
}

// --- Calls
// -----------------------------------------------------------------------------------------

std::shared_ptr<Workload::Op> Workload::NewOp(int node, const std::string& method,
                                              const std::string& role, const std::string& purpose,
                                              std::shared_ptr<Message> request) {
  auto op = std::make_shared<Op>();
  op->node = node;
  op->method = absl::StrContains(method, '/') ? method : absl::StrCat(kService, method);
  op->role = role;
  op->purpose = purpose;
  op->request = std::move(request);
  return op;
}

void Workload::Issue(const std::shared_ptr<Op>& op) {
  SimNode& sim = *nodes_[op->node];
  Admission& admission = sim.node()->admission();
  const Method* method = admission.Find(op->method);
  LINTAS_CHECK(method != nullptr);
  op->trace_id = TraceId();
  op->epoch = sim.epoch();
  op->called_at = answered_;
  op->open = true;
  CallMetadata metadata;
  metadata.purpose = op->purpose;
  metadata.case_id = op->case_id;
  metadata.trace_id = op->trace_id;
  if (std::find(waiting_.begin(), waiting_.end(), op) == waiting_.end()) waiting_.push_back(op);
  Attempt attempt = admission.Admit(PrincipalOf(op->node, op->role), *method, metadata, sim.Now());
  trace_(absl::StrCat(CountryOf(op->node), " calls ", op->method.substr(op->method.find('/') + 1),
                      op->repeats > 0 ? " again" : "", " ", op->trace_id.substr(0, 6)));
  admission.HandleUnary(*method, std::move(attempt), *op->request,
                        [this, op, trace_id = op->trace_id](MessageOr answer) {
                          if (!op->open || op->trace_id != trace_id) {
                            return Fail("a call was answered twice");
                          }
                          Answer(op, std::move(answer));
                        });
}

void Workload::Answer(const std::shared_ptr<Op>& op, MessageOr answer) {
  op->open = false;
  ++answered_;
  trace_(absl::StrCat(
      CountryOf(op->node), " answers ", op->trace_id.substr(0, 6), " ",
      answer.ok() ? "OK"
                  : absl::StrCat(ErrorReason(answer.status()), " ", answer.status().message())));
  const bool unknown = absl::IsUnavailable(answer.status());
  if (answer.ok()) {
    ++reached_[op->method.substr(op->method.find('/') + 1)];
    if (op->repeats > 0 && op->write) ++reached_["repeated write"];
  }
  if (op->must_be_refused && absl::IsPermissionDenied(answer.status())) ++reached_["refused call"];
  if (op->invalid && absl::IsInvalidArgument(answer.status())) ++reached_["refused record"];
  if (!unknown) answered_now_.emplace_back(op->node, op->trace_id);
  if (op->must_be_refused && !unknown && !absl::IsPermissionDenied(answer.status()) &&
      !absl::IsInvalidArgument(answer.status())) {
    Fail("a call that must be refused was not");
  }
  if (op->write && unknown) return;  // Called again.
  if (op->write) CheckWriteAnswer(op.get(), answer);
  op->settled = true;
  if (answer.ok() && op->done) op->done(*op, **answer);
  if (op->write && answer.ok()) settled_[op->node].push_back(op);
}

void Workload::NoteRecord(Op* op, const Message& message) {
  const Message* record = RecordIn(message);
  if (record == nullptr) return;
  const std::string name = NameOf(*record);
  if (op->first_name.empty()) op->first_name = name;
  if (op->first_name != name) Fail("a repeated request gave another name");
  const auto known = by_name_.find(name);
  if (known == by_name_.end()) {
    if (op->record >= 0) return Fail("a change made another record");
    Record fresh;
    fresh.node = op->node;
    fresh.name = name;
    fresh.type = record->GetDescriptor()->name();
    by_name_[name] = static_cast<int>(records_.size());
    op->record = static_cast<int>(records_.size());
    records_.push_back(fresh);
  }
  Record& noted = records_[by_name_[name]];
  op->record = by_name_[name];
  if (!op->word.empty() &&
      std::find(noted.words.begin(), noted.words.end(), op->word) == noted.words.end()) {
    noted.words.push_back(op->word);
  }
  if (!op->word.empty()) noted.acknowledged_words.push_back(op->word);
  const bool released = MetaOf(*record).released();
  if (known != by_name_.end() && noted.released != released) {
    ++reached_[released ? "record released again" : "record went home"];
  }
  noted.released = released;
  noted.revision[released] = std::max(noted.revision[released], MetaOf(*record).revision());
}

void Workload::CheckWriteAnswer(Op* op, const MessageOr& answer) {
  if (answer.ok()) {
    if (op->invalid) return Fail("an invalid record was taken");
    return NoteRecord(op, **answer);
  }
  // What an acknowledged write may be told when it is repeated: only that the record is gone.
  if (!op->first_name.empty()) {
    const bool gone = op->record >= 0 && records_[op->record].recall_tried;
    if (!gone || !absl::IsNotFound(answer.status())) {
      Fail(absl::StrCat("a repeat of an acknowledged ", op->method.substr(op->method.find('/') + 1),
                        " was refused: ", ErrorReason(answer.status())));
    }
  }
}

// --- What is called
// --------------------------------------------------------------------------------

void Workload::Adopt(int node) {
  if (adoption_[node] != nullptr) return;
  auto request = std::make_shared<node::v1::AdoptAgreementRequest>();
  *request->mutable_signed_agreement() = AgreementForTest();
  request->set_request_id(RequestId());
  adoption_[node] =
      NewOp(node, "lintas.node.v1.NodeService/AdoptAgreement", "operator", "OPERATION", request);
  adoption_[node]->write = true;
  adoption_[node]->done = [this, node](const Op&, const Message&) { adopted_[node] = true; };
  Issue(adoption_[node]);
}

void Workload::Create(int node) {
  const int person = static_cast<int>(random_->Below(kPersons));
  mi::AnyRecord any;
  const bool third = ThirdCountry(person);
  const std::string word = FillRecord(node, person, third, random_->Below(3), &any);
  const auto* field = any.GetDescriptor()->FindFieldByNumber(any.record_case());
  Message* record = any.GetReflection()->MutableMessage(&any, field);
  const bool invalid = random_->Chance(0.1);
  if (invalid) {
    const auto* person_field = record->GetDescriptor()->FindFieldByName("person");
    static_cast<types::v1::Person*>(record->GetReflection()->MutableMessage(record, person_field))
        ->mutable_birth_date()
        ->set_year(2100);
  }
  const std::string type = record->GetDescriptor()->name();
  const auto* descriptor = RequestOf("Create", type);
  std::shared_ptr<Message> request(
      google::protobuf::MessageFactory::generated_factory()->GetPrototype(descriptor)->New());
  const auto* reflection = request->GetReflection();
  reflection->SetString(request.get(), descriptor->FindFieldByName("parent"),
                        absl::StrCat("countries/", CountryOf(node)));
  reflection->SetString(request.get(), descriptor->FindFieldByName("request_id"), RequestId());
  reflection->MutableMessage(request.get(), descriptor->FindFieldByName(field->name()))
      ->CopyFrom(*record);
  const bool agency = random_->Chance(0.3);
  auto op = NewOp(node, absl::StrCat("Create", type), agency ? "agency" : "officer",
                  agency ? "DATA_SUBMISSION" : "MIGRATION_MANAGEMENT", request);
  op->write = true;
  op->invalid = invalid;
  op->word = word;
  op->done = [this, person, third](const Op& done, const Message&) {
    records_[done.record].person = person;
    records_[done.record].third_country = third;
  };
  Issue(op);
}

Workload::Record* Workload::PickRecord(int node, bool changeable) {
  if (records_.empty()) return nullptr;
  Record* record = &records_[random_->Below(records_.size())];
  if (record->node != node) return nullptr;
  if (changeable && (record->recall_tried || record->withdraw_tried)) return nullptr;
  return record;
}

void Workload::Correct(int node) {
  Record* record = PickRecord(node, /*changeable=*/true);
  if (record == nullptr) return;
  const auto* descriptor = RequestOf("Correct", record->type);
  std::shared_ptr<Message> request(
      google::protobuf::MessageFactory::generated_factory()->GetPrototype(descriptor)->New());
  const auto* reflection = request->GetReflection();
  Message* part = reflection->MutableMessage(request.get(), descriptor->field(0));
  const auto* fields = part->GetDescriptor();
  part->GetReflection()->SetString(part, fields->FindFieldByName("name"), record->name);
  std::string word;
  bool third = record->third_country;
  const auto* sensitive =
      fields->FindFieldByName(record->type == "Traveller" ? "address" : "employer");
  if (sensitive != nullptr && random_->Chance(0.4)) {
    part->GetReflection()->SetString(part, sensitive, Word("SENS", node));
  } else {
    // The nationality was wrong: the record goes home, or may go now (R8).
    if (random_->Chance(0.25)) third = !third;
    word = Word(third ? "THIRD" : "BASIC", node);
    static_cast<types::v1::Person*>(
        part->GetReflection()->MutableMessage(part, fields->FindFieldByName("person")))
        ->CopyFrom(MakePerson(node, record->person, third, word));
    record->words.push_back(word);  // It may be there from here on.
  }
  reflection->SetString(request.get(), descriptor->FindFieldByName("request_id"), RequestId());
  auto op = NewOp(node, absl::StrCat("Correct", record->type), "officer", "MIGRATION_MANAGEMENT",
                  request);
  op->write = true;
  op->word = word;
  op->record = static_cast<int>(record - records_.data());
  std::vector<std::string> recalled;
  if (third && !word.empty()) recalled = record->acknowledged_words;
  op->done = [this, node, third, recalled](const Op& done, const Message&) {
    if (!done.word.empty()) records_[done.record].third_country = third;
    for (const std::string& each : recalled) checker_->ForbidRecalledAt(1 - node, each);
  };
  Issue(op);
}

void Workload::WithdrawOrRecall(int node) {
  const bool recall = random_->Chance(0.6);
  Record* record = PickRecord(node, /*changeable=*/!recall);
  if (record == nullptr || (recall && record->recall_tried)) return;
  std::shared_ptr<Message> request;
  const std::string id = RequestId();
  if (recall) {
    auto body = std::make_shared<mi::RecallRecordRequest>();
    body->set_name(record->name);
    body->set_reason("WRONG_PERSON");
    body->set_request_id(id);
    request = body;
    record->recall_tried = true;
  } else {
    auto body = std::make_shared<mi::WithdrawRecordRequest>();
    body->set_name(record->name);
    body->set_reason("DUPLICATE");
    body->set_request_id(id);
    request = body;
    record->withdraw_tried = true;
  }
  auto op = NewOp(node, recall ? "RecallRecord" : "WithdrawRecord", "officer",
                  "MIGRATION_MANAGEMENT", request);
  op->write = true;
  op->record = static_cast<int>(record - records_.data());
  op->done = [this, recall](const Op& done, const Message&) {
    Record& changed = records_[done.record];
    (recall ? changed.recalled : changed.withdrawn) = true;
    if (!recall) return;
    changed.recalled_at = answered_;
    for (const std::string& word : changed.words) checker_->ForbidRecalled(word);
  };
  Issue(op);
}

void Workload::Get(int node) {
  Record* record = PickRecord(random_->Chance(0.5) ? node : 1 - node, /*changeable=*/false);
  if (record == nullptr) return;
  const auto* descriptor = RequestOf("Get", record->type);
  std::shared_ptr<Message> request(
      google::protobuf::MessageFactory::generated_factory()->GetPrototype(descriptor)->New());
  request->GetReflection()->SetString(request.get(), descriptor->FindFieldByName("name"),
                                      record->name);
  request->GetReflection()->SetEnumValue(request.get(), descriptor->FindFieldByName("view"),
                                         mi::FULL);
  Issue(NewOp(node, absl::StrCat("Get", record->type), "officer", "BORDER_CHECK", request));
}

void Workload::Find(int node) {
  auto request = std::make_shared<mi::FindRecordsRequest>();
  const int side = static_cast<int>(random_->Below(2));
  request->set_document_number(Document(side, static_cast<int>(random_->Below(kPersons))));
  request->set_view(mi::FULL);
  const bool attache = random_->Chance(0.3);
  auto op = NewOp(node, "FindRecords", attache ? "attache" : "officer",
                  attache ? "CONSULAR_PROTECTION" : "BORDER_CHECK", request);
  op->case_id = "CASE/1";
  op->done = [this, attache, node](const Op& find, const Message& message) {
    const std::string own = absl::AsciiStrToUpper(CountryOf(node));
    for (const mi::AnyRecord& any :
         static_cast<const mi::FindRecordsResponse&>(message).records()) {
      const Message* record = RecordIn(any);
      const auto* field = record->GetDescriptor()->FindFieldByName("person");
      const auto& person = static_cast<const types::v1::Person&>(
          record->GetReflection()->GetMessage(*record, field));
      if (attache && (person.nationalities_size() == 0 || person.nationalities(0) != own)) {
        Fail("an attache was shown somebody else's national");  // R7
      }
      const auto known = by_name_.find(NameOf(*record));
      // A search that began before the recall was answered may still tell of it.
      if (known != by_name_.end() && records_[known->second].recalled &&
          records_[known->second].recalled_at <= find.called_at &&
          records_[known->second].node == node) {
        Fail("a recalled record was found");
      }
      // Imported records become known by being found; they are changed like others.
      if (known != by_name_.end() || attache) continue;
      if (!absl::StartsWith(NameOf(*record), absl::StrCat("countries/", CountryOf(node)))) continue;
      Record found;
      found.node = node;
      found.name = NameOf(*record);
      found.type = record->GetDescriptor()->name();
      found.third_country = person.nationalities(0) == "MYS";
      found.released = MetaOf(*record).released();
      found.person = person.birth_date().year() - 1980;
      found.words.push_back(person.names(0).given_name());
      found.acknowledged_words = found.words;
      by_name_[found.name] = static_cast<int>(records_.size());
      records_.push_back(found);
    }
  };
  Issue(op);
}

void Workload::Ask(int node) {
  auto request = std::make_shared<mi::AskPartnerRequest>();
  request->set_document_number(Document(1 - node, static_cast<int>(random_->Below(kPersons))));
  const bool attache = random_->Chance(0.4);
  const std::string role = attache ? "attache" : "officer";
  auto op = NewOp(node, "AskPartner", role, "IDENTITY_VERIFICATION", request);
  op->case_id = "CASE/2";
  op->done = [this, node, role](const Op&, const Message& message) {
    const auto& answer = static_cast<const mi::AskPartnerResponse&>(message);
    if (answer.hits().empty() || !nodes_[node]->up()) return;
    auto open = std::make_shared<mi::AskPartnerRequest>();
    open->set_reference(answer.hits(0).reference());
    open->set_justification("IDENTITY_DOUBT");
    auto next = NewOp(node, "AskPartner", role, "IDENTITY_VERIFICATION", open);
    next->case_id = "CASE/2";
    next->done = [this](const Op&, const Message& opened) {
      if (static_cast<const mi::AskPartnerResponse&>(opened).has_record()) {
        ++reached_["opened record"];
      }
    };
    waiting_.push_back(next);  // Called in the next tick: never from inside an answer.
  };
  Issue(op);
}

void Workload::Refused(int node) {
  auto request = std::make_shared<mi::FindRecordsRequest>();
  request->set_document_number(Document(node, 0));
  const char* const wrong[][2] = {{"operator", "OPERATION"},
                                  {"statistics", "STATISTICS"},
                                  {"officer", "SUPERVISION"},
                                  {"attache", "BORDER_CHECK"},
                                  {"officer", "IDENTITY_VERIFICATION"}};  // Without a case.
  const auto& pair = wrong[random_->Below(5)];
  auto op = NewOp(node, "FindRecords", pair[0], pair[1], request);
  op->must_be_refused = true;
  Issue(op);
}

void Workload::Repeat(int node) {
  std::vector<std::shared_ptr<Op>>& settled = settled_[node];
  if (settled.empty()) return;
  const std::shared_ptr<Op> op = settled[random_->Below(settled.size())];
  if (op->open || ++op->repeats > 3) return;
  op->settled = false;
  // The first answer stands in the list already.
  settled.erase(std::find(settled.begin(), settled.end(), op));
  Issue(op);
}

// --- Imports
// ---------------------------------------------------------------------------------------

void Workload::StartImport(int node) {
  Import& import = imports_[node];
  import.id = absl::StrCat("export-", random_->Next() % 1000000);
  import.active = true;
  import.next_row = 1;
  import.acked_row = 0;
  for (Row& row : import.rows) {
    if (!row.valid || !random_->Chance(0.2)) continue;
    // A key names one record of one type.
    const uint64_t kind = row.record.has_traveller() ? 0 : row.record.has_travel_document() ? 1 : 2;
    row.record.Clear();
    if (random_->Chance(0.3)) row.third_country = !row.third_country;  // R8
    FillRecord(node, row.person, row.third_country, kind, &row.record);
    row.changed = true;
  }
  const int more = static_cast<int>(random_->Below(8));
  for (int i = 0; i < more; ++i) {
    Row row;
    row.key = absl::StrCat("key-", words_, "-", i);
    row.person = static_cast<int>(random_->Below(kPersons));
    row.third_country = ThirdCountry(row.person);
    FillRecord(node, row.person, row.third_country, random_->Below(3), &row.record);
    if (random_->Chance(0.1) && row.record.has_traveller()) {
      row.record.mutable_traveller()->clear_person();
      row.valid = false;
    }
    import.rows.push_back(row);
  }
  if (import.rows.empty()) import.active = false;
}

void Workload::OpenImport(int node) {
  SimNode& sim = *nodes_[node];
  Import& import = imports_[node];
  const Principal principal = PrincipalOf(node, "agency");
  const absl::StatusOr<uint64_t> committed =
      BulkImport::CommittedRow(sim.node()->deps(), principal.spiffe_uri, import.id);
  if (!committed.ok() || *committed < import.acked_row) {
    return Fail("rows that were acknowledged are lost");
  }
  // Rows committed without an answer count as entered, perhaps.
  import.next_row = *committed + 1;
  import.acked_row = *committed;
  import.sent.clear();
  import.opening = true;
  import.ready = import.ended = import.over = false;
  import.epoch = sim.epoch();
  import.trace_id = TraceId();
  Admission& admission = sim.node()->admission();
  const Method* method = admission.Find(absl::StrCat(kService, "SubmitRecords"));
  CallMetadata metadata;
  metadata.purpose = "DATA_SUBMISSION";
  metadata.trace_id = import.trace_id;
  trace_(absl::StrCat(CountryOf(node), " imports ", import.id, " from row ", import.next_row,
                      " of ", import.rows.size()));
  admission.OpenStream(
      *method, admission.Admit(principal, *method, metadata, sim.Now()),
      [this, node](std::unique_ptr<Message> response) {
        TakeImportResponse(node, static_cast<const mi::SubmitRecordsResponse&>(*response));
      },
      [this, node](absl::StatusOr<std::unique_ptr<StreamHandler>> opened) {
        imports_[node].opening = false;
        if (!opened.ok()) {
          imports_[node].over = true;
          return;
        }
        imports_[node].stream = *std::move(opened);
        imports_[node].ready = true;
      });
}

void Workload::TakeImportResponse(int node, const mi::SubmitRecordsResponse& response) {
  Import& import = imports_[node];
  if (import.sent.empty()) return Fail("an import answered what nobody sent");
  const auto [first, last] = import.sent.front();
  import.sent.pop_front();
  if (response.committed_row() != last) return Fail("an import answered out of order");
  uint64_t fresh = 0, changed = 0;
  std::set<uint64_t> rejected;
  for (const auto& row : response.rejected_rows()) rejected.insert(row.row_number());
  for (uint64_t number = first; number <= last; ++number) {
    Row& row = import.rows[number - 1];
    if (row.known != 2) ++fresh;
    if (row.changed || row.known == 1) ++changed;
    if (!row.valid && rejected.count(number) == 0) Fail("an invalid row was taken");
    if (rejected.count(number) == 0) {
      row.known = 2;
      row.changed = false;
    }
  }
  const uint64_t answered = response.created_count() + response.revised_count() +
                            response.unchanged_count() + response.rejected_rows_size();
  if (answered != last - first + 1) Fail("an import lost a row without a word");  // B1
  if (response.created_count() > fresh) Fail("an import entered a known row again");
  if (response.revised_count() > changed) Fail("an import revised an unchanged row");  // B2
  import.acked_row = last;
  if (response.created_count() > 0) ++reached_["created row"];
  if (response.revised_count() > 0) ++reached_["revised row"];
  if (response.unchanged_count() > 0) ++reached_["unchanged row"];
  if (response.home_count() > 0) ++reached_["row kept at home"];
  if (response.rejected_rows_size() > 0) ++reached_["rejected row"];
}

void Workload::StepImport(int node) {
  Import& import = imports_[node];
  if (import.over) {  // The node ended the stream.
    import.stream.reset();
    import.over = import.ended = import.ready = false;
    if (import.next_row > import.rows.size() && import.acked_row == import.rows.size()) {
      import.active = false;
      ++reached_["import"];
    }
  }
  if (!import.active) {
    if (finishing_ || !adopted_[0] || !adopted_[1] || !random_->Chance(import_rate_)) return;
    if (nodes_[node]->node()->book().InForce() == nullptr) return;
    StartImport(node);
  }
  if (!import.active || import.opening) return;
  if (import.stream == nullptr) return OpenImport(node);
  if (import.ended || !import.ready) return;
  if (import.next_row > import.rows.size()) {
    import.ended = true;
    import.stream->OnEnd([this, node](const absl::Status& status) {
      trace_(absl::StrCat(CountryOf(node), " import ends ", status.ToString()));
    imports_[node].over = true;
  });
  return;
}
auto message = std::make_unique<mi::SubmitRecordsRequest>();
message->set_import_id(import.id);
message->set_synthetic(true);
const uint64_t first = import.next_row;
while (import.next_row <= import.rows.size() &&
       static_cast<size_t>(message->rows_size()) < kRowsPerMessage) {
  Row& row = import.rows[import.next_row - 1];
  auto* out = message->add_rows();
  out->set_row_number(import.next_row++);
  out->set_source_key(row.key);
  *out->mutable_record() = row.record;
  if (row.known == 0) row.known = 1;
}
import.sent.emplace_back(first, import.next_row - 1);
import.ready = false;
  import.stream->OnMessage(std::move(message), [this, node](const absl::Status& status) {
    if (status.ok()) {
      imports_[node].ready = true;
  }  // namespace lintas::simulation
  else {
    imports_[node].over = true;
  }
  });
  }

  void Workload::BeforeCrash(int index) { imports_[index].stream.reset(); }

  void Workload::AfterStart(int index) {
    Import& import = imports_[index];
    import.opening = import.ready = import.ended = import.over = false;
    import.sent.clear();
  }

  // --- Ticks
  // -----------------------------------------------------------------------------------------

  bool Workload::Done() const {
    for (const auto& op : waiting_) {
      if (!op->settled) return false;
    }
    return !imports_[0].active && !imports_[1].active;
  }

  void Workload::Tick() {
    for (size_t i = 0; i < waiting_.size(); ++i) {
      const std::shared_ptr<Op> op = waiting_[i];
      SimNode& sim = *nodes_[op->node];
      if (op->settled || !sim.up() || (op->open && op->epoch == sim.epoch())) continue;
      if (op->open && !op->write) {  // Lost in a crash; a reader asks again or not.
        op->settled = true;
        continue;
      }
      if (finishing_ || random_->Chance(0.3)) {
        ++op->repeats;
        Issue(op);
      }
    }
    waiting_.erase(std::remove_if(waiting_.begin(), waiting_.end(),
                                  [](const auto& op) { return op->settled; }),
                   waiting_.end());
    for (int node = 0; node < 2; ++node) {
      if (!nodes_[node]->up()) continue;
      Adopt(node);
      StepImport(node);
      if (finishing_ || nodes_[node]->node()->book().InForce() == nullptr) continue;
      if (!random_->Chance(rate_)) continue;
      switch (random_->Below(16)) {
        case 0:
        case 1:
        case 2:
        case 3:
          Create(node);
          break;
        case 4:
        case 5:
        case 6:
          Correct(node);
          break;
        case 7:
        case 8:
          WithdrawOrRecall(node);
          break;
        case 9:
        case 10:
          Find(node);
          break;
        case 11:
          Get(node);
          break;
        case 12:
        case 13:
          Ask(node);
          break;
        case 14:
          Refused(node);
          break;
        default:
          Repeat(node);
      }
    }
  }

  absl::Status Workload::Check() {
    RETURN_IF_ERROR(failure_);
    for (const auto& [node, trace_id] : answered_now_) {
      if (!nodes_[node]->up()) continue;
      const int entries = checker_->AccessEntries(node, trace_id);
      if (entries != 1) {
        return absl::InternalError(absl::StrCat(CountryOf(node), ": the answered call ",
                                                trace_id.substr(0, 6), " left ", entries,
                                                " access entries"));
      }
    }
    // Of a node that is down they are counted when it is up again.
    answered_now_.erase(
        std::remove_if(answered_now_.begin(), answered_now_.end(),
                       [this](const auto& each) { return nodes_[each.first]->up(); }),
        answered_now_.end());
    return absl::OkStatus();
  }

  absl::Status Workload::CheckRecord(const Record& record) {
    const Node* node = nodes_[record.node]->node();
    ASSIGN_OR_RETURN(const ParsedName name, ParseRecordName(record.name, *node->deps().types));
    const absl::StatusOr<FoundRecord> found = node->reader().Get(name);
    if (record.recalled && found.ok()) return absl::InternalError("a recalled record is read");
    if (!found.ok()) {
      return record.recall_tried ? absl::OkStatus()
                                 : absl::InternalError("an acknowledged record is lost");
    }
    if (found->revision < record.revision[found->released])
      return absl::InternalError("a revision is lost");
    if (record.withdrawn && found->state == RecordState::kCurrent) {
      return absl::InternalError("an acknowledged withdrawal is lost");
    }
    return absl::OkStatus();
  }

  absl::Status Workload::CheckRecords() {
    for (const Record& record : records_) {
      if (nodes_[record.node]->up()) RETURN_IF_ERROR(CheckRecord(record));
    }
    return absl::OkStatus();
  }

  }  // namespace lintas::simulation

#include "server/areas/node/answers.h"

#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <utility>

#include "absl/strings/escaping.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "server/base/error.h"
#include "server/base/status.h"
#include "server/records/fold.h"
#include "server/records/page_token.h"
#include "server/records/receipt_text.h"

namespace lintas::node {
namespace {

using google::protobuf::Message;

Answered Answer(std::unique_ptr<Message> response) {
  Answered answered;
  answered.response = std::move(response);
  return answered;
}

// Resident memory by /proc; 0 where there is none.
uint64_t ResidentBytes() {
  uint64_t pages_all = 0, pages_resident = 0;
  if (FILE* file = std::fopen("/proc/self/statm", "r")) {
    if (std::fscanf(file, "%lu %lu", &pages_all, &pages_resident) != 2) pages_resident = 0;
    std::fclose(file);
  }
  return pages_resident * static_cast<uint64_t>(sysconf(_SC_PAGESIZE));
}

void SetOutcome(int code, const std::string& reason,
                v1::ListAccessEntriesResponse::AccessEntry* out) {
  out->set_outcome(absl::StatusCodeToString(static_cast<absl::StatusCode>(code)));
  out->set_reason(reason);
}

void SetTime(absl::Time time, google::protobuf::Timestamp* out) {
  out->set_seconds(absl::ToUnixSeconds(time));
  out->set_nanos(static_cast<int32_t>(absl::ToUnixNanos(time) % 1'000'000'000));
}

absl::StatusOr<LedgerId> LedgerNamed(const std::string& name) {
  if (name == "exchange") return LedgerId::kExchange;
  if (name == "home") return LedgerId::kHome;
  if (name == "replica") return LedgerId::kReplica;
  return FieldsError({{"ledger", "UNKNOWN_VALUE", "exchange, home or replica"}});
}

}  // namespace

void Answers::AddLedger(LedgerId ledger, const char* name, v1::NodeStatus* status) const {
  v1::NodeStatus::Ledger* out = status->add_ledgers();
  out->set_ledger(name);
  out->set_origin(records().ledgers->origin(ledger));
  out->set_size(records().ledgers->size(ledger).value());
  out->set_signed_size(records().ledgers->signed_size(ledger).value());
  if (ledger == LedgerId::kExchange) out->set_held_size(deps_.held_size().value());
  const absl::StatusOr<std::string> note = records().ledgers->CheckpointNote(ledger);
  if (note.ok()) out->set_root(CheckpointRootHex(*note));
}

absl::Status Answers::AddCounts(const Snapshot& snapshot, v1::NodeStatus* status) const {
  return snapshot.ScanState("x/count/", [&](absl::string_view key, absl::string_view value) {
    uint64_t count = 0;
    if (!absl::SimpleAtoi(value, &count)) return true;
    (*status->mutable_record_counts())[std::string(key.substr(8))] = count;
    return true;
  });
}

void Answers::GetStatus(const Call&, const Message&, Reply reply) const {
  auto status = std::make_unique<v1::NodeStatus>();
  status->set_country(records().country);
  status->set_version(deps_.version);
  SetTime(deps_.start_time, status->mutable_start_time());
  AddLedger(LedgerId::kExchange, "exchange", status.get());
  AddLedger(LedgerId::kHome, "home", status.get());
  AddLedger(LedgerId::kReplica, "replica", status.get());
  *status->mutable_link() = deps_.link();
  const AgreementVersionPtr agreement = records().book->InForce();
  status->set_agreement_version(agreement ? agreement->version() : 0);
  for (const Alarms::Alarm& alarm : deps_.alarms->all()) {
    v1::NodeStatus::Alarm* out = status->add_alarms();
    out->set_code(alarm.code);
    out->set_text(alarm.text);
    SetTime(alarm.raise_time, out->mutable_raise_time());
  }
  const absl::Status health = records().ledgers->health();
  if (!health.ok()) {
    v1::NodeStatus::Alarm* out = status->add_alarms();
    out->set_code("LEDGER_STOPPED");
    out->set_text(std::string(health.message()));
  }
  const std::unique_ptr<Snapshot> snapshot = records().store->GetSnapshot();
  const absl::StatusOr<Hash> digest = SharedStateDigest(*snapshot);
  if (!digest.ok()) return reply(digest.status());
  status->set_shared_state_digest(absl::BytesToHexString(digest->view()));
  const absl::Status counted = AddCounts(*snapshot, status.get());
  if (!counted.ok()) return reply(counted);
  status->set_memory_bytes(ResidentBytes());
  reply(Answer(std::move(status)));
}

// The link's own word follows with its next step; the answer says what was asked for.
void Answers::PauseLink(const Call& call, const Message& request, Reply reply) const {
  deps_.pause_link(true);
  GetStatus(call, request, [reply](absl::StatusOr<Answered> answer) {
    if (answer.ok()) {
      auto* status = static_cast<v1::NodeStatus*>(answer->response.get());
      status->mutable_link()->set_state("paused");
      status->mutable_link()->set_detail("paused by an operator");
    }
    reply(std::move(answer));
  });
}

void Answers::ResumeLink(const Call& call, const Message& request, Reply reply) const {
  deps_.pause_link(false);
  GetStatus(call, request, [reply](absl::StatusOr<Answered> answer) {
    if (answer.ok()) {
      auto* status = static_cast<v1::NodeStatus*>(answer->response.get());
      if (status->link().state() == "paused") {
        status->mutable_link()->set_state("waiting");
        status->mutable_link()->clear_detail();
      }
    }
    reply(std::move(answer));
  });
}

void Answers::GetCheckpoint(const Call&, const Message& message, Reply reply) const {
  const auto& request = static_cast<const v1::GetCheckpointRequest&>(message);
  const absl::StatusOr<LedgerId> ledger = LedgerNamed(request.ledger());
  if (!ledger.ok()) return reply(ledger.status());
  const absl::StatusOr<std::string> note = records().ledgers->CheckpointNote(*ledger);
  if (!note.ok()) return reply(note.status());
  auto checkpoint = std::make_unique<v1::Checkpoint>();
  checkpoint->set_note(*note);
  if (*ledger == LedgerId::kExchange &&
      deps_.held_size() == records().ledgers->signed_size(*ledger)) {
    checkpoint->set_note(deps_.held_note());
  }
  reply(Answer(std::move(checkpoint)));
}

void Answers::GetReceipt(const Call& call, const Message& message, Reply reply) const {
  const auto& request = static_cast<const v1::GetReceiptRequest&>(message);
  uint32_t section = 0;
  if (request.section() == "basic") section = 1;
  if (request.section() == "sensitive") section = 2;
  if (section == 0 && !request.section().empty()) {
    return reply(FieldsError({{"section", "UNKNOWN_VALUE", "basic, sensitive or none"}}));
  }
  // A section is content: only a role that sees it may have it in a receipt.
  if (section != 0 && call.sections.count(static_cast<int>(section)) == 0) {
    return reply(NothingToShare());
  }
  const absl::StatusOr<ParsedName> name = ParseRecordName(request.name(), *records().types);
  if (!name.ok()) return reply(name.status());
  const absl::StatusOr<FoundRecord> found = deps_.reader->Get(*name);
  if (!found.ok()) return reply(found.status());
  const bool cosigned = found->position.ledger == LedgerId::kExchange;
  const absl::StatusOr<std::string> text =
      MakeReceiptText(records(), found->position, cosigned ? deps_.held_note() : "", section);
  if (!text.ok()) return reply(text.status());
  auto receipt = std::make_unique<v1::Receipt>();
  receipt->set_text(*text);
  Answered answered = Answer(std::move(receipt));
  answered.disclosure.record_names.push_back(request.name());
  answered.disclosure.record_count = 1;
  reply(std::move(answered));
}

bool Answers::ReadAccess(Index index, const EntryRow& row,
                         const v1::ListAccessEntriesRequest& request,
                         v1::ListAccessEntriesResponse::AccessEntry* out) const {
  const absl::StatusOr<ledger::v1::EntryHeader> header = ParseHeader(row.header);
  if (!header.ok()) return false;
  out->set_index(index.value());
  if (header->kind() == ledger::v1::EntryHeader::QUESTION) {
    if (!ReadQuestion(index, row, !request.document_number().empty(), out)) return false;
  } else {
    ledger::v1::Access access;
    if (header->kind() != ledger::v1::EntryHeader::ACCESS || !ReadHome(row, &access)) return false;
    SetTime(absl::FromUnixMicros(access.time_us()), out->mutable_access_time());
    out->set_principal(access.principal());
    out->set_method(access.method());
    out->set_purpose(access.purpose());
    out->set_case_id(access.case_id());
    SetOutcome(access.status_code(), access.reason(), out);
    out->set_record_count(access.record_count());
    *out->mutable_record_names() = access.record_names();
    out->set_trace_id(access.trace_id());
  }
  return request.principal().empty() || request.principal() == out->principal();
}

bool Answers::ReadHome(const EntryRow& row, Message* record) const {
  const absl::StatusOr<ledger::v1::Payload> payload = records().sealer->Open(row);
  if (!payload.ok()) return false;
  const std::string* content = FindSection(*payload, 4);
  return content != nullptr && record->ParseFromString(*content);
}

// The partner's question and our answer stand side by side (questions.h, Q1). An own one has an
// access entry too, which says what came of it, but not about whom if nothing came: so whoever
// looks for a person sees both.
bool Answers::ReadQuestion(Index index, const EntryRow& row, bool own_too,
                           v1::ListAccessEntriesResponse::AccessEntry* out) const {
  ledger::v1::QuestionRecord question;
  if (!ReadHome(row, &question) || (!question.from_partner() && !own_too)) return false;
  SetTime(absl::FromUnixMicros(question.time_us()), out->mutable_access_time());
  out->set_method("lintas.partner.v1.PartnerService/Ask");
  out->set_purpose(question.purpose());
  if (!question.from_partner()) {
    out->set_principal(question.asker());
    out->set_case_id(question.case_id());
    out->set_outcome("ASKED");
    return true;
  }
  out->set_principal(absl::StrCat(records().partner_country, "/", question.asker()));
  const absl::StatusOr<EntryRow> next =
      records().store->GetEntry({LedgerId::kHome, Index(index.value() + 1)});
  ledger::v1::AnswerRecord answer;
  if (next.ok() && ReadHome(*next, &answer) &&
      answer.question_digest() == question.question_digest()) {
    SetOutcome(answer.status_code(), answer.outward_reason(), out);
    out->set_record_count(static_cast<uint32_t>(answer.record_names_size()));
    *out->mutable_record_names() = answer.record_names();
  }
  return true;
}

void Answers::ListAccessEntries(const Call& call, const Message& message, Reply reply) const {
  const auto& request = static_cast<const v1::ListAccessEntriesRequest&>(message);
  const absl::StatusOr<size_t> limit = PageSize(request.page_size());
  if (!limit.ok()) return reply(limit.status());
  const std::string binding = PageBinding(call.principal.spiffe_uri, request);
  const absl::StatusOr<PageStart> start =
      ParsePageToken(*records().tokens, binding, request.page_token(), records().store->sizes());
  if (!start.ok()) return reply(start.status());
  auto response = std::make_unique<v1::ListAccessEntriesResponse>();
  // Newest first: candidate indexes from high to low.
  std::vector<Index> candidates;
  uint64_t below = start->sizes.home.value();
  if (start->after) below = start->after->position().index.value();
  if (!request.document_number().empty()) {
    FindQuery query;
    query.document_number = request.document_number();
    for (const Token& token : deps_.reader->SubjectTokens(query)) {
      // All of them: the newest come last.
      constexpr size_t kKeysPerRead = 10'000;
      absl::optional<DerivedKey> after;
      absl::StatusOr<std::vector<DerivedKey>> keys;
      do {
        keys = records().store->TryFind(
            FindPrefix(kSubject, absl::string_view(token.data(), token.size())), after,
            kKeysPerRead);
        if (!keys.ok()) return reply(keys.status());
        for (const DerivedKey& key : *keys) {
          if (key.position().index.value() < below) candidates.push_back(key.position().index);
          after = key;
        }
      } while (keys->size() == kKeysPerRead);
    }
    std::sort(candidates.begin(), candidates.end(), [](Index a, Index b) { return b < a; });
  }
  size_t next_candidate = 0;
  constexpr size_t kLookedAtMax = 20'000;
  Index last(below);
  bool more = true;
  for (size_t looked = 0; looked < kLookedAtMax; ++looked) {
    Index index;
    if (!request.document_number().empty()) {
      if (next_candidate == candidates.size()) {
        more = false;
        break;
      }
      index = candidates[next_candidate++];
    } else {
      if (last.value() == 0) {
        more = false;
        break;
      }
      index = Index(last.value() - 1);
    }
    last = index;
    const absl::StatusOr<EntryRow> row = records().store->GetEntry({LedgerId::kHome, index});
    v1::ListAccessEntriesResponse::AccessEntry entry;
    if (row.ok() && ReadAccess(index, *row, request, &entry)) {
      *response->add_access_entries() = std::move(entry);
    }
    if (response->access_entries_size() == static_cast<int>(*limit)) break;
  }
  if (more && last.value() > 0) {
    PageStart next = *start;
    next.after = DerivedKey::Make(0, "", {LedgerId::kHome, last});
    response->set_next_page_token(MakePageToken(*records().tokens, binding, next));
  }
  reply(Answer(std::move(response)));
}

v1::AgreementStatus Answers::Agreement() const {
  v1::AgreementStatus status;
  const AgreementVersionPtr agreement = records().book->InForce();
  status.set_own_version(records().book->OwnVersion());
  status.set_partner_version(records().book->PartnerVersion());
  const AgreementVersionPtr shown =
      agreement ? agreement : records().book->ByVersion(records().book->OwnVersion());
  if (agreement) status.set_version_in_force(agreement->version());
  if (shown) {
    *status.mutable_signed_agreement() = shown->signed_agreement();
    status.set_digest(absl::BytesToHexString(shown->digest().view()));
  }
  return status;
}

void Answers::AdoptAgreement(const Call& call, const Message& message, Reply reply) const {
  const auto& request = static_cast<const v1::AdoptAgreementRequest&>(message);
  const absl::StatusOr<AgreementVersionPtr> version =
      AgreementVersion::Parse(request.signed_agreement());
  if (!version.ok()) return reply(version.status());
  // A repeat of an adopted version is the first answer again, not a conflict.
  const AgreementVersionPtr known = records().book->ByVersion((*version)->version());
  const bool again = (*version)->version() <= records().book->OwnVersion() && known &&
                     known->digest() == (*version)->digest();
  if (again) return reply(Answer(std::make_unique<v1::AgreementStatus>(Agreement())));
  const absl::Status fits =
      records().book->CheckAdoption(records().country, **version, deps_.authorities, call.now);
  if (!fits.ok()) return reply(fits);
  deps_.writer->Adopt(call, request.signed_agreement().SerializeAsString(), (*version)->version(),
                      request.request_id(), [this, reply](absl::StatusOr<Writer::Written> written) {
                        if (!written.ok()) return reply(written.status());
                        Answered answered =
                            Answer(std::make_unique<v1::AgreementStatus>(Agreement()));
                        answered.access_recorded = !written->repeated;
                        reply(std::move(answered));
                      });
}

void Answers::GetAgreement(const Call&, const Message&, Reply reply) const {
  v1::AgreementStatus status = Agreement();
  if (!status.has_signed_agreement()) {
    return reply(MakeError(absl::StatusCode::kNotFound, "NO_AGREEMENT",
                           "no agreement is adopted in this node's ledger"));
  }
  reply(Answer(std::make_unique<v1::AgreementStatus>(std::move(status))));
}

}  // namespace lintas::node

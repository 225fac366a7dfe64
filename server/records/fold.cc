#include "server/records/fold.h"

#include <algorithm>
#include <utility>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "server/base/bytes.h"
#include "server/base/check.h"
#include "server/base/error.h"
#include "server/base/status.h"
#include "server/records/procedure/attachment.h"
#include "server/records/procedure/content.h"

namespace lintas {
namespace {

using ledger::v1::EntryHeader;

constexpr char kCountPrefix[] = "x/count/";
constexpr char kAdoptionPrefix[] = "x/adoption/";
constexpr char kRejectedPrefix[] = "x/rejected/";

std::string BigEndian32(uint32_t value) { return BigEndian64(value).substr(4); }

uint64_t TargetEnd(const EntryHeader& header) {
  return header.has_target_end() ? header.target_end() : header.target_first() + 1;
}

void AddKey(uint8_t kind, absl::string_view body, Position position,
            std::vector<DerivedKey>* keys) {
  keys->push_back(DerivedKey::Make(kind, body, position));
}

absl::StatusOr<AgreementVersionPtr> ParseAdoption(absl::string_view bytes) {
  agreement::v1::SignedAgreement agreement;
  if (!agreement.ParseFromArray(bytes.data(), static_cast<int>(bytes.size()))) {
    return absl::DataLossError("an adopted agreement does not parse");
  }
  return AgreementVersion::Parse(agreement);
}

}  // namespace

std::string RejectedKey(absl::string_view country, uint64_t index) {
  return absl::StrCat(kRejectedPrefix, country, "/", BigEndian64(index));
}

bool DestroysPayload(absl::string_view verdict) {
  return verdict == "THIRD_COUNTRY" || verdict == "SYNTHETIC_DATA" ||
         verdict == "SECTION_NOT_SHARED" || verdict == "TYPE_NOT_SHARED" ||
         verdict == "PROCEDURE_NOT_AGREED";
}

std::string RecordRevisionBody(absl::string_view record_id, uint32_t revision, int kind) {
  return absl::StrCat(record_id, BigEndian32(revision), std::string(1, static_cast<char>(kind)));
}

std::string TypeListBody(absl::string_view type, absl::string_view country) {
  return absl::StrCat(Sha256Of(type).view().substr(0, 8), country);
}

std::string QuestionHourBody(absl::Time time) {
  return BigEndian64(static_cast<uint64_t>(absl::ToUnixSeconds(time) / 3600));
}

std::string FindPrefix(uint8_t kind, absl::string_view body) {
  return absl::StrCat(std::string(1, static_cast<char>(kind)), body);
}

const std::string& Fold::CountryOf(LedgerId ledger) const {
  return ledger == LedgerId::kReplica ? deps_.partner_country : deps_.country;
}

absl::Status Fold::Load() {
  counts_.clear();
  rejected_.clear();
  const std::unique_ptr<Snapshot> snapshot = deps_.store->GetSnapshot();
  RETURN_IF_ERROR(
      snapshot->ScanState(kCountPrefix, [this](absl::string_view key, absl::string_view value) {
        int64_t count = 0;
        if (absl::SimpleAtoi(value, &count)) counts_[std::string(key)] = count;
        return true;
      }));
  const std::string rejected = absl::StrCat(kRejectedPrefix, deps_.partner_country, "/");
  RETURN_IF_ERROR(snapshot->ScanState(rejected, [&](absl::string_view key, absl::string_view) {
    rejected_.insert(LoadBigEndian64(key.substr(rejected.size()).data()));
    return true;
  }));
  for (const std::string& country : {deps_.country, deps_.partner_country}) {
    absl::Status status;
    RETURN_IF_ERROR(snapshot->ScanState(absl::StrCat(kAdoptionPrefix, country, "/"),
                                        [&](absl::string_view, absl::string_view value) {
                                          absl::StatusOr<AgreementVersionPtr> version =
                                              ParseAdoption(value);
                                          if (!version.ok()) {
                                            status = version.status();
                                            return false;
                                          }
                                          if (country == deps_.country) {
                                            own_adopted_ =
                                                std::max(own_adopted_, (*version)->version());
                                          }
                                          deps_.book->Adopt(country, *version);
                                          return true;
                                        }));
    RETURN_IF_ERROR(status);
  }
  return absl::OkStatus();
}

absl::Status Fold::CheckOwn(const EntryHeader& header) {
  // Entries behind an adoption in the same group must name it too. Its own `revision` is the
  // version adopted.
  if (header.kind() == EntryHeader::ADOPTION) {
    group_adopted_ = std::max(group_adopted_, header.revision());
    return absl::OkStatus();
  }
  if (header.agreement_version() < std::max(own_adopted_, group_adopted_)) {
    return MakeError(absl::StatusCode::kAborted, "AGREEMENT_CHANGED",
                     "the agreement was amended meanwhile; read again and redo");
  }
  return header.kind() == EntryHeader::STEP ? procedures_.CheckOwn(header) : absl::OkStatus();
}

// An adoption counts for what stands behind it in the batch, though it is not durable yet.
absl::Status Fold::Note(const CommittedEntry& entry) {
  if (entry.header->kind() != EntryHeader::ADOPTION) return procedures_.Note(entry);
  if (entry.position.ledger == LedgerId::kExchange) {
    own_adopted_ = std::max(own_adopted_, entry.header->revision());
  }
  return absl::OkStatus();
}

void Fold::Count(const std::string& country, const std::string& type, const char* what) {
  pending_.counts[absl::StrCat(kCountPrefix, country, "/", type, "/", what)] += 1;
}

bool Fold::Rejected(Position position) const {
  if (position.ledger != LedgerId::kReplica) return false;
  return rejected_.count(position.index.value()) != 0 ||
         pending_.rejected.count(position.index.value()) != 0;
}

absl::Status Fold::Project(const Store&, const std::vector<CommittedEntry>& entries, Batch* batch) {
  pending_ = Pending();
  procedures_.Begin(/*stored=*/true);
  // Verdicts stand behind the entries they are about, in the same batch.
  for (const CommittedEntry& entry : entries) {
    if (entry.position.ledger == LedgerId::kExchange &&
        (entry.header->kind() == EntryHeader::REJECTED ||
         entry.header->kind() == EntryHeader::PARKED)) {
      pending_.rejected.insert(entry.header->target_first());
    }
  }
  batch->derived.reserve(entries.size() * 7);
  for (const CommittedEntry& entry : entries) {
    RETURN_IF_ERROR(FoldEntry(entry, batch));
    DeriveKeys(entry, &batch->derived);
  }
  for (const auto& [key, delta] : pending_.counts) {
    const auto found = counts_.find(key);
    const int64_t before = found == counts_.end() ? 0 : found->second;
    batch->state_puts.emplace_back(key, absl::StrCat(before + delta));
  }
  procedures_.Flush(batch);
  return absl::OkStatus();
}

void Fold::Committed() {
  for (const auto& [key, delta] : pending_.counts) counts_[key] += delta;
  rejected_.insert(pending_.rejected.begin(), pending_.rejected.end());
  for (const auto& [country, version] : pending_.adopted) {
    if (country == deps_.country) own_adopted_ = std::max(own_adopted_, version->version());
    deps_.book->Adopt(country, version);
  }
  pending_ = Pending();
}

absl::Status Fold::FoldEntry(const CommittedEntry& entry, Batch* batch) {
  const EntryHeader& header = *entry.header;
  const std::string& country = CountryOf(entry.position.ledger);
  const bool home = entry.position.ledger == LedgerId::kHome;
  switch (header.kind()) {
    case EntryHeader::REVISION:
      if (!home) Count(country, header.type(), "entered");
      break;
    case EntryHeader::CORRECTION:
      if (!home) Count(country, header.type(), "corrected");
      break;
    case EntryHeader::WITHDRAWAL:
      if (!home) Count(country, header.type(), "withdrawn");
      break;
    case EntryHeader::RECALL:
      if (!home) Count(country, header.type(), "recalled");
      FoldErasure(entry, country, batch);
      break;
    case EntryHeader::ERASE:
      FoldErasure(entry, country, batch);
      break;
    case EntryHeader::REJECTED:
    case EntryHeader::PARKED:
      return FoldVerdict(entry, country, batch);
    case EntryHeader::STEP:
      return procedures_.FoldStep(entry, Rejected(entry.position));
    case EntryHeader::ERASURE_RECEIPT: {
      const std::string& other =
          entry.position.ledger == LedgerId::kReplica ? deps_.country : deps_.partner_country;
      const ledger::v1::Payload* payload = entry.payload;
      const std::string* content = payload ? FindSection(*payload, 1) : nullptr;
      ledger::v1::ErasureReceipt receipt;
      if (content && receipt.ParseFromString(*content)) {
        batch->state_puts.emplace_back(
            absl::StrCat("x/receipt/", other, "/", BigEndian64(receipt.recall_index())),
            BigEndian64(header.index()));
      }
      break;
    }
    case EntryHeader::ADOPTION:
      return FoldAdoption(entry, country, batch);
    default:
      break;
  }
  return absl::OkStatus();
}

absl::Status Fold::FoldAdoption(const CommittedEntry& entry, const std::string& country,
                                Batch* batch) {
  const std::string* content = entry.payload ? FindSection(*entry.payload, 1) : nullptr;
  if (!content) return absl::DataLossError("an adoption without its agreement");
  ASSIGN_OR_RETURN(AgreementVersionPtr version, ParseAdoption(*content));
  batch->state_puts.emplace_back(
      absl::StrCat(kAdoptionPrefix, country, "/", BigEndian32(version->version())), *content);
  pending_.adopted.emplace_back(country, std::move(version));
  return absl::OkStatus();
}

absl::Status Fold::FoldVerdict(const CommittedEntry& entry, const std::string& country,
                               Batch* batch) {
  const EntryHeader& header = *entry.header;
  const std::string& about = country == deps_.country ? deps_.partner_country : deps_.country;
  batch->state_puts.emplace_back(RejectedKey(about, header.target_first()), header.code());
  Count(about, header.type().empty() ? "unknown" : header.type(), "rejected");
  if (entry.position.ledger == LedgerId::kExchange && DestroysPayload(header.code())) {
    batch->erased.push_back({LedgerId::kReplica, Index(header.target_first())});
  }
  return procedures_.FoldVerdict(entry.position.ledger, header.target_first());
}

// P4: the payload goes, what the headers say stays.
void Fold::FoldErasure(const CommittedEntry& entry, const std::string& country, Batch* batch) {
  const EntryHeader& header = *entry.header;
  if (!header.has_target_first()) return;
  for (uint64_t index = header.target_first(); index < TargetEnd(header); ++index) {
    batch->erased.push_back({entry.position.ledger, Index(index)});
    if (entry.position.ledger == LedgerId::kHome) continue;
    batch->state_puts.emplace_back(absl::StrCat("x/erased/", country, "/", BigEndian64(index)),
                                   BigEndian64(header.index()));
  }
}

void Fold::DeriveKeys(const CommittedEntry& entry, std::vector<DerivedKey>* keys) const {
  const EntryHeader& header = *entry.header;
  if (Rejected(entry.position)) return;
  // Erased: the store hides its keys (S5), whether they were given before or are given again.
  const bool has_content =
      header.kind() == EntryHeader::REVISION || header.kind() == EntryHeader::CORRECTION ||
      header.kind() == EntryHeader::WITHDRAWAL || header.kind() == EntryHeader::FULL_VERSION;
  if (has_content && entry.payload == nullptr) return;
  if (!header.record_id().empty()) {
    AddKey(kRecordRevision,
           RecordRevisionBody(header.record_id(), header.revision(), header.kind()), entry.position,
           keys);
  }
  if (header.kind() == EntryHeader::STEP && entry.position.ledger == LedgerId::kExchange) {
    DeriveDisclosed(entry, keys);
  }
  if (header.kind() == EntryHeader::STEP && entry.position.ledger != LedgerId::kHome) {
    DeriveAttachments(entry, keys);
  }
  if (header.kind() == EntryHeader::REVISION || header.kind() == EntryHeader::CORRECTION) {
    if (header.kind() == EntryHeader::REVISION && !header.has_predecessor()) {
      AddKey(kTypeList, TypeListBody(header.type(), CountryOf(entry.position.ledger)),
             entry.position, keys);
    }
    if (entry.terms) {
      for (const DerivedTerm& term : *entry.terms) {
        AddKey(term.kind, term.body, entry.position, keys);
      }
    } else if (entry.payload) {
      const RecordType* type = deps_.types->ByCode(header.type());
      if (!type) return;
      std::string bytes;
      for (const ledger::v1::Section& section : entry.payload->sections()) {
        if (section.section() != 4) bytes += section.content();
      }
      const std::unique_ptr<google::protobuf::Message> record = type->NewMessage();
      if (!record->ParseFromString(bytes)) return;
      std::vector<DerivedTerm> terms;
      type->ExtractTerms(*record, *deps_.tokens, &terms);
      for (const DerivedTerm& term : terms) AddKey(term.kind, term.body, entry.position, keys);
    }
  } else if (entry.position.ledger == LedgerId::kHome) {
    DeriveHomeKeys(entry, keys);
  }
}

// The records of which an own step carries copies: what recalls one recalls the step (writer.h,
// W2).
void Fold::DeriveDisclosed(const CommittedEntry& entry, std::vector<DerivedKey>* keys) const {
  const std::string* content = entry.payload ? FindSection(*entry.payload, 1) : nullptr;
  const ProcedureTable* table =
      deps_.procedures ? deps_.procedures->ByCode(entry.header->type()) : nullptr;
  const StepRow* row = table ? table->Step(entry.header->code()) : nullptr;
  if (content == nullptr || row == nullptr) return;
  const std::unique_ptr<google::protobuf::Message> message = ParseContent(*row, *content);
  if (message == nullptr) return;
  for (const RecordCopy& copy : CopiesIn(*message, *deps_.types)) {
    if (copy.name) AddKey(kDisclosed, copy.name->record_id, entry.position, keys);
  }
}

// What a step of either side names: by these keys its bytes are fetched, kept and swept
// (procedure/attachment_store.h).
void Fold::DeriveAttachments(const CommittedEntry& entry, std::vector<DerivedKey>* keys) const {
  if (entry.payload == nullptr) return;
  const std::vector<types::v1::Attachment> named =
      AttachmentsIn(deps_, *entry.header, *entry.payload);
  for (const types::v1::Attachment& each : named) {
    AddKey(kAttachment, each.digest_name(), entry.position, keys);
  }
  if (!named.empty()) AddKey(kAttachmentStep, "", entry.position, keys);
}

void Fold::DeriveHomeKeys(const CommittedEntry& entry, std::vector<DerivedKey>* keys) const {
  const EntryHeader& header = *entry.header;
  if (!header.request_token().empty()) {
    AddKey(kRequest, header.request_token(), entry.position, keys);
  }
  const std::string* content = entry.payload ? FindSection(*entry.payload, 4) : nullptr;
  if (!content) return;
  if (header.kind() == EntryHeader::ACCESS) {
    ledger::v1::Access access;
    if (!access.ParseFromString(*content)) return;
    for (const std::string& token : access.subject_tokens()) {
      AddKey(kSubject, token, entry.position, keys);
    }
  } else if (header.kind() == EntryHeader::QUESTION) {
    ledger::v1::QuestionRecord question;
    if (!question.ParseFromString(*content)) return;
    for (const std::string& token : question.subject_tokens()) {
      AddKey(kSubject, token, entry.position, keys);
    }
    if (question.from_partner()) {
      AddKey(kQuestionHour, QuestionHourBody(absl::FromUnixMicros(question.time_us())),
             entry.position, keys);
    }
  } else if (header.kind() == EntryHeader::IMPORT_MARK) {
    ledger::v1::ImportMark mark;
    if (!mark.ParseFromString(*content)) return;
    const Token token = deps_.tokens->Make(
        "import", absl::StrCat(mark.principal(), std::string(1, '\0'), mark.import_id()));
    AddKey(kImport,
           absl::StrCat(absl::string_view(token.data(), token.size()),
                        BigEndian64(mark.row_end()).substr(1)),
           entry.position, keys);
    for (const auto& row : mark.rows()) {
      AddKey(kSourceKey, absl::StrCat(row.source_token(), row.content_token()), entry.position,
             keys);
    }
  }
}

absl::Status Fold::RederiveLedger(const Snapshot& snapshot, LedgerId ledger, Index from) {
  absl::Status status;
  std::vector<DerivedKey> keys;
  RETURN_IF_ERROR(snapshot.ScanEntries(ledger, from, [&](Index index, EntryRow&& row) {
    absl::StatusOr<EntryHeader> header = ParseHeader(row.header);
    if (!header.ok()) {
      status = absl::DataLossError("a stored header does not parse");
      return false;
    }
    absl::StatusOr<ledger::v1::Payload> payload = deps_.sealer->Open(row);
    if (!payload.ok() && !absl::IsNotFound(payload.status())) {
      status = payload.status();
      return false;
    }
    CommittedEntry entry{{ledger, index}, &*header, payload.ok() ? &*payload : nullptr, nullptr};
    DeriveKeys(entry, &keys);
    if (keys.size() >= 20'000) {
      status = deps_.store->AddDerived(std::exchange(keys, {}));
      if (!status.ok()) return false;
    }
    return true;
  }));
  RETURN_IF_ERROR(status);
  return deps_.store->AddDerived(std::move(keys));
}

absl::Status Fold::Rederive() {
  const Sizes mark = deps_.store->DerivedMark();
  const std::unique_ptr<Snapshot> snapshot = deps_.store->GetSnapshot();
  for (int i = 0; i < kLedgerCount; ++i) {
    const LedgerId ledger = static_cast<LedgerId>(i);
    RETURN_IF_ERROR(RederiveLedger(*snapshot, ledger, mark.of(ledger).next_index()));
  }
  deps_.store->DerivedComplete();
  return absl::OkStatus();
}

absl::Status Fold::Rebuild() {
  RETURN_IF_ERROR(deps_.store->ClearDerived());
  RETURN_IF_ERROR(deps_.store->ClearState("x/"));
  RETURN_IF_ERROR(deps_.store->ClearState("h/"));
  counts_.clear();
  rejected_.clear();
  own_adopted_ = 0;
  deps_.book->Clear();
  Batch batch;
  // Verdicts first: derived keys depend on them (F3).
  RETURN_IF_ERROR(ReplayState(&batch));
  RETURN_IF_ERROR(Rederive());
  return deps_.store->Commit(std::move(batch));
}

// The order between ledgers does not matter for `x/` (F1): own entries first, then the partner's.
absl::Status Fold::ReplayState(Batch* batch) {
  const std::unique_ptr<Snapshot> snapshot = deps_.store->GetSnapshot();
  pending_ = Pending();
  procedures_.Begin(/*stored=*/false);
  for (const LedgerId ledger : {LedgerId::kExchange, LedgerId::kReplica, LedgerId::kHome}) {
    absl::Status status;
    RETURN_IF_ERROR(snapshot->ScanEntries(ledger, Index(0), [&](Index index, EntryRow&& row) {
      absl::StatusOr<EntryHeader> header = ParseHeader(row.header);
      absl::StatusOr<ledger::v1::Payload> payload = deps_.sealer->Open(row);
      if (!header.ok()) {
        status = absl::DataLossError("a stored header does not parse");
        return false;
      }
      CommittedEntry entry{{ledger, index}, &*header, payload.ok() ? &*payload : nullptr, nullptr};
      if (ledger == LedgerId::kExchange &&
          (header->kind() == EntryHeader::REJECTED || header->kind() == EntryHeader::PARKED)) {
        pending_.rejected.insert(header->target_first());
      }
      status = FoldEntry(entry, batch);
      return status.ok();
    }));
    RETURN_IF_ERROR(status);
  }
  batch->erased.clear();  // Erased payloads are gone already.
  for (const auto& [key, delta] : pending_.counts) {
    batch->state_puts.emplace_back(key, absl::StrCat(delta));
  }
  procedures_.Flush(batch);
  Committed();
  return absl::OkStatus();
}

absl::StatusOr<Hash> SharedStateDigest(const Snapshot& snapshot) {
  Sha256 hash;
  RETURN_IF_ERROR(snapshot.ScanState("x/", [&](absl::string_view key, absl::string_view value) {
    hash.Update(BigEndian64(key.size())).Update(key);
    hash.Update(BigEndian64(value.size())).Update(value);
    return true;
  }));
  return hash.Finish();
}

}  // namespace lintas

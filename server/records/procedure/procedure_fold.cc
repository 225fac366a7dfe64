#include "server/records/procedure/procedure_fold.h"

#include "absl/strings/str_cat.h"
#include "server/base/bytes.h"
#include "server/base/check.h"
#include "server/base/error.h"
#include "server/base/status.h"

namespace lintas {

using ledger::v1::EntryHeader;

const std::string& ProcedureFold::CountryOf(LedgerId ledger) const {
  return ledger == LedgerId::kReplica ? deps_.partner_country : deps_.country;
}

absl::StatusOr<StepFact> ProcedureFold::Fact(const CommittedEntry& entry) const {
  const bool replica = entry.position.ledger == LedgerId::kReplica;
  return FactOf(*entry.header, CountryOf(entry.position.ledger),
                replica ? deps_.country : deps_.partner_country);
}

absl::StatusOr<StepSet> ProcedureFold::Stored(const std::string& id) const {
  const absl::StatusOr<std::string> bytes = deps_.store->GetState(ProcedureKey(id));
  if (absl::IsNotFound(bytes.status())) return StepSet();
  RETURN_IF_ERROR(bytes.status());
  return StepSet::Parse(*bytes);
}

absl::StatusOr<StepSet*> ProcedureFold::Changing(const std::string& id) {
  const auto found = changing_.find(id);
  if (found != changing_.end()) return &found->second;
  StepSet set;
  if (stored_) {
    ASSIGN_OR_RETURN(set, Stored(id));
  }
  return &(changing_[id] = std::move(set));
}

absl::StatusOr<absl::optional<EntryHeader>> ProcedureFold::OwnStep(uint64_t index) const {
  const absl::StatusOr<EntryRow> row = deps_.store->GetEntry({LedgerId::kExchange, Index(index)});
  // Of this very batch: the partner cannot have judged it.
  if (absl::IsNotFound(row.status())) return absl::optional<EntryHeader>();
  RETURN_IF_ERROR(row.status());
  ASSIGN_OR_RETURN(EntryHeader header, ParseHeader(row->header));
  if (header.kind() != EntryHeader::STEP) return absl::optional<EntryHeader>();
  return absl::optional<EntryHeader>(std::move(header));
}

absl::Status ProcedureFold::Note(const CommittedEntry& entry) {
  const EntryHeader& header = *entry.header;
  if (header.kind() == EntryHeader::STEP) {
    const absl::StatusOr<StepFact> fact = Fact(entry);
    // A malformed step of the partner is rejected and no member of anything.
    if (fact.ok()) noted_.emplace_back(header.procedure_id(), *fact);
  } else if (entry.position.ledger == LedgerId::kExchange) {
    noted_rejections_.push_back({deps_.partner_country, header.target_first()});
  } else if (entry.position.ledger == LedgerId::kReplica) {
    noted_rejections_.push_back({deps_.country, header.target_first()});
  }
  return absl::OkStatus();
}

absl::Status ProcedureFold::CheckOwn(const EntryHeader& header) const {
  const ProcedureTable* table =
      deps_.procedures == nullptr ? nullptr : deps_.procedures->ByCode(header.type());
  LINTAS_CHECK(table != nullptr);
  ASSIGN_OR_RETURN(const StepFact fact, FactOf(header, deps_.country, deps_.partner_country));
  ASSIGN_OR_RETURN(StepSet view, Stored(header.procedure_id()));
  for (const auto& [id, noted] : noted_) {
    if (id == header.procedure_id()) view.Add(noted);
  }
  for (const StepPlace& place : noted_rejections_) view.Reject(place);
  const std::string reason = WhyIllegal(*table, view, fact);
  if (reason.empty()) return absl::OkStatus();
  return MakeError(absl::StatusCode::kAborted, "PROCEDURE_MOVED",
                   "the procedure moved on meanwhile; read it again and redo", {{"why", reason}});
}

void ProcedureFold::Begin(bool stored) {
  stored_ = stored;
  changing_.clear();
  home_puts_.clear();
  noted_.clear();
  noted_rejections_.clear();
}

absl::Status ProcedureFold::FoldStep(const CommittedEntry& entry, bool rejected) {
  if (entry.position.ledger == LedgerId::kHome) {
    FoldHomeStep(entry);
    return absl::OkStatus();
  }
  const absl::StatusOr<StepFact> fact = Fact(entry);
  // Malformed: rejected by its receiver, and its author's node never wrote it by itself.
  if (!fact.ok()) return absl::OkStatus();
  if (rejected) return absl::OkStatus();
  ASSIGN_OR_RETURN(StepSet * set, Changing(entry.header->procedure_id()));
  set->Add(*fact);
  return absl::OkStatus();
}

absl::Status ProcedureFold::FoldVerdict(LedgerId ledger, uint64_t index) {
  // An own verdict is known before the partner's step is folded.
  if (ledger != LedgerId::kReplica) return absl::OkStatus();
  ASSIGN_OR_RETURN(const absl::optional<EntryHeader> header, OwnStep(index));
  if (!header) return absl::OkStatus();
  ASSIGN_OR_RETURN(StepSet * set, Changing(header->procedure_id()));
  set->Reject({deps_.country, index});
  return absl::OkStatus();
}

void ProcedureFold::FoldHomeStep(const CommittedEntry& entry) {
  const std::string& id = entry.header->procedure_id();
  home_puts_.emplace_back(HomeProcedureKey(id), BigEndian64(entry.position.index.value()));
  const std::string* content = entry.payload ? FindSection(*entry.payload, 4) : nullptr;
  ledger::v1::HomeStep home;
  if (content == nullptr || !home.ParseFromString(*content) || home.case_id().empty()) return;
  const Token token = deps_.tokens->Make("case", home.case_id());
  home_puts_.emplace_back(
      absl::StrCat(kCasePrefix, absl::string_view(token.data(), token.size()), id), "");
}

void ProcedureFold::Flush(Batch* batch) {
  for (auto& [id, set] : changing_) {
    if (set.empty()) {  // Its only steps were rejected.
      batch->state_deletes.push_back(ProcedureKey(id));
      batch->state_deletes.push_back(OpenProcedureKey(id));
      continue;
    }
    batch->state_puts.emplace_back(ProcedureKey(id), set.Bytes());
    // Own steps that a version before this one wrote may name a table that this one does not know.
    const ProcedureTable* table =
        deps_.procedures == nullptr ? nullptr : deps_.procedures->ByCode(set.procedure());
    const absl::optional<ProcedureState> state =
        table == nullptr ? absl::nullopt : Evaluate(*table, set);
    if (state && !state->final()) {
      batch->state_puts.emplace_back(OpenProcedureKey(id), "");
    } else {
      batch->state_deletes.push_back(OpenProcedureKey(id));
    }
  }
  for (auto& put : home_puts_) batch->state_puts.push_back(std::move(put));
  changing_.clear();
  home_puts_.clear();
}

}  // namespace lintas

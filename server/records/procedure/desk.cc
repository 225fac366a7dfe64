#include "server/records/procedure/desk.h"

#include <algorithm>
#include <cctype>
#include <utility>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "server/base/bytes.h"
#include "server/base/status.h"
#include "server/records/procedure/content.h"
#include "server/records/reader.h"

namespace lintas {
namespace {

constexpr size_t kIdBytes = 16;

bool IsLowerHex(absl::string_view text) {
  return std::all_of(text.begin(), text.end(), [](unsigned char c) {
    return std::isdigit(c) != 0 || (c >= 'a' && c <= 'f');
  });
}

}  // namespace

std::string ProcedureName(absl::string_view country, absl::string_view id) {
  return absl::StrCat("countries/", country, "/procedures/", absl::BytesToHexString(id));
}

absl::StatusOr<std::string> ParseProcedureName(absl::string_view name) {
  const std::vector<std::string> parts = absl::StrSplit(name, '/');
  if (parts.size() != 4 || parts[0] != "countries" || parts[2] != "procedures" ||
      parts[3].size() != 2 * kIdBytes || !IsLowerHex(parts[3])) {
    return FieldsError(
        {{"name", "PROCEDURE_NAME", "countries/{country}/procedures/{32 hexadecimal digits}"}});
  }
  return absl::HexStringToBytes(parts[3]);
}

std::string FoundProcedure::name() const { return ProcedureName(state.requester, id); }

std::string FoundProcedure::etag() const {
  return absl::StrCat(state.head.country, ":", state.head.index);
}

absl::StatusOr<ledger::v1::HomeStep> ProcedureDesk::HomeOf(absl::string_view id) const {
  ledger::v1::HomeStep home;
  const absl::StatusOr<std::string> index = deps_.store->GetState(HomeProcedureKey(id));
  if (absl::IsNotFound(index.status())) return home;
  RETURN_IF_ERROR(index.status());
  if (index->size() != 8) return absl::DataLossError("a procedure's home state does not parse");
  ASSIGN_OR_RETURN(const EntryRow row,
                   deps_.store->GetEntry({LedgerId::kHome, Index(LoadBigEndian64(index->data()))}));
  const absl::StatusOr<ledger::v1::Payload> payload = deps_.sealer->Open(row);
  if (absl::IsNotFound(payload.status())) return home;  // Erased.
  RETURN_IF_ERROR(payload.status());
  const std::string* content = FindSection(*payload, 4);
  if (content == nullptr || !home.ParseFromString(*content)) {
    return absl::DataLossError("a home step does not parse");
  }
  return home;
}

absl::StatusOr<FoundProcedure> ProcedureDesk::Get(absl::string_view id, absl::Time now) const {
  const absl::StatusOr<std::string> bytes = deps_.store->GetState(ProcedureKey(id));
  if (absl::IsNotFound(bytes.status())) return NothingToShare();
  RETURN_IF_ERROR(bytes.status());
  FoundProcedure found;
  found.id = std::string(id);
  ASSIGN_OR_RETURN(found.steps, StepSet::Parse(*bytes));
  found.table = deps_.procedures->ByCode(found.steps.procedure());
  if (found.table == nullptr) return NothingToShare();
  absl::optional<ProcedureState> state = Evaluate(*found.table, found.steps);
  if (!state) return NothingToShare();
  found.state = *std::move(state);
  ASSIGN_OR_RETURN(found.home, HomeOf(id));
  found.waiting_for = found.state.MoverCountry(deps_.country, deps_.partner_country);
  // The periods that were agreed when it was opened; the present ones if that version is not known.
  AgreementVersionPtr agreement = deps_.book->ByVersion(found.state.agreement_version);
  if (agreement == nullptr) agreement = deps_.book->InForce();
  if (agreement != nullptr) {
    found.due = DueOf(*found.table, found.state, agreement->agreement(), now);
  }
  return found;
}

absl::StatusOr<FoundProcedure> ProcedureDesk::GetByName(absl::string_view name,
                                                        absl::Time now) const {
  ASSIGN_OR_RETURN(const std::string id, ParseProcedureName(name));
  ASSIGN_OR_RETURN(FoundProcedure found, Get(id, now));
  if (found.name() != name) return NothingToShare();
  return found;
}

absl::Status ProcedureDesk::ScanOpen(const std::string& after, absl::Time now,
                                     const std::function<bool(FoundProcedure)>& visit) const {
  // Ids first: a procedure is read as it is now, not as of the snapshot.
  std::vector<std::string> ids;
  RETURN_IF_ERROR(deps_.store->GetSnapshot()->ScanState(
      kOpenPrefix, [&](absl::string_view key, absl::string_view) {
        ids.emplace_back(key.substr(sizeof kOpenPrefix - 1));
        return true;
      }));
  for (const std::string& id : ids) {
    if (!after.empty() && id <= after) continue;
    absl::StatusOr<FoundProcedure> found = Get(id, now);
    if (absl::IsNotFound(found.status())) continue;
    RETURN_IF_ERROR(found.status());
    if (!visit(*std::move(found))) break;
  }
  return absl::OkStatus();
}

absl::StatusOr<std::vector<FoundProcedure>> ProcedureDesk::OfCase(const std::string& case_id,
                                                                  absl::Time now) const {
  const Token token = deps_.tokens->Make("case", case_id);
  const std::string prefix =
      absl::StrCat(kCasePrefix, absl::string_view(token.data(), token.size()));
  std::vector<std::string> ids;
  RETURN_IF_ERROR(
      deps_.store->GetSnapshot()->ScanState(prefix, [&](absl::string_view key, absl::string_view) {
        ids.emplace_back(key.substr(prefix.size()));
        return true;
      }));
  std::vector<FoundProcedure> all;
  for (const std::string& id : ids) {
    absl::StatusOr<FoundProcedure> found = Get(id, now);
    if (absl::IsNotFound(found.status())) continue;
    RETURN_IF_ERROR(found.status());
    if (found->home.case_id() == case_id) all.push_back(*std::move(found));
  }
  return all;
}

absl::StatusOr<std::unique_ptr<google::protobuf::Message>> ProcedureDesk::Content(
    const FoundProcedure& found, const StepFact& step) const {
  const StepRow* row = found.table->Step(step.code);
  if (row == nullptr || row->content == nullptr) return nullptr;
  const LedgerId ledger =
      step.place.country == deps_.country ? LedgerId::kExchange : LedgerId::kReplica;
  ASSIGN_OR_RETURN(const EntryRow entry, deps_.store->GetEntry({ledger, Index(step.place.index)}));
  const absl::StatusOr<ledger::v1::Payload> payload = deps_.sealer->Open(entry);
  if (absl::IsNotFound(payload.status())) return nullptr;
  RETURN_IF_ERROR(payload.status());
  const std::string* content = FindSection(*payload, 1);
  return content == nullptr ? nullptr : ParseContent(*row, *content);
}

bool ProcedureDesk::HeadIsHeld(const FoundProcedure& found) const {
  const StepPlace& head = found.state.head;
  if (head.country != deps_.country) return true;  // Its author holds it.
  // Read first: a promise that is known later is held against all from here on.
  const TreeSize committed = deps_.ledgers->size(LedgerId::kReplica);
  const absl::optional<HeldPrefix> held = held_ ? held_() : absl::nullopt;
  if (!held || !held->held_size.covers(Index(head.index))) return false;
  // What arrives from here on and breaks the promise is refused (Ingest); what arrived before the
  // promise was known is either committed, then `found` or the committer knows it, or among these.
  return committed >= held->partner_size &&
         (arrivals_ == nullptr || !arrivals_->AnyBelow(committed, held->held_size));
}

}  // namespace lintas

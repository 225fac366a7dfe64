#include "server/records/receipt_text.h"

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "server/base/error.h"
#include "server/base/status.h"
#include "server/ledger/note/tlog_proof.h"
#include "server/records/reader.h"

namespace lintas {

std::string CheckpointRootHex(const std::string& note) {
  const absl::StatusOr<note::SignedNote> parsed = note::ParseNote(note);
  if (!parsed.ok()) return "";
  const absl::StatusOr<note::Checkpoint> checkpoint = note::ParseCheckpoint(parsed->text);
  return checkpoint.ok() ? absl::BytesToHexString(checkpoint->root.view()) : "";
}

absl::StatusOr<std::string> MakeReceiptText(const RecordsDeps& deps, Position position,
                                            const std::string& note, uint32_t section) {
  note::TlogProof proof;
  proof.index = position.index;
  proof.checkpoint = note;
  if (note.empty() && position.ledger == LedgerId::kReplica) {
    // The partner's head with our own cosignatures, if it reaches so far.
    absl::StatusOr<std::string> cosigned = deps.store->GetState("n/partner_cosigned");
    if (cosigned.ok()) proof.checkpoint = *std::move(cosigned);
  }
  note::Checkpoint checkpoint;
  for (int attempt = 0; attempt < 2; ++attempt) {
    if (proof.checkpoint.empty()) {
      ASSIGN_OR_RETURN(proof.checkpoint, deps.ledgers->CheckpointNote(position.ledger));
    }
    ASSIGN_OR_RETURN(const note::SignedNote parsed, note::ParseNote(proof.checkpoint));
    ASSIGN_OR_RETURN(checkpoint, note::ParseCheckpoint(parsed.text));
    if (checkpoint.size.covers(position.index)) break;
    proof.checkpoint.clear();  // The cosigned one is older than the entry: take the newest.
  }
  if (!checkpoint.size.covers(position.index)) {
    return MakeError(absl::StatusCode::kUnavailable, "NOT_YET_COVERED",
                     "no signed checkpoint covers the entry yet; ask again in a moment");
  }
  ASSIGN_OR_RETURN(proof.hashes,
                   deps.ledgers->InclusionProof(position.ledger, position.index, checkpoint.size));
  ASSIGN_OR_RETURN(const EntryRow row, deps.store->GetEntry(position));
  std::string text = absl::StrCat(note::FormatTlogProof(proof), "lintas-header ",
                                  absl::Base64Escape(row.header), "\n");
  if (section == 0) return text;
  absl::StatusOr<ledger::v1::Payload> payload = deps.sealer->Open(row);
  if (absl::IsNotFound(payload.status())) return NothingToShare();
  RETURN_IF_ERROR(payload.status());
  for (const ledger::v1::Section& each : payload->sections()) {
    if (each.section() != section) continue;
    absl::StrAppend(&text, "lintas-section ", section, " ",
                    absl::Base64Escape(each.SerializeAsString()), " ",
                    payload->synthetic() ? "synthetic" : "real", "\n");
    return text;
  }
  return NothingToShare();
}

}  // namespace lintas

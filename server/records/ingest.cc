#include "server/records/ingest.h"

#include <algorithm>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "server/base/bytes.h"
#include "server/base/error.h"
#include "server/base/status.h"
#include "server/records/fold.h"

namespace lintas {
namespace {

using ledger::v1::EntryHeader;

absl::Status Stop(absl::string_view reason, absl::string_view why) {
  return MakeError(absl::StatusCode::kInvalidArgument, reason, why);
}

// What a header says in clear is a code: it must not carry anything else (P1).
bool IsTypeCode(absl::string_view code) {
  constexpr size_t kCodeMax = 63;
  return code.size() <= kCodeMax && std::all_of(code.begin(), code.end(), [](char each) {
           return absl::ascii_islower(each) || absl::ascii_isdigit(each) || each == '_';
         });
}

bool IsRecordKind(EntryHeader::Kind kind) {
  return kind == EntryHeader::REVISION || kind == EntryHeader::CORRECTION ||
         kind == EntryHeader::WITHDRAWAL;
}

// What holds content and nothing that a later fold starts from: a step's state is in its header.
bool IsRecallable(EntryHeader::Kind kind) {
  return IsRecordKind(kind) || kind == EntryHeader::STEP;
}

// Below which of our entries a verdict of the partner may not be any more: it stands at once behind
// the run that it is about.
uint64_t JudgedBelow(const EntryHeader& header, const Ingest::Progress& progress) {
  const bool first = header.seen_partner() > progress.seen_partner || !progress.judged_below;
  return first ? progress.seen_partner : *progress.judged_below;
}

bool IsVerdict(EntryHeader::Kind kind) {
  return kind == EntryHeader::REJECTED || kind == EntryHeader::PARKED ||
         kind == EntryHeader::ERASURE_RECEIPT;
}

uint64_t TargetEnd(const EntryHeader& header) {
  return header.has_target_end() ? header.target_end() : header.target_first() + 1;
}

}  // namespace

absl::Status Ingest::CheckPlace(const EntryHeader& header, const Progress& progress) const {
  if (header.origin() != deps_.ledgers->origin(LedgerId::kReplica)) {
    return Stop("WRONG_ORIGIN", "an entry of another ledger");
  }
  if (header.index() != progress.next_index) {
    return Stop("WRONG_INDEX", "entries are not consecutive");
  }
  if (!IsTypeCode(header.type()) || !IsTypeCode(header.retention_class())) {
    return Stop("BAD_HEADER", "a type or retention class is not lower_snake of at most 63 signs");
  }
  if (!header.request_token().empty() || !header.import_id().empty() ||
      header.seen_exchange() != 0) {
    return Stop("BAD_HEADER", "a header shows what belongs into a home ledger");
  }
  if (header.seen_partner() < progress.seen_partner) {
    return Stop("SEEN_DECREASES", "an entry has seen less of our ledger than one before it");
  }
  if (header.seen_partner() > deps_.ledgers->size(LedgerId::kExchange).value()) {
    return MakeError(absl::StatusCode::kDataLoss, "SEEN_BEYOND_OURS",
                     "the partner has seen more of our ledger than we have");
  }
  if (header.agreement_version() < progress.agreement_version) {
    return Stop("AGREEMENT_NOT_ADOPTED",
                "an entry names an older agreement than its ledger adopted");
  }
  if (header.agreement_version() > progress.agreement_version) {
    return Stop("AGREEMENT_NOT_ADOPTED",
                "an entry names an agreement that its ledger does not hold");
  }
  return absl::OkStatus();
}

AgreementVersionPtr Ingest::Named(uint32_t version, const Progress& progress) const {
  for (const AgreementVersionPtr& adopted : progress.adopted) {
    if (adopted->version() == version) return adopted;
  }
  return deps_.book->ByVersion(version);
}

std::string Ingest::JudgeRecord(const EntryHeader& header, const ledger::v1::Payload& payload,
                                absl::Time now, const Progress& progress,
                                std::vector<DerivedTerm>* terms) const {
  const AgreementVersionPtr agreement = Named(header.agreement_version(), progress);
  if (agreement == nullptr) return "NO_AGREEMENT";
  const agreement::v1::RecordTerms* shared = agreement->Terms(header.type());
  if (shared == nullptr || shared->crossing() != agreement::v1::RecordTerms::REPLICATED) {
    return "TYPE_NOT_SHARED";
  }
  // What is parked was agreed: otherwise a partner could have anything set aside here.
  const RecordType* type = deps_.types->ByCode(header.type());
  if (type == nullptr) return "PARKED";
  // Erased before it came here: the header counts, there is nothing to judge.
  if (payload.sections().empty()) return "";
  if (payload.synthetic() != deps_.exercise) return "SYNTHETIC_DATA";
  if (header.kind() == EntryHeader::WITHDRAWAL) return "";
  std::string bytes;
  for (const ledger::v1::Section& section : payload.sections()) {
    const bool withheld =
        section.section() > 2 ||
        std::count(shared->withheld_sections().begin(), shared->withheld_sections().end(),
                   static_cast<int>(section.section())) != 0;
    if (withheld) return "SECTION_NOT_SHARED";
    const auto fields = type->Split(section.content());
    if (!fields.ok()) return "UNKNOWN_FIELD";
    // A field of one section may not travel under the number of another.
    for (uint32_t each = 1; each <= kSectionCount; ++each) {
      if (each != section.section() && !(*fields)[each - 1].empty()) return "SECTION_NOT_SHARED";
    }
    bytes += section.content();
  }
  const std::unique_ptr<google::protobuf::Message> record = type->NewMessage();
  if (!record->ParseFromString(bytes)) return "UNKNOWN_FIELD";
  if (!IsPartysNational(*agreement, type->Nationalities(*record))) return "THIRD_COUNTRY";
  std::vector<FieldViolation> violations;
  type->Validate(*record, &violations);
  if (check_) check_(*type, *record, now, &violations);
  if (!violations.empty()) return "INVALID_FIELDS";
  type->ExtractTerms(*record, *deps_.tokens, terms);
  return "";
}

absl::Status Ingest::JudgeAdoption(const ledger::v1::Payload& payload, absl::Time now,
                                   Progress* progress) const {
  const std::string* content = FindSection(payload, 1);
  agreement::v1::SignedAgreement agreement;
  if (content == nullptr || !agreement.ParseFromString(*content)) {
    return Stop("BAD_ADOPTION", "an adoption without its agreement");
  }
  const absl::StatusOr<AgreementVersionPtr> version = AgreementVersion::Parse(agreement);
  if (!version.ok()) return Stop("BAD_ADOPTION", "the adopted agreement is not well-formed");
  const absl::Status fits =
      deps_.book->CheckAdoption(deps_.partner_country, **version, authorities_, now);
  if (!fits.ok()) return Stop("BAD_ADOPTION", fits.message());
  progress->adopted.push_back(*version);
  progress->agreement_version = (*version)->version();
  return absl::OkStatus();
}

// Never rejected: a malformed one stops the link (P13).
absl::Status Ingest::JudgeVerdict(const EntryHeader& header, const Progress& progress) const {
  if (!header.has_target_first() ||
      TargetEnd(header) > deps_.ledgers->size(LedgerId::kExchange).value() ||
      TargetEnd(header) <= header.target_first()) {
    return Stop("BAD_VERDICT", "a verdict about an entry that we never made");
  }
  if (header.kind() == EntryHeader::ERASURE_RECEIPT) return absl::OkStatus();
  // An entry is judged in the commit that takes it in, so nobody has built on it before its verdict
  // is there. What was parked is judged again at the upgrade; nothing stands on that.
  const uint64_t target = header.target_first();
  if (target >= header.seen_partner()) {
    return Stop("BAD_VERDICT", "a verdict about an entry that its author had not seen");
  }
  if (target < JudgedBelow(header, progress)) {
    ASSIGN_OR_RETURN(const bool judged, HasVerdict(target, progress));
    if (!judged) {
      return Stop("BAD_VERDICT", "a verdict that comes after others were built on the entry");
    }
  }
  return CheckHeld(header, target);
}

absl::StatusOr<bool> Ingest::HasVerdict(uint64_t own_index, const Progress& progress) const {
  if (progress.steps.rejected_own.count(own_index) != 0) return true;
  const absl::StatusOr<std::string> code =
      deps_.store->GetState(RejectedKey(deps_.country, own_index));
  if (absl::IsNotFound(code.status())) return false;
  RETURN_IF_ERROR(code.status());
  return true;
}

absl::Status Ingest::CheckHeld(const EntryHeader& header, uint64_t below) const {
  // Noted before the promise is read: who relies on it reads it first and looks at these then.
  arrivals_.Note(header.index(), below, deps_.ledgers->size(LedgerId::kReplica));
  const absl::optional<HeldPrefix> held = held_ ? held_() : absl::nullopt;
  if (held && held->Excludes(header.index(), below)) {
    return Stop("COSIGNED_OTHERWISE",
                "a step or verdict that has not seen what a cosignature before it covers");
  }
  return absl::OkStatus();
}

absl::Status Ingest::JudgeRecall(const EntryHeader& header, const ledger::v1::Payload& payload,
                                 const Progress& progress) const {
  if (!header.has_target_first() || TargetEnd(header) > header.index() ||
      TargetEnd(header) <= header.target_first() ||
      TargetEnd(header) - header.target_first() > kRunEntriesMax || !payload.sections().empty()) {
    return Stop("BAD_RECALL", "a recall of entries that do not stand before it");
  }
  // An adoption, a verdict or a receipt is what a later fold starts from: never recalled.
  const uint64_t held = deps_.ledgers->size(LedgerId::kReplica).value();
  for (uint64_t target = header.target_first(); target < TargetEnd(header); ++target) {
    bool recallable =
        !std::binary_search(progress.not_recallable.begin(), progress.not_recallable.end(), target);
    if (recallable && target < held) {
      ASSIGN_OR_RETURN(const EntryRow row,
                       deps_.store->GetEntry({LedgerId::kReplica, Index(target)}));
      ASSIGN_OR_RETURN(const EntryHeader recalled, ParseHeader(row.header));
      recallable = IsRecallable(recalled.kind());
    }
    if (!recallable) return Stop("BAD_RECALL", "a recall of an entry that holds no content");
  }
  return absl::OkStatus();
}

PreparedEntry Ingest::Verdict(const EntryHeader& about, EntryHeader::Kind kind,
                              const std::string& code) const {
  EntryHeader header;
  header.set_kind(kind);
  header.set_target_first(about.index());
  header.set_code(code);
  header.set_retention_class("verdict");
  return PrepareEntry(LedgerId::kExchange, std::move(header), false, {}, *deps_.sealer,
                      *deps_.random);
}

PreparedEntry Ingest::Receipt(const EntryHeader& recall, absl::Time now,
                              const Progress& progress) const {
  const AgreementVersionPtr agreement = Named(recall.agreement_version(), progress);
  const uint32_t days = agreement ? agreement->limits().erasure_complete_days() : 0;
  ledger::v1::ErasureReceipt receipt;
  receipt.set_recall_index(recall.index());
  receipt.set_destroyed_time_s(absl::ToUnixSeconds(now));
  receipt.set_compacted_by_time_s(absl::ToUnixSeconds(now + absl::Hours(24) * days));
  EntryHeader header;
  header.set_kind(EntryHeader::ERASURE_RECEIPT);
  header.set_target_first(recall.target_first());
  if (recall.has_target_end()) header.set_target_end(recall.target_end());
  header.set_retention_class("verdict");
  return PrepareEntry(LedgerId::kExchange, std::move(header), deps_.exercise,
                      {{1, receipt.SerializeAsString()}}, *deps_.sealer, *deps_.random);
}

void Ingest::Advance(const EntryHeader& header, TreeSize committed, Progress* progress) {
  std::vector<uint64_t>& kept = progress->not_recallable;
  if (!IsRecallable(header.kind())) kept.push_back(header.index());
  if (!kept.empty() && kept.front() < committed.value()) {
    kept.erase(kept.begin(), std::lower_bound(kept.begin(), kept.end(), committed.value()));
  }
  // Verdicts follow one another at once behind their run; any other entry ends that.
  progress->judged_below =
      IsVerdict(header.kind()) ? JudgedBelow(header, *progress) : header.seen_partner();
  progress->next_index = header.index() + 1;
  progress->seen_partner = header.seen_partner();
}

absl::StatusOr<Ingest::Judged> Ingest::Judge(const partner::v1::Frame::Entry& frame, absl::Time now,
                                             Progress* progress) const {
  Judged judged;
  ASSIGN_OR_RETURN(EntryHeader header, ParseHeader(frame.header()));
  RETURN_IF_ERROR(CheckPlace(header, *progress));
  ledger::v1::Payload payload;
  if (!payload.ParseFromString(frame.payload())) {
    return Stop("BAD_DIGEST", "a payload does not parse");
  }
  RETURN_IF_ERROR(CheckDigests(header, payload));
  std::vector<DerivedTerm> terms;
  switch (header.kind()) {
    case EntryHeader::ADOPTION:
      RETURN_IF_ERROR(JudgeAdoption(payload, now, progress));
      break;
    case EntryHeader::REJECTED:
    case EntryHeader::PARKED:
    case EntryHeader::ERASURE_RECEIPT:
      if (header.kind() == EntryHeader::ERASURE_RECEIPT && FindSection(payload, 1) == nullptr) {
        return Stop("BAD_VERDICT", "an erasure receipt without its dates");
      }
      RETURN_IF_ERROR(JudgeVerdict(header, *progress));
      if (header.kind() != EntryHeader::ERASURE_RECEIPT) {
        steps_.NoteVerdict(header, &progress->steps);
      }
      break;
    case EntryHeader::RECALL:
      RETURN_IF_ERROR(JudgeRecall(header, payload, *progress));
      judged.verdicts.push_back(Receipt(header, now, *progress));
      break;
    default: {
      const bool step = header.kind() == EntryHeader::STEP;
      if (!step && !IsRecordKind(header.kind())) {
        return Stop("BAD_KIND", "an entry of a kind that does not belong into this ledger");
      }
      if (step) RETURN_IF_ERROR(CheckHeld(header, header.seen_partner()));
      const std::string reason =
          step ? steps_.Judge(header, payload, Named(header.agreement_version(), *progress).get(),
                              &progress->steps)
               : JudgeRecord(header, payload, now, *progress, &terms);
      if (reason.empty()) break;
      judged.parked = reason == "PARKED";
      judged.rejected = !judged.parked;
      judged.verdicts.push_back(
          Verdict(header, judged.parked ? EntryHeader::PARKED : EntryHeader::REJECTED, reason));
      terms.clear();
    }
  }
  Advance(header, deps_.ledgers->size(LedgerId::kReplica), progress);
  judged.entry.header = frame.header();
  PreparedEntry& prepared = judged.entry.prepared;
  prepared.ledger = LedgerId::kReplica;
  prepared.header = std::move(header);
  prepared.payload = std::move(payload);
  prepared.terms = std::move(terms);
  prepared.terms_given = true;
  deps_.sealer->Seal(&prepared);
  return judged;
}

}  // namespace lintas

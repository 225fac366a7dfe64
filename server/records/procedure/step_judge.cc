#include "server/records/procedure/step_judge.h"

#include <vector>

#include "server/records/procedure/content.h"
#include "server/records/procedure/deadline.h"

namespace lintas {

std::string StepJudge::JudgePayload(const StepRow& row, const ledger::v1::Payload& payload,
                                    const AgreementVersion& agreement) const {
  // Erased before it came here, or a step without content: the header counts.
  if (payload.sections().empty()) return "";
  if (payload.synthetic() != deps_.exercise) return "SYNTHETIC_DATA";
  if (payload.sections_size() != 1 || payload.sections(0).section() != 1) {
    return "SECTION_NOT_SHARED";
  }
  std::vector<FieldViolation> violations;
  return WhyBadContent(*deps_.procedures, row, payload.sections(0).content(), agreement,
                       &violations);
}

std::string StepJudge::JudgeFact(const ledger::v1::EntryHeader& header, const StepFact& fact,
                                 const ledger::v1::Payload& payload,
                                 const AgreementVersion* agreement,
                                 const StepProgress& progress) const {
  const ProcedureTable* table =
      deps_.procedures == nullptr ? nullptr : deps_.procedures->ByCode(fact.procedure);
  if (table == nullptr) return "PARKED";
  if (agreement == nullptr || TermsOf(agreement->agreement(), fact.procedure) == nullptr) {
    return "PROCEDURE_NOT_AGREED";
  }
  StepSet known;
  const absl::StatusOr<std::string> bytes =
      deps_.store->GetState(ProcedureKey(header.procedure_id()));
  if (bytes.ok()) {
    absl::StatusOr<StepSet> stored = StepSet::Parse(*bytes);
    if (stored.ok()) known = *std::move(stored);
  }
  const auto judged = progress.judged.find(header.procedure_id());
  if (judged != progress.judged.end()) {
    for (const auto& [place, earlier] : judged->second.steps()) known.Add(earlier);
  }
  for (const uint64_t index : progress.rejected_own) known.Reject({deps_.country, index});
  const StepSet view = known.SeenBy(deps_.partner_country, header.index(), header.seen_partner());
  const std::string reason = WhyIllegal(*table, view, fact);
  if (!reason.empty()) return reason;
  return JudgePayload(*table->Step(fact.code), payload, *agreement);
}

std::string StepJudge::Judge(const ledger::v1::EntryHeader& header,
                             const ledger::v1::Payload& payload, const AgreementVersion* agreement,
                             StepProgress* progress) const {
  absl::StatusOr<StepFact> fact = FactOf(header, deps_.partner_country, deps_.country);
  if (!fact.ok()) return "BAD_STEP";
  const std::string reason = JudgeFact(header, *fact, payload, agreement, *progress);
  fact->rejected = !reason.empty();
  progress->judged[header.procedure_id()].Add(*fact);
  return reason;
}

void StepJudge::NoteVerdict(const ledger::v1::EntryHeader& verdict, StepProgress* progress) const {
  progress->rejected_own.insert(verdict.target_first());
}

}  // namespace lintas

#include "server/records/procedure/step_judge.h"

#include <algorithm>
#include <iterator>
#include <utility>
#include <vector>

#include "server/records/procedure/content.h"
#include "server/records/procedure/deadline.h"

namespace lintas {

std::string StepJudge::JudgePayload(const StepRow& row, const ledger::v1::EntryHeader& header,
                                    const ledger::v1::Payload& payload,
                                    const AgreementVersion& agreement) const {
  // Erased before it came here, or a step without content: the header counts.
  if (payload.sections().empty()) return "";
  if (payload.synthetic() != deps_.exercise) return "SYNTHETIC_DATA";
  if (payload.sections_size() != 1 || payload.sections(0).section() != 1) {
    return "SECTION_NOT_SHARED";
  }
  std::vector<FieldViolation> violations;
  const ContentRules rules{&deps_, &check_, deps_.partner_country,
                           absl::FromUnixSeconds(header.time_s())};
  return WhyBadContent(rules, row, payload.sections(0).content(), agreement, &violations);
}

StepSet StepJudge::Known(const std::string& id, const StepProgress& progress) const {
  StepSet known;
  const absl::StatusOr<std::string> bytes = deps_.store->GetState(ProcedureKey(id));
  if (bytes.ok()) {
    absl::StatusOr<StepSet> stored = StepSet::Parse(*bytes);
    if (stored.ok()) known = *std::move(stored);
  }
  const auto judged = progress.judged.find(id);
  if (judged != progress.judged.end()) {
    for (const auto& [place, earlier] : judged->second.steps()) known.Add(earlier);
  }
  std::vector<StepPlace> rejected;
  for (const auto& [place, fact] : known.steps()) {
    if (place.country == deps_.country && progress.rejected_own.count(place.index) != 0) {
      rejected.push_back(place);
    }
  }
  for (const StepPlace& place : rejected) known.Reject(place);
  return known;
}

bool StepJudge::IsOurs(const std::string& id, const StepSet& known) const {
  for (const auto& [place, fact] : known.steps()) {
    if (place.country == deps_.country) return true;
  }
  // Every own step has its home step, also one that the partner rejected.
  return deps_.store->GetState(HomeProcedureKey(id)).ok();
}

std::string StepJudge::JudgeFact(const ledger::v1::EntryHeader& header, const StepFact& fact,
                                 const ledger::v1::Payload& payload,
                                 const AgreementVersion* agreement,
                                 const StepProgress& progress) const {
  // What is parked was agreed: otherwise a partner could have anything set aside here.
  if (agreement == nullptr || TermsOf(agreement->agreement(), fact.procedure) == nullptr) {
    return "PROCEDURE_NOT_AGREED";
  }
  const ProcedureTable* table =
      deps_.procedures == nullptr ? nullptr : deps_.procedures->ByCode(fact.procedure);
  if (table == nullptr) return "PARKED";
  const StepSet known = Known(header.procedure_id(), progress);
  if (!fact.predecessor && IsOurs(header.procedure_id(), known)) return "PROCEDURE_EXISTS";
  const StepSet view = known.SeenBy(deps_.partner_country, header.index(), header.seen_partner());
  const std::string reason = WhyIllegal(*table, view, fact);
  if (!reason.empty()) return reason;
  return JudgePayload(*table->Step(fact.code), header, payload, *agreement);
}

std::string StepJudge::Judge(const ledger::v1::EntryHeader& header,
                             const ledger::v1::Payload& payload, const AgreementVersion* agreement,
                             StepProgress* progress) const {
  const absl::StatusOr<StepFact> fact = FactOf(header, deps_.partner_country, deps_.country);
  if (!fact.ok()) return "BAD_STEP";
  Forget(progress);
  const std::string reason = JudgeFact(header, *fact, payload, agreement, *progress);
  if (!reason.empty()) return reason;
  progress->judged[header.procedure_id()].Add(*fact);
  ++progress->judged_count;
  return "";
}

// What is folded stands in the store: it is committed before the replica's size says so.
void StepJudge::Forget(StepProgress* progress) const {
  if (progress->judged_count + progress->rejected_own.size() < progress->look_at) return;
  const uint64_t folded = deps_.ledgers->size(LedgerId::kReplica).value();
  std::map<std::string, StepSet> judged;
  progress->judged_count = 0;
  for (const auto& [id, set] : progress->judged) {
    for (const auto& [place, fact] : set.steps()) {
      if (place.index < folded) continue;
      judged[id].Add(fact);
      ++progress->judged_count;
    }
  }
  progress->judged = std::move(judged);
  for (auto at = progress->rejected_own.begin(); at != progress->rejected_own.end();) {
    at = at->second < folded ? progress->rejected_own.erase(at) : std::next(at);
  }
  // Twice what is left, so that one long run is not looked through again for each of its steps.
  progress->look_at =
      std::max(kJudgedMin, 2 * (progress->judged_count + progress->rejected_own.size()));
}

void StepJudge::NoteVerdict(const ledger::v1::EntryHeader& verdict, StepProgress* progress) const {
  Forget(progress);
  progress->rejected_own.emplace(verdict.target_first(), verdict.index());
}

}  // namespace lintas

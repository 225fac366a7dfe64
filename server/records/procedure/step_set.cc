#include "server/records/procedure/step_set.h"

#include "absl/strings/str_cat.h"
#include "server/base/error.h"

namespace lintas {

void StepSet::Add(const StepFact& fact) { steps_.emplace(fact.place, fact); }

bool StepSet::Reject(const StepPlace& place) { return steps_.erase(place) != 0; }

std::string StepSet::procedure() const {
  return steps_.empty() ? "" : steps_.begin()->second.procedure;
}

StepSet StepSet::SeenBy(absl::string_view author, uint64_t own_size, uint64_t seen) const {
  StepSet view;
  for (const auto& [place, fact] : steps_) {
    if (place.index < (place.country == author ? own_size : seen)) view.steps_.emplace(place, fact);
  }
  return view;
}

std::string StepSet::Bytes() const {
  ledger::v1::ProcedureSteps message;
  for (const auto& [place, fact] : steps_) {
    ledger::v1::ProcedureSteps::Step* step = message.add_steps();
    step->set_country(place.country);
    step->set_index(place.index);
    step->set_code(fact.code);
    step->set_procedure(fact.procedure);
    if (fact.predecessor) {
      step->set_predecessor_country(fact.predecessor->country);
      step->set_predecessor_index(fact.predecessor->index);
    }
    step->set_seen(fact.seen);
    step->set_time_s(fact.time_s);
    step->set_agreement_version(fact.agreement_version);
  }
  // No maps and no unknown fields: the serialisation is canonical.
  return message.SerializeAsString();
}

absl::StatusOr<StepSet> StepSet::Parse(absl::string_view bytes) {
  ledger::v1::ProcedureSteps message;
  if (!message.ParseFromArray(bytes.data(), static_cast<int>(bytes.size()))) {
    return absl::DataLossError("a procedure's state does not parse");
  }
  StepSet set;
  for (const auto& step : message.steps()) {
    StepFact fact;
    fact.place = {step.country(), step.index()};
    fact.procedure = step.procedure();
    fact.code = step.code();
    if (!step.predecessor_country().empty()) {
      fact.predecessor = StepPlace{step.predecessor_country(), step.predecessor_index()};
    }
    fact.seen = step.seen();
    fact.time_s = step.time_s();
    fact.agreement_version = step.agreement_version();
    set.Add(fact);
  }
  return set;
}

absl::StatusOr<StepFact> FactOf(const ledger::v1::EntryHeader& header, absl::string_view country,
                                absl::string_view other) {
  if (header.procedure_id().empty() || header.type().empty() || header.code().empty() ||
      !header.record_id().empty() || header.has_target_end() ||
      (header.has_predecessor() && header.has_target_first())) {
    return MakeError(absl::StatusCode::kInvalidArgument, "BAD_STEP", "a step is malformed");
  }
  StepFact fact;
  fact.place = {std::string(country), header.index()};
  fact.procedure = header.type();
  fact.code = header.code();
  if (header.has_predecessor()) {
    fact.predecessor = StepPlace{std::string(country), header.predecessor()};
  } else if (header.has_target_first()) {
    fact.predecessor = StepPlace{std::string(other), header.target_first()};
  }
  fact.seen = header.seen_partner();
  fact.time_s = header.time_s();
  fact.agreement_version = header.agreement_version();
  return fact;
}

std::string ProcedureKey(absl::string_view procedure_id) {
  return absl::StrCat(kProcedurePrefix, procedure_id);
}

std::string OpenProcedureKey(absl::string_view procedure_id) {
  return absl::StrCat(kOpenPrefix, procedure_id);
}

std::string HomeProcedureKey(absl::string_view procedure_id) {
  return absl::StrCat(kHomePrefix, procedure_id);
}

}  // namespace lintas

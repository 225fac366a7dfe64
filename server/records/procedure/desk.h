// ProcedureDesk: procedures as they are now: found by name, by case, or because they are open. Pure
// reads of committed state and of the clock that is handed in. Thread safe.
#ifndef LINTAS_SERVER_RECORDS_PROCEDURE_DESK_H_
#define LINTAS_SERVER_RECORDS_PROCEDURE_DESK_H_

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "server/records/deps.h"
#include "server/records/procedure/deadline.h"
#include "server/records/procedure/held.h"

namespace lintas {

struct FoundProcedure {
  std::string id;  // 16 bytes.
  const ProcedureTable* table = nullptr;
  StepSet steps;
  ProcedureState state;
  ledger::v1::HomeStep home;  // Empty if nothing of it was entered at home.
  absl::optional<Due> due;
  std::string waiting_for;  // Country; empty if it is over.

  // `countries/{opener}/procedures/{32 hexadecimal digits}`.
  std::string name() const;
  // The newest effective step, as `idn:41`.
  std::string etag() const;
};

class ProcedureDesk {
 public:
  explicit ProcedureDesk(const RecordsDeps& deps) : deps_(deps) {}

  // NothingToShare if there is no such procedure, or none that opened.
  absl::StatusOr<FoundProcedure> Get(absl::string_view id, absl::Time now) const;
  absl::StatusOr<FoundProcedure> GetByName(absl::string_view name, absl::Time now) const;
  // Open procedures in the order of their ids, after `after` (empty: from the first), until `visit`
  // returns false.
  absl::Status ScanOpen(const std::string& after, absl::Time now,
                        const std::function<bool(FoundProcedure)>& visit) const;
  // All that were named with the case, over or not.
  absl::StatusOr<std::vector<FoundProcedure>> OfCase(const std::string& case_id,
                                                     absl::Time now) const;
  // What a step carries; null if nothing, or erased.
  absl::StatusOr<std::unique_ptr<google::protobuf::Message>> Content(const FoundProcedure& found,
                                                                     const StepFact& step) const;
  // True if the partner holds the newest effective step, and nothing that it wrote without having
  // seen it is still to come: no rival and no verdict (P18).
  bool HeadIsHeld(const FoundProcedure& found) const;
  // Both set once, before the first call; without `held` nothing of ours is held.
  void SetHeld(HeldSource held) { held_ = std::move(held); }
  void SetArrivals(const Arrivals* arrivals) { arrivals_ = arrivals; }

  const RecordsDeps& deps() const { return deps_; }

 private:
  absl::StatusOr<ledger::v1::HomeStep> HomeOf(absl::string_view id) const;

  const RecordsDeps deps_;
  HeldSource held_;
  const Arrivals* arrivals_ = nullptr;
};

std::string ProcedureName(absl::string_view country, absl::string_view id);
// The 16 bytes of the id; kInvalidArgument (FieldViolation on `name`) if it is no such name.
absl::StatusOr<std::string> ParseProcedureName(absl::string_view name);

}  // namespace lintas

#endif  // LINTAS_SERVER_RECORDS_PROCEDURE_DESK_H_

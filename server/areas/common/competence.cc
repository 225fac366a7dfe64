#include "server/areas/common/competence.h"

#include "server/base/error.h"
#include "server/base/status.h"

namespace lintas {

absl::Status CheckCompetent(const Competence& competence, const Principal& principal, int area,
                            absl::Time now) {
  ASSIGN_OR_RETURN(const Competence::Offices offices, competence.For(principal.country, area, now));
  if (!offices.registered) return absl::OkStatus();
  if (offices.competent.empty()) {
    return MakeError(absl::StatusCode::kFailedPrecondition, "NOT_COMPETENT",
                     "no institution of this country is registered as competent today");
  }
  if (!offices.names_holders || offices.holders.count(principal.id) != 0) return absl::OkStatus();
  return MakeError(absl::StatusCode::kFailedPrecondition, "NOT_COMPETENT",
                   "the caller holds no office in an institution that is competent today");
}

}  // namespace lintas

// How a procedure is shown to people of this node. Pure but for reads; any thread.
#ifndef LINTAS_SERVER_AREAS_PROCEDURE_VIEW_H_
#define LINTAS_SERVER_AREAS_PROCEDURE_VIEW_H_

#include "absl/status/statusor.h"
#include "lintas/procedure/v1/procedure.pb.h"
#include "server/areas/procedure/area.h"

namespace lintas::procedure {

// State, deadline and next steps; names no person and no content.
v1::Procedure Summary(const Deps& deps, const FoundProcedure& found);
// With every step and what it carries.
absl::StatusOr<v1::Procedure> Whole(const Deps& deps, const FoundProcedure& found, absl::Time now);

// Whether it belongs into a part of the inbox, for the principal of `call`.
bool BelongsTo(v1::ListInboxRequest::Box box, const FoundProcedure& found, const Call& call);

}  // namespace lintas::procedure

#endif  // LINTAS_SERVER_AREAS_PROCEDURE_VIEW_H_

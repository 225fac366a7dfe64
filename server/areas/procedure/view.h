// How a procedure is shown to people of this node. Pure but for reads; any thread.
#ifndef LINTAS_SERVER_AREAS_PROCEDURE_VIEW_H_
#define LINTAS_SERVER_AREAS_PROCEDURE_VIEW_H_

#include <set>

#include "absl/status/statusor.h"
#include "lintas/procedure/v1/procedure.pb.h"
#include "server/areas/procedure/area.h"

namespace lintas::procedure {

// `sections`: options.v1.Field.Section values that the caller's role sees. What belongs to another
// is left out, here and inside what a step carries.
using Sections = std::set<int>;

// State, deadline and next steps; names no person and no content.
v1::Procedure Summary(const Deps& deps, const FoundProcedure& found, const Sections& sections);
// With every step and what it carries.
absl::StatusOr<v1::Procedure> Whole(const Deps& deps, const FoundProcedure& found,
                                    const Sections& sections, absl::Time now);

// The attachment of a step, as far as the step's content shows it to `sections`; NothingToShare
// otherwise.
absl::StatusOr<types::v1::Attachment> VisibleAttachment(const Deps& deps,
                                                        const FoundProcedure& found,
                                                        const StepPlace& place,
                                                        absl::string_view digest_name,
                                                        const Sections& sections);

// Clears every field of `message`, and of the messages in it, that belongs to a section not among
// `sections`; a field that declares none belongs to the message it stands in. Gives whether
// anything was cleared.
bool Redact(const Sections& sections, google::protobuf::Message* message);

// Whether it belongs into a part of the inbox, for the principal of `call`.
bool BelongsTo(v1::ListInboxRequest::Box box, const FoundProcedure& found, const Call& call);

}  // namespace lintas::procedure

#endif  // LINTAS_SERVER_AREAS_PROCEDURE_VIEW_H_

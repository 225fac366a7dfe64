// What one ledger entry is to somebody who watches records. Pure reads; thread safe.
#ifndef LINTAS_SERVER_AREAS_MIGRATION_INFORMATION_RECORD_EVENTS_H_
#define LINTAS_SERVER_AREAS_MIGRATION_INFORMATION_RECORD_EVENTS_H_

#include "absl/status/statusor.h"
#include "absl/types/optional.h"
#include "lintas/migration_information/v1/subscription.pb.h"
#include "server/call/call.h"
#include "server/records/reader.h"

namespace lintas::migration_information {

// R7: true if the record shows the caller's own nationality, or the caller may see any.
bool OwnNational(const Reader& reader, const Call& call, const FoundRecord& found);

// The event of the entry at `position` under the conditions of `request`, or nothing: the entry is
// about no record of this area, or the conditions leave it out, or the caller may not see it (W3 of
// subscription.h).
absl::StatusOr<absl::optional<v1::RecordEvent>> EventOf(const Reader& reader, const Call& call,
                                                        const v1::WatchRecordsRequest& request,
                                                        Position position,
                                                        const ledger::v1::EntryHeader& header);

}  // namespace lintas::migration_information

#endif  // LINTAS_SERVER_AREAS_MIGRATION_INFORMATION_RECORD_EVENTS_H_

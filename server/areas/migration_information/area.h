// Area 1: exchange of migration information. README.md beside this file says what it is for.
#ifndef LINTAS_SERVER_AREAS_MIGRATION_INFORMATION_AREA_H_
#define LINTAS_SERVER_AREAS_MIGRATION_INFORMATION_AREA_H_

#include <functional>
#include <string>
#include <vector>

#include "server/areas/common/lookup_misses.h"
#include "server/call/call.h"
#include "server/call/partner.h"
#include "server/records/procedure/table.h"
#include "server/records/reader.h"
#include "server/records/writer.h"

namespace lintas::migration_information {

class Subscriptions;

struct Deps {
  Writer* writer = nullptr;
  const Reader* reader = nullptr;
  Asker* asker = nullptr;
  // Takes rows out of the agency's day (admission).
  std::function<absl::Status(const Call&, uint64_t rows)> charge_rows;
  // Seconds since the replica was known to be level; -1 if never.
  std::function<double()> replica_age_s;
  // OK when the partner holds the exchange ledger up to `last` (P6); else an error in the call's
  // time.
  std::function<void(const Call&, Index last, std::function<void(absl::Status)>)> wait_for_partner;
  // An attaché's lookups that showed nothing, in all areas together.
  LookupMisses* misses = nullptr;
  // The streams of WatchRecords; outlives every call.
  Subscriptions* subscriptions = nullptr;
  // Gives a case to an attaché (admission).
  std::function<void(const Call&, const std::string& case_id, const Principal& to,
                     std::function<void(absl::Status)> done)>
      hand_over_case;
};

// Every method with its operation.
std::vector<Method> Methods(const Deps& deps);
// The tables of its procedures.
std::vector<ProcedureTable> Procedures();
// The file of the service.
const google::protobuf::FileDescriptor* File();
// The files whose messages are this area's record types: those that AnyRecord lists.
std::vector<const google::protobuf::FileDescriptor*> RecordFiles();
// True if `type` is one of this area.
bool IsOfThisArea(const RecordType& type);

}  // namespace lintas::migration_information

#endif  // LINTAS_SERVER_AREAS_MIGRATION_INFORMATION_AREA_H_

// Area 1: exchange of migration information. README.md beside this file says what it is for.
#ifndef LINTAS_SERVER_AREAS_MIGRATION_INFORMATION_AREA_H_
#define LINTAS_SERVER_AREAS_MIGRATION_INFORMATION_AREA_H_

#include <functional>
#include <string>
#include <vector>

#include "server/call/call.h"
#include "server/call/partner.h"
#include "server/records/procedure/table.h"
#include "server/records/reader.h"
#include "server/records/writer.h"

namespace lintas::migration_information {

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
};

// Every method with its operation.
std::vector<Method> Methods(const Deps& deps);
// The tables of its procedures.
std::vector<ProcedureTable> Procedures();
// The files whose messages are this area's record types.
const google::protobuf::FileDescriptor* File();

}  // namespace lintas::migration_information

#endif  // LINTAS_SERVER_AREAS_MIGRATION_INFORMATION_AREA_H_

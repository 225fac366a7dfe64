// Area 3: determination of migrant status. README.md beside this file says what it is for.
#ifndef LINTAS_SERVER_AREAS_MIGRANT_STATUS_AREA_H_
#define LINTAS_SERVER_AREAS_MIGRANT_STATUS_AREA_H_

#include <functional>
#include <vector>

#include "server/areas/common/lookup_misses.h"
#include "server/call/call.h"
#include "server/records/reader.h"

namespace lintas::migrant_status {

// All pointers outlive the methods.
struct Deps {
  const Reader* reader = nullptr;
  // An attaché's lookups that showed nothing, in all areas together.
  LookupMisses* misses = nullptr;
  // The reads that make an attaché's lookup cost what others cost (P26).
  std::function<absl::Status(const FindQuery&)> read_on;
  // Seconds since the replica was known to be level; -1 if never.
  std::function<double()> replica_age_s;
};

// Every method with its operation.
std::vector<Method> Methods(const Deps& deps);
// The file of the service.
const google::protobuf::FileDescriptor* File();

}  // namespace lintas::migrant_status

#endif  // LINTAS_SERVER_AREAS_MIGRANT_STATUS_AREA_H_

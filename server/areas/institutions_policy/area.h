// Area 7: institutions and policy. README.md beside this file says what it is for.
#ifndef LINTAS_SERVER_AREAS_INSTITUTIONS_POLICY_AREA_H_
#define LINTAS_SERVER_AREAS_INSTITUTIONS_POLICY_AREA_H_

#include <vector>

#include "server/call/call.h"
#include "server/records/reader.h"
#include "server/records/writer.h"

namespace lintas::institutions_policy {

struct Deps {
  Writer* writer = nullptr;
  const Reader* reader = nullptr;
};

// Every method with its operation.
std::vector<Method> Methods(const Deps& deps);
// The files whose messages are this area's record types.
const google::protobuf::FileDescriptor* File();

}  // namespace lintas::institutions_policy

#endif  // LINTAS_SERVER_AREAS_INSTITUTIONS_POLICY_AREA_H_

// What makes an institution acceptable beyond its descriptor. Pure; asked at home and of the
// partner's records on arrival (P13).
#ifndef LINTAS_SERVER_AREAS_INSTITUTIONS_POLICY_CHECKS_H_
#define LINTAS_SERVER_AREAS_INSTITUTIONS_POLICY_CHECKS_H_

#include <vector>

#include "google/protobuf/message.h"
#include "server/base/error.h"
#include "server/records/record_type.h"

namespace lintas::institutions_policy {

// Rules, ours:
//   UNKNOWN_AREA        a competence is for an area of cooperation, 1 to 8
//   EXPIRES_BEFORE      no period ends before it begins
void Check(const RecordType& type, const google::protobuf::Message& record,
           std::vector<FieldViolation>* violations);

}  // namespace lintas::institutions_policy

#endif  // LINTAS_SERVER_AREAS_INSTITUTIONS_POLICY_CHECKS_H_

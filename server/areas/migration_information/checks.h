// What makes a record acceptable beyond its descriptor. Pure; asked at home and of the partner's
// records on arrival (P13).
#ifndef LINTAS_SERVER_AREAS_MIGRATION_INFORMATION_CHECKS_H_
#define LINTAS_SERVER_AREAS_MIGRATION_INFORMATION_CHECKS_H_

#include <vector>

#include "absl/time/time.h"
#include "google/protobuf/message.h"
#include "server/base/error.h"
#include "server/records/record_type.h"

namespace lintas::migration_information {

// Rules, all from DOMAIN section 2 and ICAO Doc 9303-3:
//   FUTURE_BIRTH        a birth date is not after today
//   EXPIRES_BEFORE      a document or permit does not end before it begins
//   FUTURE_TIME         a crossing is not more than a day ahead of this node's clock
//   BAD_OFFSET          a local time is between UTC-12 and UTC+14
//   BAD_YEAR            a work permit's year is 1990 to 2100
void Check(const RecordType& type, const google::protobuf::Message& record, absl::Time now,
           std::vector<FieldViolation>* violations);

}  // namespace lintas::migration_information

#endif  // LINTAS_SERVER_AREAS_MIGRATION_INFORMATION_CHECKS_H_

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

// Rules, from DOMAIN section 2, ICAO Doc 9303-3 and what else the error names. Every error names
// the rule's source:
//   FUTURE_BIRTH        a birth date is not after today
//   SEPARATOR           a Latin form or an alias has no semicolon
//   EXPIRES_BEFORE      a document, permit, visa, presence or ban does not end before it begins
//   FUTURE_TIME         a crossing is not more than a day ahead of this node's clock
//   BAD_OFFSET          a local time is between UTC-12 and UTC+14
//   BAD_YEAR            a work permit's year is 1990 to 2100
//   UNKNOWN_LIST, NOT_IN_LIST   a class is read in its list's version (class_lists.h)
//   NOT_A_PROVINCE      a province is one of a Party (ISO 3166-2)
//   NEGATIVE            counts, days and amounts are not below 0
//   NO_OVERSTAY, DAYS_DISAGREE  a departure lies `days` after the last permitted day
//   NOT_A_CURRENCY, WAIVES_TOO_MUCH, NOT_WAIVED   what a fine and its waiver say agrees
//   NOT_A_LOCODE, UNKNOWN_PORT, ARRIVES_BEFORE, LEGS_APART   the legs of a list are one journey
//   and those of ban_periods.h
void Check(const RecordType& type, const google::protobuf::Message& record, absl::Time now,
           std::vector<FieldViolation>* violations);

}  // namespace lintas::migration_information

#endif  // LINTAS_SERVER_AREAS_MIGRATION_INFORMATION_CHECKS_H_

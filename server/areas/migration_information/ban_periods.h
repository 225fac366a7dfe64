// How long an exit or entry ban may last: sets of parameters that name their source. None is law; a
// country's later set is added here, and each ban says in which one it is read. Pure, any thread.
#ifndef LINTAS_SERVER_AREAS_MIGRATION_INFORMATION_BAN_PERIODS_H_
#define LINTAS_SERVER_AREAS_MIGRATION_INFORMATION_BAN_PERIODS_H_

#include <vector>

#include "lintas/migration_information/v1/ban.pb.h"
#include "server/base/error.h"

namespace lintas::migration_information {

// Appends what `ban` breaks of its set:
//   UNKNOWN_RULE_SET     `rule_set` is none that is known here
//   NO_END               neither an end nor for life, or both
//   NOT_FOR_LIFE         the set has no such ban for life
//   TOO_MANY_EXTENSIONS  more than the set knows
//   BAN_TOO_LONG         the end lies behind the first period with the extensions counted
void CheckBanPeriod(const v1::Ban& ban, std::vector<FieldViolation>* violations);

}  // namespace lintas::migration_information

#endif  // LINTAS_SERVER_AREAS_MIGRATION_INFORMATION_BAN_PERIODS_H_

// `lintas match pairs`: scores a file of pairs that somebody laid beside each other.
#ifndef LINTAS_CLIENT_MATCH_PAIRS_FILE_H_
#define LINTAS_CLIENT_MATCH_PAIRS_FILE_H_

#include "absl/status/statusor.h"
#include "client/match/csv_table.h"
#include "client/output.h"

namespace lintas::client {

// Columns `name1`, `name2` and, if there, `dob1`, `dob2`. All columns come back, in the same order
// and with the same rows, with `score` (match weight in bits), `match` and `reasons` behind them.
// Reason MISSING_COLUMNS if a name has no column.
absl::StatusOr<Table> MatchPairs(const CsvTable& pairs);

}  // namespace lintas::client

#endif  // LINTAS_CLIENT_MATCH_PAIRS_FILE_H_

// `lintas match link`: links two lists, or finds the duplicates in one.
#ifndef LINTAS_CLIENT_MATCH_LINK_LISTS_H_
#define LINTAS_CLIENT_MATCH_LINK_LISTS_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "client/match/csv_table.h"
#include "client/output.h"

namespace lintas::client {

// Which column of the files holds what; empty is not there.
struct ListColumns {
  std::string id;  // The first column if empty.
  std::string name, given_name, surname, born;
  std::vector<std::string> others;
};

// `given_name=first,surname=last,born=date_of_birth`: field, equals sign, column. Fields: id, name,
// given_name, surname, born, and sex, place, document, national_number or any other word for a
// column that agrees or does not. Reasons BAD_COLUMNS (no equals sign, a field twice, more than
// four others), MISSING_COLUMNS (neither name nor given_name nor surname).
absl::StatusOr<ListColumns> ParseListColumns(absl::string_view text);

struct LinkedLists {
  // id1, id2, score, reasons; in the order of the lists.
  Table links;
  // Learned from the lists.
  double threshold_bits = 0;
  size_t candidate_count = 0;
};

// `second` may be null. Uses `thread_count` threads. Reason MISSING_COLUMNS if a file lacks a
// column that is named; TOO_MANY_ROWS above 2^24 records.
absl::StatusOr<LinkedLists> LinkLists(const CsvTable& first, const CsvTable* second,
                                      const ListColumns& columns, bool one_to_one,
                                      int thread_count);

}  // namespace lintas::client

#endif  // LINTAS_CLIENT_MATCH_LINK_LISTS_H_

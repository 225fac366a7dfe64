// The receipt of an entry as text that is checked offline (docs/architecture.md, "Receipts"): a
// C2SP tlog-proof, then the header, then optionally one disclosed section with its salt.
#ifndef LINTAS_SERVER_RECORDS_RECEIPT_TEXT_H_
#define LINTAS_SERVER_RECORDS_RECEIPT_TEXT_H_

#include <string>

#include "absl/status/statusor.h"
#include "server/records/deps.h"

namespace lintas {

// `note`: a checkpoint of the position's ledger that covers it, with the cosignatures known; empty
// takes the last signed one. `section` 0 discloses none. kUnavailable, reason NOT_YET_COVERED, if
// no signed checkpoint covers the position; kNotFound, NOTHING_TO_SHARE, if the section is not
// there.
absl::StatusOr<std::string> MakeReceiptText(const RecordsDeps& deps, Position position,
                                            const std::string& note, uint32_t section);

// The root that a checkpoint note names, 64 hexadecimal digits; empty if it is no checkpoint.
std::string CheckpointRootHex(const std::string& note);

}  // namespace lintas

#endif  // LINTAS_SERVER_RECORDS_RECEIPT_TEXT_H_

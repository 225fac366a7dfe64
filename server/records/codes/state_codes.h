// Three-letter State codes of travel documents: ICAO Doc 9303-3 section 5.
#ifndef LINTAS_SERVER_RECORDS_CODES_STATE_CODES_H_
#define LINTAS_SERVER_RECORDS_CODES_STATE_CODES_H_

#include "absl/strings/string_view.h"

namespace lintas {

// True for ISO 3166-1 alpha-3 codes, for the codes that ICAO adds (organisations, stateless
// persons, refugees, British categories, Kosovo) and for `D`, which German documents carry; not for
// UTO of the specimens, which must not enter a ledger. Upper case only. Pure, any thread.
bool IsStateCode(absl::string_view code);

}  // namespace lintas

#endif  // LINTAS_SERVER_RECORDS_CODES_STATE_CODES_H_

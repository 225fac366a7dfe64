// Ports of entry of the Parties.
#ifndef LINTAS_SERVER_RECORDS_CODES_PORTS_H_
#define LINTAS_SERVER_RECORDS_CODES_PORTS_H_

#include "absl/strings/string_view.h"

namespace lintas {

// True for a listed port: its UN/LOCODE without a blank (`IDCGK`), or, where UN/LOCODE has none,
// the country, a hyphen and a name (`ID-ENTIKONG`). IATA codes are no port codes: KTI is Techo
// airport, KHKTI the town of Kratie. Pure, any thread.
bool IsPort(absl::string_view code);

}  // namespace lintas

#endif  // LINTAS_SERVER_RECORDS_CODES_PORTS_H_

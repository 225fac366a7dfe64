// The structures that both countries exchange, agency IDKH (DOMAIN 7): movements and their sister
// flows. Code lists: SDMX cross-domain lists (CL_FREQ 2.0, CL_OBS_STATUS 2.0, CL_CONF_STATUS 1.0),
// ISO 3166-1 alpha-2 for areas, ports of entry of both countries, and lists of our own. A further
// structure is a further line in the table of idkh_structures.cc.
#ifndef LINTAS_CLIENT_SDMX_IDKH_STRUCTURES_H_
#define LINTAS_CLIENT_SDMX_IDKH_STRUCTURES_H_

#include <vector>

#include "absl/strings/string_view.h"
#include "client/sdmx/structure.h"

namespace lintas::sdmx {

// All of them, built once; safe from any thread.
const std::vector<Structure>& IdkhStructures();

// MIG_FLOW, MIG_RETURN, MIG_VICTIM, MIG_FRAUD or MIG_PERMIT; nullptr for another id.
const Structure* FindIdkhStructure(absl::string_view id);

// ISO 3166-1 alpha-2 with English names, as `AD Andorra` lines.
absl::string_view AreaLines();

}  // namespace lintas::sdmx

#endif  // LINTAS_CLIENT_SDMX_IDKH_STRUCTURES_H_

#include "server/areas/migrant_status/rules/placement.h"

namespace lintas::migrant_status {

v1::Finding Placement() {
  return CannotSay({"PLACEMENT", 1, "placement by the State of origin (DOMAIN sections 3 and 4)"},
                   {v1::Finding::PLACEMENT_RECORD},
                   "no placement by the State of origin is on record here");
}

}  // namespace lintas::migrant_status

#include "server/records/codes/ports.h"

#include <algorithm>
#include <iterator>

namespace lintas {
namespace {

// Sorted. UN/LOCODE (UNECE, free to use); rows compiled by hand, partly read in
// cristan/improved-un-locodes. The posts with a hyphen have no UN/LOCODE, their codes are ours:
// Aruk, Entikong and Motaain (land), Techo and Siem Reap-Angkor (air).
constexpr absl::string_view kPorts[] = {
    "ID-ARUK",   "ID-ENTIKONG", "ID-MOTAAIN", "IDBLW", "IDBOA", "IDBTH", "IDBTM",
    "IDCGK",     "IDDPS",       "IDKNO",      "IDPNK", "IDSUB", "IDUPG", "IDYIA",
    "KH-ANGKOR", "KH-TECHO",    "KHBBM",      "KHBVT", "KHKKZ", "KHKMT", "KHKOS",
    "KHKTI",     "KHOMY",       "KHPAI",      "KHPNH", "KHPPT", "KHREP",
};

}  // namespace

bool IsPort(absl::string_view code) {
  return std::binary_search(std::begin(kPorts), std::end(kPorts), code);
}

}  // namespace lintas

#include "server/link/keys.h"

#include "absl/strings/str_cat.h"

namespace lintas {

std::string CosignerName(const std::string& trust_domain, const std::string& partnership,
                         absl::string_view what) {
  return absl::StrCat(trust_domain, "/lintas/", partnership, "/", what);
}

}  // namespace lintas

#include "server/records/codes/state_codes.h"

#include "server/base/states.h"

namespace lintas {

bool IsStateCode(absl::string_view code) {
  const StateKind kind = KindOfState(code);
  return kind == StateKind::kIssuer || kind == StateKind::kHolder;
}

}  // namespace lintas

// Which SDMX codes a cell carries. A suppressed cell is Q (missing, suppressed) and C
// (confidential) whether its own count is small or it only shields another: D (secondary
// confidentiality) would tell both apart, and whoever knows which cell is small knows its range.
// A zero that was counted is a value, 0 and A. Pure; safe from any thread.
#ifndef LINTAS_CLIENT_SDMX_CELL_STATUS_H_
#define LINTAS_CLIENT_SDMX_CELL_STATUS_H_

#include "absl/strings/string_view.h"

namespace lintas::sdmx {

enum class CellStatus {
  kNormal,
  kSuppressed,
  // Days or ports are missing and may still come: a provisional value.
  kPartial,
  // Counted there, but the table did not arrive or was not made.
  kNotCollected,
};

struct StatusCodes {
  absl::string_view obs_status;
  absl::string_view conf_status;
};

inline StatusCodes CodesOf(CellStatus status) {
  switch (status) {
    case CellStatus::kNormal:
      return {"A", "F"};
    case CellStatus::kSuppressed:
      return {"Q", "C"};
    case CellStatus::kPartial:
      return {"P", "F"};
    case CellStatus::kNotCollected:
      return {"L", "F"};
  }
  return {};
}

// The way back, also from codes that others use. A value with any other status is normal.
inline CellStatus StatusOf(absl::string_view obs_status, absl::string_view conf_status,
                           bool has_value) {
  if (!has_value) {
    const bool hidden = obs_status == "Q" || (!conf_status.empty() && conf_status != "F");
    return hidden ? CellStatus::kSuppressed : CellStatus::kNotCollected;
  }
  return obs_status == "P" ? CellStatus::kPartial : CellStatus::kNormal;
}

}  // namespace lintas::sdmx

#endif  // LINTAS_CLIENT_SDMX_CELL_STATUS_H_

// What the values of components must look like. Pure; safe from any thread.
#ifndef LINTAS_CLIENT_SDMX_VALUE_RULES_H_
#define LINTAS_CLIENT_SDMX_VALUE_RULES_H_

#include <string>

#include "absl/strings/string_view.h"
#include "client/sdmx/structure.h"

namespace lintas::sdmx {

// Years, months, days, and SDMX's reporting periods: 2026, 2026-01, 2026-01-31, 2026-A1, 2026-S2,
// 2026-T3, 2026-Q4, 2026-M01, 2026-W53, 2026-D366; a date with time; a range with a duration
// (2026-01-01/P1M).
bool IsTimePeriod(absl::string_view text);

// 2026-01-31T14:30:00, with fractions, with Z or an offset or neither.
bool IsDateTime(absl::string_view text);

// A decimal number as JSON and XML write it: 12, -0.5, 1e6.
bool IsNumber(absl::string_view text);

// The rule that a value breaks, nullptr if none: UNKNOWN_CODE, NOT_A_TIME_PERIOD, NOT_A_DATE_TIME,
// NOT_AN_INTEGER, NOT_A_NUMBER. A value that is missing on purpose breaks none. `codes` is
// component's list or nullptr.
const char* BrokenRule(const Component& component, const CodeList* codes, absl::string_view value);

}  // namespace lintas::sdmx

#endif  // LINTAS_CLIENT_SDMX_VALUE_RULES_H_

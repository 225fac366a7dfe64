// Birth dates as they come, and how two of them agree. Pure, any thread.
#ifndef LINTAS_SERVER_MATCHING_DATE_COMPARE_H_
#define LINTAS_SERVER_MATCHING_DATE_COMPARE_H_

#include <cstdint>

#include "absl/strings/string_view.h"

namespace lintas::matching {

// YYYYMMDD as a decimal number, unknown parts 00; 0 is no date. Month and day need not exist: a
// damaged digit (19991399) is still seven eighths of a date.
using LooseDate = uint32_t;

// Reads YYYYMMDD, YYYY-MM-DD, DD-MM-YYYY, YYYY-MM, YYYY, with any of `-/. ` between the parts;
// unknown parts as 00, `<`, `X` or `?`. An apparent MM/DD/YYYY is read day first unless the second
// part exceeds 12: both Parties write the day first. 0 if no date can be read.
LooseDate ReadLooseDate(absl::string_view text);

enum class DateLevel : uint8_t {
  kMissing,  // One side has none, or they share no known part.
  kSame,
  kPart,        // All parts that both know agree, and some part is unknown.
  kSwapped,     // Day and month exchanged.
  kOneDigit,    // One digit differs, or two neighbouring digits are exchanged.
  kYearBeside,  // The year before or after, same day and month.
  kTwoParts,    // Two of year, month and day agree.
  kTwoDigits,   // Two edits of digits.
  kDifferent,
};
inline constexpr int kDateLevelCount = 9;

DateLevel CompareDates(LooseDate a, LooseDate b);

// For reasons shown to people: `birth date equal`, ...
absl::string_view NameOf(DateLevel level);

}  // namespace lintas::matching

#endif  // LINTAS_SERVER_MATCHING_DATE_COMPARE_H_

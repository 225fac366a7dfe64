// Names that exist in either country, for pairs that come without a population to count: a word
// that is a name of its own is not a slip of the keyboard, and a frequent one proves little. Pure,
// any thread.
#ifndef LINTAS_SERVER_MATCHING_KNOWN_NAMES_H_
#define LINTAS_SERVER_MATCHING_KNOWN_NAMES_H_

#include "absl/strings/string_view.h"
#include "absl/types/span.h"

namespace lintas::matching {

// Whose spelling rules a name follows.
enum class NameCountry { kOther, kIndonesia, kCambodia };

// `word` is as NormaliseName() gives it, in Latin letters.
bool IsKnownName(NameCountry country, absl::string_view word);
// A known name, or another spelling of one by the country's rules.
bool IsKnownSpelling(NameCountry country, absl::string_view word);

// Rough share of persons who bear the word, in any spelling; 0.002 for other known names, 0.0004
// for unknown words. Used where no population gives a better one.
double DefaultShare(NameCountry country, absl::string_view word);

// Sorted, upper case.
absl::Span<const absl::string_view> KnownNames(NameCountry country);

}  // namespace lintas::matching

#endif  // LINTAS_SERVER_MATCHING_KNOWN_NAMES_H_

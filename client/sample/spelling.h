// How one name comes to be written in several ways. Pure functions over ASCII names as Indonesian
// and Khmer names are romanised; any thread.
#ifndef LINTAS_CLIENT_SAMPLE_SPELLING_H_
#define LINTAS_CLIENT_SAMPLE_SPELLING_H_

#include <string>

#include "absl/strings/string_view.h"
#include "client/sample/draw.h"

namespace lintas::sample {

// The spelling of before 1972, for three letters: `u` as `oe`, `c` as `tj`, `j` as `dj`.
std::string OldSpelling(absl::string_view name);

// Today's spelling of a name in the old one.
std::string ModernSpelling(absl::string_view name);

// Another romanisation of a Khmer name (`Chea` as `Chia`). Always differs from `name`.
std::string OtherRomanisation(absl::string_view name, Draw* draw);

// One slip of the keyboard: two letters exchanged, one left out, doubled or replaced. Always
// differs from `name`, which must not be empty.
std::string WithTypo(absl::string_view name, Draw* draw);

}  // namespace lintas::sample

#endif  // LINTAS_CLIENT_SAMPLE_SPELLING_H_

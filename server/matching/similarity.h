// How far two words are apart. Pure, any thread.
//
// Words are compared sign by sign: what NormaliseName() gives is packed first, so that a Khmer sign
// counts one as a Latin letter does.
#ifndef LINTAS_SERVER_MATCHING_SIMILARITY_H_
#define LINTAS_SERVER_MATCHING_SIMILARITY_H_

#include <string>

#include "absl/strings/string_view.h"

namespace lintas::matching {

// One byte a sign: ASCII as it is, Khmer (U+1780 to U+17FF) as 0x80 to 0xFF. Other scripts lose
// their identity but not their length or order: each sign becomes a control code, by its low bits.
std::string PackWord(absl::string_view normalised);

// Fewest insertions, deletions, substitutions and exchanges of neighbours that turn `a` into `b`,
// no part edited twice (optimal string alignment). Bit-parallel (Hyyro 2003) if the shorter has at
// most 64 bytes, a few nanoseconds a byte; a table beyond that.
int OsaDistance(absl::string_view a, absl::string_view b);

// Jaro's similarity with Winkler's bonus for up to four equal first signs, 0 to 1. Only the first
// 64 bytes of each are looked at. 1 for two empty words.
double JaroWinkler(absl::string_view a, absl::string_view b);

}  // namespace lintas::matching

#endif  // LINTAS_SERVER_MATCHING_SIMILARITY_H_

// Names in Khmer script: one order of signs, and how well a Latin spelling fits a Khmer one. Pure,
// any thread.
#ifndef LINTAS_SERVER_MATCHING_KHMER_H_
#define LINTAS_SERVER_MATCHING_KHMER_H_

#include <string>

#include "absl/strings/string_view.h"

namespace lintas::matching {

// True if the word holds a sign of U+1780 to U+17D3.
bool HasKhmer(absl::string_view word);

// A word as NormaliseName() gives it, its signs in the order of the Unicode Standard
// (chapter 16.4): consonant, subscripts (RO last), register shifter, vowel, other signs. Parts
// typed in another order that look the same become the same: split vowels are joined (U+17C1 U+17B6
// is U+17C4), subscript DA becomes TA, repeated marks fall away.
std::string OrderKhmer(absl::string_view word);

// Cost of reading the Latin word (A to Z) as a spelling of the Khmer word: 0 for what UNGEGN, the
// Geographic Department, BGN/PCGN or everyday use writes, 1 for each looser reading, 4 for each
// letter that has no reading. Capped at `cost_max` + 1. Both at most 64 signs; longer is
// `cost_max` + 1. About a microsecond.
int KhmerLatinCost(absl::string_view khmer, absl::string_view latin, int cost_max);

// The most usual Latin spelling, for search keys: FoldKhmerLatinLoose() of it and of a person's own
// spelling often agree.
std::string RomaniseKhmer(absl::string_view khmer);

}  // namespace lintas::matching

#endif  // LINTAS_SERVER_MATCHING_KHMER_H_

// Spellings of one name brought to one key, country by country. Equal keys mean "may be the same
// name written by another rule", never "is the same name": endings that tell names apart (Sukarno
// and Sukarni, Eko and Eka) keep their letters. Pure, any thread.
//
// Input is a word as NormaliseName() gives it. Words outside A to Z come back unchanged.
#ifndef LINTAS_SERVER_MATCHING_FOLD_H_
#define LINTAS_SERVER_MATCHING_FOLD_H_

#include <string>

#include "absl/strings/string_view.h"

namespace lintas::matching {

// Indonesian names in the spellings of before 1947 (oe), 1947 to 1972 (tj, dj, nj, sj, ch, j) and
// since (u, c, j, ny, sy, kh, y; Ejaan Yang Disempurnakan, 1972), Arabic names in their usual
// transcriptions, doubled and silent letters. J and Y fall together, because old J is today's Y.
std::string FoldIndonesian(absl::string_view word);
// The same without J to Y: tells Jono from Yono where both are written by today's rule.
std::string FoldIndonesianModern(absl::string_view word);

// Khmer names in Latin letters: one key for the spellings that UNGEGN (1972), the Geographic
// Department (1997), BGN/PCGN and everyday use give to one Khmer spelling. Aspiration and final
// consonants keep apart what they keep apart in Khmer.
std::string FoldKhmerLatin(absl::string_view word);
// Coarser: aspiration and neighbouring vowels fall together. Equal only here is weak evidence.
std::string FoldKhmerLatinLoose(absl::string_view word);

// Latin letters that ICAO Doc 9303-3 section 6 lets issuers write in two ways brought to one: UE
// and UXX to U, OE to O, AE to A, NXX to N, AA to A, SS to S. For names of neither country.
std::string FoldIcao(absl::string_view word);

// Consonant skeleton after FoldIndonesian(), for finding candidates only: it never decides.
std::string Skeleton(absl::string_view word);

}  // namespace lintas::matching

#endif  // LINTAS_SERVER_MATCHING_FOLD_H_

// One written form for names, numbers and dates, so that equal things are found again by equality
// or by prefix. Exact and prefix search only: spelling variants are not folded here. Pure, any
// thread.
#ifndef LINTAS_SERVER_MATCHING_NORMALISE_H_
#define LINTAS_SERVER_MATCHING_NORMALISE_H_

#include <string>
#include <vector>

#include "absl/strings/string_view.h"

namespace lintas::matching {

// Appends the words of a name to `words`, in order, repeated words included.
//
//   Latin    Upper case without diacritics. Letters that Unicode does not decompose follow the
//   table of
//            ICAO Doc 9303-3 section 6: AE for U+00C6, OE for U+00D8, SS for U+00DF, L for U+0141
//            ...
//   Khmer    NFC, without zero-width signs and the inherent vowels U+17B4 and U+17B5.
//   Others   Letters in upper case, marks of their own script kept.
//
// Blanks, hyphens, commas, slashes and the filler `<` end a word; apostrophes join (MA'RUF is
// MARUF, ICAO Doc 9303-3 section 4.6); other signs and digits are dropped. FNU, LNU (first, last
// name unknown) and XXX fill an empty field and are no words. Bytes that are not UTF-8 are dropped.
// ASCII and Khmer take about 100 ns, others go through ICU.
void NormaliseName(absl::string_view name, std::vector<std::string>* words);

// Upper case, without blanks, hyphens and `<`. Other signs stay: the number is found as it came.
std::string NormaliseDocumentNumber(absl::string_view number);

// As a document number, and without `.` and `/`, which agencies write between groups.
std::string NormaliseNationalNumber(absl::string_view number);
std::string NormalisePermitNumber(absl::string_view number);

// A civil date; 0 stands for an unknown part.
struct CivilDate {
  int year = 0;
  int month = 0;
  int day = 0;
};

// True if `date` is complete and in the calendar, year 1 to 9999.
bool IsRealDate(const CivilDate& date);
// True if the known parts fit together: year 1900 to 2100 or 0, month 1 to 12 or 0, day 0 or in the
// month (29 February if the year is unknown), no day without a month (types.proto, PartialDate).
bool IsPartialDate(const CivilDate& date);

// `YYYY-MM-DD`, unknown parts as 00 (0000 for the year). For what IsPartialDate() takes.
std::string FormatPartialDate(const CivilDate& date);
// Reads exactly that form. False if the form or the date is wrong; `*date` is then unchanged.
bool ParsePartialDate(absl::string_view text, CivilDate* date);
// Reads an RFC 3339 full-date. False if the form is another or the calendar has no such day.
bool ParseDate(absl::string_view text, CivilDate* date);

}  // namespace lintas::matching

#endif  // LINTAS_SERVER_MATCHING_NORMALISE_H_

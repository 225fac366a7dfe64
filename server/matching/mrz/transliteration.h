// National letters in the machine-readable zone: ICAO Doc 9303-3 section 6, table A (Latin). Khmer
// has no table: the Latin form is its issuer's choice and cannot be derived. Pure, any thread.
#ifndef LINTAS_SERVER_MATCHING_MRZ_TRANSLITERATION_H_
#define LINTAS_SERVER_MATCHING_MRZ_TRANSLITERATION_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace lintas::mrz {

// What ICAO recommends for `point` (either case), the first choice first; empty if the table does
// not hold it.
std::vector<absl::string_view> IcaoForms(char32_t point);

// Words of A to Z with one filler between them, first choices. Blanks and hyphens separate words;
// apostrophes and other signs are dropped (Doc 9303-3 section 4.6). Letters of Latin script that
// the table lacks lose their marks. Reasons NOT_UTF8, DIGIT_IN_NAME, NO_TRANSLITERATION (another
// script).
absl::StatusOr<std::string> Transliterate(absl::string_view name);

// Every form that an issuer may have chosen, the recommended one first; at most `count_max`.
absl::StatusOr<std::vector<std::string>> TransliterateAll(absl::string_view name, size_t count_max);

}  // namespace lintas::mrz

#endif  // LINTAS_SERVER_MATCHING_MRZ_TRANSLITERATION_H_

// Writes the machine-readable zone (MRZ) of a travel document: check digits, names by ICAO's table,
// truncation. The counterpart of reading.h. Pure, any thread.
#ifndef LINTAS_SERVER_MATCHING_MRZ_GENERATION_H_
#define LINTAS_SERVER_MATCHING_MRZ_GENERATION_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "server/matching/mrz/layout.h"
#include "server/matching/normalise.h"

namespace lintas::mrz {

struct Content {
  Format format = Format::kTd3;
  // `P`, `PP`, `ID`, `V` ...
  std::string document_code;
  std::string issuing_state, nationality;
  // As people write them, in Latin letters. A holder with one name has only a primary identifier.
  std::string primary_identifier, secondary_identifier;
  // Other signs than letters and digits become fillers. Over nine signs only on cards (TD1, TD2).
  std::string document_number;
  // Year with four digits; 0 for what is unknown of the birth.
  matching::CivilDate birth_date, expiry_date;
  // M, F or `<`.
  char sex = kFiller;
  std::string optional_data, optional_data_2;
  // How an empty optional field of TD3 is closed: `<` or `0`.
  char empty_optional_check_digit = kFiller;
};

// The lines. INVALID_FIELDS with every field that does not fit: rules REQUIRED, TOO_LONG,
// DOCUMENT_CODE, UNKNOWN_STATE, NOT_A_DATE, NOT_A_SEX, NO_TRANSLITERATION, BAD_CHARACTER.
absl::StatusOr<std::vector<std::string>> Generate(const Content& content);

// The name field of `size` signs. Names of A to Z with single fillers. A name that does not fit is
// cut so that a letter stands on the last position and at least one letter of the secondary
// identifier remains (Doc 9303-4 section 4.2.3).
std::string NameField(absl::string_view primary, absl::string_view secondary, size_t size);

}  // namespace lintas::mrz

#endif  // LINTAS_SERVER_MATCHING_MRZ_GENERATION_H_

// Reads the machine-readable zone (MRZ) of a travel document, field by field, and says which rule
// of ICAO Doc 9303 each field breaks. Nothing is corrected here: what was read is what stands
// there.
//
// What a good reading does not say: check digits are weak (A, K, U and 0 are interchangeable,
// digits that differ by five may swap), and names, sex, nationality, issuing state and document
// code are covered by none. Pure, any thread.
#ifndef LINTAS_SERVER_MATCHING_MRZ_READING_H_
#define LINTAS_SERVER_MATCHING_MRZ_READING_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "server/matching/mrz/layout.h"
#include "server/matching/normalise.h"

namespace lintas::mrz {

enum class Rule : uint8_t {
  // Errors.
  kUnknownFormat,
  kLineLength,
  kBadCharacter,
  kNotALetter,
  kNotADigit,
  kMisplacedFiller,
  kRequired,
  kCheckDigit,
  kDocumentCode,
  kUnknownState,
  kNotADate,
  kIncompleteDate,
  kNotASex,
  // Warnings.
  kSpecimenState,
  kHolderCodeIssues,
  kEmptyPrimary,
  kExtraSeparator,
  kMayBeTruncated,
  kSecondLetterMissing,
  kLegacySecondLetter,
  kCheckDigitCountsFiller,
};

// UPPER_SNAKE; never renamed.
absl::string_view RuleName(Rule rule);
// One sentence that says what is expected.
absl::string_view RuleText(Rule rule);

// A rule that a field breaks.
struct Finding {
  Field field = Field::kLines;
  Rule rule = Rule::kUnknownFormat;
  // Counted from 1, of the first sign it is about; 0 if it is about no single line or sign.
  int line = 0;
  int column = 0;
  // What should stand there, where only one thing can: a check digit, a length. Never a name.
  std::string expected;
};

// How a document number says its check digit (Doc 9303-5 and -6, note on long numbers).
enum class NumberForm : uint8_t {
  kShort,
  // Over nine signs: its rest and check digit begin the optional data. The digit of some issuers
  // counts the filler between the two parts, of others not; both are good.
  kLong,
  kLongCountingFiller,
};

// All text is without trailing fillers; an inner filler stands for a sign that the zone cannot
// show.
struct Reading {
  Format format = Format::kUnknown;
  std::vector<std::string> lines;

  std::string document_code, issuing_state, nationality;
  // Words with one blank between them. A holder with one name has one of the two.
  std::string primary_identifier, secondary_identifier;
  bool single_name = false;
  // The name reaches the end of its field, so more of it may exist: compare by prefix.
  bool names_may_be_truncated = false;
  std::string document_number;
  NumberForm number_form = NumberForm::kShort;
  // YYYY-MM-DD, unknown parts 00 (0000 for the year); empty if it is no date. The century is
  // inferred from the day of reading.
  std::string birth_date, expiry_date;
  // M, F or `<`; 0 if there is no such field.
  char sex = 0;
  std::string optional_data, optional_data_2;
  // 0 where the format has none.
  char document_number_check_digit = 0, birth_date_check_digit = 0, expiry_date_check_digit = 0,
       optional_data_check_digit = 0, composite_check_digit = 0;

  std::vector<Finding> errors, warnings;
  bool valid() const { return errors.empty(); }
};

// `lines` is one document: three lines of 30, two of 36 or two of 44, or all of them in one (as a
// chip's data group 1 holds them); blanks and line ends around a line are dropped. `today` decides
// the centuries: a birth is not in the future, an expiry within fifty years either way.
Reading Read(const std::vector<absl::string_view>& lines, const matching::CivilDate& today);

// What a passport's or other document's code means: `ordinary passport`; empty if the code says no
// more than the format does. Second letters of passports: Doc 9303-4, amendment of 2026.
absl::string_view MeaningOfCode(absl::string_view document_code);

// What no check digit covers on a document of that format.
std::vector<Field> UnprotectedFields(Format format);

}  // namespace lintas::mrz

#endif  // LINTAS_SERVER_MATCHING_MRZ_READING_H_

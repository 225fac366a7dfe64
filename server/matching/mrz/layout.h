// Where each field stands in the machine-readable zone (MRZ) of a travel document: ICAO Doc 9303-4
// (TD3), -5 (TD1), -6 (TD2), -7 (visas MRV-A and MRV-B). Positions are fixed: nothing is searched.
// Pure, any thread.
#ifndef LINTAS_SERVER_MATCHING_MRZ_LAYOUT_H_
#define LINTAS_SERVER_MATCHING_MRZ_LAYOUT_H_

#include <array>
#include <cstdint>
#include <vector>

#include "absl/strings/string_view.h"

namespace lintas::mrz {

enum class Format : uint8_t { kUnknown, kTd1, kTd2, kTd3, kMrvA, kMrvB };

// `TD1`, `TD2`, `TD3`, `MRV-A`, `MRV-B`; `UNKNOWN`.
absl::string_view FormatName(Format format);

enum class Field : uint8_t {
  kLines,  // The document as a whole.
  kDocumentCode,
  kIssuingState,
  kNames,
  kPrimaryIdentifier,
  kSecondaryIdentifier,
  kDocumentNumber,
  kDocumentNumberCheckDigit,
  kNationality,
  kBirthDate,
  kBirthDateCheckDigit,
  kSex,
  kExpiryDate,
  kExpiryDateCheckDigit,
  kOptionalData,
  kOptionalDataCheckDigit,
  kOptionalData2,
  kCompositeCheckDigit,
};

// The name in output: `document_number_check_digit`.
absl::string_view FieldName(Field field);

// What may stand in a position.
enum class Alphabet : uint8_t {
  kLetters,  // A-Z and the filler.
  kDigits,   // 0-9.
  kDate,     // 0-9 and the filler.
  kAny,      // A-Z, 0-9 and the filler.
};

constexpr char kFiller = '<';

// A field's place. `line` and `begin` count from 0.
struct Place {
  Field field = Field::kLines;
  uint8_t line = 0;
  uint8_t begin = 0;
  uint8_t size = 0;
  Alphabet alphabet = Alphabet::kAny;
};

// A stretch of a line that the composite check digit covers.
struct Stretch {
  uint8_t line = 0;
  uint8_t begin = 0;
  uint8_t size = 0;
};

struct Layout {
  Format format = Format::kUnknown;
  uint8_t line_count = 0;
  uint8_t line_size = 0;
  // In the order of the zone, without gaps.
  std::vector<Place> places;
  // In the order of the sum; empty on visas, which have no composite check digit.
  std::vector<Stretch> composite;

  // Null if the format has no such field.
  const Place* Find(Field field) const;
};

// Aborts on kUnknown.
const Layout& LayoutOf(Format format);

// The format of `lines` by their number, their lengths and the V of visas; kUnknown if the lengths
// fit none.
Format FormatOf(const std::vector<absl::string_view>& lines);

// True if `c` may stand in a position of that alphabet.
bool Allows(Alphabet alphabet, char c);

// 0 to 9 of weights 7, 3, 1 over values 0-9, A=10 ... Z=35, filler=0 (Doc 9303-3 section 4.9).
// Signs outside the alphabet count as 0. May be fed in parts.
class CheckDigit {
 public:
  CheckDigit& Add(absl::string_view text);
  char digit() const { return static_cast<char>('0' + sum_ % 10); }

 private:
  uint32_t sum_ = 0;
  uint32_t count_ = 0;
};

char CheckDigitOf(absl::string_view text);

}  // namespace lintas::mrz

#endif  // LINTAS_SERVER_MATCHING_MRZ_LAYOUT_H_

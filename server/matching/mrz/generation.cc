#include "server/matching/mrz/generation.h"

#include <algorithm>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "server/base/error.h"
#include "server/base/states.h"
#include "server/matching/mrz/transliteration.h"

namespace lintas::mrz {
namespace {

using absl::string_view;
using matching::CivilDate;

// Signs of a number: what the zone cannot show becomes a filler (Doc 9303-3 section 4.3).
std::string NumberSigns(string_view text) {
  std::string signs;
  for (const char c : text) {
    const char upper = absl::ascii_toupper(static_cast<unsigned char>(c));
    signs += Allows(Alphabet::kAny, upper) ? upper : kFiller;
  }
  return signs;
}

std::string Padded(std::string text, size_t size) {
  text.resize(size, kFiller);
  return text;
}

std::string DateSigns(const CivilDate& date) {
  const auto part = [](int value, bool known) {
    return known ? absl::StrFormat("%02d", value) : std::string("<<");
  };
  return absl::StrCat(part(date.year % 100, date.year != 0), part(date.month, date.month != 0),
                      part(date.day, date.day != 0));
}

// Writes one zone, collecting what does not fit. One use.
class Writer {
 public:
  explicit Writer(const Content& content) : content_(content), layout_(LayoutOf(content.format)) {
    lines_.assign(layout_.line_count, std::string(layout_.line_size, kFiller));
  }

  absl::StatusOr<std::vector<std::string>> Run() {
    PutCode();
    PutState(Field::kIssuingState, content_.issuing_state);
    PutState(Field::kNationality, content_.nationality);
    PutNames();
    PutOptional();
    PutNumber();
    PutDates();
    if (content_.sex != 'M' && content_.sex != 'F' && content_.sex != kFiller) {
      Refuse(Field::kSex, "NOT_A_SEX");
    }
    Put(Field::kSex, std::string(1, content_.sex));
    if (!violations_.empty()) return FieldsError(violations_);
    PutComposite();
    return std::move(lines_);
  }

 private:
  void Refuse(Field field, string_view rule) {
    violations_.push_back({std::string(FieldName(field)), std::string(rule),
                           "ICAO Doc 9303-3 to -7 say what may stand here"});
  }

  // Nothing is put that is too long: the place of the next field is not touched.
  bool Put(Field field, std::string text) {
    const Place* place = layout_.Find(field);
    if (place == nullptr) {
      if (text.empty()) return true;
      Refuse(field, "TOO_LONG");
      return false;
    }
    if (text.size() > place->size) {
      Refuse(field, "TOO_LONG");
      return false;
    }
    text = Padded(std::move(text), place->size);
    for (const char c : text) {
      if (!Allows(place->alphabet, c)) {
        Refuse(field, "BAD_CHARACTER");
        return false;
      }
    }
    lines_[place->line].replace(place->begin, place->size, text);
    return true;
  }
  void PutSign(Field field, char sign) {
    const Place* place = layout_.Find(field);
    lines_[place->line][place->begin] = sign;
  }

  void PutCode() {
    const std::string& code = content_.document_code;
    const char first = code.empty() ? kFiller : code[0];
    bool good = first == 'A' || first == 'C' || first == 'I';
    if (content_.format == Format::kTd3) good = first == 'P';
    if (content_.format == Format::kMrvA || content_.format == Format::kMrvB) good = first == 'V';
    if (!good) return Refuse(Field::kDocumentCode, "DOCUMENT_CODE");
    Put(Field::kDocumentCode, code);
  }

  void PutState(Field field, const std::string& code) {
    if (KindOfState(code) == StateKind::kUnknown) return Refuse(field, "UNKNOWN_STATE");
    Put(field, code);
  }

  void PutNames() {
    const auto primary = Transliterate(content_.primary_identifier);
    const auto secondary = Transliterate(content_.secondary_identifier);
    if (!primary.ok()) Refuse(Field::kPrimaryIdentifier, ErrorReason(primary.status()));
    if (!secondary.ok()) Refuse(Field::kSecondaryIdentifier, ErrorReason(secondary.status()));
    if (!primary.ok() || !secondary.ok()) return;
    if (primary->empty()) return Refuse(Field::kPrimaryIdentifier, "REQUIRED");
    Put(Field::kNames, NameField(*primary, *secondary, layout_.Find(Field::kNames)->size));
  }

  void PutNumber() {
    const std::string number = NumberSigns(content_.document_number);
    if (number.find_first_not_of(kFiller) == std::string::npos) {
      return Refuse(Field::kDocumentNumber, "REQUIRED");
    }
    if (number.size() <= 9) {
      Put(Field::kDocumentNumber, number);
      return PutSign(Field::kDocumentNumberCheckDigit, CheckDigitOf(number));
    }
    const bool card = content_.format == Format::kTd1 || content_.format == Format::kTd2;
    // A filler would end the number, or hide that it goes on.
    if (!card || number.find(kFiller) != std::string::npos) {
      return Refuse(Field::kDocumentNumber, "TOO_LONG");
    }
    Put(Field::kDocumentNumber, number.substr(0, 9));
    PutSign(Field::kDocumentNumberCheckDigit, kFiller);
    const std::string rest = absl::StrCat(number.substr(9), std::string(1, CheckDigitOf(number)));
    const std::string optional = NumberSigns(content_.optional_data);
    Put(Field::kOptionalData, optional.empty() ? rest : absl::StrCat(rest, "<", optional));
  }

  void PutOptional() {
    const std::string optional = NumberSigns(content_.optional_data);
    Put(Field::kOptionalData, optional);
    Put(Field::kOptionalData2, NumberSigns(content_.optional_data_2));
    if (layout_.Find(Field::kOptionalDataCheckDigit) == nullptr) return;
    PutSign(Field::kOptionalDataCheckDigit,
            optional.empty() ? content_.empty_optional_check_digit : CheckDigitOf(optional));
  }

  void PutDates() {
    const CivilDate& birth = content_.birth_date;
    const CivilDate whole = {birth.year == 0 ? 2000 : birth.year, std::max(birth.month, 1),
                             std::max(birth.day, 1)};
    if (!matching::IsRealDate(whole)) return Refuse(Field::kBirthDate, "NOT_A_DATE");
    if (!matching::IsRealDate(content_.expiry_date)) {
      return Refuse(Field::kExpiryDate, "NOT_A_DATE");
    }
    PutDate(Field::kBirthDate, Field::kBirthDateCheckDigit, birth);
    PutDate(Field::kExpiryDate, Field::kExpiryDateCheckDigit, content_.expiry_date);
  }
  void PutDate(Field field, Field digit, const CivilDate& date) {
    const std::string signs = DateSigns(date);
    Put(field, signs);
    PutSign(digit, CheckDigitOf(signs));
  }

  void PutComposite() {
    if (layout_.composite.empty()) return;
    CheckDigit digit;
    for (const Stretch& stretch : layout_.composite) {
      digit.Add(string_view(lines_[stretch.line]).substr(stretch.begin, stretch.size));
    }
    PutSign(Field::kCompositeCheckDigit, digit.digit());
  }

  const Content& content_;
  const Layout& layout_;
  std::vector<std::string> lines_;
  std::vector<FieldViolation> violations_;
};

// `name` cut to `size`; never ends on a filler, which would look like a name that ends there: the
// longest word before the cut then gives up a letter instead.
std::string CutToLetter(std::string name, size_t size) {
  if (name.size() <= size) return name;
  while (name[size - 1] == kFiller) {
    size_t best_begin = 0, best_size = 0, begin = 0;
    for (size_t i = 0; i < size; ++i) {
      if (name[i] == kFiller) {
        begin = i + 1;
      } else if (i + 1 - begin > best_size) {
        best_size = i + 1 - begin;
        best_begin = begin;
      }
    }
    name.erase(best_begin + best_size - 1, 1);
    if (name.size() <= size) return name;
  }
  return name.substr(0, size);
}

}  // namespace

std::string NameField(string_view primary, string_view secondary, size_t size) {
  if (secondary.empty()) return Padded(CutToLetter(std::string(primary), size), size);
  std::string names = absl::StrCat(primary, "<<", secondary);
  if (names.size() <= size) return Padded(std::move(names), size);
  // Room for the separator and one letter of the secondary identifier.
  const std::string kept = CutToLetter(std::string(primary), size - 3);
  return Padded(
      absl::StrCat(kept, "<<", CutToLetter(std::string(secondary), size - kept.size() - 2)), size);
}

absl::StatusOr<std::vector<std::string>> Generate(const Content& content) {
  return Writer(content).Run();
}

}  // namespace lintas::mrz

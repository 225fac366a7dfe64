#include "server/matching/mrz/layout.h"

#include "server/base/check.h"

namespace lintas::mrz {
namespace {

// Line 2 is the same on TD3, TD2 and visas up to the optional data.
void AddSecondLine(Layout* layout, uint8_t optional_size) {
  const Place places[] = {
      {Field::kDocumentNumber, 1, 0, 9, Alphabet::kAny},
      {Field::kDocumentNumberCheckDigit, 1, 9, 1, Alphabet::kDigits},
      {Field::kNationality, 1, 10, 3, Alphabet::kLetters},
      {Field::kBirthDate, 1, 13, 6, Alphabet::kDate},
      {Field::kBirthDateCheckDigit, 1, 19, 1, Alphabet::kDigits},
      {Field::kSex, 1, 20, 1, Alphabet::kLetters},
      {Field::kExpiryDate, 1, 21, 6, Alphabet::kDigits},
      {Field::kExpiryDateCheckDigit, 1, 27, 1, Alphabet::kDigits},
      {Field::kOptionalData, 1, 28, optional_size, Alphabet::kAny},
  };
  layout->places.insert(layout->places.end(), std::begin(places), std::end(places));
}

Layout TwoLines(Format format, uint8_t line_size, uint8_t optional_size) {
  Layout layout;
  layout.format = format;
  layout.line_count = 2;
  layout.line_size = line_size;
  layout.places = {{Field::kDocumentCode, 0, 0, 2, Alphabet::kLetters},
                   {Field::kIssuingState, 0, 2, 3, Alphabet::kLetters},
                   {Field::kNames, 0, 5, static_cast<uint8_t>(line_size - 5), Alphabet::kLetters}};
  AddSecondLine(&layout, optional_size);
  return layout;
}

Layout MakeTd1() {
  Layout layout;
  layout.format = Format::kTd1;
  layout.line_count = 3;
  layout.line_size = 30;
  layout.places = {{Field::kDocumentCode, 0, 0, 2, Alphabet::kLetters},
                   {Field::kIssuingState, 0, 2, 3, Alphabet::kLetters},
                   {Field::kDocumentNumber, 0, 5, 9, Alphabet::kAny},
                   {Field::kDocumentNumberCheckDigit, 0, 14, 1, Alphabet::kDigits},
                   {Field::kOptionalData, 0, 15, 15, Alphabet::kAny},
                   {Field::kBirthDate, 1, 0, 6, Alphabet::kDate},
                   {Field::kBirthDateCheckDigit, 1, 6, 1, Alphabet::kDigits},
                   {Field::kSex, 1, 7, 1, Alphabet::kLetters},
                   {Field::kExpiryDate, 1, 8, 6, Alphabet::kDigits},
                   {Field::kExpiryDateCheckDigit, 1, 14, 1, Alphabet::kDigits},
                   {Field::kNationality, 1, 15, 3, Alphabet::kLetters},
                   {Field::kOptionalData2, 1, 18, 11, Alphabet::kAny},
                   {Field::kCompositeCheckDigit, 1, 29, 1, Alphabet::kDigits},
                   {Field::kNames, 2, 0, 30, Alphabet::kLetters}};
  layout.composite = {{0, 5, 25}, {1, 0, 7}, {1, 8, 7}, {1, 18, 11}};
  return layout;
}

Layout MakeTd2() {
  Layout layout = TwoLines(Format::kTd2, 36, 7);
  layout.places.push_back({Field::kCompositeCheckDigit, 1, 35, 1, Alphabet::kDigits});
  layout.composite = {{1, 0, 10}, {1, 13, 7}, {1, 21, 14}};
  return layout;
}

Layout MakeTd3() {
  Layout layout = TwoLines(Format::kTd3, 44, 14);
  // The filler is one of the two ways to close an empty field, hence not kDigits.
  layout.places.push_back({Field::kOptionalDataCheckDigit, 1, 42, 1, Alphabet::kDate});
  layout.places.push_back({Field::kCompositeCheckDigit, 1, 43, 1, Alphabet::kDigits});
  layout.composite = {{1, 0, 10}, {1, 13, 7}, {1, 21, 22}};
  return layout;
}

bool AllHaveSize(const std::vector<absl::string_view>& lines, size_t size) {
  for (const absl::string_view line : lines) {
    if (line.size() != size) return false;
  }
  return true;
}

int ValueOf(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'A' && c <= 'Z') return c - 'A' + 10;
  return 0;
}

}  // namespace

absl::string_view FormatName(Format format) {
  constexpr absl::string_view kNames[] = {"UNKNOWN", "TD1", "TD2", "TD3", "MRV-A", "MRV-B"};
  return kNames[static_cast<size_t>(format)];
}

absl::string_view FieldName(Field field) {
  constexpr absl::string_view kNames[] = {"lines",
                                          "document_code",
                                          "issuing_state",
                                          "names",
                                          "primary_identifier",
                                          "secondary_identifier",
                                          "document_number",
                                          "document_number_check_digit",
                                          "nationality",
                                          "birth_date",
                                          "birth_date_check_digit",
                                          "sex",
                                          "expiry_date",
                                          "expiry_date_check_digit",
                                          "optional_data",
                                          "optional_data_check_digit",
                                          "optional_data_2",
                                          "composite_check_digit"};
  return kNames[static_cast<size_t>(field)];
}

const Place* Layout::Find(Field field) const {
  for (const Place& place : places) {
    if (place.field == field) return &place;
  }
  return nullptr;
}

const Layout& LayoutOf(Format format) {
  static const auto& layouts =
      *new std::array<Layout, 5>{MakeTd1(), MakeTd2(), MakeTd3(), TwoLines(Format::kMrvA, 44, 16),
                                 TwoLines(Format::kMrvB, 36, 8)};
  LINTAS_CHECK(format != Format::kUnknown);
  return layouts[static_cast<size_t>(format) - 1];
}

Format FormatOf(const std::vector<absl::string_view>& lines) {
  if (lines.size() == 3 && AllHaveSize(lines, 30)) return Format::kTd1;
  if (lines.size() != 2) return Format::kUnknown;
  const bool visa = !lines[0].empty() && lines[0][0] == 'V';
  if (AllHaveSize(lines, 36)) return visa ? Format::kMrvB : Format::kTd2;
  if (AllHaveSize(lines, 44)) return visa ? Format::kMrvA : Format::kTd3;
  return Format::kUnknown;
}

bool Allows(Alphabet alphabet, char c) {
  const bool digit = c >= '0' && c <= '9', letter = c >= 'A' && c <= 'Z', filler = c == kFiller;
  switch (alphabet) {
    case Alphabet::kLetters:
      return letter || filler;
    case Alphabet::kDigits:
      return digit;
    case Alphabet::kDate:
      return digit || filler;
    case Alphabet::kAny:
      return digit || letter || filler;
  }
  return false;
}

CheckDigit& CheckDigit::Add(absl::string_view text) {
  constexpr uint32_t kWeights[] = {7, 3, 1};
  for (const char c : text) sum_ += kWeights[count_++ % 3] * static_cast<uint32_t>(ValueOf(c));
  return *this;
}

char CheckDigitOf(absl::string_view text) { return CheckDigit().Add(text).digit(); }

}  // namespace lintas::mrz

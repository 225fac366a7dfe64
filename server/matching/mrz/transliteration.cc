#include "server/matching/mrz/transliteration.h"

#include <unicode/normalizer2.h>
#include <unicode/uchar.h>
#include <unicode/unistr.h>

#include <algorithm>
#include <array>

#include "absl/strings/str_split.h"
#include "server/base/check.h"
#include "server/base/error.h"
#include "server/base/status.h"
#include "server/matching/mrz/layout.h"
#include "server/matching/text.h"

namespace lintas::mrz {
namespace {

using absl::string_view;

struct Row {
  char32_t upper;
  string_view forms;  // First choice first, `|` between.
};

// Doc 9303-3 section 6, table A: 95 letters. Lower case is folded before.
constexpr Row kRows[] = {
    {0x00C0, "A"},    {0x00C1, "A"},  {0x00C2, "A"},        {0x00C3, "A"},  {0x00C4, "AE|A"},
    {0x00C5, "AA|A"}, {0x00C6, "AE"}, {0x00C7, "C"},        {0x00C8, "E"},  {0x00C9, "E"},
    {0x00CA, "E"},    {0x00CB, "E"},  {0x00CC, "I"},        {0x00CD, "I"},  {0x00CE, "I"},
    {0x00CF, "I"},    {0x00D0, "D"},  {0x00D1, "N|NXX"},    {0x00D2, "O"},  {0x00D3, "O"},
    {0x00D4, "O"},    {0x00D5, "O"},  {0x00D6, "OE|O"},     {0x00D8, "OE"}, {0x00D9, "U"},
    {0x00DA, "U"},    {0x00DB, "U"},  {0x00DC, "UE|UXX|U"}, {0x00DD, "Y"},  {0x00DE, "TH"},
    {0x0100, "A"},    {0x0102, "A"},  {0x0104, "A"},        {0x0106, "C"},  {0x0108, "C"},
    {0x010A, "C"},    {0x010C, "C"},  {0x010E, "D"},        {0x0110, "D"},  {0x0112, "E"},
    {0x0114, "E"},    {0x0116, "E"},  {0x0118, "E"},        {0x011A, "E"},  {0x011C, "G"},
    {0x011E, "G"},    {0x0120, "G"},  {0x0122, "G"},        {0x0124, "H"},  {0x0126, "H"},
    {0x0128, "I"},    {0x012A, "I"},  {0x012C, "I"},        {0x012E, "I"},  {0x0130, "I"},
    {0x0131, "I"},    {0x0132, "IJ"}, {0x0134, "J"},        {0x0136, "K"},  {0x0139, "L"},
    {0x013B, "L"},    {0x013D, "L"},  {0x013F, "L"},        {0x0141, "L"},  {0x0143, "N"},
    {0x0145, "N"},    {0x0147, "N"},  {0x014A, "N"},        {0x014C, "O"},  {0x014E, "O"},
    {0x0150, "O"},    {0x0152, "OE"}, {0x0154, "R"},        {0x0156, "R"},  {0x0158, "R"},
    {0x015A, "S"},    {0x015C, "S"},  {0x015E, "S"},        {0x0160, "S"},  {0x0162, "T"},
    {0x0164, "T"},    {0x0166, "T"},  {0x0168, "U"},        {0x016A, "U"},  {0x016C, "U"},
    {0x016E, "U"},    {0x0170, "U"},  {0x0172, "U"},        {0x0174, "W"},  {0x0176, "Y"},
    {0x0178, "Y"},    {0x0179, "Z"},  {0x017B, "Z"},        {0x017D, "Z"},  {0x1E9E, "SS"},
};
static_assert(std::size(kRows) == 95, "the table of Doc 9303-3 has 95 letters");

char32_t Upper(char32_t point) {
  if (point == 0x00DF) return 0x1E9E;  // Upper case of sharp s is two letters in Unicode.
  if (point == 0x0131) return point;   // Dotless i is a row of its own; Unicode makes it I.
  return static_cast<char32_t>(u_toupper(static_cast<UChar32>(point)));
}

const Row* FindRow(char32_t point) {
  const char32_t upper = Upper(point);
  const Row* end = std::end(kRows);
  const Row* row = std::lower_bound(std::begin(kRows), end, upper,
                                    [](const Row& row, char32_t c) { return row.upper < c; });
  return row != end && row->upper == upper ? row : nullptr;
}

// A letter of Latin script without its marks, or empty.
std::string BaseLetter(char32_t point) {
  UErrorCode error = U_ZERO_ERROR;
  const icu::Normalizer2* nfkd = icu::Normalizer2::getNFKDInstance(error);
  LINTAS_CHECK(U_SUCCESS(error));
  icu::UnicodeString parts;
  if (!nfkd->getDecomposition(static_cast<UChar32>(point), parts)) return "";
  std::string letters;
  for (int32_t i = 0; i < parts.length(); i = parts.moveIndex32(i, 1)) {
    const UChar32 part = u_toupper(parts.char32At(i));
    if (part >= 'A' && part <= 'Z') letters += static_cast<char>(part);
  }
  return letters;
}

bool SeparatesWords(char32_t point) {
  const int8_t type = u_charType(static_cast<UChar32>(point));
  return point == '<' || type == U_SPACE_SEPARATOR || type == U_DASH_PUNCTUATION || point == '\t' ||
         point == '\n' || point == '\r';
}

absl::Status Refuse(string_view reason, string_view message) {
  return MakeError(absl::StatusCode::kInvalidArgument, reason, message);
}

// The forms of one sign; a word break is "<", a dropped sign one empty form.
absl::StatusOr<std::vector<std::string>> FormsOf(char32_t point) {
  using Forms = std::vector<std::string>;
  if (SeparatesWords(point)) return Forms{"<"};
  if (u_isdigit(static_cast<UChar32>(point)) != 0) {
    return Refuse("DIGIT_IN_NAME", "a name in the machine-readable zone has no digits");
  }
  const char32_t upper = Upper(point);
  if (upper >= 'A' && upper <= 'Z') return Forms{std::string(1, static_cast<char>(upper))};
  const std::vector<string_view> known = IcaoForms(point);
  if (!known.empty()) return Forms(known.begin(), known.end());
  const std::string base = BaseLetter(point);
  if (!base.empty()) return Forms{base};
  const uint32_t mask = U_GET_GC_MASK(static_cast<UChar32>(point));
  // Modifier letters stand for apostrophes; a mark of its own belongs to the letter before it.
  if ((mask & (U_GC_L_MASK & ~U_GC_LM_MASK)) == 0 &&
      u_charType(static_cast<UChar32>(point)) != U_COMBINING_SPACING_MARK) {
    return Forms{""};
  }
  return Refuse("NO_TRANSLITERATION", "the name holds letters that ICAO has no Latin form for");
}

// Composed, so that a letter with a separate mark is found in the table.
std::string Composed(string_view name) {
  UErrorCode error = U_ZERO_ERROR;
  const icu::Normalizer2* nfc = icu::Normalizer2::getNFCInstance(error);
  LINTAS_CHECK(U_SUCCESS(error));
  const icu::UnicodeString composed =
      nfc->normalize(icu::UnicodeString::fromUTF8(
                         icu::StringPiece(name.data(), static_cast<int32_t>(name.size()))),
                     error);
  LINTAS_CHECK(U_SUCCESS(error));
  std::string utf8;
  return composed.toUTF8String(utf8);
}

// One filler between words, none at the ends.
std::string Tidy(string_view text) {
  const std::vector<string_view> words = absl::StrSplit(text, kFiller, absl::SkipEmpty());
  std::string tidy;
  for (const string_view word : words) {
    if (!tidy.empty()) tidy += kFiller;
    tidy.append(word.data(), word.size());
  }
  return tidy;
}

}  // namespace

std::vector<string_view> IcaoForms(char32_t point) {
  const Row* row = FindRow(point);
  if (row == nullptr) return {};
  return absl::StrSplit(row->forms, '|');
}

absl::StatusOr<std::vector<std::string>> TransliterateAll(string_view name, size_t count_max) {
  if (matching::CheckText(name) == matching::TextFault::kNotUtf8) {
    return Refuse("NOT_UTF8", "the name is not UTF-8");
  }
  const std::string composed = Composed(name);
  std::vector<std::string> all = {""};
  for (size_t at = 0; at < composed.size();) {
    const int point = matching::NextCodePoint(composed, &at);
    ASSIGN_OR_RETURN(const std::vector<std::string> forms, FormsOf(static_cast<char32_t>(point)));
    const size_t before = all.size();
    for (size_t form = 1; form < forms.size(); ++form) {
      for (size_t i = 0; i < before && all.size() < count_max; ++i)
        all.push_back(all[i] + forms[form]);
    }
    for (size_t i = 0; i < before; ++i) all[i] += forms[0];
  }
  for (std::string& one : all) one = Tidy(one);
  return all;
}

absl::StatusOr<std::string> Transliterate(string_view name) {
  ASSIGN_OR_RETURN(std::vector<std::string> all, TransliterateAll(name, 1));
  return std::move(all[0]);
}

}  // namespace lintas::mrz

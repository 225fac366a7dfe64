#include "server/matching/normalise.h"

#include <unicode/normalizer2.h>
#include <unicode/uchar.h>
#include <unicode/unistr.h>
#include <unicode/uscript.h>

#include <array>
#include <cstdint>

#include "absl/strings/ascii.h"
#include "server/base/check.h"

namespace lintas::matching {
namespace {

enum class SignKind : uint8_t { kDrop, kLetter, kBreak };

constexpr std::array<SignKind, 128> MakeAsciiKinds() {
  std::array<SignKind, 128> kinds{};
  for (int c = 'A'; c <= 'Z'; ++c) kinds[c] = kinds[c + 32] = SignKind::kLetter;
  for (const char c : {' ', '\t', '\n', '\r', '-', ',', '/', '<', '_', ';'}) {
    kinds[static_cast<unsigned char>(c)] = SignKind::kBreak;
  }
  return kinds;
}
constexpr std::array<SignKind, 128> kAsciiKinds = MakeAsciiKinds();

// Takes one word at a time, so that fillers are dropped in one place.
class WordSink {
 public:
  explicit WordSink(std::vector<std::string>* words) : words_(words), count_(words->size()) {}
  void Add(char c) { word_ += c; }
  void Add(absl::string_view text) { word_.append(text.data(), text.size()); }
  void End() {
    if (!word_.empty() && word_ != "FNU" && word_ != "LNU" && word_ != "XXX") {
      words_->push_back(word_);
    }
    word_.clear();
  }
  // Takes back what this sink gave.
  void Undo() {
    words_->resize(count_);
    word_.clear();
  }

 private:
  std::vector<std::string>* words_;
  size_t count_;
  std::string word_;
};

// U+1780 to U+17FF, in UTF-8 E1 9E 80 to E1 9F BF.
bool IsKhmer(const uint8_t* p) {
  return p[0] == 0xe1 && (p[1] == 0x9e || p[1] == 0x9f) && (p[2] & 0xc0) == 0x80;
}

// U+200B to U+200F, in UTF-8 E2 80 8B to E2 80 8F.
bool IsZeroWidth(const uint8_t* p) {
  return p[0] == 0xe2 && p[1] == 0x80 && p[2] >= 0x8b && p[2] <= 0x8f;
}

// U+17DD is the one Khmer sign that NFC may move (combining class 230, beside U+17D2 of 9).
bool MayReorder(const uint8_t* p) { return p[1] == 0x9f && p[2] == 0x9d; }
// U+17B4, U+17B5: inherent vowels, invisible.
bool IsInherentVowel(const uint8_t* p) { return p[1] == 0x9e && (p[2] == 0xb4 || p[2] == 0xb5); }
// U+17D4 to U+17DB except the repetition sign: punctuation and currency. U+17E0 and on: digits.
bool IsKhmerSign(const uint8_t* p) {
  return p[1] == 0x9f && ((p[2] >= 0x94 && p[2] <= 0x9b && p[2] != 0x97) || p[2] >= 0x9e);
}

// ASCII and Khmer, which need no tables. False if the name holds anything else; `sink` then has to
// be undone.
bool NormaliseFast(absl::string_view name, WordSink* sink) {
  const auto* p = reinterpret_cast<const uint8_t*>(name.data());
  const uint8_t* const end = p + name.size();
  while (p < end) {
    if (*p < 0x80) {
      const SignKind kind = kAsciiKinds[*p];
      if (kind == SignKind::kLetter) sink->Add(static_cast<char>(*p & 0xdf));
      if (kind == SignKind::kBreak) sink->End();
      ++p;
      continue;
    }
    if (end - p < 3) return false;
    if (IsKhmer(p)) {
      if (MayReorder(p)) return false;
      if (!IsInherentVowel(p) && !IsKhmerSign(p)) {
        sink->Add(absl::string_view(reinterpret_cast<const char*>(p), 3));
      }
    } else if (!IsZeroWidth(p)) {
      return false;
    }
    p += 3;
  }
  sink->End();
  return true;
}

// What decomposition leaves whole: ICAO Doc 9303-3 section 6, table of Latin letters.
const char* IcaoLetters(UChar32 c) {
  switch (c) {
    case 0x00c6:
    case 0x00e6:
      return "AE";
    case 0x00d0:
    case 0x00f0:
    case 0x0110:
    case 0x0111:
      return "D";
    case 0x00d8:
    case 0x00f8:
    case 0x0152:
    case 0x0153:
      return "OE";
    case 0x00de:
    case 0x00fe:
      return "TH";
    case 0x00df:
    case 0x1e9e:
      return "SS";
    case 0x0126:
    case 0x0127:
      return "H";
    case 0x0131:
      return "I";
    case 0x0138:
      return "Q";
    case 0x0141:
    case 0x0142:
      return "L";
    case 0x014a:
    case 0x014b:
      return "N";
    case 0x0166:
    case 0x0167:
      return "T";
    default:
      return nullptr;
  }
}

SignKind KindOf(UChar32 c) {
  switch (u_charType(c)) {
    case U_UPPERCASE_LETTER:
    case U_LOWERCASE_LETTER:
    case U_TITLECASE_LETTER:
    case U_OTHER_LETTER:
      return SignKind::kLetter;
    case U_MODIFIER_LETTER: {
      // Most stand for an apostrophe (U+02BC, U+02BB); the Khmer repetition sign does not.
      UErrorCode error = U_ZERO_ERROR;
      return uscript_getScript(c, &error) == USCRIPT_COMMON ? SignKind::kDrop : SignKind::kLetter;
    }
    case U_NON_SPACING_MARK:
    case U_COMBINING_SPACING_MARK: {
      if (c == 0x17b4 || c == 0x17b5) return SignKind::kDrop;
      // Inherited: diacritics that any script may carry. A script's own marks are part of the word.
      UErrorCode error = U_ZERO_ERROR;
      return uscript_getScript(c, &error) == USCRIPT_INHERITED ? SignKind::kDrop
                                                               : SignKind::kLetter;
    }
    case U_SPACE_SEPARATOR:
    case U_LINE_SEPARATOR:
    case U_PARAGRAPH_SEPARATOR:
    case U_DASH_PUNCTUATION:
      return SignKind::kBreak;
    default:
      return SignKind::kDrop;
  }
}

void AddPoint(UChar32 c, const icu::Normalizer2& nfc, icu::UnicodeString* word, WordSink* sink) {
  const SignKind kind = c < 0x80 ? kAsciiKinds[c] : KindOf(c);
  if (kind == SignKind::kDrop) return;
  if (kind == SignKind::kLetter) {
    const char* letters = IcaoLetters(c);
    if (letters != nullptr) {
      word->append(icu::UnicodeString(letters, -1, US_INV));
    } else {
      word->append(u_toupper(c));
    }
    return;
  }
  UErrorCode error = U_ZERO_ERROR;
  std::string utf8;
  nfc.normalize(*word, error).toUTF8String(utf8);
  LINTAS_CHECK(U_SUCCESS(error));
  sink->Add(utf8);
  sink->End();
  word->remove();
}

void NormaliseByIcu(absl::string_view name, WordSink* sink) {
  UErrorCode error = U_ZERO_ERROR;
  const icu::Normalizer2* nfkd = icu::Normalizer2::getNFKDInstance(error);
  const icu::Normalizer2* nfc = icu::Normalizer2::getNFCInstance(error);
  LINTAS_CHECK(U_SUCCESS(error));
  icu::UnicodeString text = icu::UnicodeString::fromUTF8(
      icu::StringPiece(name.data(), static_cast<int32_t>(name.size())));
  // An acute accent of its own stands for an apostrophe; NFKD would make it a blank and a mark.
  text.findAndReplace(icu::UnicodeString(UChar32{0xb4}), icu::UnicodeString());
  const icu::UnicodeString parts = nfkd->normalize(text, error);
  LINTAS_CHECK(U_SUCCESS(error));
  icu::UnicodeString word;
  for (int32_t i = 0; i < parts.length(); i = parts.moveIndex32(i, 1)) {
    AddPoint(parts.char32At(i), *nfc, &word, sink);
  }
  AddPoint(' ', *nfc, &word, sink);
}

std::string WithoutSigns(absl::string_view text, absl::string_view signs) {
  std::string out;
  out.reserve(text.size());
  for (const char c : text) {
    if (signs.find(c) == absl::string_view::npos) out += absl::ascii_toupper(c);
  }
  return out;
}

int DaysInMonth(int year, int month) {
  constexpr int kDays[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  const bool leap = year == 0 || (year % 4 == 0 && (year % 100 != 0 || year % 400 == 0));
  return month == 2 && leap ? 29 : kDays[month - 1];
}

// `YYYY-MM-DD` as digits, whatever they say.
bool ReadDigits(absl::string_view text, CivilDate* date) {
  if (text.size() != 10 || text[4] != '-' || text[7] != '-') return false;
  for (const size_t i : {0, 1, 2, 3, 5, 6, 8, 9}) {
    if (!absl::ascii_isdigit(static_cast<unsigned char>(text[i]))) return false;
  }
  const auto digit = [&](size_t i) { return text[i] - '0'; };
  date->year = digit(0) * 1000 + digit(1) * 100 + digit(2) * 10 + digit(3);
  date->month = digit(5) * 10 + digit(6);
  date->day = digit(8) * 10 + digit(9);
  return true;
}

bool ReadDate(absl::string_view text, bool (*accept)(const CivilDate&), CivilDate* date) {
  CivilDate read;
  if (!ReadDigits(text, &read) || !accept(read)) return false;
  *date = read;
  return true;
}

}  // namespace

void NormaliseName(absl::string_view name, std::vector<std::string>* words) {
  WordSink sink(words);
  if (NormaliseFast(name, &sink)) return;
  sink.Undo();
  NormaliseByIcu(name, &sink);
}

std::string NormaliseDocumentNumber(absl::string_view number) {
  return WithoutSigns(number, " \t-<");
}

std::string NormaliseNationalNumber(absl::string_view number) {
  return WithoutSigns(number, " \t-<./");
}

std::string NormalisePermitNumber(absl::string_view number) {
  return WithoutSigns(number, " \t-<./");
}

bool IsRealDate(const CivilDate& date) {
  return date.year >= 1 && date.year <= 9999 && date.month >= 1 && date.month <= 12 &&
         date.day >= 1 && date.day <= DaysInMonth(date.year, date.month);
}

bool IsPartialDate(const CivilDate& date) {
  if (date.year != 0 && (date.year < 1900 || date.year > 2100)) return false;
  if (date.month < 0 || date.month > 12) return false;
  if (date.month == 0) return date.day == 0;
  return date.day >= 0 && date.day <= DaysInMonth(date.year, date.month);
}

std::string FormatPartialDate(const CivilDate& date) {
  std::string out = "0000-00-00";
  const auto put = [&](size_t at, int value, int digits) {
    for (int i = digits - 1; i >= 0; --i, value /= 10) {
      out[at + static_cast<size_t>(i)] = static_cast<char>('0' + value % 10);
    }
  };
  put(0, date.year, 4);
  put(5, date.month, 2);
  put(8, date.day, 2);
  return out;
}

bool ParsePartialDate(absl::string_view text, CivilDate* date) {
  return ReadDate(text, IsPartialDate, date);
}

bool ParseDate(absl::string_view text, CivilDate* date) { return ReadDate(text, IsRealDate, date); }

}  // namespace lintas::matching

#include "server/matching/mrz/reading.h"

#include <algorithm>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "server/base/states.h"

namespace lintas::mrz {
namespace {

using absl::string_view;
using matching::CivilDate;

// First years in which a passport without a harmonised second letter is newer than the rule: a
// passport is good for ten years at most, letters follow the list since 2026 and are required from
// 2028 (Doc 9303-4, amendment on document codes).
constexpr int kLegacyLetterExpiryMax = 2036;
constexpr int kNoLetterExpiryMax = 2038;

string_view WithoutTrailingFillers(string_view text) {
  const size_t end = text.find_last_not_of(kFiller);
  return end == string_view::npos ? string_view() : text.substr(0, end + 1);
}

bool IsDigit(char c) { return c >= '0' && c <= '9'; }

// Two digits, or -1 for two fillers, or -2 for anything else.
int Pair(string_view text) {
  if (text == "<<") return -1;
  if (!IsDigit(text[0]) || !IsDigit(text[1])) return -2;
  return (text[0] - '0') * 10 + (text[1] - '0');
}

bool After(const CivilDate& a, const CivilDate& b) {
  if (a.year != b.year) return a.year > b.year;
  if (a.month != b.month) return a.month > b.month;
  return a.day > b.day;
}

bool FitsCalendar(const CivilDate& date) {
  if (date.month > 12) return false;
  if (date.month == 0 || date.day == 0) return date.day <= 31;
  // An unknown year may be a leap year.
  return matching::IsRealDate({date.year == 0 ? 2000 : date.year, date.month, date.day});
}

string_view PassportMeaning(char second_letter) {
  switch (second_letter) {
    case 'P':
      return "ordinary passport";
    case 'E':
      return "emergency passport";
    case 'D':
      return "diplomatic passport";
    case 'O':
      return "official or service passport";
    case 'R':
      return "refugee travel document";
    case 'T':
      return "alien's travel document";
    case 'S':
      return "stateless person's travel document";
    case 'L':
      return "laissez-passer";
    case 'M':
      return "military passport";
    default:
      return "";
  }
}

// Splits one document given as one line.
std::vector<string_view> SplitJoined(const std::vector<string_view>& lines) {
  if (lines.size() != 1) return lines;
  const string_view all = lines[0];
  std::vector<string_view> split;
  const size_t size = all.size() == 90 ? 30 : all.size() == 88 ? 44 : all.size() == 72 ? 36 : 0;
  if (size == 0) return lines;
  for (size_t at = 0; at < all.size(); at += size) split.push_back(all.substr(at, size));
  return split;
}

// Fills one reading. One use.
class Reader {
 public:
  Reader(const std::vector<string_view>& lines, const CivilDate& today, Reading* reading)
      : lines_(lines), today_(today), reading_(reading) {}

  void Run() {
    reading_->format = FormatOf(lines_);
    if (reading_->format == Format::kUnknown) return ExplainFormat();
    layout_ = &LayoutOf(reading_->format);
    CheckAlphabets();
    ReadCode();
    ReadStates();
    ReadNames();
    ReadNumberAndOptional();
    ReadDates();
    ReadSex();
    CheckComposite();
  }

 private:
  string_view Text(const Place& place) const {
    return lines_[place.line].substr(place.begin, place.size);
  }
  string_view Text(Field field) const { return Text(*layout_->Find(field)); }
  char Sign(Field field) const {
    const Place* place = layout_->Find(field);
    return place == nullptr ? '\0' : lines_[place->line][place->begin];
  }

  Finding Make(Field field, Rule rule) const {
    Finding finding{field, rule, 0, 0, ""};
    const bool name = field == Field::kPrimaryIdentifier || field == Field::kSecondaryIdentifier;
    const Place* place = layout_->Find(name ? Field::kNames : field);
    if (place != nullptr) {
      finding.line = place->line + 1;
      finding.column = place->begin + 1;
    }
    return finding;
  }
  void Error(Field field, Rule rule, string_view expected = "") {
    Finding finding = Make(field, rule);
    finding.expected = std::string(expected);
    reading_->errors.push_back(std::move(finding));
  }
  void Warn(Field field, Rule rule) { reading_->warnings.push_back(Make(field, rule)); }

  // Nearest format by the number of lines, to say which length was expected.
  void ExplainFormat() {
    const size_t count = lines_.size();
    if (count != 2 && count != 3) {
      reading_->errors.push_back({Field::kLines, Rule::kUnknownFormat, 0, 0, ""});
      return;
    }
    size_t size = 30;
    if (count == 2) size = std::max(lines_[0].size(), lines_[1].size()) > 40 ? 44 : 36;
    for (size_t i = 0; i < count; ++i) {
      if (lines_[i].size() == size) continue;
      reading_->errors.push_back(
          {Field::kLines, Rule::kLineLength, static_cast<int>(i) + 1, 0, absl::StrCat(size)});
    }
  }

  // The first misplaced sign of each field, and of each half of the names.
  void CheckAlphabets() {
    for (const Place& place : layout_->places) {
      if (place.field != Field::kNames) {
        CheckSigns(place, place.field, 0, place.size);
        continue;
      }
      const size_t primary_end = std::min<size_t>(Text(place).find("<<"), place.size);
      CheckSigns(place, Field::kPrimaryIdentifier, 0, primary_end);
      CheckSigns(place, Field::kSecondaryIdentifier, primary_end, place.size);
    }
  }

  void CheckSigns(const Place& place, Field field, size_t begin, size_t end) {
    const string_view text = Text(place);
    for (size_t i = begin; i < end; ++i) {
      if (Allows(place.alphabet, text[i]) || MayCloseLongNumber(place, text[i])) continue;
      // A filler in the expiry date is told with the date.
      if (field == Field::kExpiryDate && text[i] == kFiller) return;
      const bool in_no_alphabet = !Allows(Alphabet::kAny, text[i]);
      const Rule rule = in_no_alphabet                         ? Rule::kBadCharacter
                        : place.alphabet == Alphabet::kLetters ? Rule::kNotALetter
                                                               : Rule::kNotADigit;
      reading_->errors.push_back(
          {field, rule, place.line + 1, static_cast<int>(place.begin + i) + 1, ""});
      return;
    }
  }

  bool MayCloseLongNumber(const Place& place, char c) const {
    return place.field == Field::kDocumentNumberCheckDigit && c == kFiller && HasLongNumber();
  }
  bool HasLongNumber() const {
    const Format format = reading_->format;
    if (format != Format::kTd1 && format != Format::kTd2) return false;
    const string_view optional = Text(Field::kOptionalData);
    return Text(Field::kDocumentNumber).back() != kFiller &&
           Sign(Field::kDocumentNumberCheckDigit) == kFiller && optional[0] != kFiller &&
           optional[1] != kFiller;
  }

  void ReadCode() {
    const string_view code = Text(Field::kDocumentCode);
    reading_->document_code = std::string(WithoutTrailingFillers(code));
    const char first = code[0], second = code[1];
    bool good = false;
    switch (reading_->format) {
      case Format::kTd3:
        good = first == 'P';
        break;
      case Format::kMrvA:
      case Format::kMrvB:
        good = first == 'V';
        break;
      default:
        // V is for visas (9303-5 section 4.2.2).
        good = (first == 'A' || first == 'C' || first == 'I') && second != 'V';
    }
    if (!good) Error(Field::kDocumentCode, Rule::kDocumentCode);
  }

  void ReadStates() {
    reading_->issuing_state = ReadState(Field::kIssuingState);
    reading_->nationality = ReadState(Field::kNationality);
  }

  std::string ReadState(Field field) {
    const string_view text = Text(field);
    const string_view code = WithoutTrailingFillers(text);
    if (code.empty()) {
      Error(field, Rule::kRequired);
    } else if (code.find(kFiller) != string_view::npos) {
      Error(field, Rule::kMisplacedFiller);
    } else {
      const StateKind kind = KindOfState(code);
      if (kind == StateKind::kUnknown) Error(field, Rule::kUnknownState);
      if (kind == StateKind::kSpecimen) Warn(field, Rule::kSpecimenState);
      if (kind == StateKind::kHolder && field == Field::kIssuingState) {
        Warn(field, Rule::kHolderCodeIssues);
      }
    }
    return std::string(code);
  }

  // Words between fillers; true if two or more fillers stand between two words.
  static bool AppendWords(string_view text, std::string* out) {
    bool wide = false;
    size_t gap = 0;
    for (const char c : text) {
      if (c == kFiller) {
        ++gap;
        continue;
      }
      if (!out->empty() && gap > 0) *out += ' ';
      wide = wide || (!out->empty() && gap > 1);
      *out += c;
      gap = 0;
    }
    return wide;
  }

  void ReadNames() {
    const string_view field = Text(Field::kNames);
    const string_view text = WithoutTrailingFillers(field);
    if (text.empty()) return Error(Field::kPrimaryIdentifier, Rule::kRequired);
    const size_t separator = text.find("<<");
    AppendWords(text.substr(0, separator), &reading_->primary_identifier);
    bool extra = text[0] == kFiller && separator != 0;
    if (separator != string_view::npos) {
      const string_view rest = text.substr(separator + 2);
      // Three fillers in a row are one too many.
      extra = AppendWords(rest, &reading_->secondary_identifier) || rest[0] == kFiller || extra;
    }
    if (extra) Warn(Field::kNames, Rule::kExtraSeparator);
    reading_->single_name =
        reading_->primary_identifier.empty() || reading_->secondary_identifier.empty();
    if (reading_->primary_identifier.empty()) {
      Warn(Field::kPrimaryIdentifier, Rule::kEmptyPrimary);
    }
    reading_->names_may_be_truncated = text.size() == field.size();
    if (reading_->names_may_be_truncated) Warn(Field::kNames, Rule::kMayBeTruncated);
  }

  void ReadNumberAndOptional() {
    reading_->optional_data = std::string(WithoutTrailingFillers(Text(Field::kOptionalData)));
    if (layout_->Find(Field::kOptionalData2) != nullptr) {
      reading_->optional_data_2 = std::string(WithoutTrailingFillers(Text(Field::kOptionalData2)));
    }
    if (HasLongNumber()) {
      ReadLongNumber();
    } else {
      const string_view number = Text(Field::kDocumentNumber);
      reading_->document_number = std::string(WithoutTrailingFillers(number));
      reading_->document_number_check_digit = Sign(Field::kDocumentNumberCheckDigit);
      if (reading_->document_number.empty()) Error(Field::kDocumentNumber, Rule::kRequired);
      ExpectDigit(Field::kDocumentNumber, Field::kDocumentNumberCheckDigit, CheckDigitOf(number));
    }
    CheckOptionalData();
  }

  // The first nine signs, a filler instead of the check digit, and in the optional data the rest,
  // the check digit and a filler.
  void ReadLongNumber() {
    const string_view first = Text(Field::kDocumentNumber);
    const string_view optional = Text(Field::kOptionalData);
    const size_t end = std::min(optional.find(kFiller), optional.size());
    const string_view rest = optional.substr(0, end - 1);
    const char digit = optional[end - 1];
    reading_->document_number = absl::StrCat(first, rest);
    reading_->document_number_check_digit = digit;
    reading_->optional_data =
        std::string(WithoutTrailingFillers(optional.substr(std::min(end + 1, optional.size()))));
    const char without = CheckDigit().Add(first).Add(rest).digit();
    const char with = CheckDigit().Add(first).Add("<").Add(rest).digit();
    reading_->number_form = NumberForm::kLong;
    if (digit == without) return;
    if (digit == with) {
      reading_->number_form = NumberForm::kLongCountingFiller;
      return Warn(Field::kDocumentNumber, Rule::kCheckDigitCountsFiller);
    }
    Error(Field::kDocumentNumber, Rule::kCheckDigit, string_view(&without, 1));
    // The digit stands in the optional data.
    const Place* place = layout_->Find(Field::kOptionalData);
    reading_->errors.back().line = place->line + 1;
    reading_->errors.back().column = static_cast<int>(place->begin + end);
  }

  // A digit that is none is told by CheckAlphabets(); nothing to compare then.
  void ExpectDigit(Field field, Field digit_field, char expected) {
    const char found = Sign(digit_field);
    if (!IsDigit(found) || found == expected) return;
    Error(field, Rule::kCheckDigit, string_view(&expected, 1));
    const Place* place = layout_->Find(digit_field);
    reading_->errors.back().line = place->line + 1;
    reading_->errors.back().column = place->begin + 1;
  }

  void CheckOptionalData() {
    const char digit = Sign(Field::kOptionalDataCheckDigit);
    reading_->optional_data_check_digit = digit;
    if (digit == '\0') return;
    if (digit != kFiller) {
      return ExpectDigit(Field::kOptionalData, Field::kOptionalDataCheckDigit,
                         CheckDigitOf(Text(Field::kOptionalData)));
    }
    // Empty data may be closed by a filler or by 0, as the issuer likes (9303-4 section 4.2.2.2).
    if (!reading_->optional_data.empty()) {
      Error(Field::kOptionalDataCheckDigit, Rule::kNotADigit);
    }
  }

  void ReadDates() {
    reading_->birth_date_check_digit = Sign(Field::kBirthDateCheckDigit);
    reading_->expiry_date_check_digit = Sign(Field::kExpiryDateCheckDigit);
    reading_->birth_date = ReadDate(Field::kBirthDate);
    reading_->expiry_date = ReadDate(Field::kExpiryDate);
    ExpectDigit(Field::kBirthDate, Field::kBirthDateCheckDigit,
                CheckDigitOf(Text(Field::kBirthDate)));
    ExpectDigit(Field::kExpiryDate, Field::kExpiryDateCheckDigit,
                CheckDigitOf(Text(Field::kExpiryDate)));
    if (reading_->format == Format::kTd3) CheckSecondLetter();
  }

  std::string ReadDate(Field field) {
    const string_view text = Text(field);
    int parts[3];
    for (int i = 0; i < 3; ++i) parts[i] = Pair(text.substr(static_cast<size_t>(i) * 2, 2));
    const bool has_filler = text.find(kFiller) != string_view::npos;
    const bool birth = field == Field::kBirthDate;
    if (std::count(parts, parts + 3, -2) > 0 || (has_filler && !birth)) {
      // Letters are told by CheckAlphabets().
      if (has_filler) Error(field, Rule::kIncompleteDate);
      return "";
    }
    const bool zero = parts[1] == 0 || parts[2] == 0;
    CivilDate date{0, std::max(parts[1], 0), std::max(parts[2], 0)};
    if (parts[0] >= 0) date.year = YearOf(parts[0], date, birth);
    if (zero || !FitsCalendar(date)) {
      Error(field, Rule::kNotADate);
      return "";
    }
    if (!birth) expiry_year_ = date.year;
    return absl::StrFormat("%04d-%02d-%02d", date.year, date.month, date.day);
  }

  int YearOf(int two_digits, const CivilDate& date, bool birth) const {
    const int century = today_.year - today_.year % 100;
    const int year = century + two_digits;
    if (birth) return After({year, date.month, date.day}, today_) ? year - 100 : year;
    if (year > today_.year + 49) return year - 100;
    return year <= today_.year - 51 ? year + 100 : year;
  }

  void CheckSecondLetter() {
    const char second = Text(Field::kDocumentCode)[1];
    if (second == kFiller) {
      if (expiry_year_ >= kNoLetterExpiryMax) {
        Warn(Field::kDocumentCode, Rule::kSecondLetterMissing);
      }
    } else if (PassportMeaning(second).empty() && expiry_year_ >= kLegacyLetterExpiryMax) {
      Warn(Field::kDocumentCode, Rule::kLegacySecondLetter);
    }
  }

  void ReadSex() {
    const char sex = Sign(Field::kSex);
    reading_->sex = sex;
    // Other signs than letters are told by CheckAlphabets().
    if (sex != 'M' && sex != 'F' && Allows(Alphabet::kLetters, sex) && sex != kFiller) {
      Error(Field::kSex, Rule::kNotASex);
    }
  }

  void CheckComposite() {
    if (layout_->composite.empty()) return;
    CheckDigit digit;
    for (const Stretch& stretch : layout_->composite) {
      digit.Add(lines_[stretch.line].substr(stretch.begin, stretch.size));
    }
    reading_->composite_check_digit = Sign(Field::kCompositeCheckDigit);
    ExpectDigit(Field::kCompositeCheckDigit, Field::kCompositeCheckDigit, digit.digit());
  }

  const std::vector<string_view>& lines_;
  const CivilDate today_;
  Reading* const reading_;
  const Layout* layout_ = nullptr;
  int expiry_year_ = 0;
};

struct RuleWords {
  string_view name, text;
};

const RuleWords& WordsOf(Rule rule) {
  static constexpr RuleWords kWords[] = {
      {"UNKNOWN_FORMAT", "a document has three lines of 30 signs, two of 36 or two of 44"},
      {"LINE_LENGTH", "the line has another length than its format asks for"},
      {"BAD_CHARACTER", "only A to Z, 0 to 9 and < may stand in the zone"},
      {"NOT_A_LETTER", "only letters and < may stand here"},
      {"NOT_A_DIGIT", "only digits may stand here"},
      {"MISPLACED_FILLER", "fillers stand only at the end of this field"},
      {"REQUIRED", "the field must not be empty"},
      {"CHECK_DIGIT", "the check digit does not fit the signs that it covers"},
      {"DOCUMENT_CODE", "the code begins with P on passports, V on visas, A, C or I on cards"},
      {"UNKNOWN_STATE", "not a code of ICAO Doc 9303-3 section 5"},
      {"NOT_A_DATE", "not a day of the calendar, written YYMMDD"},
      {"INCOMPLETE_DATE", "the date must be complete; only a birth may lack whole parts, as <<"},
      {"NOT_A_SEX", "M, F or <; X stands in the visual zone only"},
      {"SPECIMEN_STATE", "UTO is the country of specimens: no real document carries it"},
      {"HOLDER_CODE_ISSUES", "a code for holders without nationality is no issuer"},
      {"EMPTY_PRIMARY", "the name begins with <<: a holder with one name, in the wrong place"},
      {"EXTRA_SEPARATOR", "more fillers between names than the rule allows"},
      {"MAY_BE_TRUNCATED", "the name reaches the end of its field: compare it as a beginning"},
      {"SECOND_LETTER_MISSING", "passports issued from 2028 have a second letter"},
      {"LEGACY_SECOND_LETTER", "the second letter is none of the list in force since 2026"},
      {"CHECK_DIGIT_COUNTS_FILLER", "the digit of the long number counts the filler in between"}};
  return kWords[static_cast<size_t>(rule)];
}

}  // namespace

string_view RuleName(Rule rule) { return WordsOf(rule).name; }
string_view RuleText(Rule rule) { return WordsOf(rule).text; }

Reading Read(const std::vector<string_view>& lines, const CivilDate& today) {
  std::vector<string_view> given;
  given.reserve(lines.size());
  for (const string_view line : lines) given.push_back(absl::StripAsciiWhitespace(line));
  given = SplitJoined(given);
  Reading reading;
  for (const string_view line : given) reading.lines.emplace_back(line);
  Reader(given, today, &reading).Run();
  return reading;
}

string_view MeaningOfCode(string_view document_code) {
  if (document_code == "AC") return "crew member certificate";
  if (document_code == "IP") return "passport card";
  if (document_code.empty()) return "";
  if (document_code[0] == 'V') return "visa";
  if (document_code[0] != 'P') return "";
  if (document_code.size() == 1) return "passport";
  const string_view meaning = PassportMeaning(document_code[1]);
  return meaning.empty() ? string_view("passport, issuer's own second letter") : meaning;
}

std::vector<Field> UnprotectedFields(Format format) {
  if (format == Format::kUnknown) return {};
  std::vector<Field> fields = {Field::kDocumentCode, Field::kIssuingState, Field::kNames,
                               Field::kNationality, Field::kSex};
  if (format == Format::kMrvA || format == Format::kMrvB) fields.push_back(Field::kOptionalData);
  return fields;
}

}  // namespace lintas::mrz

#include "client/sdmx/value_rules.h"

#include <cctype>
#include <cstdlib>

#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/strip.h"
#include "client/sdmx/message.h"

namespace lintas::sdmx {
namespace {

bool IsDigits(absl::string_view text) {
  for (unsigned char c : text) {
    if (std::isdigit(c) == 0) return false;
  }
  return !text.empty();
}

// A number of exactly `size` digits within bounds.
bool IsWithin(absl::string_view text, size_t size, int low, int high) {
  int value = 0;
  return text.size() == size && IsDigits(text) && absl::SimpleAtoi(text, &value) && value >= low &&
         value <= high;
}

bool IsDate(absl::string_view text) {
  if (text.size() != 10 || text[4] != '-' || text[7] != '-') return false;
  if (!IsWithin(text.substr(0, 4), 4, 0, 9999) || !IsWithin(text.substr(5, 2), 2, 1, 12)) {
    return false;
  }
  const int year = std::atoi(std::string(text.substr(0, 4)).c_str());
  const int month = std::atoi(std::string(text.substr(5, 2)).c_str());
  const bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
  constexpr int kDays[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  return IsWithin(text.substr(8, 2), 2, 1, kDays[month - 1] + (leap && month == 2 ? 1 : 0));
}

// `Z`, `+07:00` or nothing.
bool IsOffset(absl::string_view text) {
  if (text.empty() || text == "Z") return true;
  return text.size() == 6 && (text[0] == '+' || text[0] == '-') && text[3] == ':' &&
         IsWithin(text.substr(1, 2), 2, 0, 14) && IsWithin(text.substr(4, 2), 2, 0, 59);
}

bool IsReportingPeriod(absl::string_view text) {
  struct Kind {
    char sign;
    size_t digits;
    int high;
  };
  constexpr Kind kKinds[] = {{'A', 1, 1},  {'S', 1, 2},  {'T', 1, 3},  {'Q', 1, 4},
                             {'M', 2, 12}, {'W', 2, 53}, {'D', 3, 366}};
  if (text.size() < 7 || text[4] != '-' || !IsWithin(text.substr(0, 4), 4, 0, 9999)) return false;
  for (const Kind& kind : kKinds) {
    if (text[5] == kind.sign) return IsWithin(text.substr(6), kind.digits, 1, kind.high);
  }
  return false;
}

// P1Y2M3DT4H5M6S with at least one part.
bool IsDuration(absl::string_view text) {
  if (!absl::ConsumePrefix(&text, "P")) return false;
  bool in_time = false;
  bool any = false;
  while (!text.empty()) {
    if (text[0] == 'T' && !in_time) {
      in_time = true;
      text.remove_prefix(1);
      continue;
    }
    size_t digits = 0;
    while (digits < text.size() && std::isdigit(static_cast<unsigned char>(text[digits])) != 0) {
      ++digits;
    }
    const absl::string_view units = in_time ? "HMS" : "YMWD";
    if (digits == 0 || digits == text.size() ||
        units.find(text[digits]) == absl::string_view::npos) {
      return false;
    }
    text.remove_prefix(digits + 1);
    any = true;
  }
  return any;
}

}  // namespace

bool IsDateTime(absl::string_view text) {
  if (text.size() < 19 || text[10] != 'T' || !IsDate(text.substr(0, 10))) return false;
  if (text[13] != ':' || text[16] != ':' || !IsWithin(text.substr(11, 2), 2, 0, 23) ||
      !IsWithin(text.substr(14, 2), 2, 0, 59) || !IsWithin(text.substr(17, 2), 2, 0, 59)) {
    return false;
  }
  text.remove_prefix(19);
  if (absl::ConsumePrefix(&text, ".")) {
    size_t digits = 0;
    while (digits < text.size() && std::isdigit(static_cast<unsigned char>(text[digits])) != 0) {
      ++digits;
    }
    if (digits == 0) return false;
    text.remove_prefix(digits);
  }
  return IsOffset(text);
}

bool IsTimePeriod(absl::string_view text) {
  const size_t slash = text.find('/');
  if (slash != absl::string_view::npos) {
    const absl::string_view begin = text.substr(0, slash);
    return (IsDate(begin) || IsDateTime(begin)) && IsDuration(text.substr(slash + 1));
  }
  if (IsWithin(text, 4, 0, 9999)) return true;
  if (text.size() == 7 && text[4] == '-' && IsWithin(text.substr(0, 4), 4, 0, 9999) &&
      IsWithin(text.substr(5), 2, 1, 12)) {
    return true;
  }
  return IsDate(text) || IsDateTime(text) || IsReportingPeriod(text);
}

bool IsNumber(absl::string_view text) {
  if (text.empty()) return false;
  for (unsigned char c : text) {
    if (std::isdigit(c) == 0 && c != '-' && c != '+' && c != '.' && c != 'e' && c != 'E') {
      return false;
    }
  }
  double value = 0;
  return text[0] != '+' && absl::SimpleAtod(text, &value);
}

const char* BrokenRule(const Component& component, const CodeList* codes, absl::string_view value) {
  if (IsIntentionallyMissing(value)) return nullptr;
  if (codes != nullptr) return codes->Find(value) == nullptr ? "UNKNOWN_CODE" : nullptr;
  switch (component.format) {
    case Format::kText:
      return nullptr;
    case Format::kTimePeriod:
      return IsTimePeriod(value) ? nullptr : "NOT_A_TIME_PERIOD";
    case Format::kDateTime:
      return IsDateTime(value) ? nullptr : "NOT_A_DATE_TIME";
    case Format::kNumber:
      return IsNumber(value) ? nullptr : "NOT_A_NUMBER";
    case Format::kInteger: {
      int64_t number = 0;
      return absl::SimpleAtoi(value, &number) ? nullptr : "NOT_AN_INTEGER";
    }
  }
  return nullptr;
}

}  // namespace lintas::sdmx

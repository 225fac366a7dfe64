#include "server/matching/date_compare.h"

#include <algorithm>
#include <array>
#include <vector>

#include "absl/strings/ascii.h"

namespace lintas::matching {
namespace {

struct Group {
  uint32_t value = 0;
  int digits = 0;
};

bool IsUnknownSign(char c) { return c == '<' || c == 'X' || c == 'x' || c == '?'; }

// Runs of digits, unknown signs counting as zeros. False if other letters are in the way.
bool ReadGroups(absl::string_view text, std::vector<Group>* groups) {
  bool inside = false;
  for (const char c : text) {
    if (absl::ascii_isdigit(static_cast<unsigned char>(c)) || IsUnknownSign(c)) {
      if (!inside) groups->emplace_back();
      inside = true;
      Group& group = groups->back();
      if (++group.digits > 8) return false;
      group.value = group.value * 10 + (IsUnknownSign(c) ? 0 : static_cast<uint32_t>(c - '0'));
    } else if (c == '-' || c == '/' || c == '.' || c == ' ') {
      inside = false;
    } else if (c == 'T' && groups->size() == 3) {
      return true;  // The time of an RFC 3339 date-time.
    } else {
      return false;
    }
  }
  return true;
}

LooseDate Join(uint32_t year, uint32_t month, uint32_t day) {
  if (year > 9999 || month > 99 || day > 99) return 0;
  return year * 10000 + month * 100 + day;
}

LooseDate FromThree(const std::vector<Group>& groups) {
  const Group &a = groups[0], &b = groups[1], &c = groups[2];
  if (a.digits == 4 && b.digits <= 2 && c.digits <= 2) return Join(a.value, b.value, c.value);
  if (c.digits != 4 || a.digits > 2 || b.digits > 2) return 0;
  const bool month_first = b.value > 12 && a.value <= 12;
  return month_first ? Join(c.value, a.value, b.value) : Join(c.value, b.value, a.value);
}

std::array<uint8_t, 8> Digits(LooseDate date) {
  std::array<uint8_t, 8> digits{};
  for (int i = 7; i >= 0; --i, date /= 10) digits[static_cast<size_t>(i)] = date % 10;
  return digits;
}

// 1 for one substitution or exchange of neighbours, 2 for two, 3 for more.
int DigitEdits(LooseDate a, LooseDate b) {
  const auto x = Digits(a), y = Digits(b);
  int edits = 0;
  for (size_t i = 0; i < 8; ++i) {
    if (x[i] == y[i]) continue;
    if (i + 1 < 8 && x[i] == y[i + 1] && x[i + 1] == y[i]) ++i;
    if (++edits > 2) return 3;
  }
  return edits;
}

struct Parts {
  explicit Parts(LooseDate date) : year(date / 10000), month(date / 100 % 100), day(date % 100) {}
  uint32_t year, month, day;
};

DateLevel ComparePartial(const Parts& a, const Parts& b) {
  int shared = 0;
  bool agree = true;
  const auto look = [&](uint32_t x, uint32_t y) {
    if (x == 0 || y == 0) return;
    ++shared;
    agree = agree && x == y;
  };
  look(a.year, b.year);
  look(a.month, b.month);
  look(a.day, b.day);
  if (shared == 0) return DateLevel::kMissing;
  if (agree) return DateLevel::kPart;
  const bool beside = a.year != 0 && b.year != 0 && (a.year + 1 == b.year || b.year + 1 == a.year);
  return shared == 1 && beside ? DateLevel::kYearBeside : DateLevel::kDifferent;
}

}  // namespace

LooseDate ReadLooseDate(absl::string_view text) {
  text = absl::StripAsciiWhitespace(text);
  std::vector<Group> groups;
  if (!ReadGroups(text, &groups) || groups.empty()) return 0;
  if (groups.size() == 1) {
    const Group& only = groups[0];
    if (only.digits == 8) return only.value;
    return only.digits == 4 ? Join(only.value, 0, 0) : 0;
  }
  if (groups.size() == 2) {
    const Group &a = groups[0], &b = groups[1];
    if (a.digits == 4 && b.digits <= 2) return Join(a.value, b.value, 0);
    return b.digits == 4 && a.digits <= 2 ? Join(b.value, a.value, 0) : 0;
  }
  return FromThree(groups);
}

DateLevel CompareDates(LooseDate a, LooseDate b) {
  if (a == 0 || b == 0) return DateLevel::kMissing;
  const Parts x(a), y(b);
  const bool whole =
      x.year != 0 && x.month != 0 && x.day != 0 && y.year != 0 && y.month != 0 && y.day != 0;
  if (!whole) return ComparePartial(x, y);
  if (a == b) return DateLevel::kSame;
  if (x.year == y.year && x.month == y.day && x.day == y.month) return DateLevel::kSwapped;
  const int edits = DigitEdits(a, b);
  if (edits == 1) return DateLevel::kOneDigit;
  const int equal_parts = (x.year == y.year) + (x.month == y.month) + (x.day == y.day);
  if (equal_parts == 2) {
    const bool beside = x.year + 1 == y.year || y.year + 1 == x.year;
    return beside ? DateLevel::kYearBeside : DateLevel::kTwoParts;
  }
  return edits == 2 ? DateLevel::kTwoDigits : DateLevel::kDifferent;
}

absl::string_view NameOf(DateLevel level) {
  switch (level) {
    case DateLevel::kMissing:
      return "birth date missing";
    case DateLevel::kSame:
      return "birth date equal";
    case DateLevel::kPart:
      return "known parts of the birth date equal";
    case DateLevel::kSwapped:
      return "day and month exchanged";
    case DateLevel::kOneDigit:
      return "birth date differs in one digit";
    case DateLevel::kYearBeside:
      return "birth year beside";
    case DateLevel::kTwoParts:
      return "two parts of the birth date equal";
    case DateLevel::kTwoDigits:
      return "birth date differs in two digits";
    case DateLevel::kDifferent:
      return "birth date different";
  }
  return "birth date unknown";
}

}  // namespace lintas::matching

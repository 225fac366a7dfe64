#include "server/areas/migration_information/ban_periods.h"

#include <algorithm>
#include <iterator>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/time/civil_time.h"

namespace lintas::migration_information {
namespace {

struct Period {
  absl::string_view rule_set;
  v1::Ban::Kind kind;
  int months_max;  // 0: no bound is known.
  int extension_months_max;
  int extensions_max;
  bool life;
  absl::string_view source;
};

constexpr Period kPeriods[] = {
    {"IDN-2024", v1::Ban::EXIT_BAN, 6, 6, 1, false,
     "6 months, one extension of 6 (parameter; after Indonesian Law 63/2024)"},
    {"IDN-2024", v1::Ban::ENTRY_BAN, 120, 120, 1, true,
     "10 years, one extension of 10, or for life (parameter; after Indonesian Law 63/2024)"},
    {"KHM-2024", v1::Ban::EXIT_BAN, 0, 0, 0, true, "no period was found in a public source"},
    {"KHM-2024", v1::Ban::ENTRY_BAN, 0, 0, 0, true, "no period was found in a public source"},
};

// `text` is a checked date.
absl::CivilDay DayOf(const std::string& text) {
  absl::CivilDay day;
  (void)absl::ParseCivilTime(text, &day);
  return day;
}

}  // namespace

void CheckBanPeriod(const v1::Ban& ban, std::vector<FieldViolation>* violations) {
  const auto broken = [&](const char* field, const char* rule, absl::string_view expected) {
    violations->push_back({absl::StrCat("ban.", field), rule, std::string(expected)});
  };
  if (ban.for_life() == !ban.end_date().empty()) {
    broken("end_date", "NO_END", "an end, or for life; not both (Lintas: ban.proto)");
  }
  if (ban.extension_count() < 0) {
    broken("extension_count", "TOO_MANY_EXTENSIONS", "not below none (Lintas: ban.proto)");
  }
  // An own or a partner's kind that is not declared breaks a rule of its field.
  if (ban.kind() != v1::Ban::EXIT_BAN && ban.kind() != v1::Ban::ENTRY_BAN) return;
  const auto* period = std::find_if(
      std::begin(kPeriods), std::end(kPeriods),
      [&](const Period& one) { return one.rule_set == ban.rule_set() && one.kind == ban.kind(); });
  if (period == std::end(kPeriods)) {
    return broken("rule_set", "UNKNOWN_RULE_SET", "IDN-2024 or KHM-2024 (docs/migration.md)");
  }
  if (ban.for_life() && !period->life) broken("for_life", "NOT_FOR_LIFE", period->source);
  if (period->months_max == 0) return;
  if (ban.extension_count() > period->extensions_max) {
    return broken("extension_count", "TOO_MANY_EXTENSIONS", period->source);
  }
  if (ban.start_date().empty() || ban.end_date().empty()) return;
  const absl::CivilDay start = DayOf(ban.start_date());
  const int months =
      period->months_max + std::max(ban.extension_count(), 0) * period->extension_months_max;
  if (DayOf(ban.end_date()) > absl::CivilDay(start.year(), start.month() + months, start.day())) {
    broken("end_date", "BAN_TOO_LONG", period->source);
  }
}

}  // namespace lintas::migration_information

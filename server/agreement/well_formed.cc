#include "server/agreement/well_formed.h"

#include <algorithm>
#include <cctype>
#include <map>
#include <set>
#include <string>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "lintas/options/v1/options.pb.h"
#include "server/call/operation.h"

namespace lintas {
namespace {

using absl::string_view;
using agreement::v1::Agreement;
using agreement::v1::Grant;
using options::v1::Field;

// As certificates name them; `node` is no role of a person or job and is granted nothing.
constexpr string_view kRoles[] = {"officer",    "attache",    "agency",
                                  "statistics", "supervisor", "operator"};
constexpr string_view kRolesWithoutContent[] = {"operator", "supervisor", "statistics"};
constexpr size_t kPublicKeyBytes = 32;
constexpr size_t kCodeLengthMax = 63;
constexpr uint32_t kDeadlineAmountMax = 8760;
constexpr uint32_t kStatusValueMax = 36525;

template <typename Values, typename Value>
bool Contains(const Values& values, const Value& value) {
  return std::find(std::begin(values), std::end(values), value) != std::end(values);
}

bool IsLowerAlpha3(string_view text) {
  return text.size() == 3 &&
         std::all_of(text.begin(), text.end(), [](char c) { return c >= 'a' && c <= 'z'; });
}

// A code of the form [A-Z][A-Z0-9_]*, or in lower case.
bool IsCode(string_view text, bool upper) {
  if (text.empty() || text.size() > kCodeLengthMax) return false;
  const auto letter = [upper](char c) {
    return upper ? c >= 'A' && c <= 'Z' : c >= 'a' && c <= 'z';
  };
  return letter(text[0]) && std::all_of(text.begin(), text.end(), [&](char c) {
           return letter(c) || (c >= '0' && c <= '9') || c == '_';
         });
}

bool IsOperation(string_view name) {
  for (Operation operation : kAllOperations) {
    if (OperationName(operation) == name) return true;
  }
  return false;
}

class Checker {
 public:
  Checker(const Agreement& agreement, std::vector<FieldViolation>* violations)
      : agreement_(agreement), violations_(violations) {}

  void Head();
  void RecordTerms();
  void Purposes();
  void Grants();
  void OfficeHolders();
  void Limits();
  void Retentions();
  void ProcedureTerms();
  void Calendars();
  void StatusTerms();
  void UnknownFields();

 private:
  void Add(std::string field, string_view rule, string_view description) {
    violations_->push_back({std::move(field), std::string(rule), std::string(description)});
  }
  void Required(const std::string& field, bool there) {
    if (!there) Add(field, "REQUIRED", "must be filled");
  }
  template <typename Sections>
  void KnownSections(const std::string& field, const Sections& sections) {
    for (int i = 0; i < sections.size(); ++i) {
      if (sections[i] >= Field::BASIC && sections[i] <= Field::INTERNAL) continue;
      Add(absl::StrCat(field, "[", i, "]"), "UNKNOWN_SECTION", "one of BASIC to INTERNAL");
    }
  }
  void OneDeadline(const std::string& path, const agreement::v1::Deadline& deadline);
  void OneGrant(const std::string& path, const Grant& grant, std::set<std::string>* seen);
  void Attache(const std::string& path, const Grant& grant);

  const Agreement& agreement_;
  std::vector<FieldViolation>* violations_;
  std::map<std::string, bool> case_required_;  // Declared purposes.
};

void Checker::Head() {
  Required("version", agreement_.version() > 0);
  const size_t expected = agreement_.version() <= 1 ? 0 : 32;
  if (agreement_.previous_digest().size() != expected) {
    Add("previous_digest", "PREVIOUS_DIGEST", "32 bytes, and none in version 1 (P21)");
  }
  const auto& parties = agreement_.parties();
  if (parties.size() != 2 || parties[0] == parties[1]) {
    Add("parties", "PARTY", "two different Parties");
  }
  for (int i = 0; i < parties.size(); ++i) {
    if (!IsLowerAlpha3(parties[i])) {
      Add(absl::StrCat("parties[", i, "]"), "COUNTRY", "ISO 3166-1 alpha-3 in lower case");
    }
  }
  std::vector<std::string> sorted(parties.begin(), parties.end());
  std::sort(sorted.begin(), sorted.end());
  if (agreement_.partnership() != absl::StrJoin(sorted, "-")) {
    Add("partnership", "PARTNERSHIP", "the Parties in alphabetical order, joined by a hyphen");
  }
}

void Checker::RecordTerms() {
  std::set<std::string> seen;
  for (int i = 0; i < agreement_.record_terms_size(); ++i) {
    const auto& terms = agreement_.record_terms(i);
    const std::string path = absl::StrCat("record_terms[", i, "]");
    if (!IsCode(terms.type(), false)) {
      Add(path + ".type", "CODE_FORM", "a record type's code, lower_snake");
    }
    if (!seen.insert(terms.type()).second) Add(path + ".type", "DUPLICATE", "named once");
    if (terms.crossing() != agreement::v1::RecordTerms::REPLICATED &&
        terms.crossing() != agreement::v1::RecordTerms::ON_REQUEST) {
      Add(path + ".crossing", "REQUIRED", "REPLICATED or ON_REQUEST");
    }
    KnownSections(path + ".withheld_sections", terms.withheld_sections());
    KnownSections(path + ".request_sections", terms.request_sections());
    for (int j = 0; j < terms.request_sections_size(); ++j) {
      const int section = terms.request_sections(j);
      if (section != Field::PROTECTED && section != Field::INTERNAL) continue;
      Add(absl::StrCat(path, ".request_sections[", j, "]"), "SECTION_NEVER_LEAVES",
          "PROTECTED and INTERNAL stay at home (R2)");
    }
  }
}

void Checker::Purposes() {
  for (int i = 0; i < agreement_.purposes_size(); ++i) {
    const auto& purpose = agreement_.purposes(i);
    const std::string path = absl::StrCat("purposes[", i, "]");
    if (!IsCode(purpose.code(), true)) Add(path + ".code", "CODE_FORM", "UPPER_SNAKE");
    Required(path + ".title", !purpose.title().empty());
    Required(path + ".legal_basis", !purpose.legal_basis().empty());
    if (!case_required_.emplace(purpose.code(), purpose.case_required()).second) {
      Add(path + ".code", "DUPLICATE", "declared once");
    }
  }
}

// R7 is a red line: no agreement can loosen it.
void Checker::Attache(const std::string& path, const Grant& grant) {
  if (!grant.own_nationals_only()) {
    Add(path + ".own_nationals_only", "OWN_NATIONALS_ONLY",
        "an attaché asks about own nationals only (R7)");
  }
  if (Contains(grant.operations(), OperationName(Operation::kCheckStatus))) {
    Add(path + ".operations", "NO_LISTS_FOR_ATTACHE", "an attaché asks person by person (R7)");
  }
  for (int j = 0; j < grant.purposes_size(); ++j) {
    auto found = case_required_.find(grant.purposes(j));
    if (found == case_required_.end() || found->second) continue;
    Add(absl::StrCat(path, ".purposes[", j, "]"), "CASE_REQUIRED",
        "an attaché asks with a case only (R7)");
  }
}

void Checker::OneGrant(const std::string& path, const Grant& grant, std::set<std::string>* seen) {
  if (!Contains(kRoles, string_view(grant.role()))) {
    Add(path + ".role", "UNKNOWN_ROLE", "one of " + absl::StrJoin(kRoles, ", "));
  }
  Required(path + ".operations", grant.operations_size() > 0);
  Required(path + ".purposes", grant.purposes_size() > 0);
  for (int j = 0; j < grant.operations_size(); ++j) {
    const std::string& operation = grant.operations(j);
    if (!IsOperation(operation)) {
      Add(absl::StrCat(path, ".operations[", j, "]"), "UNKNOWN_OPERATION",
          "an operation of server/call/operation.h");
    }
    for (const std::string& purpose : grant.purposes()) {
      if (seen->insert(absl::StrCat(grant.role(), "|", operation, "|", purpose)).second) continue;
      Add(absl::StrCat(path, ".operations[", j, "]"), "DUPLICATE",
          "a role is granted an operation for a purpose once");
    }
  }
  for (int j = 0; j < grant.purposes_size(); ++j) {
    if (case_required_.count(grant.purposes(j)) != 0) continue;
    Add(absl::StrCat(path, ".purposes[", j, "]"), "UNDECLARED", "declared under purposes");
  }
  KnownSections(path + ".sections", grant.sections());
  if (grant.sections_size() > 0 && Contains(kRolesWithoutContent, string_view(grant.role()))) {
    Add(path + ".sections", "NO_CONTENT_FOR_ROLE",
        "operator, supervisor and statistics see no content of records");
  }
  if (grant.role() == "attache") Attache(path, grant);
}

void Checker::Grants() {
  std::set<std::string> seen;
  bool adopter = false;
  for (int i = 0; i < agreement_.grants_size(); ++i) {
    const Grant& grant = agreement_.grants(i);
    OneGrant(absl::StrCat("grants[", i, "]"), grant, &seen);
    adopter = adopter || Contains(grant.operations(), OperationName(Operation::kAdopt));
  }
  if (!adopter) Add("grants", "NO_ADOPTER", "somebody must be able to adopt the next version");
}

void Checker::OfficeHolders() {
  std::set<std::string> keys;
  std::map<std::string, std::set<std::string>> offices;
  for (int i = 0; i < agreement_.office_holders_size(); ++i) {
    const auto& holder = agreement_.office_holders(i);
    const std::string path = absl::StrCat("office_holders[", i, "]");
    if (!Contains(agreement_.parties(), holder.country())) {
      Add(path + ".country", "PARTY", "one of the Parties");
    }
    Required(path + ".office", !holder.office().empty());
    if (holder.public_key().size() != kPublicKeyBytes) {
      Add(path + ".public_key", "KEY_FORM", "an Ed25519 public key of 32 bytes");
    }
    if (!keys.insert(holder.public_key()).second) {
      Add(path + ".public_key", "DUPLICATE", "a personal key belongs to one office-holder");
    }
    absl::CivilDay first, last;
    const bool first_good = ParseDay(holder.start_date(), &first);
    const bool last_good = ParseDay(holder.end_date(), &last);
    if (!first_good) Add(path + ".start_date", "DATE_FORM", "YYYY-MM-DD (RFC 3339)");
    if (!last_good) Add(path + ".end_date", "DATE_FORM", "YYYY-MM-DD (RFC 3339)");
    if (first_good && last_good && last < first) {
      Add(path + ".end_date", "DATE_ORDER", "not before the first day of the term");
    }
    offices[holder.country()].insert(holder.office());
  }
  for (const std::string& party : agreement_.parties()) {
    if (offices[party].size() >= 2) continue;
    Add("office_holders", "TWO_OFFICE_HOLDERS", "two offices of each Party (P20)");
  }
}

void Checker::Limits() {
  // Every limit is a number that both sides enforce; zero would mean "nothing at all" to one reader
  // and "no limit" to another, so it is not allowed.
  const auto& limits = agreement_.limits();
  const auto* descriptor = limits.GetDescriptor();
  const auto* reflection = limits.GetReflection();
  for (int i = 0; i < descriptor->field_count(); ++i) {
    const auto* field = descriptor->field(i);
    Required("limits." + field->name(), reflection->HasField(limits, field));
  }
}

void Checker::Retentions() {
  std::set<std::string> seen;
  for (int i = 0; i < agreement_.retentions_size(); ++i) {
    const auto& retention = agreement_.retentions(i);
    const std::string path = absl::StrCat("retentions[", i, "]");
    if (!IsCode(retention.retention_class(), false)) {
      Add(path + ".retention_class", "CODE_FORM", "a retention class, lower_snake");
    }
    if (!seen.insert(retention.retention_class()).second) {
      Add(path + ".retention_class", "DUPLICATE", "named once");
    }
    Required(path + ".days", retention.days() > 0);
    Required(path + ".source", !retention.source().empty());
  }
}

void Checker::OneDeadline(const std::string& path, const agreement::v1::Deadline& deadline) {
  if (!IsCode(deadline.state(), false)) Add(path + ".state", "CODE_FORM", "a state, lower_snake");
  if (!IsCode(deadline.track(), true)) Add(path + ".track", "CODE_FORM", "a track, UPPER_SNAKE");
  Required(path + ".amount", deadline.amount() > 0);
  if (deadline.amount() > kDeadlineAmountMax) {
    Add(path + ".amount", "TOO_LARGE", "at most 8,760: a year in hours");
  }
  Required(path + ".unit", deadline.unit() >= agreement::v1::Deadline::HOURS &&
                               deadline.unit() <= agreement::v1::Deadline::WORKING_DAYS);
  Required(path + ".counted_by", deadline.counted_by() == agreement::v1::Deadline::REQUESTER ||
                                     deadline.counted_by() == agreement::v1::Deadline::REQUESTED);
  Required(path + ".due_soon_hours", deadline.due_soon_hours() > 0);
  Required(path + ".escalation_office", !deadline.escalation_office().empty());
  Required(path + ".source", !deadline.source().empty());
}

void Checker::ProcedureTerms() {
  std::set<std::string> seen;
  for (int i = 0; i < agreement_.procedure_terms_size(); ++i) {
    const auto& terms = agreement_.procedure_terms(i);
    const std::string path = absl::StrCat("procedure_terms[", i, "]");
    if (!IsCode(terms.procedure(), false)) {
      Add(path + ".procedure", "CODE_FORM", "a procedure's code, lower_snake");
    }
    if (!seen.insert(terms.procedure()).second) {
      Add(path + ".procedure", "DUPLICATE", "named once");
    }
    std::set<std::string> periods;
    for (int j = 0; j < terms.deadlines_size(); ++j) {
      const auto& deadline = terms.deadlines(j);
      const std::string place = absl::StrCat(path, ".deadlines[", j, "]");
      OneDeadline(place, deadline);
      if (periods.insert(absl::StrCat(deadline.state(), "|", deadline.track())).second) continue;
      Add(place, "DUPLICATE", "one period for a state and track");
    }
  }
}

void Checker::Calendars() {
  std::set<std::string> seen;
  for (int i = 0; i < agreement_.calendars_size(); ++i) {
    const auto& calendar = agreement_.calendars(i);
    const std::string path = absl::StrCat("calendars[", i, "]");
    if (!Contains(agreement_.parties(), calendar.country()) ||
        !seen.insert(calendar.country()).second) {
      Add(path + ".country", "PARTY", "each of the Parties once");
    }
    Required(path + ".zones", calendar.zones_size() > 0);
    Required(path + ".source", !calendar.source().empty());
    for (int j = 0; j < calendar.rest_days_size(); ++j) {
      if (calendar.rest_days(j) >= 1 && calendar.rest_days(j) <= 7) continue;
      Add(absl::StrCat(path, ".rest_days[", j, "]"), "WEEKDAY", "1, Monday, to 7 (ISO 8601)");
    }
    for (int j = 0; j < calendar.holidays_size(); ++j) {
      absl::CivilDay day;
      if (ParseDay(calendar.holidays(j).date(), &day)) continue;
      Add(absl::StrCat(path, ".holidays[", j, "].date"), "DATE_FORM", "YYYY-MM-DD (RFC 3339)");
    }
  }
  // A day that nobody can count is no deadline.
  if (agreement_.procedure_terms_size() > 0 && seen.size() < 2) {
    Add("calendars", "REQUIRED", "the days of both Parties, since procedures have deadlines");
  }
}

void Checker::StatusTerms() {
  std::set<std::string> seen;
  const auto& parameters = agreement_.status_terms().parameters();
  for (int i = 0; i < parameters.size(); ++i) {
    const auto& parameter = parameters[i];
    const std::string path = absl::StrCat("status_terms.parameters[", i, "]");
    if (!Contains(agreement_.parties(), parameter.country())) {
      Add(path + ".country", "PARTY", "one of the Parties");
    }
    if (!IsCode(parameter.code(), true)) Add(path + ".code", "CODE_FORM", "UPPER_SNAKE");
    if (parameter.value() > kStatusValueMax) {
      Add(path + ".value", "TOO_LARGE", "at most 36,525: a hundred years in days");
    }
    Required(path + ".source", !parameter.source().empty());
    if (!seen.insert(absl::StrCat(parameter.country(), "|", parameter.code())).second) {
      Add(path + ".code", "DUPLICATE", "given once for a country");
    }
  }
}

// A field that this version does not know could be a bound that it would not enforce.
void Checker::UnknownFields() {
  Agreement known = agreement_;
  known.DiscardUnknownFields();
  if (known.ByteSizeLong() == agreement_.ByteSizeLong()) return;
  Add("agreement", "UNKNOWN_FIELD", "made for a later version of this program");
}

}  // namespace

void CheckWellFormed(const Agreement& agreement, std::vector<FieldViolation>* violations) {
  Checker checker(agreement, violations);
  checker.Head();
  checker.RecordTerms();
  checker.Purposes();
  checker.Grants();
  checker.OfficeHolders();
  checker.Limits();
  checker.Retentions();
  checker.ProcedureTerms();
  checker.Calendars();
  checker.StatusTerms();
  checker.UnknownFields();
}

bool ParseDay(string_view text, absl::CivilDay* day) {
  if (text.size() != 10 || text[4] != '-' || text[7] != '-') return false;
  int number[3] = {};
  const string_view parts[3] = {text.substr(0, 4), text.substr(5, 2), text.substr(8, 2)};
  for (int i = 0; i < 3; ++i) {
    for (char c : parts[i]) {
      if (c < '0' || c > '9') return false;
      number[i] = number[i] * 10 + (c - '0');
    }
  }
  *day = absl::CivilDay(number[0], number[1], number[2]);
  // CivilDay normalises 30 February to a day in March; such a day was not meant.
  return day->year() == number[0] && day->month() == number[1] && day->day() == number[2];
}

}  // namespace lintas

#include "server/areas/migration_information/checks.h"

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/time/civil_time.h"
#include "lintas/migration_information/v1/any_record.pb.h"
#include "server/areas/migration_information/area.h"
#include "server/areas/migration_information/ban_periods.h"
#include "server/areas/migration_information/class_lists.h"
#include "server/records/codes/ports.h"

namespace lintas::migration_information {
namespace {

using google::protobuf::Message;
using Violations = std::vector<FieldViolation>;

void Broken(const std::string& field, const char* rule, absl::string_view expected,
            Violations* violations) {
  violations->push_back({field, rule, std::string(expected)});
}

// Civil days as text compare as days do.
void CheckOrder(const std::string& type, const char* field, const std::string& first,
                const std::string& last, Violations* violations) {
  if (first.empty() || last.empty() || first <= last) return;
  Broken(absl::StrCat(type, ".", field), "EXPIRES_BEFORE",
         "the last day does not come before the first (Lintas: checks.h)", violations);
}

void CheckNotNegative(const std::string& field, int64_t number, Violations* violations) {
  if (number >= 0) return;
  Broken(field, "NEGATIVE", "0 or more (Lintas: checks.h)", violations);
}

// A code is read in its list; without a list it is not read.
void CheckClass(const std::string& class_field, const std::string& code,
                const std::string& list_field, const std::string& version, Violations* violations) {
  if (version.empty()) return;
  switch (FindListVersion(version)) {
    case ListVersion::kLater:
      return;
    case ListVersion::kUnknown:
      return Broken(list_field, "UNKNOWN_LIST",
                    absl::StrCat(absl::StrJoin(KnownListVersions(), ", "),
                                 " or a later year's (docs/migration.md)"),
                    violations);
    case ListVersion::kKnown:
      break;
  }
  if (code.empty() || IsListedClass(version, code)) return;
  Broken(class_field, "NOT_IN_LIST",
         absl::StrCat("a class of the list ", version, " (docs/migration.md)"), violations);
}

void CheckNames(const std::string& type, const types::v1::Person& person, Violations* violations) {
  const auto check = [&](const char* field, const auto& names) {
    for (int i = 0; i < names.size(); ++i) {
      if (!absl::StrContains(names[i], ";")) continue;
      Broken(absl::StrCat(type, ".person.", field, "[", i, "]"), "SEPARATOR",
             "no semicolon: it parts names in a file (Lintas: types.proto)", violations);
    }
  };
  check("latin_forms", person.latin_forms());
  check("aliases", person.aliases());
}

void CheckPerson(const std::string& type, const types::v1::Person& person, absl::Time now,
                 Violations* violations) {
  CheckNames(type, person, violations);
  const types::v1::PartialDate& born = person.birth_date();
  // The latest day that a person may be born on anywhere is tomorrow's, by UTC.
  const absl::CivilDay today = absl::ToCivilDay(now + absl::Hours(14), absl::UTCTimeZone());
  const absl::CivilDay earliest(born.year(), born.month() == 0 ? 1 : born.month(),
                                born.day() == 0 ? 1 : born.day());
  if (born.year() != 0 && earliest > today) {
    Broken(absl::StrCat(type, ".person.birth_date"), "FUTURE_BIRTH",
           "a birth date is not after today (Lintas: checks.h)", violations);
  }
}

void CheckRecord(const v1::TravelDocument& document, absl::Time, Violations* violations) {
  CheckOrder("travel_document", "expiry_date", document.issue_date(), document.expiry_date(),
             violations);
}

void CheckRecord(const v1::Crossing& crossing, absl::Time now, Violations* violations) {
  if (absl::FromUnixSeconds(crossing.crossing_time().seconds()) > now + absl::Hours(24)) {
    Broken("crossing.crossing_time", "FUTURE_TIME",
           "not more than a day ahead of this node (Lintas: checks.h)", violations);
  }
  if (crossing.utc_offset_minutes() < -12 * 60 || crossing.utc_offset_minutes() > 14 * 60) {
    Broken("crossing.utc_offset_minutes", "BAD_OFFSET", "between UTC-12 and UTC+14 (tz database)",
           violations);
  }
  CheckClass("crossing.visa_class", crossing.visa_class(), "crossing.visa_list_version",
             crossing.visa_list_version(), violations);
}

void CheckRecord(const v1::StayPermit& permit, absl::Time, Violations* violations) {
  CheckOrder("stay_permit", "end_date", permit.start_date(), permit.end_date(), violations);
  CheckClass("stay_permit.permit_class", permit.permit_class(), "stay_permit.list_version",
             permit.list_version(), violations);
}

void CheckRecord(const v1::WorkPermit& permit, absl::Time, Violations* violations) {
  CheckOrder("work_permit", "end_date", permit.start_date(), permit.end_date(), violations);
  if (permit.year() != 0 && (permit.year() < 1990 || permit.year() > 2100)) {
    Broken("work_permit.year", "BAD_YEAR", "1990 to 2100 (Lintas: checks.h)", violations);
  }
}

void CheckRecord(const v1::Visa& visa, absl::Time, Violations* violations) {
  CheckOrder("visa", "end_date", visa.start_date(), visa.end_date(), violations);
  CheckOrder("visa", "end_date", visa.issue_date(), visa.end_date(), violations);
  CheckNotNegative("visa.stay_days", visa.stay_days(), violations);
  CheckClass("visa.visa_class", visa.visa_class(), "visa.list_version", visa.list_version(),
             violations);
}

void CheckRecord(const v1::Presence& presence, absl::Time, Violations* violations) {
  CheckOrder("presence", "end_date", presence.start_date(), presence.end_date(), violations);
  const std::string& province = presence.province();
  if (province.empty() || (absl::StartsWith(province, "ID-") && province.size() > 3) ||
      (absl::StartsWith(province, "KH-") && province.size() > 3)) {
    return;
  }
  Broken("presence.province", "NOT_A_PROVINCE", "ID- or KH- and the subdivision (ISO 3166-2)",
         violations);
}

void CheckRecord(const v1::Ban& ban, absl::Time, Violations* violations) {
  CheckOrder("ban", "end_date", ban.start_date(), ban.end_date(), violations);
  CheckBanPeriod(ban, violations);
}

void CheckMoney(const v1::Overstay& overstay, Violations* violations) {
  CheckNotNegative("overstay.fine_amount", overstay.fine_amount(), violations);
  CheckNotNegative("overstay.waived_amount", overstay.waived_amount(), violations);
  const std::string& currency = overstay.fine_currency();
  bool form = currency.size() == 3;
  for (const char c : currency) form = form && absl::ascii_isupper(static_cast<unsigned char>(c));
  const bool needed = overstay.fine_amount() != 0 || overstay.waived_amount() != 0;
  if (!form && (needed || !currency.empty())) {
    Broken("overstay.fine_currency", "NOT_A_CURRENCY", "three capital letters (ISO 4217)",
           violations);
  }
  if (overstay.waived_amount() > overstay.fine_amount()) {
    Broken("overstay.waived_amount", "WAIVES_TOO_MUCH", "not more than the fine (Lintas: checks.h)",
           violations);
  }
  const bool waiver = overstay.waived_amount() != 0 || !overstay.waiver_ground().empty() ||
                      !overstay.waiver_authority().empty();
  if (waiver && overstay.fine_status() != v1::Overstay::WAIVED) {
    Broken("overstay.fine_status", "NOT_WAIVED", "WAIVED beside a waiver (Lintas: checks.h)",
           violations);
  }
}

void CheckRecord(const v1::Overstay& overstay, absl::Time, Violations* violations) {
  const std::string& last = overstay.permitted_until_date();
  const std::string& departed = overstay.departure_date();
  CheckNotNegative("overstay.days", overstay.days(), violations);
  absl::CivilDay last_day, departure_day;
  if (absl::ParseCivilTime(last, &last_day) && absl::ParseCivilTime(departed, &departure_day)) {
    if (departure_day <= last_day) {
      Broken("overstay.departure_date", "NO_OVERSTAY",
             "after the last permitted day (Lintas: checks.h)", violations);
    } else if (overstay.days() != 0 && overstay.days() != departure_day - last_day) {
      Broken("overstay.days", "DAYS_DISAGREE",
             "the days from the last permitted one to the departure (Lintas: overstay.proto)",
             violations);
    }
  }
  CheckMoney(overstay, violations);
}

// UNECE Recommendation 16: two letters of the country, then three of A to Z and 2 to 9.
bool IsLocode(const std::string& code) {
  if (code.size() != 5) return false;
  for (size_t i = 0; i < code.size(); ++i) {
    const bool letter = absl::ascii_isupper(static_cast<unsigned char>(code[i]));
    if (!letter && (i < 2 || code[i] < '2' || code[i] > '9')) return false;
  }
  return true;
}

// Ports of the Parties must be listed; those of other countries need the form.
void CheckLegPort(const std::string& field, const std::string& port, Violations* violations) {
  if (port.empty()) return;  // A rule of the field.
  const bool ours = absl::StartsWith(port, "ID") || absl::StartsWith(port, "KH");
  if (!IsLocode(port)) {
    Broken(field, "NOT_A_LOCODE", "five signs (UNECE Recommendation 16)", violations);
  } else if (ours && !IsPort(port)) {
    Broken(field, "UNKNOWN_PORT", "a listed port of the Party (UN/LOCODE)", violations);
  }
}

void CheckRecord(const v1::PassengerList& list, absl::Time, Violations* violations) {
  CheckNotNegative("passenger_list.stated_count", list.stated_count(), violations);
  CheckNotNegative("passenger_list.listed_count", list.listed_count(), violations);
  for (int i = 0; i < list.legs_size(); ++i) {
    const v1::PassengerList::Leg& leg = list.legs(i);
    const std::string path = absl::StrCat("passenger_list.legs[", i, "]");
    CheckLegPort(path + ".departure_port", leg.departure_port(), violations);
    CheckLegPort(path + ".arrival_port", leg.arrival_port(), violations);
    if (leg.has_departure_time() && leg.has_arrival_time() &&
        leg.arrival_time().seconds() < leg.departure_time().seconds()) {
      Broken(path + ".arrival_time", "ARRIVES_BEFORE",
             "not before the departure (UN/EDIFACT PAXLST)", violations);
    }
    if (i > 0 && list.legs(i - 1).arrival_port() != leg.departure_port()) {
      Broken(path + ".departure_port", "LEGS_APART",
             "where the leg before ended (UN/EDIFACT PAXLST)", violations);
    }
  }
}

// One line a type that has checks of its own; a traveller has those of its person.
template <typename Record>
bool CheckIf(const Message& record, absl::Time now, Violations* violations) {
  if (record.GetDescriptor() != Record::descriptor()) return false;
  CheckRecord(static_cast<const Record&>(record), now, violations);
  return true;
}

template <typename... Records>
void CheckAs(const Message& record, absl::Time now, Violations* violations) {
  (void)(CheckIf<Records>(record, now, violations) || ...);
}

}  // namespace

void Check(const RecordType& type, const Message& record, absl::Time now, Violations* violations) {
  if (!IsOfThisArea(type)) return;
  const auto* person = record.GetDescriptor()->FindFieldByName("person");
  if (person != nullptr) {
    const Message& part = record.GetReflection()->GetMessage(record, person);
    CheckPerson(type.code(), static_cast<const types::v1::Person&>(part), now, violations);
  }
  CheckAs<v1::TravelDocument, v1::Crossing, v1::StayPermit, v1::WorkPermit, v1::Visa, v1::Presence,
          v1::Ban, v1::Overstay, v1::PassengerList>(record, now, violations);
}

}  // namespace lintas::migration_information

#include "server/areas/migration_information/checks.h"

#include "absl/strings/str_cat.h"
#include "absl/time/civil_time.h"
#include "lintas/migration_information/v1/migration_information.pb.h"

namespace lintas::migration_information {
namespace {

using google::protobuf::Message;

const types::v1::Person& PersonOf(const Message& record) {
  const auto* field = record.GetDescriptor()->FindFieldByName("person");
  return static_cast<const types::v1::Person&>(record.GetReflection()->GetMessage(record, field));
}

// Civil days as text compare as days do.
void CheckOrder(const std::string& type, const char* field, const std::string& first,
                const std::string& last, std::vector<FieldViolation>* violations) {
  if (first.empty() || last.empty() || first <= last) return;
  violations->push_back({absl::StrCat(type, ".", field), "EXPIRES_BEFORE",
                         "the last day does not come before the first"});
}

void CheckCrossing(const v1::Crossing& crossing, absl::Time now,
                   std::vector<FieldViolation>* violations) {
  if (absl::FromUnixSeconds(crossing.crossing_time().seconds()) > now + absl::Hours(24)) {
    violations->push_back(
        {"crossing.crossing_time", "FUTURE_TIME", "not more than a day ahead of this node"});
  }
  if (crossing.utc_offset_minutes() < -12 * 60 || crossing.utc_offset_minutes() > 14 * 60) {
    violations->push_back(
        {"crossing.utc_offset_minutes", "BAD_OFFSET", "between UTC-12 and UTC+14"});
  }
}

}  // namespace

void Check(const RecordType& type, const Message& record, absl::Time now,
           std::vector<FieldViolation>* violations) {
  if (type.descriptor()->file() != v1::Crossing::descriptor()->file()) return;
  const types::v1::PartialDate& born = PersonOf(record).birth_date();
  // The latest day that a person may be born on anywhere is tomorrow's, by UTC.
  const absl::CivilDay today = absl::ToCivilDay(now + absl::Hours(14), absl::UTCTimeZone());
  const absl::CivilDay earliest(born.year(), born.month() == 0 ? 1 : born.month(),
                                born.day() == 0 ? 1 : born.day());
  if (born.year() != 0 && earliest > today) {
    violations->push_back({absl::StrCat(type.code(), ".person.birth_date"), "FUTURE_BIRTH",
                           "a birth date is not after today"});
  }
  if (type.descriptor() == v1::TravelDocument::descriptor()) {
    const auto& document = static_cast<const v1::TravelDocument&>(record);
    CheckOrder(type.code(), "expiry_date", document.issue_date(), document.expiry_date(),
               violations);
  } else if (type.descriptor() == v1::Crossing::descriptor()) {
    CheckCrossing(static_cast<const v1::Crossing&>(record), now, violations);
  } else if (type.descriptor() == v1::StayPermit::descriptor()) {
    const auto& permit = static_cast<const v1::StayPermit&>(record);
    CheckOrder(type.code(), "end_date", permit.start_date(), permit.end_date(), violations);
  } else if (type.descriptor() == v1::WorkPermit::descriptor()) {
    const auto& permit = static_cast<const v1::WorkPermit&>(record);
    CheckOrder(type.code(), "end_date", permit.start_date(), permit.end_date(), violations);
    if (permit.year() != 0 && (permit.year() < 1990 || permit.year() > 2100)) {
      violations->push_back({"work_permit.year", "BAD_YEAR", "1990 to 2100"});
    }
  }
}

}  // namespace lintas::migration_information

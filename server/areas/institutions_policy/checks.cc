#include "server/areas/institutions_policy/checks.h"

#include <string>

#include "absl/strings/str_cat.h"
#include "lintas/institutions_policy/v1/institutions_policy.pb.h"

namespace lintas::institutions_policy {
namespace {

void CheckPeriod(const std::string& field, const std::string& first, const std::string& last,
                 std::vector<FieldViolation>* violations) {
  if (first.empty() || last.empty() || first <= last) return;
  violations->push_back({field, "EXPIRES_BEFORE", "the last day does not come before the first"});
}

}  // namespace

void Check(const RecordType& type, const google::protobuf::Message& record,
           std::vector<FieldViolation>* violations) {
  if (type.descriptor() != v1::Institution::descriptor()) return;
  const auto& institution = static_cast<const v1::Institution&>(record);
  CheckPeriod("institution.end_date", institution.start_date(), institution.end_date(), violations);
  for (int i = 0; i < institution.competences_size(); ++i) {
    const v1::CompetencePeriod& period = institution.competences(i);
    const std::string path = absl::StrCat("institution.competences[", i, "]");
    if (period.area() < 1 || period.area() > 8) {
      violations->push_back({path + ".area", "UNKNOWN_AREA", "an area of cooperation, 1 to 8"});
    }
    CheckPeriod(path + ".end_date", period.start_date(), period.end_date(), violations);
  }
  for (int i = 0; i < institution.office_holdings_size(); ++i) {
    const v1::OfficeHolding& holding = institution.office_holdings(i);
    CheckPeriod(absl::StrCat("institution.office_holdings[", i, "].end_date"), holding.start_date(),
                holding.end_date(), violations);
  }
}

}  // namespace lintas::institutions_policy

#include "server/areas/migrant_status/rules/assessment.h"

#include <algorithm>

#include "absl/strings/ascii.h"

namespace lintas::migrant_status {

bool AssessmentExists(const std::vector<std::string>& nationalities, absl::string_view own_country,
                      bool sees_protected) {
  const std::string own = absl::AsciiStrToUpper(own_country);
  return sees_protected && !nationalities.empty() &&
         std::find(nationalities.begin(), nationalities.end(), own) == nationalities.end();
}

v1::Finding Assessment() {
  v1::Finding finding = MakeFinding({"ASSESSMENT", 1, "DOMAIN sections 4 and 5 (parameter)"},
                                    v1::Finding::NOT_ASSESSED, v1::Finding::STANDARD_UNSPECIFIED,
                                    "no assessment is on record; that says nothing of the person");
  finding.add_gaps(v1::Finding::ASSESSMENT);
  return finding;
}

}  // namespace lintas::migrant_status

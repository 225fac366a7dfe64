// What a host country's rules need to know beside the records: numbers and lists of classes, each
// with its source. All come from the agreement in force (agreement.proto, StatusTerms); the program
// has none of its own, so that neither country's law is written into it. Immutable; any thread.
#ifndef LINTAS_SERVER_AREAS_MIGRANT_STATUS_PARAMETERS_H_
#define LINTAS_SERVER_AREAS_MIGRANT_STATUS_PARAMETERS_H_

#include <map>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "lintas/agreement/v1/agreement.pb.h"

namespace lintas::migrant_status {

// Codes of parameters. Numbers:
constexpr char kEntryDayCounts[] = "ENTRY_DAY_COUNTS";  // 1: the day of entry is day 1 of a stay.
constexpr char kExemptionDays[] = "EXEMPTION_DAYS";     // Days of a visa exemption.
constexpr char kOverstayFirstDay[] = "OVERSTAY_FIRST_DAY";  // Which day past the last counts as 1.
constexpr char kOverstayLongDays[] = "OVERSTAY_LONG_DAYS";  // Beyond so many the host counts apart.
// Lists of classes; `C*` stands for C, C1, C22A.
constexpr char kExemptionClasses[] = "EXEMPTION_CLASSES";
constexpr char kVisitorClasses[] = "VISITOR_CLASSES";
constexpr char kTemporaryClasses[] = "TEMPORARY_CLASSES";
constexpr char kPermanentClasses[] = "PERMANENT_CLASSES";
constexpr char kWorkClasses[] = "WORK_CLASSES";    // Those whose holder works and needs a permit.
constexpr char kWorkPurposes[] = "WORK_PURPOSES";  // Stated purposes of an entry that mean work.

class Parameters {
 public:
  Parameters() = default;
  // Those of `country` (lower-case alpha-3).
  Parameters(const agreement::v1::StatusTerms& terms, absl::string_view country);

  bool Has(absl::string_view code) const { return of_.find(code) != of_.end(); }
  // 0 if there is none: ask Has() first where that differs.
  int Number(absl::string_view code) const;
  // True if the list `code` names `value`; false if there is no list.
  bool Lists(absl::string_view code, absl::string_view value) const;
  // Empty if there is none.
  const std::string& Source(absl::string_view code) const;

 private:
  std::map<std::string, agreement::v1::StatusParameter, std::less<>> of_;
};

}  // namespace lintas::migrant_status

#endif  // LINTAS_SERVER_AREAS_MIGRANT_STATUS_PARAMETERS_H_

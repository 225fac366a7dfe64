// How fields are checked, by what options.proto declares of them. A violation names the field by
// its path and the rule, never the value. Rules and their sources:
//
//   REQUIRED                a required field is absent, empty or blank; a required enum is its zero
//                           value; a name (types.proto, PersonName) has no part.
//   TOO_LONG                more bytes than `length_max` (200 if not declared).
//   NOT_UTF8                RFC 3629.
//   CONTROL_CHARACTER       C0, C1 or a sign that turns the writing direction (matching/text.h).
//   NOT_A_STATE_CODE        ICAO Doc 9303-3 section 5, ISO 3166-1 (codes/state_codes.h).
//   NOT_A_DOCUMENT_CODE     ICAO Doc 9303-4 section 4.2.2: a capital letter, then none, another or
//   `<`. NOT_A_DOCUMENT_NUMBER   ICAO Doc 9303-3 section 4: capital letters A to Z and digits.
//   UNKNOWN_PORT            UN/LOCODE or a listed border post (codes/ports.h).
//   NOT_A_DATE              RFC 3339 section 5.6 full-date, a day of the Gregorian calendar.
//   NOT_A_CODE              ASCII letters, digits, `-`, `/`, `.` (ours: identifiers of agencies).
//   NOT_A_FLIGHT            ASCII letters, digits, blanks, `-` (ours: carriers and flights).
//   BAD_PARTIAL_DATE        ICAO Doc 9303-3 section 4.8 with types.proto, PartialDate. Whether a
//   birth
//                           may be in the future is the area's business.
//   UNKNOWN_VALUE           an enum number that the declaration does not have.
//   NOT_A_TIME              RFC 3339: year 1 to 9999, 0 to 999,999,999 nanoseconds.
//
// A field breaks at most one rule, the first that applies.
#ifndef LINTAS_SERVER_RECORDS_RULES_H_
#define LINTAS_SERVER_RECORDS_RULES_H_

#include <memory>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "google/protobuf/descriptor.h"
#include "google/protobuf/message.h"
#include "lintas/options/v1/options.pb.h"
#include "server/base/error.h"

namespace lintas {

// Checks one text by a declared rule; nullptr if it holds, else the rule's name above. An empty
// text breaks no rule. `length_max` in bytes; 0 means 200. Pure, any thread.
const char* BrokenTextRule(absl::string_view text, options::v1::Field::Rule rule, int length_max);

// One sentence on what a rule asks for, with its source. For every name in the list above.
absl::string_view RuleDescription(absl::string_view rule);

// The checks of one record type, read once from its descriptors. Immutable, any thread.
class RulePlan {
 public:
  // Paths begin with `code`.
  RulePlan(const google::protobuf::Descriptor* descriptor, absl::string_view code);
  ~RulePlan();
  RulePlan(const RulePlan&) = delete;
  RulePlan& operator=(const RulePlan&) = delete;

  // Appends all violations of `record`, which must be of the plan's type. Unknown fields are no
  // violation here: RecordType::Split() refuses them.
  void Check(const google::protobuf::Message& record,
             std::vector<FieldViolation>* violations) const;

 private:
  struct Level;
  class Walk;
  static std::unique_ptr<Level> Compile(const google::protobuf::Descriptor* descriptor, bool top);

  std::string code_;
  std::unique_ptr<Level> top_;
};

}  // namespace lintas

#endif  // LINTAS_SERVER_RECORDS_RULES_H_

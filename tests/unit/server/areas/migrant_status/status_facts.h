// Facts for the tests of the rules, one line each, and the parameters of the default agreement. All
// people are synthetic. For tests only.
#ifndef LINTAS_TESTS_UNIT_SERVER_AREAS_MIGRANT_STATUS_STATUS_FACTS_H_
#define LINTAS_TESTS_UNIT_SERVER_AREAS_MIGRANT_STATUS_STATUS_FACTS_H_

#include <string>

#include "server/areas/migrant_status/facts.h"
#include "server/areas/migrant_status/parameters.h"
#include "tests/support/signed_agreement.h"

namespace lintas::migrant_status {

inline const agreement::v1::StatusTerms& TermsForTest() {
  static const auto& terms =
      *new agreement::v1::StatusTerms(DefaultAgreementForTest().status_terms());
  return terms;
}
inline const Parameters& ParametersForTest(const std::string& country = "khm") {
  static const auto& khm = *new Parameters(TermsForTest(), "khm");
  static const auto& idn = *new Parameters(TermsForTest(), "idn");
  return country == "idn" ? idn : khm;
}

inline CrossingFact Crossed(bool entry, Day day, const std::string& visa_class = "T",
                            MaybeDay permitted_until = absl::nullopt) {
  CrossingFact fact;
  fact.name = std::string(entry ? "entry " : "exit ") + Text(day);
  fact.entry = entry;
  fact.admitted = true;
  fact.day = day;
  fact.time = absl::FromCivil(absl::CivilSecond(day), absl::UTCTimeZone());
  fact.visa_class = visa_class;
  fact.permitted_until = permitted_until;
  return fact;
}
inline CrossingFact Entered(Day day, const std::string& visa_class = "T",
                            MaybeDay permitted_until = absl::nullopt) {
  return Crossed(true, day, visa_class, permitted_until);
}
inline CrossingFact Left(Day day) { return Crossed(false, day); }
inline CrossingFact TurnedBack(Day day) {
  CrossingFact fact = Crossed(true, day);
  fact.admitted = false;
  fact.refused = true;
  return fact;
}
inline StayPermitFact Stay(const std::string& permit_class, Day start, Day end) {
  return {"stay permit " + permit_class, permit_class, start, end, false};
}
inline WorkPermitFact Work(Day start, Day end, const std::string& employer = "") {
  return {"work permit " + Text(start), start, end, false, employer};
}

inline Facts FactsForTest(std::vector<CrossingFact> crossings = {},
                          const std::string& owner = "khm") {
  Facts facts;
  facts.owner = owner;
  facts.complete = true;
  facts.crossings = std::move(crossings);
  Sort(&facts);
  return facts;
}

}  // namespace lintas::migrant_status

#endif  // LINTAS_TESTS_UNIT_SERVER_AREAS_MIGRANT_STATUS_STATUS_FACTS_H_

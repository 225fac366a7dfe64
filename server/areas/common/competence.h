// Competence: which office of a country may act in an area. Asked by the procedures, answered by
// the institutions registry (area 7), connected in server/main.
#ifndef LINTAS_SERVER_AREAS_COMMON_COMPETENCE_H_
#define LINTAS_SERVER_AREAS_COMMON_COMPETENCE_H_

#include <set>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "server/call/principal.h"

namespace lintas {

// Thread safe.
class Competence {
 public:
  virtual ~Competence() = default;

  struct Offices {
    // True if the country has registered any office at all: before that, nobody is refused.
    bool registered = false;
    // Resource names of those that are competent at `now`.
    std::vector<std::string> competent;
    // True if one of these has ever named an office-holder: before that, nobody is refused.
    bool names_holders = false;
    // Certificate ids of those who hold office in one of them at `now`.
    std::set<std::string> holders;
  };
  // `country`: lower-case alpha-3; `area`: 1 to 8.
  virtual absl::StatusOr<Offices> For(absl::string_view country, int area,
                                      absl::Time now) const = 0;
};

// Whether `principal` may act in `area` at `now` for the own country: it holds office in an
// institution that is competent there, as far as the country has registered such. A partner's step
// does not name its author, so only the office can be asked for there. kFailedPrecondition, reason
// NOT_COMPETENT.
absl::Status CheckCompetent(const Competence& competence, const Principal& principal, int area,
                            absl::Time now);

}  // namespace lintas

#endif  // LINTAS_SERVER_AREAS_COMMON_COMPETENCE_H_

// Competence: which office of a country may act in an area. Asked by the procedures, answered by
// the institutions registry (area 7), connected in server/main.
#ifndef LINTAS_SERVER_AREAS_COMMON_COMPETENCE_H_
#define LINTAS_SERVER_AREAS_COMMON_COMPETENCE_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"

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
  };
  // `country`: lower-case alpha-3; `area`: 1 to 8.
  virtual absl::StatusOr<Offices> For(absl::string_view country, int area,
                                      absl::Time now) const = 0;
};

}  // namespace lintas

#endif  // LINTAS_SERVER_AREAS_COMMON_COMPETENCE_H_

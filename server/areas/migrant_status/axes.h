// From the facts of both countries to the axes of DOMAIN section 4. Runs the rules (rules/), puts
// what they find side by side, and marks what does not go together. Pure; any thread.
//
//   S1  Axes are independent: no rule of one axis reads another axis.
//   S2  Only the host's own records decide its axes; the other side's stand beside them with their
//       owner. Nothing is merged and nothing preferred.
//   S3  What is not on record is CANNOT_SAY with what is missing, or a suspicion at most; it is
//   never
//       REGULAR.
//   S4  At the node of a State whose national the person is or may be, the trafficking axis does
//   not
//       exist, and no other axis, rule, evidence or gap depends on protection (R2).
#ifndef LINTAS_SERVER_AREAS_MIGRANT_STATUS_AXES_H_
#define LINTAS_SERVER_AREAS_MIGRANT_STATUS_AXES_H_

#include <string>
#include <vector>

#include "lintas/agreement/v1/agreement.pb.h"
#include "lintas/migrant_status/v1/migrant_status.pb.h"
#include "server/areas/migrant_status/facts.h"

namespace lintas::migrant_status {

// Who looks, and by which parameters.
struct Viewpoint {
  std::string own_country, partner_country;  // Lower-case alpha-3.
  bool sees_protected = false;
  const agreement::v1::StatusTerms& terms;
};

struct PersonFacts {
  std::vector<Facts> by_owner;             // Sorted, at most one of each country.
  std::vector<std::string> nationalities;  // Upper-case alpha-3, as any record shows them.
};

std::vector<v1::AxisStatus> Evaluate(const PersonFacts& person, const Viewpoint& viewpoint, Day at);

// Why an officer looks at the person before anything else, by the axes alone: residence, regularity
// and labour, never trafficking (R2, R3). None is no clearance (R4).
std::vector<v1::LineResult::ScreenReason> ScreenReasons(const std::vector<v1::AxisStatus>& axes);

}  // namespace lintas::migrant_status

#endif  // LINTAS_SERVER_AREAS_MIGRANT_STATUS_AXES_H_

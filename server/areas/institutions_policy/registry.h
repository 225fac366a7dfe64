// Registry: the answer to "who is competent" from the institutions that both countries registered.
// Reads committed state; thread safe.
#ifndef LINTAS_SERVER_AREAS_INSTITUTIONS_POLICY_REGISTRY_H_
#define LINTAS_SERVER_AREAS_INSTITUTIONS_POLICY_REGISTRY_H_

#include "server/areas/common/competence.h"
#include "server/records/reader.h"

namespace lintas::institutions_policy {

class Registry final : public Competence {
 public:
  explicit Registry(const Reader* reader) : reader_(reader) {}

  // A day is that of UTC+7, the seats' zone.
  absl::StatusOr<Offices> For(absl::string_view country, int area, absl::Time now) const override;

 private:
  const Reader* const reader_;
};

}  // namespace lintas::institutions_policy

#endif  // LINTAS_SERVER_AREAS_INSTITUTIONS_POLICY_REGISTRY_H_

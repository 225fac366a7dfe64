#include "server/records/askable.h"

#include "lintas/options/v1/options.pb.h"
#include "server/ledger/entry.h"

namespace lintas {

bool MayBeAskedFor(const FoundRecord& found, const std::string& country,
                   const AgreementVersion& agreement) {
  if (found.country != country || found.state != RecordState::kCurrent) return false;
  // Of a released record the partner holds the rest already: no answer would be the mark's own
  // sign.
  const bool marked = FindSection(found.payload, options::v1::Field::PROTECTED) != nullptr;
  if (marked && !found.released) return false;
  const agreement::v1::RecordTerms* terms = agreement.Terms(found.type->code());
  return terms != nullptr && terms->crossing() != agreement::v1::RecordTerms::CROSSING_UNSPECIFIED;
}

}  // namespace lintas

// What of a record leaves the country as it arrives (R8, P2). Pure.
#ifndef LINTAS_SERVER_AGREEMENT_RELEASE_H_
#define LINTAS_SERVER_AGREEMENT_RELEASE_H_

#include <array>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "server/agreement/agreement.h"
#include "server/ledger/entry.h"

namespace lintas {

struct ReleasePlan {
  // True: an exchange entry with `released_sections`, and a home entry with all of them if
  // `withheld_sections` is not empty. False: one home entry, everything stays.
  bool replicate = false;
  // options.v1.Field.Section numbers, ascending; only sections that the record fills.
  std::vector<int> released_sections;
  std::vector<int> withheld_sections;
};

// `agreement`: AgreementBook::ForRelease, null if none is in force: home only.
// `nationalities`: upper-case alpha-3, as the record states them. With none known, or none of the
// two Parties, the record stays at home (R8); a dual national of a Party and a third country may
// go. `filled[s - 1]`: the record has something in section s. PROTECTED and INTERNAL never leave,
// whatever the agreement says, and a record of which nothing would be left stays at home whole.
ReleasePlan PlanRelease(const AgreementVersion* agreement, absl::string_view type,
                        const std::vector<std::string>& nationalities,
                        const std::array<bool, kSectionCount>& filled);

// R8 alone: true if one of `nationalities` (upper-case alpha-3) is that of a Party (lower-case).
bool IsPartysNational(const AgreementVersion& agreement,
                      const std::vector<std::string>& nationalities);

// The sections of a record of `type` that an answer to a justified request may carry, ascending:
// the agreement's request_sections without PROTECTED and INTERNAL. None if the type stays at home.
std::vector<int> RequestSections(const AgreementVersion& agreement, absl::string_view type);

}  // namespace lintas

#endif  // LINTAS_SERVER_AGREEMENT_RELEASE_H_

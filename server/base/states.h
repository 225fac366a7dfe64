// Which three-letter codes stand in travel documents, and which country's certificates may sign for
// them: ICAO Doc 9303-3 section 5 and ISO 3166-1. Pure, any thread.
#ifndef LINTAS_SERVER_BASE_STATES_H_
#define LINTAS_SERVER_BASE_STATES_H_

#include "absl/strings/string_view.h"

namespace lintas {

enum class StateKind {
  // No code of either list.
  kUnknown,
  // A State, territory or organisation; `D` for Germany, as its documents carry.
  kIssuer,
  // XXA, XXB, XXC, XXX: a holder without a nationality. Nobody issues under it.
  kHolder,
  // UTO, Utopia: the country of ICAO's specimens.
  kSpecimen,
};

// `code` in upper case and without fillers.
StateKind KindOfState(absl::string_view code);

// True if `country`, the two letters of a certificate's subject in either case, signs the documents
// whose machine-readable zone names `state`. Several states may share one country (GBD, GBN ... and
// GB); one state may have several (CHN: CN, HK, MO).
bool SignsFor(absl::string_view country, absl::string_view state);

// False for holders without a nationality and for organisations of which no country of certificates
// is published: nothing signs for them.
bool HasSigner(absl::string_view state);

}  // namespace lintas

#endif  // LINTAS_SERVER_BASE_STATES_H_

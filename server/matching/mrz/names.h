// Whether a name as people write it may be the name of a machine-readable zone. Pure, any thread.
#ifndef LINTAS_SERVER_MATCHING_MRZ_NAMES_H_
#define LINTAS_SERVER_MATCHING_MRZ_NAMES_H_

#include "absl/strings/string_view.h"
#include "server/matching/mrz/reading.h"

namespace lintas::mrz {

// True if some form that the issuer may have chosen (Doc 9303-3 section 6) of `primary` and
// `secondary` is what stands in `reading`. A name that reaches the end of its field is compared as
// a beginning, word by word: ICAO allows several ways to cut (Doc 9303-4 section 4.2.3). A single
// name may stand on either side of the separator. False for names in another script than Latin.
bool MayBeTheName(const Reading& reading, absl::string_view primary, absl::string_view secondary);

}  // namespace lintas::mrz

#endif  // LINTAS_SERVER_MATCHING_MRZ_NAMES_H_

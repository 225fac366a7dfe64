// A fingerprint as words that two people read to each other over a telephone line: 80 bits as 16
// words of the ICAO spelling alphabet (ICAO Annex 10, volume II, 5.2.1.3), four to a group, each
// standing for a sign of base 32 (RFC 4648). 80 bits: nobody finds a second bundle with the same.
#ifndef LINTAS_CERTS_FINGERPRINT_WORDS_H_
#define LINTAS_CERTS_FINGERPRINT_WORDS_H_

#include <string>

#include "absl/strings/string_view.h"
#include "server/crypto/sha256.h"

namespace lintas {

// `alfa bravo charlie two  delta …`: lower case, one space between words, two between groups.
std::string FingerprintWords(const Hash& digest);

// True if `spoken` is `words`, whatever its case, spaces, commas and line breaks.
bool SameWords(absl::string_view words, absl::string_view spoken);

}  // namespace lintas

#endif  // LINTAS_CERTS_FINGERPRINT_WORDS_H_

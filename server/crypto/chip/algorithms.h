// Which algorithms of ICAO Doc 9303-12 are taken, and which of them only with a flag. Pure.
#ifndef LINTAS_SERVER_CRYPTO_CHIP_ALGORITHMS_H_
#define LINTAS_SERVER_CRYPTO_CHIP_ALGORITHMS_H_

#include <string>

#include "absl/strings/string_view.h"

struct evp_pkey_st;
struct x509_st;

namespace lintas::chip {

// The hash of `oid` (`2.16.840.1.101.3.4.2.1`) as OpenSSL calls it: SHA1, SHA224, SHA256, SHA384,
// SHA512; empty if it is none that Doc 9303 allows.
absl::string_view HashOfOid(absl::string_view oid);
// Its size in bytes.
size_t HashSize(absl::string_view hash);
// SHA-1 and SHA-224 were allowed once; what they sign is told with a flag.
bool IsWeakHash(absl::string_view hash);
// The hash of `bytes`; `hash` is one of HashOfOid().
std::string HashOf(absl::string_view hash, absl::string_view bytes);

// What a public key is: `RSA 3072`, `EC brainpoolP256r1`.
struct KeyKind {
  std::string name;
  // RSA of at least 1024 bits; EC on P-224 to P-521 or brainpool 224 to 512 (r1), named or with
  // parameters that are one of these curves'. Others are never verified with.
  bool allowed = false;
  // RSA under 2048 bits, curves under 256.
  bool weak = false;
};
KeyKind KindOfKey(evp_pkey_st* key);

}  // namespace lintas::chip

#endif  // LINTAS_SERVER_CRYPTO_CHIP_ALGORITHMS_H_

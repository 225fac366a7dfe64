// EF.SOD, the document security object of a chip: ICAO Doc 9303-10 section 4.6.2. Parsing and the
// checks of form that OpenSSL leaves out; no signature is verified here. Pure, any thread.
#ifndef LINTAS_SERVER_CRYPTO_CHIP_SECURITY_OBJECT_H_
#define LINTAS_SERVER_CRYPTO_CHIP_SECURITY_OBJECT_H_

#include <map>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace lintas::chip {

constexpr absl::string_view kSecurityObjectOid = "2.23.136.1.1.1";
constexpr int kGroupMax = 16;

struct SecurityObject {
  // The CMS SignedData inside tag 0x77, DER.
  std::string cms;
  // As OpenSSL calls it.
  std::string hash;
  // 0, or 1 with the LDS and Unicode versions below.
  int version = 0;
  std::string lds_version, unicode_version;
  // Data group, 1 to 16, and its hash.
  std::map<int, std::string> hashes;
};

// All of kInvalidArgument, by reason: SOD_TAG, SOD_LENGTH (cut off), SOD_TRAILING_BYTES,
// SOD_NOT_DER, SIGNED_DATA_VERSION (not 3), CONTENT_TYPE (not an LDS security object), LDS_OBJECT
// (its form), LDS_VERSION, UNKNOWN_HASH, HASH_LENGTH, DUPLICATE_GROUP, UNKNOWN_GROUP.
absl::StatusOr<SecurityObject> ParseSecurityObject(absl::string_view file);

// The machine-readable zone in EF.DG1 (tag 0x61, in it 0x5F1F), 72, 88 or 90 signs.
// kInvalidArgument, reason DG1_FORM.
absl::StatusOr<std::string> ZoneOfGroup1(absl::string_view file);

}  // namespace lintas::chip

#endif  // LINTAS_SERVER_CRYPTO_CHIP_SECURITY_OBJECT_H_

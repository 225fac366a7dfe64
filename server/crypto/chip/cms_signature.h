// The signature of a CMS SignedData with one signer, without the question whom the signer is
// trusted by. Told apart: good, wrong, and what cannot be checked. Pure, any thread.
#ifndef LINTAS_SERVER_CRYPTO_CHIP_CMS_SIGNATURE_H_
#define LINTAS_SERVER_CRYPTO_CHIP_CMS_SIGNATURE_H_

#include <memory>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"

struct CMS_ContentInfo_st;
struct asn1_object_st;
struct x509_st;

namespace lintas::chip {

enum class SignatureResult { kNotChecked, kGood, kBad, kUnverifiable };

struct SignatureCheck {
  SignatureResult result = SignatureResult::kNotChecked;
  // Why it is bad or unverifiable: NO_SIGNER, SEVERAL_SIGNERS, NO_SIGNED_ATTRIBUTES,
  // ATTRIBUTE_CONTENT_TYPE, NO_SIGNER_CERTIFICATE, UNKNOWN_HASH, KEY_NOT_ALLOWED,
  // SIGNATURE_WRONG, DIGEST_INFO_WITHOUT_PARAMETERS, SIGNATURE_UNSUPPORTED.
  std::string reason;
  // Null if no certificate of the signer was found.
  std::shared_ptr<x509_st> signer;
  // As OpenSSL calls them.
  std::string hash, algorithm;
};

// `der` is what `cms` was parsed from. `certificates` may hold the signer's, if `cms` does not.
SignatureCheck CheckSignature(CMS_ContentInfo_st* cms, absl::string_view der,
                              const std::vector<std::shared_ptr<x509_st>>& certificates);

// Dotted.
std::string OidOf(const asn1_object_st* object);

}  // namespace lintas::chip

#endif  // LINTAS_SERVER_CRYPTO_CHIP_CMS_SIGNATURE_H_

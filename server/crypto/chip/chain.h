// The chain from a document signer to a country-signing certificate, at a stated time, with
// OpenSSL's path validation: ICAO Doc 9303-12 section 6. Pure, any thread.
#ifndef LINTAS_SERVER_CRYPTO_CHIP_CHAIN_H_
#define LINTAS_SERVER_CRYPTO_CHIP_CHAIN_H_

#include <memory>
#include <set>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "server/crypto/chip/csca_store.h"

namespace lintas::chip {

struct Chain {
  enum class Result { kAnchored, kNoAnchor, kSignatureBad, kNotValid, kUnverifiable };
  Result result = Result::kNoAnchor;
  // UPPER_SNAKE; empty if anchored.
  std::string reason;
  // From the signer to the anchor.
  std::vector<std::shared_ptr<x509_st>> certificates;
  // EXPLICIT_CURVE, LINK_CERTIFICATE_USED, WEAK_HASH, WEAK_KEY.
  std::set<std::string> flags;
};

// `held` are the certificates of the signer's country, and no others.
Chain BuildChain(x509_st* signer, const CscaStore::Held& held, absl::Time at);

struct Revocation {
  // A list of the issuer was held, rightly signed.
  bool checked = false;
  bool revoked = false;
  // STALE_CRL, CRL_SIGNATURE_WRONG.
  std::set<std::string> flags;
};

// Whether a certificate of the chain below its anchor is on a list that its issuer, or another key
// of the same country, signed. A revocation after `at` does not count.
Revocation CheckRevocation(const Chain& chain, const CscaStore::Held& held,
                           const std::vector<X509_crl_st*>& crls, absl::Time at);

}  // namespace lintas::chip

#endif  // LINTAS_SERVER_CRYPTO_CHIP_CHAIN_H_

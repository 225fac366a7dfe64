// Makes X.509 certificates, requests and revocation lists. It signs what it is told to, so that a
// test can make every wrong certificate; what a country's CA may issue is CountryCa's business.
// Safe from any thread.
#ifndef LINTAS_CERTS_ISSUING_H_
#define LINTAS_CERTS_ISSUING_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "server/base/random.h"
#include "server/crypto/certificate.h"

namespace lintas {

// Who signs.
struct Issuer {
  Certificate certificate;
  TlsKey key;
};

// A certificate to be made. The defaults are the profile of a principal.
struct CertificateSpec {
  std::string common_name;
  std::vector<std::string> uris;
  std::vector<std::string> dns_names;
  std::vector<std::string> ip_addresses;
  absl::Time not_before, not_after;  // To the second.
  bool authority = false;
};

// 16 random bytes, positive and never short.
std::string RandomSerial(Random& random);

// Signs a certificate for the public key of `subject`; with `subject` itself if `issuer` is null.
// kInvalidArgument: a name that X.509 does not take.
absl::StatusOr<Certificate> MakeCertificate(const CertificateSpec& spec, const TlsKey& subject,
                                            const Issuer* issuer, Random& random);

// Made where the key stays: a PKCS #10 request in PEM, signed by `key` (proof of possession).
absl::StatusOr<std::string> MakeRequest(const CertificateSpec& spec, const TlsKey& key);

// What a request asks for, and its public key as a TlsKey without a private half.
struct CertificateRequest {
  std::vector<std::string> uris, dns_names, ip_addresses;
  TlsKey public_key;
};
// kInvalidArgument if `pem` is no request, its key is not P-256, or its signature is not by its
// key.
absl::StatusOr<CertificateRequest> ReadRequest(absl::string_view pem);

// The certificate's public key as a TlsKey without a private half.
TlsKey PublicKeyOf(const Certificate& certificate);

struct RevokedSerial {
  std::string serial;  // Lower-case hexadecimal.
  absl::Time time;
};
absl::StatusOr<RevocationList> MakeRevocationList(const Issuer& issuer, uint64_t number,
                                                  const std::vector<RevokedSerial>& revoked,
                                                  absl::Time this_update, absl::Time next_update);

}  // namespace lintas

#endif  // LINTAS_CERTS_ISSUING_H_

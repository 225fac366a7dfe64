// X.509 certificates and revocation lists as this project uses them (profile X.509-SVID of SPIFFE):
// a country's CA signs every certificate directly, there are no intermediates, and the one name
// that counts is the SPIFFE URI. OpenSSL's objects stay inside.
//
// Objects are immutable after parsing, cheap to copy, safe from any thread. No error repeats a byte
// of what was parsed.
#ifndef LINTAS_SERVER_CRYPTO_CERTIFICATE_H_
#define LINTAS_SERVER_CRYPTO_CERTIFICATE_H_

#include <memory>
#include <string>
#include <unordered_set>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "server/crypto/secret.h"

struct x509_st;
struct X509_crl_st;
struct evp_pkey_st;

namespace lintas {

constexpr size_t kCertificatesMax = 16;

// A private key for TLS, P-256.
class TlsKey {
 public:
  // Aborts if OpenSSL cannot generate: a machine without randomness.
  static TlsKey Generate();
  // Takes over a reference to `key`, which is not null. It may lack its private half.
  static TlsKey Adopt(evp_pkey_st* key);
  // The first private key in `pem`, unencrypted. kInvalidArgument otherwise.
  static absl::StatusOr<TlsKey> FromPem(absl::string_view pem);
  // PKCS #8 PEM of both halves.
  Secret Pem() const;
  bool is_p256() const;
  evp_pkey_st* handle() const { return key_.get(); }

 private:
  std::shared_ptr<evp_pkey_st> key_;
};

class Certificate {
 public:
  // Takes over a reference to `certificate`, which is not null.
  static absl::StatusOr<Certificate> Adopt(x509_st* certificate);
  // The first certificate in `pem`. kInvalidArgument if there is none.
  static absl::StatusOr<Certificate> FromPem(absl::string_view pem);
  // All certificates in `pem`, 1 to kCertificatesMax. kInvalidArgument otherwise.
  static absl::StatusOr<std::vector<Certificate>> ListFromPem(absl::string_view pem);

  // Lower-case hexadecimal, without leading zero bytes.
  const std::string& serial() const { return serial_; }
  const std::vector<std::string>& uris() const { return uris_; }
  const std::vector<std::string>& dns_names() const { return dns_names_; }
  // Dotted or colon form.
  const std::vector<std::string>& ip_addresses() const { return ip_addresses_; }
  absl::Time not_before() const { return not_before_; }
  absl::Time not_after() const { return not_after_; }

  // OK if this may name a principal: exactly one URI, not a CA, key usage digitalSignature without
  // certificate or CRL signing, extended use server and client, a P-256 key.
  // kUnauthenticated, reason CERTIFICATE_PROFILE, with the rule that it breaks.
  absl::Status CheckPrincipalProfile() const;
  // OK if this may be a country's CA: a critical CA constraint, key usage certificate signing, one
  // URI `spiffe://<trust_domain>`, signed by itself. kInvalidArgument otherwise.
  absl::Status CheckAuthorityProfile(absl::string_view trust_domain) const;
  // OK if one of `authorities` signed this and both are valid at `now`. kUnauthenticated, reasons
  // CERTIFICATE_EXPIRED, CERTIFICATE_NOT_YET_VALID, UNTRUSTED_ISSUER.
  absl::Status CheckIssued(const std::vector<Certificate>& authorities, absl::Time now) const;
  bool BelongsTo(const TlsKey& key) const;

  std::string Pem() const;
  // The DER bytes, for comparing.
  std::string Der() const;
  x509_st* handle() const { return certificate_.get(); }

 private:
  std::shared_ptr<x509_st> certificate_;
  std::string serial_;
  std::vector<std::string> uris_, dns_names_, ip_addresses_;
  absl::Time not_before_, not_after_;
};

// A country's list of revoked certificates.
class RevocationList {
 public:
  static absl::StatusOr<RevocationList> Adopt(X509_crl_st* list);
  // The first list in `pem`. kInvalidArgument if there is none, or it lacks number or next update.
  static absl::StatusOr<RevocationList> FromPem(absl::string_view pem);

  // Grows with every list; a smaller one is an older list.
  uint64_t number() const { return number_; }
  absl::Time this_update() const { return this_update_; }
  // When the next list was promised; after it this one is stale (P24).
  absl::Time next_update() const { return next_update_; }
  bool Revokes(absl::string_view serial) const { return serials_.count(std::string(serial)) != 0; }
  size_t size() const { return serials_.size(); }
  bool SignedByOneOf(const std::vector<Certificate>& authorities) const;
  std::string Pem() const;

 private:
  std::shared_ptr<X509_crl_st> list_;
  uint64_t number_ = 0;
  absl::Time this_update_, next_update_;
  std::unordered_set<std::string> serials_;
};

}  // namespace lintas

#endif  // LINTAS_SERVER_CRYPTO_CERTIFICATE_H_

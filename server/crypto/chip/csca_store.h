// The country-signing certificates (CSCA), link certificates and revocation lists that are held:
// ICAO Doc 9303-12. They come in one by one or in master lists. Nothing in here is trusted for any
// country but its own.
//
// What is brought in is the caller's decision to trust: a master list's signature is checked as a
// protection against damage, not as a reason to trust its signer.
#ifndef LINTAS_SERVER_CRYPTO_CHIP_CSCA_STORE_H_
#define LINTAS_SERVER_CRYPTO_CHIP_CSCA_STORE_H_

#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

struct x509_st;
struct X509_crl_st;

namespace lintas::chip {

constexpr absl::string_view kMasterListOid = "2.23.136.1.1.2";

// One certificate as it is told to people.
struct CertificateFacts {
  // Two letters in upper case; empty if the subject has no country.
  std::string country;
  std::string subject, issuer;
  // Lower-case hexadecimal.
  std::string serial, subject_key_id, sha256;
  // RFC 3339.
  std::string not_before, not_after;
  std::string key;
  bool self_issued = false;
};
CertificateFacts FactsOf(x509_st* certificate);

// How a file of certificates came.
enum class SourceKind {
  kCertificates,
  // A master list whose signature by the signer inside it is good.
  kMasterList,
  // OpenSSL cannot check its signature, for example RSA without the parameters that it asks for
  // (openssl/openssl#22093).
  kUnverifiableMasterList,
  // The bare content of a master list, unsigned.
  kMasterListContent,
};
absl::string_view SourceName(SourceKind kind);

struct SourceReport {
  SourceKind kind = SourceKind::kCertificates;
  // Read from the file, held already, and not readable.
  size_t read = 0, repeated = 0, unreadable = 0;
  // Read, but no certificate authority's.
  size_t refused = 0;
};

// Not thread safe while something is added; then may be read from several threads at once.
class CscaStore {
 public:
  CscaStore();
  ~CscaStore();
  CscaStore(CscaStore&&) noexcept;
  CscaStore& operator=(CscaStore&&) noexcept;

  // PEM with any number of certificates or a master list, one DER certificate, a DER master list
  // (all certificates in its content, not only its signer's), or a master list's content. Reasons:
  // NO_CERTIFICATE, MASTER_LIST_SIGNATURE (wrong: nothing is taken), MASTER_LIST_FORM.
  absl::StatusOr<SourceReport> Add(absl::string_view file);
  // A revocation list, PEM or DER; who signed it is checked when it is used. Reason NO_CRL.
  absl::Status AddCrl(absl::string_view file);

  size_t size() const;
  std::vector<CertificateFacts> Facts() const;
  bool HoldsCountry(absl::string_view country) const;

  // Certificates of `country`, two letters: signed by themselves, or links from an older key.
  struct Held {
    std::vector<x509_st*> anchors, links;
  };
  Held Of(absl::string_view country) const;
  // All lists; they belong to the store.
  std::vector<X509_crl_st*> crls() const;

 private:
  void Take(x509_st* certificate, SourceReport* report);
  absl::Status AddDer(absl::string_view der, SourceReport* report);
  absl::Status AddMasterList(absl::string_view der, SourceReport* report);
  absl::Status AddMasterListContent(absl::string_view content, SourceReport* report);

  struct Entry {
    std::shared_ptr<x509_st> certificate;
    std::string country;
    bool self_signed = false;
  };
  // By subject key identifier and issuer: serial numbers repeat among CSCAs. Certificates that
  // share the key (a renewed one) stand beside each other.
  std::multimap<std::pair<std::string, std::string>, Entry> entries_;
  std::vector<std::shared_ptr<X509_crl_st>> crls_;
};

// The certificates in `file`, PEM or DER, for document signers. Reason NO_CERTIFICATE.
absl::StatusOr<std::vector<std::shared_ptr<x509_st>>> ReadCertificates(absl::string_view file);

}  // namespace lintas::chip

#endif  // LINTAS_SERVER_CRYPTO_CHIP_CSCA_STORE_H_

// CountryCa: one country's certificate authority in a folder, kept on a machine without a network.
//
//   ca.key       the CA's private key, 0600
//   ca.pem       its certificate
//   before.pem   the certificates of the CAs before it, if there were any
//   crl.pem      the newest revocation list
//   register     what was issued and revoked, one line each, only ever appended to
//
//   C1  A key or certificate of the CA is never overwritten.
//   C2  A certificate leaves only after its line stands in the register, so that it can be revoked.
//   C3  The number of revocation lists grows and a revoked serial stays on the list.
//
// One object at a time works on a folder: Open takes a lock that the object holds. Not thread safe.
#ifndef LINTAS_CERTS_COUNTRY_CA_H_
#define LINTAS_CERTS_COUNTRY_CA_H_

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "certs/issuing.h"
#include "server/base/random.h"
#include "server/call/principal.h"
#include "server/crypto/certificate.h"

namespace lintas {

// P24: while the other side's revocations are stale, work goes on under certificates this short.
constexpr absl::Duration kCertificateLife = absl::Hours(24 * 7);
constexpr absl::Duration kRevocationListLife = absl::Hours(24 * 7);
constexpr int kAuthorityYears = 5;
// A certificate counts from a little before it was made: clocks of two machines differ.
constexpr absl::Duration kClockSkew = absl::Minutes(5);

// A certificate to issue.
struct LeafOrder {
  Principal principal;
  // Host names and addresses under which a node is reached; none for people.
  std::vector<std::string> dns_names;
  std::vector<std::string> ip_addresses;
  absl::Duration life = kCertificateLife;
};

class CountryCa {
 public:
  // Makes the CA in `folder`, which is created if it is not there. `after` is the folder of the CA
  // that this one succeeds, empty for the first: its register is taken over, so that what the old
  // CA issued can be revoked here and stays on the list, whose number goes on (C3). The old CA
  // issues nothing and writes no list from then on. kAlreadyExists if the folder holds a CA;
  // kInvalidArgument for an unknown country, or if `after` is a CA of another.
  static absl::StatusOr<std::unique_ptr<CountryCa>> Init(const std::string& folder,
                                                         absl::string_view country,
                                                         absl::Duration life, absl::Time now,
                                                         Random& random,
                                                         const std::string& after = "");
  // kNotFound if there is no CA; kUnavailable if another process works on it; kInvalidArgument if
  // its files do not fit one another.
  static absl::StatusOr<std::unique_ptr<CountryCa>> Open(const std::string& folder);
  ~CountryCa();

  // Key and certificate in one PEM, to be written with FileAccess::kPrivate.
  absl::StatusOr<Secret> Issue(const LeafOrder& order, absl::Time now, Random& random);
  // The certificate for a request made where the key stays. kInvalidArgument: the request does not
  // prove possession of its key, or names anything but one principal of this country.
  absl::StatusOr<Certificate> SignRequest(absl::string_view request_pem, absl::Duration life,
                                          absl::Time now, Random& random);
  // The same names and key once more, from `now`. kInvalidArgument if neither this CA nor one
  // before it has issued `old`; kFailedPrecondition if it is revoked: whoever lost it must be
  // issued another.
  absl::StatusOr<Certificate> Renew(const Certificate& old, absl::Duration life, absl::Time now,
                                    Random& random);
  // Revokes a serial, or every certificate of a SPIFFE URI, and writes crl.pem. Gives the count of
  // certificates that were not revoked before. kNotFound if this CA has issued none such.
  absl::StatusOr<size_t> Revoke(absl::string_view serial_or_uri, absl::Time now);
  // Writes the next list to crl.pem.
  absl::StatusOr<RevocationList> WriteRevocationList(absl::Time now,
                                                     absl::Duration life = kRevocationListLife);

  const std::string& country() const { return country_; }
  const Certificate& certificate() const { return issuer_.certificate; }
  std::string CertificatePath() const { return folder_ + "/ca.pem"; }
  std::string RevocationListPath() const { return folder_ + "/crl.pem"; }
  bool IsRevoked(absl::string_view serial) const;

 private:
  struct Issued {
    std::string uri;
    // In the infinite future while it stands.
    absl::Time revoked = absl::InfiniteFuture();
  };

  explicit CountryCa(std::string folder) : folder_(std::move(folder)) {}
  absl::Status Lock();
  absl::Status LoadIssuer();
  absl::Status LoadRegister();
  // What before.pem of a CA that succeeds `before` holds.
  static std::string BeforePem(const CountryCa& before);
  absl::Status ReadLine(absl::string_view line);
  // Appends and syncs.
  absl::Status AppendLine(const std::string& line);
  absl::StatusOr<Certificate> SignLeaf(const LeafOrder& order, const TlsKey& subject,
                                       absl::Time now, Random& random);

  std::string folder_;
  std::string country_;
  Issuer issuer_;
  std::vector<Certificate> before_;       // CAs that this one succeeded.
  std::map<std::string, Issued> issued_;  // By serial.
  uint64_t list_number_ = 0;
  int lock_fd_ = -1;
};

}  // namespace lintas

#endif  // LINTAS_CERTS_COUNTRY_CA_H_

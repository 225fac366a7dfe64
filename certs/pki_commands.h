// The commands of `lintas-pki`, without its flags. Each gives an error or writes what it did to
// `out`. Nothing here asks; the ceremony around it is docs/pki.md.
#ifndef LINTAS_CERTS_PKI_COMMANDS_H_
#define LINTAS_CERTS_PKI_COMMANDS_H_

#include <ostream>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "lintas/trust/v1/trust.pb.h"
#include "server/base/random.h"
#include "server/ledger/trust/trust_bundle.h"

namespace lintas {

// What every command is given.
struct PkiContext {
  std::string folder;  // Of the CA.
  absl::Time now;
  Random* random;
  std::ostream* out;
};

struct IssueFlags {
  std::string role, id;
  std::string out_path;
  std::vector<std::string> dns_names, ip_addresses;
  int days = 7;
};

struct AuthorityFlags {
  std::string name, office, start_date, end_date;
};

struct RotateFlags {
  std::string keys_path, out_path;
  // Which keys are made anew: log, held, consistent, question; all if empty.
  std::vector<std::string> uses;
};

struct ExportFlags {
  std::string partnership = "idn-khm";
  std::string keys_path;
  std::string out_path;
  // The bundle before this one; empty for the first.
  std::string previous_path;
  uint64_t exchange_from_size = 0, home_from_size = 0;
  // CA certificates that stand beside this CA's: the one before it, while certificates of it run.
  std::vector<std::string> authority_paths;
};

// `after`: folder of the CA that this one succeeds; empty for the first.
absl::Status InitCa(const PkiContext& context, const std::string& country, int years,
                    const std::string& after = "");
// Key and certificate in one file, 0600, that was not there before.
absl::Status IssueCertificate(const PkiContext& context, const IssueFlags& flags);
absl::Status SignRequestFile(const PkiContext& context, const std::string& request_path,
                             const std::string& out_path, int days);
// Replaces the certificate in `path`; the key in it, if there is one, stays.
absl::Status RenewFile(const PkiContext& context, const std::string& path, int days);
// `what`: a serial, or a SPIFFE URI or a file with its certificate, which revoke all it was issued.
absl::Status RevokeCertificate(const PkiContext& context, const std::string& what);
absl::Status WriteList(const PkiContext& context, int days);
absl::Status MakeLedgerKeys(const PkiContext& context, const std::string& keys_path,
                            const std::string& seal_path);
// Copies signing keys into a file of their own with some of them made anew (P23).
absl::Status RotateKeys(const PkiContext& context, const RotateFlags& flags);
// Writes authority/NAME.key, for the holder to take away, and authority/NAME.json for the bundle.
absl::Status MakeAuthorityKey(const PkiContext& context, const AuthorityFlags& flags);
// With a previous bundle it is a draft, which SignBundle makes whole.
absl::Status ExportBundle(const PkiContext& context, const ExportFlags& flags);
// An office-holder agrees to the bundle at `path` and to each key in it that follows another.
absl::Status SignBundle(const PkiContext& context, const std::string& path, const std::string& name,
                        const std::string& key_path);
// What `bundle show` prints.
absl::StatusOr<trust::v1::TrustBundle> ReadBundle(const std::string& path,
                                                  Completeness completeness = Completeness::kWhole);
// Keeps the partner's bundle in `folder`/partner: bundle.json, ca.pem, crl.pem. kInvalidArgument if
// `spoken` is not its fingerprint; kFailedPrecondition if it does not follow the one held.
absl::Status ImportBundle(const PkiContext& context, const trust::v1::TrustBundle& bundle,
                          const std::string& spoken);

// 0 done, 2 usage, 4 refused, 5 invalid input, 6 unavailable, 7 conflict: as `lintas` has them.
int ExitCodeOf(const absl::Status& status);

}  // namespace lintas

#endif  // LINTAS_CERTS_PKI_COMMANDS_H_

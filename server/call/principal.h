// Principal: who asks, as the certificate says it. The one name in a certificate is a SPIFFE URI,
//   spiffe://<trust domain>/<role>/<id>
// with one trust domain per country (D4). Pure; safe from any thread.
#ifndef LINTAS_SERVER_CALL_PRINCIPAL_H_
#define LINTAS_SERVER_CALL_PRINCIPAL_H_

#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace lintas {

// A Party, lower-case ISO 3166-1 alpha-3: `idn` or `khm`.
using Country = std::string;

enum class Role {
  kNode,           // node: a country's node, on the partner port only.
  kOfficer,        // officer: a directorate's officer.
  kAttache,        // attache: the immigration attaché at an embassy.
  kAgency,         // agency: another agency's system.
  kStatisticsJob,  // statistics: the nightly job.
  kSupervisor,     // supervisor: supervisory authority, data protection officer.
  kOperator,       // operator: keeps the node running; sees no content.
};

constexpr Role kAllRoles[] = {Role::kNode,    Role::kOfficer,       Role::kAttache,
                              Role::kAgency,  Role::kStatisticsJob, Role::kSupervisor,
                              Role::kOperator};

// The word in the URI and in the agreement's grants, for example `statistics`.
absl::string_view RoleName(Role role);
// kInvalidArgument, reason UNKNOWN_ROLE, if `name` is none of the words.
absl::StatusOr<Role> ParseRole(absl::string_view name);

// `imigrasi.go.id` of `idn`, `immigration.gov.kh` of `khm`; empty for any other country.
absl::string_view TrustDomainOf(absl::string_view country);
// The way back; empty for a domain that is neither.
absl::string_view CountryOfTrustDomain(absl::string_view trust_domain);

struct Principal {
  Country country;
  Role role = Role::kOfficer;
  // [a-z0-9][a-z0-9._-]{0,62}. A pseudonym or a station, never a person's name.
  std::string id;
  // The whole URI: what access entries hold.
  std::string spiffe_uri;
};

// True if `id` may stand as the last part of a principal's URI.
bool IsPrincipalId(absl::string_view id);

// kInvalidArgument, reason BAD_PRINCIPAL_ID or UNKNOWN_COUNTRY.
absl::StatusOr<Principal> MakePrincipal(absl::string_view country, Role role, absl::string_view id);

// kUnauthenticated, reason BAD_SPIFFE_URI, UNKNOWN_TRUST_DOMAIN or UNKNOWN_ROLE. No error repeats
// what the certificate says: it comes from outside and ends up in logs.
absl::StatusOr<Principal> ParsePrincipal(absl::string_view spiffe_uri);

}  // namespace lintas

#endif  // LINTAS_SERVER_CALL_PRINCIPAL_H_

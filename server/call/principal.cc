#include "server/call/principal.h"

#include <algorithm>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "server/base/check.h"
#include "server/base/error.h"
#include "server/base/status.h"

namespace lintas {
namespace {

constexpr char kScheme[] = "spiffe://";
constexpr size_t kIdBytesMax = 63;

struct Party {
  absl::string_view country;
  absl::string_view trust_domain;
};
constexpr Party kParties[] = {{"idn", "imigrasi.go.id"}, {"khm", "immigration.gov.kh"}};

absl::Status Refuse(absl::string_view reason, absl::string_view message) {
  return MakeError(absl::StatusCode::kUnauthenticated, reason, message);
}

}  // namespace

absl::string_view RoleName(Role role) {
  switch (role) {
    case Role::kNode:
      return "node";
    case Role::kOfficer:
      return "officer";
    case Role::kAttache:
      return "attache";
    case Role::kAgency:
      return "agency";
    case Role::kStatisticsJob:
      return "statistics";
    case Role::kSupervisor:
      return "supervisor";
    case Role::kOperator:
      return "operator";
  }
  LINTAS_CHECK(false);
}

absl::StatusOr<Role> ParseRole(absl::string_view name) {
  for (Role role : kAllRoles) {
    if (RoleName(role) == name) return role;
  }
  return MakeError(absl::StatusCode::kInvalidArgument, "UNKNOWN_ROLE",
                   "the role is none of node, officer, attache, agency, statistics, supervisor, "
                   "operator");
}

absl::string_view TrustDomainOf(absl::string_view country) {
  for (const Party& party : kParties) {
    if (party.country == country) return party.trust_domain;
  }
  return "";
}

absl::string_view CountryOfTrustDomain(absl::string_view trust_domain) {
  for (const Party& party : kParties) {
    if (party.trust_domain == trust_domain) return party.country;
  }
  return "";
}

bool IsPrincipalId(absl::string_view id) {
  if (id.empty() || id.size() > kIdBytesMax) return false;
  if (!absl::ascii_islower(id[0]) && !absl::ascii_isdigit(id[0])) return false;
  return std::all_of(id.begin(), id.end(), [](unsigned char c) {
    return absl::ascii_islower(c) || absl::ascii_isdigit(c) || c == '.' || c == '_' || c == '-';
  });
}

absl::StatusOr<Principal> MakePrincipal(absl::string_view country, Role role,
                                        absl::string_view id) {
  if (TrustDomainOf(country).empty()) {
    return MakeError(absl::StatusCode::kInvalidArgument, "UNKNOWN_COUNTRY",
                     "the country is neither idn nor khm");
  }
  if (!IsPrincipalId(id)) {
    return MakeError(absl::StatusCode::kInvalidArgument, "BAD_PRINCIPAL_ID",
                     "the id is not 1 to 63 of a-z 0-9 . _ - starting with a letter or digit");
  }
  return Principal{std::string(country), role, std::string(id),
                   absl::StrCat(kScheme, TrustDomainOf(country), "/", RoleName(role), "/", id)};
}

absl::StatusOr<Principal> ParsePrincipal(absl::string_view spiffe_uri) {
  absl::string_view rest = spiffe_uri;
  const absl::Status malformed =
      Refuse("BAD_SPIFFE_URI", "the certificate's name is not spiffe://<trust domain>/<role>/<id>");
  if (!absl::ConsumePrefix(&rest, kScheme)) return malformed;
  const size_t domain_end = rest.find('/');
  if (domain_end == absl::string_view::npos) return malformed;
  const absl::string_view country = CountryOfTrustDomain(rest.substr(0, domain_end));
  if (country.empty()) {
    return Refuse("UNKNOWN_TRUST_DOMAIN", "the certificate's trust domain is of neither Party");
  }
  rest.remove_prefix(domain_end + 1);
  const size_t role_end = rest.find('/');
  if (role_end == absl::string_view::npos) return malformed;
  absl::StatusOr<Role> role = ParseRole(rest.substr(0, role_end));
  if (!role.ok()) return Refuse("UNKNOWN_ROLE", "the certificate's role is not known");
  rest.remove_prefix(role_end + 1);
  if (!IsPrincipalId(rest)) return malformed;
  return MakePrincipal(country, *role, rest);
}

}  // namespace lintas

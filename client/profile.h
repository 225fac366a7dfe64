// Profiles: which node to talk to, with which certificate, for which purpose. A folder holds
//   profiles/<name>.json   where the node is and where the files are: paths only, never a secret
//   state/<name>.json      case and purpose that `lintas case use` has set
//   current.json           the profile in use
// Files are replaced by rename, so that a command that breaks leaves the old one. Not thread safe.
#ifndef LINTAS_CLIENT_PROFILE_H_
#define LINTAS_CLIENT_PROFILE_H_

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace lintas::client {

struct Profile {
  // Lower-case ISO 3166-1 alpha-3 of the caller's own country, a Party; the node's certificate must
  // be of its trust domain.
  std::string country;
  // host:port of the node's own-country port.
  std::string address;
  // PEM with the private key, the certificate and its chain.
  std::string certificate_file;
  // PEM with the own country's CA certificates.
  std::string ca_file;
  // Code in the agreement; travels with every call.
  std::string purpose;
  std::string case_id;
};

// kInvalidArgument with every field that is missing or wrong.
absl::Status CheckProfile(const Profile& profile);

// The JSON of a profile and back. Parse refuses unknown members, so that a misspelt one is seen.
std::string FormatProfile(const Profile& profile);
absl::StatusOr<Profile> ParseProfile(absl::string_view json);

// What `lintas case use` sets beside the profile.
struct CaseState {
  std::string case_id;
  std::string purpose;
};

class ProfileStore {
 public:
  explicit ProfileStore(std::string folder) : folder_(std::move(folder)) {}

  // kAlreadyExists if there is one of this name, kInvalidArgument for a name other than letters,
  // digits, `-`, `_`. The first profile comes into use.
  absl::Status Add(absl::string_view name, const Profile& profile);
  // The profile with its case state laid over it. kInvalidArgument if there is none or it is
  // damaged.
  absl::StatusOr<Profile> Load(absl::string_view name) const;
  // In the order of their names.
  std::vector<std::string> Names() const;

  // Errors: as Load.
  absl::Status Use(absl::string_view name);
  // Empty if none is in use.
  std::string Current() const;

  absl::Status SetCase(absl::string_view name, const CaseState& state);
  CaseState Case(absl::string_view name) const;
  absl::Status ClearCase(absl::string_view name);

  const std::string& folder() const { return folder_; }

 private:
  std::string Path(absl::string_view kind, absl::string_view name) const;

  const std::string folder_;
};

}  // namespace lintas::client

#endif  // LINTAS_CLIENT_PROFILE_H_

#include "client/commands/session.h"

#include "server/base/status.h"

namespace lintas::client {

std::string Session::ProfileName() const {
  return options_.profile.empty() ? profiles_.Current() : options_.profile;
}

absl::StatusOr<Profile> Session::CurrentProfile() const {
  const std::string name = ProfileName();
  if (name.empty()) {
    return absl::InvalidArgumentError(
        "no profile is in use; make one with `lintas profile add` or choose one with --profile");
  }
  ASSIGN_OR_RETURN(Profile profile, profiles_.Load(name));
  if (!options_.purpose.empty()) profile.purpose = options_.purpose;
  if (!options_.case_id.empty()) profile.case_id = options_.case_id;
  return profile;
}

absl::StatusOr<Client*> Session::client() {
  if (client_ == nullptr) {
    ASSIGN_OR_RETURN(const Profile profile, CurrentProfile());
    ASSIGN_OR_RETURN(transport_, environment_.connect(profile));
    client_ = std::make_unique<Client>(transport_.get(), HeadersOf(profile, *environment_.random),
                                       environment_.random, Backoff{}, environment_.sleep);
  }
  return client_.get();
}

ExitCode Session::Fail(const absl::Status& status) {
  const ExitCode code = ExitCodeOf(status.code());
  const bool is_answer =
      code == ExitCode::kNothingToShare && options_.format == OutputFormat::kTable;
  (is_answer ? out() : err()) << DescribeError(
      status, client_ == nullptr ? "" : client_->headers().trace_id);
  return code;
}

void Session::Print(const Table& table, const google::protobuf::Message& message) {
  switch (options_.format) {
    case OutputFormat::kTable:
      out() << table.Text();
      break;
    case OutputFormat::kCsv:
      out() << table.Csv();
      break;
    case OutputFormat::kJson:
      out() << Json(message);
      break;
  }
}

void Session::Note(const std::string& line) {
  if (options_.format == OutputFormat::kTable) out() << line << "\n";
}

}  // namespace lintas::client

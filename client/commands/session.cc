#include "client/commands/session.h"

#include <algorithm>
#include <iterator>

#include "server/base/error.h"
#include "server/base/status.h"

namespace lintas::client {
namespace {

// What a person may do about an error, by its reason.
struct NextStep {
  const char* reason;
  const char* what;
};

constexpr NextStep kNextSteps[] = {
    {"OPERATION_NOT_GRANTED", "`lintas agreement show --text` tells what each role may do"},
    {"PURPOSE_NOT_GRANTED",
     "`lintas agreement show --text` tells the purposes; choose one with --purpose"},
    {"CASE_REQUIRED", "name the case with --case, or for all that follows with `lintas case use`"},
    {"MISSING_COLUMNS", "give your columns the names of the fields, or map them with --mapping"},
    {"PARTNER_NOT_YET",
     "do not repeat it, it is done here and goes over by itself; `lintas link status` tells "
     "whether "
     "the line is up"},
    {"CASE_OF_ANOTHER", "its holder can hand it over: `lintas case handover CASE --to ID`"},
    {"CURSOR_AHEAD", "`--since beginning` sends everything again; consumers drop what they have"},
    {"BAD_CURSOR", "a cursor is good for the same caller and conditions; `--since beginning`"},
    {"BAD_REFERENCE", "search again with `lintas migration find --name`"},
    {"PARTNER_UNREACHABLE", "`lintas link status` tells since when"},
};

std::string NextStepOf(const absl::Status& status) {
  const std::string reason = ErrorReason(status);
  // Without a reason it did not come from a node: the line broke or there is none.
  if (absl::IsUnavailable(status) && reason.empty()) {
    return "your own node cannot be reached, or has closed the line because your certificate is "
           "revoked: `lintas profile show` tells its address, its operator which of the two it is";
  }
  const auto* step = std::find_if(std::begin(kNextSteps), std::end(kNextSteps),
                                  [&](const NextStep& one) { return reason == one.reason; });
  return step == std::end(kNextSteps) ? "" : step->what;
}

}  // namespace

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
  const std::string next = NextStepOf(status);
  if (!next.empty()) err() << "next: " << next << "\n";
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
    case OutputFormat::kNdjson:
      out() << Json(message);
      break;
  }
}

void Session::Note(const std::string& line) {
  if (options_.format == OutputFormat::kTable) out() << line << "\n";
}

}  // namespace lintas::client

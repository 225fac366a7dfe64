// Session: one run of `lintas`. What the commands share: where to write, which profile, the client
// (made when first needed, so that offline commands need no profile), and how they end.
#ifndef LINTAS_CLIENT_COMMANDS_SESSION_H_
#define LINTAS_CLIENT_COMMANDS_SESSION_H_

#include <functional>
#include <memory>
#include <ostream>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "client/client.h"
#include "client/exit_code.h"
#include "client/output.h"
#include "client/profile.h"
#include "client/transport.h"
#include "google/protobuf/message.h"
#include "server/base/clock.h"
#include "server/base/random.h"

namespace lintas::client {

// Everything outside the program. All pointers must outlive the session.
struct Environment {
  std::ostream* out = nullptr;
  std::ostream* err = nullptr;
  // True if `err` is a terminal that a progress line may be rewritten on.
  bool err_is_terminal = false;
  // Folder of profiles and import states: $LINTAS_HOME or ~/.config/lintas.
  std::string folder;
  std::function<absl::StatusOr<std::unique_ptr<Transport>>(const Profile&)> connect;
  Clock* clock = nullptr;
  Random* random = nullptr;
  std::function<void(absl::Duration)> sleep;
};

// The options before the noun.
struct GlobalOptions {
  std::string profile;
  OutputFormat format = OutputFormat::kTable;
  std::string purpose;
  std::string case_id;
};

// Not thread safe.
class Session {
 public:
  explicit Session(Environment environment)
      : environment_(std::move(environment)), profiles_(environment_.folder) {}

  GlobalOptions& options() { return options_; }
  const Environment& environment() const { return environment_; }
  std::ostream& out() { return *environment_.out; }
  std::ostream& err() { return *environment_.err; }
  ProfileStore& profiles() { return profiles_; }

  // The profile that is asked for or in use.
  std::string ProfileName() const;
  // With purpose and case of the global options laid over it.
  absl::StatusOr<Profile> CurrentProfile() const;
  // Connected with the current profile; the same one for the whole run.
  absl::StatusOr<Client*> client();

  // Writes the error's lines and gives the exit code. Nothing to share is an answer: as a table it
  // goes to standard output.
  ExitCode Fail(const absl::Status& status);
  // The table (or CSV), or the message as JSON, by --output.
  void Print(const Table& table, const google::protobuf::Message& message);
  // A line that only people need: left out of CSV and JSON.
  void Note(const std::string& line);

  // What main returns; set by the command that ran.
  ExitCode result = ExitCode::kDone;

 private:
  const Environment environment_;
  GlobalOptions options_;
  ProfileStore profiles_;
  std::unique_ptr<Transport> transport_;
  std::unique_ptr<Client> client_;
};

}  // namespace lintas::client

#endif  // LINTAS_CLIENT_COMMANDS_SESSION_H_

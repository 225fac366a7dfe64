// lintas migration watch: changes of records as lines of JSON, for a national system.
#include <google/protobuf/util/json_util.h>

#include <memory>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "client/commands/commands.h"
#include "client/cursor_file.h"
#include "server/base/error.h"
#include "server/crypto/sha256.h"

namespace lintas::client {
namespace {

using Request = WatchStream::Request;
using Response = WatchStream::Response;

constexpr Backoff kReconnect = {0, absl::Milliseconds(200), absl::Seconds(5)};
// With --once: tries without a batch before it gives up.
constexpr int kTriesOnce = 4;

struct WatchOptions {
  Request request;
  std::vector<std::string> types;
  std::string since = "last";
  bool full = false;
  bool once = false;
};

// One cursor for each profile and set of conditions: a node takes it for no others.
std::string CursorName(const Request& conditions, const Session& session) {
  const std::string digest = Sha256Of(conditions.SerializeAsString()).str();
  return absl::StrCat(session.ProfileName(), "-", absl::BytesToHexString(digest.substr(0, 8)));
}

std::string LineOf(const google::protobuf::Message& event) {
  google::protobuf::util::JsonPrintOptions options;
  options.preserve_proto_field_names = true;
  std::string line;
  // What came over the wire was parsed as this type.
  (void)google::protobuf::util::MessageToJsonString(event, &line, options);
  return line + "\n";
}

class Watching {
 public:
  Watching(const WatchOptions& options, Session* session)
      : options_(options),
        session_(session),
        request_(options.request),
        file_(session->environment().folder, CursorName(options.request, *session)) {
    request_.set_view(options.full ? migration_information::v1::FULL
                                   : migration_information::v1::SUMMARY);
  }

  ExitCode Run() {
    const auto client = session_->client();
    if (!client.ok()) return session_->Fail(client.status());
    absl::Status status = Begin();
    while (status.ok() && !done_) {
      status = OneStream(**client);
      if (done_ || !absl::IsUnavailable(status)) break;
      if (options_.once && tries_ >= kTriesOnce) break;
      status = absl::OkStatus();
      Pause(**client);
    }
    return done_ ? ExitCode::kDone : session_->Fail(status);
  }

 private:
  absl::Status Begin() {
    if (options_.since == "beginning") return absl::OkStatus();
    if (options_.since != "last") {
      request_.set_cursor(options_.since);
      return absl::OkStatus();
    }
    const absl::StatusOr<std::string> kept = file_.Load();
    if (!kept.ok()) return kept.status();
    request_.set_cursor(*kept);
    return absl::OkStatus();
  }

  // kUnavailable: another stream may go on from the cursor.
  absl::Status OneStream(const Client& client) {
    const std::unique_ptr<WatchStream> stream = client.Watch(request_);
    if (stream == nullptr) return absl::UnimplementedError("no subscriptions here");
    Response batch;
    while (stream->Read(&batch)) {
      tries_ = 0;
      const absl::Status taken = Take(batch);
      done_ = taken.ok() && options_.once && batch.level();
      if (!taken.ok() || done_) {
        stream->Cancel();
        (void)stream->Finish();
        return taken;
      }
    }
    const absl::Status ended = stream->Finish();
    reason_ = ErrorReason(ended);
    // A node that is stopped ends its streams without an error.
    return ended.ok() || absl::IsCancelled(ended) ? absl::UnavailableError("the stream ended")
                                                  : ended;
  }

  // The cursor moves when every line of the batch is written, never before.
  absl::Status Take(const Response& batch) {
    for (const auto& event : batch.events()) {
      session_->out() << LineOf(event) << std::flush;
      if (!session_->out().good()) {
        return absl::InvalidArgumentError(
            "standard output takes no more; the cursor stays before what it did not take");
      }
    }
    request_.set_cursor(batch.cursor());
    return file_.Save(batch.cursor());
  }

  void Pause(const Client& client) {
    // These end a stream that did nothing wrong.
    if (reason_ == "STREAM_AGE" || reason_ == "AGREEMENT_CHANGED") return;
    ++tries_;
    if (tries_ == kTriesOnce) {
      session_->err() << "lintas: the stream does not open; it is tried again until it does\n";
    }
    client.SleepFor(client::Pause(kReconnect, std::min(tries_, 10), client.random()));
  }

  const WatchOptions& options_;
  Session* const session_;
  Request request_;
  const CursorFile file_;
  std::string reason_;
  int tries_ = 0;
  bool done_ = false;
};

}  // namespace

void AddMigrationWatch(Noun migration, Session* session) {
  auto options = std::make_shared<WatchOptions>();
  Verb verb = migration.AddVerb(
      "watch", "Follow every change of the records that you may see, as lines of JSON",
      "  lintas migration watch --since last --full --purpose SYSTEM_FEED\n"
      "  lintas migration watch --type crossing --country khm --once --purpose SYSTEM_FEED\n"
      "Where it stands is kept beside the profile, for each set of conditions, and moves when a "
      "line\n"
      "is written. After a break a line may come again: `ledger` and `index` tell.");
  verb.Add("--since", &options->since, "last (default), beginning, or a cursor");
  verb.Add("--type", &options->types, "Record type; may be repeated");
  verb.Add("--country", options->request.mutable_country(), "Country of origin");
  verb.Add("--nationality", options->request.mutable_nationality(),
           "Nationality that the record shows, three letters");
  verb.AddFlag("--full", &options->full, "Name the person; only what your role may see");
  verb.AddFlag("--once", &options->once, "End when there is nothing more");
  verb.OnCall(session, [options, session] {
    for (const std::string& type : options->types) options->request.add_types(type);
    return Watching(*options, session).Run();
  });
}

}  // namespace lintas::client

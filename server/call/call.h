// Call: who asks, for which purpose, on which case, until when; and Method: a named entry point
// with its operation. Areas and link/ see calls, admission/ makes them, edge/ carries them.
#ifndef LINTAS_SERVER_CALL_CALL_H_
#define LINTAS_SERVER_CALL_CALL_H_

#include <functional>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "google/protobuf/message.h"
#include "server/call/operation.h"
#include "server/call/principal.h"
#include "server/crypto/token.h"

namespace lintas {

// One admitted call. Only admission/ fills the second half.
struct Call {
  Principal principal;
  std::string method;    // Full name, `lintas.….v1.XService/Method`.
  std::string purpose;   // Code in the agreement.
  std::string case_id;   // As the officer named it; stays at home.
  std::string trace_id;  // 32 hexadecimal digits.
  absl::Time now;        // When the call was admitted.
  absl::Time deadline = absl::InfiniteFuture();
  bool wait_for_partner = false;  // A write is answered when the partner holds it (P6).

  // Set by admission from the agreement's grant.
  std::set<int> sections;           // options.v1.Field.Section values that the role sees.
  bool own_nationals_only = false;  // R7.
  uint32_t agreement_version = 0;   // In force when admitted.
};

// What a handler discloses, for the access entry that is durable before the answer leaves (P25).
struct Disclosure {
  std::vector<Token> subject_tokens;
  std::vector<std::string> record_names;  // At most 100 are kept.
  size_t record_count = 0;
};

struct Answered {
  std::unique_ptr<google::protobuf::Message> response;
  Disclosure disclosure;
  // True if the handler's own group of entries holds the access entry already (a write), so that
  // admission must not append a second one.
  bool access_recorded = false;
};

// Given once, at once or later, from any thread. Nothing blocks meanwhile.
using Reply = std::function<void(absl::StatusOr<Answered>)>;
using UnaryHandler = std::function<void(const Call&, const google::protobuf::Message&, Reply)>;

// A stream in progress: bidirectional, or of the server alone, which then gets one message and the
// half-close behind it. Messages are pipelined: OnMessage gives `ready` when it can
// take the next one, which may be before the answer to this one is written.
class StreamHandler {
 public:
  virtual ~StreamHandler() = default;
  // Called with one message at a time: the next one only after `ready` of the one before was called
  // with OK. An error ends the stream with it.
  virtual void OnMessage(std::unique_ptr<google::protobuf::Message> message,
                         std::function<void(absl::Status)> ready) = 0;
  // The client has half-closed. `finish` once everything accepted is answered; ends the stream.
  virtual void OnEnd(std::function<void(absl::Status)> finish) = 0;
  // All that was written so far has left for the client; whoever writes at its own pace writes
  // more.
  virtual void OnWritten() {}
  // What the stream has done, for its closing access entry.
  virtual Disclosure disclosure() const = 0;
};
// Sends one response; any thread, until `finish` or an error was given. Kept in order.
using StreamWriter = std::function<void(std::unique_ptr<google::protobuf::Message>)>;
using StreamOpener =
    std::function<std::unique_ptr<StreamHandler>(const Call& call, StreamWriter write)>;

// Exactly one of `unary` and `stream` is set.
struct Method {
  std::string full_name;
  Operation operation;
  UnaryHandler unary;
  StreamOpener stream;
};

}  // namespace lintas

#endif  // LINTAS_SERVER_CALL_CALL_H_

// RecordedStream: a stream's handler that leaves an access entry when it ends (D4 of admission.h).
#ifndef LINTAS_SERVER_ADMISSION_RECORDED_STREAM_H_
#define LINTAS_SERVER_ADMISSION_RECORDED_STREAM_H_

#include <functional>
#include <memory>

#include "server/admission/access_log.h"
#include "server/base/clock.h"
#include "server/call/call.h"

namespace lintas {

// Exactly one closing entry, whatever ends the stream: an error, the client's half-close, or the
// destruction of this object, which is a cancellation. The wrapped handler must not call `ready` or
// `finish` while it holds a lock that its disclosure() takes.
class RecordedStream final : public StreamHandler {
 public:
  RecordedStream(Call call, std::unique_ptr<StreamHandler> handler, AccessLog* log, Clock* clock);
  ~RecordedStream() override;

  void OnMessage(std::unique_ptr<google::protobuf::Message> message,
                 std::function<void(absl::Status)> ready) override;
  void OnEnd(std::function<void(absl::Status)> finish) override;
  void OnWritten() override;
  Disclosure disclosure() const override;

 private:
  struct State;
  // Callbacks may come after this object is gone; what they need is kept alive by them.
  const std::shared_ptr<State> state_;
};

// UNAVAILABLE, reason ACCESS_NOT_RECORDED.
absl::Status AccessNotRecorded();

}  // namespace lintas

#endif  // LINTAS_SERVER_ADMISSION_RECORDED_STREAM_H_

#include "server/admission/recorded_stream.h"

#include <mutex>
#include <utility>

#include "server/admission/outward.h"
#include "server/admission/reasons.h"
#include "server/base/error.h"

namespace lintas {

absl::Status AccessNotRecorded() {
  return MakeError(absl::StatusCode::kUnavailable, kAccessNotRecorded,
                   "the access could not be recorded, so nothing was answered; try again");
}

struct RecordedStream::State {
  State(Call the_call, std::unique_ptr<StreamHandler> the_handler, AccessLog* the_log,
        Clock* the_clock)
      : call(std::move(the_call)),
        log(the_log),
        clock(the_clock),
        handler(std::move(the_handler)) {}

  // Appends the closing entry with `outcome`, then calls `then` with what the caller gets to see.
  // A second closing only calls `then`.
  void Close(const absl::Status& outcome, std::function<void(absl::Status)> then) {
    Disclosure disclosed;
    {
      std::lock_guard<std::mutex> lock(mutex);
      if (closed) {
        then(StatusToOutward(outcome));
        return;
      }
      closed = true;
      disclosed = handler->disclosure();
    }
    AccessFacts facts;
    facts.outcome = outcome;
    facts.now = clock->Now();
    facts.disclosure = &disclosed;
    log->Append(call, facts, [outcome, then = std::move(then)](const absl::Status& durable) {
      then(durable.ok() ? StatusToOutward(outcome) : AccessNotRecorded());
    });
  }

  const Call call;
  AccessLog* const log;
  Clock* const clock;
  std::mutex mutex;
  bool closed = false;
  std::unique_ptr<StreamHandler> handler;
};

RecordedStream::RecordedStream(Call call, std::unique_ptr<StreamHandler> handler, AccessLog* log,
                               Clock* clock)
    : state_(std::make_shared<State>(std::move(call), std::move(handler), log, clock)) {}

RecordedStream::~RecordedStream() {
  state_->Close(absl::CancelledError("the stream was cut"), [](const absl::Status&) {});
  std::unique_ptr<StreamHandler> ended;
  std::lock_guard<std::mutex> lock(state_->mutex);
  ended = std::move(state_->handler);
}

void RecordedStream::OnMessage(std::unique_ptr<google::protobuf::Message> message,
                               std::function<void(absl::Status)> ready) {
  state_->handler->OnMessage(
      std::move(message), [state = state_, ready = std::move(ready)](const absl::Status& status) {
        if (status.ok()) return ready(status);
        state->Close(status, ready);
      });
}

void RecordedStream::OnEnd(std::function<void(absl::Status)> finish) {
  state_->handler->OnEnd([state = state_, finish = std::move(finish)](const absl::Status& status) {
    state->Close(status, finish);
  });
}

void RecordedStream::OnWritten() { state_->handler->OnWritten(); }

Disclosure RecordedStream::disclosure() const { return state_->handler->disclosure(); }

}  // namespace lintas

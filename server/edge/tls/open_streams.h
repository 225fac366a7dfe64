// OpenStreams: every stream in progress with the certificate it was opened under. On a change of
// trust each is judged again, and a stream lives at most an hour (P24): whose holder is not
// believed any more is cut, wherever the stream is in its work. Safe from any thread.
#ifndef LINTAS_SERVER_EDGE_TLS_OPEN_STREAMS_H_
#define LINTAS_SERVER_EDGE_TLS_OPEN_STREAMS_H_

#include <cstdint>
#include <functional>
#include <map>
#include <string>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "server/edge/tls/trust_store.h"

namespace lintas {

constexpr absl::Duration kStreamAgeMax = absl::Hours(1);

class OpenStreams {
 public:
  // `trust` outlives this object.
  explicit OpenStreams(TrustStore* trust);
  ~OpenStreams();
  OpenStreams(const OpenStreams&) = delete;
  OpenStreams& operator=(const OpenStreams&) = delete;

  // Calls `cut` at most once, from any thread, with why the stream must end: what Judge says, or
  // kUnavailable, reason STREAM_AGE, which asks the client to open another. `cut` does not block
  // and does not call Remove; typically it calls ServerContext::TryCancel or Finish.
  uint64_t Add(std::string leaf_pem, Peer peer, absl::Time now,
               std::function<void(absl::Status)> cut);
  // The stream has ended. When this returns, `cut` is not running and is never called again.
  void Remove(uint64_t stream);

  // Cuts what is too old. A few times a minute.
  void Tick(absl::Time now);
  size_t size() const;

 private:
  struct Stream {
    std::string leaf_pem;
    Peer peer;
    absl::Time opened;
    // Empty once called.
    std::function<void(absl::Status)> cut;
  };
  void JudgeAgain();
  static void Cut(Stream* stream, const absl::Status& why);

  TrustStore* const trust_;
  mutable absl::Mutex mutex_;
  std::map<uint64_t, Stream> streams_ ABSL_GUARDED_BY(mutex_);
  uint64_t next_ ABSL_GUARDED_BY(mutex_) = 1;
  uint64_t listener_ = 0;
};

}  // namespace lintas

#endif  // LINTAS_SERVER_EDGE_TLS_OPEN_STREAMS_H_

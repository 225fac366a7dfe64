// WatchRecords: the server stream that feeds a national system.
//
//   W1  A stream pulls from the ledgers by index; nothing is queued for it. The next batch is made
//       when the one before has left, so a slow consumer neither blocks anybody nor loses anything.
//   W2  What a batch discloses is on record before it leaves (P25): one access entry a batch, with
//       the name of every record in it.
//   W3  A record is shown as Get and ListRevisions would show it at that moment: what may not be
//       seen any more is left out, and the entry that took it away comes later in the stream.
//   W4  A cursor is good for one caller and one set of conditions, and grants nothing.
//   W5  Every batch is judged under the agreement in force; once another is in force the stream
//       ends, as it does after an hour (P24). The client goes on from its cursor.
//
// Open and NotifyCommit may be called from any thread; Step from one.
#ifndef LINTAS_SERVER_AREAS_MIGRATION_INFORMATION_SUBSCRIPTION_H_
#define LINTAS_SERVER_AREAS_MIGRATION_INFORMATION_SUBSCRIPTION_H_

#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "lintas/migration_information/v1/subscription.pb.h"
#include "server/call/call.h"
#include "server/records/reader.h"

namespace lintas::migration_information {

// As many as an access entry can name.
constexpr int kEventsPerBatchMax = 100;
constexpr size_t kBatchBytesMax = size_t{1} << 20;
// Entries looked at in one slice of Step, so that one stream's past does not hold up another's
// present.
constexpr uint64_t kEntriesPerSliceMax = 4096;
// Entries passed without an event after which the cursor is told all the same, so that a break does
// not have them looked at again.
constexpr uint64_t kSilentEntriesMax = 65536;
constexpr absl::Duration kWatchAgeMax = absl::Hours(1);

// The next index to look at in each ledger, as opaque text.
std::string MakeCursor(const Tokenizer& tokens, const std::string& binding, const Sizes& next);
// An empty cursor is the beginning. INVALID_ARGUMENT, reason BAD_CURSOR, if it was not given out
// here for `binding`; FAILED_PRECONDITION, reason CURSOR_AHEAD, if it is beyond `sizes`: this node
// has lost what the caller has seen.
absl::StatusOr<Sizes> ParseCursor(const Tokenizer& tokens, const std::string& binding,
                                  const std::string& cursor, const Sizes& sizes);
// Caller and conditions: all of the request that decides which events come.
std::string CursorBinding(const std::string& principal_uri, const v1::WatchRecordsRequest& request);

class Subscriptions {
 public:
  struct Deps {
    const Reader* reader = nullptr;
    // OK, or why a stream that was opened as `call` must end (admission).
    std::function<absl::Status(const Call&)> judge_again;
    // Makes an access entry for what is about to be disclosed; `durable` comes once, from any
    // thread (admission).
    std::function<void(const Call&, const Disclosure&, std::function<void(absl::Status)> durable)>
        record_access;
  };
  explicit Subscriptions(Deps deps) : deps_(std::move(deps)) {}
  Subscriptions(const Subscriptions&) = delete;
  Subscriptions& operator=(const Subscriptions&) = delete;

  // The handler must not outlive this object.
  std::unique_ptr<StreamHandler> Open(const Call& call, StreamWriter write);
  // There may be something new for every stream. Cheap: for the committer's thread.
  void NotifyCommit();
  // One slice for each stream that has something to do. True if there is more to do at once. Reads
  // the disk.
  bool Step(absl::Time now);
  // Called, from any thread, when Step has something to do.
  void SetWake(std::function<void()> wake);

 private:
  class Watch;
  class Handler;
  void Wake();

  const Deps deps_;
  mutable std::mutex mutex_;
  std::function<void()> wake_;
  std::vector<std::shared_ptr<Watch>> watches_;
};

}  // namespace lintas::migration_information

#endif  // LINTAS_SERVER_AREAS_MIGRATION_INFORMATION_SUBSCRIPTION_H_

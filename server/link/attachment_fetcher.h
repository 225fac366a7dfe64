// AttachmentFetcher: fetches what steps of the partner name and is not here, behind the pull.
//
//   G1  What is missing follows from the entries alone: after a restart it is found again, and goes
//       on at the chunk where it stood.
//   G2  One call at a time, for one chunk. Where the partner does not give it, that attachment
//       waits, longer each time; others go on.
//   G3  Before each call the entry is read again: what was erased meanwhile is not fetched.
//   G4  Bytes that are not what the step names are dropped, with an alarm; they are tried again
//       later.
//   G5  The bytes of one day are bounded, so that a partner cannot fill the disk before a person
//       looks.
//
// Tick(now) is called by one thread or a test; callbacks only fill an inbox.
#ifndef LINTAS_SERVER_LINK_ATTACHMENT_FETCHER_H_
#define LINTAS_SERVER_LINK_ATTACHMENT_FETCHER_H_

#include <deque>
#include <functional>
#include <memory>
#include <string>

#include "absl/time/time.h"
#include "server/base/alarms.h"
#include "server/call/partner.h"
#include "server/records/procedure/attachment_store.h"

namespace lintas {

constexpr absl::Duration kFetchBackOffMin = absl::Seconds(1);
constexpr absl::Duration kFetchBackOffMax = absl::Minutes(5);
// After bytes that were not right (G4).
constexpr absl::Duration kMismatchBackOff = absl::Minutes(5);
constexpr int64_t kFetchedBytesPerDayMax = int64_t{10} << 30;  // G5

class AttachmentFetcher {
 public:
  // `ready`: false while the line to the partner is paused or suspended.
  AttachmentFetcher(const RecordsDeps& deps, AttachmentStore* store, PartnerTransport* transport,
                    Alarms* alarms, std::function<bool()> ready,
                    int64_t bytes_per_day_max = kFetchedBytesPerDayMax);
  ~AttachmentFetcher();

  // One slice of work. True if it did anything and should be called again at once.
  bool Tick(absl::Time now);
  // Called when the inbox is filled.
  void SetWake(std::function<void()> wake);
  // How many attachments are known to be missing. By the thread of Tick.
  size_t missing() const { return wants_.size(); }

 private:
  struct Inbox;
  // An attachment that the entry at `position` names and that is not here.
  struct Want {
    Position position;
    std::string digest_name;
    absl::Time next_attempt = absl::InfinitePast();
    absl::Duration back_off = kFetchBackOffMin;
  };

  bool Look();
  bool Start(absl::Time now);
  bool MayFetch(absl::Time now);
  absl::StatusOr<absl::optional<types::v1::Attachment>> StillMissing(const Want& want,
                                                                     int64_t* held_bytes) const;
  void Ask(const types::v1::Attachment& attachment, int64_t offset, absl::Time now);
  void OnContent(absl::StatusOr<partner::v1::FetchAttachmentResponse> response, absl::Time now);
  void OnStored(const absl::StatusOr<AttachmentStore::Progress>& progress, absl::Time now);
  void Wait(const absl::Status& why, absl::Time now);

  const RecordsDeps deps_;
  AttachmentStore* const store_;
  PartnerTransport* const transport_;
  Alarms* const alarms_;
  const std::function<bool()> ready_;
  const int64_t bytes_per_day_max_;

  std::shared_ptr<Inbox> inbox_;
  // The replica's steps that name attachments were looked at up to this key and this size.
  DerivedKey looked_at_;
  TreeSize looked_size_;
  std::deque<Want> wants_;
  bool busy_ = false;  // The first of the wants is being fetched.
  types::v1::Attachment fetching_;
  int64_t offset_ = 0;
  absl::Time last_tick_ = absl::InfinitePast();
  absl::Time day_begin_ = absl::InfinitePast();
  int64_t day_bytes_ = 0;
};

}  // namespace lintas

#endif  // LINTAS_SERVER_LINK_ATTACHMENT_FETCHER_H_

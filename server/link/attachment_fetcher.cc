#include "server/link/attachment_fetcher.h"

#include <algorithm>
#include <mutex>
#include <utility>

#include "server/base/error.h"
#include "server/base/status.h"
#include "server/records/fold.h"

namespace lintas {
namespace {

using types::v1::Attachment;

constexpr absl::Duration kCallPatience = absl::Seconds(30);
// Steps looked at in one slice, and how many may wait for their bytes in memory; the others are
// found when these are here.
constexpr size_t kStepsPerLook = 64;
constexpr size_t kWantsMax = 256;
constexpr char kMismatchAlarm[] = "ATTACHMENT_MISMATCH";
constexpr char kTooManyAlarm[] = "TOO_MANY_ATTACHMENTS";

DerivedKey BeforeReplica() {
  return DerivedKey::Make(
      kAttachmentStep, "",
      Position::FromPacked(Position{LedgerId::kReplica, Index(0)}.Packed() - 1));
}

}  // namespace

// What callbacks bring, from any thread.
struct AttachmentFetcher::Inbox {
  std::mutex mutex;
  std::function<void()> wake;
  absl::optional<absl::StatusOr<partner::v1::FetchAttachmentResponse>> response;
  absl::optional<absl::StatusOr<AttachmentStore::Progress>> stored;

  template <typename Member, typename Value>
  void Put(Member member, Value value) {
    std::function<void()> call;
    {
      std::lock_guard<std::mutex> lock(mutex);
      (this->*member).emplace(std::move(value));
      call = wake;
    }
    if (call) call();
  }
};

AttachmentFetcher::AttachmentFetcher(const RecordsDeps& deps, AttachmentStore* store,
                                     PartnerTransport* transport, Alarms* alarms,
                                     std::function<bool()> ready, int64_t bytes_per_day_max)
    : deps_(deps),
      store_(store),
      transport_(transport),
      alarms_(alarms),
      ready_(std::move(ready)),
      bytes_per_day_max_(bytes_per_day_max),
      inbox_(std::make_shared<Inbox>()),
      looked_at_(BeforeReplica()) {}

AttachmentFetcher::~AttachmentFetcher() { SetWake(nullptr); }

void AttachmentFetcher::SetWake(std::function<void()> wake) {
  std::lock_guard<std::mutex> lock(inbox_->mutex);
  inbox_->wake = std::move(wake);
}

bool AttachmentFetcher::Tick(absl::Time now) {
  if (now < last_tick_) {
    // The clock was set back: what was to happen by the old one happens by the one that runs.
    for (Want& want : wants_) want.next_attempt = std::min(want.next_attempt, now);
  }
  last_tick_ = now;
  absl::optional<absl::StatusOr<partner::v1::FetchAttachmentResponse>> response;
  absl::optional<absl::StatusOr<AttachmentStore::Progress>> stored;
  {
    std::lock_guard<std::mutex> lock(inbox_->mutex);
    response.swap(inbox_->response);
    stored.swap(inbox_->stored);
  }
  const bool came = response || stored;
  if (response) OnContent(*std::move(response), now);
  if (stored) OnStored(*stored, now);
  const bool looked = Look();
  const bool started = !busy_ && !wants_.empty() && ready_() && MayFetch(now) && Start(now);
  return came || looked || started;
}

// Finds steps that name attachments, in the order of their ledger (G1). True if there may be more.
bool AttachmentFetcher::Look() {
  const TreeSize size = deps_.ledgers->size(LedgerId::kReplica);
  if (size == looked_size_ || wants_.size() >= kWantsMax) return false;
  const std::string body(DerivedKey::kBodyMax, '\0');
  const absl::StatusOr<std::vector<DerivedKey>> steps =
      deps_.store->TryFind(FindPrefix(kAttachmentStep, body), looked_at_, kStepsPerLook);
  if (!steps.ok()) return false;
  for (const DerivedKey& step : *steps) {
    const absl::StatusOr<std::vector<Attachment>> named = AttachmentsAt(deps_, step.position());
    looked_at_ = step;
    if (!named.ok()) continue;
    for (const Attachment& each : *named) {
      const absl::StatusOr<AttachmentStore::Progress> progress = store_->ProgressOf(each);
      if (progress.ok() && progress->complete) continue;
      Want want;
      want.position = step.position();
      want.digest_name = each.digest_name();
      wants_.push_back(std::move(want));
    }
  }
  if (steps->size() == kStepsPerLook) return true;
  looked_size_ = size;
  return false;
}

// The attachment as the entry names it now, and how much of it is here; nothing if it is complete,
// or the entry is erased (G3).
absl::StatusOr<absl::optional<Attachment>> AttachmentFetcher::StillMissing(
    const Want& want, int64_t* held_bytes) const {
  const absl::StatusOr<std::vector<Attachment>> named = AttachmentsAt(deps_, want.position);
  if (absl::IsNotFound(named.status())) return absl::optional<Attachment>();
  RETURN_IF_ERROR(named.status());
  for (const Attachment& each : *named) {
    if (each.digest_name() != want.digest_name) continue;
    ASSIGN_OR_RETURN(const AttachmentStore::Progress progress, store_->ProgressOf(each));
    *held_bytes = progress.held_bytes;
    if (!progress.complete) return absl::optional<Attachment>(each);
  }
  return absl::optional<Attachment>();
}

// G5.
bool AttachmentFetcher::MayFetch(absl::Time now) {
  if (now < day_begin_ || now - day_begin_ >= absl::Hours(24)) {
    day_begin_ = now;
    day_bytes_ = 0;
    alarms_->Clear(kTooManyAlarm);
  }
  if (day_bytes_ < bytes_per_day_max_) return true;
  alarms_->Raise(kTooManyAlarm,
                 "the partner's steps name more than is fetched in a day; it goes on tomorrow",
                 now);
  return false;
}

// Brings the first one that is due to the front and asks for its next chunk.
bool AttachmentFetcher::Start(absl::Time now) {
  const auto due = std::find_if(wants_.begin(), wants_.end(),
                                [now](const Want& want) { return want.next_attempt <= now; });
  if (due == wants_.end()) return false;
  std::rotate(wants_.begin(), due, wants_.end());
  int64_t held_bytes = 0;
  const absl::StatusOr<absl::optional<Attachment>> missing =
      StillMissing(wants_.front(), &held_bytes);
  busy_ = true;
  if (!missing.ok()) {
    Wait(missing.status(), now);
  } else if (!missing->has_value()) {
    wants_.pop_front();
    busy_ = false;
  } else {
    Ask(**missing, held_bytes, now);
  }
  return true;
}

void AttachmentFetcher::Ask(const Attachment& attachment, int64_t offset, absl::Time now) {
  fetching_ = attachment;
  offset_ = offset;
  partner::v1::FetchAttachmentRequest request;
  request.set_origin(deps_.ledgers->origin(LedgerId::kReplica));
  request.set_ledger_index(wants_.front().position.index.value());
  request.set_digest_name(attachment.digest_name());
  request.set_offset(offset);
  transport_->FetchAttachment(
      request, now + kCallPatience,
      [inbox = inbox_](absl::StatusOr<partner::v1::FetchAttachmentResponse> response) {
        inbox->Put(&Inbox::response, std::move(response));
      });
}

void AttachmentFetcher::OnContent(absl::StatusOr<partner::v1::FetchAttachmentResponse> response,
                                  absl::Time now) {
  if (!response.ok()) return Wait(response.status(), now);
  int64_t held_bytes = 0;
  const absl::StatusOr<absl::optional<Attachment>> missing =
      StillMissing(wants_.front(), &held_bytes);
  if (!missing.ok()) return Wait(missing.status(), now);
  if (!missing->has_value()) {  // Erased while it was on its way.
    wants_.pop_front();
    busy_ = false;
    return;
  }
  store_->PutFetched(fetching_, offset_, response->content(),
                     [inbox = inbox_](absl::StatusOr<AttachmentStore::Progress> progress) {
                       inbox->Put(&Inbox::stored, std::move(progress));
                     });
}

void AttachmentFetcher::OnStored(const absl::StatusOr<AttachmentStore::Progress>& progress,
                                 absl::Time now) {
  if (!progress.ok()) return Wait(progress.status(), now);
  busy_ = false;
  day_bytes_ += progress->held_bytes - offset_;
  wants_.front().back_off = kFetchBackOffMin;
  if (progress->complete) wants_.pop_front();
}

// Not this time: it goes behind the others and waits.
void AttachmentFetcher::Wait(const absl::Status& why, absl::Time now) {
  Want want = std::move(wants_.front());
  wants_.pop_front();
  busy_ = false;
  fetching_.Clear();
  if (ErrorReason(why) == kMismatchAlarm) {
    alarms_->Raise(kMismatchAlarm, "the partner sends other bytes than its step names", now);
    want.back_off = std::max(want.back_off, kMismatchBackOff);
  }
  // Jitter, as in the pull: not all that failed together comes back together.
  const double jitter = 0.5 + static_cast<double>(deps_.random->Uint64() % 1024) / 1024;
  want.next_attempt = now + want.back_off * jitter;
  want.back_off = std::min(want.back_off * 2, kFetchBackOffMax);
  wants_.push_back(std::move(want));
}

}  // namespace lintas

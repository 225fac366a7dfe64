#include "server/link/puller.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "server/base/error.h"
#include "server/base/status.h"
#include "server/ledger/merkle/tree_hash.h"
#include "server/ledger/note/checkpoint.h"
#include "server/ledger/note/cosignature.h"

namespace lintas {
namespace {

constexpr absl::Duration kRevocationsInterval = absl::Seconds(2);

constexpr char kSuspendedKey[] = "n/link_suspended";
constexpr char kHeldHeadKey[] = "n/fork/held";
constexpr char kConflictingHeadKey[] = "n/fork/conflicting";
// What the partner said and did not sign.
constexpr char kClaimKey[] = "n/fork/claim";
// A sender ends a run at 8,192 entries or 16 MiB; verdicts decided in one batch may make one
// longer. Beyond this a sender only wants to fill our memory.
constexpr uint64_t kRunEntriesLimit = 4 * kRunEntriesMax;
constexpr uint64_t kRunBytesLimit = 4 * kRunBytesMax;
// Two runs may wait for the committer while the next one comes in; then reading stops, and the
// partner's writing with it.
constexpr int kRunsInCommitMax = 2;

// The size that a note claims, not believed yet: it only chooses the key. 0 if it says none.
TreeSize PeekSize(const std::string& text) {
  const absl::StatusOr<note::SignedNote> note = note::ParseNote(text);
  if (!note.ok()) return TreeSize(0);
  const absl::StatusOr<note::Checkpoint> checkpoint = note::ParseCheckpoint(note->text);
  return checkpoint.ok() ? checkpoint->size : TreeSize(0);
}

}  // namespace

// What callbacks leave for Tick. Outlives the puller as long as a callback may come.
struct Puller::Inbox {
  std::mutex mutex;
  std::function<void()> wake;
  struct Frame {
    uint64_t generation;
    absl::StatusOr<partner::v1::Frame> frame;
  };
  std::deque<Frame> frames;
  struct Durable {
    absl::Status status;
    std::string note;
    uint64_t generation;
  };
  std::deque<Durable> durable;
  std::deque<absl::StatusOr<partner::v1::CosignResponse>> cosigned;
  struct Greeting {
    TreeSize asked_from;
    absl::StatusOr<partner::v1::GreetResponse> response;
  };
  std::deque<Greeting> greetings;

  template <typename Queue, typename Value>
  void Put(Queue Inbox::*queue, Value value) {
    std::function<void()> call;
    {
      std::lock_guard<std::mutex> lock(mutex);
      (this->*queue).push_back(std::move(value));
      call = wake;
    }
    if (call) call();
  }
};

Puller::Puller(const RecordsDeps& deps, const Ingest* ingest, PartnerTransport* transport,
               OwnLinkKeys own, PartnerLinkKeys partner, Alarms* alarms)
    : deps_(deps),
      ingest_(ingest),
      transport_(transport),
      own_(std::move(own)),
      partner_(std::move(partner)),
      alarms_(alarms),
      inbox_(std::make_shared<Inbox>()) {
  SetState("waiting", "not connected yet");
  const absl::StatusOr<std::string> suspended = deps_.store->GetState(kSuspendedKey);
  if (suspended.ok()) suspended_ = *suspended;
  // What was held but perhaps not told: cosigning again is harmless.
  const absl::StatusOr<std::string> head = deps_.ledgers->CheckpointNote(LedgerId::kReplica);
  if (head.ok()) to_cosign_ = *head;
}

Puller::~Puller() { SetWake(nullptr); }

void Puller::SetWake(std::function<void()> wake) {
  std::lock_guard<std::mutex> lock(inbox_->mutex);
  inbox_->wake = std::move(wake);
}

void Puller::Pause(bool paused) {
  std::lock_guard<std::mutex> lock(status_mutex_);
  paused_ = paused;
}

LinkStatus Puller::status() const {
  std::lock_guard<std::mutex> lock(status_mutex_);
  return status_;
}

absl::Status Puller::Suspension() const {
  std::lock_guard<std::mutex> lock(status_mutex_);
  if (suspended_.empty()) return absl::OkStatus();
  return MakeError(absl::StatusCode::kFailedPrecondition, "LINK_SUSPENDED",
                   absl::StrCat("the link is suspended: ", suspended_));
}

void Puller::SetState(const std::string& state, const std::string& detail) {
  std::lock_guard<std::mutex> lock(status_mutex_);
  status_.state = state;
  status_.detail = detail;
}

// The clock was set back: what was to happen at a time by the old clock happens by the one that
// runs, and silence is counted from here.
void Puller::RestartTimers(absl::Time now) {
  next_attempt_ = std::min(next_attempt_, now);
  next_cosign_ = std::min(next_cosign_, now);
  std::lock_guard<std::mutex> lock(status_mutex_);
  status_.last_frame_time = std::min(status_.last_frame_time, now);
  status_.level_time = std::min(status_.level_time, now);
}

// What suspended the link before a restart is told again after it (U3).
void Puller::TellSuspension(absl::Time now) {
  std::string code;
  {
    std::lock_guard<std::mutex> lock(status_mutex_);
    code = suspended_;
  }
  if (code.empty()) return;
  alarms_->Raise(code, "the link has been suspended since before the start", now);
}

void Puller::WatchLevel(absl::Time now) {
  absl::Time level = first_tick_;
  {
    std::lock_guard<std::mutex> lock(status_mutex_);
    level = std::max(level, status_.level_time);
  }
  const bool silent = now - level > kLevelAgeMax;
  if (silent == silent_) return;
  silent_ = silent;
  if (silent) {
    alarms_->Raise("LINK_SILENT", "the copy of the partner's ledger grows old", now);
  } else {
    alarms_->Clear("LINK_SILENT");
  }
}

bool Puller::Tick(absl::Time now) {
  if (now < last_tick_) RestartTimers(now);
  if (last_tick_ == absl::InfinitePast()) TellSuspension(now);
  last_tick_ = now;
  first_tick_ = std::min(first_tick_, now);
  WatchLevel(now);
  TakeRevocations(now);
  std::deque<Inbox::Frame> frames;
  std::deque<Inbox::Durable> durable;
  std::deque<absl::StatusOr<partner::v1::CosignResponse>> cosigned;
  std::deque<Inbox::Greeting> greetings;
  {
    std::lock_guard<std::mutex> lock(inbox_->mutex);
    greetings.swap(inbox_->greetings);
    frames.swap(inbox_->frames);
    durable.swap(inbox_->durable);
    cosigned.swap(inbox_->cosigned);
  }
  bool did = !frames.empty() || !durable.empty() || !cosigned.empty() || !greetings.empty();
  for (const Inbox::Greeting& each : greetings) {
    greeting_ = false;
    if (each.response.ok()) OnGreeting(each.asked_from, *each.response, now);
  }
  for (Inbox::Durable& each : durable) {
    --runs_in_commit_;
    if (each.status.ok()) {
      to_cosign_ = each.note;
    } else if (each.generation == generation_) {
      StopPull(each.status, now);
    }
  }
  for (Inbox::Frame& each : frames) {
    if (each.generation != generation_) continue;
    reading_ = false;
    OnFrame(std::move(each.frame), now);
  }
  for (auto& each : cosigned) {
    cosigning_ = false;
    if (each.ok()) {
      std::lock_guard<std::mutex> lock(status_mutex_);
      status_.cosigned_size = each->held_size();
    }
    // A repeat of a call is answered before the first one is durable, which a crash may undo.
    const TreeSize held(each.ok() ? each->held_size() : 0);
    if (held < deps_.ledgers->signed_size(LedgerId::kReplica) && to_cosign_.empty()) {
      // The head is still in the store; the newest one is told again a second later.
      const absl::StatusOr<std::string> head = deps_.ledgers->CheckpointNote(LedgerId::kReplica);
      if (head.ok()) to_cosign_ = *head;
      next_cosign_ = now + absl::Seconds(1);
    }
  }
  bool paused;
  {
    std::lock_guard<std::mutex> lock(status_mutex_);
    paused = paused_;
  }
  if (!Suspension().ok() || paused) {
    if (state_ == State::kPulling) StopPull(absl::OkStatus(), now);
    SetState(paused ? "paused" : "suspended",
             paused ? "paused by an operator" : std::string(Suspension().message()));
    return did;
  }
  if (state_ == State::kWaiting && now >= next_attempt_ && runs_in_commit_ == 0) {
    StartPull(now);
    did = true;
  }
  if (state_ == State::kPulling) {
    if (now - status().last_frame_time > kSilenceMax) {
      StopPull(absl::UnavailableError("the line is silent"), now);
    } else {
      ReadNext();
    }
  }
  MaybeCosign(now);
  return did;
}

void Puller::StartPull(absl::Time now) {
  ++generation_;
  tree_ = deps_.ledgers->ReplicaTree();
  progress_ = Ingest::Progress();
  progress_.next_index = tree_.size().value();
  progress_.agreement_version = deps_.book->PartnerVersion();
  if (tree_.size() > TreeSize(0)) {
    const absl::StatusOr<EntryRow> last =
        deps_.store->GetEntry({LedgerId::kReplica, Index(tree_.size().value() - 1)});
    if (last.ok()) {
      const absl::StatusOr<ledger::v1::EntryHeader> header = ParseHeader(last->header);
      if (header.ok()) progress_.seen_partner = header->seen_partner();
    }
  }
  run_ = ReplicaRun();
  run_.old_size = tree_.size();
  run_bytes_ = run_rejected_ = run_parked_ = run_recalled_ = 0;
  partner::v1::PullRequest request;
  request.set_origin(deps_.ledgers->origin(LedgerId::kReplica));
  request.set_start_index(tree_.size().value());
  stream_ = transport_->Pull(request);
  state_ = State::kPulling;
  reading_ = false;
  std::lock_guard<std::mutex> lock(status_mutex_);
  status_.last_frame_time = now;
}

void Puller::ReadNext() {
  if (reading_ || runs_in_commit_ >= kRunsInCommitMax) return;
  reading_ = true;
  stream_->Read(
      [inbox = inbox_, generation = generation_](absl::StatusOr<partner::v1::Frame> frame) {
        inbox->Put(&Inbox::frames, Inbox::Frame{generation, std::move(frame)});
      });
}

void Puller::StopPull(const absl::Status& why, absl::Time now) {
  stream_.reset();
  ++generation_;
  reading_ = false;
  state_ = State::kWaiting;
  // Jitter: two nodes that lost each other must not knock in step.
  const double jitter = 0.5 + static_cast<double>(deps_.random->Uint64() % 1024) / 1024;
  next_attempt_ = now + back_off_ * jitter;
  back_off_ = std::min(back_off_ * 2, kBackOffMax);
  if (!why.ok()) SetState("waiting", absl::StrCat(ErrorReason(why), " ", why.message()));
}

// Each costs reading a certificate list on this thread: not more often than an honest node sends.
// One that comes sooner waits; one that could not be taken over is tried when it comes again.
void Puller::TakeRevocations(absl::Time now) {
  if (waiting_revocations_.empty()) return;
  if (now < revocations_time_) revocations_time_ = absl::InfinitePast();  // The clock was set back.
  if (now - revocations_time_ < kRevocationsInterval) return;
  revocations_time_ = now;
  const std::string pem = std::exchange(waiting_revocations_, {});
  if (take_revocations_(pem, now)) last_revocations_ = pem;
}

void Puller::OnFrame(absl::StatusOr<partner::v1::Frame> frame, absl::Time now) {
  if (!frame.ok()) {
    if (ErrorReason(frame.status()) == "START_BEYOND_LEDGER") OnStartBeyond(frame.status(), now);
    return StopPull(frame.status(), now);
  }
  {
    std::lock_guard<std::mutex> lock(status_mutex_);
    status_.last_frame_time = now;
    if (frame->heartbeat() && run_.entries.empty() && runs_in_commit_ == 0) {
      status_.level_time = now;
    }
  }
  SetState("connected", "");
  if (take_revocations_ && frame->revocation_list().size() <= kRevocationListBytesMax &&
      frame->revocation_list() != last_revocations_) {
    waiting_revocations_ = frame->revocation_list();
  }
  absl::Status status = TakeEntries(*frame, now);
  if (status.ok() && !frame->checkpoint().empty()) status = EndRun(frame->checkpoint(), now);
  if (status.ok()) return;
  const std::string reason = ErrorReason(status);
  alarms_->Raise(reason.empty() ? "LINK_BROKEN" : reason, std::string(status.message()), now);
  if (reason == "SEEN_BEYOND_OURS") {
    deps_.ledgers->StopSigning("the partner has seen more of our ledger than we have");
  }
  back_off_ = std::max(back_off_, absl::Seconds(5));
  StopPull(status, now);
}

// The partner's own word that it holds less than it has signed for us. An error is not signed: it
// is kept as a claim, and the partner is asked for its head, which is.
void Puller::OnStartBeyond(const absl::Status& claim, absl::Time now) {
  alarms_->Raise("START_BEYOND_LEDGER", "the partner's ledger is smaller than our replica of it",
                 now);
  const TreeSize held = deps_.ledgers->size(LedgerId::kReplica);
  Group group;
  group.node_state.emplace_back(kClaimKey,
                                absl::StrCat(ErrorReason(claim), " at ", absl::ToUnixSeconds(now),
                                             ": pulled from ", held.value()));
  deps_.ledgers->Enqueue(std::move(group));
  if (greeting_) return;
  greeting_ = true;
  partner::v1::GreetRequest request;
  request.add_protocol_versions(1);
  request.set_partnership(deps_.ledgers->options().partnership);
  transport_->Greet(request, now + absl::Seconds(10),
                    [inbox = inbox_, held](absl::StatusOr<partner::v1::GreetResponse> response) {
                      inbox->Put(&Inbox::greetings, Inbox::Greeting{held, std::move(response)});
                    });
}

// Every head that the partner signs is at least as large as what we hold, since it signed that; a
// smaller one is a rollback, whatever the reason, and one with another root a fork.
void Puller::OnGreeting(TreeSize asked_from, const partner::v1::GreetResponse& response,
                        absl::Time now) {
  const std::string& note = response.checkpoint();
  const absl::StatusOr<note::VerifiedCheckpoint> head =
      note::VerifyCheckpoint(note, {partner_.log.At(PeekSize(note))});
  if (!head.ok() || head->checkpoint.size >= asked_from) return;
  const absl::StatusOr<Hash> root =
      deps_.ledgers->RootAt(LedgerId::kReplica, head->checkpoint.size);
  const bool fork = root.ok() && *root != head->checkpoint.root;
  Suspend(fork ? "LEDGER_FORK" : "LEDGER_ROLLBACK", note, now);
}

absl::Status Puller::TakeEntries(const partner::v1::Frame& frame, absl::Time now) {
  std::vector<merkle::Tile> unused;
  for (const partner::v1::Frame::Entry& entry : frame.entries()) {
    ASSIGN_OR_RETURN(Ingest::Judged judged, ingest_->Judge(entry, now, &progress_));
    tree_.Append(merkle::LeafHash(entry.header()), &unused);
    run_bytes_ += entry.header().size() + entry.payload().size();
    if (run_.entries.size() >= kRunEntriesLimit || run_bytes_ > kRunBytesLimit) {
      return MakeError(absl::StatusCode::kInvalidArgument, "RUN_TOO_LONG",
                       "the partner sends entries without a checkpoint");
    }
    // Each target of a recall costs what an entry does, and may be named again and again.
    const ledger::v1::EntryHeader& header = judged.entry.prepared.header;
    if (header.kind() == ledger::v1::EntryHeader::RECALL) {
      run_recalled_ += header.has_target_end() ? header.target_end() - header.target_first() : 1;
    }
    if (run_recalled_ > kRunEntriesLimit) {
      return MakeError(absl::StatusCode::kInvalidArgument, "BAD_RECALL",
                       "the recalls of one run name more entries than a run holds");
    }
    run_rejected_ += judged.rejected;
    run_parked_ += judged.parked;
    run_.entries.push_back(std::move(judged.entry));
    for (PreparedEntry& verdict : judged.verdicts) run_.verdicts.push_back(std::move(verdict));
  }
  return absl::OkStatus();
}

absl::Status Puller::EndRun(const std::string& note, absl::Time now) {
  // Entries of any size end in a checkpoint of that size, under the key of that size (P23).
  absl::StatusOr<note::VerifiedCheckpoint> head =
      note::VerifyCheckpoint(note, {partner_.log.At(PeekSize(note))});
  if (!head.ok()) {
    return MakeError(absl::StatusCode::kInvalidArgument, "BAD_SIGNATURE",
                     "a checkpoint is not signed by the partner's log key");
  }
  const note::Checkpoint& checkpoint = head->checkpoint;
  if (checkpoint.size != tree_.size()) {
    if (checkpoint.size < run_.old_size) {
      Suspend("LEDGER_ROLLBACK", note, now);
      return MakeError(absl::StatusCode::kDataLoss, "LEDGER_ROLLBACK",
                       "the partner signed a smaller ledger than it had shown");
    }
    return MakeError(absl::StatusCode::kInvalidArgument, "LEDGER_GAP",
                     "a checkpoint does not end where the entries end");
  }
  if (checkpoint.root != tree_.Root()) {
    Suspend("LEDGER_FORK", note, now);
    return MakeError(absl::StatusCode::kDataLoss, "LEDGER_FORK",
                     "the partner's signed ledger does not extend the one we hold");
  }
  {
    std::lock_guard<std::mutex> lock(status_mutex_);
    status_.partner_size = checkpoint.size.value();
    status_.rejected_count += run_rejected_;
    status_.parked_count += run_parked_;
    status_.level_time = now;
  }
  CountRejections(run_rejected_, now);
  back_off_ = kBackOffMin;
  if (run_.entries.empty()) return absl::OkStatus();
  run_.checkpoint_note = note;
  run_.durable = [inbox = inbox_, note, generation = generation_](absl::Status status) {
    inbox->Put(&Inbox::durable, Inbox::Durable{std::move(status), note, generation});
  };
  ++runs_in_commit_;
  deps_.ledgers->Enqueue(std::move(run_));
  run_ = ReplicaRun();
  run_.old_size = tree_.size();
  run_bytes_ = run_rejected_ = run_parked_ = run_recalled_ = 0;
  return absl::OkStatus();
}

// Both heads stay as evidence: what we hold is in the state, what contradicts it comes beside it.
// The first contradiction is kept.
void Puller::Suspend(const std::string& code, const std::string& note, absl::Time now) {
  if (!Suspension().ok()) return;
  const absl::StatusOr<std::string> held = deps_.ledgers->CheckpointNote(LedgerId::kReplica);
  Group group;
  group.node_state.emplace_back(kSuspendedKey, code);
  group.node_state.emplace_back(kHeldHeadKey, held.ok() ? *held : "");
  group.node_state.emplace_back(kConflictingHeadKey, note);
  deps_.ledgers->Enqueue(std::move(group));
  alarms_->Raise(
      code, "the partner's ledger contradicts what it signed before; both heads are kept", now);
  std::lock_guard<std::mutex> lock(status_mutex_);
  suspended_ = code;
}

void Puller::CountRejections(size_t rejected, absl::Time now) {
  if (rejected == 0) return;
  if (now - rejection_hour_ >= absl::Hours(1) || now < rejection_hour_) {
    rejection_hour_ = now;
    rejections_this_hour_ = 0;
  }
  rejections_this_hour_ += rejected;
  const AgreementVersionPtr agreement = deps_.book->InForce();
  if (agreement == nullptr ||
      rejections_this_hour_ <= agreement->limits().rejections_per_hour_max()) {
    return;
  }
  alarms_->Raise("TOO_MANY_REJECTIONS",
                 "more records were rejected in an hour than the agreement allows", now);
  back_off_ = absl::Hours(1);
  StopPull(absl::FailedPreconditionError("too many rejected records in an hour"), now);
}

void Puller::MaybeCosign(absl::Time now) {
  if (to_cosign_.empty() || cosigning_ || state_ != State::kPulling || now < next_cosign_) return;
  absl::StatusOr<note::SignedNote> note = note::ParseNote(to_cosign_);
  to_cosign_.clear();
  if (!note.ok()) return;
  note::AddSignature(&*note, note::Cosign(note->text, own_.held_name, own_.held, now));
  note::AddSignature(&*note, note::Cosign(note->text, own_.consistent_name, own_.consistent, now));
  partner::v1::CosignRequest request;
  request.set_note(note::FormatNote(*note));
  request.set_exchange_size(deps_.ledgers->size(LedgerId::kExchange).value());
  // Kept for receipts that we give of the partner's entries.
  Group group;
  group.node_state.emplace_back("n/partner_cosigned", request.note());
  deps_.ledgers->Enqueue(std::move(group));
  cosigning_ = true;
  transport_->Cosign(request, now + absl::Seconds(10),
                     [inbox = inbox_](absl::StatusOr<partner::v1::CosignResponse> response) {
                       inbox->Put(&Inbox::cosigned, std::move(response));
                     });
}

}  // namespace lintas

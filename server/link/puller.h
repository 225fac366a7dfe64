// Puller: keeps the replica of the partner's exchange ledger. Pulls from the replica's size, judges
// each entry once, verifies each run against the partner's signed checkpoint, hands it to the
// committer, and cosigns what is durable (P7, P8, P13).
//
//   U1  Nothing is committed that a signed checkpoint of the partner does not cover.
//   U2  A cosignature "held" leaves only after the run it covers is durable here.
//   U3  A fork or a rollback stops pulling, cosigning and questions, over restarts, until two
//   persons
//       clear it; both heads are kept (P28).
//
// Tick(now) is called by one thread or a test; callbacks of the transport only fill an inbox.
#ifndef LINTAS_SERVER_LINK_PULLER_H_
#define LINTAS_SERVER_LINK_PULLER_H_

#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <string>

#include "absl/time/time.h"
#include "server/base/alarms.h"
#include "server/call/partner.h"
#include "server/link/keys.h"
#include "server/records/ingest.h"

namespace lintas {

constexpr absl::Duration kBackOffMin = absl::Milliseconds(200);
constexpr absl::Duration kBackOffMax = absl::Seconds(60);
// So long without knowing that the replica is level: somebody should look (LINK_SILENT).
constexpr absl::Duration kLevelAgeMax = absl::Minutes(5);
// No frame, not even a heartbeat, for so long: the line is dead.
constexpr absl::Duration kSilenceMax = absl::Seconds(20);

struct LinkStatus {
  std::string state;  // connected, waiting, suspended, paused
  std::string detail;
  absl::Time last_frame_time = absl::InfinitePast();
  absl::Time level_time = absl::InfinitePast();  // When the replica was last known to be level.
  uint64_t partner_size = 0;
  uint64_t rejected_count = 0;
  uint64_t parked_count = 0;
  uint64_t cosigned_size = 0;
};

class Puller {
 public:
  Puller(const RecordsDeps& deps, const Ingest* ingest, PartnerTransport* transport,
         OwnLinkKeys own, PartnerLinkKeys partner, Alarms* alarms);
  ~Puller();

  // One slice of work. True if it did anything and should be called again at once.
  bool Tick(absl::Time now);
  // Called when the inbox is filled.
  void SetWake(std::function<void()> wake);
  // Called by Tick with the partner's revocation list in PEM, unverified; once, before the first.
  // `take`: true if it need not see the same one again.
  void SetOnRevocations(std::function<bool(const std::string& pem, absl::Time now)> take) {
    take_revocations_ = std::move(take);
  }
  // Operator: holds the line, or lets it go on.
  void Pause(bool paused);

  LinkStatus status() const;
  // Not OK while a fork or rollback is not cleared (U3).
  absl::Status Suspension() const;

 private:
  struct Inbox;
  enum class State { kWaiting, kPulling };

  void RestartTimers(absl::Time now);
  void StartPull(absl::Time now);
  void ReadNext();
  void OnFrame(absl::StatusOr<partner::v1::Frame> frame, absl::Time now);
  void OnStartBeyond(const absl::Status& claim, absl::Time now);
  void OnGreeting(TreeSize asked_from, const partner::v1::GreetResponse& response, absl::Time now);
  absl::Status TakeEntries(const partner::v1::Frame& frame, absl::Time now);
  absl::Status EndRun(const std::string& note, absl::Time now);
  void Suspend(const std::string& code, const std::string& note, absl::Time now);
  void StopPull(const absl::Status& why, absl::Time now);
  void MaybeCosign(absl::Time now);
  void CountRejections(size_t rejected, absl::Time now);
  void SetState(const std::string& state, const std::string& detail);
  void TellSuspension(absl::Time now);
  void WatchLevel(absl::Time now);
  void TakeRevocations(absl::Time now);

  const RecordsDeps deps_;
  const Ingest* const ingest_;
  PartnerTransport* const transport_;
  const OwnLinkKeys own_;
  const PartnerLinkKeys partner_;
  Alarms* const alarms_;

  std::shared_ptr<Inbox> inbox_;
  State state_ = State::kWaiting;
  absl::Time last_tick_ = absl::InfinitePast();
  absl::Time next_attempt_ = absl::InfinitePast();
  absl::Duration back_off_ = kBackOffMin;
  std::unique_ptr<PullStream> stream_;
  uint64_t generation_ = 0;  // Answers to an abandoned stream are dropped.
  bool reading_ = false;

  // The run that is coming in.
  merkle::TreeBuilder tree_;
  Ingest::Progress progress_;
  ReplicaRun run_;
  size_t run_bytes_ = 0;
  size_t run_rejected_ = 0, run_parked_ = 0, run_recalled_ = 0;
  int runs_in_commit_ = 0;

  // The last durable checkpoint of the partner that is not cosigned yet.
  std::string to_cosign_;
  bool cosigning_ = false;
  // The partner was asked for its signed head, since it says that it holds less than it had signed.
  bool greeting_ = false;
  absl::Time next_cosign_ = absl::InfinitePast();

  absl::Time rejection_hour_ = absl::InfinitePast();
  uint64_t rejections_this_hour_ = 0;

  std::function<bool(const std::string& pem, absl::Time now)> take_revocations_;
  std::string waiting_revocations_, last_revocations_;
  absl::Time revocations_time_ = absl::InfinitePast();
  absl::Time first_tick_ = absl::InfiniteFuture();
  bool silent_ = false;  // LINK_SILENT is raised.

  mutable std::mutex status_mutex_;
  LinkStatus status_;
  std::string suspended_;
  bool paused_ = false;
};

}  // namespace lintas

#endif  // LINTAS_SERVER_LINK_PULLER_H_

// Serving our exchange ledger to the partner: frames of a run up to a signed checkpoint (P7), the
// partner's cosignatures (P8), and the pause when it takes and never signs (P12). Thread safe.
#ifndef LINTAS_SERVER_LINK_SERVE_H_
#define LINTAS_SERVER_LINK_SERVE_H_

#include <functional>
#include <memory>
#include <mutex>
#include <string>

#include "absl/types/optional.h"
#include "lintas/partner/v1/partner.pb.h"
#include "server/base/alarms.h"
#include "server/link/keys.h"
#include "server/records/deps.h"
#include "server/records/procedure/held.h"

namespace lintas {

constexpr size_t kFrameBytesMax = 64 << 10;  // P7
constexpr absl::Duration kHeartbeatInterval = absl::Seconds(2);

class ExchangeServer;

// One pull in progress. Next is called by one thread at a time.
class ServedPull {
 public:
  // The next frame, or nothing if all that is signed was sent; then call again after the ledger's
  // checkpoint listener, or send a heartbeat. Errors end the stream.
  absl::StatusOr<absl::optional<partner::v1::Frame>> Next(absl::Time now);

 private:
  friend class ExchangeServer;
  explicit ServedPull(ExchangeServer* server, Index next) : server_(server), next_(next) {}
  absl::Status FillFrame(partner::v1::Frame* frame);
  // The own revocation list, if this stream has not carried it as it is now (P24).
  absl::optional<partner::v1::Frame> Revocations(absl::Time now);

  ExchangeServer* const server_;
  Index next_;
  // The run being sent: its end and its checkpoint.
  TreeSize run_end_;
  std::string run_note_;
  std::unique_ptr<Snapshot> snapshot_;
  std::string revocations_sent_;
  absl::Time revocations_looked_ = absl::InfinitePast();
};

class ExchangeServer {
 public:
  ExchangeServer(const RecordsDeps& deps, PartnerLinkKeys partner, Alarms* alarms);

  // Gives the own CA's revocation list in PEM as it is now; none travels until this is called,
  // once, before the first pull.
  void SetOwnRevocations(std::function<std::string()> own) { own_revocations_ = std::move(own); }

  partner::v1::GreetResponse Greet() const;
  // kOutOfRange, reason START_BEYOND_LEDGER; kInvalidArgument, reason WRONG_ORIGIN.
  absl::StatusOr<std::unique_ptr<ServedPull>> Pull(const partner::v1::PullRequest& request);
  // Verifies and keeps the cosignatures; `done` when they are durable. kInvalidArgument, reason
  // BAD_COSIGNATURE, if the note is not one of our checkpoints or not cosigned by both names.
  void Cosign(const partner::v1::CosignRequest& request, absl::Time now,
              std::function<void(absl::StatusOr<partner::v1::CosignResponse>)> done);

  // The partner's newest "held" cosignature: its size, and the note with it (empty if none).
  TreeSize held_size() const;
  std::string held_note() const;
  // What the partner's newest durable cosignature promises (P18). A promise whose size the replica
  // had reached may have been relied on, so a later one does not replace it. Nothing if it never
  // said.
  absl::optional<HeldPrefix> held_prefix() const;
  // The same for whoever relies on it: nothing while a newer one is on its way to the disk, which
  // would otherwise take its place unseen.
  absl::optional<HeldPrefix> relied_prefix() const;

 private:
  friend class ServedPull;
  absl::StatusOr<note::SignedNote> VerifyCosigned(const std::string& text) const;
  // `next` with what the promises before it leave standing; becomes said_prefix_. Nothing if a
  // larger one came before it.
  absl::optional<HeldPrefix> Follow(HeldPrefix next);
  // P12, before a run is sent.
  absl::Status MayServe(Index from, absl::Time now);

  const RecordsDeps deps_;
  const PartnerLinkKeys partner_;
  Alarms* const alarms_;
  std::function<std::string()> own_revocations_;
  mutable std::mutex mutex_;
  std::string held_note_;
  TreeSize held_size_;
  absl::optional<HeldPrefix> held_prefix_;
  absl::optional<HeldPrefix> said_prefix_;  // The newest that came, durable or not yet.
  absl::Time uncosigned_since_ = absl::InfiniteFuture();
};

}  // namespace lintas

#endif  // LINTAS_SERVER_LINK_SERVE_H_

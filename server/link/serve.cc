#include "server/link/serve.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "server/base/bytes.h"
#include "server/base/error.h"
#include "server/base/status.h"
#include "server/ledger/note/checkpoint.h"

namespace lintas {
namespace {

constexpr char kHeldKey[] = "n/held";
// Three sizes, big-endian: HeldPrefix.
constexpr char kHeldPrefixKey[] = "n/held_prefix";
// Before an agreement is in force the same bounds hold, from these values.
constexpr uint64_t kUncosignedEntriesDefault = 65'536;
constexpr uint32_t kUncosignedSecondsDefault = 600;

absl::Status BadCosignature(absl::string_view why) {
  return MakeError(absl::StatusCode::kInvalidArgument, "BAD_COSIGNATURE", why);
}

}  // namespace

ExchangeServer::ExchangeServer(const RecordsDeps& deps, PartnerLinkKeys partner, Alarms* alarms)
    : deps_(deps), partner_(std::move(partner)), alarms_(alarms) {
  const absl::StatusOr<std::string> held = deps_.store->GetState(kHeldKey);
  if (!held.ok()) return;
  const absl::StatusOr<note::SignedNote> note = note::ParseNote(*held);
  if (!note.ok()) return;
  const absl::StatusOr<note::Checkpoint> checkpoint = note::ParseCheckpoint(note->text);
  if (!checkpoint.ok()) return;
  held_note_ = *held;
  held_size_ = checkpoint->size;
  const absl::StatusOr<std::string> prefix = deps_.store->GetState(kHeldPrefixKey);
  if (!prefix.ok() || prefix->size() != 24) return;
  held_prefix_ = HeldPrefix{TreeSize(LoadBigEndian64(prefix->data())),
                            TreeSize(LoadBigEndian64(prefix->data() + 8)),
                            TreeSize(LoadBigEndian64(prefix->data() + 16))};
  said_prefix_ = held_prefix_;
}

TreeSize ExchangeServer::held_size() const {
  std::lock_guard<std::mutex> lock(mutex_);
  return held_size_;
}

absl::optional<HeldPrefix> ExchangeServer::held_prefix() const {
  std::lock_guard<std::mutex> lock(mutex_);
  return held_prefix_;
}

absl::optional<HeldPrefix> ExchangeServer::relied_prefix() const {
  std::lock_guard<std::mutex> lock(mutex_);
  if (!held_prefix_ || said_prefix_->held_size != held_prefix_->held_size) return absl::nullopt;
  return held_prefix_;
}

std::string ExchangeServer::held_note() const {
  std::lock_guard<std::mutex> lock(mutex_);
  return held_note_;
}

partner::v1::GreetResponse ExchangeServer::Greet() const {
  partner::v1::GreetResponse response;
  response.set_protocol_version(1);
  response.set_country(deps_.country);
  for (const uint32_t version : deps_.book->OwnVersions()) {
    response.add_agreement_versions(version);
  }
  const absl::StatusOr<std::string> note = deps_.ledgers->CheckpointNote(LedgerId::kExchange);
  if (note.ok()) response.set_checkpoint(*note);
  response.set_replica_size(deps_.ledgers->size(LedgerId::kReplica).value());
  return response;
}

absl::StatusOr<std::unique_ptr<ServedPull>> ExchangeServer::Pull(
    const partner::v1::PullRequest& request) {
  if (request.origin() != deps_.ledgers->origin(LedgerId::kExchange)) {
    return MakeError(absl::StatusCode::kInvalidArgument, "WRONG_ORIGIN",
                     "this node does not write that ledger");
  }
  const uint64_t size = deps_.ledgers->size(LedgerId::kExchange).value();
  if (request.start_index() > size) {
    return MakeError(absl::StatusCode::kOutOfRange, "START_BEYOND_LEDGER",
                     "the ledger is smaller than the replica", {{"size", absl::StrCat(size)}});
  }
  return std::unique_ptr<ServedPull>(new ServedPull(this, Index(request.start_index())));
}

absl::Status ExchangeServer::MayServe(Index from, absl::Time now) {
  const AgreementVersionPtr agreement = deps_.book->InForce();
  const uint64_t entries_max =
      agreement ? agreement->limits().uncosigned_entries_max() : kUncosignedEntriesDefault;
  const uint32_t seconds_max =
      agreement ? agreement->limits().uncosigned_s_max() : kUncosignedSecondsDefault;
  std::lock_guard<std::mutex> lock(mutex_);
  if (from.value() <= held_size_.value()) {
    // What the partner holds already may be read again (it may have lost its disk).
    uncosigned_since_ = absl::InfiniteFuture();
    return absl::OkStatus();
  }
  if (uncosigned_since_ == absl::InfiniteFuture()) uncosigned_since_ = now;
  if (from.value() - held_size_.value() <= entries_max &&
      now - uncosigned_since_ <= absl::Seconds(seconds_max)) {
    return absl::OkStatus();
  }
  alarms_->Raise("COSIGNATURE_OVERDUE", "the partner takes entries and does not cosign them", now);
  return MakeError(absl::StatusCode::kFailedPrecondition, "COSIGNATURE_OVERDUE",
                   "cosign what was taken before taking more",
                   {{"held_size", absl::StrCat(held_size_.value())}});
}

absl::optional<partner::v1::Frame> ServedPull::Revocations(absl::Time now) {
  if (!server_->own_revocations_ || now - revocations_looked_ < kHeartbeatInterval) {
    return absl::nullopt;
  }
  revocations_looked_ = now;
  std::string list = server_->own_revocations_();
  if (list.empty() || list == revocations_sent_ || list.size() > kRevocationListBytesMax) {
    return absl::nullopt;
  }
  revocations_sent_ = list;
  partner::v1::Frame frame;
  frame.set_revocation_list(std::move(list));
  return frame;
}

absl::StatusOr<absl::optional<partner::v1::Frame>> ServedPull::Next(absl::Time now) {
  // Between two runs, so that a run stays whole.
  if (run_note_.empty()) {
    absl::optional<partner::v1::Frame> revocations = Revocations(now);
    if (revocations) return revocations;
  }
  if (run_note_.empty()) {
    const absl::StatusOr<std::string> note =
        server_->deps_.ledgers->RunCheckpoint(TreeSize(next_.value()));
    if (absl::IsNotFound(note.status())) return absl::optional<partner::v1::Frame>();
    RETURN_IF_ERROR(note.status());
    RETURN_IF_ERROR(server_->MayServe(next_, now));
    ASSIGN_OR_RETURN(const note::SignedNote parsed, note::ParseNote(*note));
    ASSIGN_OR_RETURN(const note::Checkpoint checkpoint, note::ParseCheckpoint(parsed.text));
    run_note_ = *note;
    run_end_ = checkpoint.size;
    snapshot_ = server_->deps_.store->GetSnapshot();
  }
  partner::v1::Frame frame;
  RETURN_IF_ERROR(FillFrame(&frame));
  if (next_ == run_end_.next_index()) {
    frame.set_checkpoint(std::exchange(run_note_, {}));
    snapshot_.reset();
  }
  return absl::make_optional(std::move(frame));
}

absl::Status ServedPull::FillFrame(partner::v1::Frame* frame) {
  size_t bytes = 0;
  absl::Status status;
  RETURN_IF_ERROR(
      snapshot_->ScanEntries(LedgerId::kExchange, next_, [&](Index index, EntryRow&& row) {
        if (!run_end_.covers(index)) return false;
        absl::StatusOr<ledger::v1::Payload> payload = server_->deps_.sealer->Open(row);
        if (!payload.ok() && !absl::IsNotFound(payload.status())) {
          status = payload.status();
          return false;
        }
        const size_t size = row.header.size() + row.payload.size();
        // One entry may be larger than a frame; it then travels alone.
        if (bytes > 0 && bytes + size > kFrameBytesMax) return false;
        bytes += size;
        partner::v1::Frame::Entry* entry = frame->add_entries();
        entry->set_header(std::move(row.header));
        // An erased entry is its header only (P4).
        if (payload.ok()) payload->SerializeToString(entry->mutable_payload());
        next_ = Index(index.value() + 1);
        return bytes < kFrameBytesMax;
      }));
  RETURN_IF_ERROR(status);
  if (frame->entries().empty()) return absl::DataLossError("signed entries cannot be read");
  return absl::OkStatus();
}

// By one key of each of the partner's two cosigners (P8).
absl::StatusOr<note::SignedNote> ExchangeServer::VerifyCosigned(const std::string& text) const {
  const TreeSize seen = deps_.ledgers->size(LedgerId::kReplica);
  std::vector<note::NoteKey> keys = partner_.held.NotEndedAt(seen);
  const std::string held_name = partner_.held.newest().name;
  for (note::NoteKey& key : partner_.consistent.NotEndedAt(seen)) keys.push_back(std::move(key));
  ASSIGN_OR_RETURN(note::SignedNote note, note::VerifyNote(text, keys));
  bool held = false;
  bool consistent = false;
  for (const note::Signature& signature : note.signatures) {
    (signature.name == held_name ? held : consistent) = true;
  }
  if (!held || !consistent) return absl::FailedPreconditionError("a cosigner is missing");
  return note;
}

absl::optional<HeldPrefix> ExchangeServer::Follow(HeldPrefix next) {
  std::lock_guard<std::mutex> lock(mutex_);
  if (said_prefix_) {
    if (next.held_size <= said_prefix_->held_size) return absl::nullopt;
    next.seen_by_all = said_prefix_->seen_by_all;
    if (said_prefix_->partner_size <= deps_.ledgers->size(LedgerId::kReplica)) {
      next.seen_by_all = std::max(next.seen_by_all, said_prefix_->held_size);
    }
  }
  said_prefix_ = next;
  return next;
}

void ExchangeServer::Cosign(const partner::v1::CosignRequest& request, absl::Time now,
                            std::function<void(absl::StatusOr<partner::v1::CosignResponse>)> done) {
  const absl::StatusOr<note::SignedNote> note = VerifyCosigned(request.note());
  if (!note.ok()) {
    return done(BadCosignature("not cosigned by both of the partner's cosigners"));
  }
  const absl::StatusOr<note::Checkpoint> checkpoint = note::ParseCheckpoint(note->text);
  if (!checkpoint.ok() || checkpoint->origin != deps_.ledgers->origin(LedgerId::kExchange) ||
      checkpoint->size > deps_.ledgers->signed_size(LedgerId::kExchange)) {
    return done(BadCosignature("not a checkpoint of this node's exchange ledger"));
  }
  const absl::StatusOr<Hash> root = deps_.ledgers->RootAt(LedgerId::kExchange, checkpoint->size);
  if (!root.ok() || *root != checkpoint->root) {
    alarms_->Raise("COSIGNED_FORK", "the partner cosigned a head that this node never signed", now);
    return done(BadCosignature("not a checkpoint of this node's exchange ledger"));
  }
  if (checkpoint->size <= held_size()) {
    partner::v1::CosignResponse response;
    response.set_held_size(held_size().value());
    return done(response);
  }
  const std::string text = request.note();
  const TreeSize size = checkpoint->size;
  Group group;
  group.node_state.emplace_back(kHeldKey, text);
  absl::optional<HeldPrefix> prefix;
  if (request.has_exchange_size()) {
    prefix = Follow(HeldPrefix{size, TreeSize(request.exchange_size()), TreeSize(0)});
    if (!prefix) {
      partner::v1::CosignResponse response;
      response.set_held_size(held_size().value());
      return done(response);
    }
    group.node_state.emplace_back(kHeldPrefixKey,
                                  absl::StrCat(BigEndian64(prefix->held_size.value()),
                                               BigEndian64(prefix->partner_size.value()),
                                               BigEndian64(prefix->seen_by_all.value())));
  }
  group.durable = [this, text, size, prefix,
                   done = std::move(done)](absl::StatusOr<std::vector<Position>> written) {
    if (!written.ok()) return done(written.status());
    partner::v1::CosignResponse response;
    {
      std::lock_guard<std::mutex> lock(mutex_);
      if (size > held_size_) {
        held_size_ = size;
        held_note_ = text;
        if (prefix) held_prefix_ = prefix;
        uncosigned_since_ = absl::InfiniteFuture();
      }
      response.set_held_size(held_size_.value());
    }
    alarms_->Clear("COSIGNATURE_OVERDUE");
    done(response);
  };
  deps_.ledgers->Enqueue(std::move(group));
}

}  // namespace lintas

#include "server/records/procedure/attachment_store.h"

#include <algorithm>
#include <memory>
#include <utility>

#include "absl/strings/str_cat.h"
#include "server/base/bytes.h"
#include "server/base/error.h"
#include "server/base/status.h"
#include "server/crypto/aead.h"
#include "server/records/access_entry.h"
#include "server/records/fold.h"
#include "server/records/reader.h"

namespace lintas {
namespace {

using ledger::v1::AttachmentState;
using types::v1::Attachment;

// One begins at a time, so that two together do not pass a bound that each alone keeps.
constexpr char kBoundsClaim[] = "uploads";
constexpr absl::Duration kSweepInterval = absl::Seconds(5);
constexpr int kSlices = 256;
constexpr size_t kLookedAtMax = 256;  // In one slice of the sweep.

std::string ChunkAad(const Attachment& attachment, int64_t offset) {
  constexpr absl::string_view kUse("lintas/attachment-chunk/v1\0", 27);
  return absl::StrCat(kUse, attachment.digest_name(), BigEndian64(static_cast<uint64_t>(offset)));
}

absl::Status Mismatch() {
  return MakeError(absl::StatusCode::kInvalidArgument, "ATTACHMENT_MISMATCH",
                   "the bytes are not those that the step names");
}

bool IsWhole(const AttachmentState& state) { return state.held_bytes() == state.size_bytes(); }

bool IsOf(const AttachmentState& state, const Attachment& attachment) {
  return state.size_bytes() == attachment.size_bytes() &&
         state.media_type() == attachment.media_type();
}

AttachmentState StateFor(const Attachment& attachment, int64_t held_bytes) {
  AttachmentState state;
  state.set_media_type(attachment.media_type());
  state.set_size_bytes(attachment.size_bytes());
  state.set_held_bytes(held_bytes);
  return state;
}

AttachmentStore::Progress ProgressFrom(const AttachmentState& state) {
  return {state.held_bytes(), IsWhole(state)};
}

}  // namespace

std::string UploadKey(absl::string_view name) { return absl::StrCat(kUploadPrefix, name); }
std::string AttachmentKey(absl::string_view name) { return absl::StrCat(kAttachmentPrefix, name); }
std::string ChunkKey(absl::string_view name, int64_t offset) {
  const uint64_t number = static_cast<uint64_t>(offset / kAttachmentChunkBytes);
  return absl::StrCat(kChunkPrefix, name, BigEndian64(number).substr(4));
}

absl::StatusOr<std::vector<Attachment>> AttachmentsAt(const RecordsDeps& deps, Position position) {
  ASSIGN_OR_RETURN(const EntryRow row, deps.store->GetEntry(position));
  ASSIGN_OR_RETURN(const ledger::v1::Payload payload, deps.sealer->Open(row));
  ASSIGN_OR_RETURN(const ledger::v1::EntryHeader header, ParseHeader(row.header));
  return AttachmentsIn(deps, header, payload);
}

AttachmentSealer::AttachmentSealer(const Secret& seal, Random* random)
    : keys_(DeriveKey(seal, "lintas/attachment/v1")), random_(random) {}

std::string AttachmentSealer::Seal(const Attachment& attachment, int64_t offset,
                                   absl::string_view bytes) const {
  const Hash key = keys_.Mac("chunk", attachment.salt());
  return AeadSeal(key.view(), random_->Bytes(kAeadNonceSize), bytes, ChunkAad(attachment, offset));
}

absl::StatusOr<std::string> AttachmentSealer::Open(const Attachment& attachment, int64_t offset,
                                                   absl::string_view sealed) const {
  const Hash key = keys_.Mac("chunk", attachment.salt());
  return AeadOpen(key.view(), sealed, ChunkAad(attachment, offset));
}

AttachmentStore::AttachmentStore(const RecordsDeps& deps, const AttachmentSealer* sealer,
                                 Claims* claims, const UploadLimits& limits)
    : deps_(deps), sealer_(sealer), claims_(claims), limits_(limits) {}

std::string AttachmentStore::ClaimOf(const Attachment& attachment) {
  return absl::StrCat("a", attachment.digest_name());
}

absl::StatusOr<bool> AttachmentStore::IsNamed(const Store& store, absl::string_view digest_name) {
  ASSIGN_OR_RETURN(
      const std::vector<DerivedKey> keys,
      store.TryFind(FindPrefix(kAttachment, digest_name.substr(0, DerivedKey::kBodyMax)),
                    absl::nullopt, 1));
  return !keys.empty();
}

absl::StatusOr<AttachmentState> AttachmentStore::StateOf(const std::string& key) const {
  ASSIGN_OR_RETURN(const std::string bytes, deps_.store->GetState(key));
  AttachmentState state;
  if (!state.ParseFromString(bytes)) {
    return absl::DataLossError("the state of an attachment does not parse");
  }
  return state;
}

// ---- Uploads

absl::StatusOr<AttachmentState> AttachmentStore::OwnUpload(const std::string& principal,
                                                           const Attachment& attachment) const {
  const absl::StatusOr<AttachmentState> state = StateOf(UploadKey(attachment.digest_name()));
  if (absl::IsNotFound(state.status())) return NothingToShare();
  RETURN_IF_ERROR(state.status());
  if (state->uploader() != principal || !IsOf(*state, attachment)) return NothingToShare();
  return state;
}

absl::Status AttachmentStore::CheckBounds(const std::string& principal, int64_t more_bytes) const {
  // Each counts as a chunk at least, so that their number is bounded too.
  const auto counted = [](int64_t bytes) { return std::max(bytes, kAttachmentChunkBytes); };
  int64_t own = counted(more_bytes), all = own;
  RETURN_IF_ERROR(deps_.store->GetSnapshot()->ScanState(
      kUploadPrefix, [&](absl::string_view, absl::string_view value) {
        AttachmentState state;
        if (!state.ParseFromArray(value.data(), static_cast<int>(value.size()))) return true;
        all += counted(state.size_bytes());
        if (state.uploader() == principal) own += counted(state.size_bytes());
        return true;
      }));
  if (own <= limits_.bytes_per_principal && all <= limits_.bytes_of_all) return absl::OkStatus();
  return MakeError(absl::StatusCode::kResourceExhausted, "QUOTA",
                   "too much was brought that no step names yet",
                   {{"quota", own > limits_.bytes_per_principal ? "upload_bytes_per_principal"
                                                                : "upload_bytes_of_all"}});
}

absl::Status AttachmentStore::CheckNew(const std::string& principal,
                                       const Attachment& attachment) const {
  for (const std::string& key :
       {UploadKey(attachment.digest_name()), AttachmentKey(attachment.digest_name())}) {
    const absl::StatusOr<std::string> state = deps_.store->GetState(key);
    if (state.ok()) return FieldsError({AttachmentViolation("TAKEN")});
    if (!absl::IsNotFound(state.status())) return state.status();
  }
  return CheckBounds(principal, attachment.size_bytes());
}

void AttachmentStore::EnqueueUpload(const Call& call, Group group, const Progress& progress,
                                    std::vector<std::string> claimed, UploadDone done) const {
  const Disclosure nothing;
  AccessFacts facts;
  facts.now = call.now;
  facts.disclosure = &nothing;
  group.entries.push_back(MakeAccessEntry(call, facts, *deps_.sealer, *deps_.random));
  group.durable = [claims = claims_, claimed = std::move(claimed), progress,
                   done = std::move(done)](absl::StatusOr<std::vector<Position>> positions) {
    claims->Release(claimed);
    if (!positions.ok()) return done(positions.status());
    done(Uploaded{progress, true});
  };
  deps_.ledgers->Enqueue(std::move(group));
}

void AttachmentStore::Begin(const Call& call, const Attachment& attachment, UploadDone done) {
  std::vector<FieldViolation> violations;
  CheckAttachment(attachment, &violations);
  if (!violations.empty()) return done(FieldsError(violations));
  if (!claims_->TryClaim(kBoundsClaim)) {
    claims_->WhenFree(kBoundsClaim,
                      [this, call, attachment, done] { Begin(call, attachment, done); });
    return;
  }
  const std::string& principal = call.principal.spiffe_uri;
  const absl::StatusOr<AttachmentState> begun = OwnUpload(principal, attachment);
  absl::Status status = begun.status();
  if (absl::IsNotFound(status)) status = CheckNew(principal, attachment);
  if (begun.ok() || !status.ok()) {
    claims_->Release({kBoundsClaim});
    if (!begun.ok()) return done(status);
    return done(Uploaded{ProgressFrom(*begun), false});
  }
  AttachmentState state = StateFor(attachment, 0);
  state.set_uploader(principal);
  state.set_begin_time_s(absl::ToUnixSeconds(call.now));
  Group group;
  group.node_state.emplace_back(UploadKey(attachment.digest_name()), state.SerializeAsString());
  EnqueueUpload(call, std::move(group), Progress(), {kBoundsClaim}, std::move(done));
}

// N2, once its last chunk is there: empty if it holds.
absl::StatusOr<std::string> AttachmentStore::WhyNotWhole(const Attachment& attachment,
                                                         int64_t held_bytes,
                                                         const std::string& last) const {
  std::string all;
  all.reserve(static_cast<size_t>(attachment.size_bytes()));
  for (int64_t offset = 0; offset < held_bytes; offset += kAttachmentChunkBytes) {
    ASSIGN_OR_RETURN(const std::string sealed,
                     deps_.store->GetState(ChunkKey(attachment.digest_name(), offset)));
    const absl::StatusOr<std::string> chunk = sealer_->Open(attachment, offset, sealed);
    // Brought with another salt, or no longer readable: either way to be brought again.
    if (!chunk.ok()) return std::string("WRONG_DIGEST");
    all += *chunk;
  }
  all += last;
  return WhyNotTheAttachment(attachment, all);
}

void AttachmentStore::Drop(const std::string& key, const Attachment& attachment, int64_t held_bytes,
                           std::function<void()> durable) const {
  Group group;
  group.node_state_deletes.push_back(key);
  for (int64_t offset = 0; offset < held_bytes; offset += kAttachmentChunkBytes) {
    group.node_state_deletes.push_back(ChunkKey(attachment.digest_name(), offset));
  }
  group.durable = [durable = std::move(durable)](const absl::StatusOr<std::vector<Position>>&) {
    durable();
  };
  deps_.ledgers->Enqueue(std::move(group));
}

void AttachmentStore::Put(const Call& call, const Attachment& attachment, int64_t offset,
                          const std::string& bytes, UploadDone done) {
  std::vector<FieldViolation> violations;
  CheckAttachment(attachment, &violations);
  if (offset < 0 || offset >= attachment.size_bytes() || offset % kAttachmentChunkBytes != 0) {
    violations.push_back(AttachmentViolation("CHUNK_OFFSET"));
  } else if (static_cast<int64_t>(bytes.size()) != ChunkEnd(attachment, offset) - offset) {
    violations.push_back(AttachmentViolation("CHUNK_SIZE"));
  }
  if (!violations.empty()) return done(FieldsError(violations));
  const std::vector<std::string> claimed = {ClaimOf(attachment)};
  if (!claims_->TryClaim(claimed[0])) {
    return done(MakeError(absl::StatusCode::kUnavailable, "UPLOAD_IN_PROGRESS",
                          "a chunk of it is being written; repeat it"));
  }
  absl::StatusOr<AttachmentState> state = OwnUpload(call.principal.spiffe_uri, attachment);
  if (!state.ok() || state->held_bytes() != offset) {
    claims_->Release(claimed);
    if (!state.ok()) return done(state.status());
    return done(Uploaded{ProgressFrom(*state), false});
  }
  std::string why;
  if (offset == 0 && !MayBegin(attachment.media_type(), bytes)) why = "WRONG_MEDIA_TYPE";
  const int64_t end = ChunkEnd(attachment, offset);
  if (why.empty() && end == attachment.size_bytes()) {
    const absl::StatusOr<std::string> judged = WhyNotWhole(attachment, offset, bytes);
    if (!judged.ok()) {
      claims_->Release(claimed);
      return done(judged.status());
    }
    why = *judged;
  }
  const std::string key = UploadKey(attachment.digest_name());
  if (!why.empty()) {
    return Drop(key, attachment, offset, [claims = claims_, claimed, why, done] {
      claims->Release(claimed);
      done(FieldsError({AttachmentViolation(why)}));
    });
  }
  state->set_held_bytes(end);
  Group group;
  group.node_state.emplace_back(ChunkKey(attachment.digest_name(), offset),
                                sealer_->Seal(attachment, offset, bytes));
  group.node_state.emplace_back(key, state->SerializeAsString());
  EnqueueUpload(call, std::move(group), ProgressFrom(*state), claimed, std::move(done));
}

// ---- Steps

absl::Status AttachmentStore::CheckNamed(const std::string& principal,
                                         const std::vector<Attachment>& attachments) const {
  std::vector<FieldViolation> violations;
  for (const Attachment& each : attachments) {
    const absl::StatusOr<AttachmentState> state = OwnUpload(principal, each);
    if (!state.ok() && !absl::IsNotFound(state.status())) return state.status();
    bool here = state.ok() && IsWhole(*state);
    if (here) {
      ASSIGN_OR_RETURN(const std::string sealed,
                       deps_.store->GetState(ChunkKey(each.digest_name(), 0)));
      // With another salt than it was brought with nobody could read it.
      here = sealer_->Open(each, 0, sealed).ok();
    }
    if (!here) violations.push_back(AttachmentViolation("NOT_HERE"));
  }
  return violations.empty() ? absl::OkStatus() : FieldsError(violations);
}

void AttachmentStore::AddNamed(const std::vector<Attachment>& attachments, Group* group) {
  for (const Attachment& each : attachments) {
    group->node_state_deletes.push_back(UploadKey(each.digest_name()));
    group->node_state.emplace_back(AttachmentKey(each.digest_name()),
                                   StateFor(each, each.size_bytes()).SerializeAsString());
  }
}

// ---- Reading

absl::StatusOr<AttachmentStore::Progress> AttachmentStore::ProgressOf(
    const Attachment& attachment) const {
  const absl::StatusOr<AttachmentState> state = StateOf(AttachmentKey(attachment.digest_name()));
  if (absl::IsNotFound(state.status())) return Progress();
  RETURN_IF_ERROR(state.status());
  return IsOf(*state, attachment) ? ProgressFrom(*state) : Progress();
}

absl::StatusOr<std::string> AttachmentStore::Read(const Attachment& attachment, int64_t offset,
                                                  int64_t bytes_max) const {
  ASSIGN_OR_RETURN(const Progress progress, ProgressOf(attachment));
  if (!progress.complete || offset < 0 || offset >= attachment.size_bytes() ||
      offset % kAttachmentChunkBytes != 0) {
    return NothingToShare();
  }
  std::string bytes;
  while (offset < attachment.size_bytes() &&
         static_cast<int64_t>(bytes.size()) + kAttachmentChunkBytes <= bytes_max) {
    ASSIGN_OR_RETURN(const std::string sealed,
                     deps_.store->GetState(ChunkKey(attachment.digest_name(), offset)));
    ASSIGN_OR_RETURN(const std::string chunk, sealer_->Open(attachment, offset, sealed));
    bytes += chunk;
    offset += kAttachmentChunkBytes;
  }
  return bytes;
}

// ---- Fetching

void AttachmentStore::PutFetched(const Attachment& attachment, int64_t offset,
                                 const std::string& bytes, Done done) {
  const std::string claim = ClaimOf(attachment);
  const std::string key = AttachmentKey(attachment.digest_name());
  if (!claims_->TryClaim(claim)) {
    return done(absl::AbortedError("a chunk of the attachment is being written"));
  }
  const auto refuse = [&](const absl::Status& status) {
    claims_->Release({claim});
    done(status);
  };
  const absl::StatusOr<AttachmentState> stored = StateOf(key);
  if (!stored.ok() && !absl::IsNotFound(stored.status())) return refuse(stored.status());
  AttachmentState state = stored.ok() ? *stored : StateFor(attachment, 0);
  if (IsOf(state, attachment) && (IsWhole(state) || state.held_bytes() != offset)) {
    return refuse(absl::AbortedError("the attachment stands elsewhere"));
  }
  const int64_t end = ChunkEnd(attachment, offset);
  // Two steps that say different things of one name cannot both be right.
  bool right = IsOf(state, attachment) && static_cast<int64_t>(bytes.size()) == end - offset &&
               (offset > 0 || MayBegin(attachment.media_type(), bytes));
  if (right && end == attachment.size_bytes()) {
    const absl::StatusOr<std::string> why = WhyNotWhole(attachment, offset, bytes);
    if (!why.ok()) return refuse(why.status());
    right = why->empty();
  }
  if (!right && IsWhole(state)) return refuse(Mismatch());
  if (!right) {
    return Drop(key, attachment, state.held_bytes(), [claims = claims_, claim, done] {
      claims->Release({claim});
      done(Mismatch());
    });
  }
  state.set_held_bytes(end);
  Group group;
  group.node_state.emplace_back(ChunkKey(attachment.digest_name(), offset),
                                sealer_->Seal(attachment, offset, bytes));
  group.node_state.emplace_back(key, state.SerializeAsString());
  group.durable = [claims = claims_, claim, progress = ProgressFrom(state),
                   done = std::move(done)](absl::StatusOr<std::vector<Position>> positions) {
    claims->Release({claim});
    if (!positions.ok()) return done(positions.status());
    done(progress);
  };
  deps_.ledgers->Enqueue(std::move(group));
}

// ---- Sweeping

void AttachmentStore::Sweep(absl::Time now) {
  if (next_slice_ == kSlices) {
    // The clock may have been set back: then the interval counts as over.
    if (now < next_pass_ && next_pass_ - now <= kSweepInterval) return;
    next_pass_ = now + kSweepInterval;
    next_slice_ = 0;
    SweepUploads(now);
  }
  SweepNamed();
}

// What is over is decided under the claim: whoever was writing is done, and what it wrote is found.
void AttachmentStore::SweepOne(const std::string& key, const std::function<bool()>& is_over) {
  Attachment attachment;
  attachment.set_digest_name(key.substr(key.size() - Hash::kSize));
  const std::string claim = ClaimOf(attachment);
  if (!claims_->TryClaim(claim)) return;
  const absl::StatusOr<AttachmentState> state = StateOf(key);
  if (!state.ok() || !is_over()) return claims_->Release({claim});
  Drop(key, attachment, state->held_bytes(),
       [claims = claims_, claim] { claims->Release({claim}); });
}

void AttachmentStore::SweepUploads(absl::Time now) {
  std::vector<std::string> old;
  const absl::Status scanned = deps_.store->GetSnapshot()->ScanState(
      kUploadPrefix, [&](absl::string_view key, absl::string_view value) {
        AttachmentState state;
        if (state.ParseFromArray(value.data(), static_cast<int>(value.size())) &&
            now - absl::FromUnixSeconds(state.begin_time_s()) > limits_.kept) {
          old.emplace_back(key);
        }
        return true;
      });
  // A store that cannot be read raises its own alarm; nothing is dropped on its word.
  if (!scanned.ok()) return;
  for (const std::string& key : old) SweepOne(key, [] { return true; });
}

void AttachmentStore::SweepNamed() {
  std::vector<std::string> keys;
  const std::unique_ptr<Snapshot> snapshot = deps_.store->GetSnapshot();
  for (; next_slice_ < kSlices && keys.size() < kLookedAtMax; ++next_slice_) {
    const std::string prefix =
        absl::StrCat(kAttachmentPrefix, std::string(1, static_cast<char>(next_slice_)));
    const absl::Status scanned =
        snapshot->ScanState(prefix, [&keys](absl::string_view key, absl::string_view) {
          keys.emplace_back(key);
          return true;
        });
    if (!scanned.ok()) return;
  }
  for (const std::string& key : keys) {
    const auto is_over = [&] {
      const absl::StatusOr<bool> named =
          IsNamed(*deps_.store, absl::string_view(key).substr(key.size() - Hash::kSize));
      return named.ok() && !*named;
    };
    // Most are named: then nobody is kept waiting by a claim.
    if (is_over()) SweepOne(key, is_over);
  }
}

}  // namespace lintas

// AttachmentStore: the bytes of attachments, beside the ledgers in the one store. Officers bring
// them before the step that names them (uploads), link/ fetches those that steps of the partner
// name.
//
//   AS1  Each chunk is sealed under a key that the node's key and the attachment's salt give
//        together, and the salt stands in the payload of the step alone. So what erases the payload
//        erases the bytes in the same commit (P4); a sweep takes away what can no longer be read.
//   AS2  Bytes count as held only after N2 (attachment.h) was found to hold for all of them.
//   AS3  An upload belongs to its principal until a step names it, and to nobody else's step. One
//        that no step named within a day is dropped. What uploads may hold is bounded for each
//        principal and for all.
//   AS4  All is node state outside the fold (P15): `n/upload/<name>` and `n/attachment/<name>`, an
//        AttachmentState each, and `n/chunk/<name><number 4>`. `lintasd rebuild` leaves them alone.
//
// Thread safe. Nothing blocks on the disk's writes: `done` comes from the stepping thread, or at
// once.
#ifndef LINTAS_SERVER_RECORDS_PROCEDURE_ATTACHMENT_STORE_H_
#define LINTAS_SERVER_RECORDS_PROCEDURE_ATTACHMENT_STORE_H_

#include <functional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "server/call/call.h"
#include "server/crypto/token.h"
#include "server/ledger/ledgers.h"
#include "server/records/claims.h"
#include "server/records/deps.h"
#include "server/records/procedure/attachment.h"

namespace lintas {

// Seals the chunks of attachments (AS1), AES-256-GCM, each bound to its attachment and its place.
// Thread safe.
class AttachmentSealer {
 public:
  // `seal`: the node's seal key (P3).
  AttachmentSealer(const Secret& seal, Random* random);
  std::string Seal(const types::v1::Attachment& attachment, int64_t offset,
                   absl::string_view bytes) const;
  // kDataLoss if it was changed, or is another attachment's or offset's.
  absl::StatusOr<std::string> Open(const types::v1::Attachment& attachment, int64_t offset,
                                   absl::string_view sealed) const;

 private:
  const Tokenizer keys_;
  Random* const random_;
};

// Bounds of uploads that no step has named yet (AS3).
struct UploadLimits {
  int64_t bytes_per_principal = int64_t{100} << 20;
  int64_t bytes_of_all = int64_t{1} << 30;
  absl::Duration kept = absl::Hours(24);
};

class AttachmentStore {
 public:
  // `claims`: the writer's, by which a step keeps what it names from being dropped (ClaimOf).
  AttachmentStore(const RecordsDeps& deps, const AttachmentSealer* sealer, Claims* claims,
                  const UploadLimits& limits = UploadLimits());

  // What is here of an attachment.
  struct Progress {
    int64_t held_bytes = 0;
    bool complete = false;
  };
  using Done = std::function<void(absl::StatusOr<Progress>)>;

  // Uploads. Each leaves an access entry in its group, unless it ends with an error or `recorded`
  // stays false.
  struct Uploaded {
    Progress progress;
    bool recorded = false;  // The access entry is durable.
  };
  using UploadDone = std::function<void(absl::StatusOr<Uploaded>)>;
  // Announces an upload, or says how far it has come. kInvalidArgument, reason INVALID_FIELDS (N1,
  // TAKEN); kResourceExhausted, reason QUOTA.
  void Begin(const Call& call, const types::v1::Attachment& attachment, UploadDone done);
  // A chunk that does not begin where the upload stands changes nothing; the answer says where that
  // is. kInvalidArgument, reason INVALID_FIELDS: a chunk of a wrong size, or (N2) bytes that are
  // not what was announced, which drops the upload; kNotFound if it was not begun by the caller;
  // kUnavailable, reason UPLOAD_IN_PROGRESS.
  void Put(const Call& call, const types::v1::Attachment& attachment, int64_t offset,
           const std::string& bytes, UploadDone done);

  // For the step that names them. Under the claims of ClaimOf: INVALID_FIELDS (NOT_HERE) unless
  // each is an upload of `principal` that is complete and is what the content says.
  absl::Status CheckNamed(const std::string& principal,
                          const std::vector<types::v1::Attachment>& attachments) const;
  // What turns these uploads into attachments of a step, in the step's own group.
  static void AddNamed(const std::vector<types::v1::Attachment>& attachments, Group* group);
  static std::string ClaimOf(const types::v1::Attachment& attachment);

  // Of an attachment that a step names.
  absl::StatusOr<Progress> ProgressOf(const types::v1::Attachment& attachment) const;
  // At most `bytes_max` from `offset`, a multiple of the chunk's size, on; kNotFound if not
  // complete, or past the end.
  absl::StatusOr<std::string> Read(const types::v1::Attachment& attachment, int64_t offset,
                                   int64_t bytes_max) const;

  // A chunk that the partner sent of an attachment that its step names, in order. Where it turns
  // out that the partner sent something else, all of it goes and `done` is kInvalidArgument, reason
  // ATTACHMENT_MISMATCH. kAborted: not where it stands.
  void PutFetched(const types::v1::Attachment& attachment, int64_t offset, const std::string& bytes,
                  Done done);

  // One slice of the sweep: uploads that are too old, attachments that no step names any more. By
  // one thread.
  void Sweep(absl::Time now);

  // True if a live entry of either exchange ledger names it.
  static absl::StatusOr<bool> IsNamed(const Store& store, absl::string_view digest_name);
  const RecordsDeps& deps() const { return deps_; }

 private:
  absl::StatusOr<ledger::v1::AttachmentState> StateOf(const std::string& key) const;
  absl::StatusOr<ledger::v1::AttachmentState> OwnUpload(
      const std::string& principal, const types::v1::Attachment& attachment) const;
  absl::Status CheckBounds(const std::string& principal, int64_t more_bytes) const;
  absl::Status CheckNew(const std::string& principal,
                        const types::v1::Attachment& attachment) const;
  absl::StatusOr<std::string> WhyNotWhole(const types::v1::Attachment& attachment,
                                          int64_t held_bytes, const std::string& last) const;
  void Drop(const std::string& key, const types::v1::Attachment& attachment, int64_t held_bytes,
            std::function<void()> durable) const;
  void EnqueueUpload(const Call& call, Group group, const Progress& progress,
                     std::vector<std::string> claimed, UploadDone done) const;
  void SweepUploads(absl::Time now);
  void SweepNamed();
  void SweepOne(const std::string& key, const std::function<bool()>& is_over);

  const RecordsDeps deps_;
  const AttachmentSealer* const sealer_;
  Claims* const claims_;
  const UploadLimits limits_;
  // The sweep's: names that begin with this byte come next; 256: the pass is over.
  int next_slice_ = 256;
  absl::Time next_pass_ = absl::InfinitePast();
};

// What the step at `position` names. kNotFound if its payload is erased; none if it is no step, or
// one of a table that this version does not know.
absl::StatusOr<std::vector<types::v1::Attachment>> AttachmentsAt(const RecordsDeps& deps,
                                                                 Position position);

// State keys (AS4).
std::string UploadKey(absl::string_view digest_name);
std::string AttachmentKey(absl::string_view digest_name);
std::string ChunkKey(absl::string_view digest_name, int64_t offset);
constexpr char kUploadPrefix[] = "n/upload/";
constexpr char kAttachmentPrefix[] = "n/attachment/";
constexpr char kChunkPrefix[] = "n/chunk/";

}  // namespace lintas

#endif  // LINTAS_SERVER_RECORDS_PROCEDURE_ATTACHMENT_STORE_H_

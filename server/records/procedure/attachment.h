// Attachments of steps: files that a step's content names by salted digest (P2). What one is, how
// it is found in a content, and how its bytes are judged; where they lie: attachment_store.h. Pure;
// any thread.
//
//   N1  A content names its attachments completely: 16 bytes of salt, the name that salt and bytes
//       give, a media type of the closed list, a size of 1 byte to 25 MiB; no name twice. Its
//       author and its receiver judge by the same function (P13).
//   N2  Bytes are an attachment's if size, name and type are what the content says. Either node
//       looks at all three before the bytes count as held.
#ifndef LINTAS_SERVER_RECORDS_PROCEDURE_ATTACHMENT_H_
#define LINTAS_SERVER_RECORDS_PROCEDURE_ATTACHMENT_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "google/protobuf/message.h"
#include "lintas/ledger/v1/ledger.pb.h"
#include "lintas/types/v1/types.pb.h"
#include "server/base/error.h"
#include "server/records/deps.h"

namespace lintas {

constexpr int64_t kAttachmentBytesMax = int64_t{25} << 20;
// Bytes travel and are kept in pieces of this size; the last one is shorter.
constexpr int64_t kAttachmentChunkBytes = int64_t{256} << 10;
constexpr size_t kStepAttachmentsMax = 20;

// Where the chunk that begins at `offset` ends.
int64_t ChunkEnd(const types::v1::Attachment& attachment, int64_t offset);

// Every attachment that the message, or one in it, names; found by type, whatever the area.
std::vector<types::v1::Attachment> AttachmentsIn(const google::protobuf::Message& content);
// The same of a STEP entry; none if it is another entry, or of a table that is not known here.
std::vector<types::v1::Attachment> AttachmentsIn(const RecordsDeps& deps,
                                                 const ledger::v1::EntryHeader& header,
                                                 const ledger::v1::Payload& payload);

// N1, of one attachment and of a whole content.
void CheckAttachment(const types::v1::Attachment& attachment,
                     std::vector<FieldViolation>* violations);
void CheckAttachments(const google::protobuf::Message& content,
                      std::vector<FieldViolation>* violations);

// False: a file that begins so is not of the type. Looks at the first bytes only.
bool MayBegin(absl::string_view media_type, absl::string_view first_bytes);
// N2. Empty if it holds, else WRONG_SIZE, WRONG_DIGEST or WRONG_MEDIA_TYPE.
std::string WhyNotTheAttachment(const types::v1::Attachment& attachment, absl::string_view bytes);

// The violation of a rule of this file, on `attachments.<field>`.
FieldViolation AttachmentViolation(absl::string_view rule);

}  // namespace lintas

#endif  // LINTAS_SERVER_RECORDS_PROCEDURE_ATTACHMENT_H_

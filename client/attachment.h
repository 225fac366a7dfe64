// Attachments of steps: brought to the node before the step that names them, and fetched into a
// file. Neither a file's name nor its place leaves this program. Not thread safe.
#ifndef LINTAS_CLIENT_ATTACHMENT_H_
#define LINTAS_CLIENT_ATTACHMENT_H_

#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "client/client.h"
#include "lintas/procedure/v1/procedure.pb.h"
#include "lintas/types/v1/types.pb.h"

namespace lintas::client {

constexpr int64_t kAttachmentBytesMax = int64_t{25} << 20;
constexpr int64_t kAttachmentChunkBytes = int64_t{256} << 10;

// What `bytes` are, by how they begin; text if by nothing.
std::string MediaTypeOf(absl::string_view bytes);
// P2: SHA-256 over "lintas/attachment/v1" NUL, salt and bytes.
std::string AttachmentDigest(absl::string_view salt, absl::string_view bytes);

// Files on their way to the node. `folder`: of the profiles; each salt is kept in it under
// `uploads/` until Forget, so that the same command goes on where it broke.
class Uploads {
 public:
  Uploads(const Client* client, std::string folder) : client_(client), folder_(std::move(folder)) {}

  // Brings all of the file. kInvalidArgument if it cannot be read or is too large; else as the node
  // says.
  absl::StatusOr<types::v1::Attachment> Bring(const std::string& path);
  // The step that names what was brought is taken.
  void Forget();

 private:
  absl::StatusOr<std::string> SaltFor(const std::string& path, bool draw_anew) const;
  absl::Status Send(const types::v1::Attachment& attachment, const std::string& bytes) const;

  const Client* const client_;
  const std::string folder_;
  std::vector<std::string> salt_files_;
};

// Adds to the content's field that holds attachments. kInvalidArgument if it has none.
absl::Status AddAttachments(const std::vector<types::v1::Attachment>& attachments,
                            google::protobuf::Any* content);
// Takes the fields that hold attachments out of a content that is shown field by field.
void ClearAttachments(google::protobuf::Message* content);

// Rows of a step's attachments as `lintas case view` shows them, numbered from `first` on.
std::vector<std::pair<std::string, std::string>> AttachmentRows(const procedure::v1::Step& step,
                                                                int first);

// The attachment with number `number`, as AttachmentRows counts through all steps; its bytes, with
// the digest checked. kInvalidArgument if there is none; kDataLoss if the node gave other bytes.
absl::StatusOr<std::string> FetchAttachment(const Client& client,
                                            const procedure::v1::Procedure& shown, int number);

}  // namespace lintas::client

#endif  // LINTAS_CLIENT_ATTACHMENT_H_

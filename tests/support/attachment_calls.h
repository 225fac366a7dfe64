// Attachments on a node of TwoNodes, one line each. All data is synthetic. For tests only.
#ifndef LINTAS_TESTS_SUPPORT_ATTACHMENT_CALLS_H_
#define LINTAS_TESTS_SUPPORT_ATTACHMENT_CALLS_H_

#include <algorithm>
#include <string>

#include "server/ledger/entry.h"
#include "server/records/procedure/attachment.h"
#include "tests/support/procedure_calls.h"

namespace lintas {

// Bytes that begin as a PDF does, and differ from chunk to chunk.
inline std::string PdfForTest(size_t size, char seed = 'x') {
  std::string bytes = "%PDF-1.7\n";
  while (bytes.size() < size) bytes += absl::StrCat(std::string(1, seed), bytes.size(), "\n");
  bytes.resize(size);
  return bytes;
}

inline types::v1::Attachment AttachmentForTest(const std::string& bytes, char salt = 's',
                                               const std::string& type = "application/pdf") {
  types::v1::Attachment attachment;
  attachment.set_salt(std::string(kSaltBytes, salt));
  attachment.set_digest_name(AttachmentName(attachment.salt(), bytes).str());
  attachment.set_media_type(type);
  attachment.set_size_bytes(static_cast<int64_t>(bytes.size()));
  return attachment;
}

class AttachmentCalls : public ProcedureCalls {
 public:
  using ProcedureCalls::ProcedureCalls;

  absl::StatusOr<pv::Upload> Begin(NodeOnDisk& at, const types::v1::Attachment& attachment,
                                   const As& as = Officer()) {
    pv::BeginUploadRequest request;
    *request.mutable_attachment() = attachment;
    return Call<pv::Upload>(at, "BeginUpload", as, request);
  }
  // The chunk of `bytes` that begins at `offset`.
  absl::StatusOr<pv::Upload> PutChunk(NodeOnDisk& at, const types::v1::Attachment& attachment,
                                      const std::string& bytes, int64_t offset,
                                      const As& as = Officer()) {
    pv::UploadChunkRequest request;
    *request.mutable_attachment() = attachment;
    request.set_offset(offset);
    request.set_content(bytes.substr(static_cast<size_t>(offset), kAttachmentChunkBytes));
    return Call<pv::Upload>(at, "UploadChunk", as, request);
  }
  absl::StatusOr<pv::Upload> Upload(NodeOnDisk& at, const types::v1::Attachment& attachment,
                                    const std::string& bytes, const As& as = Officer()) {
    absl::StatusOr<pv::Upload> upload = Begin(at, attachment, as);
    while (upload.ok() && !upload->complete()) {
      upload = PutChunk(at, attachment, bytes, upload->held_bytes(), as);
    }
    return upload;
  }
  absl::StatusOr<pv::DownloadAttachmentResponse> DownloadPart(
      NodeOnDisk& at, const std::string& procedure, const pv::Step& step,
      const std::string& digest_name, int64_t offset, const As& as = Officer()) {
    pv::DownloadAttachmentRequest request;
    request.set_name(procedure);
    request.set_country(step.country());
    request.set_ledger_index(step.ledger_index());
    request.set_digest_name(digest_name);
    request.set_offset(offset);
    return Call<pv::DownloadAttachmentResponse>(at, "DownloadAttachment", as, request);
  }
  absl::StatusOr<std::string> Download(NodeOnDisk& at, const std::string& procedure,
                                       const pv::Step& step,
                                       const types::v1::Attachment& attachment,
                                       const As& as = Officer()) {
    std::string bytes;
    while (static_cast<int64_t>(bytes.size()) < attachment.size_bytes()) {
      const auto part = DownloadPart(at, procedure, step, attachment.digest_name(),
                                     static_cast<int64_t>(bytes.size()), as);
      if (!part.ok()) return part.status();
      bytes += part->content();
    }
    return bytes;
  }
  // How many keys of attachments a node's store holds.
  static size_t KeysOfAttachments(NodeOnDisk& at) {
    size_t count = 0;
    for (const char* prefix : {kUploadPrefix, kAttachmentPrefix, kChunkPrefix}) {
      LINTAS_CHECK(at.store()
                       .GetSnapshot()
                       ->ScanState(prefix,
                                   [&count](absl::string_view, absl::string_view) {
                                     ++count;
                                     return true;
                                   })
                       .ok());
    }
    return count;
  }
  // Waits until what `at` lacks is here, or the time is over.
  void AwaitFetched(NodeOnDisk& at, absl::Duration most = absl::Minutes(2)) {
    const absl::Time end = clock.now + most;
    Settle();
    while (clock.now < end && at.node->attachment_fetcher().missing() > 0) Turn();
  }
};

}  // namespace lintas

#endif  // LINTAS_TESTS_SUPPORT_ATTACHMENT_CALLS_H_

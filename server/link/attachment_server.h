// AttachmentServer: gives the partner the attachments of our steps, chunk by chunk. Thread safe.
//
//   B1  Only what a step in our exchange ledger names, to who has signed that it holds the entry
//   and
//       did not reject it, and while the step's payload is not erased. Everything else has one
//       answer: nothing to share.
#ifndef LINTAS_SERVER_LINK_ATTACHMENT_SERVER_H_
#define LINTAS_SERVER_LINK_ATTACHMENT_SERVER_H_

#include <functional>

#include "absl/status/statusor.h"
#include "lintas/partner/v1/partner.pb.h"
#include "server/records/procedure/attachment_store.h"

namespace lintas {

class AttachmentServer {
 public:
  // `held_size`: how much of our exchange ledger the partner has cosigned as held.
  AttachmentServer(const RecordsDeps& deps, const AttachmentStore* store,
                   std::function<TreeSize()> held_size);

  // kInvalidArgument, reason WRONG_ORIGIN; kNotFound, reason NOTHING_TO_SHARE.
  absl::StatusOr<partner::v1::FetchAttachmentResponse> Fetch(
      const partner::v1::FetchAttachmentRequest& request) const;

 private:
  const RecordsDeps deps_;
  const AttachmentStore* const store_;
  const std::function<TreeSize()> held_size_;
};

}  // namespace lintas

#endif  // LINTAS_SERVER_LINK_ATTACHMENT_SERVER_H_

#include "server/link/attachment_server.h"

#include <utility>

#include "server/base/error.h"
#include "server/base/status.h"
#include "server/records/fold.h"
#include "server/records/reader.h"

namespace lintas {

AttachmentServer::AttachmentServer(const RecordsDeps& deps, const AttachmentStore* store,
                                   std::function<TreeSize()> held_size)
    : deps_(deps), store_(store), held_size_(std::move(held_size)) {}

absl::StatusOr<partner::v1::FetchAttachmentResponse> AttachmentServer::Fetch(
    const partner::v1::FetchAttachmentRequest& request) const {
  if (request.origin() != deps_.ledgers->origin(LedgerId::kExchange)) {
    return MakeError(absl::StatusCode::kInvalidArgument, "WRONG_ORIGIN",
                     "this node does not write that ledger");
  }
  const Index index(request.ledger_index());
  if (!held_size_().covers(index)) return NothingToShare();
  const absl::StatusOr<std::string> rejected =
      deps_.store->GetState(RejectedKey(deps_.country, index.value()));
  if (!absl::IsNotFound(rejected.status())) return NothingToShare();
  const absl::StatusOr<std::vector<types::v1::Attachment>> named =
      AttachmentsAt(deps_, {LedgerId::kExchange, index});
  if (absl::IsNotFound(named.status())) return NothingToShare();  // Erased.
  RETURN_IF_ERROR(named.status());
  for (const types::v1::Attachment& each : *named) {
    if (each.digest_name() != request.digest_name()) continue;
    partner::v1::FetchAttachmentResponse response;
    ASSIGN_OR_RETURN(*response.mutable_content(),
                     store_->Read(each, request.offset(), kAttachmentChunkBytes));
    return response;
  }
  return NothingToShare();
}

}  // namespace lintas

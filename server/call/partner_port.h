// PartnerPort: what the partner's node may ask of this one, as edge/ sees it. link/ does it; main/
// connects them. The caller has been authenticated as the partner's node before any of this runs.
#ifndef LINTAS_SERVER_CALL_PARTNER_PORT_H_
#define LINTAS_SERVER_CALL_PARTNER_PORT_H_

#include <functional>
#include <memory>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "absl/types/optional.h"
#include "lintas/partner/v1/partner.pb.h"

namespace lintas {

// One pull in progress. Called by one thread at a time, and it may read the disk.
class FrameSource {
 public:
  virtual ~FrameSource() = default;
  // The next frame, or nothing if all that is signed was sent; the caller asks again after a new
  // checkpoint, and sends the heartbeats by itself. An error ends the stream.
  virtual absl::StatusOr<absl::optional<partner::v1::Frame>> Next(absl::Time now) = 0;
};

// May be called from several threads at once.
class PartnerPort {
 public:
  virtual ~PartnerPort() = default;
  // Does not block.
  virtual absl::StatusOr<partner::v1::GreetResponse> Greet(
      const partner::v1::GreetRequest& request) = 0;
  // May read the disk.
  virtual absl::StatusOr<std::unique_ptr<FrameSource>> OpenPull(
      const partner::v1::PullRequest& request) = 0;
  // `done` comes once, from any thread. `request` and `question` are needed until the call returns.
  virtual void Cosign(const partner::v1::CosignRequest& request, absl::Time now,
                      std::function<void(absl::StatusOr<partner::v1::CosignResponse>)> done) = 0;
  // May read the disk.
  virtual absl::StatusOr<partner::v1::FetchAttachmentResponse> FetchAttachment(
      const partner::v1::FetchAttachmentRequest& request) = 0;
  virtual void Ask(const partner::v1::SignedQuestion& question, absl::Time now,
                   std::function<void(absl::StatusOr<partner::v1::SignedAnswer>)> done) = 0;
};

}  // namespace lintas

#endif  // LINTAS_SERVER_CALL_PARTNER_PORT_H_

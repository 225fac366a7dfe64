// The partner as floors below edge/ see it: a transport that carries frames, cosignatures and
// questions, and an Asker that areas are handed. gRPC implements it in edge/, the simulation in
// tests/simulation.
#ifndef LINTAS_SERVER_CALL_PARTNER_H_
#define LINTAS_SERVER_CALL_PARTNER_H_

#include <functional>
#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "lintas/partner/v1/partner.pb.h"

namespace lintas {

// One pull of the partner's exchange ledger. Destroying it cancels it; its callbacks are then never
// called again.
class PullStream {
 public:
  virtual ~PullStream() = default;
  // Asks for the next frame; exactly one callback per Read, one Read at a time. An error ends the
  // stream. Not reading is the back-pressure.
  virtual void Read(std::function<void(absl::StatusOr<partner::v1::Frame>)> done) = 0;
};

// Calls to the partner's node. Every callback comes exactly once, from any thread, never from
// inside the call. kUnavailable: the line; anything else is the partner's word.
class PartnerTransport {
 public:
  virtual ~PartnerTransport() = default;
  virtual void Greet(const partner::v1::GreetRequest& request, absl::Time deadline,
                     std::function<void(absl::StatusOr<partner::v1::GreetResponse>)> done) = 0;
  virtual std::unique_ptr<PullStream> Pull(const partner::v1::PullRequest& request) = 0;
  virtual void Cosign(const partner::v1::CosignRequest& request, absl::Time deadline,
                      std::function<void(absl::StatusOr<partner::v1::CosignResponse>)> done) = 0;
  // Shares the connection of the pull, which is bulk too.
  virtual void FetchAttachment(
      const partner::v1::FetchAttachmentRequest& request, absl::Time deadline,
      std::function<void(absl::StatusOr<partner::v1::FetchAttachmentResponse>)> done) = 0;
  // Goes over a connection of its own, so that bulk never delays it (P27).
  virtual void Ask(const partner::v1::SignedQuestion& question, absl::Time deadline,
                   std::function<void(absl::StatusOr<partner::v1::SignedAnswer>)> done) = 0;
};

// What an area is handed to ask the partner. Signs, records at home, sends, verifies, records.
class Asker {
 public:
  virtual ~Asker() = default;
  struct Result {
    partner::v1::Answer answer;
    std::string answer_digest;  // SHA-256 of the signed answer's bytes.
  };
  // `question` needs only its kind, identifiers, role, purpose and claims; the rest is filled here.
  // `principal_uri` and `case_id` stay at home. `done` comes once, from any thread; kUnavailable
  // with reason PARTNER_UNREACHABLE if no answer came by `deadline`.
  virtual void Ask(partner::v1::Question question, const std::string& principal_uri,
                   const std::string& case_id, const std::string& trace_id, absl::Time now,
                   absl::Time deadline, std::function<void(absl::StatusOr<Result>)> done) = 0;
};

}  // namespace lintas

#endif  // LINTAS_SERVER_CALL_PARTNER_H_

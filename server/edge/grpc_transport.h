// GrpcPartnerTransport: the partner's node over two connections, so that bulk never delays a
// question (P27). A call that has no answer by its deadline ends kUnavailable; nothing is retried.
//
// Thread safe. It is destroyed outside of its callbacks, after its PullStreams: the calls that are
// still open are cancelled, and it waits until their callbacks have come.
#ifndef LINTAS_SERVER_EDGE_GRPC_TRANSPORT_H_
#define LINTAS_SERVER_EDGE_GRPC_TRANSPORT_H_

#include <grpcpp/security/credentials.h>

#include <memory>
#include <string>

#include "server/call/partner.h"

namespace lintas {

class GrpcPartnerTransport final : public PartnerTransport {
 public:
  GrpcPartnerTransport(const std::string& address,
                       const std::shared_ptr<grpc::ChannelCredentials>& credentials);
  ~GrpcPartnerTransport() override;

  void Greet(const partner::v1::GreetRequest& request, absl::Time deadline,
             std::function<void(absl::StatusOr<partner::v1::GreetResponse>)> done) override;
  // Destroying a stream waits for a callback of it that is under way, unless it is destroyed in it.
  std::unique_ptr<PullStream> Pull(const partner::v1::PullRequest& request) override;
  void Cosign(const partner::v1::CosignRequest& request, absl::Time deadline,
              std::function<void(absl::StatusOr<partner::v1::CosignResponse>)> done) override;
  void FetchAttachment(
      const partner::v1::FetchAttachmentRequest& request, absl::Time deadline,
      std::function<void(absl::StatusOr<partner::v1::FetchAttachmentResponse>)> done) override;
  void Ask(const partner::v1::SignedQuestion& question, absl::Time deadline,
           std::function<void(absl::StatusOr<partner::v1::SignedAnswer>)> done) override;

 private:
  struct Rep;
  const std::unique_ptr<Rep> rep_;
};

}  // namespace lintas

#endif  // LINTAS_SERVER_EDGE_GRPC_TRANSPORT_H_

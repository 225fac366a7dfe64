// What link/ does, in the form that the partner port asks for (edge/ may not see link/).
#ifndef LINTAS_SERVER_MAIN_PARTNER_ADAPTER_H_
#define LINTAS_SERVER_MAIN_PARTNER_ADAPTER_H_

#include <memory>
#include <utility>

#include "server/call/partner_port.h"
#include "server/link/attachment_server.h"
#include "server/link/questions.h"
#include "server/link/serve.h"

namespace lintas {

class PartnerAdapter final : public PartnerPort {
 public:
  PartnerAdapter(ExchangeServer* server, Questions* questions, const AttachmentServer* attachments)
      : server_(server), questions_(questions), attachments_(attachments) {}

  absl::StatusOr<partner::v1::GreetResponse> Greet(
      const partner::v1::GreetRequest& request) override {
    for (const uint32_t version : request.protocol_versions()) {
      if (version == 1) return server_->Greet();
    }
    return absl::FailedPreconditionError("no protocol version in common; this node speaks 1");
  }
  absl::StatusOr<std::unique_ptr<FrameSource>> OpenPull(
      const partner::v1::PullRequest& request) override {
    absl::StatusOr<std::unique_ptr<ServedPull>> pull = server_->Pull(request);
    if (!pull.ok()) return pull.status();
    return std::unique_ptr<FrameSource>(std::make_unique<Source>(*std::move(pull)));
  }
  void Cosign(const partner::v1::CosignRequest& request, absl::Time now,
              std::function<void(absl::StatusOr<partner::v1::CosignResponse>)> done) override {
    server_->Cosign(request, now, std::move(done));
  }
  absl::StatusOr<partner::v1::FetchAttachmentResponse> FetchAttachment(
      const partner::v1::FetchAttachmentRequest& request) override {
    return attachments_->Fetch(request);
  }
  void Ask(const partner::v1::SignedQuestion& question, absl::Time now,
           std::function<void(absl::StatusOr<partner::v1::SignedAnswer>)> done) override {
    questions_->AnswerPartner(question, now, std::move(done));
  }

 private:
  class Source final : public FrameSource {
   public:
    explicit Source(std::unique_ptr<ServedPull> pull) : pull_(std::move(pull)) {}
    absl::StatusOr<absl::optional<partner::v1::Frame>> Next(absl::Time now) override {
      return pull_->Next(now);
    }

   private:
    const std::unique_ptr<ServedPull> pull_;
  };

  ExchangeServer* const server_;
  Questions* const questions_;
  const AttachmentServer* const attachments_;
};

}  // namespace lintas

#endif  // LINTAS_SERVER_MAIN_PARTNER_ADAPTER_H_

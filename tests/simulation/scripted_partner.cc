#include "tests/simulation/scripted_partner.h"

#include "absl/strings/str_cat.h"
#include "server/ledger/merkle/tree_hash.h"
#include "server/ledger/note/checkpoint.h"

namespace lintas::simulation {
namespace {

std::string Origin() {
  return LedgerOrigin(std::string(TrustDomainOf("khm")), "idn-khm", "exchange", 1);
}

class ScriptedStream final : public PullStream {
 public:
  explicit ScriptedStream(Script* script) : script_(script), alive_(std::make_shared<bool>(true)) {}
  ~ScriptedStream() override { *alive_ = false; }
  void Read(std::function<void(absl::StatusOr<partner::v1::Frame>)> done) override {
    Offer(script_, alive_, std::move(done));
  }

 private:
  // Looks again in the next round as long as there is nothing to give.
  static void Offer(Script* script, std::shared_ptr<bool> alive,
                    std::function<void(absl::StatusOr<partner::v1::Frame>)> done) {
    script->due.push_back([script, alive, done] {
      if (!*alive) return;
      if (script->frames.empty()) return Offer(script, alive, done);
      absl::StatusOr<partner::v1::Frame> frame = std::move(script->frames.front());
      script->frames.pop_front();
      done(std::move(frame));
    });
  }

  Script* const script_;
  const std::shared_ptr<bool> alive_;
};

class ScriptedTransport final : public PartnerTransport {
 public:
  explicit ScriptedTransport(Script* script) : script_(script) {}
  void Greet(const partner::v1::GreetRequest&, absl::Time,
             std::function<void(absl::StatusOr<partner::v1::GreetResponse>)> done) override {
    if (script_->greeting_head.empty()) return;
    partner::v1::GreetResponse response;
    response.set_checkpoint(script_->greeting_head);
    script_->due.push_back([done, response] { done(response); });
  }
  std::unique_ptr<PullStream> Pull(const partner::v1::PullRequest& request) override {
    script_->pulled_from.push_back(request.start_index());
    return std::make_unique<ScriptedStream>(script_);
  }
  void Cosign(const partner::v1::CosignRequest& request, absl::Time,
              std::function<void(absl::StatusOr<partner::v1::CosignResponse>)> done) override {
    script_->cosigned.push_back(request);
    script_->due.push_back([done] { done(partner::v1::CosignResponse()); });
  }
  void FetchAttachment(
      const partner::v1::FetchAttachmentRequest& request, absl::Time,
      std::function<void(absl::StatusOr<partner::v1::FetchAttachmentResponse>)> done) override {
    script_->fetched.push_back(request);
    partner::v1::FetchAttachmentResponse response;
    response.set_content(script_->attachment_content);
    script_->due.push_back([done, response] { done(response); });
  }
  void Ask(const partner::v1::SignedQuestion&, absl::Time,
           std::function<void(absl::StatusOr<partner::v1::SignedAnswer>)>) override {
    ++script_->asked;
  }

 private:
  Script* const script_;
};

}  // namespace

partner::v1::Frame::Entry RawLedger::Append(
    ledger::v1::EntryHeader header, bool synthetic,
    const std::vector<std::pair<uint32_t, std::string>>& sections) {
  ledger::v1::Payload payload;
  payload.set_synthetic(synthetic);
  for (const auto& [section, content] : sections) AddSection(section, content, random_, &payload);
  header.set_format(kEntryFormat);
  header.set_origin(Origin());
  if (header.index() == 0) header.set_index(entries_.size());
  header.set_time_s(absl::ToUnixSeconds(StartTime()));
  if (header.retention_class().empty()) header.set_retention_class("migration");
  if (header.digests().empty()) header.set_digests(HeaderDigests(payload, random_));
  partner::v1::Frame::Entry entry;
  entry.set_header(SerializeHeader(header));
  if (!sections.empty()) entry.set_payload(payload.SerializeAsString());
  Add(entry);
  return entry;
}

partner::v1::Frame::Entry RawLedger::Adopt(const agreement::v1::SignedAgreement& agreement) {
  ledger::v1::EntryHeader header;
  header.set_kind(ledger::v1::EntryHeader::ADOPTION);
  header.set_revision(1);
  return Append(header, true, {{1, agreement.SerializeAsString()}});
}

partner::v1::Frame::Entry RawLedger::AppendRecord(
    const std::string& type, const std::vector<std::pair<uint32_t, std::string>>& sections,
    bool synthetic) {
  ledger::v1::EntryHeader header;
  header.set_kind(ledger::v1::EntryHeader::REVISION);
  header.set_type(type);
  header.set_record_id(random_.Bytes(kRecordIdBytes));
  header.set_revision(1);
  header.set_agreement_version(1);
  return Append(header, synthetic, sections);
}

void RawLedger::Add(const partner::v1::Frame::Entry& entry) {
  std::vector<merkle::Tile> unused;
  tree_.Append(merkle::LeafHash(entry.header()), &unused);
  entries_.push_back(entry);
}

std::string RawLedger::Checkpoint() const {
  return note::SignCheckpoint({Origin(), TreeSize(entries_.size()), tree_.Root()},
                              NodeKeysForTest(1).log);
}

partner::v1::Frame RawLedger::Run(uint64_t from) const {
  partner::v1::Frame frame;
  for (uint64_t i = from; i < entries_.size(); ++i) *frame.add_entries() = entries_[i];
  frame.set_checkpoint(Checkpoint());
  return frame;
}

std::unique_ptr<PartnerTransport> MakeScriptedTransport(Script* script) {
  return std::make_unique<ScriptedTransport>(script);
}

}  // namespace lintas::simulation

// A partner that signs whatever a test wants: entries, heads, forks. For tests only.
#ifndef LINTAS_TESTS_SUPPORT_FORGED_LEDGER_H_
#define LINTAS_TESTS_SUPPORT_FORGED_LEDGER_H_

#include <deque>
#include <string>
#include <utility>
#include <vector>

#include "server/ledger/merkle/tree_hash.h"
#include "tests/support/migration_calls.h"

namespace lintas {

using SectionsForTest = std::vector<std::pair<uint32_t, std::string>>;

// Header and payload with matching digests, as a partner's node would send them.
inline partner::v1::Frame::Entry MakeFrameEntry(ledger::v1::EntryHeader header,
                                                const SectionsForTest& sections, bool synthetic,
                                                Random& random) {
  ledger::v1::Payload payload;
  if (!sections.empty()) payload.set_synthetic(synthetic);
  for (const auto& [number, content] : sections) AddSection(number, content, random, &payload);
  header.set_format(kEntryFormat);
  header.set_digests(HeaderDigests(payload, random));
  partner::v1::Frame::Entry entry;
  entry.set_header(SerializeHeader(header));
  entry.set_payload(payload.SerializeAsString());
  return entry;
}

inline ledger::v1::EntryHeader RecordHeaderForTest(const std::string& type, char id) {
  ledger::v1::EntryHeader header;
  header.set_kind(ledger::v1::EntryHeader::REVISION);
  header.set_type(type);
  header.set_record_id(std::string(kRecordIdBytes, id));
  header.set_revision(1);
  header.set_retention_class("crossing");
  header.set_agreement_version(1);
  header.set_time_s(absl::ToUnixSeconds(SigningDayForTest()));
  return header;
}

class ForgedLedger final : public PartnerTransport {
 public:
  explicit ForgedLedger(std::string origin)
      : origin_(std::move(origin)), key_(NodeKeysForTest("khm").log), random_("forged") {}

  std::vector<std::string> cosigned;
  std::vector<uint64_t> pulls;
  bool heartbeats = true;

  void Add(ledger::v1::EntryHeader header, const SectionsForTest& sections, bool synthetic = true) {
    header.set_origin(origin_);
    header.set_index(entries_.size());
    entries_.push_back(MakeFrameEntry(header, sections, synthetic, random_));
    tree_.Append(merkle::LeafHash(entries_.back().header()), &tiles_);
  }
  void AddAdoption() {
    ledger::v1::EntryHeader header;
    header.set_kind(ledger::v1::EntryHeader::ADOPTION);
    header.set_revision(1);
    header.set_retention_class("agreement");
    header.set_time_s(absl::ToUnixSeconds(SigningDayForTest()));
    Add(header, {{1, SignForTest(DefaultAgreementForTest()).SerializeAsString()}}, false);
  }
  // Everything that was not sent, with a signed head.
  void Send() {
    partner::v1::Frame frame;
    for (; sent_ < entries_.size(); ++sent_) *frame.add_entries() = entries_[sent_];
    frame.set_checkpoint(Note(tree_.size(), tree_.Root()));
    frames_.push_back(std::move(frame));
  }
  // The same without the head: a run that goes on.
  void SendOpen() {
    Send();
    frames_.back().clear_checkpoint();
  }
  std::string Head() const { return Note(tree_.size(), tree_.Root()); }
  void SendNote(const std::string& note) {
    partner::v1::Frame frame;
    frame.set_checkpoint(note);
    frames_.push_back(std::move(frame));
  }
  std::string Note(TreeSize size, const Hash& root) const {
    return note::SignCheckpoint({origin_, size, root, {}}, key_);
  }
  TreeSize size() const { return tree_.size(); }

  void Pump() {
    for (auto& call : std::exchange(calls_, {})) call();
    if (!read_) return;
    partner::v1::Frame frame;
    if (!frames_.empty()) {
      frame = std::move(frames_.front());
      frames_.pop_front();
    } else if (heartbeats && ++idle_ % 200 == 0) {
      frame.set_heartbeat(true);
    } else {
      return;
    }
    std::exchange(read_, nullptr)(std::move(frame));
  }

  void Greet(const partner::v1::GreetRequest&, absl::Time,
             std::function<void(absl::StatusOr<partner::v1::GreetResponse>)> done) override {
    calls_.push_back([done] { done(absl::UnavailableError("a forged partner")); });
  }
  void FetchAttachment(
      const partner::v1::FetchAttachmentRequest&, absl::Time,
      std::function<void(absl::StatusOr<partner::v1::FetchAttachmentResponse>)> done) override {
    calls_.push_back([done] { done(absl::UnavailableError("a forged partner")); });
  }
  std::unique_ptr<PullStream> Pull(const partner::v1::PullRequest& request) override {
    pulls.push_back(request.start_index());
    frames_.clear();
    sent_ = request.start_index();
    if (sent_ < entries_.size()) Send();
    return std::make_unique<Reading>(this);
  }
  void Cosign(const partner::v1::CosignRequest& request, absl::Time,
              std::function<void(absl::StatusOr<partner::v1::CosignResponse>)> done) override {
    cosigned.push_back(request.note());
    calls_.push_back([done] { done(partner::v1::CosignResponse()); });
  }
  void Ask(const partner::v1::SignedQuestion&, absl::Time,
           std::function<void(absl::StatusOr<partner::v1::SignedAnswer>)> done) override {
    calls_.push_back([done] { done(absl::UnavailableError("a forged partner")); });
  }

 private:
  class Reading final : public PullStream {
   public:
    explicit Reading(ForgedLedger* ledger) : ledger_(ledger) {}
    ~Reading() override { ledger_->read_ = nullptr; }
    void Read(std::function<void(absl::StatusOr<partner::v1::Frame>)> done) override {
      ledger_->read_ = std::move(done);
    }

   private:
    ForgedLedger* const ledger_;
  };

  const std::string origin_;
  const SigningKey key_;
  CountingRandom random_;
  std::vector<partner::v1::Frame::Entry> entries_;
  size_t sent_ = 0;
  int idle_ = 0;
  merkle::TreeBuilder tree_;
  std::vector<merkle::Tile> tiles_;
  std::deque<partner::v1::Frame> frames_;
  std::function<void(absl::StatusOr<partner::v1::Frame>)> read_;
  std::vector<std::function<void()>> calls_;
};

// Indonesia's node whose partner is forged; both have adopted the default agreement.
class ForgedWorld : public MigrationCalls {
 public:
  ForgedWorld()
      : MigrationCalls(/*adopt=*/false), forged(idn.node->ledgers().origin(LedgerId::kReplica)) {
    idn.Close();
    idn.Open(&forged);
    on_turn = [this] { forged.Pump(); };
    LINTAS_CHECK(Adopt(idn).ok());
    forged.AddAdoption();
    forged.Send();
    Settle();
    LINTAS_CHECK(idn.node->book().InForce() != nullptr);
  }
  ~ForgedWorld() {
    idn_line.Cut();
    khm_line.Cut();
    idn.Close();
  }
  void ReopenForged() {
    khm_line.Cut();
    idn.Close();
    idn.Open(&forged);
  }

  ForgedLedger forged;
};

}  // namespace lintas

#endif  // LINTAS_TESTS_SUPPORT_FORGED_LEDGER_H_

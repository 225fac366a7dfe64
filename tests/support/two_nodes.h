// Two whole nodes in one test, on memory stores, with keys from fixed seeds, one clock and a line
// without delay. Data about people is synthetic: both are exercise nodes. For tests only.
#ifndef LINTAS_TESTS_SUPPORT_TWO_NODES_H_
#define LINTAS_TESTS_SUPPORT_TWO_NODES_H_

#include <cstring>
#include <deque>
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "lintas/migration_information/v1/migration_information.pb.h"
#include "lintas/node/v1/node.pb.h"
#include "server/base/bytes.h"
#include "server/base/check.h"
#include "server/base/error.h"
#include "server/main/node.h"
#include "server/store/memory/memory_store.h"
#include "tests/support/signed_agreement.h"

namespace lintas {

class HandClock final : public Clock {
 public:
  absl::Time Now() override { return now; }
  absl::Time now = SigningDayForTest();
};

// SHA-256 of a counter: the same bytes in every run.
class CountingRandom final : public Random {
 public:
  explicit CountingRandom(std::string seed) : seed_(std::move(seed)) {}
  void Fill(void* out, size_t size) override {
    char* to = static_cast<char*>(out);
    while (size > 0) {
      const std::string block = Sha256Of(absl::StrCat(seed_, "/", count_++)).str();
      const size_t part = std::min(size, block.size());
      std::memcpy(to, block.data(), part);
      to += part;
      size -= part;
    }
  }

 private:
  const std::string seed_;
  uint64_t count_ = 0;
};

inline NodeKeys NodeKeysForTest(const std::string& country) {
  const auto key = [&](const char* use) { return KeyForTest(absl::StrCat(country, "/", use)); };
  return NodeKeys{key("log"), key("held"), key("consistent"), key("question")};
}

inline PartnerKeys PartnerKeysForTest(const std::string& country) {
  const NodeKeys keys = NodeKeysForTest(country);
  return PartnerKeys{keys.log.verify_key(), keys.held.verify_key(), keys.consistent.verify_key(),
                     keys.question.verify_key()};
}

// What goes wrong on the way from one node to the other.
struct LineFaults {
  bool down = false;  // Every call and stream ends with kUnavailable.
  bool withhold_cosignature = false;
  std::function<void(partner::v1::SignedAnswer*)> on_answer;
  std::function<void(partner::v1::FetchAttachmentResponse*)> on_attachment;
};

// Runs calls in the thread that pumps, so that a callback never comes from inside the call.
class DirectTransport final : public PartnerTransport {
 public:
  DirectTransport(std::unique_ptr<Node>* to, HandClock* clock) : to_(to), clock_(clock) {}

  LineFaults faults;
  // Answers as they arrived: length and time.
  std::vector<std::pair<size_t, absl::Time>> answers_seen;
  std::vector<partner::v1::SignedQuestion> questions_seen;
  std::vector<uint64_t> pulls_seen;  // Start indexes.
  std::vector<partner::v1::FetchAttachmentRequest> fetches_seen;

  void Greet(const partner::v1::GreetRequest&, absl::Time,
             std::function<void(absl::StatusOr<partner::v1::GreetResponse>)> done) override {
    calls_.push_back([this, done] {
      if (!up()) return done(Down());
      done((*to_)->exchange_server().Greet());
    });
  }

  std::unique_ptr<PullStream> Pull(const partner::v1::PullRequest& request) override {
    pulls_seen.push_back(request.start_index());
    auto stream = std::make_shared<Stream>();
    stream->request = request;
    stream->sent = clock_->now;
    streams_.push_back(stream);
    return std::make_unique<Reading>(stream);
  }

  void Cosign(const partner::v1::CosignRequest& request, absl::Time,
              std::function<void(absl::StatusOr<partner::v1::CosignResponse>)> done) override {
    calls_.push_back([this, request, done] {
      if (!up() || faults.withhold_cosignature) return done(Down());
      (*to_)->exchange_server().Cosign(request, clock_->now, done);
    });
  }

  void FetchAttachment(
      const partner::v1::FetchAttachmentRequest& request, absl::Time,
      std::function<void(absl::StatusOr<partner::v1::FetchAttachmentResponse>)> done) override {
    calls_.push_back([this, request, done] {
      if (!up()) return done(Down());
      fetches_seen.push_back(request);
      absl::StatusOr<partner::v1::FetchAttachmentResponse> response =
          (*to_)->attachment_server().Fetch(request);
      if (response.ok() && faults.on_attachment) faults.on_attachment(&*response);
      done(std::move(response));
    });
  }

  void Ask(const partner::v1::SignedQuestion& question, absl::Time,
           std::function<void(absl::StatusOr<partner::v1::SignedAnswer>)> done) override {
    calls_.push_back([this, question, done] {
      if (!up()) return done(Down());
      questions_seen.push_back(question);
      (*to_)->questions().AnswerPartner(
          question, clock_->now, [this, done](absl::StatusOr<partner::v1::SignedAnswer> answer) {
            if (answer.ok()) {
              answers_seen.emplace_back(answer->answer().size(), clock_->now);
              if (faults.on_answer) faults.on_answer(&*answer);
            }
            calls_.push_back([done, answer] { done(answer); });
          });
    });
  }

  void Pump() {
    for (auto& call : std::exchange(calls_, {})) call();
    const std::vector<std::shared_ptr<Stream>> streams = streams_;
    for (const auto& stream : streams) PumpStream(stream.get());
  }

  // One of the ends is gone: nothing that was on the way arrives.
  void Cut() {
    calls_.clear();
    for (const auto& stream : streams_) {
      stream->served.reset();
      stream->broken = true;
    }
  }

 private:
  struct Stream {
    partner::v1::PullRequest request;
    std::unique_ptr<ServedPull> served;
    std::function<void(absl::StatusOr<partner::v1::Frame>)> read;
    absl::Time sent;
    bool closed = false;
    bool broken = false;
  };
  class Reading final : public PullStream {
   public:
    explicit Reading(std::shared_ptr<Stream> stream) : stream_(std::move(stream)) {}
    ~Reading() override {
      stream_->closed = true;
      stream_->read = nullptr;
    }
    void Read(std::function<void(absl::StatusOr<partner::v1::Frame>)> done) override {
      stream_->read = std::move(done);
    }

   private:
    const std::shared_ptr<Stream> stream_;
  };

  bool up() const { return !faults.down && *to_ != nullptr; }
  static absl::Status Down() { return absl::UnavailableError("the line is down"); }

  void PumpStream(Stream* stream) {
    if (stream->closed || !stream->read) return;
    const auto give = [&](absl::StatusOr<partner::v1::Frame> frame) {
      stream->sent = clock_->now;
      std::exchange(stream->read, nullptr)(std::move(frame));
    };
    if (!up() || stream->broken) return give(Down());
    if (stream->served == nullptr) {
      auto served = (*to_)->exchange_server().Pull(stream->request);
      if (!served.ok()) return give(served.status());
      stream->served = *std::move(served);
    }
    auto frame = stream->served->Next(clock_->now);
    if (!frame.ok()) return give(frame.status());
    if (frame->has_value()) return give(**frame);
    if (clock_->now - stream->sent < kHeartbeatInterval) return;
    partner::v1::Frame heartbeat;
    heartbeat.set_heartbeat(true);
    give(heartbeat);
  }

  std::unique_ptr<Node>* const to_;
  HandClock* const clock_;
  std::vector<std::function<void()>> calls_;
  std::vector<std::shared_ptr<Stream>> streams_;
};

// A node with the disk under it, which outlives it.
class NodeOnDisk {
 public:
  NodeOnDisk(std::string country, std::string partner, HandClock* clock)
      : country_(std::move(country)),
        partner_(std::move(partner)),
        clock_(clock),
        random_(country_) {}

  void Open(PartnerTransport* transport) {
    store_ = MemoryStore::Open(disk_);
    heads_ = std::make_unique<MemoryHeadStore>(head_disk_);
    NodeOptions options;
    options.country = country_;
    options.partner_country = partner_;
    options.exercise = exercise;
    absl::StatusOr<std::unique_ptr<Node>> opened =
        Node::Open(options, keys.value_or(NodeKeysForTest(country_)), Seal(),
                   partner_keys.value_or(PartnerKeysForTest(partner_)), TrustedKeysForTest(),
                   {store_.get(), heads_.get(), clock_, &random_, transport});
    LINTAS_CHECK(opened.ok());
    node = *std::move(opened);
  }
  void Close() {
    node.reset();
    heads_.reset();
    store_.reset();
  }
  void Step() {
    while (true) {
      const absl::StatusOr<bool> did = node->CommitStep(clock_->now);
      if (!did.ok() || !*did) break;
    }
    for (int i = 0; i < 4 && node->LinkStep(clock_->now); ++i) {
    }
  }

  // What a ledger holds, as this node can open it; the payload is empty if erased.
  struct Held {
    ledger::v1::EntryHeader header;
    ledger::v1::Payload payload;
    bool erased = false;
    std::string content() const {
      std::string all;
      for (const auto& section : payload.sections()) all += section.content();
      return all;
    }
  };
  std::vector<Held> Entries(LedgerId ledger) const {
    std::vector<Held> entries;
    LINTAS_CHECK(store_->GetSnapshot()
                     ->ScanEntries(ledger, Index(0),
                                   [&](Index, EntryRow&& row) {
                                     Held held;
                                     held.header = *ParseHeader(row.header);
                                     held.erased = row.payload.empty() && row.key.empty();
                                     const auto payload = node->deps().sealer->Open(row);
                                     if (payload.ok()) held.payload = *payload;
                                     entries.push_back(std::move(held));
                                     return true;
                                   })
                     .ok());
    return entries;
  }
  std::vector<Held> Entries(LedgerId ledger, ledger::v1::EntryHeader::Kind kind) const {
    std::vector<Held> entries;
    for (Held& each : Entries(ledger)) {
      if (each.header.kind() == kind) entries.push_back(std::move(each));
    }
    return entries;
  }
  std::string StateDigest() const {
    return absl::BytesToHexString(SharedStateDigest(*store_->GetSnapshot())->view());
  }
  const std::string& country() const { return country_; }
  MemoryStore& store() { return *store_; }
  HeadStore& heads() { return *heads_; }
  MemoryDisk& disk() { return *disk_; }
  Secret Seal() const { return Secret(Sha256Of(absl::StrCat("seal/", country_)).str()); }

  std::unique_ptr<Node> node;
  bool exercise = true;
  // Taken by Open in place of those of the two functions above: a key that follows another.
  absl::optional<NodeKeys> keys;
  absl::optional<PartnerKeys> partner_keys;

 private:
  const std::string country_, partner_;
  HandClock* const clock_;
  CountingRandom random_;
  std::shared_ptr<MemoryDisk> disk_ = std::make_shared<MemoryDisk>();
  std::shared_ptr<MemoryHeadDisk> head_disk_ = std::make_shared<MemoryHeadDisk>();
  std::unique_ptr<MemoryStore> store_;
  std::unique_ptr<HeadStore> heads_;
};

// What a caller says beside the body.
struct As {
  Role role = Role::kOfficer;
  std::string purpose = "MIGRATION_MANAGEMENT";
  std::string case_id;
  std::string id = "officer-1";
  std::string wait_for{};
  absl::Time deadline = absl::InfiniteFuture();
};

inline As Officer() { return {}; }
inline As OfficerIn(const std::string& case_id) {
  return {Role::kOfficer, "IDENTITY_VERIFICATION", case_id, "officer-1"};
}
inline As Agency(const std::string& id = "border-1") {
  return {Role::kAgency, "DATA_SUBMISSION", "", id};
}
inline As Attache(const std::string& case_id) {
  return {Role::kAttache, "CONSULAR_PROTECTION", case_id, "attache-1"};
}
inline As Operator() { return {Role::kOperator, "OPERATION", "", "operator-1"}; }
inline As Supervisor() { return {Role::kSupervisor, "SUPERVISION", "", "supervisor-1"}; }

// A UUID of version 4 that says which request it is.
inline std::string RequestIdForTest(int number) {
  return absl::StrFormat("00000000-0000-4000-8000-%012d", number);
}

class TwoNodes {
 public:
  // Both adopt the default agreement if `adopt`, and are level.
  explicit TwoNodes(bool adopt = true)
      : idn("idn", "khm", &clock),
        khm("khm", "idn", &clock),
        idn_line(&khm.node, &clock),
        khm_line(&idn.node, &clock) {
    idn.Open(&idn_line);
    khm.Open(&khm_line);
    if (!adopt) return;
    LINTAS_CHECK(Adopt(idn).ok());
    LINTAS_CHECK(Adopt(khm).ok());
    Settle();
    LINTAS_CHECK(idn.node->book().InForce() != nullptr);
    LINTAS_CHECK(khm.node->book().InForce() != nullptr);
  }

  void Turn() {
    for (NodeOnDisk* each : {&idn, &khm}) {
      if (each->node) each->Step();
    }
    idn_line.Pump();
    khm_line.Pump();
    if (on_turn) on_turn();
    clock.now += absl::Milliseconds(5);
  }
  void RunFor(absl::Duration time) {
    const absl::Time end = clock.now + time;
    while (clock.now < end) Turn();
  }
  // Long enough for records, verdicts, receipts and cosignatures to go there and back.
  void Settle() { RunFor(absl::Milliseconds(2500)); }

  void Reopen(NodeOnDisk* which) {
    idn_line.Cut();
    khm_line.Cut();
    which->Close();
    which->Open(which == &idn ? &idn_line : &khm_line);
  }

  template <typename Response>
  absl::StatusOr<Response> Call(NodeOnDisk& at, const std::string& method, const As& as,
                                const google::protobuf::Message& request) {
    absl::optional<absl::StatusOr<std::unique_ptr<google::protobuf::Message>>> answer;
    Start(at, method, as, request,
          [&](absl::StatusOr<std::unique_ptr<google::protobuf::Message>> given) {
            answer.emplace(std::move(given));
          });
    for (int i = 0; i < 2000 && !answer; ++i) Turn();
    LINTAS_CHECK(answer.has_value());
    if (!answer->ok()) return answer->status();
    return dynamic_cast<const Response&>(***answer);
  }

  void Start(NodeOnDisk& at, const std::string& method, const As& as,
             const google::protobuf::Message& request,
             std::function<void(absl::StatusOr<std::unique_ptr<google::protobuf::Message>>)> done) {
    Admission& admission = at.node->admission();
    const Method* found = Find(admission, method);
    CallMetadata metadata;
    metadata.purpose = as.purpose;
    metadata.case_id = as.case_id;
    metadata.wait_for = as.wait_for;
    metadata.deadline = as.deadline;
    admission.HandleUnary(*found, admission.Admit(PrincipalAt(at, as), *found, metadata, clock.now),
                          request, std::move(done));
  }

  static Principal PrincipalAt(const NodeOnDisk& at, const As& as) {
    return *MakePrincipal(at.country(), as.role, as.id);
  }

  static const Method* Find(const Admission& admission, const std::string& method) {
    const Method* found = admission.Find(
        absl::StrCat("lintas.migration_information.v1.MigrationInformationService/", method));
    if (!found) found = admission.Find(absl::StrCat("lintas.node.v1.NodeService/", method));
    if (!found) {
      found = admission.Find(absl::StrCat("lintas.procedure.v1.ProcedureService/", method));
    }
    if (!found) {
      found = admission.Find(
          absl::StrCat("lintas.institutions_policy.v1.InstitutionsPolicyService/", method));
    }
    if (!found) found = admission.Find(method);  // By its full name.
    LINTAS_CHECK(found != nullptr);
    return found;
  }

  absl::StatusOr<node::v1::AgreementStatus> Adopt(NodeOnDisk& at,
                                                  const agreement::v1::SignedAgreement& agreement) {
    node::v1::AdoptAgreementRequest request;
    *request.mutable_signed_agreement() = agreement;
    request.set_request_id(NextRequestId());
    return Call<node::v1::AgreementStatus>(at, "AdoptAgreement", Operator(), request);
  }
  absl::StatusOr<node::v1::AgreementStatus> Adopt(NodeOnDisk& at) {
    return Adopt(at, SignForTest(DefaultAgreementForTest()));
  }

  std::string NextRequestId() { return RequestIdForTest(++requests_); }

  std::function<void()> on_turn;
  HandClock clock;
  NodeOnDisk idn, khm;
  DirectTransport idn_line, khm_line;  // From the named node to the other.

 private:
  int requests_ = 0;
};

// ---- Synthetic records
// ---------------------------------------------------------------------------

namespace mi = migration_information::v1;

struct PersonForTest {
  std::vector<std::string> nationalities = {"IDN"};
  std::string family = "SYNTHETICA";
  std::string given = "BUDI SANTOSO";
  std::string national_number = "";
  int year = 1990, month = 5, day = 17;
};

inline types::v1::Person MakePerson(const PersonForTest& person) {
  types::v1::Person out;
  out.add_names()->set_family_name(person.family);
  out.mutable_names(0)->set_given_name(person.given);
  out.mutable_birth_date()->set_year(person.year);
  out.mutable_birth_date()->set_month(person.month);
  out.mutable_birth_date()->set_day(person.day);
  for (const auto& nationality : person.nationalities) out.add_nationalities(nationality);
  out.set_national_number(person.national_number);
  return out;
}

inline mi::Crossing MakeCrossing(const PersonForTest& person = {},
                                 const std::string& number = "X0000001",
                                 const std::string& issuer = "IDN") {
  mi::Crossing crossing;
  *crossing.mutable_person() = MakePerson(person);
  crossing.mutable_document()->set_code("P");
  crossing.mutable_document()->set_number(number);
  crossing.mutable_document()->set_issuer(issuer);
  crossing.set_direction(mi::Crossing::ENTRY);
  crossing.set_port("IDCGK");
  crossing.mutable_crossing_time()->set_seconds(absl::ToUnixSeconds(SigningDayForTest()));
  crossing.set_utc_offset_minutes(420);
  crossing.set_outcome(mi::Crossing::ADMITTED);
  return crossing;
}

constexpr char kAddressForTest[] = "JALAN SINTETIS 1";
constexpr char kHostForTest[] = "HOST SINTETIS";

inline mi::StayPermit MakeStayPermit(const PersonForTest& person = {},
                                     const std::string& number = "X0000001",
                                     const std::string& permit = "2C11AB0001") {
  mi::StayPermit record;
  *record.mutable_person() = MakePerson(person);
  record.mutable_document()->set_code("P");
  record.mutable_document()->set_number(number);
  record.mutable_document()->set_issuer("IDN");
  record.set_permit_number(permit);
  record.set_permit_class("C317");
  record.set_start_date("2026-01-01");
  record.set_end_date("2026-12-31");
  record.set_status(mi::StayPermit::VALID);
  record.set_address(kAddressForTest);
  record.set_host(kHostForTest);
  return record;
}

}  // namespace lintas

#endif  // LINTAS_TESTS_SUPPORT_TWO_NODES_H_

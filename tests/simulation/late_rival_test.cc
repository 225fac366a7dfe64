// A partner that asks, cosigns, and lies about how far its own ledger was: whatever it sends late,
// before its word or after it, no irreversible step of ours is undone (P18). One seed is one run.
#include <cstdlib>
#include <memory>
#include <set>
#include <string>

#include "absl/strings/str_format.h"
#include "gtest/gtest.h"
#include "lintas/migration_information/v1/record_request.pb.h"
#include "lintas/node/v1/node.pb.h"
#include "lintas/procedure/v1/procedure.pb.h"
#include "server/base/status.h"
#include "server/ledger/note/cosignature.h"
#include "server/ledger/note/signed_note.h"
#include "server/link/keys.h"
#include "tests/simulation/scripted_partner.h"

namespace lintas::simulation {
namespace {

namespace mi = migration_information::v1;
namespace pv = procedure::v1;
using ledger::v1::EntryHeader;

constexpr int kTurns = 25;

class LateRivalWorld {
 public:
  explicit LateRivalWorld(uint64_t seed)
      : random_(seed),
        network_(&now_, &random_),
        node_(0, &now_, seed * 2 + 1, &network_),
        ledger_(seed) {
    node_.SetTransport([this] { return MakeScriptedTransport(&script_); });
  }

  absl::Status Run() {
    RETURN_IF_ERROR(node_.Start());
    node::v1::AdoptAgreementRequest request;
    *request.mutable_signed_agreement() = AgreementForTest();
    request.set_request_id(RequestId());
    RETURN_IF_ERROR(
        Call("lintas.node.v1.NodeService/AdoptAgreement", Role::kOperator, "OPERATION", request));
    ledger_.Adopt(AgreementForTest());
    seen_ = Size(LedgerId::kExchange);
    const EntryHeader ask = Step("ASK", seen_);
    ledger_.Append(ask, true, {{1, Request().SerializeAsString()}});
    script_.frames.push_back(ledger_.Run(0));
    Settle(20);
    if (Size(LedgerId::kReplica) != ledger_.size()) return absl::InternalError("no request came");
    for (int i = 0; i < kTurns; ++i) RETURN_IF_ERROR(Turn());
    return absl::OkStatus();
  }

  std::map<std::string, uint64_t> reached;

 private:
  // The partner sends one entry, the own officer moves, the partner cosigns: in any order.
  absl::Status Turn() {
    RawLedger next = ledger_;
    const uint64_t seen = seen_ + random_.Below(Size(LedgerId::kExchange) - seen_ + 1);
    Append(&next, seen);
    partner::v1::Frame frame = next.Run(ledger_.size());
    if (random_.Chance(0.5)) {  // The run stays open for a while.
      partner::v1::Frame open = frame;
      open.clear_checkpoint();
      frame.clear_entries();
      script_.frames.push_back(open);
      Settle(3);
    }
    for (int i = 0; i < 3; ++i) {
      if (random_.Chance(0.5)) Cosign(next.size());
      if (random_.Chance(0.5)) RETURN_IF_ERROR(Move());
    }
    script_.frames.push_back(frame);
    Settle(5);
    if (Size(LedgerId::kReplica) == next.size()) {
      ledger_ = next;
      seen_ = seen;
    } else {
      ++reached["refused"];
      Restart();
    }
    return Check();
  }

  void Append(RawLedger* ledger, uint64_t seen) {
    EntryHeader header;
    switch (random_.Below(4)) {
      case 0:
        header.set_kind(EntryHeader::REJECTED);
        header.set_code("STALE_STEP");
        // A verdict on the answer itself is its receiver's right, if it comes in time.
        do {
          header.set_target_first(random_.Below(Size(LedgerId::kExchange)));
        } while (answers_.count(header.target_first()) != 0);
        header.set_agreement_version(1);
        header.set_seen_partner(seen);
        ledger->Append(header, true, {});
        return;
      case 1:
        header = Step("ASK", seen);  // Once more under the same id.
        ledger->Append(header, true, {{1, Request().SerializeAsString()}});
        return;
      default:
        header = Step("WITHDRAW", seen);
        header.set_predecessor(1);
        ledger->Append(header, true, {});
    }
  }

  EntryHeader Step(const std::string& code, uint64_t seen) const {
    EntryHeader header;
    header.set_kind(EntryHeader::STEP);
    header.set_procedure_id(std::string(16, 'p'));
    header.set_type("record_request");
    header.set_code(code);
    header.set_agreement_version(1);
    header.set_seen_partner(seen);
    return header;
  }
  static mi::RecordRequest Request() {
    mi::RecordRequest request;
    request.set_what(mi::RecordRequest::LAST_ENTRY);
    request.mutable_document()->set_number("X0000001");
    request.mutable_document()->set_issuer("IDN");
    request.add_nationalities("IDN");
    request.set_justification("SYNTHETIC");
    return request;
  }

  // Says what it holds, and any size of its own ledger.
  void Cosign(uint64_t size) {
    const absl::StatusOr<std::string> head =
        node_.node()->ledgers().CheckpointNote(LedgerId::kExchange);
    if (!head.ok()) return;
    note::SignedNote note = *note::ParseNote(*head);
    const NodeKeys keys = NodeKeysForTest(1);
    const std::string domain(TrustDomainOf("khm"));
    note::AddSignature(&note, note::Cosign(note.text, CosignerName(domain, "idn-khm", "held"),
                                           keys.held, node_.Now()));
    note::AddSignature(&note, note::Cosign(note.text, CosignerName(domain, "idn-khm", "consistent"),
                                           keys.consistent, node_.Now()));
    partner::v1::CosignRequest request;
    request.set_note(note::FormatNote(note));
    request.set_exchange_size(random_.Below(size + 2));
    node_.node()->exchange_server().Cosign(request, node_.Now(), [](const auto&) {});
    Settle(1);
  }

  // Whatever the officer may do next, an answer most of all.
  absl::Status Move() {
    const auto found = node_.node()->desk().Get(std::string(16, 'p'), node_.Now());
    if (!found.ok()) return found.status();
    const auto next = NextSteps(*found->table, found->state, "idn");
    if (next.empty()) return absl::OkStatus();
    const StepRow* row = next[random_.Below(next.size())];
    pv::TakeStepRequest request;
    request.set_name(found->name());
    request.set_step(row->code);
    if (row->code == "SUSPEND") request.set_suspension_reason("SYNTHETIC_REASON");
    if (row->content == mi::RecordAnswer::descriptor()) {
      mi::RecordAnswer content;
      content.set_outcome(mi::RecordAnswer::NOTHING_TO_SHARE);
      request.mutable_content()->PackFrom(content);
    } else if (row->content != nullptr) {
      mi::RecordRefusal content;
      content.set_ground(mi::RecordRefusal::NOT_COMPETENT);
      request.mutable_content()->PackFrom(content);
    }
    request.set_request_id(RequestId());
    const uint64_t at = Size(LedgerId::kExchange);
    const absl::Status taken = Call("lintas.procedure.v1.ProcedureService/TakeStep", Role::kOfficer,
                                    "MIGRATION_MANAGEMENT", request);
    if (!taken.ok() || !row->irreversible) return absl::OkStatus();
    ++reached[found->state.head.country == "idn" ? "answered on an own step" : "answered"];
    // Verdicts of a run may stand before it in the same batch.
    for (uint64_t i = at; i < Size(LedgerId::kExchange); ++i) {
      const auto row_at = node_.store()->GetEntry({LedgerId::kExchange, Index(i)});
      const auto header = ParseHeader(row_at->header);
      if (header->code() == row->code) answers_.insert(i);
    }
    return absl::OkStatus();
  }

  absl::Status Check() {
    if (answers_.empty()) return absl::OkStatus();
    const auto found = node_.node()->desk().Get(std::string(16, 'p'), node_.Now());
    if (!found.ok()) return absl::InternalError("the procedure is gone");
    for (const uint64_t index : answers_) {
      const auto& path = found->state.path;
      if (std::find(path.begin(), path.end(), StepPlace{"idn", index}) == path.end()) {
        return absl::InternalError("an irreversible step was undone");
      }
    }
    return absl::OkStatus();
  }

  absl::Status Call(const std::string& method, Role role, const std::string& purpose,
                    const google::protobuf::Message& request) {
    Admission& admission = node_.node()->admission();
    const Method* found = admission.Find(method);
    CallMetadata metadata;
    metadata.purpose = purpose;
    absl::Status status = absl::UnknownError("no answer");
    admission.HandleUnary(
        *found,
        admission.Admit(*MakePrincipal("idn", role, "synthetic-1"), *found, metadata, node_.Now()),
        request, [&status](const auto& answer) { status = answer.status(); });
    Settle(3);
    return status;
  }

  void Restart() {
    node_.Crash();
    script_.frames.clear();
    script_.due.clear();
    LINTAS_CHECK(node_.Start().ok());
    Settle(2);
  }

  void Settle(int ticks) {
    for (int i = 0; i < ticks; ++i) {
      now_ += absl::Milliseconds(100);
      std::deque<std::function<void()>> due;
      due.swap(script_.due);
      for (const auto& event : due) event();
      node_.node()->LinkStep(node_.Now());
      LINTAS_CHECK(node_.node()->CommitStep(node_.Now()).ok());
    }
  }
  uint64_t Size(LedgerId ledger) { return node_.node()->ledgers().size(ledger).value(); }
  std::string RequestId() { return absl::StrFormat("00000000-0000-4000-8000-%012d", ++requests_); }

  absl::Time now_ = StartTime();
  SimRandom random_;
  SimNetwork network_;
  Script script_;
  SimNode node_;
  RawLedger ledger_;
  uint64_t seen_ = 0;
  int requests_ = 0;
  std::set<uint64_t> answers_;  // Own irreversible steps that were acknowledged.
};

// LINTAS_SEED=K runs that one alone.
TEST(LateRivalSimulation, UndoesNoIrreversibleStep) {
  const char* one = std::getenv("LINTAS_SEED");
  const char* many = std::getenv("LINTAS_SEEDS");
  const uint64_t first = one == nullptr ? 1 : std::strtoull(one, nullptr, 10);
  const uint64_t count = one != nullptr    ? 1
                         : many == nullptr ? 150
                                           : std::strtoull(many, nullptr, 10);
  std::map<std::string, uint64_t> reached;
  for (uint64_t seed = first; seed < first + count; ++seed) {
    LateRivalWorld world(seed);
    const absl::Status status = world.Run();
    EXPECT_TRUE(status.ok()) << "seed " << seed << ": " << status;
    for (const auto& [what, times] : world.reached) reached[what] += times;
  }
  if (one != nullptr) return;
  for (const char* what : {"refused", "answered", "answered on an own step"}) {
    EXPECT_GT(reached[what], 0u) << what;
  }
}

// A larger size with a later promise took the place of one that an answer stood on.
TEST(LateRivalSimulation, HoldsAnEarlierPromiseBesideALaterOne) {
  const absl::Status status = LateRivalWorld(122).Run();
  EXPECT_TRUE(status.ok()) << status;
}

}  // namespace
}  // namespace lintas::simulation

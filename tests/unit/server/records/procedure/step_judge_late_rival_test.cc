// A partner that cosigns what it holds, says how far its own ledger was, and breaks that word: no
// step that relied on it is undone (P18).
#include <gtest/gtest.h>

#include "server/ledger/note/cosignature.h"
#include "server/ledger/note/signed_note.h"
#include "server/link/keys.h"
#include "server/records/procedure/desk.h"
#include "tests/support/forged_ledger.h"
#include "tests/support/procedure_calls.h"

namespace lintas {
namespace {

using ledger::v1::EntryHeader;

TEST(HeldPrefix, ExcludesWhatComesLateAndKnowsLess) {
  const HeldPrefix held{TreeSize(10), TreeSize(5)};
  EXPECT_TRUE(held.Excludes(5, 9));
  EXPECT_FALSE(held.Excludes(4, 9)) << "it was there when the partner cosigned";
  EXPECT_FALSE(held.Excludes(5, 10)) << "it knows all that was cosigned";
}

TEST(Arrivals, AreForgottenOnceCommitted) {
  Arrivals arrivals;
  arrivals.Note(7, 3, TreeSize(7));
  EXPECT_TRUE(arrivals.AnyBelow(TreeSize(7), TreeSize(4)));
  EXPECT_FALSE(arrivals.AnyBelow(TreeSize(7), TreeSize(3)));
  EXPECT_FALSE(arrivals.AnyBelow(TreeSize(8), TreeSize(4)));
  arrivals.Note(8, 9, TreeSize(8));
  EXPECT_FALSE(arrivals.AnyBelow(TreeSize(0), TreeSize(4)));
}

// khm, which is forged, has asked; idn has received the request.
class LateRivalTest : public testing::Test, protected ForgedWorld {
 protected:
  LateRivalTest() {
    // The honest khm of TwoNodes has cosigned the adoption; from here on only the forged one
    // speaks.
    khm_line.Cut();
    khm.Close();
    forged.Add(Step("ASK", idn.node->ledgers().size(LedgerId::kExchange).value()),
               {{1, RecordRequestForTest().SerializeAsString()}});
    forged.Send();
    Settle();
    EXPECT_EQ(ReplicaSize(), 2u) << idn.node->puller().status().detail;
    EXPECT_EQ(Take("RECEIVE"), "OK");
    receive_ = idn.node->ledgers().size(LedgerId::kExchange).value() - 1;
    Settle();
  }

  // khm's, on its own request.
  EntryHeader Step(const std::string& code, uint64_t seen = 0) {
    EntryHeader header;
    header.set_kind(EntryHeader::STEP);
    header.set_procedure_id(std::string(16, 'p'));
    header.set_type("record_request");
    header.set_code(code);
    header.set_agreement_version(1);
    header.set_retention_class("procedure");
    header.set_seen_partner(seen);
    header.set_time_s(absl::ToUnixSeconds(clock.now));
    if (code != "ASK") header.set_predecessor(1);
    return header;
  }
  EntryHeader Rejected(uint64_t target, uint64_t seen) {
    EntryHeader header;
    header.set_kind(EntryHeader::REJECTED);
    header.set_code("STALE_STEP");
    header.set_target_first(target);
    header.set_agreement_version(1);
    header.set_retention_class("verdict");
    header.set_seen_partner(seen);
    return header;
  }
  // khm says that it holds all of idn's ledger, and that its own had `exchange_size` then.
  void Cosign(uint64_t exchange_size) {
    const Ledgers& ledgers = idn.node->ledgers();
    const NodeKeys keys = NodeKeysForTest("khm");
    note::SignedNote note = *note::ParseNote(*ledgers.CheckpointNote(LedgerId::kExchange));
    const std::string& domain = ledgers.options().partner_trust_domain;
    for (const auto& [kind, key] :
         {std::make_pair("held", &keys.held), std::make_pair("consistent", &keys.consistent)}) {
      note::AddSignature(
          &note, note::Cosign(note.text, CosignerName(domain, ledgers.options().partnership, kind),
                              *key, clock.now));
    }
    partner::v1::CosignRequest request;
    request.set_note(note::FormatNote(note));
    request.set_exchange_size(exchange_size);
    absl::Status cosigned = absl::UnknownError("no answer");
    idn.node->exchange_server().Cosign(request, clock.now,
                                       [&](const auto& answer) { cosigned = answer.status(); });
    Turn();
    ASSERT_TRUE(cosigned.ok()) << cosigned;
    ASSERT_GT(idn.node->exchange_server().held_size().value(), receive_);
  }
  std::string Take(const std::string& code, const google::protobuf::Message* content = nullptr) {
    pv::TakeStepRequest request;
    request.set_name(ProcedureName("khm", std::string(16, 'p')));
    request.set_step(code);
    if (content != nullptr) request.mutable_content()->PackFrom(*content);
    request.set_request_id(NextRequestId());
    const auto taken = Call<pv::Procedure>(idn, "TakeStep", Officer(), request);
    return taken.ok() ? "OK" : ErrorReason(taken.status());
  }
  std::string Answer() {
    const mi::RecordAnswer nothing = NothingForTest();
    return Take("ANSWER", &nothing);
  }
  std::string State() {
    return idn.node->desk().Get(std::string(16, 'p'), clock.now)->state.state->name;
  }
  uint64_t ReplicaSize() { return idn.node->ledgers().size(LedgerId::kReplica).value(); }

  uint64_t receive_ = 0;
};

TEST_F(LateRivalTest, IsRefusedAndUndoesNothing) {
  Cosign(2);
  ASSERT_EQ(Answer(), "OK");
  forged.Add(Step("WITHDRAW", receive_), {});  // Outranks the receipt that the answer stands on.
  forged.Send();
  Settle();
  EXPECT_EQ(State(), "answered");
  EXPECT_EQ(ReplicaSize(), 2u);
  EXPECT_TRUE(idn.node->alarms().raised("COSIGNED_OTHERWISE"));
}

TEST_F(LateRivalTest, ThatHasSeenWhatItCosignedIsJudgedAsAlways) {
  Cosign(2);
  ASSERT_EQ(Answer(), "OK");
  forged.Add(Step("WITHDRAW", receive_ + 1), {});
  forged.Send();
  Settle();
  EXPECT_EQ(ReplicaSize(), 3u);
  const auto verdicts = idn.Entries(LedgerId::kExchange, EntryHeader::REJECTED);
  ASSERT_EQ(verdicts.size(), 1);
  EXPECT_EQ(verdicts[0].header.code(), "STALE_STEP");
  EXPECT_EQ(State(), "answered");
}

TEST_F(LateRivalTest, ThatCameBeforeTheWordIsWaitedFor) {
  // Judged, and not committed: the run has no checkpoint yet.
  forged.Add(Step("WITHDRAW", receive_), {});
  forged.SendOpen();
  RunFor(absl::Milliseconds(100));
  ASSERT_EQ(ReplicaSize(), 2u);
  Cosign(2);
  EXPECT_EQ(Answer(), "PREDECESSOR_NOT_HELD");
  forged.SendNote(forged.Head());
  Settle();
  EXPECT_EQ(State(), "withdrawn") << "an honest rival that was on its way";
}

TEST_F(LateRivalTest, WordIsKeptOverARestart) {
  Cosign(2);
  ASSERT_EQ(Answer(), "OK");
  ReopenForged();
  forged.Add(Step("WITHDRAW", receive_), {});
  Settle();
  EXPECT_EQ(State(), "answered");
  EXPECT_EQ(ReplicaSize(), 2u);
}

TEST_F(LateRivalTest, VerdictIsRefusedToo) {
  Cosign(2);
  ASSERT_EQ(Answer(), "OK");
  // The first of khm's entries that has seen the receipt; but khm held it already.
  forged.Add(Rejected(receive_, receive_ + 1), {});
  forged.Send();
  Settle();
  EXPECT_EQ(State(), "answered");
  EXPECT_EQ(ReplicaSize(), 2u);
  EXPECT_TRUE(idn.node->alarms().raised("COSIGNED_OTHERWISE"));
}

TEST_F(LateRivalTest, SecondOpeningTakesNothingOver) {
  // idn's own request; khm opens another under its id and says that it never saw it.
  pv::OpenProcedureRequest request;
  request.set_procedure("record_request");
  request.set_step("ASK");
  request.mutable_content()->PackFrom(RecordRequestForTest());
  request.set_request_id(NextRequestId());
  const auto opened = Call<pv::Procedure>(idn, "OpenProcedure", Officer(), request);
  ASSERT_TRUE(opened.ok());
  EntryHeader step = Step("ASK", receive_);
  step.set_procedure_id(*ParseProcedureName(opened->name()));
  forged.Add(step, {{1, RecordRequestForTest("X0000009", "KHM").SerializeAsString()}});
  forged.Send();
  Settle();
  const auto verdicts = idn.Entries(LedgerId::kExchange, EntryHeader::REJECTED);
  ASSERT_EQ(verdicts.size(), 1);
  EXPECT_EQ(verdicts[0].header.code(), "PROCEDURE_EXISTS");
  EXPECT_EQ(idn.node->desk().GetByName(opened->name(), clock.now)->state.requester, "idn");
}

}  // namespace
}  // namespace lintas

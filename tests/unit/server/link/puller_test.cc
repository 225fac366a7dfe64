#include "server/link/puller.h"

#include <gtest/gtest.h>

#include "server/ledger/note/cosignature.h"
#include "tests/support/forged_ledger.h"

namespace lintas {
namespace {

using ledger::v1::EntryHeader;

class PullerTest : public testing::Test, protected MigrationCalls {
 protected:
  bool Level() {
    return khm.node->ledgers().size(LedgerId::kReplica) ==
               idn.node->ledgers().size(LedgerId::kExchange) &&
           idn.node->ledgers().size(LedgerId::kReplica) ==
               khm.node->ledgers().size(LedgerId::kExchange);
  }
};

TEST_F(PullerTest, PullsFromNothingToLevel) {
  for (int i = 0; i < 20; ++i) {
    ASSERT_TRUE(Create(idn, MakeCrossing({}, absl::StrFormat("X%07d", i))).ok());
  }
  Settle();
  EXPECT_TRUE(Level());
  EXPECT_EQ(khm.node->puller().status().state, "connected");
  EXPECT_EQ(khm_line.pulls_seen.front(), 0);
  EXPECT_EQ(Count(khm, ByDocument("X0000013")), 1);
}

TEST_F(PullerTest, ResumesAtItsSizeAfterAReopen) {
  ASSERT_TRUE(Create(idn, MakeCrossing()).ok());
  Settle();
  const uint64_t size = khm.node->ledgers().size(LedgerId::kReplica).value();
  Reopen(&khm);
  ASSERT_TRUE(Create(idn, MakeCrossing({}, "X0000002")).ok());
  RunFor(absl::Seconds(5));
  EXPECT_EQ(khm_line.pulls_seen.back(), size);
  EXPECT_TRUE(Level());
  EXPECT_EQ(Count(khm, ByDocument("X0000002")), 1);
  EXPECT_EQ(Count(khm, ByDocument("X0000001")), 1);
}

TEST_F(PullerTest, ComesBackWhenTheLineDoes) {
  khm_line.faults.down = true;
  ASSERT_TRUE(Create(idn, MakeCrossing()).ok());
  RunFor(absl::Seconds(5));
  EXPECT_FALSE(Level());
  EXPECT_EQ(khm.node->puller().status().state, "waiting");
  khm_line.faults.down = false;
  RunFor(absl::Seconds(30));
  EXPECT_TRUE(Level());
  EXPECT_EQ(khm.node->puller().status().state, "connected");
}

TEST_F(PullerTest, IsKnownToBeLevelByHeartbeatsOnly) {
  RunFor(absl::Seconds(10));
  EXPECT_LT(clock.now - khm.node->puller().status().level_time, absl::Seconds(3));
  khm_line.faults.down = true;
  RunFor(absl::Seconds(10));
  EXPECT_GT(clock.now - khm.node->puller().status().level_time, absl::Seconds(9));
}

TEST_F(PullerTest, BringsThePartnersRevocationListAndEachChangeOfIt) {  // P24
  std::string list = "first";
  std::vector<std::string> taken;
  idn.node->exchange_server().SetOwnRevocations([&list] { return list; });
  khm.node->puller().SetOnRevocations([&taken](const std::string& pem, absl::Time) {
    taken.push_back(pem);
    return true;
  });
  // A stream that stands before the list was there brings it too.
  RunFor(absl::Seconds(10));
  EXPECT_EQ(taken, std::vector<std::string>{"first"});
  list = "second";
  ASSERT_TRUE(Create(idn, MakeCrossing()).ok());
  RunFor(absl::Seconds(10));
  EXPECT_EQ(taken, (std::vector<std::string>{"first", "second"}));
  EXPECT_TRUE(Level());
  list.assign(kRevocationListBytesMax + 1, 'x');
  RunFor(absl::Seconds(10));
  EXPECT_EQ(taken.size(), 2u) << "too long for the line";
}

TEST_F(PullerTest, ALineThatIsSilentRaisesAnAlarmWhileItIs) {
  RunFor(absl::Seconds(10));
  EXPECT_FALSE(khm.node->alarms().raised("LINK_SILENT"));
  khm_line.faults.down = true;
  RunFor(kLevelAgeMax + absl::Seconds(10));
  EXPECT_TRUE(khm.node->alarms().raised("LINK_SILENT"));
  khm_line.faults.down = false;
  RunFor(absl::Minutes(2));
  EXPECT_FALSE(khm.node->alarms().raised("LINK_SILENT"));
}

TEST_F(PullerTest, StopsWhilePausedAndGoesOn) {
  khm.node->puller().Pause(true);
  ASSERT_TRUE(Create(idn, MakeCrossing()).ok());
  Settle();
  EXPECT_FALSE(Level());
  EXPECT_EQ(khm.node->puller().status().state, "paused");
  khm.node->puller().Pause(false);
  RunFor(absl::Seconds(5));
  EXPECT_TRUE(Level());
}

TEST_F(PullerTest, LeavesCosignaturesThatThePartnerServes) {  // P8
  ASSERT_TRUE(Create(idn, MakeCrossing()).ok());
  Settle();
  EXPECT_EQ(idn.node->exchange_server().held_size(),
            idn.node->ledgers().signed_size(LedgerId::kExchange));
  const auto check = [&](const std::string& note) {
    const auto keys = PartnerKeysForTest("khm");
    const auto held = note::MakeKey(CosignerName("immigration.gov.kh", "idn-khm", "held"),
                                    note::SignatureType::kCosignature, keys.held.newest());
    const auto consistent =
        note::MakeKey(CosignerName("immigration.gov.kh", "idn-khm", "consistent"),
                      note::SignatureType::kCosignature, keys.consistent.newest());
    const auto log =
        note::MakeKey(idn.node->ledgers().origin(LedgerId::kExchange),
                      note::SignatureType::kEd25519, PartnerKeysForTest("idn").log.newest());
    ASSERT_TRUE(held.ok() && consistent.ok() && log.ok());
    const auto verified = note::VerifyNote(note, {*held, *consistent, *log});
    ASSERT_TRUE(verified.ok()) << verified.status();
    EXPECT_EQ(verified->signatures.size(), 3);
  };
  check(idn.node->exchange_server().held_note());
  Reopen(&idn);
  check(idn.node->exchange_server().held_note());
}

TEST_F(PullerTest, WaitsForThePartnersCosignature) {  // P12
  khm_line.faults.withhold_cosignature = true;
  ASSERT_TRUE(Create(idn, MakeCrossing()).ok());
  Settle();
  EXPECT_TRUE(Level());  // What was signed before is sent.
  ASSERT_TRUE(Create(idn, MakeCrossing({}, "X0000002")).ok());
  Settle();
  RunFor(absl::Seconds(601));
  ASSERT_TRUE(Create(idn, MakeCrossing({}, "X0000003")).ok());
  RunFor(absl::Seconds(5));
  EXPECT_TRUE(idn.node->alarms().raised("COSIGNATURE_OVERDUE"));
  EXPECT_EQ(Count(khm, ByDocument("X0000003")), 0);
  khm_line.faults.withhold_cosignature = false;
  RunFor(absl::Minutes(3));
  EXPECT_EQ(Count(khm, ByDocument("X0000003")), 1);
  EXPECT_FALSE(idn.node->alarms().raised("COSIGNATURE_OVERDUE"));
}

TEST_F(PullerTest, CosignsOnlyWhatIsTheirs) {
  const auto cosign = [&](const std::string& note) {
    partner::v1::CosignRequest request;
    request.set_note(note);
    absl::StatusOr<partner::v1::CosignResponse> answer = absl::UnknownError("none");
    idn.node->exchange_server().Cosign(request, clock.now, [&](auto given) { answer = given; });
    Turn();
    return ErrorReason(answer.status());
  };
  EXPECT_EQ(cosign("no note"), "BAD_COSIGNATURE");
  // A head of ours without the partner's signatures.
  EXPECT_EQ(cosign(*idn.node->ledgers().CheckpointNote(LedgerId::kExchange)), "BAD_COSIGNATURE");
  // A head that this node never signed, properly cosigned.
  const NodeKeys keys = NodeKeysForTest("khm");
  auto note = note::ParseNote(note::SignCheckpoint(
      {idn.node->ledgers().origin(LedgerId::kExchange), TreeSize(1), Sha256Of("fork"), {}},
      NodeKeysForTest("idn").log));
  ASSERT_TRUE(note.ok());
  note::AddSignature(&*note,
                     note::Cosign(note->text, CosignerName("immigration.gov.kh", "idn-khm", "held"),
                                  keys.held, clock.now));
  note::AddSignature(
      &*note, note::Cosign(note->text, CosignerName("immigration.gov.kh", "idn-khm", "consistent"),
                           keys.consistent, clock.now));
  EXPECT_EQ(cosign(note::FormatNote(*note)), "BAD_COSIGNATURE");
  EXPECT_TRUE(idn.node->alarms().raised("COSIGNED_FORK"));
}

TEST_F(PullerTest, ServesNoOtherLedgerAndNothingPastItsSize) {
  partner::v1::PullRequest request;
  request.set_origin(idn.node->ledgers().origin(LedgerId::kHome));
  EXPECT_EQ(ErrorReason(idn.node->exchange_server().Pull(request).status()), "WRONG_ORIGIN");
  request.set_origin(idn.node->ledgers().origin(LedgerId::kExchange));
  request.set_start_index(1000);
  EXPECT_EQ(ErrorReason(idn.node->exchange_server().Pull(request).status()), "START_BEYOND_LEDGER");
}

class MaliciousPartnerTest : public testing::Test, protected ForgedWorld {
 protected:
  TreeSize Held() { return idn.node->ledgers().size(LedgerId::kReplica); }
  std::string State(const std::string& key) {
    const auto value = idn.store().GetState(key);
    return value.ok() ? *value : "";
  }
  void AddCrossing(char id) {
    forged.Add(RecordHeaderForTest("crossing", id), {{1, MakeCrossing().SerializeAsString()}});
  }
  void ExpectSuspended(const std::string& code, const std::string& conflicting) {
    EXPECT_EQ(ErrorReason(idn.node->puller().Suspension()), "LINK_SUSPENDED");
    EXPECT_EQ(idn.node->puller().status().state, "suspended");
    EXPECT_TRUE(idn.node->alarms().raised(code));
    EXPECT_EQ(State("n/link_suspended"), code);
    EXPECT_EQ(State("n/fork/conflicting"), conflicting);
    EXPECT_NE(State("n/fork/held"), "");
    // Questions stop too.
    const auto asked = Ask(idn, "X0000001", OfficerIn("C-1"));
    EXPECT_EQ(ErrorReason(asked.status()), "LINK_SUSPENDED");
  }
};

TEST_F(MaliciousPartnerTest, IsSuspendedForAForkAndStaysSoOverAReopen) {  // U3, P28
  AddCrossing('a');
  forged.Send();
  Settle();
  ASSERT_EQ(Held(), TreeSize(2));
  const std::string fork = forged.Note(TreeSize(2), Sha256Of("another past"));
  forged.SendNote(fork);
  Settle();
  ExpectSuspended("LEDGER_FORK", fork);
  const size_t pulls = forged.pulls.size(), cosigned = forged.cosigned.size();
  ReopenForged();
  AddCrossing('b');
  forged.Send();
  RunFor(absl::Minutes(2));
  EXPECT_EQ(ErrorReason(idn.node->puller().Suspension()), "LINK_SUSPENDED");
  EXPECT_TRUE(idn.node->alarms().raised("LEDGER_FORK")) << "told again after the restart";
  EXPECT_EQ(State("n/fork/conflicting"), fork);
  EXPECT_EQ(forged.pulls.size(), pulls);
  EXPECT_EQ(forged.cosigned.size(), cosigned);
  EXPECT_EQ(Held(), TreeSize(2));
}

TEST_F(MaliciousPartnerTest, IsSuspendedForARollback) {  // U3
  AddCrossing('a');
  forged.Send();
  Settle();
  const std::string rollback = forged.Note(TreeSize(1), Sha256Of("shorter"));
  forged.SendNote(rollback);
  Settle();
  ExpectSuspended("LEDGER_ROLLBACK", rollback);
}

TEST_F(MaliciousPartnerTest, GetsNothingCommittedWithoutAGoodHead) {  // U1
  AddCrossing('a');
  forged.SendNote(note::SignCheckpoint(
      {idn.node->ledgers().origin(LedgerId::kReplica), TreeSize(2), Sha256Of("x"), {}},
      KeyForTest("a stranger")));
  RunFor(absl::Milliseconds(50));
  EXPECT_EQ(Held(), TreeSize(1));
  EXPECT_TRUE(idn.node->alarms().raised("BAD_SIGNATURE"));
  EXPECT_TRUE(idn.node->puller().Suspension().ok());
}

TEST_F(MaliciousPartnerTest, IsRaisedAsAnAlarmByTheReason) {
  EntryHeader header;
  header.set_kind(EntryHeader::ACCESS);
  header.set_agreement_version(1);
  header.set_retention_class("access");
  forged.Add(header, {});
  forged.Send();
  Settle();
  EXPECT_TRUE(idn.node->alarms().raised("BAD_KIND"));
  EXPECT_EQ(Held(), TreeSize(1));
  EXPECT_EQ(idn.node->puller().status().state, "waiting");
}

TEST_F(MaliciousPartnerTest, ThatHasSeenMoreThanWeHaveStopsOurSigning) {  // P14
  EntryHeader header = RecordHeaderForTest("crossing", 'a');
  header.set_seen_partner(1000);
  forged.Add(header, {{1, MakeCrossing().SerializeAsString()}});
  forged.Send();
  Settle();
  EXPECT_TRUE(idn.node->alarms().raised("SEEN_BEYOND_OURS"));
  EXPECT_FALSE(idn.node->ledgers().health().ok());
}

TEST_F(MaliciousPartnerTest, PausesTheLinkByRejectionsOverTheLimit) {  // P13
  mi::Crossing invalid = MakeCrossing();
  invalid.set_port("NOWHERE");
  for (int i = 0; i < 1001; ++i) {
    EntryHeader header = RecordHeaderForTest("crossing", 'a');
    header.set_record_id(Sha256Of(absl::StrCat(i)).str().substr(0, kRecordIdBytes));
    forged.Add(header, {{1, invalid.SerializeAsString()}});
  }
  forged.Send();
  Settle();
  EXPECT_EQ(idn.node->puller().status().rejected_count, 1001);
  EXPECT_TRUE(idn.node->alarms().raised("TOO_MANY_REJECTIONS"));
  EXPECT_EQ(idn.node->puller().status().state, "waiting");
}

TEST_F(MaliciousPartnerTest, SeesBothCosignaturesOfWhatIsHeld) {  // U2
  AddCrossing('a');
  forged.Send();
  Settle();
  ASSERT_FALSE(forged.cosigned.empty());
  const auto note = note::ParseNote(forged.cosigned.back());
  ASSERT_TRUE(note.ok());
  const auto checkpoint = note::ParseCheckpoint(note->text);
  ASSERT_TRUE(checkpoint.ok());
  EXPECT_EQ(checkpoint->size, TreeSize(2));
}

}  // namespace
}  // namespace lintas

#include "server/records/ingest.h"

#include <gtest/gtest.h>

#include "absl/strings/match.h"
#include "server/areas/migration_information/checks.h"
#include "tests/support/forged_ledger.h"

namespace lintas {
namespace {

using ledger::v1::EntryHeader;

class IngestTest : public testing::Test, protected MigrationCalls {
 protected:
  IngestTest()
      : ingest_(idn.node->deps(), migration_information::Check, TrustedKeysForTest()),
        random_("ingest") {
    progress_.next_index = 7;
    progress_.agreement_version = 1;
  }

  EntryHeader Placed(EntryHeader header) {
    header.set_origin(idn.node->ledgers().origin(LedgerId::kReplica));
    header.set_index(progress_.next_index);
    return header;
  }
  absl::StatusOr<Ingest::Judged> Judge(const EntryHeader& header, const SectionsForTest& sections,
                                       bool synthetic = true) {
    return ingest_.Judge(MakeFrameEntry(header, sections, synthetic, random_), clock.now,
                         &progress_);
  }
  // The verdict's code on a record, empty if accepted.
  std::string Verdict(const std::string& type, const SectionsForTest& sections,
                      bool synthetic = true) {
    const auto judged = Judge(Placed(RecordHeaderForTest(type, 'r')), sections, synthetic);
    if (!judged.ok()) return judged.status().ToString();
    if (judged->verdicts.empty()) return "";
    EXPECT_EQ(judged->verdicts.size(), 1);
    EXPECT_EQ(judged->verdicts[0].ledger, LedgerId::kExchange);
    EXPECT_EQ(judged->verdicts[0].header.target_first(), progress_.next_index - 1);
    return judged->verdicts[0].header.code();
  }
  std::string StopReason(const EntryHeader& header, const SectionsForTest& sections = {}) {
    const Ingest::Progress before = progress_;
    const auto judged = Judge(header, sections);
    progress_ = before;
    return judged.ok() ? "" : ErrorReason(judged.status());
  }
  EntryHeader Plain(EntryHeader::Kind kind) {
    EntryHeader header;
    header.set_kind(kind);
    header.set_agreement_version(progress_.agreement_version);
    header.set_retention_class("verdict");
    return Placed(header);
  }

  const Ingest ingest_;
  CountingRandom random_;
  Ingest::Progress progress_;
};

TEST_F(IngestTest, AcceptsARecordThatTheAgreementShares) {
  EXPECT_EQ(Verdict("crossing", {{1, MakeCrossing().SerializeAsString()}}), "");
  EXPECT_EQ(progress_.next_index, 8);
}

TEST_F(IngestTest, RejectsThirdCountryNationals) {  // R8
  EXPECT_EQ(Verdict("crossing", {{1, MakeCrossing({{"MYS"}}).SerializeAsString()}}),
            "THIRD_COUNTRY");
  EXPECT_EQ(Verdict("crossing", {{1, MakeCrossing({{}}).SerializeAsString()}}), "THIRD_COUNTRY");
}

TEST_F(IngestTest, RejectsDataOfTheOtherKindOfNode) {  // P5
  EXPECT_EQ(Verdict("crossing", {{1, MakeCrossing().SerializeAsString()}}, /*synthetic=*/false),
            "SYNTHETIC_DATA");
}

TEST_F(IngestTest, RejectsInvalidFields) {
  mi::Crossing record = MakeCrossing();
  record.set_port("NOWHERE");
  EXPECT_EQ(Verdict("crossing", {{1, record.SerializeAsString()}}), "INVALID_FIELDS");
  PersonForTest unborn;
  unborn.year = 2030;
  EXPECT_EQ(Verdict("crossing", {{1, MakeCrossing(unborn).SerializeAsString()}}), "INVALID_FIELDS");
}

TEST_F(IngestTest, RejectsFieldsThatNobodyDeclared) {
  std::string bytes = MakeCrossing().SerializeAsString();
  bytes += std::string("\xf8\x01\x01", 3);  // Field 31, varint 1.
  EXPECT_EQ(Verdict("crossing", {{1, bytes}}), "UNKNOWN_FIELD");
  EXPECT_EQ(Verdict("crossing", {{1, "\xff\xff"}}), "UNKNOWN_FIELD");
}

TEST_F(IngestTest, RejectsWithheldSections) {
  mi::StayPermit basic = MakeStayPermit();
  basic.clear_address();
  basic.clear_host();
  mi::StayPermit sensitive;
  sensitive.set_address(kAddressForTest);
  EXPECT_EQ(Verdict("stay_permit", {{1, basic.SerializeAsString()}}), "");
  EXPECT_EQ(
      Verdict("stay_permit", {{1, basic.SerializeAsString()}, {2, sensitive.SerializeAsString()}}),
      "SECTION_NOT_SHARED");
  EXPECT_EQ(Verdict("stay_permit", {{1, basic.SerializeAsString()}, {3, "x"}}),
            "SECTION_NOT_SHARED");
  EXPECT_EQ(Verdict("stay_permit", {{1, basic.SerializeAsString()}, {4, "x"}}),
            "SECTION_NOT_SHARED");
}

TEST_F(IngestTest, RejectsAWithheldFieldInASharedSection) {
  EXPECT_EQ(Verdict("stay_permit", {{1, MakeStayPermit().SerializeAsString()}}),
            "SECTION_NOT_SHARED");
}

TEST_F(IngestTest, RejectsATypeThatNobodyAgreedTo) {
  EXPECT_EQ(Verdict("ticket", {{1, "anything"}}), "TYPE_NOT_SHARED");
}

TEST_F(IngestTest, ParksATypeThatIsAgreedAndThatItDoesNotKnow) {
  agreement::v1::Agreement next = NextVersionForTest(*idn.node->book().InForce());
  agreement::v1::RecordTerms ticket = next.record_terms(0);
  ticket.set_type("ticket");
  ticket.set_crossing(agreement::v1::RecordTerms::REPLICATED);
  *next.add_record_terms() = ticket;
  progress_.adopted.push_back(VersionForTest(next));
  progress_.agreement_version = 2;
  EntryHeader header = Placed(RecordHeaderForTest("ticket", 'r'));
  header.set_agreement_version(2);
  const auto judged = Judge(header, {{1, "anything"}});
  ASSERT_TRUE(judged.ok()) << judged.status();
  EXPECT_TRUE(judged->parked);
  EXPECT_FALSE(judged->rejected);
  EXPECT_EQ(judged->verdicts[0].header.kind(), EntryHeader::PARKED);
}

TEST_F(IngestTest, RejectsARecordOfNoAgreement) {
  progress_.agreement_version = 0;
  EntryHeader header = Placed(RecordHeaderForTest("crossing", 'r'));
  header.set_agreement_version(0);
  const auto judged = Judge(header, {{1, MakeCrossing().SerializeAsString()}});
  ASSERT_TRUE(judged.ok()) << judged.status();
  EXPECT_EQ(judged->verdicts[0].header.code(), "NO_AGREEMENT");
}

TEST_F(IngestTest, CountsAnErasedEntryByItsHeader) {
  const auto judged = Judge(Placed(RecordHeaderForTest("crossing", 'r')), {});
  ASSERT_TRUE(judged.ok()) << judged.status();
  EXPECT_TRUE(judged->verdicts.empty());
}

TEST_F(IngestTest, StopsAtAHeaderOrPayloadThatIsNotWhatWasSigned) {
  partner::v1::Frame::Entry entry =
      MakeFrameEntry(Placed(RecordHeaderForTest("crossing", 'r')),
                     {{1, MakeCrossing().SerializeAsString()}}, true, random_);
  partner::v1::Frame::Entry broken = entry;
  broken.set_header("not a header");
  EXPECT_EQ(ErrorReason(ingest_.Judge(broken, clock.now, &progress_).status()), "BAD_HEADER");
  ledger::v1::Payload payload;
  ASSERT_TRUE(payload.ParseFromString(entry.payload()));
  payload.mutable_sections(0)->mutable_content()->append("x");
  broken = entry;
  broken.set_payload(payload.SerializeAsString());
  EXPECT_EQ(ErrorReason(ingest_.Judge(broken, clock.now, &progress_).status()), "BAD_DIGEST");
  broken.set_payload("\xff");
  EXPECT_EQ(ErrorReason(ingest_.Judge(broken, clock.now, &progress_).status()), "BAD_DIGEST");
  EXPECT_EQ(progress_.next_index, 7);
}

TEST_F(IngestTest, StopsAtAnEntryOutOfItsPlace) {
  EntryHeader header = Placed(RecordHeaderForTest("crossing", 'r'));
  header.set_origin("immigration.gov.kh/lintas/idn-khm/exchange/2");
  EXPECT_EQ(StopReason(header), "WRONG_ORIGIN");
  header = Placed(RecordHeaderForTest("crossing", 'r'));
  header.set_index(8);
  EXPECT_EQ(StopReason(header), "WRONG_INDEX");
  header.set_index(6);
  EXPECT_EQ(StopReason(header), "WRONG_INDEX");
}

TEST_F(IngestTest, StopsAtAHeaderThatCarriesWhatItShouldNot) {  // P1
  EntryHeader header = Placed(RecordHeaderForTest(std::string(64, 'a'), 'r'));
  EXPECT_EQ(StopReason(header), "BAD_HEADER");
  for (const char* type : {"crossing of a person", "Crossing", "crossing/x", "x\n"}) {
    EXPECT_EQ(StopReason(Placed(RecordHeaderForTest(type, 'r'))), "BAD_HEADER") << type;
  }
  header = Placed(RecordHeaderForTest("crossing", 'r'));
  header.set_retention_class("born in 1990");
  EXPECT_EQ(StopReason(header), "BAD_HEADER");
  header = Placed(RecordHeaderForTest("crossing", 'r'));
  header.set_request_token(std::string(16, 't'));
  EXPECT_EQ(StopReason(header), "BAD_HEADER");
  header.clear_request_token();
  header.set_import_id(std::string(16, 'i'));
  EXPECT_EQ(StopReason(header), "BAD_HEADER");
  header.clear_import_id();
  EXPECT_EQ(StopReason(header), "");
}

TEST_F(IngestTest, StopsWhenWhatThePartnerSawIsImpossible) {  // P14
  EntryHeader header = Placed(RecordHeaderForTest("crossing", 'r'));
  const uint64_t ours = idn.node->ledgers().size(LedgerId::kExchange).value();
  header.set_seen_partner(ours + 1);
  const auto judged = Judge(header, {});
  EXPECT_EQ(judged.status().code(), absl::StatusCode::kDataLoss);
  EXPECT_EQ(ErrorReason(judged.status()), "SEEN_BEYOND_OURS");
  progress_.seen_partner = 1;
  header.set_seen_partner(0);
  EXPECT_EQ(StopReason(header), "SEEN_DECREASES");
}

TEST_F(IngestTest, StopsAtAnAgreementThatTheLedgerDoesNotHold) {  // P21
  EntryHeader header = Placed(RecordHeaderForTest("crossing", 'r'));
  header.set_agreement_version(2);
  EXPECT_EQ(StopReason(header), "AGREEMENT_NOT_ADOPTED");
  header.set_agreement_version(0);
  EXPECT_EQ(StopReason(header), "AGREEMENT_NOT_ADOPTED");
}

TEST_F(IngestTest, StopsAtKindsOfTheHomeLedger) {
  for (EntryHeader::Kind kind :
       {EntryHeader::ACCESS, EntryHeader::FULL_VERSION, EntryHeader::ERASE, EntryHeader::QUESTION,
        EntryHeader::ANSWER, EntryHeader::IMPORT_MARK}) {
    EXPECT_EQ(StopReason(Plain(kind)), "BAD_KIND") << EntryHeader::Kind_Name(kind);
  }
}

TEST_F(IngestTest, StopsAtAMalformedVerdict) {
  EXPECT_EQ(StopReason(Plain(EntryHeader::REJECTED)), "BAD_VERDICT");
  EntryHeader header = Plain(EntryHeader::REJECTED);
  header.set_code("INVALID_FIELDS");
  header.set_target_first(idn.node->ledgers().size(LedgerId::kExchange).value());
  EXPECT_EQ(StopReason(header), "BAD_VERDICT");
  header.set_target_first(0);
  EXPECT_EQ(StopReason(header), "BAD_VERDICT") << "it had not seen that";
  header.set_seen_partner(1);
  EXPECT_EQ(StopReason(header), "");
  header.set_kind(EntryHeader::ERASURE_RECEIPT);
  EXPECT_EQ(StopReason(header), "BAD_VERDICT");
}

class LateVerdictTest : public IngestTest {
 protected:
  LateVerdictTest() {
    // Entries 0 to 3 of ours: the adoption and three more.
    for (int i = 0; i < 3; ++i) EXPECT_TRUE(Create(idn, MakeCrossing()).ok());
  }
  EntryHeader About(uint64_t target, uint64_t seen,
                    EntryHeader::Kind kind = EntryHeader::REJECTED) {
    EntryHeader header = Plain(kind);
    header.set_code(kind == EntryHeader::PARKED ? "PARKED" : "STALE_STEP");
    header.set_target_first(target);
    header.set_seen_partner(seen);
    return header;
  }
};

TEST_F(LateVerdictTest, StandsAtOnceBehindWhatItIsAbout) {  // P13
  progress_.seen_partner = 1;
  ASSERT_TRUE(Judge(About(1, 3), {}).ok());
  ASSERT_TRUE(Judge(About(2, 3), {}).ok()) << "of the same run";
  ASSERT_TRUE(Judge(About(3, 4), {}).ok()) << "of the next";
  EXPECT_EQ(StopReason(About(0, 4)), "BAD_VERDICT") << "of one before";
  EXPECT_EQ(StopReason(About(2, 4)), "") << "it counts for nothing already";
}

TEST_F(LateVerdictTest, DoesNotUndoWhatWasBuiltOn) {
  progress_.seen_partner = 1;
  EntryHeader record = Placed(RecordHeaderForTest("crossing", 'r'));
  record.set_seen_partner(3);
  ASSERT_TRUE(Judge(record, {}).ok());
  EXPECT_EQ(StopReason(About(1, 3)), "BAD_VERDICT");
  EXPECT_EQ(StopReason(About(2, 4)), "BAD_VERDICT");
  EXPECT_EQ(StopReason(About(3, 4)), "");
}

TEST_F(LateVerdictTest, MayFollowAParkedOne) {
  progress_.seen_partner = 1;
  ASSERT_TRUE(Judge(About(1, 3, EntryHeader::PARKED), {}).ok());
  EntryHeader record = Placed(RecordHeaderForTest("crossing", 'r'));
  record.set_seen_partner(3);
  ASSERT_TRUE(Judge(record, {}).ok());
  EXPECT_EQ(StopReason(About(1, 3)), "") << "the upgrade's";
  EXPECT_EQ(StopReason(About(2, 3)), "BAD_VERDICT");
}

TEST_F(IngestTest, StopsAtAMalformedRecall) {
  EXPECT_EQ(StopReason(Plain(EntryHeader::RECALL)), "BAD_RECALL");
  EntryHeader header = Plain(EntryHeader::RECALL);
  header.set_target_first(7);
  EXPECT_EQ(StopReason(header), "BAD_RECALL");
  header.set_target_first(3);
  header.set_target_end(3);
  EXPECT_EQ(StopReason(header), "BAD_RECALL");
  header.set_target_end(5);
  EXPECT_EQ(StopReason(header, {{1, "content"}}), "BAD_RECALL");
  EXPECT_EQ(StopReason(header), "");
}

TEST_F(IngestTest, TakesTheRecallOfAStepAndOfNoVerdict) {  // P4
  EntryHeader step = Plain(EntryHeader::STEP);
  step.set_type("record_request");
  step.set_code("ASK");
  step.set_procedure_id(std::string(16, 'p'));
  ASSERT_TRUE(Judge(step, {{1, "not a request"}}).ok());
  EntryHeader receipt = Plain(EntryHeader::REJECTED);
  receipt.set_code("STALE_STEP");
  receipt.set_target_first(0);
  receipt.set_seen_partner(1);
  ASSERT_TRUE(Judge(receipt, {}).ok());
  EntryHeader recall = Plain(EntryHeader::RECALL);
  recall.set_seen_partner(1);
  recall.set_target_first(7);
  EXPECT_EQ(StopReason(recall), "");
  recall.set_target_first(8);
  EXPECT_EQ(StopReason(recall), "BAD_RECALL");
}

TEST_F(IngestTest, AnswersARecallWithAReceipt) {
  EntryHeader header = Plain(EntryHeader::RECALL);
  header.set_target_first(3);
  const auto judged = Judge(header, {});
  ASSERT_TRUE(judged.ok());
  ASSERT_EQ(judged->verdicts.size(), 1);
  EXPECT_EQ(judged->verdicts[0].header.kind(), EntryHeader::ERASURE_RECEIPT);
  EXPECT_EQ(judged->verdicts[0].header.target_first(), 3);
  ledger::v1::ErasureReceipt receipt;
  ASSERT_TRUE(receipt.ParseFromString(*FindSection(judged->verdicts[0].payload, 1)));
  EXPECT_EQ(receipt.recall_index(), 7);
  EXPECT_EQ(receipt.compacted_by_time_s() - receipt.destroyed_time_s(), 30 * 24 * 3600);
}

TEST_F(IngestTest, StopsAtAnAdoptionThatIsNotTheNext) {
  EXPECT_EQ(StopReason(Plain(EntryHeader::ADOPTION), {{1, "garbage"}}), "BAD_ADOPTION");
  EXPECT_EQ(StopReason(Plain(EntryHeader::ADOPTION)), "BAD_ADOPTION");
  const auto held = idn.node->book().InForce();
  agreement::v1::Agreement next = NextVersionForTest(*held);
  next.set_version(3);
  EXPECT_EQ(StopReason(Plain(EntryHeader::ADOPTION), {{1, SignForTest(next).SerializeAsString()}}),
            "BAD_ADOPTION");
  agreement::v1::SignedAgreement unsigned_one = SignForTest(NextVersionForTest(*held));
  unsigned_one.clear_signatures();
  EXPECT_EQ(StopReason(Plain(EntryHeader::ADOPTION), {{1, unsigned_one.SerializeAsString()}}),
            "BAD_ADOPTION");
  const auto good = Judge(Plain(EntryHeader::ADOPTION),
                          {{1, SignForTest(NextVersionForTest(*held)).SerializeAsString()}});
  ASSERT_TRUE(good.ok()) << good.status();
  EXPECT_EQ(progress_.agreement_version, 2);
}

TEST(IngestType, RejectsATypeThatTheAgreementDoesNotShare) {
  MigrationCalls nodes(/*adopt=*/false);
  agreement::v1::Agreement narrow = DefaultAgreementForTest();
  for (auto& terms : *narrow.mutable_record_terms()) {
    if (terms.type() == "stay_permit") {
      terms.set_crossing(agreement::v1::RecordTerms::ON_REQUEST);
      terms.clear_withheld_sections();
    }
  }
  ASSERT_TRUE(nodes.Adopt(nodes.idn, SignForTest(narrow)).ok());
  const Ingest ingest(nodes.idn.node->deps(), migration_information::Check, TrustedKeysForTest());
  CountingRandom random("type");
  Ingest::Progress progress;
  progress.agreement_version = 1;
  EntryHeader header = RecordHeaderForTest("stay_permit", 'r');
  header.set_origin(nodes.idn.node->ledgers().origin(LedgerId::kReplica));
  const auto judged = ingest.Judge(
      MakeFrameEntry(header, {{1, MakeStayPermit().SerializeAsString()}}, true, random),
      nodes.clock.now, &progress);
  ASSERT_TRUE(judged.ok()) << judged.status();
  ASSERT_EQ(judged->verdicts.size(), 1);
  EXPECT_EQ(judged->verdicts[0].header.code(), "TYPE_NOT_SHARED");
}

class ArrivalTest : public testing::Test, protected ForgedWorld {
 protected:
  const NodeOnDisk::Held Replica(uint64_t index) {
    return idn.Entries(LedgerId::kReplica).at(index);
  }
};

TEST_F(ArrivalTest, DestroysWhatMayNotBeHere) {  // R8, P5, P13
  mi::Crossing invalid = MakeCrossing();
  invalid.set_port("NOWHERE");
  forged.Add(RecordHeaderForTest("crossing", 'a'),
             {{1, MakeCrossing({{"MYS"}}, "M1111111").SerializeAsString()}});
  forged.Add(RecordHeaderForTest("crossing", 'b'),
             {{1, MakeCrossing({}, "S1111111").SerializeAsString()}}, /*synthetic=*/false);
  forged.Add(RecordHeaderForTest("stay_permit", 'c'), {{2, "address"}});
  forged.Add(RecordHeaderForTest("crossing", 'd'), {{1, invalid.SerializeAsString()}});
  forged.Add(RecordHeaderForTest("crossing", 'e'),
             {{1, MakeCrossing({}, "G1111111").SerializeAsString()}});
  forged.Send();
  Settle();
  ASSERT_EQ(idn.Entries(LedgerId::kReplica).size(), 6);
  EXPECT_TRUE(Replica(1).erased);
  EXPECT_TRUE(Replica(2).erased);
  EXPECT_TRUE(Replica(3).erased);
  EXPECT_FALSE(Replica(4).erased);  // Kept for the officer who asks why.
  EXPECT_FALSE(Replica(5).erased);
  const auto verdicts = idn.Entries(LedgerId::kExchange, EntryHeader::REJECTED);
  ASSERT_EQ(verdicts.size(), 4);
  EXPECT_EQ(verdicts[0].header.code(), "THIRD_COUNTRY");
  EXPECT_EQ(verdicts[1].header.code(), "SYNTHETIC_DATA");
  EXPECT_EQ(verdicts[2].header.code(), "SECTION_NOT_SHARED");
  EXPECT_EQ(verdicts[3].header.code(), "INVALID_FIELDS");
  EXPECT_EQ(Count(idn, ByDocument("M1111111")), 0);
  EXPECT_EQ(Count(idn, ByDocument("S1111111")), 0);
  EXPECT_EQ(Count(idn, ByDocument("G1111111")), 1);
  EXPECT_EQ(idn.node->puller().status().rejected_count, 4);
}

TEST_F(ArrivalTest, DoesNotLetThePartnerTouchOurRecords) {
  const auto made = Create(idn, MakeCrossing());
  ASSERT_TRUE(made.ok());
  const std::string id = ParseRecordName(made->name(), *idn.node->deps().types)->record_id;
  EntryHeader withdrawal = RecordHeaderForTest("crossing", 'x');
  withdrawal.set_record_id(id);
  withdrawal.set_kind(EntryHeader::WITHDRAWAL);
  withdrawal.set_revision(9);
  ledger::v1::ChangeReason reason;
  reason.set_code("OTHER");
  forged.Add(withdrawal, {{1, reason.SerializeAsString()}});
  EntryHeader correction = withdrawal;
  correction.set_kind(EntryHeader::CORRECTION);
  forged.Add(correction, {{1, MakeCrossing({}, "F1111111").SerializeAsString()}});
  forged.Send();
  Settle();
  ASSERT_EQ(idn.Entries(LedgerId::kReplica).size(), 3);
  const auto shown = Get(idn, made->name());
  ASSERT_TRUE(shown.ok()) << shown.status();
  EXPECT_EQ(shown->document().number(), "X0000001");
  EXPECT_EQ(shown->meta().state(), mi::RecordMeta::CURRENT);
  EXPECT_EQ(Count(idn, ByDocument("F1111111")), 0);
  mi::Crossing change;
  change.set_name(made->name());
  change.set_flight("QZ 204");
  EXPECT_TRUE(Correct(idn, change).ok());
  const auto recalled = Recall(idn, made->name());
  EXPECT_TRUE(recalled.ok()) << recalled.status();
}

}  // namespace
}  // namespace lintas

// A partner's node that lies, forgets or is broken. Each lie ends in a named behaviour, an alarm
// and evidence; nothing of it is committed that a good partner would not have sent.
#include <memory>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"
#include "lintas/migration_information/v1/migration_information.pb.h"
#include "lintas/migration_information/v1/record_request.pb.h"
#include "lintas/node/v1/node.pb.h"
#include "server/base/error.h"
#include "server/ledger/note/signed_note.h"
#include "tests/simulation/scripted_partner.h"
#include "tests/support/signed_agreement.h"

namespace lintas::simulation {
namespace {

namespace mi = migration_information::v1;
using ledger::v1::EntryHeader;

mi::Traveller TravellerOf(const std::string& nationality) {
  mi::Traveller traveller;
  traveller.mutable_person()->add_names()->set_family_name("SYNTHETIC");
  traveller.mutable_person()->mutable_names(0)->set_given_name("ZZSECRETZZ");
  traveller.mutable_person()->mutable_birth_date()->set_year(1990);
  traveller.mutable_person()->add_nationalities(nationality);
  return traveller;
}

class MaliciousPartner : public testing::Test {
 protected:
  MaliciousPartner() : network_(&now_, &random_), node_(0, &now_, 2, &network_), ledger_(3) {
    node_.SetTransport([this] { return MakeScriptedTransport(&script_); });
  }

  void Start(const agreement::v1::SignedAgreement& agreement = AgreementForTest()) {
    ASSERT_TRUE(node_.Start().ok());
    node::v1::AdoptAgreementRequest request;
    *request.mutable_signed_agreement() = agreement;
    request.set_request_id("00000000-0000-4000-8000-000000000001");
    Admission& admission = node_.node()->admission();
    const Method* method = admission.Find("lintas.node.v1.NodeService/AdoptAgreement");
    CallMetadata metadata;
    metadata.purpose = "OPERATION";
    absl::Status adopted = absl::UnknownError("no answer");
    admission.HandleUnary(*method,
                          admission.Admit(*MakePrincipal("idn", Role::kOperator, "operator-1"),
                                          *method, metadata, node_.Now()),
                          request, [&adopted](const auto& answer) { adopted = answer.status(); });
    Settle();
    ASSERT_TRUE(adopted.ok()) << adopted;
    ledger_.Adopt(agreement);
    script_.frames.push_back(ledger_.Run(0));
    Settle();
    ASSERT_EQ(ReplicaSize(), 1u);
  }

  // Ten seconds, in steps of 100 ms.
  void Settle(int ticks = 100) {
    for (int i = 0; i < ticks; ++i) {
      now_ += absl::Milliseconds(100);
      std::deque<std::function<void()>> due;
      due.swap(script_.due);
      for (const auto& event : due) event();
      if (!node_.up()) continue;
      node_.node()->LinkStep(node_.Now());
      const absl::StatusOr<bool> did = node_.node()->CommitStep(node_.Now());
      ASSERT_TRUE(did.ok()) << did.status();
    }
  }

  void Send(partner::v1::Frame frame) {
    script_.frames.push_back(std::move(frame));
    Settle();
  }

  uint64_t ReplicaSize() { return node_.node()->ledgers().size(LedgerId::kReplica).value(); }
  bool Raised(const std::string& code) { return node_.node()->alarms().raised(code); }
  std::string State(const std::string& key) {
    const absl::StatusOr<std::string> value = node_.store()->GetState(key);
    return value.ok() ? *value : "";
  }

  // The code of the last verdict in the own ledger, empty if the last entry is none.
  std::string LastVerdict() {
    const uint64_t size = node_.store()->sizes().exchange.value();
    const absl::StatusOr<EntryRow> row =
        node_.store()->GetEntry({LedgerId::kExchange, Index(size - 1)});
    if (!row.ok()) return "";
    const absl::StatusOr<EntryHeader> header = ParseHeader(row->header);
    return header.ok() ? header->code() : "";
  }

  // Whether `word` can be read out of anything that the node stores.
  bool Stores(const std::string& word) {
    bool found = false;
    const std::unique_ptr<Snapshot> snapshot = node_.store()->GetSnapshot();
    for (int i = 0; i < kLedgerCount; ++i) {
      EXPECT_TRUE(snapshot
                      ->ScanEntries(static_cast<LedgerId>(i), Index(0),
                                    [&](Index, EntryRow&& row) {
                                      const auto payload = node_.node()->deps().sealer->Open(row);
                                      found =
                                          found || absl::StrContains(row.payload, word) ||
                                          (payload.ok() &&
                                           absl::StrContains(payload->SerializeAsString(), word));
                                      return true;
                                    })
                      .ok());
    }
    EXPECT_TRUE(snapshot
                    ->ScanState("",
                                [&](absl::string_view key, absl::string_view value) {
                                  found =
                                      found || absl::StrContains(absl::StrCat(key, value), word);
                                  return true;
                                })
                    .ok());
    return found;
  }

  // The run is refused, with an alarm, and the line is tried again.
  void ExpectStopped(partner::v1::Frame frame, const std::string& alarm) {
    const uint64_t before = ReplicaSize();
    const size_t pulls = script_.pulled_from.size();
    Send(std::move(frame));
    Settle(400);  // Longer than the next attempt may wait.
    EXPECT_TRUE(Raised(alarm)) << alarm;
    EXPECT_EQ(ReplicaSize(), before) << "nothing of it is committed (U1)";
    EXPECT_GT(script_.pulled_from.size(), pulls);
    EXPECT_EQ(script_.pulled_from.back(), before);
    EXPECT_TRUE(node_.node()->puller().Suspension().ok());
  }

  void ExpectSuspended(const std::string& code) {
    EXPECT_TRUE(Raised(code));
    EXPECT_FALSE(node_.node()->puller().Suspension().ok());
    EXPECT_EQ(State("n/link_suspended"), code);
    EXPECT_TRUE(note::ParseNote(State("n/fork/held")).ok());
    EXPECT_TRUE(note::ParseNote(State("n/fork/conflicting")).ok());
    EXPECT_NE(State("n/fork/held"), State("n/fork/conflicting"));
    const size_t pulls = script_.pulled_from.size(), cosigned = script_.cosigned.size();
    Settle(600);
    EXPECT_EQ(script_.pulled_from.size(), pulls);
    EXPECT_EQ(script_.cosigned.size(), cosigned);
  }

  absl::Time now_ = StartTime();
  SimRandom random_{1};
  SimNetwork network_;
  Script script_;
  SimNode node_;
  RawLedger ledger_;
};

TEST_F(MaliciousPartner, ForkIsSuspendedWithBothHeadsKept) {
  Start();
  RawLedger fork = ledger_;
  ledger_.AppendRecord("traveller", {{1, TravellerOf("IDN").SerializeAsString()}});
  fork.AppendRecord("traveller", {{1, TravellerOf("KHM").SerializeAsString()}});
  Send(ledger_.Run(1));
  ASSERT_EQ(ReplicaSize(), 2u);
  partner::v1::Frame other;
  other.set_checkpoint(fork.Checkpoint());
  Send(other);
  ExpectSuspended("LEDGER_FORK");
  EXPECT_EQ(State("n/fork/conflicting"), fork.Checkpoint());
  EXPECT_EQ(ReplicaSize(), 2u);
}

TEST_F(MaliciousPartner, ForkStaysSuspendedAfterRestart) {
  Start();
  RawLedger fork(99);
  fork.Adopt(AgreementForTest());
  partner::v1::Frame other;
  other.set_checkpoint(fork.Checkpoint());
  Send(other);
  node_.Crash();
  ASSERT_TRUE(node_.Start().ok());
  EXPECT_FALSE(node_.node()->puller().Suspension().ok());
  const size_t pulls = script_.pulled_from.size();
  Settle(600);
  EXPECT_EQ(script_.pulled_from.size(), pulls);
  EXPECT_EQ(node_.node()->puller().status().state, "suspended");
}

TEST_F(MaliciousPartner, ForkStopsQuestions) {
  Start();
  RawLedger fork(99);
  fork.Adopt(AgreementForTest());
  partner::v1::Frame other;
  other.set_checkpoint(fork.Checkpoint());
  Send(other);
  absl::Status asked;
  node_.node()->questions().Ask(partner::v1::Question(), "spiffe://x", "CASE/1", "", node_.Now(),
                                node_.Now() + absl::Seconds(5),
                                [&asked](const auto& result) { asked = result.status(); });
  EXPECT_TRUE(absl::IsFailedPrecondition(asked)) << asked;
  EXPECT_EQ(script_.asked, 0);
}

TEST_F(MaliciousPartner, RollbackIsSuspended) {
  Start();
  const RawLedger before = ledger_;
  ledger_.AppendRecord("traveller", {{1, TravellerOf("IDN").SerializeAsString()}});
  Send(ledger_.Run(1));
  ASSERT_EQ(ReplicaSize(), 2u);
  partner::v1::Frame smaller;
  smaller.set_checkpoint(before.Checkpoint());
  Send(smaller);
  ExpectSuspended("LEDGER_ROLLBACK");
}

TEST_F(MaliciousPartner, RewoundPartnerWithoutASignedHeadLeavesItsClaim) {
  Start();
  script_.frames.push_back(MakeError(absl::StatusCode::kOutOfRange, "START_BEYOND_LEDGER",
                                     "the ledger is smaller than the replica"));
  Settle();
  EXPECT_TRUE(Raised("START_BEYOND_LEDGER"));
  EXPECT_TRUE(absl::StartsWith(State("n/fork/claim"), "START_BEYOND_LEDGER at "));
  EXPECT_TRUE(node_.node()->puller().Suspension().ok()) << "an unsigned word suspends nothing";
  EXPECT_EQ(ReplicaSize(), 1u);
}

TEST_F(MaliciousPartner, RewoundPartnerIsSuspendedByItsOwnSignedHead) {  // P28
  Start();
  script_.greeting_head = ledger_.Checkpoint();
  ledger_.AppendRecord("traveller", {{1, TravellerOf("IDN").SerializeAsString()}});
  Send(ledger_.Run(1));
  ASSERT_EQ(ReplicaSize(), 2u);
  script_.frames.push_back(MakeError(absl::StatusCode::kOutOfRange, "START_BEYOND_LEDGER",
                                     "the ledger is smaller than the replica"));
  Settle();
  ExpectSuspended("LEDGER_ROLLBACK");
  EXPECT_EQ(State("n/fork/conflicting"), script_.greeting_head);
  EXPECT_EQ(State("n/fork/held"), ledger_.Checkpoint());
}

TEST_F(MaliciousPartner, RewoundPartnerWithAnotherPastIsAFork) {
  Start();
  RawLedger other(99);
  other.Adopt(AgreementForTest());
  script_.greeting_head = other.Checkpoint();
  ledger_.AppendRecord("traveller", {{1, TravellerOf("IDN").SerializeAsString()}});
  Send(ledger_.Run(1));
  script_.frames.push_back(MakeError(absl::StatusCode::kOutOfRange, "START_BEYOND_LEDGER",
                                     "the ledger is smaller than the replica"));
  Settle();
  ExpectSuspended("LEDGER_FORK");
}

TEST_F(MaliciousPartner, HeadAsLargeAsTheReplicaIsNoRollback) {
  Start();
  script_.greeting_head = ledger_.Checkpoint();
  script_.frames.push_back(MakeError(absl::StatusCode::kOutOfRange, "START_BEYOND_LEDGER",
                                     "the ledger is smaller than the replica"));
  Settle();
  EXPECT_TRUE(Raised("START_BEYOND_LEDGER"));
  EXPECT_TRUE(node_.node()->puller().Suspension().ok());
}

TEST_F(MaliciousPartner, GapStopsTheLine) {
  Start();
  RawLedger gapped = ledger_;
  gapped.AppendRecord("traveller", {{1, TravellerOf("IDN").SerializeAsString()}});
  gapped.AppendRecord("traveller", {{1, TravellerOf("IDN").SerializeAsString()}});
  ExpectStopped(gapped.Run(2), "WRONG_INDEX");
  partner::v1::Frame short_run = gapped.Run(1);
  short_run.mutable_entries()->RemoveLast();
  ExpectStopped(short_run, "LEDGER_GAP");
}

TEST_F(MaliciousPartner, ReplayedEntryStopsTheLine) {
  Start();
  RawLedger replayed = ledger_;
  const auto entry =
      replayed.AppendRecord("traveller", {{1, TravellerOf("IDN").SerializeAsString()}});
  replayed.Add(entry);
  ExpectStopped(replayed.Run(1), "WRONG_INDEX");
}

TEST_F(MaliciousPartner, BadSignatureStopsTheLine) {
  Start();
  ledger_.AppendRecord("traveller", {{1, TravellerOf("IDN").SerializeAsString()}});
  partner::v1::Frame frame = ledger_.Run(1);
  std::string note = frame.checkpoint();
  note[note.size() - 4] = note[note.size() - 4] == 'A' ? 'B' : 'A';
  frame.set_checkpoint(note);
  ExpectStopped(frame, "BAD_SIGNATURE");
  EXPECT_FALSE(Stores("ZZSECRETZZ"));
}

TEST_F(MaliciousPartner, BadDigestStopsTheLine) {
  Start();
  EntryHeader header;
  header.set_kind(EntryHeader::REVISION);
  header.set_type("traveller");
  header.set_record_id(std::string(kRecordIdBytes, 'r'));
  header.set_revision(1);
  header.set_agreement_version(1);
  header.set_digests(std::string(128, 'd'));
  ledger_.Append(header, true, {{1, TravellerOf("IDN").SerializeAsString()}});
  ExpectStopped(ledger_.Run(1), "BAD_DIGEST");
}

TEST_F(MaliciousPartner, SeenBeyondOursStopsSigning) {
  Start();
  EntryHeader header;
  header.set_kind(EntryHeader::REVISION);
  header.set_type("traveller");
  header.set_record_id(std::string(kRecordIdBytes, 'r'));
  header.set_revision(1);
  header.set_agreement_version(1);
  header.set_seen_partner(1'000'000);
  ledger_.Append(header, true, {{1, TravellerOf("IDN").SerializeAsString()}});
  ExpectStopped(ledger_.Run(1), "SEEN_BEYOND_OURS");
  EXPECT_TRUE(absl::IsDataLoss(node_.node()->ledgers().health()));
}

TEST_F(MaliciousPartner, SeenThatDecreasesStopsTheLine) {
  Start();
  EntryHeader header;
  header.set_kind(EntryHeader::REVISION);
  header.set_type("traveller");
  header.set_record_id(std::string(kRecordIdBytes, 'r'));
  header.set_revision(1);
  header.set_agreement_version(1);
  header.set_seen_partner(1);
  ledger_.Append(header, true, {{1, TravellerOf("IDN").SerializeAsString()}});
  Send(ledger_.Run(1));
  ASSERT_EQ(ReplicaSize(), 2u);
  ledger_.AppendRecord("traveller", {{1, TravellerOf("IDN").SerializeAsString()}});
  ExpectStopped(ledger_.Run(2), "SEEN_DECREASES");
}

TEST_F(MaliciousPartner, TypeNotSharedIsRejectedAndDestroyed) {
  agreement::v1::Agreement narrow = DefaultAgreementForTest();
  for (int i = 0; i < narrow.record_terms_size(); ++i) {
    if (narrow.record_terms(i).type() == "traveller") {
      narrow.mutable_record_terms()->DeleteSubrange(i, 1);
      break;
    }
  }
  Start(SignForTest(narrow));
  ledger_.AppendRecord("traveller", {{1, TravellerOf("IDN").SerializeAsString()}});
  Send(ledger_.Run(1));
  EXPECT_EQ(ReplicaSize(), 2u);
  EXPECT_EQ(LastVerdict(), "TYPE_NOT_SHARED");
  EXPECT_FALSE(Stores("ZZSECRETZZ"));
}

TEST_F(MaliciousPartner, SectionNotSharedIsRejectedAndDestroyed) {
  Start();
  mi::Traveller sensitive;
  sensitive.set_address("ZZADDRESSZZ");
  ledger_.AppendRecord("traveller", {{1, TravellerOf("IDN").SerializeAsString()},
                                     {2, sensitive.SerializeAsString()}});
  Send(ledger_.Run(1));
  EXPECT_EQ(LastVerdict(), "SECTION_NOT_SHARED");
  EXPECT_FALSE(Stores("ZZADDRESSZZ"));
  EXPECT_FALSE(Stores("ZZSECRETZZ"));
}

TEST_F(MaliciousPartner, WithheldFieldUnderASharedNumberIsRejectedAndDestroyed) {
  Start();
  mi::Traveller traveller = TravellerOf("IDN");
  traveller.set_address("ZZADDRESSZZ");
  ledger_.AppendRecord("traveller", {{1, traveller.SerializeAsString()}});
  Send(ledger_.Run(1));
  EXPECT_EQ(LastVerdict(), "SECTION_NOT_SHARED");
  EXPECT_FALSE(Stores("ZZADDRESSZZ"));
}

TEST_F(MaliciousPartner, ThirdCountryNationalIsRejectedAndDestroyed) {
  Start();
  ledger_.AppendRecord("traveller", {{1, TravellerOf("MYS").SerializeAsString()}});
  Send(ledger_.Run(1));
  EXPECT_EQ(ReplicaSize(), 2u) << "the header counts";
  EXPECT_EQ(LastVerdict(), "THIRD_COUNTRY");
  EXPECT_FALSE(Stores("ZZSECRETZZ"));
}

TEST_F(MaliciousPartner, SharedRecordIsStored) {
  // The searches above can find something.
  Start();
  ledger_.AppendRecord("traveller", {{1, TravellerOf("KHM").SerializeAsString()}});
  Send(ledger_.Run(1));
  EXPECT_EQ(LastVerdict(), "");
  EXPECT_TRUE(Stores("ZZSECRETZZ"));
}

TEST_F(MaliciousPartner, SyntheticDataIsDestroyedOnAProductionNode) {
  node_.options().exercise = false;
  Start();
  ledger_.AppendRecord("traveller", {{1, TravellerOf("KHM").SerializeAsString()}},
                       /*synthetic=*/true);
  Send(ledger_.Run(1));
  EXPECT_EQ(LastVerdict(), "SYNTHETIC_DATA");
  EXPECT_FALSE(Stores("ZZSECRETZZ"));
}

TEST_F(MaliciousPartner, UnknownTypeThatNobodyAgreedToIsRejectedAndDestroyed) {
  Start();
  ledger_.AppendRecord("watch_list", {{1, "ZZSECRETZZ"}});
  Send(ledger_.Run(1));
  EXPECT_EQ(LastVerdict(), "TYPE_NOT_SHARED");
  EXPECT_EQ(node_.node()->puller().status().rejected_count, 1u) << "it counts towards the limit";
  EXPECT_FALSE(Stores("ZZSECRETZZ"));
}

TEST_F(MaliciousPartner, UnknownTypeThatIsAgreedIsParked) {
  agreement::v1::Agreement agreement = DefaultAgreementForTest();
  agreement::v1::RecordTerms terms = agreement.record_terms(0);
  terms.set_type("watch_list");
  terms.set_crossing(agreement::v1::RecordTerms::REPLICATED);
  *agreement.add_record_terms() = terms;
  Start(SignForTest(agreement));
  ledger_.AppendRecord("watch_list", {{1, "anything"}});
  Send(ledger_.Run(1));
  EXPECT_EQ(ReplicaSize(), 2u);
  EXPECT_EQ(LastVerdict(), "PARKED");
  EXPECT_EQ(node_.node()->puller().status().parked_count, 1u);
  EXPECT_EQ(node_.node()->puller().status().rejected_count, 0u);
}

TEST_F(MaliciousPartner, MalformedVerdictStopsTheLine) {
  Start();
  EntryHeader verdict;
  verdict.set_kind(EntryHeader::REJECTED);
  verdict.set_target_first(1'000);
  verdict.set_code("THIRD_COUNTRY");
  verdict.set_agreement_version(1);
  ledger_.Append(verdict, true, {});
  ExpectStopped(ledger_.Run(1), "BAD_VERDICT");
}

TEST_F(MaliciousPartner, AdoptionWithOneSignatureMissingStopsTheLine) {
  Start();
  const AgreementVersionPtr first = VersionForTest(DefaultAgreementForTest());
  agreement::v1::SignedAgreement second = SignForTest(NextVersionForTest(*first));
  second.mutable_signatures()->RemoveLast();
  EntryHeader header;
  header.set_kind(EntryHeader::ADOPTION);
  header.set_revision(2);
  header.set_agreement_version(1);
  ledger_.Append(header, true, {{1, second.SerializeAsString()}});
  ExpectStopped(ledger_.Run(1), "BAD_ADOPTION");
  EXPECT_EQ(node_.node()->book().PartnerVersion(), 1u);
}

TEST_F(MaliciousPartner, RecallOfTheAdoptionStopsTheLine) {
  Start();
  EntryHeader recall;
  recall.set_kind(EntryHeader::RECALL);
  recall.set_target_first(0);
  recall.set_agreement_version(1);
  ledger_.Append(recall, true, {});
  ExpectStopped(ledger_.Run(1), "BAD_RECALL");
}

TEST_F(MaliciousPartner, RecallsOfTheSameRecordsAgainAndAgainStopTheLine) {
  Start();
  constexpr uint64_t kRecords = 400;
  for (uint64_t i = 0; i < kRecords; ++i) {
    ledger_.AppendRecord("traveller", {{1, TravellerOf("IDN").SerializeAsString()}});
  }
  EntryHeader recall;
  recall.set_kind(EntryHeader::RECALL);
  recall.set_target_first(1);
  recall.set_target_end(1 + kRecords);
  recall.set_agreement_version(1);
  // 100 times 400: more than a run may hold, in 500 entries.
  for (int i = 0; i < 100; ++i) ledger_.Append(recall, true, {});
  ExpectStopped(ledger_.Run(1), "BAD_RECALL");
}

// A request of the partner's that names one attachment.
mi::RecordRequest RequestNaming(const types::v1::Attachment& attachment) {
  mi::RecordRequest request;
  request.set_what(mi::RecordRequest::LAST_ENTRY);
  request.mutable_document()->set_number("X0000001");
  request.mutable_document()->set_issuer("IDN");
  request.add_nationalities("IDN");
  request.set_justification("SYNTHETIC");
  *request.add_attachments() = attachment;
  return request;
}

types::v1::Attachment AttachmentOf(const std::string& bytes) {
  types::v1::Attachment attachment;
  attachment.set_salt(std::string(kSaltBytes, 's'));
  attachment.set_digest_name(AttachmentName(attachment.salt(), bytes).str());
  attachment.set_media_type("application/pdf");
  attachment.set_size_bytes(static_cast<int64_t>(bytes.size()));
  return attachment;
}

EntryHeader AskHeader() {
  EntryHeader header;
  header.set_kind(EntryHeader::STEP);
  header.set_type("record_request");
  header.set_code("ASK");
  header.set_procedure_id(std::string(16, 'p'));
  header.set_retention_class("procedure");
  header.set_agreement_version(1);
  return header;
}

TEST_F(MaliciousPartner, OtherBytesThanItsStepNamesAreDropped) {
  Start();
  const std::string bytes = "%PDF-1.7 ZZNAMEDZZ";
  script_.attachment_content = "%PDF-1.7 ZZOTHERZZ";
  ledger_.Append(AskHeader(), true, {{1, RequestNaming(AttachmentOf(bytes)).SerializeAsString()}});
  Send(ledger_.Run(1));
  EXPECT_EQ(ReplicaSize(), 2u);
  EXPECT_EQ(script_.fetched.size(), 1u) << "not again at once";
  EXPECT_TRUE(Raised("ATTACHMENT_MISMATCH"));
  EXPECT_EQ(State(AttachmentKey(AttachmentOf(bytes).digest_name())), "");
  script_.attachment_content = bytes;
  for (int i = 0; i < 40; ++i) {
    partner::v1::Frame heartbeat;
    heartbeat.set_heartbeat(true);
    Send(heartbeat);
  }
  EXPECT_NE(State(AttachmentKey(AttachmentOf(bytes).digest_name())), "");
}

TEST_F(MaliciousPartner, AnAttachmentOfAnotherTypeThanItSaysIsDropped) {
  Start();
  const std::string bytes = "MZ no PDF at all";
  script_.attachment_content = bytes;
  ledger_.Append(AskHeader(), true, {{1, RequestNaming(AttachmentOf(bytes)).SerializeAsString()}});
  Send(ledger_.Run(1));
  EXPECT_TRUE(Raised("ATTACHMENT_MISMATCH"));
  EXPECT_FALSE(Stores(bytes));
}

TEST_F(MaliciousPartner, AStepThatNamesAnAttachmentOfNoKnownFormIsRejected) {
  const std::string bytes = "%PDF-1.7 synthetic";
  types::v1::Attachment large = AttachmentOf(bytes), untyped = large, unsalted = large;
  large.set_size_bytes(kAttachmentBytesMax + 1);
  untyped.set_media_type("application/zip");
  unsalted.clear_salt();
  Start();
  for (const types::v1::Attachment& bad : {large, untyped, unsalted}) {
    const uint64_t from = ledger_.size();
    ledger_.Append(AskHeader(), true, {{1, RequestNaming(bad).SerializeAsString()}});
    Send(ledger_.Run(from));
    EXPECT_EQ(LastVerdict(), "INVALID_FIELDS");
  }
  EXPECT_TRUE(script_.fetched.empty()) << "what is rejected is not fetched";
}

TEST_F(MaliciousPartner, CutLineIsPulledAgainAfterTheClockWasSetBack) {
  Start();
  node_.clock().Jump(absl::Hours(2));
  Settle();
  script_.frames.push_back(absl::UnavailableError("cut"));
  Settle(1);
  node_.clock().Jump(-absl::Hours(2));
  ledger_.AppendRecord("traveller", {{1, TravellerOf("KHM").SerializeAsString()}});
  Send(ledger_.Run(1));
  EXPECT_EQ(ReplicaSize(), 2u);
}

// P12: served on after the limit only once the partner has signed.
TEST(WithheldCosignature, PausesServingUntilItComes) {
  absl::Time now = StartTime();
  SimRandom random(1);
  SimNetwork network(&now, &random);
  SimNode idn(0, &now, 2, &network), khm(1, &now, 3, &network);
  ASSERT_TRUE(idn.Start().ok());
  ASSERT_TRUE(khm.Start().ok());
  network.SetWithholding(1, true);
  int adopted = 0;
  for (SimNode* sim : {&idn, &khm}) {
    node::v1::AdoptAgreementRequest request;
    *request.mutable_signed_agreement() = AgreementForTest();
    request.set_request_id("00000000-0000-4000-8000-000000000001");
    Admission& admission = sim->node()->admission();
    const Method* method = admission.Find("lintas.node.v1.NodeService/AdoptAgreement");
    CallMetadata metadata;
    metadata.purpose = "OPERATION";
    admission.HandleUnary(
        *method,
        admission.Admit(*MakePrincipal(CountryOf(sim->index()), Role::kOperator, "operator-1"),
                        *method, metadata, sim->Now()),
        request, [&adopted](const auto& answer) { adopted += answer.ok(); });
  }
  int written = 0;
  const auto run = [&](int seconds) {
    for (int i = 0; i < seconds; ++i) {
      now += absl::Seconds(1);
      network.Run();
      if (i % 20 == 0 && idn.node()->book().InForce() != nullptr) {
        mi::Traveller traveller = TravellerOf("IDN");
        Call call;
        call.principal = *MakePrincipal("idn", Role::kOfficer, "officer-1");
        call.now = now;
        const std::string id = absl::StrCat(10000000 + ++written, "-0000-4000-8000-000000000001");
        idn.node()->writer().Create(
            call, *idn.node()->deps().types->ByDescriptor(mi::Traveller::descriptor()), traveller,
            id, [](const auto& done) { ASSERT_TRUE(done.ok()) << done.status(); });
      }
      for (SimNode* sim : {&idn, &khm}) {
        ASSERT_TRUE(sim->node()->CommitStep(now).ok());
        sim->node()->LinkStep(now);
        ASSERT_TRUE(sim->node()->CommitStep(now).ok());
      }
    }
  };
  run(300);
  ASSERT_EQ(adopted, 2);
  EXPECT_FALSE(idn.node()->alarms().raised("COSIGNATURE_OVERDUE"));
  run(600);
  EXPECT_TRUE(idn.node()->alarms().raised("COSIGNATURE_OVERDUE"));
  const TreeSize paused = khm.node()->ledgers().size(LedgerId::kReplica);
  run(300);
  EXPECT_EQ(khm.node()->ledgers().size(LedgerId::kReplica), paused);
  EXPECT_LT(paused, idn.node()->ledgers().size(LedgerId::kExchange));
  network.SetWithholding(1, false);
  run(300);
  EXPECT_GT(khm.node()->ledgers().size(LedgerId::kReplica), paused);
  EXPECT_FALSE(idn.node()->alarms().raised("COSIGNATURE_OVERDUE"));
}

}  // namespace
}  // namespace lintas::simulation

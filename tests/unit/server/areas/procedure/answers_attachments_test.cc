// Attachments of steps between two whole nodes: brought before the step, fetched over the link,
// read by who may, erased with what names them.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "server/areas/procedure/answers.h"
#include "server/records/reader.h"
#include "tests/support/attachment_calls.h"

namespace lintas {
namespace {

using testing::ElementsAre;
using testing::Gt;
using testing::IsEmpty;
using testing::SizeIs;

std::string RuleOf(const absl::Status& status) {
  const std::vector<FieldViolation> violations = FieldViolations(status);
  return violations.empty() ? ErrorReason(status) : violations.front().rule;
}

class AttachmentsTest : public testing::Test, protected AttachmentCalls {
 protected:
  using AttachmentCalls::AttachmentCalls;

  // A request of IDN's that KHM has received.
  std::string Received() {
    const std::string name = Open(idn, RecordRequestForTest()).value().name();
    Settle();
    LINTAS_CHECK(Take(khm, name, "RECEIVE").ok());
    Settle();
    return name;
  }
  // KHM's answer with a copy of a record of its own, so that a recall of the record erases the
  // step.
  std::string Answered(const std::vector<types::v1::Attachment>& attachments) {
    const std::string name = Received();
    const absl::StatusOr<pv::Procedure> taken = Answer(name, attachments);
    LINTAS_CHECK(taken.ok());
    return name;
  }
  absl::StatusOr<pv::Procedure> Answer(const std::string& name,
                                       const std::vector<types::v1::Attachment>& attachments,
                                       const As& as = Officer()) {
    mi::RecordAnswer answer;
    answer.set_outcome(mi::RecordAnswer::DISCLOSED);
    if (record_.name().empty()) record_ = Create(khm, MakeCrossing()).value();
    Settle();
    *answer.add_records()->mutable_crossing() = record_;
    answer.mutable_records(0)->mutable_crossing()->clear_meta();
    for (const types::v1::Attachment& each : attachments) *answer.add_attachments() = each;
    return Take(khm, name, "ANSWER", &answer, as);
  }
  pv::Step AnswerStep(NodeOnDisk& at, const std::string& name) {
    const pv::Procedure shown = Look(at, name).value();
    return shown.steps(shown.steps_size() - 1);
  }
  size_t AccessEntries(NodeOnDisk& at) {
    return at.Entries(LedgerId::kHome, ledger::v1::EntryHeader::ACCESS).size();
  }

  const std::string bytes_ = PdfForTest(600'000);  // Three chunks.
  const types::v1::Attachment attachment_ = AttachmentForTest(bytes_);
  mi::Crossing record_;
};

TEST_F(AttachmentsTest, AnAnswersFileIsReadByWhoAsked) {
  ASSERT_TRUE(Upload(khm, attachment_, bytes_).ok());
  const std::string name = Answered({attachment_});
  AwaitFetched(idn);
  for (NodeOnDisk* at : {&idn, &khm}) {
    const pv::Step step = AnswerStep(*at, name);
    ASSERT_THAT(step.attachments(), SizeIs(1));
    EXPECT_TRUE(step.attachments(0).held());
    EXPECT_EQ(step.attachments(0).held_bytes(), 600'000);
    EXPECT_EQ(step.attachments(0).attachment().media_type(), "application/pdf");
    const size_t entries = AccessEntries(*at);
    EXPECT_EQ(Download(*at, name, step, attachment_).value(), bytes_);
    EXPECT_EQ(AccessEntries(*at), entries + 1) << "one call, one access entry";
  }
  EXPECT_THAT(khm_line.fetches_seen, IsEmpty());
  EXPECT_EQ(idn.StateDigest(), khm.StateDigest());
}

TEST_F(AttachmentsTest, ARequestMayNameSeveralOfEachType) {
  const std::pair<std::string, std::string> files[] = {
      {"image/jpeg", "\xFF\xD8\xFF\xE0 synthetic"},
      {"image/png", "\x89PNG\r\n\x1A\n synthetic"},
      {"text/plain", "Teks sintetis. \xE1\x9E\x97\xE1\x9E\xB6\xE1\x9E\x9F\xE1\x9E\xB6\n"}};
  mi::RecordRequest request = RecordRequestForTest();
  char salt = 'a';
  for (const auto& [type, bytes] : files) {
    const types::v1::Attachment attachment = AttachmentForTest(bytes, salt++, type);
    ASSERT_TRUE(Upload(idn, attachment, bytes).ok()) << type;
    *request.add_attachments() = attachment;
  }
  const std::string name = Open(idn, request).value().name();
  AwaitFetched(khm);
  const pv::Step step = Look(khm, name).value().steps(0);
  ASSERT_THAT(step.attachments(), SizeIs(3));
  for (int i = 0; i < 3; ++i) {
    EXPECT_EQ(Download(khm, name, step, step.attachments(i).attachment()).value(), files[i].second);
  }
}

TEST_F(AttachmentsTest, AnUploadGoesOnWhereItStood) {
  ASSERT_TRUE(Begin(khm, attachment_).ok());
  ASSERT_TRUE(PutChunk(khm, attachment_, bytes_, 0).ok());
  Reopen(&khm);
  EXPECT_EQ(Begin(khm, attachment_)->held_bytes(), kAttachmentChunkBytes);
  // A chunk again, and one too early, change nothing and say where it stands.
  EXPECT_EQ(PutChunk(khm, attachment_, bytes_, 0)->held_bytes(), kAttachmentChunkBytes);
  EXPECT_EQ(PutChunk(khm, attachment_, bytes_, 2 * kAttachmentChunkBytes)->held_bytes(),
            kAttachmentChunkBytes);
  EXPECT_TRUE(Upload(khm, attachment_, bytes_)->complete());
  EXPECT_TRUE(Begin(khm, attachment_)->complete());
}

TEST_F(AttachmentsTest, WhatIsNotWhatWasSaidIsDropped) {
  const size_t before = KeysOfAttachments(khm);
  std::string other = bytes_;
  other[500'000] ^= 1;
  EXPECT_EQ(RuleOf(Upload(khm, attachment_, other).status()), "WRONG_DIGEST");
  const std::string text = "no PDF";
  EXPECT_EQ(RuleOf(Upload(khm, AttachmentForTest(text), text).status()), "WRONG_MEDIA_TYPE");
  const std::string control = "a text\x01";
  EXPECT_EQ(RuleOf(Upload(khm, AttachmentForTest(control, 't', "text/plain"), control).status()),
            "WRONG_MEDIA_TYPE");
  EXPECT_EQ(KeysOfAttachments(khm), before);
  EXPECT_EQ(RuleOf(PutChunk(khm, attachment_, bytes_, 0).status()), "NOTHING_TO_SHARE");
  ASSERT_TRUE(Begin(khm, attachment_).ok());
  EXPECT_EQ(RuleOf(PutChunk(khm, attachment_, bytes_.substr(0, 9), 0).status()), "CHUNK_SIZE");
  EXPECT_EQ(RuleOf(PutChunk(khm, attachment_, bytes_, 7).status()), "CHUNK_OFFSET");
}

TEST_F(AttachmentsTest, AnAnnouncementIsCheckedFirst) {
  types::v1::Attachment bad = attachment_;
  bad.set_size_bytes(kAttachmentBytesMax + 1);
  EXPECT_EQ(RuleOf(Begin(khm, bad).status()), "BAD_SIZE");
  bad = attachment_;
  bad.set_media_type("application/zip");
  EXPECT_EQ(RuleOf(Begin(khm, bad).status()), "UNKNOWN_MEDIA_TYPE");
  bad = attachment_;
  bad.set_salt("short");
  EXPECT_EQ(RuleOf(Begin(khm, bad).status()), "SALT");
  bad = attachment_;
  bad.clear_digest_name();
  EXPECT_EQ(RuleOf(Begin(khm, bad).status()), "DIGEST_NAME");
  EXPECT_EQ(KeysOfAttachments(khm), 0u);
}

TEST_F(AttachmentsTest, AnUploadIsItsOfficersAlone) {
  const As other{Role::kOfficer, "MIGRATION_MANAGEMENT", "", "officer-2"};
  ASSERT_TRUE(Begin(khm, attachment_).ok());
  EXPECT_EQ(RuleOf(Begin(khm, attachment_, other).status()), "TAKEN");
  EXPECT_EQ(RuleOf(PutChunk(khm, attachment_, bytes_, 0, other).status()), "NOTHING_TO_SHARE");
  ASSERT_TRUE(Upload(khm, attachment_, bytes_).ok());
  const std::string name = Received();
  EXPECT_EQ(RuleOf(Answer(name, {attachment_}, other).status()), "NOT_HERE");
  EXPECT_TRUE(Answer(name, {attachment_}).ok());
  // Once a step names it, it is the step's.
  EXPECT_EQ(RuleOf(Begin(khm, attachment_).status()), "TAKEN");
}

TEST_F(AttachmentsTest, AStepNamesOnlyWhatIsHereCompletely) {
  const std::string name = Received();
  EXPECT_EQ(RuleOf(Answer(name, {attachment_}).status()), "NOT_HERE");
  ASSERT_TRUE(Begin(khm, attachment_).ok());
  ASSERT_TRUE(PutChunk(khm, attachment_, bytes_, 0).ok());
  EXPECT_EQ(RuleOf(Answer(name, {attachment_}).status()), "NOT_HERE");
  ASSERT_TRUE(Upload(khm, attachment_, bytes_).ok());
  types::v1::Attachment bad = attachment_;
  bad.set_size_bytes(1);
  EXPECT_EQ(RuleOf(Answer(name, {bad}).status()), "NOT_HERE");
  bad = attachment_;
  bad.set_media_type("image/png");
  EXPECT_EQ(RuleOf(Answer(name, {bad}).status()), "NOT_HERE");
  bad = attachment_;
  bad.set_salt(std::string(kSaltBytes, 'o'));
  EXPECT_EQ(RuleOf(Answer(name, {bad}).status()), "NOT_HERE");
  EXPECT_EQ(RuleOf(Answer(name, {attachment_, attachment_}).status()), "TWICE");
  EXPECT_TRUE(Answer(name, {attachment_}).ok()) << "a refused step leaves the upload as it was";
}

TEST_F(AttachmentsTest, UploadsAreBoundedForEachOfficer) {
  types::v1::Attachment large = attachment_;
  large.set_size_bytes(kAttachmentBytesMax);
  for (int i = 0; i < 4; ++i) {
    large.set_digest_name(std::string(32, static_cast<char>('a' + i)));
    ASSERT_TRUE(Begin(khm, large).ok());
  }
  large.set_digest_name(std::string(32, 'z'));
  EXPECT_EQ(ErrorReason(Begin(khm, large).status()), "QUOTA");
  EXPECT_TRUE(Begin(khm, large, {Role::kOfficer, "MIGRATION_MANAGEMENT", "", "officer-2"}).ok());
}

TEST_F(AttachmentsTest, WhatNoStepNamedIsDroppedAfterADay) {
  ASSERT_TRUE(Upload(khm, attachment_, bytes_).ok());
  clock.now += absl::Hours(23);
  RunFor(absl::Seconds(11));
  EXPECT_THAT(KeysOfAttachments(khm), Gt(0u));
  clock.now += absl::Hours(2);
  RunFor(absl::Seconds(11));
  EXPECT_EQ(KeysOfAttachments(khm), 0u);
  EXPECT_EQ(Begin(khm, attachment_)->held_bytes(), 0);
}

TEST_F(AttachmentsTest, FetchingGoesOnAfterACutOfTheLineAndARestart) {
  ASSERT_TRUE(Upload(khm, attachment_, bytes_).ok());
  // The line breaks behind the first chunk.
  std::vector<int64_t> given;
  idn_line.faults.on_attachment = [&](partner::v1::FetchAttachmentResponse*) {
    given.push_back(idn_line.fetches_seen.back().offset());
    if (given.size() == 1) idn_line.faults.down = true;
  };
  const std::string name = Answered({attachment_});
  Settle();
  for (int i = 0; i < 2000 && !idn_line.faults.down; ++i) Turn();
  RunFor(absl::Seconds(1));
  ASSERT_THAT(given, ElementsAre(0));
  const pv::Step step = AnswerStep(idn, name);
  EXPECT_FALSE(step.attachments(0).held());
  EXPECT_EQ(step.attachments(0).held_bytes(), kAttachmentChunkBytes);
  EXPECT_EQ(ErrorReason(Download(idn, name, step, attachment_).status()), "ATTACHMENT_ON_ITS_WAY");
  Reopen(&idn);
  idn_line.faults.down = false;
  clock.now += absl::Minutes(5);
  AwaitFetched(idn);
  EXPECT_EQ(Download(idn, name, AnswerStep(idn, name), attachment_).value(), bytes_);
  EXPECT_THAT(given, ElementsAre(0, kAttachmentChunkBytes, 2 * kAttachmentChunkBytes));
}

TEST_F(AttachmentsTest, ARecallErasesItOnBothSides) {
  ASSERT_TRUE(Upload(khm, attachment_, bytes_).ok());
  const std::string name = Answered({attachment_});
  AwaitFetched(idn);
  const pv::Step step = AnswerStep(idn, name);
  ASSERT_TRUE(step.attachments(0).held());
  ASSERT_TRUE(Recall(khm, record_.name()).ok());
  // At once, before any sweep: the salt that opens it is gone with the payload.
  EXPECT_THAT(AnswerStep(khm, name).attachments(), IsEmpty());
  EXPECT_EQ(ErrorReason(Download(khm, name, step, attachment_).status()), "NOTHING_TO_SHARE");
  RunFor(absl::Seconds(11));
  for (NodeOnDisk* at : {&idn, &khm}) {
    EXPECT_EQ(ErrorReason(Download(*at, name, step, attachment_).status()), "NOTHING_TO_SHARE");
    EXPECT_EQ(KeysOfAttachments(*at), 0u);
  }
  EXPECT_EQ(idn.StateDigest(), khm.StateDigest());
}

TEST_F(AttachmentsTest, WhatIsRecalledOnItsWayIsNotFetched) {
  ASSERT_TRUE(Upload(khm, attachment_, bytes_).ok());
  bool recalled = false;
  idn_line.faults.on_attachment = [&](partner::v1::FetchAttachmentResponse*) { recalled = true; };
  const std::string name = Answered({attachment_});
  Settle();
  for (int i = 0; i < 2000 && !recalled; ++i) Turn();
  ASSERT_TRUE(Recall(khm, record_.name()).ok());
  RunFor(absl::Seconds(20));
  EXPECT_EQ(KeysOfAttachments(idn), 0u);
  EXPECT_EQ(idn.node->attachment_fetcher().missing(), 0u);
}

TEST_F(AttachmentsTest, OtherBytesFromThePartnerAreDroppedWithAnAlarm) {
  ASSERT_TRUE(Upload(khm, attachment_, bytes_).ok());
  idn_line.faults.on_attachment = [](partner::v1::FetchAttachmentResponse* response) {
    (*response->mutable_content())[100] ^= 1;
  };
  const std::string name = Answered({attachment_});
  for (int i = 0; i < 3000 && !idn.node->alarms().raised("ATTACHMENT_MISMATCH"); ++i) Turn();
  EXPECT_TRUE(idn.node->alarms().raised("ATTACHMENT_MISMATCH"));
  EXPECT_FALSE(AnswerStep(idn, name).attachments(0).held());
  Settle();
  EXPECT_EQ(KeysOfAttachments(idn), 0u) << "nothing of it is kept";
  // Not at once again; but again.
  const size_t fetches = idn_line.fetches_seen.size();
  RunFor(absl::Seconds(30));
  EXPECT_EQ(idn_line.fetches_seen.size(), fetches);
  idn_line.faults.on_attachment = nullptr;
  clock.now += absl::Minutes(20);
  AwaitFetched(idn);
  EXPECT_TRUE(AnswerStep(idn, name).attachments(0).held());
}

TEST_F(AttachmentsTest, AChunkOfAnotherSizeIsDropped) {
  ASSERT_TRUE(Upload(khm, attachment_, bytes_).ok());
  idn_line.faults.on_attachment = [](partner::v1::FetchAttachmentResponse* response) {
    response->mutable_content()->append("more");
  };
  Answered({attachment_});
  Settle();
  EXPECT_TRUE(idn.node->alarms().raised("ATTACHMENT_MISMATCH"));
  EXPECT_EQ(KeysOfAttachments(idn), 0u);
}

TEST_F(AttachmentsTest, ADaysBytesAreBounded) {  // G5
  ASSERT_TRUE(Upload(khm, attachment_, bytes_).ok());
  // The node's own fetcher gets nothing.
  idn_line.faults.on_attachment = [](partner::v1::FetchAttachmentResponse* response) {
    response->clear_content();
  };
  const std::string name = Answered({attachment_});
  Settle();
  idn_line.faults.down = true;
  Settle();
  DirectTransport line(&khm.node, &clock);
  AttachmentFetcher fetcher(
      idn.node->deps(), &idn.node->attachments(), &line, &idn.node->alarms(), [] { return true; },
      /*bytes_per_day_max=*/300'000);
  const auto run = [&] {
    for (int i = 0; i < 200; ++i) {
      fetcher.Tick(clock.now);
      line.Pump();
      Turn();
    }
    return AnswerStep(idn, name).attachments(0).held_bytes();
  };
  EXPECT_EQ(run(), 2 * kAttachmentChunkBytes);
  EXPECT_TRUE(idn.node->alarms().raised("TOO_MANY_ATTACHMENTS"));
  clock.now += absl::Hours(25);
  EXPECT_EQ(run(), 600'000);
  EXPECT_FALSE(idn.node->alarms().raised("TOO_MANY_ATTACHMENTS"));
}

TEST_F(AttachmentsTest, ThePartnerGetsOnlyWhatItsReplicaNames) {
  const types::v1::Attachment unnamed = AttachmentForTest("%PDF-1.7 unnamed", 'u');
  ASSERT_TRUE(Upload(khm, unnamed, "%PDF-1.7 unnamed").ok());
  ASSERT_TRUE(Upload(khm, attachment_, bytes_).ok());
  const std::string name = Received();
  idn_line.faults.withhold_cosignature = true;
  ASSERT_TRUE(Answer(name, {attachment_}).ok());
  partner::v1::FetchAttachmentRequest request;
  request.set_origin(khm.node->ledgers().origin(LedgerId::kExchange));
  request.set_ledger_index(AnswerStep(khm, name).ledger_index());
  request.set_digest_name(attachment_.digest_name());
  const auto answer = [&] {
    return ErrorReason(khm.node->attachment_server().Fetch(request).status());
  };
  Settle();
  EXPECT_EQ(answer(), "NOTHING_TO_SHARE") << "not cosigned as held";
  idn_line.faults.withhold_cosignature = false;
  RunFor(absl::Seconds(5));
  EXPECT_EQ(answer(), "");
  partner::v1::FetchAttachmentRequest good = request;
  request.set_digest_name(unnamed.digest_name());
  EXPECT_EQ(answer(), "NOTHING_TO_SHARE") << "a name that it was never given";
  request = good;
  request.set_ledger_index(0);
  EXPECT_EQ(answer(), "NOTHING_TO_SHARE") << "an entry that names nothing";
  request.set_ledger_index(1'000'000);
  EXPECT_EQ(answer(), "NOTHING_TO_SHARE");
  request = good;
  request.set_offset(-kAttachmentChunkBytes);
  EXPECT_EQ(answer(), "NOTHING_TO_SHARE");
  request.set_offset(7);
  EXPECT_EQ(answer(), "NOTHING_TO_SHARE");
  request = good;
  request.set_origin("another");
  EXPECT_EQ(answer(), "WRONG_ORIGIN");
  request = good;
  ASSERT_TRUE(Recall(khm, record_.name()).ok());
  EXPECT_EQ(answer(), "NOTHING_TO_SHARE") << "erased";
}

TEST_F(AttachmentsTest, ARebuildKeepsThem) {
  ASSERT_TRUE(Upload(khm, attachment_, bytes_).ok());
  const std::string name = Answered({attachment_});
  AwaitFetched(idn);
  for (NodeOnDisk* at : {&idn, &khm}) {
    ASSERT_TRUE(at->node->fold().Rebuild().ok());
    EXPECT_EQ(Download(*at, name, AnswerStep(*at, name), attachment_).value(), bytes_);
  }
  RunFor(absl::Seconds(11));
  EXPECT_TRUE(AnswerStep(idn, name).attachments(0).held());
}

// Roles that see less, or nothing, of a step's content.
class AttachmentSectionsTest : public AttachmentsTest {
 protected:
  AttachmentSectionsTest() : AttachmentsTest(/*adopt=*/false) {
    agreement::v1::Agreement agreement = DefaultAgreementForTest();
    agreement::v1::Grant* operating = agreement.add_grants();
    operating->set_role("operator");
    operating->add_operations("READ_PROCEDURES");
    operating->add_purposes("OPERATION");
    LINTAS_CHECK(Adopt(idn, SignForTest(agreement)).ok());
    LINTAS_CHECK(Adopt(khm, SignForTest(agreement)).ok());
    Settle();
  }
};

TEST_F(AttachmentSectionsTest, WhoDoesNotSeeTheSectionDoesNotReadTheFile) {
  ASSERT_TRUE(Upload(khm, attachment_, bytes_).ok());
  const std::string name = Answered({attachment_});
  AwaitFetched(idn);
  const pv::Step step = AnswerStep(idn, name);
  EXPECT_EQ(Download(idn, name, step, attachment_).value(), bytes_);
  EXPECT_EQ(ErrorReason(Download(idn, name, step, attachment_, Operator()).status()),
            "NOTHING_TO_SHARE");
  EXPECT_EQ(Download(idn, name, step, attachment_, Attache("C-1")).status().code(),
            absl::StatusCode::kPermissionDenied);
}

}  // namespace
}  // namespace lintas

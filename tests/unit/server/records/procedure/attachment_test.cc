#include "server/records/procedure/attachment.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "lintas/migration_information/v1/record_request.pb.h"
#include "server/crypto/os_random.h"
#include "server/records/procedure/attachment_store.h"
#include "tests/support/attachment_calls.h"

namespace lintas {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using types::v1::Attachment;

std::vector<std::string> Rules(const google::protobuf::Message& content) {
  std::vector<FieldViolation> violations;
  CheckAttachments(content, &violations);
  std::vector<std::string> rules;
  for (const FieldViolation& each : violations) rules.push_back(each.rule);
  return rules;
}

std::string Judge(const std::string& type, const std::string& bytes) {
  return WhyNotTheAttachment(AttachmentForTest(bytes, 's', type), bytes);
}

TEST(Attachment, IsFoundByTypeWhereverItStands) {
  mi::RecordAnswer answer;
  EXPECT_THAT(AttachmentsIn(answer), IsEmpty());
  *answer.add_attachments() = AttachmentForTest("a");
  *answer.add_attachments() = AttachmentForTest("b", 't');
  EXPECT_EQ(AttachmentsIn(answer).size(), 2u);
  pv::StepAttachment deeper;
  *deeper.mutable_attachment() = AttachmentForTest("a");
  EXPECT_EQ(AttachmentsIn(deeper).size(), 1u);
}

TEST(Attachment, IsNamedCompletelyOrNotAtAll) {
  mi::RecordAnswer answer;
  Attachment& named = *answer.add_attachments();
  named = AttachmentForTest("%PDF-");
  EXPECT_THAT(Rules(answer), IsEmpty());
  named.set_salt(std::string(15, 's'));
  EXPECT_THAT(Rules(answer), ElementsAre("SALT"));
  named = AttachmentForTest("%PDF-");
  named.mutable_digest_name()->pop_back();
  EXPECT_THAT(Rules(answer), ElementsAre("DIGEST_NAME"));
  named = AttachmentForTest("%PDF-");
  for (const int64_t size : {int64_t{0}, int64_t{-1}, kAttachmentBytesMax + 1}) {
    named.set_size_bytes(size);
    EXPECT_THAT(Rules(answer), ElementsAre("BAD_SIZE")) << size;
  }
  named.set_size_bytes(kAttachmentBytesMax);
  EXPECT_THAT(Rules(answer), IsEmpty());
  named.set_media_type("text/html");
  EXPECT_THAT(Rules(answer), ElementsAre("UNKNOWN_MEDIA_TYPE"));
  named = AttachmentForTest("%PDF-");
  *answer.add_attachments() = named;
  EXPECT_THAT(Rules(answer), ElementsAre("TWICE"));
}

TEST(Attachment, OfAStepAreTwentyAtMost) {
  mi::RecordAnswer answer;
  for (int i = 0; i < 20; ++i) {
    *answer.add_attachments() = AttachmentForTest("%PDF-", static_cast<char>('a' + i));
  }
  EXPECT_THAT(Rules(answer), IsEmpty());
  *answer.add_attachments() = AttachmentForTest("%PDF-", 'z');
  EXPECT_THAT(Rules(answer), ElementsAre("TOO_MANY"));
}

TEST(Attachment, IsJudgedBySizeNameAndType) {  // N2
  const std::string pdf = "%PDF-1.7\n";
  Attachment attachment = AttachmentForTest(pdf);
  EXPECT_EQ(WhyNotTheAttachment(attachment, pdf), "");
  EXPECT_EQ(WhyNotTheAttachment(attachment, pdf + "x"), "WRONG_SIZE");
  EXPECT_EQ(WhyNotTheAttachment(attachment, "%PDF-1.8\n"), "WRONG_DIGEST");
  attachment.set_salt(std::string(kSaltBytes, 'o'));
  EXPECT_EQ(WhyNotTheAttachment(attachment, pdf), "WRONG_DIGEST");
  attachment.clear_salt();
  EXPECT_EQ(WhyNotTheAttachment(attachment, pdf), "WRONG_DIGEST");
}

TEST(Attachment, TypeIsThatOfTheBytes) {
  EXPECT_EQ(Judge("application/pdf", "%PDF-2.0"), "");
  EXPECT_EQ(Judge("application/pdf", "\xFF\xD8\xFF\xE0"), "WRONG_MEDIA_TYPE");
  EXPECT_EQ(Judge("image/jpeg", "\xFF\xD8\xFF\xE0"), "");
  EXPECT_EQ(Judge("image/jpeg", "%PDF-2.0"), "WRONG_MEDIA_TYPE");
  EXPECT_EQ(Judge("image/png", "\x89PNG\r\n\x1A\n"), "");
  EXPECT_EQ(Judge("image/png", "\x89PNG\n\x1A\n"), "WRONG_MEDIA_TYPE");
  EXPECT_EQ(Judge("text/plain", "line\r\n\ttab \xC3\xA9\n"), "");
  EXPECT_EQ(Judge("text/plain", "\xC3"), "WRONG_MEDIA_TYPE") << "cut off";
  EXPECT_EQ(Judge("text/plain", std::string("a\0b", 3)), "WRONG_MEDIA_TYPE");
  EXPECT_EQ(Judge("text/plain", "turned \xE2\x80\xAE around"), "WRONG_MEDIA_TYPE");
  EXPECT_EQ(Judge("application/zip", "PK\x03\x04"), "WRONG_MEDIA_TYPE");
}

class AttachmentSealerTest : public testing::Test {
 protected:
  const std::unique_ptr<Random> random_ = MakeOsRandom();
  const AttachmentSealer sealer_{Secret(std::string(32, 'k')), random_.get()};
  const Attachment attachment_ = AttachmentForTest("%PDF-1.7");
};

TEST_F(AttachmentSealerTest, OpensOnlyInItsPlaceAndWithItsSalt) {  // AS1
  const std::string sealed = sealer_.Seal(attachment_, 0, "bytes");
  EXPECT_EQ(sealed.find("bytes"), std::string::npos);
  EXPECT_EQ(sealer_.Open(attachment_, 0, sealed).value(), "bytes");
  EXPECT_FALSE(sealer_.Open(attachment_, kAttachmentChunkBytes, sealed).ok());
  Attachment other = attachment_;
  other.set_salt(std::string(kSaltBytes, 'o'));
  EXPECT_FALSE(sealer_.Open(other, 0, sealed).ok()) << "without the salt nobody reads it";
  other = attachment_;
  other.set_digest_name(std::string(32, 'd'));
  EXPECT_FALSE(sealer_.Open(other, 0, sealed).ok());
  const AttachmentSealer stranger(Secret(std::string(32, 'n')), random_.get());
  EXPECT_FALSE(stranger.Open(attachment_, 0, sealed).ok()) << "nor without the node's key";
}

}  // namespace
}  // namespace lintas

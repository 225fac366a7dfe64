#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "server/main/fsck.h"
#include "tests/support/attachment_calls.h"

namespace lintas {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

class FsckAttachmentsTest : public testing::Test, protected AttachmentCalls {
 protected:
  // A request of KHM's that names one attachment, which IDN cannot fetch yet.
  FsckAttachmentsTest() {
    idn_line.faults.on_attachment = [](partner::v1::FetchAttachmentResponse* response) {
      response->clear_content();
    };
    LINTAS_CHECK(Upload(khm, attachment_, bytes_).ok());
    mi::RecordRequest request = RecordRequestForTest();
    *request.add_attachments() = attachment_;
    LINTAS_CHECK(Open(khm, request).ok());
    Settle();
  }
  static FsckReport Run(NodeOnDisk& at) {
    NodeOptions options;
    options.country = at.country();
    options.partner_country = at.country() == "idn" ? "khm" : "idn";
    options.exercise = true;
    const FsckKeys keys{NodeKeysForTest(options.country).log.verify_key(),
                        NodeKeysForTest(options.partner_country).log.verify_key()};
    absl::StatusOr<FsckReport> report = Fsck(options, at.Seal(), keys, &at.store(), &at.heads());
    LINTAS_CHECK(report.ok());
    return *report;
  }

  const std::string bytes_ = PdfForTest(300'000);
  const types::v1::Attachment attachment_ = AttachmentForTest(bytes_);
};

TEST_F(FsckAttachmentsTest, WhatIsNotYetFetchedIsNoFault) {
  const FsckReport own = Run(khm);
  EXPECT_THAT(own.faults, IsEmpty());
  EXPECT_EQ(own.attachments, 1u);
  const FsckReport other = Run(idn);
  EXPECT_THAT(other.faults, IsEmpty());
  EXPECT_EQ(other.attachments, 0u);
  EXPECT_EQ(other.attachments_awaited, 1u);
}

TEST_F(FsckAttachmentsTest, BytesThatAreGoneAreAFault) {
  Batch batch;
  batch.state_deletes.push_back(ChunkKey(attachment_.digest_name(), kAttachmentChunkBytes));
  ASSERT_TRUE(khm.store().Commit(std::move(batch)).ok());
  EXPECT_THAT(Run(khm).faults, ElementsAre(HasSubstr("an attachment is not what it names")));
  Batch all;
  all.state_deletes.push_back(AttachmentKey(attachment_.digest_name()));
  ASSERT_TRUE(khm.store().Commit(std::move(all)).ok());
  EXPECT_THAT(Run(khm).faults, ElementsAre(HasSubstr("an attachment that it names is not here")));
}

TEST_F(FsckAttachmentsTest, BytesThatNoStepNamesAreCounted) {
  Batch batch;
  batch.state_puts.emplace_back(AttachmentKey(std::string(32, 'n')), "");
  ASSERT_TRUE(khm.store().Commit(std::move(batch)).ok());
  const FsckReport report = Run(khm);
  EXPECT_THAT(report.faults, IsEmpty());
  EXPECT_EQ(report.attachments_unnamed, 1u);
}

}  // namespace
}  // namespace lintas

// Headers and digests (P1, P2). Bytes are held by tests/golden/entry_test.cc.
#include "server/ledger/entry.h"

#include <gtest/gtest.h>

#include "server/base/error.h"
#include "tests/unit/server/ledger/ledger_world.h"

namespace lintas {
namespace {

using ledger::v1::Payload;

EntryHeader Good() {
  EntryHeader header;
  header.set_format(kEntryFormat);
  header.set_kind(EntryHeader::REVISION);
  header.set_origin("example.org/lintas/idn-khm/home/1");
  header.set_digests(std::string(128, 'd'));
  return header;
}

TEST(Header, TakesExactlyOneKibibyteAndNoByteMore) {
  EntryHeader header = Good();
  header.set_retention_class("a");
  const size_t rest = header.ByteSizeLong();
  header.set_retention_class(std::string(kHeaderBytesMax - rest, 'a'));
  // A text of 128 bytes and more has a length of two bytes.
  header.mutable_retention_class()->resize(header.retention_class().size() -
                                           (header.ByteSizeLong() - kHeaderBytesMax));
  ASSERT_EQ(header.ByteSizeLong(), kHeaderBytesMax);
  EXPECT_TRUE(ParseHeader(header.SerializeAsString()).ok());
  header.mutable_retention_class()->push_back('a');
  EXPECT_FALSE(ParseHeader(header.SerializeAsString()).ok());
}

TEST(Header, CodeIsUpperSnakeOfAtMost63Signs) {
  EntryHeader header = Good();
  for (const std::string& code :
       {std::string("A"), std::string("NO_2_CASE_"), std::string(63, 'Z')}) {
    header.set_code(code);
    EXPECT_TRUE(ParseHeader(header.SerializeAsString()).ok()) << code;
  }
  for (const std::string& code :
       {std::string("a"), std::string("_A"), std::string("2A"), std::string("A-B"),
        std::string("A\0B", 3), std::string(64, 'Z')}) {
    header.set_code(code);
    EXPECT_EQ(ErrorReason(ParseHeader(header.SerializeAsString()).status()), "BAD_HEADER") << code;
  }
}

TEST(Header, EveryAppendedOrSwappedByteIsRefused) {
  const std::string good = Good().SerializeAsString();
  ASSERT_TRUE(ParseHeader(good).ok());
  for (int byte = 0; byte < 256; ++byte) {
    EXPECT_FALSE(ParseHeader(good + static_cast<char>(byte)).ok()) << byte;
  }
  // Fields 1 and 2 in the other order say the same in other bytes.
  const std::string swapped = good.substr(2, 2) + good.substr(0, 2) + good.substr(4);
  EXPECT_EQ(ErrorReason(ParseHeader(swapped).status()), "BAD_HEADER");
}

TEST(Header, UnknownFieldAtTheEndIsRefused) {
  const std::string good = Good().SerializeAsString();
  // Fields 21 (varint) and 2047 (bytes).
  EXPECT_FALSE(ParseHeader(good + std::string("\xa8\x01\x07", 3)).ok());
  EXPECT_FALSE(ParseHeader(good + std::string("\xfa\x7f\x01x", 4)).ok());
}

TEST(Header, TextThatIsNoUtf8IsRefused) {
  std::string bytes = Good().SerializeAsString();
  bytes[bytes.find("example")] = '\xff';
  EXPECT_FALSE(ParseHeader(bytes).ok());
}

TEST(Header, EmptyBytesAreRefused) { EXPECT_FALSE(ParseHeader("").ok()); }

TEST(HeaderDeathTest, OwnHeaderOverOneKibibyteAborts) {
  EntryHeader header = Good();
  header.set_code(std::string(kHeaderBytesMax, 'A'));
  EXPECT_DEATH(SerializeHeader(header), "kHeaderBytesMax");
}

class Digests : public testing::Test {
 protected:
  Digests() {
    payload.set_synthetic(true);
    AddSection(1, "basic", random, &payload);
    AddSection(3, "protected", random, &payload);
    header.set_digests(HeaderDigests(payload, random));
  }
  absl::Status Check() const { return CheckDigests(header, payload); }

  CountingRandom random;
  Payload payload;
  EntryHeader header = Good();
};

TEST_F(Digests, MatchThePayloadTheyWereMadeOf) { EXPECT_TRUE(Check().ok()) << Check(); }

TEST_F(Digests, AbsentSectionsShowValuesThatDifferEachTime) {  // P2
  const std::string again = HeaderDigests(payload, random);
  EXPECT_EQ(again.substr(0, 32), header.digests().substr(0, 32));
  EXPECT_EQ(again.substr(64, 32), header.digests().substr(64, 32));
  EXPECT_NE(again.substr(32, 32), header.digests().substr(32, 32));
  EXPECT_NE(again.substr(96, 32), header.digests().substr(96, 32));
  EXPECT_NE(header.digests().substr(32, 32), std::string(32, '\0'));
}

TEST_F(Digests, DisclosedHeaderShowsTheOpenedSectionsOnly) {  // P11
  Payload opened = payload;
  opened.mutable_sections()->RemoveLast();
  const EntryHeader shown = DisclosedHeader(header, opened);
  EXPECT_EQ(shown.digests(), header.digests().substr(0, 32) + std::string(96, '\0'));
  EXPECT_TRUE(CheckDigests(shown, opened).ok());
  EXPECT_TRUE(ParseHeader(SerializeHeader(shown)).ok());
  EXPECT_EQ(shown.record_id(), header.record_id());
}

TEST_F(Digests, DisclosedHeaderShowsNoPlaceAndNoToken) {  // P11
  header.set_predecessor(7);
  header.set_target_first(8);
  header.set_target_end(9);
  header.set_seen_partner(10);
  header.set_seen_exchange(11);
  header.set_request_token(std::string(16, 'r'));
  header.set_import_id(std::string(16, 'i'));
  const EntryHeader shown = DisclosedHeader(header, payload);
  EXPECT_EQ(shown.index(), 0u);
  EXPECT_FALSE(shown.has_predecessor() || shown.has_target_first() || shown.has_target_end());
  EXPECT_EQ(shown.seen_partner() + shown.seen_exchange(), 0u);
  EXPECT_EQ(shown.request_token() + shown.import_id(), "");
}

TEST(DisclosedHeaderDeathTest, AHeaderWithNothingHiddenAborts) {
  CountingRandom random;
  Payload payload;
  for (uint32_t section = 1; section <= kSectionCount; ++section) {
    AddSection(section, "all", random, &payload);
  }
  EntryHeader header = Good();
  header.set_digests(HeaderDigests(payload, random));
  EXPECT_DEATH(DisclosedHeader(header, payload), "shown < kSectionCount");
}

TEST_F(Digests, WithheldSectionLeavesTheOthersProvable) {
  payload.mutable_sections()->RemoveLast();
  EXPECT_TRUE(Check().ok());
}

TEST_F(Digests, ChangedContentSaltOrFlagIsRefused) {
  const Payload good = payload;
  payload.mutable_sections(0)->mutable_content()->append("x");
  EXPECT_EQ(ErrorReason(Check()), "BAD_DIGEST");
  payload = good;
  (*payload.mutable_sections(1)->mutable_salt())[0] ^= 1;
  EXPECT_EQ(ErrorReason(Check()), "BAD_DIGEST");
  payload = good;
  payload.set_synthetic(false);  // P5: the mark cannot be taken off.
  EXPECT_EQ(ErrorReason(Check()), "BAD_DIGEST");
}

TEST_F(Digests, SectionsOutOfOrderOrTwiceAreRefused) {
  payload.mutable_sections()->SwapElements(0, 1);
  EXPECT_EQ(ErrorReason(Check()), "BAD_DIGEST");
  payload.mutable_sections()->SwapElements(0, 1);
  *payload.add_sections() = payload.sections(1);
  EXPECT_EQ(ErrorReason(Check()), "BAD_DIGEST");
}

TEST_F(Digests, SectionNumbersAndSaltsOutOfBoundsAreRefused) {
  for (const uint32_t number : {0u, 5u, 257u}) {
    payload.mutable_sections(1)->set_section(number);
    EXPECT_EQ(ErrorReason(Check()), "BAD_DIGEST") << number;
  }
  payload.mutable_sections(1)->set_section(3);
  payload.mutable_sections(1)->mutable_salt()->pop_back();
  // The digest is that of the short salt: its length alone is wrong.
  header.set_digests(HeaderDigests(payload, random));
  EXPECT_EQ(ErrorReason(Check()), "BAD_DIGEST");
}

TEST(Attachment, NameDependsOnSaltAndBytes) {  // P2
  const std::string salt(16, 's');
  const Hash name = AttachmentName(salt, "bytes");
  EXPECT_EQ(name, Sha256Of(std::string("lintas/attachment/v1\0", 21), salt, "bytes"));
  EXPECT_NE(name, AttachmentName(std::string(16, 't'), "bytes"));
  EXPECT_NE(name, AttachmentName(salt, "other"));
}

TEST(AttachmentDeathTest, SaltOfAnotherLengthAborts) {
  EXPECT_DEATH(AttachmentName("short", "bytes"), "kSaltBytes");
}

}  // namespace
}  // namespace lintas

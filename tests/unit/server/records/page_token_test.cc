#include "server/records/page_token.h"

#include <gtest/gtest.h>

#include "absl/strings/escaping.h"
#include "lintas/migration_information/v1/migration_information.pb.h"
#include "server/base/error.h"
#include "server/crypto/secret.h"

namespace lintas {
namespace {

class PageTokenTest : public testing::Test {
 protected:
  PageTokenTest() : tokens_(Secret(std::string(32, 'k'))) {
    start_.after = DerivedKey::Make(3, "body", {LedgerId::kHome, Index(5)});
    start_.sizes = {TreeSize(7), TreeSize(8), TreeSize(9)};
  }
  const Tokenizer tokens_;
  PageStart start_;
  const Sizes now_{TreeSize(70), TreeSize(80), TreeSize(90)};
};

TEST_F(PageTokenTest, KeepsTheSizesOfTheFirstPage) {
  const auto parsed = ParsePageToken(tokens_, "b", MakePageToken(tokens_, "b", start_), now_);
  ASSERT_TRUE(parsed.ok());
  EXPECT_TRUE(parsed->sizes == start_.sizes);
  EXPECT_TRUE(*parsed->after == *start_.after);
}

TEST_F(PageTokenTest, StartsAtTheBeginningWhenEmpty) {
  const auto parsed = ParsePageToken(tokens_, "b", "", now_);
  ASSERT_TRUE(parsed.ok());
  EXPECT_FALSE(parsed->after.has_value());
  EXPECT_TRUE(parsed->sizes == now_);
}

TEST_F(PageTokenTest, IsRefusedWhenAnyBitIsChanged) {
  std::string raw;
  ASSERT_TRUE(absl::WebSafeBase64Unescape(MakePageToken(tokens_, "b", start_), &raw));
  for (size_t i = 0; i < raw.size(); ++i) {
    std::string changed = raw;
    changed[i] = static_cast<char>(changed[i] ^ 0x10);
    const auto parsed = ParsePageToken(tokens_, "b", absl::WebSafeBase64Escape(changed), now_);
    EXPECT_EQ(ErrorReason(parsed.status()), "BAD_PAGE_TOKEN") << i;
  }
}

TEST_F(PageTokenTest, IsRefusedForAnotherRequestOrFromAnotherNode) {
  const std::string token = MakePageToken(tokens_, "b", start_);
  EXPECT_FALSE(ParsePageToken(tokens_, "c", token, now_).ok());
  EXPECT_FALSE(ParsePageToken(Tokenizer(Secret(std::string(32, 'o'))), "b", token, now_).ok());
  EXPECT_FALSE(ParsePageToken(tokens_, "b", "not base 64 !", now_).ok());
}

TEST_F(PageTokenTest, BindsEverythingButTokenAndSize) {
  migration_information::v1::FindRecordsRequest request;
  request.set_document_number("X1");
  const std::string binding = PageBinding("spiffe://a", request);
  request.set_page_size(7);
  request.set_page_token("t");
  EXPECT_EQ(PageBinding("spiffe://a", request), binding);
  EXPECT_NE(PageBinding("spiffe://b", request), binding);
  request.set_document_number("X2");
  EXPECT_NE(PageBinding("spiffe://a", request), binding);
}

TEST(PageSizeTest, IsDefaultedLoweredOrRefused) {
  EXPECT_EQ(*PageSize(0), 50);
  EXPECT_EQ(*PageSize(7), 7);
  EXPECT_EQ(*PageSize(5000), 500);
  EXPECT_EQ(PageSize(-1).status().code(), absl::StatusCode::kInvalidArgument);
}

}  // namespace
}  // namespace lintas

#include "client/agreement/key_file.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "absl/strings/escaping.h"
#include "absl/strings/str_replace.h"
#include "server/base/error.h"
#include "tests/support/signed_agreement.h"

namespace lintas::client {
namespace {

using agreement::v1::OfficeHolder;
using testing::HasSubstr;

TEST(AuthorityPublicKey, ComesBackAsWritten) {
  const OfficeHolder holder = OfficeHoldersForTest()[0];
  absl::StatusOr<OfficeHolder> back = ParseAuthorityPublicKey(WriteAuthorityPublicKey(holder));
  ASSERT_TRUE(back.ok()) << back.status();
  EXPECT_EQ(back->SerializeAsString(), holder.SerializeAsString());
}

TEST(AuthorityPublicKey, NamesWhatIsMissing) {
  const std::string good = WriteAuthorityPublicKey(OfficeHoldersForTest()[0]);
  for (const char* name : {"country", "office", "from", "to", "key"}) {
    const std::string bad = absl::StrReplaceAll(good, {{absl::StrCat("\n", name, ":"), "\nx:"}});
    const absl::Status status = ParseAuthorityPublicKey(bad).status();
    EXPECT_EQ(ErrorReason(status), "BAD_KEY_FILE") << name;
    EXPECT_THAT(std::string(status.message()), HasSubstr(absl::StrCat("`", name, "`")));
  }
  EXPECT_FALSE(ParseAuthorityPublicKey("").ok());
  EXPECT_FALSE(ParseAuthorityPublicKey(good + "country: khm\n").ok());
}

TEST(AuthorityPrivateKey, SignsForItsPublicHalf) {
  const std::string seed = Sha256Of("seed").str();
  absl::StatusOr<SigningKey> key = ParseAuthorityPrivateKey(
      absl::StrCat("lintas authority private key v1\nseed: ", absl::Base64Escape(seed), "\n"));
  ASSERT_TRUE(key.ok()) << key.status();
  EXPECT_EQ(key->verify_key().bytes(), KeyForTest("seed").verify_key().bytes());
}

TEST(AuthorityPrivateKey, IsNotRepeatedInAnError) {
  const absl::Status status =
      ParseAuthorityPrivateKey("lintas authority private key v1\nseed: c2hvcnQ=\n").status();
  EXPECT_EQ(ErrorReason(status), "BAD_KEY_FILE");
  EXPECT_THAT(std::string(status.message()), testing::Not(HasSubstr("c2hvcnQ")));
}

}  // namespace
}  // namespace lintas::client

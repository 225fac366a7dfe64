#include "server/crypto/secret.h"

#include <gtest/gtest.h>

#include <string>
#include <utility>

namespace lintas {
namespace {

absl::string_view Bytes(const Secret& secret) { return secret.Bytes(SecretAccess::ForCrypto()); }

TEST(Secret, EqualsOnlyTheSameBytes) {
  const Secret a(std::string(32, 'a'));
  EXPECT_TRUE(a.Equals(Secret(std::string(32, 'a'))));
  EXPECT_FALSE(a.Equals(Secret(std::string(31, 'a'))));
  EXPECT_FALSE(a.Equals(Secret(std::string(31, 'a') + "b")));
  EXPECT_FALSE(a.Equals(Secret("b" + std::string(31, 'a'))));
}

TEST(Secret, LeavesNothingInWhatItWasMovedFrom) {
  // Short and long: std::string keeps them in different places.
  for (const std::string& value : {std::string("short"), std::string(32, 'k')}) {
    Secret from(value);
    Secret to(std::move(from));
    EXPECT_EQ(Bytes(to), value);
    EXPECT_TRUE(from.empty());  // NOLINT(bugprone-use-after-move): this is what is tested.
    Secret assigned;
    assigned = std::move(to);
    EXPECT_EQ(Bytes(assigned), value);
    EXPECT_TRUE(to.empty());  // NOLINT(bugprone-use-after-move)
  }
}

TEST(Secret, WipesShortBytesInPlaceWhenMovedFrom) {
  Secret from(std::string("fifteen-bytes!!"));
  const char* place = Bytes(from).data();
  const Secret to(std::move(from));
  ASSERT_NE(Bytes(to).data(), place);
  EXPECT_EQ(std::string(place, 15), std::string(15, '\0'));
}

TEST(Secret, CopiesAreIndependent) {
  Secret a(std::string(32, 'a'));
  Secret b = a;
  a = Secret(std::string(32, 'c'));
  EXPECT_EQ(Bytes(b), std::string(32, 'a'));
  b = a;
  EXPECT_TRUE(b.Equals(a));
  const Secret& self = b;
  b = self;
  EXPECT_EQ(Bytes(b), std::string(32, 'c'));
}

}  // namespace
}  // namespace lintas

#include "server/call/principal.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "server/base/error.h"

namespace lintas {
namespace {

TEST(Principal, ReadsBackWhatItMade) {
  for (const char* country : {"idn", "khm"}) {
    for (Role role : kAllRoles) {
      const absl::StatusOr<Principal> made = MakePrincipal(country, role, "desk-1.b_2");
      ASSERT_TRUE(made.ok());
      const absl::StatusOr<Principal> read = ParsePrincipal(made->spiffe_uri);
      ASSERT_TRUE(read.ok());
      EXPECT_EQ(read->country, country);
      EXPECT_EQ(read->role, role);
      EXPECT_EQ(read->id, "desk-1.b_2");
      EXPECT_EQ(read->spiffe_uri, made->spiffe_uri);
    }
  }
}

TEST(Principal, RefusesEveryOtherForm) {
  const std::string long_id(64, 'a');
  for (const std::string& uri :
       {std::string(), std::string("spiffe://"), std::string("spiffe://imigrasi.go.id"),
        std::string("spiffe://imigrasi.go.id/officer"),
        std::string("spiffe://imigrasi.go.id/officer/"),
        std::string("spiffe://imigrasi.go.id/officer/a/b"),
        std::string("https://imigrasi.go.id/officer/a"),
        std::string("SPIFFE://imigrasi.go.id/officer/a"),
        std::string("spiffe://imigrasi.go.id/officer/A"),
        std::string("spiffe://imigrasi.go.id/officer/-a"),
        std::string("spiffe://imigrasi.go.id/officer/a?b"),
        std::string("spiffe://imigrasi.go.id/officer/a\n"),
        std::string("spiffe://imigrasi.go.id/officer/a\0b", 35),
        "spiffe://imigrasi.go.id/officer/" + long_id}) {
    const absl::Status status = ParsePrincipal(uri).status();
    EXPECT_EQ(status.code(), absl::StatusCode::kUnauthenticated) << uri;
    EXPECT_EQ(ErrorReason(status), "BAD_SPIFFE_URI") << uri;
  }
  EXPECT_TRUE(ParsePrincipal("spiffe://imigrasi.go.id/officer/" + long_id.substr(1)).ok());
}

TEST(Principal, SaysWhatItDoesNotKnowWithoutRepeatingIt) {
  const absl::Status domain = ParsePrincipal("spiffe://evil.example/officer/a").status();
  EXPECT_EQ(ErrorReason(domain), "UNKNOWN_TRUST_DOMAIN");
  EXPECT_EQ(ErrorReason(ParsePrincipal("spiffe://imigrasi.go.id:443/officer/a").status()),
            "UNKNOWN_TRUST_DOMAIN");
  EXPECT_EQ(ErrorReason(ParsePrincipal("spiffe://imigrasi.go.id//officer/a").status()),
            "UNKNOWN_ROLE");
  EXPECT_THAT(std::string(domain.message()), testing::Not(testing::HasSubstr("evil")));
  const absl::Status role = ParsePrincipal("spiffe://imigrasi.go.id/wizard/a").status();
  EXPECT_EQ(ErrorReason(role), "UNKNOWN_ROLE");
  EXPECT_THAT(std::string(role.message()), testing::Not(testing::HasSubstr("wizard")));
}

}  // namespace
}  // namespace lintas

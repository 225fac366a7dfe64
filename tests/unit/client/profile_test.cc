#include "client/profile.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>

#include "client/file.h"
#include "server/base/error.h"

namespace lintas::client {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

class ProfileStoreTest : public testing::Test {
 protected:
  ProfileStoreTest()
      : folder_(testing::TempDir() + "lintas_profile_" +
                testing::UnitTest::GetInstance()->current_test_info()->name()),
        store_(folder_) {
    std::filesystem::remove_all(folder_);
  }
  ~ProfileStoreTest() override { std::filesystem::remove_all(folder_); }

  static Profile Border() {
    return {"khm", "node.example:7443", "/k/officer.pem", "/k/ca.pem", "BORDER_CHECK", ""};
  }

  const std::string folder_;
  ProfileStore store_;
};

TEST(Profile, ComesBackFromItsText) {
  const Profile profile = {"idn", "a:1", "/k.pem", "/ca.pem", "P", "C-1"};
  const auto parsed = ParseProfile(FormatProfile(profile));
  ASSERT_TRUE(parsed.ok()) << parsed.status();
  EXPECT_EQ(FormatProfile(*parsed), FormatProfile(profile));
  EXPECT_EQ(parsed->address, "a:1");
  EXPECT_EQ(parsed->case_id, "C-1");
}

TEST(Profile, RefusesUnknownMembersAndOtherTypes) {
  for (const char* text : {"{\"adress\":\"a:1\"}", "{\"country\":3}", "[]", "", "{"}) {
    EXPECT_FALSE(ParseProfile(text).ok()) << text;
  }
}

TEST(Profile, NamesEveryMissingField) {
  EXPECT_EQ(FieldViolations(CheckProfile(Profile())).size(), 4u);
  EXPECT_TRUE(CheckProfile({"khm", "a:1", "k", "c", "", ""}).ok());
  EXPECT_FALSE(CheckProfile({"xyz", "a:1", "k", "c", "", ""}).ok());
}

TEST_F(ProfileStoreTest, KeepsProfilesAndUsesTheFirst) {
  ASSERT_TRUE(store_.Add("border", Border()).ok());
  ASSERT_TRUE(store_.Add("attache", Border()).ok());
  EXPECT_THAT(store_.Names(), ElementsAre("attache", "border"));
  EXPECT_EQ(store_.Current(), "border");
  EXPECT_EQ(store_.Load("border")->address, "node.example:7443");
  ASSERT_TRUE(store_.Use("attache").ok());
  EXPECT_EQ(ProfileStore(folder_).Current(), "attache");
}

TEST_F(ProfileStoreTest, NeverOverwrites) {
  ASSERT_TRUE(store_.Add("border", Border()).ok());
  EXPECT_TRUE(absl::IsAlreadyExists(store_.Add("border", Border())));
}

TEST_F(ProfileStoreTest, RefusesNamesThatLeaveItsFolder) {
  for (const char* name : {"../x", "a/b", "", "."}) {
    EXPECT_TRUE(absl::IsInvalidArgument(store_.Add(name, Border()))) << name;
    EXPECT_FALSE(store_.Load(name).ok()) << name;
  }
}

TEST_F(ProfileStoreTest, LaysTheCaseOverTheProfileUntilItIsCleared) {
  ASSERT_TRUE(store_.Add("border", Border()).ok());
  ASSERT_TRUE(store_.SetCase("border", {"PNH-1", ""}).ok());
  EXPECT_EQ(store_.Load("border")->case_id, "PNH-1");
  EXPECT_EQ(store_.Load("border")->purpose, "BORDER_CHECK");
  ASSERT_TRUE(store_.SetCase("border", {"PNH-2", "RETURN"}).ok());
  EXPECT_EQ(store_.Load("border")->purpose, "RETURN");
  ASSERT_TRUE(store_.ClearCase("border").ok());
  EXPECT_EQ(store_.Load("border")->case_id, "");
  EXPECT_EQ(store_.Load("border")->purpose, "BORDER_CHECK");
}

TEST_F(ProfileStoreTest, KeepsItsFilesFromOthers) {
  ASSERT_TRUE(store_.Add("border", Border()).ok());
  const auto mode = std::filesystem::status(folder_ + "/profiles/border.json").permissions();
  EXPECT_EQ(mode & (std::filesystem::perms::group_all | std::filesystem::perms::others_all),
            std::filesystem::perms::none);
}

TEST_F(ProfileStoreTest, HasNoCaseForAProfileThatIsNotThere) {
  EXPECT_FALSE(store_.SetCase("border", {"C", ""}).ok());
  EXPECT_THAT(store_.Names(), IsEmpty());
}

}  // namespace
}  // namespace lintas::client

#include "server/main/config.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <functional>
#include <nlohmann/json.hpp>
#include <sstream>

#include "absl/strings/str_cat.h"
#include "certs/bundle.h"
#include "certs/pki_commands.h"
#include "server/crypto/os_random.h"
#include "tests/unit/certs/temp_folder.h"

namespace lintas {
namespace {

using testing::HasSubstr;
using trust::v1::LedgerKey;
using trust::v1::TrustBundle;

class BundleOfANode : public testing::Test {
 protected:
  BundleOfANode() : random_(MakeOsRandom()) {
    context_ = {folder_.File("ca"), absl::FromUnixSeconds(1790000000), random_.get(), &out_};
    EXPECT_TRUE(InitCa(context_, "khm", 5).ok());
    EXPECT_TRUE(MakeLedgerKeys(context_, folder_.File("keys"), folder_.File("seal")).ok());
    for (const char* name : {"first", "second"}) {
      EXPECT_TRUE(MakeAuthorityKey(context_, {name, absl::StrCat("Office of the ", name),
                                              "2026-01-01", "2028-12-31"})
                      .ok());
    }
    export_.keys_path = folder_.File("keys");
    export_.out_path = folder_.File("bundle.json");
    EXPECT_TRUE(ExportBundle(context_, export_).ok());
  }
  void Rotate(std::vector<std::string> uses, uint64_t from_size) {
    RotateFlags rotate;
    rotate.keys_path = folder_.File("keys");
    rotate.out_path = folder_.File("keys-2");
    rotate.uses = std::move(uses);
    ASSERT_TRUE(RotateKeys(context_, rotate).ok());
    export_.keys_path = rotate.out_path;
    export_.previous_path = export_.out_path;
    export_.out_path = folder_.File("bundle-2.json");
    export_.exchange_from_size = export_.home_from_size = from_size;
    ASSERT_TRUE(ExportBundle(context_, export_).ok());
    for (const std::string name : {"first", "second"}) {
      ASSERT_TRUE(SignBundle(context_, export_.out_path, name,
                             folder_.File("ca/authority/" + name + ".key"))
                      .ok());
    }
  }
  absl::StatusOr<BundleKeys> Read() {
    return ReadBundleKeys("own_bundle", export_.out_path, "khm", "idn-khm");
  }

  TempFolder folder_;
  std::unique_ptr<Random> random_;
  std::ostringstream out_;
  PkiContext context_;
  ExportFlags export_;
};

TEST_F(BundleOfANode, IsReadWithItsOfficeHolders) {
  const absl::StatusOr<BundleKeys> keys = Read();
  ASSERT_TRUE(keys.ok()) << keys.status();
  EXPECT_EQ(keys->authorities.size(), 2u);
  EXPECT_EQ(keys->authorities[0].last_day, absl::CivilDay(2028, 12, 31));
  EXPECT_EQ(keys->keys.held.newest().bytes(),
            ReadNodeKeys(folder_.File("keys"))->held.verify_key().bytes());
}

// One parser for both: what the ceremony's tool refuses, the node refuses with the same words.
TEST_F(BundleOfANode, IsRefusedAsLintasPkiRefusesIt) {
  const TrustBundle whole = *ReadBundle(export_.out_path);
  const std::vector<std::pair<const char*, std::function<void(TrustBundle*)>>> faults = {
      {"no CA", [](TrustBundle* b) { b->clear_authority_pems(); }},
      {"no list", [](TrustBundle* b) { b->clear_revocation_list_pem(); }},
      {"a period that begins late",
       [](TrustBundle* b) { b->mutable_ledger_keys(0)->mutable_periods(0)->set_from_size(1); }},
      {"a key of two uses",
       [](TrustBundle* b) {
         *b->mutable_ledger_keys(2)->mutable_periods(0) = b->ledger_keys(3).periods(0);
       }},
      {"a term backwards",
       [](TrustBundle* b) { b->mutable_authority_keys(0)->set_end_date("2025-12-31"); }},
      {"one office-holder", [](TrustBundle* b) { b->mutable_authority_keys()->RemoveLast(); }},
  };
  for (const auto& [name, spoil] : faults) {
    TrustBundle spoiled = whole;
    spoil(&spoiled);
    ASSERT_TRUE(Replace(export_.out_path, FormatBundle(spoiled), FileAccess::kPublic).ok());
    const absl::Status tool = ReadBundle(export_.out_path).status();
    const absl::Status node = Read().status();
    EXPECT_TRUE(absl::IsInvalidArgument(tool)) << name;
    EXPECT_TRUE(absl::IsInvalidArgument(node)) << name;
    EXPECT_THAT(std::string(node.message()), HasSubstr(std::string(tool.message()))) << name;
    EXPECT_THAT(std::string(node.message()), HasSubstr("own_bundle")) << name;
  }
}

TEST_F(BundleOfANode, IsRefusedIfItIsAnotherCountrys) {
  EXPECT_THAT(
      std::string(
          ReadBundleKeys("partner_bundle", export_.out_path, "idn", "idn-khm").status().message()),
      HasSubstr("a trust bundle of idn"));
}

TEST_F(BundleOfANode, KeepsThePeriodsOfAKeyThatWasRotated) {
  const NodeKeys before = *ReadNodeKeys(folder_.File("keys"));
  Rotate({"log", "question"}, 1000);
  const absl::StatusOr<BundleKeys> keys = Read();
  ASSERT_TRUE(keys.ok()) << keys.status();
  const NodeKeys after = *ReadNodeKeys(folder_.File("keys-2"));
  EXPECT_EQ(keys->keys.log.At(TreeSize(999)).bytes(), before.log.verify_key().bytes());
  EXPECT_EQ(keys->keys.log.At(TreeSize(1000)).bytes(), after.log.verify_key().bytes());
  EXPECT_EQ(keys->keys.question.NotEndedAt(TreeSize(999)).size(), 2u);
  EXPECT_EQ(keys->keys.question.NotEndedAt(TreeSize(1000)).size(), 1u);
  EXPECT_EQ(keys->keys.held.periods().size(), 1u);
}

TEST_F(BundleOfANode, LetsTheNodeSignOnlyWithItsNewestKeysFromTheirSizeOn) {
  const NodeKeys before = *ReadNodeKeys(folder_.File("keys"));
  EXPECT_TRUE(CheckOwnKeys(*Read(), before, TreeSize(0), TreeSize(0)).ok());
  Rotate({"log"}, 1000);
  const NodeKeys after = *ReadNodeKeys(folder_.File("keys-2"));
  EXPECT_TRUE(CheckOwnKeys(*Read(), after, TreeSize(999), TreeSize(999)).ok());
  EXPECT_FALSE(CheckOwnKeys(*Read(), before, TreeSize(999), TreeSize(999)).ok());
  EXPECT_FALSE(CheckOwnKeys(*Read(), after, TreeSize(998), TreeSize(999)).ok());
  EXPECT_FALSE(CheckOwnKeys(*Read(), after, TreeSize(999), TreeSize(998)).ok());
}

TEST(Config, MovesTheClockOfAnExerciseOnly) {
  const TempFolder folder;
  nlohmann::json json = {{"country", "idn"}, {"partner", "khm"}};
  for (const char* name : {"data_folder", "heads_folder", "staging_folder", "signing_keys",
                           "seal_key", "identity", "own_authority", "partner_authority",
                           "own_revocations", "partner_revocations", "own_bundle", "partner_bundle",
                           "officers_address", "partner_port_address", "partner_address"}) {
    json[name] = "x";
  }
  json["exercise_clock_ahead_hours"] = 30;
  const auto read = [&](bool exercise) {
    json["exercise"] = exercise;
    std::ofstream(folder.File("node.json")) << json.dump();
    return ReadConfig(folder.File("node.json"));
  };
  ASSERT_TRUE(read(true).ok());
  EXPECT_EQ(read(true)->exercise_clock_ahead_hours, 30);
  EXPECT_THAT(std::string(read(false).status().message()), HasSubstr("exercise node only"));
}

}  // namespace
}  // namespace lintas

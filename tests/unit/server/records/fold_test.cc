#include "server/records/fold.h"

#include <gtest/gtest.h>

#include "tests/support/forged_ledger.h"

namespace lintas {
namespace {

using ledger::v1::EntryHeader;

std::vector<std::pair<std::string, std::string>> StateOf(NodeOnDisk& node,
                                                         const std::string& prefix) {
  std::vector<std::pair<std::string, std::string>> state;
  LINTAS_CHECK(node.store()
                   .GetSnapshot()
                   ->ScanState(prefix,
                               [&](absl::string_view key, absl::string_view value) {
                                 state.emplace_back(std::string(key), std::string(value));
                                 return true;
                               })
                   .ok());
  return state;
}

std::vector<std::string> KeysOf(NodeOnDisk& node) {
  std::vector<std::string> keys;
  for (const DerivedKey& key : node.store().Find("", absl::nullopt, 100'000)) {
    keys.emplace_back(key.view());
  }
  return keys;
}

class FoldTest : public testing::Test, protected MigrationCalls {
 protected:
  // Every kind of effect, from both sides.
  void Live() {
    const auto kept = Create(idn, MakeCrossing());
    const auto gone = Create(idn, MakeStayPermit());
    const auto home = Create(idn, MakeCrossing({{"MYS"}}));
    const auto theirs = Create(khm, MakeCrossing({}, "K0000001"));
    ASSERT_TRUE(kept.ok() && gone.ok() && home.ok() && theirs.ok());
    mi::Crossing change;
    change.set_name(kept->name());
    change.set_flight("QZ 204");
    ASSERT_TRUE(Correct(idn, change).ok());
    ASSERT_TRUE(Withdraw(khm, theirs->name()).ok());
    Settle();
    ASSERT_TRUE(Recall(idn, gone->name()).ok());
    Settle();
  }
};

TEST_F(FoldTest, GivesBothNodesOneStateAtEqualSizes) {  // F1, P15
  Live();
  ASSERT_EQ(idn.node->ledgers().size(LedgerId::kExchange),
            khm.node->ledgers().size(LedgerId::kReplica));
  ASSERT_EQ(khm.node->ledgers().size(LedgerId::kExchange),
            idn.node->ledgers().size(LedgerId::kReplica));
  EXPECT_EQ(StateOf(idn, "x/"), StateOf(khm, "x/"));
  EXPECT_EQ(idn.StateDigest(), khm.StateDigest());
  const std::string before = idn.StateDigest();
  ASSERT_TRUE(Create(idn, MakeCrossing({}, "X0000003")).ok());
  EXPECT_NE(idn.StateDigest(), before);
}

TEST_F(FoldTest, IsTheSameWhenFoldedFromNothing) {
  Live();
  for (NodeOnDisk* node : {&idn, &khm}) {
    const auto shared = StateOf(*node, "x/"), home = StateOf(*node, "h/"),
               outside = StateOf(*node, "n/");
    const auto keys = KeysOf(*node);
    ASSERT_FALSE(keys.empty());
    const absl::Status rebuilt = node->node->fold().Rebuild();
    ASSERT_TRUE(rebuilt.ok()) << rebuilt;
    EXPECT_EQ(StateOf(*node, "x/"), shared);
    EXPECT_EQ(StateOf(*node, "h/"), home);
    EXPECT_EQ(StateOf(*node, "n/"), outside);
    EXPECT_EQ(KeysOf(*node), keys);
    EXPECT_NE(node->node->book().InForce(), nullptr);
  }
  // And goes on from there.
  ASSERT_TRUE(Create(idn, MakeCrossing({}, "X0000004")).ok());
  Settle();
  EXPECT_EQ(idn.StateDigest(), khm.StateDigest());
}

TEST_F(FoldTest, IsTheSameAfterAReopen) {
  Live();
  const auto keys = KeysOf(idn);
  Reopen(&idn);
  EXPECT_EQ(KeysOf(idn), keys);
  ASSERT_TRUE(Create(idn, MakeCrossing({}, "X0000004")).ok());
  Settle();
  EXPECT_EQ(idn.StateDigest(), khm.StateDigest());
}

TEST_F(FoldTest, CountsWhatTheExchangeLedgersSay) {
  Live();
  std::map<std::string, std::string> counts;
  for (const auto& [key, value] : StateOf(idn, "x/count/")) counts[key] = value;
  EXPECT_EQ(counts["x/count/idn/crossing/entered"], "1");
  EXPECT_EQ(counts["x/count/idn/crossing/corrected"], "1");
  EXPECT_EQ(counts["x/count/idn/stay_permit/entered"], "1");
  EXPECT_EQ(counts["x/count/idn/stay_permit/recalled"], "1");
  EXPECT_EQ(counts["x/count/khm/crossing/withdrawn"], "1");
  EXPECT_EQ(counts.size(), 6) << "khm's entered crossing beside these, and nothing else";
}

class FoldVerdictTest : public testing::Test, protected ForgedWorld {};

TEST_F(FoldVerdictTest, KeepsRejectedEntriesOutOfTheKeysOverARebuild) {  // F3
  mi::Crossing invalid = MakeCrossing({}, "R0000001");
  invalid.set_port("NOWHERE");
  forged.Add(RecordHeaderForTest("crossing", 'a'), {{1, invalid.SerializeAsString()}});
  forged.Add(RecordHeaderForTest("crossing", 'b'),
             {{1, MakeCrossing({}, "G0000001").SerializeAsString()}});
  forged.Send();
  Settle();
  const auto keys = KeysOf(idn);
  const auto shared = StateOf(idn, "x/");
  EXPECT_EQ(Count(idn, ByDocument("R0000001")), 0);
  ReopenForged();
  EXPECT_EQ(Count(idn, ByDocument("R0000001")), 0);
  ASSERT_TRUE(idn.node->fold().Rebuild().ok());
  EXPECT_EQ(StateOf(idn, "x/"), shared);
  EXPECT_EQ(Count(idn, ByDocument("R0000001")), 0);
  EXPECT_EQ(Count(idn, ByDocument("G0000001")), 1);
}

}  // namespace
}  // namespace lintas

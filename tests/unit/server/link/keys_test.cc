// A node whose keys were followed by others, and its partner (P23).
#include <gtest/gtest.h>

#include "tests/support/migration_calls.h"

namespace lintas {
namespace {

class KeySuccession : public testing::Test, protected MigrationCalls {
 protected:
  KeySuccession() : next_{Key("log"), Key("held"), Key("consistent"), Key("question")} {
    LINTAS_CHECK(Create(idn, MakeCrossing(PersonForTest(), "X0000001")).ok());
    LINTAS_CHECK(Create(khm, MakeStayPermit(PersonForTest(), "N0000001")).ok());
    Settle();
    from_ = TreeSize(idn.node->ledgers().signed_size(LedgerId::kExchange).value() + 1);
  }
  static SigningKey Key(const std::string& use) { return KeyForTest("idn/next/" + use); }

  // As the bundle that follows says it.
  PartnerKeys History() const {
    PartnerKeys keys = PartnerKeysForTest("idn");
    keys.log.Add(next_.log.verify_key(), from_);
    keys.held.Add(next_.held.verify_key(), from_);
    keys.consistent.Add(next_.consistent.verify_key(), from_);
    keys.question.Add(next_.question.verify_key(), from_);
    return keys;
  }
  void IndonesiaTakesTheNextKeys() {
    idn.keys = next_;
    Reopen(&idn);
  }
  void CambodiaTakesTheBundle() {
    khm.partner_keys = History();
    Reopen(&khm);
  }
  bool IsLevel() const {
    return khm.node->ledgers().size(LedgerId::kReplica) ==
           idn.node->ledgers().size(LedgerId::kExchange);
  }

  const NodeKeys next_;
  TreeSize from_;
};

TEST_F(KeySuccession, IsFollowedFromItsSizeOn) {
  CambodiaTakesTheBundle();
  IndonesiaTakesTheNextKeys();
  ASSERT_TRUE(Create(idn, MakeCrossing(PersonForTest(), "X0000002")).ok());
  ASSERT_TRUE(Create(khm, MakeStayPermit(PersonForTest(), "N0000002")).ok());
  Settle();
  EXPECT_TRUE(IsLevel());
  EXPECT_GE(khm.node->ledgers().size(LedgerId::kReplica), from_);
  EXPECT_EQ(khm.node->puller().status().state, "connected");
  // Indonesia's cosignatures by the next keys count.
  EXPECT_EQ(khm.node->exchange_server().held_size(),
            khm.node->ledgers().signed_size(LedgerId::kExchange));
}

TEST_F(KeySuccession, IsRefusedByAPartnerThatDoesNotKnowItYetAndHealsWithTheBundle) {
  IndonesiaTakesTheNextKeys();
  ASSERT_TRUE(Create(idn, MakeCrossing(PersonForTest(), "X0000002")).ok());
  Settle();
  EXPECT_FALSE(IsLevel());
  EXPECT_LT(khm.node->ledgers().size(LedgerId::kReplica), from_);
  CambodiaTakesTheBundle();
  Settle();
  EXPECT_TRUE(IsLevel());
}

TEST_F(KeySuccession, EndsTheOldKey) {
  CambodiaTakesTheBundle();
  // Whoever has the old key goes on signing beyond its end.
  ASSERT_TRUE(Create(idn, MakeCrossing(PersonForTest(), "X0000002")).ok());
  Settle();
  EXPECT_LT(khm.node->ledgers().size(LedgerId::kReplica), from_);
  EXPECT_FALSE(IsLevel());
  EXPECT_NE(khm.node->puller().status().state, "connected");
}

TEST_F(KeySuccession, LetsAPartnerFromBeforeItCatchUp) {
  khm.Close();
  idn_line.Cut();
  ASSERT_TRUE(Create(idn, MakeCrossing(PersonForTest(), "X0000002")).ok());
  Settle();
  from_ = TreeSize(idn.node->ledgers().signed_size(LedgerId::kExchange).value() + 1);
  IndonesiaTakesTheNextKeys();
  ASSERT_TRUE(Create(idn, MakeCrossing(PersonForTest(), "X0000003")).ok());
  Settle();
  khm.partner_keys = History();
  khm.Open(&khm_line);
  Settle();
  EXPECT_TRUE(IsLevel());
}

TEST_F(KeySuccession, RefusesAQuestionByAKeyThatEnded) {
  CambodiaTakesTheBundle();
  IndonesiaTakesTheNextKeys();
  ASSERT_TRUE(Create(idn, MakeCrossing(PersonForTest(), "X0000002")).ok());
  Settle();
  ASSERT_TRUE(IsLevel());
  const auto put = [this](const SigningKey& key) {
    partner::v1::Question question;
    question.set_partnership("idn-khm");
    partner::v1::SignedQuestion out;
    out.set_question(question.SerializeAsString());
    out.set_signature(key.Sign(SignedBytes("question", "idn-khm", out.question())));
    absl::Status status;
    khm.node->questions().AnswerPartner(out, clock.now,
                                        [&](const auto& given) { status = given.status(); });
    for (int i = 0; i < 50; ++i) Turn();
    return status;
  };
  EXPECT_TRUE(absl::IsUnauthenticated(put(NodeKeysForTest("idn").question)));
  EXPECT_TRUE(absl::IsInvalidArgument(put(next_.question))) << "signed, but addressed to nobody";
}

}  // namespace
}  // namespace lintas

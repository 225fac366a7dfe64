#include <gtest/gtest.h>

#include "server/ledger/merkle/tree_hash.h"
#include "tests/support/migration_calls.h"

namespace lintas {
namespace {

using ledger::v1::EntryHeader;

// Indonesia opens a file of which the Cambodian home ledger holds the whole.
class DisclosedHeaderTest : public testing::Test, protected MigrationCalls {
 protected:
  DisclosedHeaderTest() {
    LINTAS_CHECK(Create(khm, MakeStayPermit({{"IDN"}}, "B1234567", "KH-77")).ok());
    Settle();
    idn_line.faults.on_answer = [this](partner::v1::SignedAnswer* answer) {
      LINTAS_CHECK(answer_.ParseFromString(answer->answer()));
    };
    const auto hit = Ask(idn, "B1234567", OfficerIn("C-1"));
    LINTAS_CHECK(hit.ok());
    const auto opened = Open(idn, hit->hits(0).reference(), OfficerIn("C-1"));
    LINTAS_CHECK(opened.ok());
    LINTAS_CHECK(shown_.ParseFromString(answer_.opened().header()));
    LINTAS_CHECK(opened_.ParseFromString(answer_.opened().payload()));
    const auto held = khm.Entries(LedgerId::kHome, EntryHeader::FULL_VERSION);
    LINTAS_CHECK(held.size() == 1);
    whole_ = held[0].header;
  }
  // What the partner has after guessing every field that has few possible values.
  EntryHeader GuessedRight() const {
    EntryHeader guess = whole_;
    guess.set_digests(shown_.digests());
    return guess;
  }
  static std::string LeafOf(const EntryHeader& header) {
    return merkle::LeafHash(SerializeHeader(header)).str();
  }

  partner::v1::Answer answer_;
  EntryHeader shown_;
  EntryHeader whole_;
  ledger::v1::Payload opened_;
};

TEST_F(DisclosedHeaderTest, LeafHashDoesNotTellARightGuessOfThePlace) {  // P11
  ASSERT_EQ(answer_.opened().leaf_hash(), LeafOf(whole_));
  EXPECT_NE(LeafOf(GuessedRight()), answer_.opened().leaf_hash());
  EXPECT_FALSE(shown_.has_target_first());
  EXPECT_EQ(shown_.index(), 0u);
}

TEST_F(DisclosedHeaderTest, KeepsAtLeast256BitsOfEachLeafSecret) {  // P2, P11
  int hidden = 0;
  for (uint32_t section = 1; section <= kSectionCount; ++section) {
    const size_t at = (section - 1) * Hash::kSize;
    const bool is_open = FindSection(opened_, section) != nullptr;
    EXPECT_EQ(shown_.digests().substr(at, Hash::kSize) == whole_.digests().substr(at, Hash::kSize),
              is_open)
        << section;
    if (!is_open) ++hidden;
  }
  EXPECT_GE(hidden, 1);
  EXPECT_TRUE(CheckDigests(shown_, opened_).ok());
}

TEST_F(DisclosedHeaderTest, WholeHeaderLaterFitsTheLeafThatWasNamed) {  // P11
  EXPECT_TRUE(CheckDigests(whole_, opened_).ok());
  EXPECT_EQ(LeafOf(whole_), answer_.opened().leaf_hash());
  EXPECT_EQ(DisclosedHeader(whole_, opened_).SerializeAsString(), shown_.SerializeAsString());
}

}  // namespace
}  // namespace lintas

// What an adoption counts for while it is not in the ledger yet (P21).
#include <gtest/gtest.h>

#include "tests/support/migration_calls.h"

namespace lintas {
namespace {

using ledger::v1::EntryHeader;

class FoldAdoptionTest : public testing::Test, protected MigrationCalls {
 protected:
  PreparedEntry Entry(const EntryHeader& header) {
    return PrepareEntry(LedgerId::kExchange, header, true, {}, *idn.node->deps().sealer,
                        *idn.node->deps().random);
  }
  PreparedEntry Adoption(uint32_t version) {
    EntryHeader header;
    header.set_kind(EntryHeader::ADOPTION);
    header.set_revision(version);
    return Entry(header);
  }
  PreparedEntry RecallNaming(uint32_t version) {
    EntryHeader header;
    header.set_kind(EntryHeader::RECALL);
    header.set_agreement_version(version);
    return Entry(header);
  }
};

TEST_F(FoldAdoptionTest, AdoptionInARefusedGroupCountsForNothing) {
  const size_t size = idn.Entries(LedgerId::kExchange).size();
  Group group;
  group.entries.push_back(Adoption(2));
  group.entries.push_back(RecallNaming(1));  // Behind the adoption it would have to name 2.
  absl::Status refused;
  group.durable = [&](absl::StatusOr<std::vector<Position>> done) { refused = done.status(); };
  idn.node->ledgers().Enqueue(std::move(group));
  Turn();
  EXPECT_EQ(ErrorReason(refused), "AGREEMENT_CHANGED");
  EXPECT_EQ(idn.Entries(LedgerId::kExchange).size(), size);
  // Version 1 is still the one to name.
  const auto created = Create(idn, MakeCrossing());
  EXPECT_TRUE(created.ok()) << created.status();
}

}  // namespace
}  // namespace lintas

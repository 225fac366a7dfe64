// Sealing at rest (P3).
#include <gtest/gtest.h>

#include "absl/strings/match.h"
#include "server/ledger/entry.h"
#include "tests/unit/server/ledger/ledger_world.h"

namespace lintas {
namespace {

class PayloadSealerTest : public testing::Test {
 protected:
  PreparedEntry Sealed(const std::string& content) {
    return PrepareEntry(LedgerId::kHome, EntryHeader(), true, {{1, content}}, sealer, random);
  }
  static EntryRow Row(const PreparedEntry& entry) {
    return {SerializeHeader(entry.header), entry.sealed_payload, entry.wrapped_key};
  }

  CountingRandom random;
  PayloadSealer sealer{Secret(std::string(32, 'k')), &random};
};

TEST_F(PayloadSealerTest, OpensWhatItSealed) {
  const PreparedEntry entry = Sealed("invented content");
  const auto payload = sealer.Open(Row(entry));
  ASSERT_TRUE(payload.ok()) << payload.status();
  EXPECT_EQ(payload->SerializeAsString(), entry.payload.SerializeAsString());
  EXPECT_TRUE(payload->synthetic());
  EXPECT_EQ(*FindSection(*payload, 1), "invented content");
  EXPECT_TRUE(CheckDigests(entry.header, *payload).ok());
}

TEST_F(PayloadSealerTest, ErasedPayloadIsNotFound) {
  EntryRow row = Row(Sealed("invented content"));
  EntryRow no_key = row, no_payload = row;
  no_key.key.clear();
  no_payload.payload.clear();
  EXPECT_EQ(sealer.Open(no_key).status().code(), absl::StatusCode::kNotFound);
  EXPECT_EQ(sealer.Open(no_payload).status().code(), absl::StatusCode::kNotFound);
}

TEST_F(PayloadSealerTest, EveryChangedByteIsDataLoss) {
  const EntryRow row = Row(Sealed("invented content"));
  for (size_t at = 0; at < row.payload.size(); ++at) {
    EntryRow changed = row;
    changed.payload[at] ^= 1;
    EXPECT_EQ(sealer.Open(changed).status().code(), absl::StatusCode::kDataLoss) << at;
  }
  for (size_t at = 0; at < row.key.size(); ++at) {
    EntryRow changed = row;
    changed.key[at] ^= 1;
    EXPECT_EQ(sealer.Open(changed).status().code(), absl::StatusCode::kDataLoss) << at;
  }
}

TEST_F(PayloadSealerTest, CutPayloadIsDataLoss) {
  EntryRow row = Row(Sealed("invented content"));
  row.payload.resize(5);
  EXPECT_EQ(sealer.Open(row).status().code(), absl::StatusCode::kDataLoss);
}

TEST_F(PayloadSealerTest, OtherNodeKeyOpensNothing) {
  const PayloadSealer other(Secret(std::string(32, 'o')), &random);
  EXPECT_EQ(other.Open(Row(Sealed("content"))).status().code(), absl::StatusCode::kDataLoss);
}

TEST_F(PayloadSealerTest, KeyOfOnePayloadDoesNotOpenAnother) {
  const EntryRow one = Row(Sealed("same content"));
  EntryRow mixed = Row(Sealed("same content"));
  EXPECT_NE(one.payload, mixed.payload);
  EXPECT_NE(one.key, mixed.key);
  mixed.key = one.key;
  EXPECT_EQ(sealer.Open(mixed).status().code(), absl::StatusCode::kDataLoss);
}

TEST_F(PayloadSealerTest, PayloadDoesNotOpenInAnotherEntrysPlace) {
  EntryRow one = Row(Sealed("one content"));
  EntryRow other = Row(Sealed("other content"));
  ASSERT_TRUE(sealer.Open(one).ok());
  // Payload and key together are whole; only the place is wrong.
  std::swap(one.payload, other.payload);
  std::swap(one.key, other.key);
  EXPECT_EQ(sealer.Open(one).status().code(), absl::StatusCode::kDataLoss);
  EXPECT_EQ(sealer.Open(other).status().code(), absl::StatusCode::kDataLoss);
}

TEST_F(PayloadSealerTest, HeaderThatDoesNotParseIsDataLoss) {
  EntryRow row = Row(Sealed("invented content"));
  row.header.pop_back();
  EXPECT_EQ(sealer.Open(row).status().code(), absl::StatusCode::kDataLoss);
}

TEST_F(PayloadSealerTest, SealedBytesShowNoContentAndNoKey) {
  const std::string content = "an invented sentence that must not be seen on disk";
  const PreparedEntry entry = Sealed(content);
  for (const std::string* bytes : {&entry.sealed_payload, &entry.wrapped_key}) {
    EXPECT_FALSE(absl::StrContains(*bytes, content.substr(0, 8)));
    EXPECT_FALSE(absl::StrContains(*bytes, std::string(8, 'k')));
    EXPECT_FALSE(absl::StrContains(*bytes, entry.payload.sections(0).salt()));
  }
}

TEST_F(PayloadSealerTest, EmptyPayloadStaysEmpty) {
  const PreparedEntry entry =
      PrepareEntry(LedgerId::kHome, EntryHeader(), false, {}, sealer, random);
  EXPECT_TRUE(entry.sealed_payload.empty());
  EXPECT_TRUE(entry.wrapped_key.empty());
  EXPECT_EQ(entry.header.digests().size(), 128u);
}

}  // namespace
}  // namespace lintas

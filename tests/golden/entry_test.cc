// The entry format, version 1, must never change by accident: leaves are hashed, signed and kept by
// two countries for good (docs/entry-format.md). Each file in tests/golden/entry is named
// <content>.v1.<case> and holds bytes as hexadecimal text, or a note as it is. The inputs are
// fixed: the persons and numbers are invented, the randomness counts up, the key's seed is 32 times
// 'L'.
//
// LINTAS_REGOLD=1 golden_test --gtest_filter='EntryGolden.*' writes the files anew instead of
// comparing. A difference in a file that was released is a break of the format: it needs version 2.
#include "server/ledger/entry.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "absl/strings/escaping.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "server/base/error.h"
#include "server/ledger/ledgers.h"
#include "server/ledger/merkle/tree_builder.h"
#include "server/ledger/merkle/tree_hash.h"
#include "server/ledger/note/checkpoint.h"

namespace lintas {
namespace {

using ledger::v1::EntryHeader;
using ledger::v1::Payload;

// Bytes that count up from 0 and go on where the last call stopped.
class CountingRandom final : public Random {
 public:
  void Fill(void* out, size_t size) override {
    for (size_t i = 0; i < size; ++i) static_cast<char*>(out)[i] = static_cast<char>(next_++);
  }

 private:
  unsigned next_ = 0;
};

std::string Path(const std::string& name) {
  return absl::StrCat(LINTAS_SOURCE_DIR, "/tests/golden/entry/", name);
}

bool Regold() {
  const char* value = std::getenv("LINTAS_REGOLD");
  return value != nullptr && std::string(value) == "1";
}

// The file's text; the test fails if there is none.
std::string ReadGolden(const std::string& name) {
  std::ifstream in(Path(name), std::ios::binary);
  EXPECT_TRUE(in.good()) << "no file " << name;
  return std::string(std::istreambuf_iterator<char>(in), {});
}

void ExpectGolden(const std::string& name, const std::string& text) {
  if (Regold()) {
    std::ofstream(Path(name), std::ios::binary) << text;
    return;
  }
  EXPECT_EQ(text, ReadGolden(name)) << name;
}

std::string HexText(absl::string_view bytes) {
  const std::string hex = absl::BytesToHexString(bytes);
  std::string text;
  for (size_t at = 0; at < hex.size(); at += 96) absl::StrAppend(&text, hex.substr(at, 96), "\n");
  return text;
}

std::string BytesOfFile(const std::string& name) {
  return absl::HexStringToBytes(absl::StrReplaceAll(ReadGolden(name), {{"\n", ""}}));
}

const char kExchange[] = "imigrasi.go.id/lintas/idn-khm/exchange/1";
const char kHome[] = "imigrasi.go.id/lintas/idn-khm/home/1";
constexpr int64_t kTime = 1773201600;  // 2026-03-11 04:00:00 UTC.

struct Case {
  const char* name;
  EntryHeader header;
  Payload payload;
};

EntryHeader Base(EntryHeader::Kind kind, const char* origin, uint64_t index) {
  EntryHeader header;
  header.set_format(kEntryFormat);
  header.set_kind(kind);
  header.set_origin(origin);
  header.set_index(index);
  header.set_agreement_version(3);
  header.set_seen_partner(40 + index);
  if (origin == kHome) header.set_seen_exchange(20 + index);
  header.set_time_s(kTime);
  return header;
}

EntryHeader Record(EntryHeader::Kind kind, const char* origin, uint64_t index, const char* type) {
  EntryHeader header = Base(kind, origin, index);
  header.set_type(type);
  header.set_record_id(std::string(16, static_cast<char>(0xa0 + index)));
  header.set_revision(1);
  header.set_retention_class("movement");
  return header;
}

Payload Sections(Random& random, const std::vector<std::pair<uint32_t, std::string>>& sections) {
  Payload payload;
  payload.set_synthetic(true);
  for (const auto& [number, content] : sections) AddSection(number, content, random, &payload);
  return payload;
}

Case Made(const char* name, EntryHeader header, Payload payload, Random& random) {
  header.set_digests(HeaderDigests(payload, random));
  return {name, std::move(header), std::move(payload)};
}

void AddExchangeCases(Random& random, std::vector<Case>* cases) {
  cases->push_back(Made("crossing_released",
                        Record(EntryHeader::REVISION, kExchange, 0, "crossing"),
                        Sections(random, {{1, "invented crossing"}}), random));
  // SENSITIVE is withheld: its slot shows a random value.
  cases->push_back(Made("stay_permit_withheld",
                        Record(EntryHeader::REVISION, kExchange, 1, "stay_permit"),
                        Sections(random, {{1, "invented permit"}}), random));
  EntryHeader header = Record(EntryHeader::CORRECTION, kExchange, 2, "crossing");
  header.set_revision(2);
  header.set_predecessor(0);
  cases->push_back(Made("correction", header, Sections(random, {{1, "corrected"}}), random));
  header = Record(EntryHeader::WITHDRAWAL, kExchange, 3, "crossing");
  header.set_revision(3);
  header.set_predecessor(2);
  header.set_code("WRONG_PERSON");
  cases->push_back(Made("withdrawal", header, Payload(), random));
  header = Base(EntryHeader::RECALL, kExchange, 4);
  header.set_target_first(0);
  header.set_target_end(3);
  header.set_code("NOT_LAWFUL");
  cases->push_back(Made("recall", header, Payload(), random));
  header = Base(EntryHeader::ERASE, kExchange, 5);
  header.set_target_first(0);  // Zero is an index and must not look like "unset".
  cases->push_back(Made("erase", header, Payload(), random));
  header = Base(EntryHeader::REJECTED, kExchange, 6);
  header.set_target_first(41);
  header.set_code("DOCUMENT_NUMBER_MALFORMED");
  cases->push_back(Made("rejected", header, Payload(), random));
  header = Base(EntryHeader::ADOPTION, kExchange, 7);
  header.set_revision(4);
  header.set_agreement_version(4);
  cases->push_back(Made("adoption", header, Sections(random, {{1, "agreement 4"}}), random));
  header = Base(EntryHeader::STEP, kExchange, 8);
  header.set_procedure_id(std::string(16, '\x5e'));
  header.set_code("ACKNOWLEDGE");
  header.set_predecessor(44);
  cases->push_back(Made("step", header, Sections(random, {{1, "step"}}), random));
  header = Base(EntryHeader::ERASURE_RECEIPT, kExchange, 9);
  header.set_target_first(41);
  header.set_target_end(43);
  cases->push_back(Made("erasure_receipt", header, Sections(random, {{1, "receipt"}}), random));
}

void AddHomeCases(Random& random, std::vector<Case>* cases) {
  EntryHeader header = Record(EntryHeader::FULL_VERSION, kHome, 0, "stay_permit");
  header.set_target_first(1);
  header.set_time_s(kTime - kTime % 3600);
  header.set_request_token(std::string(16, '\x17'));
  cases->push_back(Made("full_version", header,
                        Sections(random, {{1, "invented permit"}, {2, "invented address"}}),
                        random));
  cases->push_back(Made("blinding", Base(EntryHeader::BLINDING, kHome, 1), Payload(), random));
  cases->push_back(Made("access", Base(EntryHeader::ACCESS, kHome, 2),
                        Sections(random, {{4, "access"}}), random));
  header = Base(EntryHeader::IMPORT_MARK, kHome, 3);
  header.set_import_id(std::string(16, '\x1d'));
  cases->push_back(Made("import_mark", header, Sections(random, {{4, "mark"}}), random));
  cases->push_back(Made("question", Base(EntryHeader::QUESTION, kHome, 4),
                        Sections(random, {{4, "question"}}), random));
  header = Base(EntryHeader::ANSWER, kHome, 5);
  header.set_target_first(4);
  cases->push_back(Made("answer", header, Sections(random, {{4, "answer"}}), random));
}

std::vector<Case> Cases() {
  CountingRandom random;
  std::vector<Case> cases;
  AddExchangeCases(random, &cases);
  AddHomeCases(random, &cases);
  return cases;
}

const Case& Named(const std::vector<Case>& cases, absl::string_view name) {
  for (const Case& each : cases) {
    if (each.name == name) return each;
  }
  ADD_FAILURE() << "no case " << name;
  return cases[0];
}

TEST(EntryGolden, HeadersKeepTheirBytes) {
  for (const Case& each : Cases()) {
    ExpectGolden(absl::StrCat("header.v1.", each.name, ".hex"),
                 HexText(SerializeHeader(each.header)));
  }
}

TEST(EntryGolden, StoredHeadersAreReadAsTheyWereWritten) {
  for (const Case& each : Cases()) {
    const std::string bytes = BytesOfFile(absl::StrCat("header.v1.", each.name, ".hex"));
    const absl::StatusOr<EntryHeader> header = ParseHeader(bytes);
    ASSERT_TRUE(header.ok()) << each.name << ": " << header.status();
    EXPECT_EQ(header->SerializeAsString(), each.header.SerializeAsString()) << each.name;
    EXPECT_EQ(header->kind(), each.header.kind()) << each.name;
    EXPECT_TRUE(CheckDigests(*header, each.payload).ok()) << each.name;
  }
}

TEST(EntryGolden, TargetZeroIsNotTheSameAsNoTarget) {
  const auto header = ParseHeader(BytesOfFile("header.v1.erase.hex"));
  ASSERT_TRUE(header.ok());
  EXPECT_TRUE(header->has_target_first());
  EXPECT_FALSE(header->has_target_end());
}

TEST(EntryGolden, PayloadOfTwoSectionsKeepsItsBytes) {
  const std::vector<Case> cases = Cases();
  const Payload& payload = Named(cases, "full_version").payload;
  ExpectGolden("payload.v1.two_sections.hex", HexText(payload.SerializeAsString()));
  Payload stored;
  ASSERT_TRUE(stored.ParseFromString(BytesOfFile("payload.v1.two_sections.hex")));
  const auto header = ParseHeader(BytesOfFile("header.v1.full_version.hex"));
  ASSERT_TRUE(header.ok());
  EXPECT_TRUE(CheckDigests(*header, stored).ok());
}

TEST(EntryGolden, SectionDigestsKeepTheirValues) {
  const std::string salt = "0123456789abcdef";
  std::string text;
  for (const bool synthetic : {false, true}) {
    for (uint32_t section = 1; section <= kSectionCount; ++section) {
      absl::StrAppend(&text, HexText(SectionDigest(synthetic, section, salt, "content").view()));
    }
  }
  ExpectGolden("section_digest.v1.all_sections.hex", text);
}

TEST(EntryGolden, AttachmentNameKeepsItsValue) {
  ExpectGolden("attachment_name.v1.short.hex",
               HexText(AttachmentName("0123456789abcdef", "attachment").view()));
}

merkle::TreeBuilder ExchangeTree() {
  merkle::TreeBuilder tree;
  std::vector<merkle::Tile> full;
  for (const Case& each : Cases()) {
    if (each.header.origin() != kExchange) continue;
    tree.Append(merkle::LeafHash(SerializeHeader(each.header)), &full);
  }
  return tree;
}

TEST(EntryGolden, RootOverTheExchangeHeadersKeepsItsValue) {
  const merkle::TreeBuilder tree = ExchangeTree();
  EXPECT_EQ(tree.size(), TreeSize(10));
  ExpectGolden("root.v1.ten_headers.hex", HexText(tree.Root().view()));
}

TEST(EntryGolden, CheckpointOverTheExchangeHeadersKeepsItsBytes) {
  const SigningKey key = *SigningKey::FromSeed(Secret(std::string(32, 'L')));
  const std::string origin = LedgerOrigin("imigrasi.go.id", "idn-khm", "exchange", 1);
  EXPECT_EQ(origin, kExchange);
  const merkle::TreeBuilder tree = ExchangeTree();
  ExpectGolden("checkpoint.v1.ten_headers.txt",
               note::SignCheckpoint({origin, tree.size(), tree.Root()}, key));
}

struct BadCase {
  const char* name;
  std::string bytes;
  // What the refusal says.
  const char* why;
};

std::vector<BadCase> BadCases() {
  const std::vector<Case> cases = Cases();
  const EntryHeader& good = Named(cases, "crossing_released").header;
  const std::string bytes = good.SerializeAsString();
  std::vector<BadCase> bad;
  // Field 1 once more at the end: the same meaning in other bytes.
  bad.push_back({"not_canonical", bytes + std::string("\x08\x01", 2), "bytes are not canonical"});
  // Field 21, a varint.
  bad.push_back(
      {"unknown_field", bytes + std::string("\xa8\x01\x07", 3), "bytes are not canonical"});
  EntryHeader header = good;
  header.set_code(std::string(1024, 'A'));
  bad.push_back({"over_1_kib", header.SerializeAsString(), "over 1,024 bytes"});
  header = good;
  header.mutable_digests()->pop_back();
  bad.push_back({"digests_127_bytes", header.SerializeAsString(), "not four digests"});
  header = good;
  header.set_format(2);
  bad.push_back({"format_2", header.SerializeAsString(), "unknown format version"});
  header = good;
  header.set_kind(static_cast<EntryHeader::Kind>(99));
  bad.push_back({"kind_99", header.SerializeAsString(), "unknown kind"});
  header = good;
  header.clear_origin();
  bad.push_back({"no_origin", header.SerializeAsString(), "no origin"});
  header = good;
  header.mutable_record_id()->pop_back();
  bad.push_back({"record_id_15_bytes", header.SerializeAsString(), "record id is not 16 bytes"});
  header = good;
  header.clear_type();
  bad.push_back(
      {"record_without_type", header.SerializeAsString(), "type and record id go together"});
  header = good;
  header.set_procedure_id("short");
  bad.push_back(
      {"procedure_id_5_bytes", header.SerializeAsString(), "procedure id is not 16 bytes"});
  const struct {
    const char* name;
    std::string code;
  } codes[] = {{"code_64_signs", std::string(64, 'A')},
               {"code_lower_case", "third_country"},
               {"code_begins_with_digit", "1_REASON"},
               {"code_with_space", "THIRD COUNTRY"}};
  for (const auto& each : codes) {
    header = good;
    header.set_code(each.code);
    bad.push_back(
        {each.name, header.SerializeAsString(), "a code is not UPPER_SNAKE of at most 63 signs"});
  }
  bad.push_back({"cut_off", bytes.substr(0, bytes.size() - 1), "not a header message"});
  return bad;
}

TEST(EntryGolden, MalformedHeadersKeepTheirBytes) {
  for (const BadCase& each : BadCases()) {
    ExpectGolden(absl::StrCat("bad_header.v1.", each.name, ".hex"), HexText(each.bytes));
  }
}

TEST(EntryGolden, MalformedHeadersAreRefusedWithTheirReason) {
  for (const BadCase& each : BadCases()) {
    const auto header = ParseHeader(BytesOfFile(absl::StrCat("bad_header.v1.", each.name, ".hex")));
    EXPECT_EQ(header.status().code(), absl::StatusCode::kInvalidArgument) << each.name;
    EXPECT_EQ(ErrorReason(header.status()), "BAD_HEADER") << each.name;
    EXPECT_TRUE(absl::EndsWith(header.status().message(), each.why))
        << each.name << ": " << header.status();
  }
}

}  // namespace
}  // namespace lintas

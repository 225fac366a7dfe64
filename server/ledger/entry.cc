#include "server/ledger/entry.h"

#include <algorithm>
#include <cstring>

#include "absl/strings/str_cat.h"
#include "server/base/check.h"
#include "server/base/error.h"
#include "server/base/status.h"
#include "server/crypto/aead.h"

namespace lintas {
namespace {

constexpr char kSectionDomain[] = "lintas/section/v1";        // With its NUL.
constexpr char kAttachmentDomain[] = "lintas/attachment/v1";  // With its NUL.
constexpr char kPayloadDomain[] = "lintas/payload/v2";
constexpr size_t kCodeLengthMax = 63;
constexpr char kKeyAad[] = "lintas/payload-key/v1";

absl::Status BadHeader(absl::string_view why) {
  return MakeError(absl::StatusCode::kInvalidArgument, "BAD_HEADER",
                   "an entry header breaks the format: " + std::string(why));
}

absl::Status BadDigest(absl::string_view why) {
  return MakeError(absl::StatusCode::kInvalidArgument, "BAD_DIGEST", std::string(why));
}

bool EmptyOr(const std::string& bytes, size_t size) {
  return bytes.empty() || bytes.size() == size;
}

// UPPER_SNAKE, as ledger.proto says: a code is read in clear and must not carry anything else.
bool EmptyOrCode(const std::string& code) {
  if (code.empty()) return true;
  if (code.size() > kCodeLengthMax || code[0] < 'A' || code[0] > 'Z') return false;
  return std::all_of(code.begin(), code.end(), [](char each) {
    return (each >= 'A' && each <= 'Z') || (each >= '0' && each <= '9') || each == '_';
  });
}

// The digests bind a sealed payload to its header, and so to its place in the ledger: they hold at
// least one salted or random value that no other entry has.
std::string PayloadAad(absl::string_view digests) { return absl::StrCat(kPayloadDomain, digests); }

absl::Status CheckShape(const ledger::v1::EntryHeader& header) {
  if (header.format() != kEntryFormat) return BadHeader("unknown format version");
  if (header.kind() == ledger::v1::EntryHeader::KIND_UNSPECIFIED ||
      !ledger::v1::EntryHeader::Kind_IsValid(header.kind())) {
    return BadHeader("unknown kind");
  }
  if (header.origin().empty()) return BadHeader("no origin");
  if (header.digests().size() != kSectionCount * Hash::kSize) return BadHeader("not four digests");
  if (!EmptyOr(header.record_id(), kRecordIdBytes)) return BadHeader("record id is not 16 bytes");
  if (!EmptyOr(header.procedure_id(), 16)) return BadHeader("procedure id is not 16 bytes");
  if (!EmptyOr(header.request_token(), 16)) return BadHeader("request token is not 16 bytes");
  if (!EmptyOr(header.import_id(), 16)) return BadHeader("import id is not 16 bytes");
  if (!EmptyOrCode(header.code()))
    return BadHeader("a code is not UPPER_SNAKE of at most 63 signs");
  // A step's type is its procedure's table, which is about no record.
  if (header.type().empty()
          ? !header.record_id().empty()
          : header.record_id().empty() && header.kind() != ledger::v1::EntryHeader::STEP) {
    return BadHeader("type and record id go together");
  }
  return absl::OkStatus();
}

}  // namespace

Hash SectionDigest(bool synthetic, uint32_t section, absl::string_view salt,
                   absl::string_view content) {
  char prefix[sizeof kSectionDomain + 2];
  std::memcpy(prefix, kSectionDomain, sizeof kSectionDomain);
  prefix[sizeof kSectionDomain] = synthetic ? 1 : 0;
  prefix[sizeof kSectionDomain + 1] = static_cast<char>(section);
  return Sha256Of(absl::string_view(prefix, sizeof prefix), salt, content);
}

Hash AttachmentName(absl::string_view salt, absl::string_view bytes) {
  LINTAS_CHECK(salt.size() == kSaltBytes);
  return Sha256Of(absl::string_view(kAttachmentDomain, sizeof kAttachmentDomain), salt, bytes);
}

void AddSection(uint32_t section, absl::string_view content, Random& random,
                ledger::v1::Payload* payload) {
  LINTAS_CHECK(section >= 1 && section <= kSectionCount);
  LINTAS_CHECK(content.size() <= kSectionBytesMax);
  ledger::v1::Section* added = payload->add_sections();
  added->set_section(section);
  added->mutable_salt()->resize(kSaltBytes);
  random.Fill(&(*added->mutable_salt())[0], kSaltBytes);
  added->set_content(content.data(), content.size());
}

std::string HeaderDigests(const ledger::v1::Payload& payload, Random& random) {
  std::string digests(kSectionCount * Hash::kSize, '\0');
  bool filled[kSectionCount] = {};
  for (const ledger::v1::Section& section : payload.sections()) {
    const size_t slot = section.section() - 1;
    const Hash digest =
        SectionDigest(payload.synthetic(), section.section(), section.salt(), section.content());
    std::memcpy(&digests[slot * Hash::kSize], digest.bytes.data(), Hash::kSize);
    filled[slot] = true;
  }
  for (size_t slot = 0; slot < kSectionCount; ++slot) {
    if (!filled[slot]) random.Fill(&digests[slot * Hash::kSize], Hash::kSize);
  }
  return digests;
}

absl::Status CheckDigests(const ledger::v1::EntryHeader& header,
                          const ledger::v1::Payload& payload) {
  uint32_t last = 0;
  for (const ledger::v1::Section& section : payload.sections()) {
    if (section.section() <= last || section.section() > kSectionCount) {
      return BadDigest("a payload's sections are not in order");
    }
    last = section.section();
    if (section.salt().size() != kSaltBytes) return BadDigest("a salt is not 16 bytes");
    if (section.content().size() > kSectionBytesMax) return BadDigest("a section is over 1 MiB");
    const Hash digest =
        SectionDigest(payload.synthetic(), section.section(), section.salt(), section.content());
    const absl::string_view slot = absl::string_view(header.digests())
                                       .substr((section.section() - 1) * Hash::kSize, Hash::kSize);
    if (slot != digest.view()) return BadDigest("a section does not match its header's digest");
  }
  return absl::OkStatus();
}

ledger::v1::EntryHeader DisclosedHeader(ledger::v1::EntryHeader header,
                                        const ledger::v1::Payload& opened) {
  header.clear_index();
  header.clear_predecessor();
  header.clear_target_first();
  header.clear_target_end();
  header.clear_seen_partner();
  header.clear_seen_exchange();
  header.clear_request_token();
  header.clear_import_id();
  std::string digests(kSectionCount * Hash::kSize, '\0');
  int shown = 0;
  for (const ledger::v1::Section& section : opened.sections()) {
    const size_t at = (section.section() - 1) * Hash::kSize;
    digests.replace(at, Hash::kSize, header.digests(), at, Hash::kSize);
    ++shown;
  }
  LINTAS_CHECK(shown < kSectionCount);
  header.set_digests(std::move(digests));
  return header;
}

absl::StatusOr<ledger::v1::EntryHeader> ParseHeader(absl::string_view bytes) {
  if (bytes.size() > kHeaderBytesMax) return BadHeader("over 1,024 bytes");
  ledger::v1::EntryHeader header;
  if (!header.ParseFromArray(bytes.data(), static_cast<int>(bytes.size()))) {
    return BadHeader("not a header message");
  }
  RETURN_IF_ERROR(CheckShape(header));
  // Canonical bytes leave no room to carry anything beside what the format says; unknown fields
  // would come back at the end, so they differ in place or make the shape check useless: drop them.
  header.DiscardUnknownFields();
  thread_local std::string again;
  again.clear();
  header.AppendToString(&again);
  if (again != bytes) return BadHeader("bytes are not canonical");
  return header;
}

std::string SerializeHeader(const ledger::v1::EntryHeader& header) {
  std::string bytes = header.SerializeAsString();
  LINTAS_CHECK(bytes.size() <= kHeaderBytesMax);
  return bytes;
}

const std::string* FindSection(const ledger::v1::Payload& payload, uint32_t section) {
  for (const ledger::v1::Section& each : payload.sections()) {
    if (each.section() == section) return &each.content();
  }
  return nullptr;
}

PayloadSealer::PayloadSealer(Secret node_seal_key, Random* random)
    : node_key_(std::move(node_seal_key)), random_(random) {
  LINTAS_CHECK(node_key_.size() == kAeadKeySize);
}

void PayloadSealer::Seal(PreparedEntry* entry) const {
  if (entry->payload.sections().empty()) return;
  char drawn[kAeadKeySize + 2 * kAeadNonceSize];
  random_->Fill(drawn, sizeof drawn);
  const absl::string_view key(drawn, kAeadKeySize);
  const absl::string_view nonce(drawn + kAeadKeySize, kAeadNonceSize);
  const absl::string_view wrap_nonce(drawn + kAeadKeySize + kAeadNonceSize, kAeadNonceSize);
  thread_local std::string plain;
  plain.clear();
  entry->payload.AppendToString(&plain);
  LINTAS_CHECK(entry->header.digests().size() == kSectionCount * Hash::kSize);
  entry->sealed_payload = AeadSeal(key, nonce, plain, PayloadAad(entry->header.digests()));
  entry->wrapped_key =
      AeadSeal(node_key_.Bytes(SecretAccess::ForCrypto()), wrap_nonce, key, kKeyAad);
  explicit_bzero(drawn, sizeof drawn);
}

absl::StatusOr<ledger::v1::Payload> PayloadSealer::Open(const EntryRow& row) const {
  if (row.payload.empty() || row.key.empty()) {
    return absl::NotFoundError("the payload is erased or was never here");
  }
  ASSIGN_OR_RETURN(const std::string key,
                   AeadOpen(node_key_.Bytes(SecretAccess::ForCrypto()), row.key, kKeyAad));
  ledger::v1::EntryHeader header;
  if (!header.ParseFromString(row.header)) {
    return absl::DataLossError("a payload's header does not parse");
  }
  ASSIGN_OR_RETURN(const std::string plain,
                   AeadOpen(key, row.payload, PayloadAad(header.digests())));
  ledger::v1::Payload payload;
  if (!payload.ParseFromString(plain)) return absl::DataLossError("a payload does not parse");
  return payload;
}

PreparedEntry PrepareEntry(LedgerId ledger, ledger::v1::EntryHeader header, bool synthetic,
                           const std::vector<std::pair<uint32_t, std::string>>& sections,
                           const PayloadSealer& sealer, Random& random) {
  PreparedEntry entry;
  entry.ledger = ledger;
  entry.header = std::move(header);
  entry.header.set_format(kEntryFormat);
  entry.payload.set_synthetic(synthetic);
  for (const auto& [number, content] : sections) {
    AddSection(number, content, random, &entry.payload);
  }
  entry.header.set_digests(HeaderDigests(entry.payload, random));
  sealer.Seal(&entry);
  return entry;
}

}  // namespace lintas

// Entries before and after they are in a ledger (P1, P2). A payload's sections are digested with
// their salts into the header; the header's bytes are the Merkle leaf.
#ifndef LINTAS_SERVER_LEDGER_ENTRY_H_
#define LINTAS_SERVER_LEDGER_ENTRY_H_

#include <array>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "lintas/ledger/v1/ledger.pb.h"
#include "server/base/random.h"
#include "server/crypto/secret.h"
#include "server/crypto/sha256.h"
#include "server/store/store.h"

namespace lintas {

constexpr uint32_t kEntryFormat = 1;
constexpr size_t kHeaderBytesMax = 1024;
constexpr size_t kSectionBytesMax = 1 << 20;
constexpr size_t kSaltBytes = 16;
constexpr int kSectionCount = 4;
constexpr size_t kRecordIdBytes = 16;

// A term for the derived keys: what kinds and bodies mean is server/records/derived.h's business.
struct DerivedTerm {
  uint8_t kind = 0;
  std::string body;  // At most DerivedKey::kBodyMax bytes.
};

// The digest of one section (ledger.proto, message Section).
Hash SectionDigest(bool synthetic, uint32_t section, absl::string_view salt,
                   absl::string_view content);

// The name of an attachment (P2): SHA-256 over "lintas/attachment/v1" NUL | salt (16 bytes) |
// bytes; written in hexadecimal where it stands in text. The salt keeps the name from telling which
// file it is. CHECKs the salt's length.
Hash AttachmentName(absl::string_view salt, absl::string_view bytes);

// Adds a section with a random salt to `payload`.
void AddSection(uint32_t section, absl::string_view content, Random& random,
                ledger::v1::Payload* payload);

// The 128 bytes of the header's digest field: the digests of the payload's sections, random values
// in the other slots.
std::string HeaderDigests(const ledger::v1::Payload& payload, Random& random);

// kInvalidArgument (reason BAD_DIGEST) if a section that is there does not match its slot, a
// section appears twice, out of order, or with a salt of another length.
absl::Status CheckDigests(const ledger::v1::EntryHeader& header,
                          const ledger::v1::Payload& payload);

// What an answer shows of the header of an entry whose sections in `opened` it discloses (P11): all
// but its place in the ledger (index, what it follows, what it is about, what it had seen), its
// tokens, and the digests of sections that are not in `opened`, which are zero. CheckDigests holds
// for what is left. The place has few possible values, so the header's leaf hash, which goes with
// it, hides it only behind the 32 secret bytes of a digest not shown: CHECKs that there is one.
ledger::v1::EntryHeader DisclosedHeader(ledger::v1::EntryHeader header,
                                        const ledger::v1::Payload& opened);

// Parses a header strictly: at most 1 KiB, known format and kind, all fixed lengths right,
// canonical bytes (serialising it again gives the same), no unknown field. kInvalidArgument
// otherwise.
absl::StatusOr<ledger::v1::EntryHeader> ParseHeader(absl::string_view bytes);

// The canonical bytes of a header. Ours: CHECKs that it is at most 1 KiB.
std::string SerializeHeader(const ledger::v1::EntryHeader& header);

// The section's content, or nullptr if the payload does not have it.
const std::string* FindSection(const ledger::v1::Payload& payload, uint32_t section);

// An entry handed to the committer: everything but index, origin, seen and time.
struct PreparedEntry {
  LedgerId ledger = LedgerId::kHome;
  ledger::v1::EntryHeader header;  // With digests.
  ledger::v1::Payload payload;     // In clear; the projector reads it.
  // Sealed payload and wrapped key (P3), made by PayloadSealer in the calling thread.
  std::string sealed_payload;
  std::string wrapped_key;
  // True: the header's time is cut to the hour.
  bool sensitive = false;
  // Terms, if the caller extracted them; the projector extracts them otherwise.
  std::vector<DerivedTerm> terms;
  bool terms_given = false;
};

// Seals payloads at rest: AES-256-GCM under a random key of the payload's own, wrapped by the node
// key (P3), and bound to the digests in the entry's header, so that no payload opens in another
// entry's place. Thread safe.
class PayloadSealer {
 public:
  // `node_seal_key`: 32 bytes, from a file held apart from the store.
  PayloadSealer(Secret node_seal_key, Random* random);

  // Fills sealed_payload and wrapped_key; the header's digests stand already. An empty payload
  // stays empty.
  void Seal(PreparedEntry* entry) const;
  // kNotFound if erased (payload or key empty); kDataLoss if changed or of another header.
  absl::StatusOr<ledger::v1::Payload> Open(const EntryRow& row) const;

 private:
  Secret node_key_;
  Random* random_;
};

// Digests, salts and seals: the usual way to make an entry. `sections`: number and content.
PreparedEntry PrepareEntry(LedgerId ledger, ledger::v1::EntryHeader header, bool synthetic,
                           const std::vector<std::pair<uint32_t, std::string>>& sections,
                           const PayloadSealer& sealer, Random& random);

}  // namespace lintas

#endif  // LINTAS_SERVER_LEDGER_ENTRY_H_

// Store: where a node keeps its ledgers, the state folded from them, and the keys derived from
// them. One contract; each store is native behind it; tests/contract/store runs one suite on all.
//
// Invariants (tests quote the numbers):
//   S1  Commit is atomic and durable: after OK all of the batch survives a power cut; after a crash
//       either all of a batch is there or none of it.
//   S2  A ledger's entries are dense: a batch appends at exactly Size(ledger), in order.
//   S3  A header is never changed or removed. A payload and its key may be erased, by a batch only.
//   S4  Derived keys (P16) are not part of durability. A batch's keys are found as soon as Commit
//       returned; after a crash those past DerivedMark() are missing until AddDerived() gives them
//       back, which the caller does before it serves or writes.
//       A reader may see the entries of a commit under way before it finds their keys, never a key
//       whose entry it cannot read.
//   S5  Find never returns a key of an erased entry.
//   S6  After Commit returned an error other than kInvalidArgument the store refuses all further
//       commits with kUnavailable: what is on disk is unknown until it is opened again.
//
// Crash behaviour of the derived keys: memory tail -> frozen tail -> sorted file -> ingested ->
// mark. A crash between any two of these loses at most keys past the mark, and giving them again is
// idempotent.
#ifndef LINTAS_SERVER_STORE_STORE_H_
#define LINTAS_SERVER_STORE_STORE_H_

#include <array>
#include <cstring>
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/optional.h"
#include "server/base/ids.h"

namespace lintas {

// The three ledgers that a node holds: its own two, and its copy of the partner's exchange ledger.
enum class LedgerId : uint8_t { kExchange = 0, kHome = 1, kReplica = 2 };
constexpr int kLedgerCount = 3;

// Where an entry stands. Packed into 8 bytes it is the end of a derived key.
struct Position {
  LedgerId ledger = LedgerId::kExchange;
  Index index;

  uint64_t Packed() const { return (static_cast<uint64_t>(ledger) << 62) | index.value(); }
  static Position FromPacked(uint64_t packed) {
    return {static_cast<LedgerId>(packed >> 62), Index(packed & ((uint64_t{1} << 62) - 1))};
  }
  friend bool operator==(Position a, Position b) { return a.Packed() == b.Packed(); }
  friend bool operator<(Position a, Position b) { return a.Packed() < b.Packed(); }
};

// A derived key, 32 bytes, ordered as bytes: kind (1) | body (23) | packed position (8,
// big-endian). What kinds and bodies mean is server/records' business (records/derived.h).
struct DerivedKey {
  static constexpr size_t kSize = 32;
  static constexpr size_t kBodyMax = 23;
  std::array<char, kSize> bytes{};

  // `body` longer than 23 bytes is cut; shorter is padded with NUL.
  static DerivedKey Make(uint8_t kind, absl::string_view body, Position position);
  uint8_t kind() const { return static_cast<uint8_t>(bytes[0]); }
  absl::string_view body() const { return absl::string_view(bytes.data() + 1, kBodyMax); }
  Position position() const;
  absl::string_view view() const { return absl::string_view(bytes.data(), kSize); }
  friend bool operator<(const DerivedKey& a, const DerivedKey& b) {
    return std::memcmp(a.bytes.data(), b.bytes.data(), kSize) < 0;
  }
  friend bool operator==(const DerivedKey& a, const DerivedKey& b) { return a.bytes == b.bytes; }
};

// An entry as stored. `payload` and `key` are empty when erased (or never there).
struct EntryRow {
  std::string header;   // The Merkle leaf.
  std::string payload;  // Sealed (P3).
  std::string key;      // The payload's key, wrapped by the node key.
};

// A full tile of 256 node hashes (C2SP tlog-tiles), 8,192 bytes.
struct TileRow {
  LedgerId ledger;
  int level;       // 0: leaf hashes.
  uint64_t index;  // Which tile of its level.
  std::string hashes;
};

// Sizes of the three ledgers at one moment.
struct Sizes {
  TreeSize exchange, home, replica;
  TreeSize of(LedgerId ledger) const {
    return ledger == LedgerId::kExchange ? exchange : ledger == LedgerId::kHome ? home : replica;
  }
  friend bool operator==(const Sizes& a, const Sizes& b) {
    return a.exchange == b.exchange && a.home == b.home && a.replica == b.replica;
  }
};

// All that one commit writes.
struct Batch {
  // Per ledger, in index order, starting at its size.
  std::array<std::vector<EntryRow>, kLedgerCount> entries;
  std::vector<TileRow> tiles;
  // State folded from the ledgers, and node state. A later put of the same key wins.
  std::vector<std::pair<std::string, std::string>> state_puts;
  std::vector<std::string> state_deletes;  // Applied before the puts.
  // Payload and key are destroyed. May name entries of this very batch (they then never get there).
  std::vector<Position> erased;
  std::vector<DerivedKey> derived;

  bool empty() const;
};

constexpr size_t kTileBytes = 256 * 32;

// The sizes once `batch` is written over `before`.
Sizes SizesAfter(const Sizes& before, const Batch& batch);
// kInvalidArgument if `batch` names what neither `before` nor the batch itself holds, or a tile is
// not full. Every store calls it before it writes anything.
absl::Status CheckBatch(const Batch& batch, const Sizes& before);

// A consistent view: what it returns does not change while it lives. Thread safe.
class Snapshot {
 public:
  virtual ~Snapshot() = default;
  virtual Sizes sizes() const = 0;
  // kNotFound past the size.
  virtual absl::StatusOr<EntryRow> GetEntry(Position position) const = 0;
  // Entries from `from`, in order, until `visit` returns false or the end. Cheap: one range scan.
  virtual absl::Status ScanEntries(LedgerId ledger, Index from,
                                   const std::function<bool(Index, EntryRow&&)>& visit) const = 0;
  // Headers only, for signing over what was read back and for counting.
  virtual absl::Status ScanHeaders(
      LedgerId ledger, Index from,
      const std::function<bool(Index, absl::string_view header)>& visit) const {
    return ScanEntries(ledger, from,
                       [&visit](Index index, EntryRow&& row) { return visit(index, row.header); });
  }
  virtual absl::StatusOr<std::string> GetTile(LedgerId ledger, int level, uint64_t index) const = 0;
  // kNotFound if the key was never put.
  virtual absl::StatusOr<std::string> GetState(absl::string_view key) const = 0;
  // State keys with `prefix` in byte order, until `visit` returns false.
  virtual absl::Status ScanState(
      absl::string_view prefix,
      const std::function<bool(absl::string_view key, absl::string_view value)>& visit) const = 0;
};

// May be called from several threads at once; Commit from one at a time.
class Store {
 public:
  virtual ~Store() = default;

  // S1 to S6. kInvalidArgument: the batch breaks S2, nothing was written.
  virtual absl::Status Commit(Batch&& batch) = 0;

  virtual Sizes sizes() const = 0;
  virtual std::unique_ptr<Snapshot> GetSnapshot() const = 0;
  // Header, payload and key in one read of the newest state. kNotFound past the size.
  virtual absl::StatusOr<EntryRow> GetEntry(Position position) const = 0;
  // Full tiles only; kNotFound otherwise.
  virtual absl::StatusOr<std::string> GetTile(LedgerId ledger, int level, uint64_t index) const = 0;
  virtual absl::StatusOr<std::string> GetState(absl::string_view key) const = 0;

  // Derived keys that begin with `prefix` (kind and the first bytes of a body), in byte order,
  // strictly after `after` if given, at most `limit`. Reads tail, frozen tail and files as of one
  // moment. Prefixes of 17 bytes and more use the files' filters; pad a short body with NUL to get
  // there. kDataLoss: a file cannot be read, and no answer may be given from the rest.
  virtual absl::StatusOr<std::vector<DerivedKey>> TryFind(absl::string_view prefix,
                                                          const absl::optional<DerivedKey>& after,
                                                          size_t limit) const = 0;
  // TryFind for each of `prefixes`, 17 to 32 bytes long, all as of one moment; many at once cost
  // much less than one by one.
  virtual absl::StatusOr<std::vector<std::vector<DerivedKey>>> TryFindEach(
      const std::vector<std::string>& prefixes, size_t limit) const;
  // The same where a file that cannot be read may end the process: tests and tools.
  std::vector<DerivedKey> Find(absl::string_view prefix, const absl::optional<DerivedKey>& after,
                               size_t limit) const {
    return TryFind(prefix, after, limit).value();
  }
  // Every entry below these sizes has its derived keys in files.
  virtual Sizes DerivedMark() const = 0;
  // Gives back keys of entries that are already committed (S4). Called before the first Commit.
  virtual absl::Status AddDerived(std::vector<DerivedKey> keys) = 0;
  // Says that all keys of entries below the present sizes have been given. Find and Commit may be
  // used now; before, they are a mistake of ours and abort, unless the mark equals the sizes.
  virtual void DerivedComplete() = 0;
  // Drops every derived key and sets the mark to zero, for `lintasd rebuild`.
  virtual absl::Status ClearDerived() = 0;
  // Drops every state key with `prefix`, for `lintasd rebuild`.
  virtual absl::Status ClearState(absl::string_view prefix) = 0;

  // Moves frozen keys into files and advances the mark; one slice of work. True if there was any.
  // Called from a thread of server/main's, or by a test.
  virtual absl::StatusOr<bool> BackgroundStep() = 0;
  // Rewrites the files so that no byte of an erased payload, key or term is left in them; the
  // nightly job of P3. Takes minutes on a large store.
  virtual absl::Status CompactErased() = 0;
  // For metrics and `lintas node status`: name to bytes or counts.
  virtual std::vector<std::pair<std::string, uint64_t>> Statistics() const = 0;
};

// The last signed heads and other small things that must live outside every backup (P9). A value is
// replaced atomically and durably before Put returns. Names are [a-z0-9._-]+ of at most 200 signs
// that do not begin with a dot; any other is kInvalidArgument. May be called from several threads
// at once.
class HeadStore {
 public:
  virtual ~HeadStore() = default;
  // kNotFound if never put.
  virtual absl::StatusOr<std::string> Get(absl::string_view name) const = 0;
  // After an error the name holds either the old or the given value.
  virtual absl::Status Put(absl::string_view name, absl::string_view value) = 0;
};

bool IsHeadName(absl::string_view name);

}  // namespace lintas

#endif  // LINTAS_SERVER_STORE_STORE_H_

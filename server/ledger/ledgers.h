// Ledgers: the two ledgers that this node writes and its replica of the partner's exchange ledger,
// committed together (D1 of docs/architecture.md).
//
//   L1  Index n is given once; the next is n + 1.
//   L2  A checkpoint is signed only over bytes read back from disk, and persisted before it leaves.
//   L3  The size in signed checkpoints never goes down.
//   L4  One batch holds everything that one Step commits: entries of all three ledgers, tiles,
//   state,
//       derived keys. The replica's size moves with its records.
//   L5  A header's `seen_partner` is the replica's size with the runs that stand before the entry
//   in
//       its batch; never decreases.
//
// Step(now) is called by one thread (server/main) or by a test; everything else from any thread.
#ifndef LINTAS_SERVER_LEDGER_LEDGERS_H_
#define LINTAS_SERVER_LEDGER_LEDGERS_H_

#include <array>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "server/base/ids.h"
#include "server/base/random.h"
#include "server/crypto/ed25519.h"
#include "server/ledger/entry.h"
#include "server/ledger/merkle/proof.h"
#include "server/ledger/merkle/tree_builder.h"
#include "server/ledger/note/checkpoint.h"
#include "server/store/store.h"

namespace lintas {

constexpr uint64_t kRunEntriesMax = 8192;  // P7
constexpr size_t kGroupEntriesMax = 2048;
constexpr uint64_t kRunBytesMax = 16 << 20;                              // P7
constexpr absl::Duration kCheckpointInterval = absl::Milliseconds(100);  // P7

// An entry at the moment it is committed, for the fold.
struct CommittedEntry {
  Position position;
  const ledger::v1::EntryHeader* header;
  const ledger::v1::Payload* payload;     // Null if erased or never there.
  const std::vector<DerivedTerm>* terms;  // Null: extract them.
};

// Entries to batch: implemented by server/records. Must be a pure function of the entries and of
// the state that `store` holds: the same entries give the same state again (D2).
class Projector {
 public:
  virtual ~Projector() = default;
  // Called once per batch, in commit order, before it is written. Adds state, derived keys,
  // erasures.
  virtual absl::Status Project(const Store& store, const std::vector<CommittedEntry>& entries,
                               Batch* batch) = 0;
  // The batch is durable; what Project cached becomes true. On failure Open starts a new object.
  virtual void Committed() = 0;
  // Whether an own exchange entry may be appended at this moment: kAborted if it was prepared under
  // an agreement version older than the ledger's newest adoption (P21), or is a step of a procedure
  // that moved on (P18).
  virtual absl::Status CheckOwn(const ledger::v1::EntryHeader& header) = 0;
  // CheckOwn is called next for each exchange entry of one group. An adoption among them counts for
  // those behind it; beyond the group it counts when it was noted, since the group may be refused.
  virtual void BeginGroup() {}
  // An adoption, a step or a verdict was added to the batch under construction; CheckOwn judges the
  // next ones by it too. An error fails the batch.
  virtual absl::Status Note(const CommittedEntry&) { return absl::OkStatus(); }
  // The newest agreement version that stands in the own exchange ledger, those just noted included.
  virtual uint32_t AdoptedVersion() const = 0;
};

// Entries appended together and contiguously per ledger, or not at all.
struct Group {
  std::vector<PreparedEntry> entries;
  // Optional. Called in Step when the positions of `entries` are known, before anything is written;
  // may append further home entries that name the positions (import marks).
  std::function<void(const std::vector<Position>&, std::vector<PreparedEntry>*)> finish;
  // Node state outside the fold (P15), keys under `n/`, written with the entries or alone.
  std::vector<std::pair<std::string, std::string>> node_state;
  // Keys of the same kind that go, before this group's `node_state` is written.
  std::vector<std::string> node_state_deletes = {};
  // Called once from Step: positions of `entries` (without those of `finish`) when durable.
  // kUnavailable: it may be on disk. Any other error: nothing appended.
  std::function<void(absl::StatusOr<std::vector<Position>>)> durable;
};

// A verified run of the partner's ledger, appended to the replica.
struct ReplicaRun {
  struct Entry {
    std::string header;      // Bytes as received; the leaf.
    PreparedEntry prepared;  // Parsed header, payload in clear, sealed for this node.
  };
  TreeSize old_size;  // Must equal the replica's size when committed.
  std::vector<Entry> entries;
  std::string checkpoint_note;  // The partner's signed checkpoint at the new size.
  // Entries of our own exchange ledger decided by this run (verdicts, receipts), same batch.
  std::vector<PreparedEntry> verdicts;
  std::function<void(absl::Status)> durable;
};

struct LedgersOptions {
  std::string partnership;  // `idn-khm`
  std::string country;      // Own, `idn`.
  std::string partner_country;
  std::string trust_domain, partner_trust_domain;
  // Which origin each side writes: the first, or one that follows a loss (P10).
  uint32_t epoch = 1;
  uint32_t partner_epoch = 1;
};

// What each ledger is called, by LedgerId. The only place that makes origins out of options.
std::array<std::string, kLedgerCount> LedgerOrigins(const LedgersOptions& options);

class Ledgers {
 public:
  // Opens, checks sizes against `heads` (P9: kDataLoss if anything signed is missing), restores the
  // trees. `log_key` signs checkpoints of both own ledgers.
  static absl::StatusOr<std::unique_ptr<Ledgers>> Open(const LedgersOptions& options, Store* store,
                                                       HeadStore* heads, SigningKey log_key,
                                                       Projector* projector, Random* random);

  // Hands in; never blocks. Callbacks come from Step.
  void Enqueue(Group group);
  void Enqueue(ReplicaRun run);
  // Commits what waits, as one batch; signs a checkpoint when idle or 100 ms after the last, or
  // when a run is full. True if it did anything. An error stops this object for good (alarm,
  // reopen); further calls return it and tell whoever still waits or comes later kUnavailable.
  absl::StatusOr<bool> Step(absl::Time now);
  // Signs nothing until the node is opened again: the partner has seen more than we have (P14).
  void StopSigning(absl::string_view why);
  // Called (from any thread) when something was enqueued, so that the stepping thread wakes.
  void SetWake(std::function<void()> wake);
  // Called from Step after a new exchange checkpoint is persisted.
  void SetCheckpointListener(std::function<void()> listener);

  const LedgersOptions& options() const;
  // `<trust domain>/lintas/<partnership>/<exchange|home>/<epoch>`; of the replica: the partner's.
  const std::string& origin(LedgerId ledger) const;
  TreeSize size(LedgerId ledger) const;
  // The last signed checkpoint (signed note); of the replica the partner's. kNotFound if none.
  absl::StatusOr<std::string> CheckpointNote(LedgerId ledger) const;
  // The signed checkpoint of the exchange ledger at the smallest signed size > `from`: where a run
  // that starts at `from` ends (P7). kNotFound if all signed is below.
  absl::StatusOr<std::string> RunCheckpoint(TreeSize from) const;
  TreeSize signed_size(LedgerId ledger) const;

  absl::StatusOr<std::vector<Hash>> InclusionProof(LedgerId ledger, Index index,
                                                   TreeSize size) const;
  absl::StatusOr<Hash> RootAt(LedgerId ledger, TreeSize size) const;
  // A copy of the replica's tree as of its size, for verifying the next run.
  merkle::TreeBuilder ReplicaTree() const;

  // What is wrong, OK if nothing: a failed commit, a stop of signing.
  absl::Status health() const;
  Store* store() const;
  Random* random() const;

 private:
  class Rep;
  explicit Ledgers(std::unique_ptr<Rep> rep);

 public:
  ~Ledgers();

 private:
  std::unique_ptr<Rep> rep_;
};

// `<trust domain>/lintas/<partnership>/<kind>/<epoch>`.
std::string LedgerOrigin(const std::string& trust_domain, const std::string& partnership,
                         absl::string_view kind, uint32_t epoch);

}  // namespace lintas

#endif  // LINTAS_SERVER_LEDGER_LEDGERS_H_

#include "server/ledger/ledgers.h"

#include <algorithm>
#include <atomic>
#include <deque>
#include <map>
#include <utility>

#include "absl/strings/str_cat.h"
#include "server/base/bytes.h"
#include "server/base/check.h"
#include "server/base/error.h"
#include "server/base/status.h"
#include "server/ledger/merkle/tree_hash.h"

namespace lintas {
namespace {

constexpr char kCheckpointPrefix[] = "n/checkpoint/";
constexpr char kPartnerHead[] = "n/partner_head";
// The home ledger's checkpoints leave on hourly ticks only; signing them as seldom as this keeps
// two fsyncs out of every lookup's way.
constexpr absl::Duration kHomeCheckpointInterval = absl::Seconds(5);
// One batch takes at most this much, so that a burst does not make a pause.
constexpr size_t kBatchEntriesMax = 2048;

const char* HeadName(LedgerId ledger) {
  return ledger == LedgerId::kExchange ? "exchange.head" : "home.head";
}

std::string CheckpointKey(TreeSize size) {
  return absl::StrCat(kCheckpointPrefix, BigEndian64(size.value()));
}

class StoreTiles final : public merkle::TileSource {
 public:
  StoreTiles(const Store& store, LedgerId ledger) : store_(store), ledger_(ledger) {}
  absl::StatusOr<std::string> FullTile(int level, uint64_t index) const override {
    return store_.GetTile(ledger_, level, index);
  }

 private:
  const Store& store_;
  const LedgerId ledger_;
};

// What a note of ours, or one that link/ has verified, says.
absl::StatusOr<note::Checkpoint> PeekCheckpoint(absl::string_view text) {
  ASSIGN_OR_RETURN(const note::SignedNote note, note::ParseNote(text));
  return note::ParseCheckpoint(note.text);
}

struct Signed {
  std::string note;
  TreeSize size;
};

}  // namespace

std::string LedgerOrigin(const std::string& trust_domain, const std::string& partnership,
                         absl::string_view kind, uint32_t epoch) {
  return absl::StrCat(trust_domain, "/lintas/", partnership, "/", kind, "/", epoch);
}

std::array<std::string, kLedgerCount> LedgerOrigins(const LedgersOptions& options) {
  return {LedgerOrigin(options.trust_domain, options.partnership, "exchange", options.epoch),
          LedgerOrigin(options.trust_domain, options.partnership, "home", options.epoch),
          LedgerOrigin(options.partner_trust_domain, options.partnership, "exchange",
                       options.partner_epoch)};
}

class Ledgers::Rep {
 public:
  LedgersOptions options;
  Store* store;
  HeadStore* heads;
  std::unique_ptr<SigningKey> log_key;
  Projector* projector;
  Random* random;
  std::array<std::string, kLedgerCount> origins;

  absl::Status Restore();
  absl::StatusOr<bool> Step(absl::Time now);

  // What waits. Guarded by queue_mutex.
  mutable std::mutex queue_mutex;
  std::deque<Group> groups;
  std::deque<ReplicaRun> runs;
  std::function<void()> wake;
  std::function<void()> checkpoint_listener;

  // What is committed. Written by Step under state_mutex.
  mutable std::mutex state_mutex;
  merkle::TreeBuilder trees[kLedgerCount];
  Signed heads_signed[kLedgerCount];
  std::map<uint64_t, std::string> checkpoints;  // Exchange ledger, by size.
  absl::Status failure;
  std::string signing_stopped;

 private:
  struct Work;
  void Take(Work* work);
  absl::Status AddRun(ReplicaRun* run, absl::Time now, Work* work);
  absl::Status AddGroup(Group* group, absl::Time now, Work* work);
  static void DeleteNodeState(std::vector<std::string>* keys, Work* work);
  Position AddEntry(PreparedEntry* entry, absl::Time now, Work* work);
  void Note(Work* work);
  void AddRow(Position position, EntryRow row, Work* work);
  absl::Status CommitWork(Work* work);
  void Tell(Work* work, const absl::Status& status);
  absl::StatusOr<bool> CommitWaiting(absl::Time now);
  absl::StatusOr<bool> SignDue(absl::Time now, bool idle);
  absl::Status EndRunBefore(const Work& work, absl::Time now);
  absl::Status SignAll(LedgerId ledger, absl::Time now);
  absl::Status Sign(LedgerId ledger, TreeSize size);
  absl::Status StoreCheckpoint(TreeSize size, const std::string& note);
  absl::Status ReadBack(LedgerId ledger, TreeSize size);
  absl::StatusOr<Hash> CommittedRoot(LedgerId ledger, TreeSize size) const;
  absl::StatusOr<merkle::TreeBuilder> RestoreTree(LedgerId ledger, TreeSize size) const;
  absl::Status RestoreHead(LedgerId ledger);
  absl::Status TakeHead(LedgerId ledger, const std::string& note);
  absl::Status RestoreReplica();
  absl::StatusOr<bool> Fail(const absl::Status& status);
  void TellStopped();

  // Step's own. `verified` grows only from bytes read back from the store (L2).
  merkle::TreeBuilder verified_[kLedgerCount];
  absl::Time last_signed_[kLedgerCount];
  // Of the exchange ledger, since its last checkpoint.
  uint64_t unsigned_bytes_ = 0;
  // Between its last two stored checkpoints; unknown after Open, then none is thinned out.
  uint64_t last_run_bytes_ = kRunBytesMax;
  // The last head was put, but a crash came before its checkpoint was stored.
  bool head_not_stored_ = false;
};

namespace {

// What groups and runs will add, before they are added.
struct Weight {
  size_t entries = 0;
  uint64_t exchange_entries = 0, exchange_bytes = 0;

  void Add(const PreparedEntry& entry) {
    ++entries;
    if (entry.ledger != LedgerId::kExchange) return;
    ++exchange_entries;
    exchange_bytes += kHeaderBytesMax + entry.sealed_payload.size();
  }
  void Add(const Weight& other) {
    entries += other.entries;
    exchange_entries += other.exchange_entries;
    exchange_bytes += other.exchange_bytes;
  }
};

Weight WeightOf(const Group& group) {
  Weight weight;
  for (const PreparedEntry& entry : group.entries) weight.Add(entry);
  return weight;
}

Weight WeightOf(const ReplicaRun& run) {
  Weight weight;
  weight.entries = run.entries.size();
  for (const PreparedEntry& verdict : run.verdicts) weight.Add(verdict);
  return weight;
}

}  // namespace

// One Step's batch under construction.
struct Ledgers::Rep::Work {
  Batch batch;
  merkle::TreeBuilder trees[kLedgerCount];
  std::vector<merkle::Tile> tiles;
  std::vector<Group> groups;
  std::vector<ReplicaRun> runs;
  // Deques: the fold sees pointers into them.
  std::deque<PreparedEntry> kept;
  std::vector<CommittedEntry> committed;
  std::vector<std::vector<Position>> positions;  // Per group.
  std::vector<absl::Status> group_errors, run_errors;
  absl::Status note_error;  // Of the projector, about an entry that was added.
  std::string partner_head;
  uint64_t bytes = 0;
  Weight weight;
  bool empty() const {
    return committed.empty() && batch.state_puts.empty() && batch.state_deletes.empty();
  }
};

absl::Status Ledgers::Rep::Restore() {
  const Sizes sizes = store->sizes();
  for (int i = 0; i < kLedgerCount; ++i) {
    const LedgerId ledger = static_cast<LedgerId>(i);
    ASSIGN_OR_RETURN(trees[i], RestoreTree(ledger, sizes.of(ledger)));
    last_signed_[i] = absl::InfinitePast();
  }
  const std::unique_ptr<Snapshot> snapshot = store->GetSnapshot();
  RETURN_IF_ERROR(snapshot->ScanState(
      kCheckpointPrefix, [this](absl::string_view key, absl::string_view value) {
        const absl::string_view size = key.substr(sizeof kCheckpointPrefix - 1);
        if (size.size() == 8) checkpoints[LoadBigEndian64(size.data())] = std::string(value);
        return true;
      }));
  RETURN_IF_ERROR(RestoreHead(LedgerId::kExchange));
  RETURN_IF_ERROR(RestoreHead(LedgerId::kHome));
  RETURN_IF_ERROR(snapshot->ScanEntries(LedgerId::kExchange, heads_signed[0].size.next_index(),
                                        [this](Index, EntryRow&& row) {
                                          unsigned_bytes_ += row.header.size() + row.payload.size();
                                          return true;
                                        }));
  return RestoreReplica();
}

absl::StatusOr<merkle::TreeBuilder> Ledgers::Rep::RestoreTree(LedgerId ledger,
                                                              TreeSize size) const {
  const StoreTiles tiles(*store, ledger);
  return merkle::TreeBuilder::Restore(
      size, tiles, [this, ledger](Index index) -> absl::StatusOr<Hash> {
        ASSIGN_OR_RETURN(const EntryRow row, store->GetEntry({ledger, index}));
        return merkle::LeafHash(row.header);
      });
}

absl::StatusOr<Hash> Ledgers::Rep::CommittedRoot(LedgerId ledger, TreeSize size) const {
  const merkle::TreeBuilder& tree = trees[static_cast<int>(ledger)];
  if (size == tree.size()) return tree.Root();
  const StoreTiles tiles(*store, ledger);
  const merkle::TileHashSource source(tiles, tree);
  return merkle::RootAt(size, source);
}

// P9: the last signed head lives outside every backup. The store's own last checkpoint stands in
// for a head store that was lost or is older.
absl::Status Ledgers::Rep::RestoreHead(LedgerId ledger) {
  const int i = static_cast<int>(ledger);
  const absl::StatusOr<std::string> note = heads->Get(HeadName(ledger));
  if (note.ok()) {
    RETURN_IF_ERROR(TakeHead(ledger, *note));
  } else if (!absl::IsNotFound(note.status())) {
    return note.status();
  }
  if (ledger == LedgerId::kExchange) {
    if (!checkpoints.empty()) RETURN_IF_ERROR(TakeHead(ledger, checkpoints.rbegin()->second));
    const Signed& head = heads_signed[i];
    head_not_stored_ =
        !head.note.empty() && checkpoints.emplace(head.size.value(), head.note).second;
  }
  // What is not signed yet is read back before it is (L2), also what an earlier run had committed.
  ASSIGN_OR_RETURN(verified_[i], RestoreTree(ledger, heads_signed[i].size));
  ASSIGN_OR_RETURN(const Hash root, CommittedRoot(ledger, heads_signed[i].size));
  if (verified_[i].Root() != root) {
    return absl::DataLossError("the ledger's tiles do not match its entries");
  }
  return absl::OkStatus();
}

// Fewer entries than a signed head covers, or others, and this node would sign a fork of what the
// partner has seen.
absl::Status Ledgers::Rep::TakeHead(LedgerId ledger, const std::string& note) {
  const int i = static_cast<int>(ledger);
  ASSIGN_OR_RETURN(const note::Checkpoint head, PeekCheckpoint(note));
  if (head.origin != origins[i]) {
    return absl::FailedPreconditionError("the last signed head is of another ledger");
  }
  if (head.size > trees[i].size()) {
    return absl::DataLossError(absl::StrCat("the ledger holds ", trees[i].size().value(),
                                            " entries but ", head.size.value(),
                                            " are signed: restore before this node signs again"));
  }
  ASSIGN_OR_RETURN(const Hash root, CommittedRoot(ledger, head.size));
  if (root != head.root) {
    return absl::DataLossError("the ledger's entries are not those of the last signed head");
  }
  if (head.size > heads_signed[i].size) heads_signed[i] = {note, head.size};
  return absl::OkStatus();
}

absl::Status Ledgers::Rep::RestoreReplica() {
  const absl::StatusOr<std::string> partner = store->GetState(kPartnerHead);
  if (absl::IsNotFound(partner.status()) && trees[2].size() == TreeSize(0)) return absl::OkStatus();
  if (absl::IsNotFound(partner.status())) {
    return absl::DataLossError("the replica has entries but no checkpoint of the partner");
  }
  RETURN_IF_ERROR(partner.status());
  ASSIGN_OR_RETURN(const note::Checkpoint head, PeekCheckpoint(*partner));
  if (head.size != trees[2].size() || head.root != trees[2].Root()) {
    return absl::DataLossError("the replica does not match the partner's last checkpoint");
  }
  heads_signed[2] = {*partner, head.size};
  return absl::OkStatus();
}

absl::StatusOr<bool> Ledgers::Rep::Fail(const absl::Status& status) {
  {
    std::lock_guard<std::mutex> lock(state_mutex);
    failure = status;
  }
  TellStopped();
  return status;
}

// Nobody waits for a committer that has stopped.
void Ledgers::Rep::TellStopped() {
  std::deque<Group> groups_left;
  std::deque<ReplicaRun> runs_left;
  {
    std::lock_guard<std::mutex> lock(queue_mutex);
    groups_left.swap(groups);
    runs_left.swap(runs);
  }
  const absl::Status stopped = absl::UnavailableError("the ledger has stopped; nothing is written");
  for (ReplicaRun& run : runs_left) {
    if (run.durable) run.durable(stopped);
  }
  for (Group& group : groups_left) {
    if (group.durable) group.durable(stopped);
  }
}

absl::StatusOr<bool> Ledgers::Rep::Step(absl::Time now) {
  absl::Status failed;
  {
    std::lock_guard<std::mutex> lock(state_mutex);
    failed = failure;
  }
  if (!failed.ok()) {
    TellStopped();
    return failed;
  }
  const absl::StatusOr<bool> did = CommitWaiting(now);
  if (!did.ok()) return Fail(did.status());
  bool idle;
  {
    std::lock_guard<std::mutex> lock(queue_mutex);
    idle = groups.empty() && runs.empty();
  }
  const absl::StatusOr<bool> signed_one = SignDue(now, idle);
  if (!signed_one.ok()) return Fail(signed_one.status());
  return *did || *signed_one;
}

absl::StatusOr<bool> Ledgers::Rep::CommitWaiting(absl::Time now) {
  Work work;
  Take(&work);
  if (work.groups.empty() && work.runs.empty()) return false;
  absl::Status status = EndRunBefore(work, now);
  if (status.ok()) {
    for (ReplicaRun& run : work.runs) work.run_errors.push_back(AddRun(&run, now, &work));
    for (Group& group : work.groups) work.group_errors.push_back(AddGroup(&group, now, &work));
    if (!work.empty()) status = CommitWork(&work);
  } else {
    work.run_errors.resize(work.runs.size());
    work.group_errors.resize(work.groups.size());
  }
  Tell(&work, status);
  if (!status.ok()) return status;
  return true;
}

// Takes one item of any size, or several that together stay within the batch's bounds.
void Ledgers::Rep::Take(Work* work) {
  const auto fits = [work](const Weight& more) {
    return work->weight.entries == 0 ||
           (work->weight.entries + more.entries <= kBatchEntriesMax &&
            work->weight.exchange_bytes + more.exchange_bytes <= kRunBytesMax / 2);
  };
  {
    std::lock_guard<std::mutex> lock(queue_mutex);
    while (!runs.empty()) {
      const Weight more = WeightOf(runs.front());
      if (!fits(more)) break;
      work->weight.Add(more);
      work->runs.push_back(std::move(runs.front()));
      runs.pop_front();
    }
    while (runs.empty() && !groups.empty()) {
      const Weight more = WeightOf(groups.front());
      if (!fits(more)) break;
      work->weight.Add(more);
      work->groups.push_back(std::move(groups.front()));
      groups.pop_front();
    }
  }
  if (work->groups.empty() && work->runs.empty()) return;
  for (int i = 0; i < kLedgerCount; ++i) work->trees[i] = trees[i];
}

// P7: a batch that would make the open run too long ends it first.
absl::Status Ledgers::Rep::EndRunBefore(const Work& work, absl::Time now) {
  {
    std::lock_guard<std::mutex> lock(state_mutex);
    if (!signing_stopped.empty()) return absl::OkStatus();
  }
  const uint64_t waiting = trees[0].size().value() - heads_signed[0].size.value();
  if (waiting == 0 || work.weight.exchange_entries == 0) return absl::OkStatus();
  if (waiting + work.weight.exchange_entries <= kRunEntriesMax &&
      unsigned_bytes_ + work.weight.exchange_bytes <= kRunBytesMax) {
    return absl::OkStatus();
  }
  return SignAll(LedgerId::kExchange, now);
}

void Ledgers::Rep::AddRow(Position position, EntryRow row, Work* work) {
  const int i = static_cast<int>(position.ledger);
  work->tiles.clear();
  work->trees[i].Append(merkle::LeafHash(row.header), &work->tiles);
  for (merkle::Tile& tile : work->tiles) {
    work->batch.tiles.push_back({position.ledger, tile.level, tile.index, std::move(tile.hashes)});
  }
  if (position.ledger == LedgerId::kExchange) {
    work->bytes += row.header.size() + row.payload.size();
  }
  work->batch.entries[i].push_back(std::move(row));
}

// Tells the projector of the entry just added, if the next own step may depend on it.
void Ledgers::Rep::Note(Work* work) {
  using ledger::v1::EntryHeader;
  const CommittedEntry& entry = work->committed.back();
  const EntryHeader::Kind kind = entry.header->kind();
  if (kind != EntryHeader::ADOPTION && kind != EntryHeader::STEP && kind != EntryHeader::REJECTED &&
      kind != EntryHeader::PARKED) {
    return;
  }
  if (entry.position.ledger == LedgerId::kHome) return;
  work->note_error.Update(projector->Note(entry));
}

Position Ledgers::Rep::AddEntry(PreparedEntry* entry, absl::Time now, Work* work) {
  const int i = static_cast<int>(entry->ledger);
  LINTAS_CHECK(entry->ledger != LedgerId::kReplica);
  const Position position{entry->ledger, work->trees[i].size().next_index()};
  ledger::v1::EntryHeader& header = entry->header;
  header.set_origin(origins[i]);
  header.set_index(position.index.value());
  header.set_seen_partner(work->trees[2].size().value());
  header.set_seen_exchange(entry->ledger == LedgerId::kHome ? work->trees[0].size().value() : 0);
  const int64_t seconds = absl::ToUnixSeconds(now);
  header.set_time_s(entry->sensitive ? seconds - seconds % 3600 : seconds);
  EntryRow row;
  row.header = SerializeHeader(header);
  row.payload = std::move(entry->sealed_payload);
  row.key = std::move(entry->wrapped_key);
  AddRow(position, std::move(row), work);
  work->kept.push_back(std::move(*entry));
  const PreparedEntry& kept = work->kept.back();
  work->committed.push_back({position, &kept.header,
                             kept.payload.sections().empty() ? nullptr : &kept.payload,
                             kept.terms_given ? &kept.terms : nullptr});
  Note(work);
  return position;
}

absl::Status Ledgers::Rep::AddRun(ReplicaRun* run, absl::Time now, Work* work) {
  if (run->old_size != work->trees[2].size()) {
    return absl::AbortedError("the replica moved on since the run was read");
  }
  // Checked before anything is added, so that a refused run leaves the work as it was.
  ASSIGN_OR_RETURN(const note::Checkpoint head, PeekCheckpoint(run->checkpoint_note));
  merkle::TreeBuilder after = work->trees[2];
  std::vector<merkle::Tile> unused;
  for (const ReplicaRun::Entry& entry : run->entries) {
    after.Append(merkle::LeafHash(entry.header), &unused);
  }
  if (head.size != after.size() || head.root != after.Root()) {
    return absl::DataLossError("the run does not lead to the partner's checkpoint");
  }
  for (ReplicaRun::Entry& entry : run->entries) {
    const Position position{LedgerId::kReplica, work->trees[2].size().next_index()};
    EntryRow row;
    row.header = std::move(entry.header);
    row.payload = std::move(entry.prepared.sealed_payload);
    row.key = std::move(entry.prepared.wrapped_key);
    AddRow(position, std::move(row), work);
    work->kept.push_back(std::move(entry.prepared));
    const PreparedEntry& kept = work->kept.back();
    work->committed.push_back({position, &kept.header,
                               kept.payload.sections().empty() ? nullptr : &kept.payload,
                               kept.terms_given ? &kept.terms : nullptr});
    Note(work);
  }
  work->partner_head = run->checkpoint_note;
  work->batch.state_puts.emplace_back(kPartnerHead, run->checkpoint_note);
  for (PreparedEntry& verdict : run->verdicts) {
    // A verdict releases nothing; it names the version in force in this ledger (P21).
    verdict.header.set_agreement_version(projector->AdoptedVersion());
    AddEntry(&verdict, now, work);
  }
  return absl::OkStatus();
}

absl::Status Ledgers::Rep::AddGroup(Group* group, absl::Time now, Work* work) {
  std::vector<Position>& positions = work->positions.emplace_back();
  projector->BeginGroup();
  for (const PreparedEntry& entry : group->entries) {
    if (entry.ledger == LedgerId::kExchange) RETURN_IF_ERROR(projector->CheckOwn(entry.header));
  }
  for (PreparedEntry& entry : group->entries) {
    if (entry.header.kind() == ledger::v1::EntryHeader::FULL_VERSION) {
      // The home entry of a record stands behind its exchange entry (P2).
      LINTAS_CHECK(!positions.empty() && positions.back().ledger == LedgerId::kExchange);
      entry.header.set_target_first(positions.back().index.value());
    }
    positions.push_back(AddEntry(&entry, now, work));
  }
  if (group->finish) {
    std::vector<PreparedEntry> more;
    group->finish(positions, &more);
    for (PreparedEntry& entry : more) {
      LINTAS_CHECK(entry.ledger == LedgerId::kHome);
      AddEntry(&entry, now, work);
    }
  }
  DeleteNodeState(&group->node_state_deletes, work);
  for (auto& [key, value] : group->node_state) {
    LINTAS_CHECK(absl::string_view(key).substr(0, 2) == "n/");
    work->batch.state_puts.emplace_back(std::move(key), std::move(value));
  }
  return absl::OkStatus();
}

// A batch's deletes come before its puts, so what an earlier group of it put is taken out.
void Ledgers::Rep::DeleteNodeState(std::vector<std::string>* keys, Work* work) {
  auto& puts = work->batch.state_puts;
  for (std::string& key : *keys) {
    LINTAS_CHECK(absl::string_view(key).substr(0, 2) == "n/");
    puts.erase(std::remove_if(puts.begin(), puts.end(),
                              [&key](const auto& put) { return put.first == key; }),
               puts.end());
    work->batch.state_deletes.push_back(std::move(key));
  }
}

// Crash before the store's commit: nothing is there, callers repeat. Crash after: everything is
// there, without a checkpoint; the next Open signs when Step runs.
absl::Status Ledgers::Rep::CommitWork(Work* work) {
  RETURN_IF_ERROR(work->note_error);
  RETURN_IF_ERROR(projector->Project(*store, work->committed, &work->batch));
  RETURN_IF_ERROR(store->Commit(std::move(work->batch)));
  projector->Committed();
  std::lock_guard<std::mutex> lock(state_mutex);
  for (int i = 0; i < kLedgerCount; ++i) trees[i] = std::move(work->trees[i]);
  if (!work->partner_head.empty()) {
    heads_signed[2] = {work->partner_head, trees[2].size()};
  }
  unsigned_bytes_ += work->bytes;
  return absl::OkStatus();
}

void Ledgers::Rep::Tell(Work* work, const absl::Status& status) {
  const absl::Status unavailable =
      status.ok() ? status
                  : absl::UnavailableError("the ledger could not be written; it may be on disk");
  for (size_t i = 0; i < work->runs.size(); ++i) {
    const absl::Status& own = work->run_errors[i];
    if (work->runs[i].durable) work->runs[i].durable(own.ok() ? unavailable : own);
  }
  for (size_t i = 0; i < work->groups.size(); ++i) {
    if (!work->groups[i].durable) continue;
    const absl::Status& own = work->group_errors[i];
    if (!own.ok()) {
      work->groups[i].durable(own);
    } else if (!unavailable.ok()) {
      work->groups[i].durable(unavailable);
    } else {
      work->groups[i].durable(std::move(work->positions[i]));
    }
  }
}

absl::StatusOr<bool> Ledgers::Rep::SignDue(absl::Time now, bool idle) {
  bool did = false;
  for (const LedgerId ledger : {LedgerId::kExchange, LedgerId::kHome}) {
    const int i = static_cast<int>(ledger);
    {
      std::lock_guard<std::mutex> lock(state_mutex);
      if (!signing_stopped.empty()) return did;
    }
    const uint64_t waiting = trees[i].size().value() - heads_signed[i].size.value();
    if (waiting == 0) continue;
    // The clock may have been set back: then the interval counts as over.
    const absl::Duration since = now - last_signed_[i];
    const bool over =
        since < absl::ZeroDuration() ||
        since >= (ledger == LedgerId::kExchange ? kCheckpointInterval : kHomeCheckpointInterval);
    // The next batch adds at most kBatchEntriesMax plus one group.
    const bool full = ledger == LedgerId::kExchange &&
                      (waiting + kBatchEntriesMax + kGroupEntriesMax > kRunEntriesMax ||
                       unsigned_bytes_ >= kRunBytesMax / 2);
    if (!over && !full && !(ledger == LedgerId::kExchange && idle)) continue;
    RETURN_IF_ERROR(SignAll(ledger, now));
    did = true;
  }
  return did;
}

// Signs all that is committed. A node that had stopped signing may have more than one run to sign.
absl::Status Ledgers::Rep::SignAll(LedgerId ledger, absl::Time now) {
  const int i = static_cast<int>(ledger);
  while (heads_signed[i].size < trees[i].size()) {
    const uint64_t waiting = trees[i].size().value() - heads_signed[i].size.value();
    const uint64_t run =
        ledger == LedgerId::kExchange ? std::min(waiting, kRunEntriesMax) : waiting;
    RETURN_IF_ERROR(Sign(ledger, TreeSize(heads_signed[i].size.value() + run)));
  }
  last_signed_[i] = now;
  return absl::OkStatus();
}

// Re-reads what is on disk and hashes it again: a bit that flipped on the way is found before it is
// signed (the fate of two public logs), and nothing is signed that is not on disk.
absl::Status Ledgers::Rep::ReadBack(LedgerId ledger, TreeSize size) {
  const int i = static_cast<int>(ledger);
  std::vector<merkle::Tile> tiles;
  RETURN_IF_ERROR(store->GetSnapshot()->ScanHeaders(
      ledger, verified_[i].size().next_index(), [&](Index index, absl::string_view header) {
        if (!size.covers(index)) return false;
        verified_[i].Append(merkle::LeafHash(header), &tiles);
        return true;
      }));
  ASSIGN_OR_RETURN(const Hash committed, CommittedRoot(ledger, size));
  if (verified_[i].size() != size || verified_[i].Root() != committed) {
    return absl::DataLossError("entries read back from disk are not those that were committed");
  }
  return absl::OkStatus();
}

// Crash after the head is put and before the state is: the head is served again by Open.
absl::Status Ledgers::Rep::Sign(LedgerId ledger, TreeSize size) {
  const int i = static_cast<int>(ledger);
  LINTAS_CHECK(size > heads_signed[i].size);  // L3
  RETURN_IF_ERROR(ReadBack(ledger, size));
  const std::string note = note::SignCheckpoint({origins[i], size, verified_[i].Root()}, *log_key);
  RETURN_IF_ERROR(heads->Put(HeadName(ledger), note));
  if (ledger == LedgerId::kExchange) RETURN_IF_ERROR(StoreCheckpoint(size, note));
  std::function<void()> listener;
  {
    std::lock_guard<std::mutex> lock(state_mutex);
    heads_signed[i] = {note, size};
  }
  {
    std::lock_guard<std::mutex> lock(queue_mutex);
    if (ledger == LedgerId::kExchange) listener = checkpoint_listener;
  }
  if (listener) listener();
  return absl::OkStatus();
}

// Keeps where runs end. Thins out: a run may be long, so of checkpoints closer together than half
// of one every other goes.
absl::Status Ledgers::Rep::StoreCheckpoint(TreeSize size, const std::string& note) {
  Batch batch;
  const auto last = checkpoints.rbegin();
  const uint64_t run_bytes = last_run_bytes_ + unsigned_bytes_;
  const bool drop = checkpoints.size() >= 2 &&
                    size.value() - std::next(last)->first <= kRunEntriesMax / 2 &&
                    run_bytes <= kRunBytesMax / 2;
  if (drop) batch.state_deletes.push_back(CheckpointKey(TreeSize(last->first)));
  if (head_not_stored_ && !drop) {
    batch.state_puts.emplace_back(CheckpointKey(TreeSize(last->first)), last->second);
  }
  batch.state_puts.emplace_back(CheckpointKey(size), note);
  RETURN_IF_ERROR(store->Commit(std::move(batch)));
  std::lock_guard<std::mutex> lock(state_mutex);
  if (drop) checkpoints.erase(std::prev(checkpoints.end()));
  checkpoints[size.value()] = note;
  head_not_stored_ = false;
  last_run_bytes_ = drop ? run_bytes : unsigned_bytes_;
  unsigned_bytes_ = 0;
  return absl::OkStatus();
}

Ledgers::Ledgers(std::unique_ptr<Rep> rep) : rep_(std::move(rep)) {}
Ledgers::~Ledgers() = default;

absl::StatusOr<std::unique_ptr<Ledgers>> Ledgers::Open(const LedgersOptions& options, Store* store,
                                                       HeadStore* heads, SigningKey log_key,
                                                       Projector* projector, Random* random) {
  auto rep = std::make_unique<Rep>();
  rep->options = options;
  rep->store = store;
  rep->heads = heads;
  rep->log_key = std::make_unique<SigningKey>(std::move(log_key));
  rep->projector = projector;
  rep->random = random;
  rep->origins = LedgerOrigins(options);
  RETURN_IF_ERROR(rep->Restore());
  return std::unique_ptr<Ledgers>(new Ledgers(std::move(rep)));
}

void Ledgers::Enqueue(Group group) {
  LINTAS_CHECK(group.entries.size() <= kGroupEntriesMax);
  std::function<void()> wake;
  {
    std::lock_guard<std::mutex> lock(rep_->queue_mutex);
    rep_->groups.push_back(std::move(group));
    wake = rep_->wake;
  }
  if (wake) wake();
}

void Ledgers::Enqueue(ReplicaRun run) {
  std::function<void()> wake;
  {
    std::lock_guard<std::mutex> lock(rep_->queue_mutex);
    rep_->runs.push_back(std::move(run));
    wake = rep_->wake;
  }
  if (wake) wake();
}

absl::StatusOr<bool> Ledgers::Step(absl::Time now) { return rep_->Step(now); }

void Ledgers::StopSigning(absl::string_view why) {
  std::lock_guard<std::mutex> lock(rep_->state_mutex);
  rep_->signing_stopped = std::string(why);
}

void Ledgers::SetWake(std::function<void()> wake) {
  std::lock_guard<std::mutex> lock(rep_->queue_mutex);
  rep_->wake = std::move(wake);
}

void Ledgers::SetCheckpointListener(std::function<void()> listener) {
  std::lock_guard<std::mutex> lock(rep_->queue_mutex);
  rep_->checkpoint_listener = std::move(listener);
}

const LedgersOptions& Ledgers::options() const { return rep_->options; }

const std::string& Ledgers::origin(LedgerId ledger) const {
  return rep_->origins[static_cast<int>(ledger)];
}

TreeSize Ledgers::size(LedgerId ledger) const {
  std::lock_guard<std::mutex> lock(rep_->state_mutex);
  return rep_->trees[static_cast<int>(ledger)].size();
}

absl::StatusOr<std::string> Ledgers::CheckpointNote(LedgerId ledger) const {
  std::lock_guard<std::mutex> lock(rep_->state_mutex);
  const Signed& head = rep_->heads_signed[static_cast<int>(ledger)];
  if (head.note.empty()) {
    return MakeError(absl::StatusCode::kNotFound, "NO_CHECKPOINT", "nothing is signed yet");
  }
  return head.note;
}

absl::StatusOr<std::string> Ledgers::RunCheckpoint(TreeSize from) const {
  std::lock_guard<std::mutex> lock(rep_->state_mutex);
  const auto found = rep_->checkpoints.upper_bound(from.value());
  if (found == rep_->checkpoints.end()) return absl::NotFoundError("all that is signed was read");
  return found->second;
}

TreeSize Ledgers::signed_size(LedgerId ledger) const {
  std::lock_guard<std::mutex> lock(rep_->state_mutex);
  return rep_->heads_signed[static_cast<int>(ledger)].size;
}

absl::StatusOr<std::vector<Hash>> Ledgers::InclusionProof(LedgerId ledger, Index index,
                                                          TreeSize size) const {
  merkle::TreeBuilder tree;
  {
    std::lock_guard<std::mutex> lock(rep_->state_mutex);
    tree = rep_->trees[static_cast<int>(ledger)];
  }
  StoreTiles tiles(*rep_->store, ledger);
  merkle::TileHashSource source(tiles, tree);
  return merkle::InclusionProof(index, size, source);
}

absl::StatusOr<Hash> Ledgers::RootAt(LedgerId ledger, TreeSize size) const {
  merkle::TreeBuilder tree;
  {
    std::lock_guard<std::mutex> lock(rep_->state_mutex);
    tree = rep_->trees[static_cast<int>(ledger)];
  }
  StoreTiles tiles(*rep_->store, ledger);
  merkle::TileHashSource source(tiles, tree);
  return merkle::RootAt(size, source);
}

merkle::TreeBuilder Ledgers::ReplicaTree() const {
  std::lock_guard<std::mutex> lock(rep_->state_mutex);
  return rep_->trees[2];
}

absl::Status Ledgers::health() const {
  std::lock_guard<std::mutex> lock(rep_->state_mutex);
  if (!rep_->failure.ok()) return rep_->failure;
  if (!rep_->signing_stopped.empty()) return absl::DataLossError(rep_->signing_stopped);
  return absl::OkStatus();
}

Store* Ledgers::store() const { return rep_->store; }
Random* Ledgers::random() const { return rep_->random; }

}  // namespace lintas

// A node's ledgers on a memory disk that outlives them, for the tests of this folder.
#ifndef LINTAS_TESTS_UNIT_SERVER_LEDGER_LEDGER_WORLD_H_
#define LINTAS_TESTS_UNIT_SERVER_LEDGER_LEDGER_WORLD_H_

#include <gtest/gtest.h>

#include <algorithm>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "server/ledger/ledgers.h"
#include "server/ledger/merkle/tree_hash.h"
#include "server/store/memory/memory_store.h"

namespace lintas {

using ledger::v1::EntryHeader;

// Bytes that count up.
class CountingRandom final : public Random {
 public:
  void Fill(void* out, size_t size) override {
    for (size_t i = 0; i < size; ++i) static_cast<char*>(out)[i] = static_cast<char>(next_++ * 37);
  }

 private:
  unsigned next_ = 0;
};

// Remembers what it was shown, keeps the last header as state, and refuses what it is told to
// refuse.
class FakeProjector final : public Projector {
 public:
  absl::Status Project(const Store&, const std::vector<CommittedEntry>& entries,
                       Batch* batch) override {
    if (!failure.ok()) return failure;
    for (const CommittedEntry& entry : entries) {
      seen.push_back(entry.position);
      batch->state_puts.emplace_back("f/last", entry.header->SerializeAsString());
    }
    return absl::OkStatus();
  }
  void Committed() override { ++committed; }
  absl::Status CheckOwn(const EntryHeader& header) override {
    if (header.code() == refused_code) return absl::AbortedError("refused");
    return absl::OkStatus();
  }
  uint32_t AdoptedVersion() const override { return adopted; }

  std::vector<Position> seen;
  int committed = 0;
  uint32_t adopted = 0;
  absl::Status failure;
  std::string refused_code = "REFUSED";
};

inline SigningKey LogKey(char seed) { return *SigningKey::FromSeed(Secret(std::string(32, seed))); }

class LedgerWorld : public testing::Test {
 protected:
  LedgerWorld() { Reopen(); }

  static LedgersOptions Options() {
    LedgersOptions options;
    options.partnership = "idn-khm";
    options.country = "idn";
    options.partner_country = "khm";
    options.trust_domain = "imigrasi.go.id";
    options.partner_trust_domain = "immigration.gov.kh";
    return options;
  }

  // A crash and a new start: what is not on the disks is gone.
  absl::Status TryReopen() {
    ledgers.reset();
    store = MemoryStore::Open(disk);
    store->DerivedComplete();
    heads = std::make_unique<MemoryHeadStore>(head_disk);
    projector = std::make_unique<FakeProjector>();
    auto opened =
        Ledgers::Open(options, store.get(), heads.get(), LogKey('L'), projector.get(), &random);
    if (!opened.ok()) return opened.status();
    ledgers = *std::move(opened);
    return absl::OkStatus();
  }
  void Reopen() {
    const absl::Status status = TryReopen();
    ASSERT_TRUE(status.ok()) << status;
  }

  PreparedEntry Entry(LedgerId ledger, EntryHeader::Kind kind = EntryHeader::REVISION,
                      const std::string& content = "") {
    PreparedEntry entry;
    entry.ledger = ledger;
    entry.header.set_format(kEntryFormat);
    entry.header.set_kind(kind);
    entry.header.set_code(content);
    entry.header.set_digests(random.Bytes(128));
    return entry;
  }

  std::vector<PreparedEntry> Entries(LedgerId ledger, size_t count) {
    std::vector<PreparedEntry> entries;
    for (size_t i = 0; i < count; ++i) entries.push_back(Entry(ledger));
    return entries;
  }

  Group GroupOf(std::vector<PreparedEntry> entries) {
    Group group;
    group.entries = std::move(entries);
    return group;
  }

  // Appends `count` entries and steps until they are durable and signed if that is due.
  void Append(LedgerId ledger, size_t count, absl::Time at) {
    while (count > 0) {
      const size_t now = std::min(count, kGroupEntriesMax);
      ledgers->Enqueue(GroupOf(Entries(ledger, now)));
      count -= now;
    }
    StepAll(at);
  }
  // As Append, but something else always waits in the queue: nothing is signed for being idle.
  void AppendBusy(LedgerId ledger, size_t count, absl::Time at) {
    Group group = GroupOf(Entries(ledger, count));
    group.durable = [this](absl::StatusOr<std::vector<Position>>) { ledgers->Enqueue(Group()); };
    ledgers->Enqueue(std::move(group));
    const auto did = ledgers->Step(at);
    ASSERT_TRUE(did.ok()) << did.status();
  }
  void StepAll(absl::Time at) {
    for (int i = 0; i < 1000; ++i) {
      const auto did = ledgers->Step(at);
      ASSERT_TRUE(did.ok()) << did.status();
      if (!*did) return;
    }
    FAIL() << "the ledgers never rest";
  }

  EntryHeader HeaderAt(LedgerId ledger, uint64_t index) {
    const auto row = store->GetEntry({ledger, Index(index)});
    EXPECT_TRUE(row.ok()) << row.status();
    const auto header = row.ok() ? ParseHeader(row->header) : EntryHeader();
    EXPECT_TRUE(header.ok()) << header.status();
    return header.ok() ? *header : EntryHeader();
  }

  static note::Checkpoint Read(const std::string& text) {
    const auto note = note::ParseNote(text);
    EXPECT_TRUE(note.ok()) << note.status();
    const auto checkpoint = note::ParseCheckpoint(note->text);
    EXPECT_TRUE(checkpoint.ok()) << checkpoint.status();
    return checkpoint.ok() ? *checkpoint : note::Checkpoint();
  }

  // The sizes at which runs end, from the ledger's beginning.
  std::vector<uint64_t> RunEnds() {
    std::vector<uint64_t> ends;
    TreeSize from(0);
    while (true) {
      const auto note = ledgers->RunCheckpoint(from);
      if (!note.ok()) return ends;
      from = Read(*note).size;
      ends.push_back(from.value());
    }
  }
  static uint64_t LongestRun(const std::vector<uint64_t>& ends) {
    uint64_t longest = 0, last = 0;
    for (const uint64_t end : ends) {
      longest = std::max(longest, end - last);
      last = end;
    }
    return longest;
  }

  // The next run of the partner's ledger: `count` entries and a checkpoint over all until then.
  ReplicaRun PartnerRun(size_t count) {
    ReplicaRun run;
    run.old_size = partner_tree.size();
    std::vector<merkle::Tile> full;
    for (size_t i = 0; i < count; ++i) {
      ReplicaRun::Entry entry;
      entry.prepared = Entry(LedgerId::kReplica);
      entry.prepared.header.set_origin(ledgers->origin(LedgerId::kReplica));
      entry.prepared.header.set_index(partner_tree.size().value());
      entry.header = SerializeHeader(entry.prepared.header);
      partner_tree.Append(merkle::LeafHash(entry.header), &full);
      run.entries.push_back(std::move(entry));
    }
    run.checkpoint_note = note::SignCheckpoint(
        {ledgers->origin(LedgerId::kReplica), partner_tree.size(), partner_tree.Root()},
        LogKey('P'));
    return run;
  }

  const absl::Time t0 = absl::FromUnixSeconds(1773201600 + 1234);
  LedgersOptions options = Options();
  CountingRandom random;
  std::shared_ptr<MemoryDisk> disk = std::make_shared<MemoryDisk>();
  std::shared_ptr<MemoryHeadDisk> head_disk = std::make_shared<MemoryHeadDisk>();
  std::unique_ptr<MemoryStore> store;
  std::unique_ptr<MemoryHeadStore> heads;
  std::unique_ptr<FakeProjector> projector;
  std::unique_ptr<Ledgers> ledgers;
  merkle::TreeBuilder partner_tree;
};

}  // namespace lintas

#endif  // LINTAS_TESTS_UNIT_SERVER_LEDGER_LEDGER_WORLD_H_

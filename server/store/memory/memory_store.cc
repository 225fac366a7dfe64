#include "server/store/memory/memory_store.h"

#include <algorithm>
#include <deque>
#include <map>
#include <set>
#include <tuple>
#include <utility>

#include "absl/container/btree_map.h"
#include "absl/container/btree_set.h"
#include "server/base/check.h"
#include "server/base/error.h"

namespace lintas {
namespace {

constexpr uint64_t kNever = ~uint64_t{0};

absl::Status NotFound(absl::string_view what) { return absl::NotFoundError(what); }

// SplitMix64 (Steele, Lea, Flood 2014): one well mixed word from a seed.
uint64_t Mix(uint64_t seed) {
  seed += 0x9e3779b97f4a7c15;
  seed = (seed ^ (seed >> 30)) * 0xbf58476d1ce4e5b9;
  seed = (seed ^ (seed >> 27)) * 0x94d049bb133111eb;
  return seed ^ (seed >> 31);
}

}  // namespace

// Every value carries the sequence of the commit that wrote it, so that a snapshot is one number.
struct MemoryDisk::Image {
  struct Row {
    EntryRow entry;
    uint64_t erased_at = kNever;
  };
  struct Version {
    uint64_t sequence;
    absl::optional<std::string> value;  // None: deleted.
  };
  using Versions = std::vector<Version>;
  using TileKey = std::tuple<int, int, uint64_t>;

  mutable absl::Mutex mutex;
  uint64_t sequence = 0;
  std::array<std::deque<Row>, kLedgerCount> ledgers;
  absl::btree_map<TileKey, std::pair<uint64_t, std::string>> tiles;
  std::map<std::string, Versions> state;
  absl::btree_set<DerivedKey> derived;
  Sizes mark;
  std::multiset<uint64_t> snapshots;
  // Erased rows whose bytes a living snapshot may still read.
  std::vector<Position> to_clear;

  uint64_t epoch = 0;
  int fail_countdown = 0;
  CommitFault fault = CommitFault::kNone;
  bool disk_full = false;
  absl::optional<uint64_t> lose_derived_seed;
  int fail_background_after = 0;

  Sizes sizes() const {
    return Sizes{TreeSize(ledgers[0].size()), TreeSize(ledgers[1].size()),
                 TreeSize(ledgers[2].size())};
  }
  Row* row(Position position) {
    auto& rows = ledgers[static_cast<int>(position.ledger)];
    return position.index.value() < rows.size() ? &rows[position.index.value()] : nullptr;
  }
  bool erased(Position position) {
    Row* found = row(position);
    return found != nullptr && found->erased_at != kNever;
  }
  void PutState(const std::string& key, absl::optional<std::string> value);
  void Apply(Batch&& batch);
  void ClearErased();
  absl::StatusOr<EntryRow> ReadEntry(Position position, uint64_t at);
  absl::StatusOr<std::string> ReadTile(LedgerId ledger, int level, uint64_t index, uint64_t at);
  absl::StatusOr<std::string> ReadState(absl::string_view key, uint64_t at);
  static const std::string* Visible(const Versions& versions, uint64_t at);
  void LoseDerived(uint64_t seed);
};

const std::string* MemoryDisk::Image::Visible(const Versions& versions, uint64_t at) {
  for (auto it = versions.rbegin(); it != versions.rend(); ++it) {
    if (it->sequence <= at) return it->value ? &*it->value : nullptr;
  }
  return nullptr;
}

void MemoryDisk::Image::PutState(const std::string& key, absl::optional<std::string> value) {
  Versions& versions = state[key];
  const uint64_t oldest = snapshots.empty() ? sequence : *snapshots.begin();
  // A version is needed as long as a snapshot lies between it and its successor.
  auto keep = versions.end();
  while (keep != versions.begin()) {
    --keep;
    if (keep->sequence <= oldest) break;
  }
  if (snapshots.empty()) keep = versions.end();
  versions.erase(versions.begin(), keep);
  if (!versions.empty() && versions.back().sequence == sequence) versions.pop_back();
  if (!value && versions.empty()) {
    state.erase(key);
    return;
  }
  versions.push_back({sequence, std::move(value)});
}

void MemoryDisk::Image::Apply(Batch&& batch) {
  ++sequence;
  for (int i = 0; i < kLedgerCount; ++i) {
    for (EntryRow& entry : batch.entries[i]) ledgers[i].push_back({std::move(entry), kNever});
  }
  for (TileRow& tile : batch.tiles) {
    tiles[TileKey(static_cast<int>(tile.ledger), tile.level, tile.index)] = {
        sequence, std::move(tile.hashes)};
  }
  for (const std::string& key : batch.state_deletes) PutState(key, absl::nullopt);
  for (auto& put : batch.state_puts) PutState(put.first, std::move(put.second));
  for (Position position : batch.erased) {
    Row* found = row(position);
    LINTAS_CHECK(found != nullptr);
    if (found->erased_at != kNever) continue;
    found->erased_at = sequence;
    to_clear.push_back(position);
  }
  ClearErased();
}

void MemoryDisk::Image::ClearErased() {
  const uint64_t oldest = snapshots.empty() ? kNever : *snapshots.begin();
  auto kept = std::remove_if(to_clear.begin(), to_clear.end(), [&](Position position) {
    Row* found = row(position);
    if (found->erased_at > oldest) return false;
    found->entry.payload.clear();
    found->entry.key.clear();
    return true;
  });
  to_clear.erase(kept, to_clear.end());
}

absl::StatusOr<EntryRow> MemoryDisk::Image::ReadEntry(Position position, uint64_t at) {
  Row* found = row(position);
  if (found == nullptr) return NotFound("no entry at this index");
  if (found->erased_at <= at) return EntryRow{found->entry.header, "", ""};
  return found->entry;
}

absl::StatusOr<std::string> MemoryDisk::Image::ReadTile(LedgerId ledger, int level, uint64_t index,
                                                        uint64_t at) {
  auto it = tiles.find(TileKey(static_cast<int>(ledger), level, index));
  if (it == tiles.end() || it->second.first > at) return NotFound("no such full tile");
  return it->second.second;
}

absl::StatusOr<std::string> MemoryDisk::Image::ReadState(absl::string_view key, uint64_t at) {
  auto it = state.find(std::string(key));
  const std::string* value = it == state.end() ? nullptr : Visible(it->second, at);
  if (value == nullptr) return NotFound("no such state key");
  return *value;
}

void MemoryDisk::Image::LoseDerived(uint64_t seed) {
  auto lower = [&seed](TreeSize size) {
    seed = Mix(seed);
    return TreeSize(seed % (size.value() + 1));
  };
  mark = Sizes{lower(mark.exchange), lower(mark.home), lower(mark.replica)};
  for (auto it = derived.begin(); it != derived.end();) {
    const Position position = it->position();
    it = mark.of(position.ledger).covers(position.index) ? std::next(it) : derived.erase(it);
  }
}

MemoryDisk::MemoryDisk() : image_(std::make_unique<Image>()) {}
MemoryDisk::~MemoryDisk() = default;

void MemoryDisk::FailNthCommit(int n, CommitFault fault) {
  absl::MutexLock lock(&image_->mutex);
  image_->fail_countdown = n;
  image_->fault = fault;
}

void MemoryDisk::SetDiskFull(bool full) {
  absl::MutexLock lock(&image_->mutex);
  image_->disk_full = full;
}

void MemoryDisk::LoseDerivedAtOpen(uint64_t seed) {
  absl::MutexLock lock(&image_->mutex);
  image_->lose_derived_seed = seed;
}

void MemoryDisk::FailBackgroundAfter(int step) {
  absl::MutexLock lock(&image_->mutex);
  image_->fail_background_after = step;
}

void MemoryDisk::FlipBitForTest(Position position, bool in_payload) {
  absl::MutexLock lock(&image_->mutex);
  Image::Row* found = image_->row(position);
  LINTAS_CHECK(found != nullptr);
  std::string& bytes = in_payload ? found->entry.payload : found->entry.header;
  LINTAS_CHECK(!bytes.empty());
  bytes[bytes.size() / 2] ^= 1;
}

std::shared_ptr<MemoryDisk> MemoryDisk::CloneForTest() const {
  absl::MutexLock lock(&image_->mutex);
  auto clone = std::make_shared<MemoryDisk>();
  clone->image_->sequence = image_->sequence;
  clone->image_->ledgers = image_->ledgers;
  clone->image_->tiles = image_->tiles;
  clone->image_->state = image_->state;
  clone->image_->derived = image_->derived;
  clone->image_->mark = image_->mark;
  clone->image_->to_clear = image_->to_clear;
  clone->image_->ClearErased();
  return clone;
}

class MemorySnapshot : public Snapshot {
 public:
  // The disk's lock is held.
  explicit MemorySnapshot(std::shared_ptr<MemoryDisk> disk)
      : disk_(std::move(disk)), sequence_(image().sequence), sizes_(image().sizes()) {
    image().snapshots.insert(sequence_);
  }
  ~MemorySnapshot() override {
    absl::MutexLock lock(&image().mutex);
    image().snapshots.erase(image().snapshots.find(sequence_));
    image().ClearErased();
  }
  Sizes sizes() const override { return sizes_; }

  absl::StatusOr<EntryRow> GetEntry(Position position) const override {
    if (!sizes_.of(position.ledger).covers(position.index)) return NotFound("past the size");
    absl::ReaderMutexLock lock(&image().mutex);
    return image().ReadEntry(position, sequence_);
  }

  absl::Status ScanEntries(LedgerId ledger, Index from,
                           const std::function<bool(Index, EntryRow&&)>& visit) const override {
    for (uint64_t i = from.value(); i < sizes_.of(ledger).value(); ++i) {
      absl::StatusOr<EntryRow> row = GetEntry({ledger, Index(i)});
      if (!row.ok()) return row.status();
      if (!visit(Index(i), *std::move(row))) break;
    }
    return absl::OkStatus();
  }

  absl::StatusOr<std::string> GetTile(LedgerId ledger, int level, uint64_t index) const override {
    absl::ReaderMutexLock lock(&image().mutex);
    return image().ReadTile(ledger, level, index, sequence_);
  }

  absl::StatusOr<std::string> GetState(absl::string_view key) const override {
    absl::ReaderMutexLock lock(&image().mutex);
    return image().ReadState(key, sequence_);
  }

  absl::Status ScanState(
      absl::string_view prefix,
      const std::function<bool(absl::string_view, absl::string_view)>& visit) const override {
    // `visit` may call the store, so it runs without the lock.
    std::vector<std::pair<std::string, std::string>> found;
    {
      absl::ReaderMutexLock lock(&image().mutex);
      const auto& state = image().state;
      for (auto it = state.lower_bound(std::string(prefix)); it != state.end(); ++it) {
        if (it->first.compare(0, prefix.size(), prefix.data(), prefix.size()) != 0) break;
        const std::string* value = MemoryDisk::Image::Visible(it->second, sequence_);
        if (value != nullptr) found.emplace_back(it->first, *value);
      }
    }
    for (const auto& pair : found) {
      if (!visit(pair.first, pair.second)) break;
    }
    return absl::OkStatus();
  }

 private:
  MemoryDisk::Image& image() const { return *disk_->image_; }
  const std::shared_ptr<MemoryDisk> disk_;
  const uint64_t sequence_;
  const Sizes sizes_;
};

// What a crash loses.
struct MemoryStore::Tail {
  absl::btree_set<DerivedKey> keys;
  absl::btree_set<DerivedKey> frozen;
  // The mark once `frozen` is on the disk.
  absl::optional<Sizes> frozen_sizes;
  uint64_t entries = 0;
  bool complete = false;
  bool failed = false;
  uint64_t commits = 0;
};

std::unique_ptr<MemoryStore> MemoryStore::Open(std::shared_ptr<MemoryDisk> disk,
                                               const MemoryStoreOptions& options) {
  return std::unique_ptr<MemoryStore>(new MemoryStore(std::move(disk), options));
}

MemoryStore::MemoryStore(std::shared_ptr<MemoryDisk> disk, const MemoryStoreOptions& options)
    : disk_(std::move(disk)), options_(options), tail_(std::make_unique<Tail>()) {
  MemoryDisk::Image& image = *disk_->image_;
  absl::MutexLock lock(&image.mutex);
  epoch_ = ++image.epoch;
  if (image.lose_derived_seed) image.LoseDerived(*image.lose_derived_seed);
  image.lose_derived_seed.reset();
  tail_->complete = image.mark == image.sizes();
}

MemoryStore::~MemoryStore() = default;

absl::Status MemoryStore::Writable() const {
  if (tail_->failed || epoch_ != disk_->image_->epoch) {
    return MakeError(absl::StatusCode::kUnavailable, "STORE_STOPPED",
                     "The store failed a write or was opened again; open it again.");
  }
  return absl::OkStatus();
}

void MemoryStore::FreezeIfFull() {
  if (tail_->entries < options_.tail_entries_max || tail_->frozen_sizes || !tail_->complete) return;
  tail_->frozen.swap(tail_->keys);
  tail_->frozen_sizes = disk_->image_->sizes();
  tail_->entries = 0;
}

absl::Status MemoryStore::Commit(Batch&& batch) {
  MemoryDisk::Image& image = *disk_->image_;
  absl::MutexLock lock(&image.mutex);
  absl::Status writable = Writable();
  if (!writable.ok()) return writable;
  LINTAS_CHECK(tail_->complete);
  absl::Status valid = CheckBatch(batch, image.sizes());
  if (!valid.ok()) return valid;
  if (image.disk_full) {
    tail_->failed = true;
    return MakeError(absl::StatusCode::kResourceExhausted, "DISK_FULL", "The disk is full.");
  }
  CommitFault fault = CommitFault::kNone;
  if (image.fail_countdown > 0 && --image.fail_countdown == 0) fault = image.fault;
  const absl::Status crashed =
      MakeError(absl::StatusCode::kUnavailable, "STORE_STOPPED", "The write failed.");
  if (fault == CommitFault::kCrashBeforeCommit || fault == CommitFault::kTornBatch) {
    tail_->failed = true;
    return crashed;
  }
  for (const auto& rows : batch.entries) tail_->entries += rows.size();
  tail_->keys.insert(batch.derived.begin(), batch.derived.end());
  image.Apply(std::move(batch));
  ++tail_->commits;
  if (fault == CommitFault::kCrashAfterCommit) {
    tail_->failed = true;
    return crashed;
  }
  FreezeIfFull();
  return absl::OkStatus();
}

Sizes MemoryStore::sizes() const {
  absl::ReaderMutexLock lock(&disk_->image_->mutex);
  return disk_->image_->sizes();
}

std::unique_ptr<Snapshot> MemoryStore::GetSnapshot() const {
  absl::MutexLock lock(&disk_->image_->mutex);
  return std::make_unique<MemorySnapshot>(disk_);
}

absl::StatusOr<EntryRow> MemoryStore::GetEntry(Position position) const {
  absl::ReaderMutexLock lock(&disk_->image_->mutex);
  return disk_->image_->ReadEntry(position, kNever - 1);
}

absl::StatusOr<std::string> MemoryStore::GetTile(LedgerId ledger, int level, uint64_t index) const {
  absl::ReaderMutexLock lock(&disk_->image_->mutex);
  return disk_->image_->ReadTile(ledger, level, index, kNever - 1);
}

absl::StatusOr<std::string> MemoryStore::GetState(absl::string_view key) const {
  absl::ReaderMutexLock lock(&disk_->image_->mutex);
  return disk_->image_->ReadState(key, kNever - 1);
}

absl::StatusOr<std::vector<DerivedKey>> MemoryStore::TryFind(
    absl::string_view prefix, const absl::optional<DerivedKey>& after, size_t limit) const {
  MemoryDisk::Image& image = *disk_->image_;
  absl::ReaderMutexLock lock(&image.mutex);
  LINTAS_CHECK(tail_->complete);
  LINTAS_CHECK(prefix.size() <= DerivedKey::kSize);
  DerivedKey first;
  std::memcpy(first.bytes.data(), prefix.data(), prefix.size());
  const absl::btree_set<DerivedKey>* sources[] = {&tail_->keys, &tail_->frozen, &image.derived};
  std::set<DerivedKey> merged;
  for (const auto* source : sources) {
    auto it = after && first < *after ? source->upper_bound(*after) : source->lower_bound(first);
    // A key may stand in two sources, so each gives up to `limit`.
    for (size_t n = 0; it != source->end() && n < limit; ++it) {
      if (std::memcmp(it->bytes.data(), prefix.data(), prefix.size()) != 0) break;
      if (after && !(*after < *it)) continue;
      if (image.erased(it->position())) continue;
      merged.insert(*it);
      ++n;
    }
  }
  std::vector<DerivedKey> found(merged.begin(), merged.end());
  if (found.size() > limit) found.resize(limit);
  return found;
}

Sizes MemoryStore::DerivedMark() const {
  absl::ReaderMutexLock lock(&disk_->image_->mutex);
  return disk_->image_->mark;
}

absl::Status MemoryStore::AddDerived(std::vector<DerivedKey> keys) {
  MemoryDisk::Image& image = *disk_->image_;
  absl::MutexLock lock(&image.mutex);
  absl::Status writable = Writable();
  if (!writable.ok()) return writable;
  Batch batch;
  batch.derived = std::move(keys);
  absl::Status valid = CheckBatch(batch, image.sizes());
  if (!valid.ok()) return valid;
  tail_->keys.insert(batch.derived.begin(), batch.derived.end());
  return absl::OkStatus();
}

void MemoryStore::DerivedComplete() {
  const MemoryDisk::Image& image = *disk_->image_;
  absl::MutexLock lock(&image.mutex);
  if (tail_->complete) return;
  tail_->complete = true;
  const Sizes sizes = image.sizes();
  tail_->entries += sizes.exchange.value() - image.mark.exchange.value() + sizes.home.value() -
                    image.mark.home.value() + sizes.replica.value() - image.mark.replica.value();
}

absl::Status MemoryStore::ClearDerived() {
  MemoryDisk::Image& image = *disk_->image_;
  absl::MutexLock lock(&image.mutex);
  absl::Status writable = Writable();
  if (!writable.ok()) return writable;
  image.mark = Sizes();
  image.derived.clear();
  const uint64_t commits = tail_->commits;
  *tail_ = Tail();
  tail_->commits = commits;
  tail_->complete = image.mark == image.sizes();
  return absl::OkStatus();
}

absl::Status MemoryStore::ClearState(absl::string_view prefix) {
  MemoryDisk::Image& image = *disk_->image_;
  absl::MutexLock lock(&image.mutex);
  absl::Status writable = Writable();
  if (!writable.ok()) return writable;
  std::vector<std::string> keys;
  for (auto it = image.state.lower_bound(std::string(prefix)); it != image.state.end(); ++it) {
    if (it->first.compare(0, prefix.size(), prefix.data(), prefix.size()) != 0) break;
    keys.push_back(it->first);
  }
  ++image.sequence;
  for (const std::string& key : keys) image.PutState(key, absl::nullopt);
  return absl::OkStatus();
}

absl::StatusOr<bool> MemoryStore::BackgroundStep() {
  MemoryDisk::Image& image = *disk_->image_;
  absl::MutexLock lock(&image.mutex);
  absl::Status writable = Writable();
  if (!writable.ok()) return writable;
  if (!tail_->frozen_sizes) FreezeIfFull();
  if (!tail_->frozen_sizes) return false;
  const int fail_after = std::exchange(image.fail_background_after, 0);
  const absl::Status crashed =
      MakeError(absl::StatusCode::kUnavailable, "STORE_STOPPED", "The write failed.");
  tail_->failed = fail_after > 0;
  // A crash here leaves a sorted file that nobody names.
  if (fail_after == 1) return crashed;
  for (const DerivedKey& key : tail_->frozen) {
    if (!image.erased(key.position())) image.derived.insert(key);
  }
  // A crash here leaves keys past the mark; they are given again.
  if (fail_after == 2) return crashed;
  image.mark = *tail_->frozen_sizes;
  tail_->frozen.clear();
  tail_->frozen_sizes.reset();
  tail_->failed = false;
  FreezeIfFull();
  return true;
}

absl::Status MemoryStore::CompactErased() {
  MemoryDisk::Image& image = *disk_->image_;
  absl::MutexLock lock(&image.mutex);
  absl::Status writable = Writable();
  if (!writable.ok()) return writable;
  for (absl::btree_set<DerivedKey>* keys : {&tail_->keys, &tail_->frozen, &image.derived}) {
    for (auto it = keys->begin(); it != keys->end();) {
      it = image.erased(it->position()) ? keys->erase(it) : std::next(it);
    }
  }
  return absl::OkStatus();
}

std::vector<std::pair<std::string, uint64_t>> MemoryStore::Statistics() const {
  const MemoryDisk::Image& image = *disk_->image_;
  absl::ReaderMutexLock lock(&image.mutex);
  const Sizes sizes = image.sizes();
  return {{"exchange_entries", sizes.exchange.value()},
          {"home_entries", sizes.home.value()},
          {"replica_entries", sizes.replica.value()},
          {"derived_tail_keys", tail_->keys.size()},
          {"derived_frozen_keys", tail_->frozen.size()},
          {"derived_file_keys", image.derived.size()},
          {"state_keys", image.state.size()},
          {"commits", tail_->commits}};
}

void MemoryHeadDisk::FailNextPut(bool stored) {
  absl::MutexLock lock(&mutex_);
  fail_next_ = true;
  store_failed_ = stored;
}

std::shared_ptr<MemoryHeadDisk> MemoryHeadDisk::CloneForTest() const {
  auto clone = std::make_shared<MemoryHeadDisk>();
  absl::MutexLock lock(&mutex_);
  absl::MutexLock clone_lock(&clone->mutex_);
  clone->values_ = values_;
  return clone;
}

absl::StatusOr<std::string> MemoryHeadStore::Get(absl::string_view name) const {
  if (!IsHeadName(name)) return absl::InvalidArgumentError("not a head name");
  absl::MutexLock lock(&disk_->mutex_);
  auto it = disk_->values_.find(name);
  if (it == disk_->values_.end()) return NotFound("no such head");
  return it->second;
}

absl::Status MemoryHeadStore::Put(absl::string_view name, absl::string_view value) {
  if (!IsHeadName(name)) return absl::InvalidArgumentError("not a head name");
  absl::MutexLock lock(&disk_->mutex_);
  const bool fail = std::exchange(disk_->fail_next_, false);
  if (!fail || disk_->store_failed_) disk_->values_[std::string(name)] = std::string(value);
  if (fail) {
    return MakeError(absl::StatusCode::kUnavailable, "HEADS_UNAVAILABLE", "The write failed.");
  }
  return absl::OkStatus();
}

}  // namespace lintas

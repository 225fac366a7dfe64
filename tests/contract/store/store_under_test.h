// A store of either kind with its durable image: what the contract suite runs on.
#ifndef LINTAS_TESTS_CONTRACT_STORE_STORE_UNDER_TEST_H_
#define LINTAS_TESTS_CONTRACT_STORE_STORE_UNDER_TEST_H_

#include <cstdlib>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"
#include "server/store/memory/memory_store.h"
#include "server/store/rocksdb/file_heads.h"
#include "server/store/rocksdb/rocksdb_store.h"

namespace lintas {

// A folder of its own that is gone afterwards.
class TemporaryFolder {
 public:
  explicit TemporaryFolder(const std::string& parent = ::testing::TempDir()) {
    std::string pattern = parent + "/lintas_store_XXXXXX";
    path_ = ::mkdtemp(&pattern[0]);
  }
  ~TemporaryFolder() { std::filesystem::remove_all(path_); }
  const std::string& path() const { return path_; }

 private:
  std::string path_;
};

enum class StoreKind { kMemory, kRocksDb };

// What outlives the store object.
class Durable {
 public:
  explicit Durable(StoreKind kind, uint64_t tail_entries_max)
      : kind_(kind), tail_entries_max_(tail_entries_max) {}

  std::unique_ptr<Store> Open() {
    if (kind_ == StoreKind::kMemory) {
      MemoryStoreOptions options;
      options.tail_entries_max = tail_entries_max_;
      return MemoryStore::Open(disk_, options);
    }
    RocksDbStoreOptions options;
    options.path = folder_.path() + "/store";
    options.tail_entries_max = tail_entries_max_;
    options.write_buffer_bytes = 1 << 20;
    options.block_cache_bytes = 4 << 20;
    auto store = RocksDbStore::Open(options);
    EXPECT_TRUE(store.ok()) << store.status();
    return *std::move(store);
  }

  std::unique_ptr<HeadStore> OpenHeads() {
    if (kind_ == StoreKind::kMemory) return std::make_unique<MemoryHeadStore>(head_disk_);
    auto heads = FileHeadStore::Open(folder_.path() + "/heads");
    EXPECT_TRUE(heads.ok()) << heads.status();
    return *std::move(heads);
  }

 private:
  const StoreKind kind_;
  const uint64_t tail_entries_max_;
  std::shared_ptr<MemoryDisk> disk_ = std::make_shared<MemoryDisk>();
  std::shared_ptr<MemoryHeadDisk> head_disk_ = std::make_shared<MemoryHeadDisk>();
  TemporaryFolder folder_;
};

// The rows and keys that a test expects follow from the position alone.
inline EntryRow RowAt(LedgerId ledger, uint64_t index) {
  const std::string tag = absl::StrCat(static_cast<int>(ledger), "/", index);
  return {"header " + tag, "payload " + tag + std::string(100, 'x'), "key " + tag};
}

// Two keys for each entry: one shared by every tenth, one of its own.
inline std::vector<DerivedKey> KeysAt(LedgerId ledger, uint64_t index) {
  const Position position{ledger, Index(index)};
  return {DerivedKey::Make(1, absl::StrCat("tenth ", index % 10), position),
          DerivedKey::Make(2, absl::StrCat("own ", index), position)};
}

// `count` entries of `ledger` from `first`, with their keys.
inline Batch EntriesBatch(LedgerId ledger, uint64_t first, uint64_t count) {
  Batch batch;
  for (uint64_t i = first; i < first + count; ++i) {
    batch.entries[static_cast<int>(ledger)].push_back(RowAt(ledger, i));
    for (const DerivedKey& key : KeysAt(ledger, i)) batch.derived.push_back(key);
  }
  return batch;
}

// What the records floor does after a crash: gives back the keys past the mark.
inline void GiveBackDerived(Store* store) {
  const Sizes mark = store->DerivedMark(), sizes = store->sizes();
  std::vector<DerivedKey> keys;
  for (LedgerId ledger : {LedgerId::kExchange, LedgerId::kHome, LedgerId::kReplica}) {
    for (uint64_t i = mark.of(ledger).value(); i < sizes.of(ledger).value(); ++i) {
      for (const DerivedKey& key : KeysAt(ledger, i)) keys.push_back(key);
    }
  }
  ASSERT_TRUE(store->AddDerived(keys).ok());
  store->DerivedComplete();
}

}  // namespace lintas

#endif  // LINTAS_TESTS_CONTRACT_STORE_STORE_UNDER_TEST_H_

// What a power cut, a damaged byte and an erasure leave in the files of the RocksDB store (P9, P31,
// P3). A kill of the process never loses what the kernel holds and would prove nothing here.
#include <rocksdb/db.h>
#include <rocksdb/env.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "server/store/rocksdb/rocksdb_store.h"
#include "tests/contract/store/lossy_file_system.h"
#include "tests/contract/store/store_under_test.h"

namespace lintas {
namespace {

constexpr LedgerId kE = LedgerId::kExchange;
constexpr uint64_t kBatchEntries = 7;

class PowerCut : public ::testing::Test {
 protected:
  absl::StatusOr<std::unique_ptr<RocksDbStore>> Open() {
    RocksDbStoreOptions options;
    options.path = folder_->path() + "/store";
    options.env = env_.get();
    options.tail_entries_max = 21;
    options.write_buffer_bytes = 16'384;  // RocksDB rounds up to 64 KiB: some files are written.
    options.block_cache_bytes = 1 << 20;
    options.background_jobs = 1;
    return RocksDbStore::Open(options);
  }

  // Batch `n`: seven entries, a state key with their number, and every third batch erases an entry
  // of the batch before.
  static Batch BatchAt(uint64_t n) {
    Batch batch = EntriesBatch(kE, n * kBatchEntries, kBatchEntries);
    for (EntryRow& row : batch.entries[0]) row.payload += std::string(900, 'y');
    batch.state_puts = {{"size", absl::StrCat((n + 1) * kBatchEntries)}};
    if (n % 3 == 2) batch.erased = {{kE, Index((n - 1) * kBatchEntries)}};
    return batch;
  }
  static bool ErasedBy(uint64_t index, uint64_t batches) {
    return index % kBatchEntries == 0 && (index / kBatchEntries) % 3 == 1 &&
           index / kBatchEntries + 1 < batches;
  }

  // Commits until the power goes or `batches` are there; returns how many were acknowledged.
  static uint64_t Work(RocksDbStore* store, uint64_t batches) {
    uint64_t acknowledged = store->sizes().exchange.value() / kBatchEntries;
    for (; acknowledged < batches; ++acknowledged) {
      if (!store->Commit(BatchAt(acknowledged)).ok()) break;
      if (acknowledged % 4 == 3 && !store->BackgroundStep().ok()) {
        ++acknowledged;
        break;
      }
    }
    return acknowledged;
  }

  static void ExpectWhole(RocksDbStore* store, uint64_t acknowledged) {
    const uint64_t size = store->sizes().exchange.value();
    const uint64_t batches = size / kBatchEntries;
    EXPECT_EQ(size % kBatchEntries, 0u);
    EXPECT_GE(batches, acknowledged);
    EXPECT_LE(batches, acknowledged + 1);  // The one under way may be there, whole.
    if (batches > 0) {
      EXPECT_EQ(store->GetState("size").value(), absl::StrCat(size));
    }
    size_t live = 0;
    for (uint64_t i = 0; i < size; ++i) {
      const auto row = store->GetEntry({kE, Index(i)});
      ASSERT_TRUE(row.ok()) << row.status();
      EXPECT_EQ(row->header, RowAt(kE, i).header);
      const bool erased = ErasedBy(i, batches);
      EXPECT_EQ(row->payload, erased ? "" : RowAt(kE, i).payload + std::string(900, 'y'));
      EXPECT_EQ(row->key, erased ? "" : RowAt(kE, i).key);
      live += erased ? 0 : 1;
    }
    EXPECT_LE(store->DerivedMark().exchange, store->sizes().exchange);
    GiveBackDerived(store);
    const auto found = store->Find("", absl::nullopt, 1'000'000);
    EXPECT_EQ(found.size(), 2 * live);
    EXPECT_TRUE(std::is_sorted(found.begin(), found.end()));
  }

  // One life: work with a cut before change `n`, restore, look, work on, look again.
  void RunWithCut(int n, UnsyncedTail unsynced) {
    SCOPED_TRACE(absl::StrCat("cut before change ", n, ", tail ", static_cast<int>(unsynced)));
    folder_ = NewFolder();
    uint64_t acknowledged = 0;
    system_->CutPowerBefore(n);
    {
      auto store = Open();
      if (store.ok()) acknowledged = Work(store->get(), kBatches);
    }
    system_->Restore(unsynced);
    auto store = Open();
    ASSERT_TRUE(store.ok()) << store.status();
    ExpectWhole(store->get(), acknowledged);
    EXPECT_EQ(Work(store->get(), kBatches + 3), kBatches + 3);
    store->reset();
    store = Open();
    ASSERT_TRUE(store.ok()) << store.status();
    ExpectWhole(store->get(), kBatches + 3);
  }

  // Syncs are only noted, so memory serves as a disk where there is one.
  static std::unique_ptr<TemporaryFolder> NewFolder() {
    const bool memory = ::access("/dev/shm", W_OK) == 0;
    return std::make_unique<TemporaryFolder>(memory ? "/dev/shm" : ::testing::TempDir());
  }

  static constexpr uint64_t kBatches = 24;
  std::shared_ptr<LossyFileSystem> system_ = std::make_shared<LossyFileSystem>();
  std::unique_ptr<rocksdb::Env> env_ = rocksdb::NewCompositeEnv(system_);
  std::unique_ptr<TemporaryFolder> folder_ = NewFolder();
};

TEST_F(PowerCut, LosesNothingAcknowledgedWhereverItComes) {
  int total = 0;
  {
    auto store = Open();
    ASSERT_TRUE(store.ok()) << store.status();
    EXPECT_EQ(Work(store->get(), kBatches), kBatches);
    total = system_->changes();
  }
  system_->Restore(UnsyncedTail::kKept);
  constexpr UnsyncedTail kTails[] = {UnsyncedTail::kLost, UnsyncedTail::kHalfKept,
                                     UnsyncedTail::kKept};
  // LINTAS_CRASH_STRIDE=1 visits every change, in some minutes; the default visits some.
  const char* given = std::getenv("LINTAS_CRASH_STRIDE");
  const int stride = given == nullptr ? 29 : std::max(1, std::atoi(given));
  int drawn = 0;
  for (int n = 1; n <= total && !HasFailure(); n += stride) {
    RunWithCut(n, kTails[drawn++ % 3]);
  }
  EXPECT_GT(total, 200);
}

TEST_F(PowerCut, BetweenAnyTwoStepsOfFreezeWriteIngestMarkLosesOnlyKeysPastTheMark) {
  {
    auto store = Open();
    ASSERT_TRUE(store.ok()) << store.status();
    for (uint64_t i = 0; i < 4; ++i) ASSERT_TRUE((*store)->Commit(BatchAt(i)).ok());
  }
  system_->Restore(UnsyncedTail::kKept);
  const auto before = std::move(folder_);
  int last = 0;
  for (UnsyncedTail unsynced : {UnsyncedTail::kLost, UnsyncedTail::kKept}) {
    bool cut = true;
    // What was never synced is the harder fate and visited at every change.
    const int stride = unsynced == UnsyncedTail::kLost ? 1 : 4;
    for (int n = 1; cut && !HasFailure(); n += stride) {
      SCOPED_TRACE(absl::StrCat("cut before change ", n, " of the step"));
      folder_ = NewFolder();
      std::filesystem::copy(before->path(), folder_->path(),
                            std::filesystem::copy_options::recursive);
      {
        auto store = Open();
        ASSERT_TRUE(store.ok()) << store.status();
        GiveBackDerived(store->get());
        system_->CutPowerBefore(n);
        const bool moved = (*store)->BackgroundStep().ok();
        cut = system_->power_is_cut();
        EXPECT_EQ(moved, !cut);
      }
      system_->Restore(unsynced);
      auto store = Open();
      ASSERT_TRUE(store.ok()) << store.status();
      ExpectWhole(store->get(), 4);
      last = n;
    }
  }
  EXPECT_GT(last, 10) << "the step has at least write, sync, link, manifest and mark";
}

TEST_F(PowerCut, TheHarnessForgetsWhatWasNotSynced) {
  // Without syncs the same harness must lose data, or it proves nothing.
  const std::string name = folder_->path() + "/file";
  std::unique_ptr<rocksdb::WritableFile> file;
  ASSERT_TRUE(env_->NewWritableFile(name, &file, rocksdb::EnvOptions()).ok());
  ASSERT_TRUE(file->Append("synced").ok());
  ASSERT_TRUE(file->Sync().ok());
  ASSERT_TRUE(file->Append(" and not").ok());
  ASSERT_TRUE(file->Close().ok());
  std::unique_ptr<rocksdb::Directory> folder;
  ASSERT_TRUE(env_->NewDirectory(folder_->path(), &folder).ok());
  ASSERT_TRUE(folder->Fsync().ok());
  ASSERT_TRUE(env_->RenameFile(name, name + "2").ok());
  system_->Restore(UnsyncedTail::kLost);
  std::string content;
  ASSERT_TRUE(rocksdb::ReadFileToString(env_.get(), name, &content).ok());
  EXPECT_EQ(content, "synced");
  EXPECT_TRUE(env_->FileExists(name + "2").IsNotFound());
}

// Damage and erasure, on real files.

class Files : public ::testing::Test {
 protected:
  absl::StatusOr<std::unique_ptr<RocksDbStore>> Open() {
    RocksDbStoreOptions options;
    options.path = folder_.path() + "/store";
    options.tail_entries_max = 100;
    options.write_buffer_bytes = 1 << 20;
    options.block_cache_bytes = 0;
    return RocksDbStore::Open(options);
  }
  std::vector<std::string> Names() const {
    std::vector<std::string> names;
    for (const auto& file : std::filesystem::recursive_directory_iterator(folder_.path())) {
      if (file.is_regular_file()) names.push_back(file.path().string());
    }
    return names;
  }
  static std::string Content(const std::string& name) {
    std::ifstream file(name, std::ios::binary);
    return std::string(std::istreambuf_iterator<char>(file), {});
  }
  std::vector<std::string> NamesWith(const std::string& needle) const {
    std::vector<std::string> found;
    for (const std::string& name : Names()) {
      if (Content(name).find(needle) != std::string::npos) found.push_back(name);
    }
    return found;
  }
  static void Flip(const std::string& name, uint64_t offset) {
    std::fstream file(name, std::ios::binary | std::ios::in | std::ios::out);
    file.seekg(static_cast<std::streamoff>(offset));
    const char byte = static_cast<char>(file.get() ^ 0x10);
    file.seekp(static_cast<std::streamoff>(offset));
    file.put(byte);
  }
  // Every row that can be read is right; the rest is an error. Returns the number of right rows.
  static uint64_t RightRows(RocksDbStore* store) {
    uint64_t right = 0;
    for (uint64_t i = 0; i < store->sizes().exchange.value(); ++i) {
      const auto row = store->GetEntry({kE, Index(i)});
      if (!row.ok()) {
        EXPECT_TRUE(absl::IsDataLoss(row.status())) << row.status();
        continue;
      }
      EXPECT_EQ(row->header, RowAt(kE, i).header);
      EXPECT_EQ(row->payload, RowAt(kE, i).payload);
      EXPECT_EQ(row->key, RowAt(kE, i).key);
      ++right;
    }
    return right;
  }
  TemporaryFolder folder_;
};

TEST_F(Files, ADamagedByteOfTheLogIsAnErrorOrASmallerSizeNeverWrongBytes) {
  std::string log;
  {
    auto store = Open();
    ASSERT_TRUE(store.ok()) << store.status();
    for (uint64_t i = 0; i < 40; ++i) {
      ASSERT_TRUE((*store)->Commit(EntriesBatch(kE, i * 3, 3)).ok());
    }
    log = NamesWith("payload 0/119").at(0);
  }
  ASSERT_EQ(std::filesystem::path(log).extension(), ".log");
  const std::string saved = folder_.path() + "/saved";
  std::filesystem::copy(folder_.path() + "/store", saved, std::filesystem::copy_options::recursive);
  const uint64_t bytes = std::filesystem::file_size(log);
  int refused = 0, smaller = 0;
  for (uint64_t step = 0; step < 60; ++step) {
    std::filesystem::remove_all(folder_.path() + "/store");
    std::filesystem::copy(saved, folder_.path() + "/store",
                          std::filesystem::copy_options::recursive);
    Flip(log, step * bytes / 60 + step % 7);
    auto store = Open();
    if (!store.ok()) {
      EXPECT_TRUE(absl::IsDataLoss(store.status())) << store.status();
      ++refused;
      continue;
    }
    const uint64_t size = (*store)->sizes().exchange.value();
    EXPECT_EQ(RightRows(store->get()), size);
    EXPECT_LT(size, 120u) << "a flipped byte went unseen";
    ++smaller;
  }
  EXPECT_GT(refused, 0);
  EXPECT_EQ(refused + smaller, 60);
}

TEST_F(Files, ADamagedByteOfAFileIsDataLossNeverWrongBytes) {
  {
    auto store = Open();
    ASSERT_TRUE(store.ok()) << store.status();
    ASSERT_TRUE((*store)->Commit(EntriesBatch(kE, 0, 200)).ok());
  }
  { ASSERT_TRUE(Open().ok()); }  // Recovery writes the log's rows as files.
  const std::string file = NamesWith("payload 0/150").at(0);
  ASSERT_EQ(std::filesystem::path(file).extension(), ".sst");
  Flip(file, Content(file).find("payload 0/150"));
  auto store = Open();
  if (!store.ok()) {
    EXPECT_TRUE(absl::IsDataLoss(store.status())) << store.status();
    return;
  }
  EXPECT_LT(RightRows(store->get()), 200u);
  EXPECT_TRUE(absl::IsDataLoss((*store)->GetEntry({kE, Index(150)}).status()));
}

TEST_F(Files, ADamagedFileOfKeysIsDataLossNeverAMissingHit) {
  std::string file;
  {
    auto store = Open();
    ASSERT_TRUE(store.ok()) << store.status();
    ASSERT_TRUE((*store)->Commit(EntriesBatch(kE, 0, 200)).ok());
    ASSERT_TRUE((*store)->BackgroundStep().value());
  }
  for (const std::string& name : NamesWith("tenth 3")) {
    if (std::filesystem::path(name).extension() == ".sst") file = name;
  }
  ASSERT_FALSE(file.empty());
  Flip(file, Content(file).find("tenth 3"));
  auto store = Open();
  if (!store.ok()) {
    EXPECT_TRUE(absl::IsDataLoss(store.status())) << store.status();
    return;
  }
  GiveBackDerived(store->get());
  EXPECT_TRUE(absl::IsDataLoss((*store)->TryFind("\1", absl::nullopt, 1000).status()));
}

TEST_F(Files, AMissingLogIsDataLoss) {
  std::string log;
  {
    auto store = Open();
    ASSERT_TRUE(store.ok()) << store.status();
    // More than the write buffers hold, so that logs follow each other.
    for (uint64_t i = 0; i < 40; ++i) {
      Batch batch = EntriesBatch(kE, i, 1);
      batch.entries[0][0].payload = std::string(100'000, 'z');
      ASSERT_TRUE((*store)->Commit(std::move(batch)).ok());
    }
    for (const std::string& name : Names()) {
      if (std::filesystem::path(name).extension() == ".log" && (log.empty() || name < log)) {
        log = name;
      }
    }
  }
  std::filesystem::remove(log);
  EXPECT_TRUE(absl::IsDataLoss(Open().status())) << Open().status();
}

TEST_F(Files, RefusesAnUnknownFormatAndASecondUser) {
  auto store = Open();
  ASSERT_TRUE(store.ok()) << store.status();
  EXPECT_TRUE(absl::IsFailedPrecondition(Open().status())) << Open().status();
  store->reset();
  {
    rocksdb::DB* db = nullptr;
    std::vector<std::string> names;
    const std::string path = folder_.path() + "/store/db";
    ASSERT_TRUE(rocksdb::DB::ListColumnFamilies(rocksdb::DBOptions(), path, &names).ok());
    std::vector<rocksdb::ColumnFamilyDescriptor> families;
    for (const std::string& name : names) {
      families.emplace_back(name, rocksdb::ColumnFamilyOptions());
    }
    std::vector<rocksdb::ColumnFamilyHandle*> handles;
    ASSERT_TRUE(rocksdb::DB::Open(rocksdb::DBOptions(), path, families, &handles, &db).ok());
    ASSERT_TRUE(db->Put(rocksdb::WriteOptions(), "format", "2").ok());
    for (auto* handle : handles) ASSERT_TRUE(db->DestroyColumnFamilyHandle(handle).ok());
    delete db;
  }
  EXPECT_TRUE(absl::IsFailedPrecondition(Open().status())) << Open().status();
}

TEST_F(Files, HoldNoByteOfAnErasedEntryAfterTheNightlyJob) {
  auto store = Open();
  ASSERT_TRUE(store.ok()) << store.status();
  Batch batch = EntriesBatch(kE, 0, 300);
  batch.entries[0][17].payload = "SEALED-PAYLOAD-OF-17";
  batch.entries[0][17].key = "WRAPPED-KEY-OF-17";
  batch.derived.push_back(DerivedKey::Make(9, "TERM-OF-17", {kE, Index(17)}));
  // First and last of the derived keys, so that the manifest names them as ends of their file.
  batch.derived.push_back(DerivedKey::Make(0, "TERM-FIRST", {kE, Index(17)}));
  batch.derived.push_back(DerivedKey::Make(255, "TERM-LAST", {kE, Index(17)}));
  ASSERT_TRUE((*store)->Commit(std::move(batch)).ok());
  ASSERT_TRUE((*store)->BackgroundStep().value());
  const std::string kMarks[] = {"SEALED-PAYLOAD-OF-17", "WRAPPED-KEY-OF-17", "TERM-OF-17",
                                "TERM-FIRST", "TERM-LAST"};
  for (const std::string& mark : kMarks) EXPECT_FALSE(NamesWith(mark).empty()) << mark;

  Batch erase = EntriesBatch(kE, 300, 1);
  erase.erased = {{kE, Index(17)}};
  ASSERT_TRUE((*store)->Commit(std::move(erase)).ok());
  for (const std::string& mark : kMarks) EXPECT_FALSE(NamesWith(mark).empty()) << mark;
  {
    const auto snapshot = (*store)->GetSnapshot();
    EXPECT_TRUE((*store)->CompactErased().ok()) << "the snapshot is younger than the erasure";
  }
  for (const std::string& mark : kMarks) {
    EXPECT_TRUE(NamesWith(mark).empty()) << mark << " in " << NamesWith(mark).front();
  }
  EXPECT_EQ((*store)->Find("\2", absl::nullopt, 1000).size(), 300u);
  EXPECT_EQ((*store)->GetEntry({kE, Index(16)})->payload, RowAt(kE, 16).payload);
  EXPECT_EQ((*store)->GetEntry({kE, Index(17)})->payload, "");
  EXPECT_EQ((*store)->GetEntry({kE, Index(17)})->header, RowAt(kE, 17).header);
}

TEST_F(Files, SayThatAnOldSnapshotHoldsErasedBytes) {
  auto store = Open();
  ASSERT_TRUE(store.ok()) << store.status();
  ASSERT_TRUE((*store)->Commit(EntriesBatch(kE, 0, 3)).ok());
  auto snapshot = (*store)->GetSnapshot();
  Batch erase;
  erase.erased = {{kE, Index(1)}};
  ASSERT_TRUE((*store)->Commit(std::move(erase)).ok());
  EXPECT_TRUE(absl::IsUnavailable((*store)->CompactErased()));
  snapshot.reset();
  EXPECT_TRUE((*store)->CompactErased().ok());
  EXPECT_TRUE(NamesWith("payload 0/1" + std::string(10, 'x')).empty());
  EXPECT_FALSE(NamesWith("payload 0/2" + std::string(10, 'x')).empty());
}

}  // namespace
}  // namespace lintas

#include "server/store/rocksdb/families.h"

#include <rocksdb/cache.h>
#include <rocksdb/compaction_filter.h>
#include <rocksdb/env.h>
#include <rocksdb/filter_policy.h>
#include <rocksdb/slice_transform.h>
#include <rocksdb/table.h>

#include <memory>
#include <utility>

#include "absl/strings/str_cat.h"
#include "server/base/bytes.h"

namespace lintas {
namespace {

// Leaves the keys of erased entries out of rewritten files.
class ErasedFilter : public rocksdb::CompactionFilter {
 public:
  explicit ErasedFilter(const ErasedSet* erased) : erased_(erased) {}
  const char* Name() const override { return "lintas.erased"; }
  bool Filter(int, const rocksdb::Slice& key, const rocksdb::Slice&, std::string*,
              bool*) const override {
    if (key.size() != DerivedKey::kSize || erased_->count() == 0) return false;
    return erased_->Contains(
        Position::FromPacked(LoadBigEndian64(key.data() + DerivedKey::kSize - sizeof(uint64_t))));
  }

 private:
  const ErasedSet* const erased_;
};

class ErasedFilterFactory : public rocksdb::CompactionFilterFactory {
 public:
  explicit ErasedFilterFactory(const ErasedSet* erased) : erased_(erased) {}
  const char* Name() const override { return "lintas.erased"; }
  std::unique_ptr<rocksdb::CompactionFilter> CreateCompactionFilter(
      const rocksdb::CompactionFilter::Context&) override {
    return std::make_unique<ErasedFilter>(erased_);
  }

 private:
  const ErasedSet* const erased_;
};

rocksdb::BlockBasedTableOptions TableOptions(const std::shared_ptr<rocksdb::Cache>& cache) {
  rocksdb::BlockBasedTableOptions table;
  table.block_cache = cache;
  table.checksum = rocksdb::kXXH3;
  table.format_version = 5;
  return table;
}

// Rows that come in order of their keys: a hint makes the insert cheap, files do not overlap and
// are moved down instead of rewritten, and no filter is needed because every index below the size
// is there.
rocksdb::ColumnFamilyOptions InOrder(const std::shared_ptr<rocksdb::Cache>& cache,
                                     size_t write_buffer_bytes, size_t block_bytes) {
  rocksdb::ColumnFamilyOptions family;
  family.write_buffer_size = write_buffer_bytes;
  family.max_write_buffer_number = 3;
  // What is sealed or a digest does not compress.
  family.compression = rocksdb::kNoCompression;
  family.memtable_insert_with_hint_prefix_extractor.reset(rocksdb::NewFixedPrefixTransform(1));
  family.level0_slowdown_writes_trigger = 40;
  family.level0_stop_writes_trigger = 60;
  rocksdb::BlockBasedTableOptions table = TableOptions(cache);
  table.block_size = block_bytes;
  family.table_factory.reset(rocksdb::NewBlockBasedTableFactory(table));
  return family;
}

// Small families whose keys come in any order.
rocksdb::ColumnFamilyOptions AnyOrder(const std::shared_ptr<rocksdb::Cache>& cache) {
  rocksdb::ColumnFamilyOptions family;
  family.write_buffer_size = size_t{16} << 20;
  family.compression = rocksdb::kNoCompression;
  rocksdb::BlockBasedTableOptions table = TableOptions(cache);
  table.filter_policy.reset(rocksdb::NewBloomFilterPolicy(10));
  family.table_factory.reset(rocksdb::NewBlockBasedTableFactory(table));
  return family;
}

// Files of random keys, ingested whole. Merging files of like size (universal) rewrites a key about
// three times on its way to five million entries; levels would do so ten times.
rocksdb::ColumnFamilyOptions Derived(const std::shared_ptr<rocksdb::Cache>& cache,
                                     const ErasedSet* erased) {
  rocksdb::ColumnFamilyOptions family;
  family.compression = rocksdb::kNoCompression;
  family.compaction_style = rocksdb::kCompactionStyleUniversal;
  family.compaction_options_universal.size_ratio = 20;
  family.compaction_options_universal.min_merge_width = 8;
  family.level0_file_num_compaction_trigger = 10;
  family.level0_slowdown_writes_trigger = 64;
  family.level0_stop_writes_trigger = 128;
  family.prefix_extractor.reset(rocksdb::NewFixedPrefixTransform(kFilterPrefixBytes));
  family.compaction_filter_factory = std::make_shared<ErasedFilterFactory>(erased);
  rocksdb::BlockBasedTableOptions table = TableOptions(cache);
  table.filter_policy.reset(rocksdb::NewBloomFilterPolicy(10));
  table.whole_key_filtering = false;
  family.table_factory.reset(rocksdb::NewBlockBasedTableFactory(table));
  return family;
}

}  // namespace

std::string FamilyName(int family) {
  static constexpr const char* kLedgers[] = {"exchange", "home", "replica"};
  if (family == kMetaFamily) return rocksdb::kDefaultColumnFamilyName;
  if (family < kPayloadFamily) return absl::StrCat("header.", kLedgers[family - kHeaderFamily]);
  if (family < kKeyFamily) return absl::StrCat("payload.", kLedgers[family - kPayloadFamily]);
  if (family < kTileFamily) return absl::StrCat("key.", kLedgers[family - kKeyFamily]);
  static constexpr const char* kOthers[] = {"tile", "state", "erased", "derived"};
  return kOthers[family - kTileFamily];
}

std::vector<rocksdb::ColumnFamilyDescriptor> Families(const RocksDbStoreOptions& options,
                                                      const ErasedSet* erased) {
  const auto cache = rocksdb::NewLRUCache(options.block_cache_bytes);
  std::vector<rocksdb::ColumnFamilyDescriptor> families;
  for (int i = 0; i < kFamilyCount; ++i) {
    rocksdb::ColumnFamilyOptions family = AnyOrder(cache);
    if (i >= kHeaderFamily && i < kPayloadFamily) {
      family = InOrder(cache, options.write_buffer_bytes / 2, 4096);
    } else if (i >= kPayloadFamily && i < kKeyFamily) {
      family = InOrder(cache, options.write_buffer_bytes, 4096);
    } else if (i >= kKeyFamily && i < kTileFamily) {
      family = InOrder(cache, options.write_buffer_bytes / 8, 4096);
    } else if (i == kDerivedFamily) {
      family = Derived(cache, erased);
    }
    families.emplace_back(FamilyName(i), family);
  }
  return families;
}

rocksdb::DBOptions DatabaseOptions(const RocksDbStoreOptions& options) {
  rocksdb::DBOptions database;
  if (options.env != nullptr) database.env = options.env;
  database.create_if_missing = true;
  database.create_missing_column_families = true;
  database.paranoid_checks = true;
  // P9: the default would drop everything after the first damaged byte without a word.
  database.wal_recovery_mode = rocksdb::WALRecoveryMode::kTolerateCorruptedTailRecords;
  // A log file that was cut short after it was complete is noticed.
  database.track_and_verify_wals_in_manifest = true;
  database.max_total_wal_size = uint64_t{512} << 20;
  database.max_background_jobs = options.background_jobs;
  // A store that failed a write is opened again, never mended behind our back (S6).
  database.max_bgerror_resume_count = 0;
  // One writer: an insert with a hint is quicker than several threads with atomics.
  database.allow_concurrent_memtable_write = false;
  database.enable_write_thread_adaptive_yield = false;
  database.avoid_unnecessary_blocking_io = true;
  // The manifest names the first and last key of each file, and a derived key is a term. With each
  // change a fresh one begins, so that no erased term outlives its files there.
  database.max_manifest_file_size = 1;
  database.keep_log_file_num = 2;
  database.info_log_level = rocksdb::InfoLogLevel::WARN_LEVEL;
  database.bytes_per_sync = 1 << 20;
  return database;
}

}  // namespace lintas

// ErasedSet: which entries are erased, one bit an entry, so that every search and every key that a
// compaction passes can ask without a lock. Memory: 8 KiB for each 65,536 neighbours of which at
// least one is erased.
#ifndef LINTAS_SERVER_STORE_ROCKSDB_ERASED_SET_H_
#define LINTAS_SERVER_STORE_ROCKSDB_ERASED_SET_H_

#include <array>
#include <atomic>
#include <cstdint>
#include <memory>

#include "server/store/store.h"

namespace lintas {

// Contains() may be called from any thread at any time, Add() from one at a time. Never shrinks: an
// erased entry stays erased.
class ErasedSet {
 public:
  ErasedSet() = default;
  ~ErasedSet();
  ErasedSet(const ErasedSet&) = delete;
  ErasedSet& operator=(const ErasedSet&) = delete;

  void Add(Position position);
  bool Contains(Position position) const;
  uint64_t count() const { return count_.load(std::memory_order_relaxed); }

 private:
  // 65,536 bits; 4,096 of them in a shelf; 4,096 shelves a ledger: 2^40 entries.
  using Chunk = std::array<std::atomic<uint64_t>, 1024>;
  using Shelf = std::array<std::atomic<Chunk*>, 4096>;
  std::array<std::array<std::atomic<Shelf*>, 4096>, kLedgerCount> shelves_{};
  std::atomic<uint64_t> count_{0};
};

}  // namespace lintas

#endif  // LINTAS_SERVER_STORE_ROCKSDB_ERASED_SET_H_

// DerivedTail: the derived keys of the newest entries, in memory, ordered.
//
// Keys stand in sorted runs that never change once they are published. A batch is one run; runs of
// like size are merged, so that there are few. A reader takes the list of runs under the lock and
// searches without it. Measured for 100,000 entries of 6 keys in batches of 1,000: 1.1 us an entry,
// against 2.5 to 4.3 us in an absl::btree_set.
//
// Full, the tail is frozen: its runs are set aside for the background to write to a file, and a
// fresh tail begins. Until DropFrozen() both are searched.
#ifndef LINTAS_SERVER_STORE_ROCKSDB_DERIVED_TAIL_H_
#define LINTAS_SERVER_STORE_ROCKSDB_DERIVED_TAIL_H_

#include <memory>
#include <vector>

#include "absl/synchronization/mutex.h"
#include "absl/types/optional.h"
#include "server/store/store.h"

namespace lintas {

// Publish() from one thread at a time; the rest from any.
class DerivedTail {
 public:
  using Run = std::shared_ptr<const std::vector<DerivedKey>>;
  struct Frozen {
    std::vector<Run> runs;
    // What the durable mark becomes once the runs are in a file; none while the keys of entries
    // before them may still be missing.
    absl::optional<Sizes> mark;
  };

  // Sorted and without repetition. Takes most of the time of Publish; needs no lock, no order.
  static Run Sort(std::vector<DerivedKey> keys);
  // One run with the keys of all.
  static Run MergeAll(std::vector<Run> runs);

  // Adds the keys of `entries` entries; all entries below `sizes` have given theirs (or none said).
  void Publish(Run run, uint64_t entries, const absl::optional<Sizes>& sizes);
  // Sets the tail aside if nothing is set aside yet. True if something is, then.
  bool Freeze();
  absl::optional<Frozen> frozen() const;
  // The same keys in one run, which is quicker to search.
  void ReplaceFrozen(Run run);
  void DropFrozen();
  void Clear();

  uint64_t entries() const;
  uint64_t keys() const;

  // Calls `also` under the lock, so that what it opens and the runs show one moment.
  template <typename Also>
  std::vector<Run> View(const Also& also) const {
    absl::MutexLock lock(&mutex_);
    std::vector<Run> runs = runs_;
    if (frozen_) runs.insert(runs.end(), frozen_->runs.begin(), frozen_->runs.end());
    also();
    return runs;
  }

 private:
  mutable absl::Mutex mutex_;
  std::vector<Run> runs_ ABSL_GUARDED_BY(mutex_);
  uint64_t entries_ ABSL_GUARDED_BY(mutex_) = 0;
  absl::optional<Sizes> sizes_ ABSL_GUARDED_BY(mutex_);
  absl::optional<Frozen> frozen_ ABSL_GUARDED_BY(mutex_);
};

// Appends to `out` the keys of `run` that begin with `prefix`, from `first` on, after `after` if
// given, without erased ones by `erased`, at most `limit`.
class ErasedSet;
void FindInRun(const std::vector<DerivedKey>& run, absl::string_view prefix,
               const absl::optional<DerivedKey>& after, const ErasedSet& erased, size_t limit,
               std::vector<DerivedKey>* out);

}  // namespace lintas

#endif  // LINTAS_SERVER_STORE_ROCKSDB_DERIVED_TAIL_H_

#include "server/store/rocksdb/derived_tail.h"

#include <algorithm>
#include <utility>

#include "server/base/bytes.h"
#include "server/store/rocksdb/erased_set.h"

namespace lintas {
namespace {

// Larger runs are not merged in a commit: 2 MB take about 3 ms, and a merge of the whole tail 50
// ms.
constexpr size_t kMergedKeysMax = 65'536;

// The order of memcmp, by words; twice as fast where most keys differ in the first word.
struct ByWords {
  bool operator()(const DerivedKey& a, const DerivedKey& b) const {
    for (size_t i = 0; i < DerivedKey::kSize; i += 8) {
      const uint64_t x = LoadBigEndian64(a.bytes.data() + i);
      const uint64_t y = LoadBigEndian64(b.bytes.data() + i);
      if (x != y) return x < y;
    }
    return false;
  }
};

DerivedTail::Run MergeTwo(const DerivedTail::Run& a, const DerivedTail::Run& b) {
  auto merged = std::make_shared<std::vector<DerivedKey>>();
  merged->reserve(a->size() + b->size());
  const DerivedKey *x = a->data(), *y = b->data();
  const DerivedKey *const x_end = x + a->size(), *const y_end = y + b->size();
  while (x != x_end && y != y_end) {
    // Which one is less is as good as random: choosing without a branch is what makes this quick.
    const uint64_t x_first = LoadBigEndian64(x->bytes.data());
    const uint64_t y_first = LoadBigEndian64(y->bytes.data());
    const bool same = x_first == y_first;
    const bool take_x = same ? !ByWords()(*y, *x) : x_first < y_first;
    merged->push_back(take_x ? *x : *y);
    const bool twice = same && *x == *y;
    y += !take_x || twice ? 1 : 0;
    x += take_x ? 1 : 0;
  }
  merged->insert(merged->end(), x, x_end);
  merged->insert(merged->end(), y, y_end);
  return merged;
}

}  // namespace

DerivedTail::Run DerivedTail::Sort(std::vector<DerivedKey> keys) {
  std::sort(keys.begin(), keys.end(), ByWords());
  keys.erase(std::unique(keys.begin(), keys.end()), keys.end());
  return std::make_shared<const std::vector<DerivedKey>>(std::move(keys));
}

DerivedTail::Run DerivedTail::MergeAll(std::vector<Run> runs) {
  if (runs.empty()) return std::make_shared<const std::vector<DerivedKey>>();
  while (runs.size() > 1) {
    std::vector<Run> merged;
    for (size_t i = 0; i + 1 < runs.size(); i += 2)
      merged.push_back(MergeTwo(runs[i], runs[i + 1]));
    if (runs.size() % 2 == 1) merged.push_back(runs.back());
    runs = std::move(merged);
  }
  return runs.front();
}

void DerivedTail::Publish(Run run, uint64_t entries, const absl::optional<Sizes>& sizes) {
  size_t replaced = 0;
  std::vector<Run> runs;
  {
    absl::MutexLock lock(&mutex_);
    runs = runs_;
  }
  // A freeze in between empties runs_, so the lock is taken for the exchange and the count checked.
  Run merged = run;
  while (replaced < runs.size()) {
    const Run& last = runs[runs.size() - 1 - replaced];
    if (last->size() > 2 * merged->size() || last->size() + merged->size() > kMergedKeysMax) break;
    merged = MergeTwo(last, merged);
    ++replaced;
  }
  absl::MutexLock lock(&mutex_);
  if (runs_.size() == runs.size()) {
    runs_.resize(runs_.size() - replaced);
    run = std::move(merged);
  }
  if (!run->empty()) runs_.push_back(std::move(run));
  entries_ += entries;
  sizes_ = sizes;
}

bool DerivedTail::Freeze() {
  absl::MutexLock lock(&mutex_);
  if (frozen_) return true;
  if (runs_.empty() && entries_ == 0) return false;
  frozen_ = Frozen{std::move(runs_), sizes_};
  runs_.clear();
  entries_ = 0;
  return true;
}

absl::optional<DerivedTail::Frozen> DerivedTail::frozen() const {
  absl::MutexLock lock(&mutex_);
  return frozen_;
}

void DerivedTail::ReplaceFrozen(Run run) {
  absl::MutexLock lock(&mutex_);
  if (frozen_) frozen_->runs.assign(1, std::move(run));
}

void DerivedTail::DropFrozen() {
  absl::MutexLock lock(&mutex_);
  frozen_.reset();
}

void DerivedTail::Clear() {
  absl::MutexLock lock(&mutex_);
  runs_.clear();
  entries_ = 0;
  sizes_.reset();
  frozen_.reset();
}

uint64_t DerivedTail::entries() const {
  absl::MutexLock lock(&mutex_);
  return entries_;
}

uint64_t DerivedTail::keys() const {
  uint64_t keys = 0;
  for (const Run& run : View([] {})) keys += run->size();
  return keys;
}

void FindInRun(const std::vector<DerivedKey>& run, absl::string_view prefix,
               const absl::optional<DerivedKey>& after, const ErasedSet& erased, size_t limit,
               std::vector<DerivedKey>* out) {
  DerivedKey first;
  std::memcpy(first.bytes.data(), prefix.data(), prefix.size());
  auto it = after && ByWords()(first, *after)
                ? std::upper_bound(run.begin(), run.end(), *after, ByWords())
                : std::lower_bound(run.begin(), run.end(), first, ByWords());
  for (size_t found = 0; it != run.end() && found < limit; ++it) {
    if (std::memcmp(it->bytes.data(), prefix.data(), prefix.size()) != 0) break;
    if ((after && !(*after < *it)) || erased.Contains(it->position())) continue;
    out->push_back(*it);
    ++found;
  }
}

}  // namespace lintas

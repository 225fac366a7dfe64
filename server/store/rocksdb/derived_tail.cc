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
  std::vector<DerivedKey> merged(a->size() + b->size());
  const DerivedKey *x = a->keys().data(), *y = b->keys().data();
  const DerivedKey *const x_end = x + a->size(), *const y_end = y + b->size();
  DerivedKey* out = merged.data();
  while (x != x_end && y != y_end) {
    // Which one is less is as good as random: choosing without a branch is what makes this quick.
    const uint64_t x_first = LoadBigEndian64(x->bytes.data());
    const uint64_t y_first = LoadBigEndian64(y->bytes.data());
    const bool same = x_first == y_first;
    const bool take_x = same ? !ByWords()(*y, *x) : x_first < y_first;
    *out++ = take_x ? *x : *y;
    const bool twice = same && *x == *y;
    y += !take_x || twice ? 1 : 0;
    x += take_x ? 1 : 0;
  }
  out = std::copy(x, x_end, out);
  out = std::copy(y, y_end, out);
  merged.resize(out - merged.data());
  return std::make_shared<const KeyRun>(std::move(merged));
}

// A binary search of a smaller run is as quick as its filter.
constexpr size_t kFilteredKeysMin = 2'048;

uint64_t FilterBit(const char* prefix) {
  // The token's bytes are random already; a readable name word is not, so both are mixed.
  uint64_t mixed = LoadBigEndian64(prefix + 1) ^ LoadBigEndian64(prefix + 9) << 1 ^
                   uint64_t { static_cast<uint8_t>(prefix[0]) } << 56;
  mixed *= 0x9e3779b97f4a7c15;
  return mixed ^ mixed >> 32;
}

}  // namespace

KeyRun::KeyRun(std::vector<DerivedKey> keys) : keys_(std::move(keys)) {
  if (keys_.size() < kFilteredKeysMin) return;
  size_t words = 64;
  while (words * 64 < keys_.size() * 16) words *= 2;
  filter_.resize(words);
  for (const DerivedKey& key : keys_) {
    const uint64_t bit = FilterBit(key.bytes.data());
    filter_[bit / 64 & (words - 1)] |= uint64_t{1} << bit % 64;
  }
}

bool KeyRun::MayHold(absl::string_view prefix) const {
  if (prefix.size() < kFilteredBytes || filter_.empty()) return true;
  const uint64_t bit = FilterBit(prefix.data());
  return (filter_[bit / 64 & (filter_.size() - 1)] >> bit % 64 & 1) != 0;
}

DerivedTail::Run DerivedTail::Sort(std::vector<DerivedKey> keys) {
  std::sort(keys.begin(), keys.end(), ByWords());
  keys.erase(std::unique(keys.begin(), keys.end()), keys.end());
  return std::make_shared<const KeyRun>(std::move(keys));
}

void DerivedTail::VisitMerged(const std::vector<Run>& runs,
                              absl::FunctionRef<bool(const DerivedKey&)> visit) {
  struct Cursor {
    const DerivedKey* at;
    const DerivedKey* end;
  };
  // The top is the least; the heap is of the later.
  const auto later = [](const Cursor& a, const Cursor& b) { return ByWords()(*b.at, *a.at); };
  std::vector<Cursor> heap;
  for (const Run& run : runs) {
    if (!run->empty()) heap.push_back({run->keys().data(), run->keys().data() + run->size()});
  }
  std::make_heap(heap.begin(), heap.end(), later);
  const DerivedKey* last = nullptr;
  while (!heap.empty()) {
    std::pop_heap(heap.begin(), heap.end(), later);
    Cursor& least = heap.back();
    if (last == nullptr || !(*last == *least.at)) {
      if (!visit(*least.at)) return;
    }
    last = least.at++;
    if (least.at == least.end) {
      heap.pop_back();
    } else {
      std::push_heap(heap.begin(), heap.end(), later);
    }
  }
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

void FindInRun(const KeyRun& run, absl::string_view prefix, const absl::optional<DerivedKey>& after,
               const ErasedSet& erased, size_t limit, std::vector<DerivedKey>* out) {
  if (!run.MayHold(prefix)) return;
  DerivedKey first;
  std::memcpy(first.bytes.data(), prefix.data(), prefix.size());
  const std::vector<DerivedKey>& keys = run.keys();
  auto it = after && ByWords()(first, *after)
                ? std::upper_bound(keys.begin(), keys.end(), *after, ByWords())
                : std::lower_bound(keys.begin(), keys.end(), first, ByWords());
  for (size_t found = 0; it != keys.end() && found < limit; ++it) {
    if (std::memcmp(it->bytes.data(), prefix.data(), prefix.size()) != 0) break;
    if ((after && !(*after < *it)) || erased.Contains(it->position())) continue;
    out->push_back(*it);
    ++found;
  }
}

}  // namespace lintas

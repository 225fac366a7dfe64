#include "server/matching/linkage/keys.h"

#include <algorithm>

namespace lintas::matching {
namespace {

uint64_t Mix(uint64_t a, uint64_t b) {
  uint64_t hash = (a ^ 0x9e3779b97f4a7c15u) * 0xbf58476d1ce4e5b9u;
  hash ^= hash >> 29;
  hash = (hash ^ b) * 0x94d049bb133111ebu;
  hash ^= hash >> 32;
  return hash * 0x9e3779b97f4a7c15u;
}

class Maker {
 public:
  Maker(const People& people, KeyKind kind) : people_(people), kind_(kind) {}

  std::vector<KeyedRecord> Make() {
    for (RecordIndex i = 0; i < people_.size(); ++i) AddRecord(i);
    std::sort(keys_.begin(), keys_.end());
    keys_.erase(std::unique(keys_.begin(), keys_.end()), keys_.end());
    return std::move(keys_);
  }

 private:
  void Put(RecordIndex record, uint64_t key) {
    keys_.push_back((key & ~uint64_t{0xffffff}) | record);
  }

  void AddRecord(RecordIndex i) {
    const LooseDate date = people_.born[i];
    const uint32_t year = date / 10000, month = date / 100 % 100, day = date % 100;
    if (kind_ == KeyKind::kDate) {
      if (month != 0 && day != 0) Put(i, Mix(Ordered(year, month, day), 1));
      return;
    }
    const uint32_t from = people_.words_from[i], to = people_.words_from[i + 1];
    for (uint32_t w = from; w < to; ++w) {
      const uint64_t sound = people_.vocabulary.sound(people_.words[w]);
      switch (kind_) {
        case KeyKind::kTwoWords:
          for (uint32_t v = w + 1; v < to; ++v) {
            const uint64_t other = people_.vocabulary.sound(people_.words[v]);
            Put(i, Mix(std::min(sound, other), Mix(std::max(sound, other), 2)));
          }
          break;
        case KeyKind::kWordAndDate:
          if (date != 0) Put(i, Mix(sound, Mix(Ordered(year, month, day), 3)));
          break;
        case KeyKind::kWordYearMonth:
          if (year != 0 && month != 0) Put(i, Mix(sound, Mix(year * 100 + month, 4)));
          break;
        case KeyKind::kWordYearDay:
          if (year != 0 && day != 0) Put(i, Mix(sound, Mix(year * 100 + day, 5)));
          break;
        case KeyKind::kWordMonthDay:
          if (month != 0 && day != 0) Put(i, Mix(sound, Mix(month * 100 + day, 6)));
          break;
        case KeyKind::kWordAlone:
          if (to - from == 1 || date == 0) Put(i, Mix(sound, 7));
          break;
        case KeyKind::kDate:
          break;
      }
    }
  }

  static uint64_t Ordered(uint32_t year, uint32_t month, uint32_t day) {
    return year * uint64_t{10000} + std::min(month, day) * 100 + std::max(month, day);
  }

  const People& people_;
  const KeyKind kind_;
  std::vector<KeyedRecord> keys_;
};

}  // namespace

std::vector<KeyedRecord> SortedKeys(const People& people, KeyKind kind) {
  return Maker(people, kind).Make();
}

}  // namespace lintas::matching

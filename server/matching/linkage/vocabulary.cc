#include "server/matching/linkage/vocabulary.h"

#include <algorithm>
#include <utility>

#include "absl/hash/hash.h"
#include "absl/strings/match.h"
#include "server/matching/fold.h"
#include "server/matching/khmer.h"
#include "server/matching/similarity.h"

namespace lintas::matching {
namespace {

using absl::string_view;

constexpr size_t kGroupMax = 1000;
constexpr size_t kTwoEditsSizeMin = 5;
// Two letters left out of longer words are too many forms; names end before.
constexpr size_t kTwoEditsSizeMax = 20;

struct Keyed {
  uint64_t key;
  WordId word;
  bool operator<(const Keyed& other) const {
    return key != other.key ? key < other.key : word < other.word;
  }
};

// The same in every run, so that results are.
uint64_t HashOf(string_view text, uint64_t seed) {
  uint64_t hash = 0xcbf29ce484222325u ^ (seed * 0x9e3779b97f4a7c15u);
  for (const char c : text) hash = (hash ^ static_cast<uint8_t>(c)) * 0x100000001b3u;
  hash ^= hash >> 32;
  return hash * 0x9e3779b97f4a7c15u;
}

template <typename F>
void ForEachGroup(std::vector<Keyed>* keyed, const F& visit) {
  std::sort(keyed->begin(), keyed->end());
  for (size_t begin = 0; begin < keyed->size();) {
    size_t end = begin;
    while (end < keyed->size() && (*keyed)[end].key == (*keyed)[begin].key) ++end;
    if (end - begin > 1 && end - begin <= kGroupMax) visit(begin, end);
    begin = end;
  }
}

void AddDeletions(string_view word, WordId id, std::vector<Keyed>* keyed) {
  keyed->push_back({HashOf(word, 0), id});
  if (word.size() < 2 || word.size() > 64) return;
  std::string shorter, shortest;
  const bool two = word.size() >= kTwoEditsSizeMin && word.size() <= kTwoEditsSizeMax;
  for (size_t i = 0; i < word.size(); ++i) {
    shorter.assign(word.data(), word.size());
    shorter.erase(i, 1);
    keyed->push_back({HashOf(shorter, 0), id});
    for (size_t j = i; two && j < shorter.size(); ++j) {
      shortest = shorter;
      shortest.erase(j, 1);
      keyed->push_back({HashOf(shortest, 0), id});
    }
  }
}

bool IsAscii(string_view text) {
  return std::all_of(text.begin(), text.end(),
                     [](char c) { return static_cast<uint8_t>(c) < 0x80; });
}

}  // namespace

WordId Vocabulary::Add(string_view word) {
  const auto [found, added] = ids_.try_emplace(word, static_cast<WordId>(text_.size()));
  if (added) {
    text_.emplace_back(word);
    packed_.push_back(PackWord(word));
    const std::string latin = HasKhmer(word) ? RomaniseKhmer(word) : std::string(word);
    sounds_.push_back(static_cast<uint32_t>(HashOf(Skeleton(latin), 7) >> 32));
  }
  return found->second;
}

void Vocabulary::PairByDeletion(std::vector<Pair>* pairs) const {
  std::vector<Keyed> keyed;
  for (WordId id = 0; id < packed_.size(); ++id) AddDeletions(packed_[id], id, &keyed);
  ForEachGroup(&keyed, [&](size_t begin, size_t end) {
    for (size_t i = begin; i < end; ++i) {
      for (size_t j = i + 1; j < end; ++j) {
        const WordId a = keyed[i].word, b = keyed[j].word;
        if (a == b) continue;
        const int distance = OsaDistance(packed_[a], packed_[b]);
        const size_t size = std::min(packed_[a].size(), packed_[b].size());
        if (distance > 2 || (distance == 2 && size < kTwoEditsSizeMin - 1)) continue;
        pairs->push_back({a, b, distance == 1 ? UnitLevel::kOneEdit : UnitLevel::kTwoEdits});
      }
    }
  });
}

void Vocabulary::PairByKeys(std::vector<Pair>* pairs) const {
  std::vector<Keyed> spellings, sounds;
  for (WordId id = 0; id < text_.size(); ++id) {
    const std::string& word = text_[id];
    if (IsAscii(word)) {
      spellings.push_back({HashOf(FoldIndonesian(word), 1), id});
      spellings.push_back({HashOf(FoldKhmerLatin(word), 2), id});
      if (word.size() >= 4) sounds.push_back({HashOf(Skeleton(word), 4), id});
    }
    const std::string latin = HasKhmer(word) ? RomaniseKhmer(word) : word;
    sounds.push_back({HashOf(FoldKhmerLatinLoose(latin), 3), id});
  }
  const auto add = [&](const std::vector<Keyed>& keyed, size_t begin, size_t end, UnitLevel level) {
    for (size_t i = begin; i < end; ++i) {
      for (size_t j = i + 1; j < end; ++j) {
        const WordId a = keyed[i].word, b = keyed[j].word;
        if (a == b) continue;
        UnitLevel found = level;
        const bool khmer_a = !IsAscii(text_[a]), khmer_b = !IsAscii(text_[b]);
        if (khmer_a && khmer_b) continue;
        if (khmer_a != khmer_b) {
          const int cost = khmer_a ? KhmerLatinCost(text_[a], text_[b], 2)
                                   : KhmerLatinCost(text_[b], text_[a], 2);
          if (cost <= 2) found = UnitLevel::kSpelling;
        }
        pairs->push_back({a, b, found});
      }
    }
  };
  ForEachGroup(&spellings,
               [&](size_t begin, size_t end) { add(spellings, begin, end, UnitLevel::kSpelling); });
  ForEachGroup(&sounds,
               [&](size_t begin, size_t end) { add(sounds, begin, end, UnitLevel::kAlike); });
}

// Of several levels of one pair the nearest; then both directions, by word.
void Vocabulary::KeepNearest(std::vector<Pair>* pairs) {
  for (Pair& pair : *pairs) {
    if (pair.a > pair.b) std::swap(pair.a, pair.b);
  }
  std::sort(pairs->begin(), pairs->end(), [](const Pair& x, const Pair& y) {
    if (x.a != y.a) return x.a < y.a;
    return x.b != y.b ? x.b < y.b : x.level < y.level;
  });
  const auto same = [](const Pair& x, const Pair& y) { return x.a == y.a && x.b == y.b; };
  pairs->erase(std::unique(pairs->begin(), pairs->end(), same), pairs->end());
  near_from_.assign(packed_.size() + 1, 0);
  for (const Pair& pair : *pairs) {
    ++near_from_[pair.a + 1];
    ++near_from_[pair.b + 1];
  }
  for (size_t i = 1; i < near_from_.size(); ++i) near_from_[i] += near_from_[i - 1];
  near_.resize(2 * pairs->size());
  std::vector<uint32_t> at(near_from_.begin(), near_from_.end() - 1);
  for (const Pair& pair : *pairs) {
    near_[at[pair.a]++] = {pair.b, pair.level};
    near_[at[pair.b]++] = {pair.a, pair.level};
  }
  for (WordId id = 0; id < packed_.size(); ++id) {
    std::sort(near_.begin() + near_from_[id], near_.begin() + near_from_[id + 1],
              [](const Near& x, const Near& y) { return x.word < y.word; });
  }
}

void Vocabulary::Relate() {
  std::vector<Pair> pairs;
  PairByDeletion(&pairs);
  PairByKeys(&pairs);
  KeepNearest(&pairs);
}

UnitLevel Vocabulary::LevelOf(WordId a, WordId b) const {
  if (a == b) return UnitLevel::kSame;
  const Near* const end = near_end(a);
  const Near* const found = std::lower_bound(
      near_begin(a), end, b, [](const Near& near, WordId word) { return near.word < word; });
  return found != end && found->word == b ? found->level : UnitLevel::kDifferent;
}

}  // namespace lintas::matching

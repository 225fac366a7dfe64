// The distinct words of the lists that are linked, and which of them are near each other. Words are
// compared once here, so that comparing two records is looking up numbers.
#ifndef LINTAS_SERVER_MATCHING_LINKAGE_VOCABULARY_H_
#define LINTAS_SERVER_MATCHING_LINKAGE_VOCABULARY_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/string_view.h"

namespace lintas::matching {

using WordId = uint32_t;
inline constexpr WordId kNoWord = UINT32_MAX;

// How near two words are. kMissing is told by the records, not by words.
enum class UnitLevel : uint8_t {
  kMissing,
  kSame,
  kSpelling,  // One spelling rule of either country makes them equal, or a script and its reading.
  kOneEdit,
  kTwoEdits,
  kAlike,  // Equal consonants, or one begins the other.
  kDifferent,
};
inline constexpr int kUnitLevelCount = 7;

// Filled by one thread; after Relate() constant and safe from any thread.
class Vocabulary {
 public:
  // `word` is normalised; gives the same id again for the same word.
  WordId Add(absl::string_view word);

  size_t size() const { return packed_.size(); }
  // As PackWord() gives it.
  absl::string_view packed(WordId id) const { return packed_[id]; }
  absl::string_view text(WordId id) const { return text_[id]; }
  // Equal for words that sound alike; for finding, never for deciding.
  uint32_t sound(WordId id) const { return sounds_[id]; }

  // Finds all pairs of near words: those within two edits (one, where a word has fewer than five
  // signs) share a word with as many letters left out; spellings share a folded key. Groups of more
  // than 1,000 words that share one are passed over. Call once, after the last Add().
  void Relate();

  // kSame for equal ids. A binary search, about 10 ns.
  UnitLevel LevelOf(WordId a, WordId b) const;

  struct Near {
    WordId word;
    UnitLevel level;
  };
  const Near* near_begin(WordId id) const { return near_.data() + near_from_[id]; }
  const Near* near_end(WordId id) const { return near_.data() + near_from_[id + 1]; }

 private:
  struct Pair {
    WordId a, b;
    UnitLevel level;
  };
  void PairByDeletion(std::vector<Pair>* pairs) const;
  void PairByKeys(std::vector<Pair>* pairs) const;
  void KeepNearest(std::vector<Pair>* pairs);

  std::vector<std::string> text_;
  std::vector<std::string> packed_;
  std::vector<uint32_t> sounds_;
  absl::flat_hash_map<std::string, WordId> ids_;
  std::vector<Near> near_;
  std::vector<uint32_t> near_from_;
};

}  // namespace lintas::matching

#endif  // LINTAS_SERVER_MATCHING_LINKAGE_VOCABULARY_H_

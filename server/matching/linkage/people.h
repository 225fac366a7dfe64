// The records of both lists, column by column, and how often each value occurs. Internal to
// linkage/: filled by Linkage, then constant.
#ifndef LINTAS_SERVER_MATCHING_LINKAGE_PEOPLE_H_
#define LINTAS_SERVER_MATCHING_LINKAGE_PEOPLE_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "server/matching/linkage/linkage.h"
#include "server/matching/linkage/vocabulary.h"
#include "server/matching/name.h"

namespace lintas::matching {

enum Slot { kGiven = 0, kSurname = 1 };

struct People {
  Vocabulary vocabulary;
  // Each part of a name written in one word; kNoWord if missing. Not filled from whole names.
  std::array<std::vector<WordId>, 2> joined;
  // Words of record i: words[words_from[i]] to words[words_from[i + 1]].
  std::vector<uint32_t> words_from{0};
  std::vector<WordId> words;
  std::vector<uint8_t> slots;  // Of each word.
  std::vector<LooseDate> born;
  // By field, then by record; 0 is missing.
  std::vector<std::vector<uint32_t>> others;
  std::vector<std::vector<uint32_t>> other_counts;
  absl::flat_hash_map<std::string, uint32_t> other_ids;
  // Records before this index are the first list; equal to size() if there is one list only.
  size_t first_size = 0;
  bool two_lists = false;

  // Filled by Count(). Shares of records that have the word in the slot, by word.
  std::array<std::vector<float>, 2> shares;
  // -log2 of them.
  std::array<std::vector<float>, 2> share_bits;
  // What the chance of each near level sums to, see value_bits in compare.h.
  std::array<std::array<double, kUnitLevelCount>, 2> near_sums;
  std::array<double, kDateLevelCount> date_chances;

  size_t size() const { return born.size(); }
  size_t word_count(RecordIndex i) const { return words_from[i + 1] - words_from[i]; }
  // How many pairs there are to be linked.
  double pair_count() const;

  void Add(const LinkRecord& record);
  void Count();
  // -log2 of the chance that another person was born on that day: by years, months and days of the
  // month, which persons who stand in both lists do not distort.
  double ShareBits(LooseDate date) const;
  double ShareOf(size_t field, uint32_t value) const;

 private:
  void AddPart(Slot slot, absl::string_view text);
  void AddWord(Slot slot, WordId id);
  void CountWords();
  void CountDates();

  // -log2 of the share of each year, month and day of the month.
  std::array<std::vector<double>, 3> date_bits_;
};

}  // namespace lintas::matching

#endif  // LINTAS_SERVER_MATCHING_LINKAGE_PEOPLE_H_

// Which pairs are compared at all. Internal to linkage/.
#ifndef LINTAS_SERVER_MATCHING_LINKAGE_KEYS_H_
#define LINTAS_SERVER_MATCHING_LINKAGE_KEYS_H_

#include <algorithm>
#include <cstdint>
#include <vector>

#include "server/matching/linkage/people.h"

namespace lintas::matching {

// Below so many pairs all are compared: a second or two of one core.
inline constexpr double kComparedAllMax = 40e6;

// Kinds of keys. A record may have several of one kind.
enum class KeyKind {
  kTwoWords,
  kWordAndDate,  // Day and month in either order.
  kWordYearMonth,
  kWordYearDay,
  kWordMonthDay,
  kDate,
  kWordAlone,  // Only of records with one word and of those without a date.
};
inline constexpr int kKeyKindCount = 7;

// A key in the high 40 bits, the record in the low 24; sorted. Equal keys of records that differ in
// them are possible and cost a comparison.
using KeyedRecord = uint64_t;
std::vector<KeyedRecord> SortedKeys(const People& people, KeyKind kind);

// Records with one key, as a range of SortedKeys(). Ranges of more than kGroupMax records are cut
// into windows of neighbours by date, see WindowOf().
inline constexpr size_t kGroupMax = 400;

// How many neighbours each is compared with where a key is too common.
inline constexpr size_t kWindow = 24;

// Calls visit(a, b) with a < b for each pair of one range that is to be linked: one of each list,
// or any two of the only list. Up to kGroupMax records are in order of their indexes.
template <typename Visit>
void ForEachPair(const People& people, const RecordIndex* records, size_t count,
                 const Visit& visit) {
  if (count > kGroupMax) {
    for (size_t i = 0; i < count; ++i) {
      for (size_t j = i + 1; j < count && j <= i + kWindow; ++j) {
        const auto [a, b] = std::minmax(records[i], records[j]);
        if (!people.two_lists || (a < people.first_size && b >= people.first_size)) visit(a, b);
      }
    }
    return;
  }
  const RecordIndex* const end = records + count;
  const RecordIndex* const second =
      people.two_lists ? std::lower_bound(records, end, people.first_size) : end;
  for (const RecordIndex* a = records; a != second; ++a) {
    for (const RecordIndex* b = people.two_lists ? second : a + 1; b != end; ++b) visit(*a, *b);
  }
}

}  // namespace lintas::matching

#endif  // LINTAS_SERVER_MATCHING_LINKAGE_KEYS_H_

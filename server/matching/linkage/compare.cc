#include "server/matching/linkage/compare.h"

#include <algorithm>
#include <cmath>

namespace lintas::matching {
namespace {

// Chance that two names of two persons differ in their number of words.
constexpr double kExtraWordChance = 0.5;
constexpr size_t kWordsMax = 8;

// How the names of two records are laid beside each other.
struct Laying {
  float value_bits = 0;
  float bits = 0;  // With the weights.
  uint64_t levels = 0;
  uint8_t extra_words = 0;
  bool exchanged = false;
};

void Count(Slot slot, UnitLevel level, uint64_t* levels) {
  *levels += uint64_t{1} << (32 * slot + 4 * static_cast<unsigned>(level));
}

float ValueBits(const People& people, UnitLevel level, WordId a, Slot slot_a, WordId b,
                Slot slot_b) {
  if (level == UnitLevel::kDifferent || level == UnitLevel::kMissing) return 0;
  if (level == UnitLevel::kSame) {
    return std::min(people.share_bits[slot_a][a], people.share_bits[slot_b][b]);
  }
  const float share_a = people.shares[slot_a][a], share_b = people.shares[slot_b][b];
  const double sum = people.near_sums[slot_a][static_cast<size_t>(level)] + 1e-3;
  return static_cast<float>(std::log2((1 / share_a + 1 / share_b) / sum));
}

// Lays `a` beside `b`; both may be kNoWord.
void LayUnit(const People& people, const WeightBits& bits, WordId a, Slot slot_a, WordId b,
             Slot slot_b, Laying* laying) {
  const UnitLevel level =
      a == kNoWord || b == kNoWord ? UnitLevel::kMissing : people.vocabulary.LevelOf(a, b);
  const float weight = bits.name[slot_a][static_cast<size_t>(level)];
  const float value = ValueBits(people, level, a, slot_a, b, slot_b);
  // Near, but so frequent in itself that it is rather another name.
  const float different = bits.name[slot_a][static_cast<size_t>(UnitLevel::kDifferent)];
  if (level != UnitLevel::kMissing && weight + value < different) {
    Count(slot_a, UnitLevel::kDifferent, &laying->levels);
    laying->bits += different;
    return;
  }
  Count(slot_a, level, &laying->levels);
  laying->value_bits += value;
  laying->bits += weight + value;
}

bool Far(const People& people, WordId a, WordId b) {
  return a == kNoWord || b == kNoWord || people.vocabulary.LevelOf(a, b) == UnitLevel::kDifferent;
}

Laying LayParts(const People& people, const WeightBits& bits, RecordIndex a, RecordIndex b) {
  const WordId given_a = people.joined[kGiven][a], surname_a = people.joined[kSurname][a];
  const WordId given_b = people.joined[kGiven][b], surname_b = people.joined[kSurname][b];
  Laying straight, crossed;
  straight.bits = bits.straight;
  LayUnit(people, bits, given_a, kGiven, given_b, kGiven, &straight);
  LayUnit(people, bits, surname_a, kSurname, surname_b, kSurname, &straight);
  // Nothing in common crosswise: the usual case, and the cheaper one.
  if (Far(people, given_a, surname_b) && Far(people, surname_a, given_b)) return straight;
  crossed.exchanged = true;
  crossed.bits = bits.exchanged;
  LayUnit(people, bits, given_a, kGiven, surname_b, kSurname, &crossed);
  LayUnit(people, bits, surname_a, kSurname, given_b, kGiven, &crossed);
  return crossed.bits > straight.bits ? crossed : straight;
}

// Greedily, best first; names have few words.
Laying LayWords(const People& people, const WeightBits& bits, RecordIndex a, RecordIndex b) {
  const uint32_t from_a = people.words_from[a], from_b = people.words_from[b];
  const size_t count_a = std::min(people.word_count(a), kWordsMax);
  const size_t count_b = std::min(people.word_count(b), kWordsMax);
  Laying laying;
  laying.bits = bits.straight;
  unsigned taken_a = 0, taken_b = 0;
  size_t laid = 0;
  for (; laid < std::min(count_a, count_b); ++laid) {
    Laying best;
    size_t best_i = 0, best_j = 0;
    for (size_t i = 0; i < count_a; ++i) {
      if ((taken_a >> i & 1) != 0) continue;
      for (size_t j = 0; j < count_b; ++j) {
        if ((taken_b >> j & 1) != 0) continue;
        Laying unit;
        LayUnit(people, bits, people.words[from_a + i], static_cast<Slot>(people.slots[from_a + i]),
                people.words[from_b + j], static_cast<Slot>(people.slots[from_b + j]), &unit);
        if (best.levels != 0 && unit.bits <= best.bits) continue;
        best = unit;
        best_i = i;
        best_j = j;
      }
    }
    taken_a |= 1u << best_i;
    taken_b |= 1u << best_j;
    laying.bits += best.bits;
    laying.value_bits += best.value_bits;
    laying.levels += best.levels;
  }
  laying.extra_words = static_cast<uint8_t>(count_a + count_b - 2 * laid);
  if (laid == 0) laying.extra_words = 0;
  laying.bits += bits.extra_word * static_cast<float>(laying.extra_words);
  return laying;
}

bool HasParts(const People& people, RecordIndex i) {
  return people.joined[kGiven][i] != kNoWord || people.joined[kSurname][i] != kNoWord;
}

Laying LayNames(const People& people, const WeightBits& bits, RecordIndex a, RecordIndex b) {
  if (!HasParts(people, a) || !HasParts(people, b)) return LayWords(people, bits, a, b);
  const Laying parts = LayParts(people, bits, a, b);
  if (people.word_count(a) <= 2 && people.word_count(b) <= 2) {
    const bool single =
        people.word_count(a) < 2 || people.word_count(b) < 2 ||
        (people.joined[kGiven][a] != kNoWord && people.joined[kSurname][a] != kNoWord &&
         people.joined[kGiven][b] != kNoWord && people.joined[kSurname][b] != kNoWord);
    if (single) return parts;
  }
  const Laying words = LayWords(people, bits, a, b);
  return words.bits > parts.bits ? words : parts;
}

}  // namespace

WeightBits::WeightBits(const LinkWeights& weights) {
  const auto log = [](double value) {
    return static_cast<float>(std::log2(std::max(value, 1e-9)));
  };
  for (size_t slot = 0; slot < 2; ++slot) {
    for (size_t level = 0; level < kUnitLevelCount; ++level) {
      name[slot][level] = level == 0 ? 0 : log(weights.name[slot][level]);
    }
  }
  for (size_t level = 0; level < kDateLevelCount; ++level) {
    date[level] = level == 0 ? 0 : log(weights.date[level]);
  }
  for (size_t field = 0; field < kOtherFieldsMax; ++field) {
    agrees[field] = log(weights.other_agrees[field]);
    differs[field] = log(1 - weights.other_agrees[field]);
  }
  extra_word = log(weights.extra_word / kExtraWordChance);
  exchanged = log(weights.exchanged_names);
  straight = log(1 - weights.exchanged_names);
}

Candidate Compare(const People& people, const WeightBits& bits, RecordIndex a, RecordIndex b) {
  const Laying laying = LayNames(people, bits, a, b);
  Candidate candidate;
  candidate.a = a;
  candidate.b = b;
  candidate.value_bits = laying.value_bits;
  candidate.levels = laying.levels;
  candidate.extra_words = laying.extra_words;
  candidate.exchanged = laying.exchanged;
  const DateLevel date = CompareDates(people.born[a], people.born[b]);
  candidate.date = static_cast<uint8_t>(date);
  if (date == DateLevel::kSame) {
    candidate.value_bits += static_cast<float>(people.ShareBits(people.born[a]));
  } else if (date != DateLevel::kMissing) {
    candidate.value_bits -= static_cast<float>(std::log2(people.date_chances[candidate.date]));
  }
  for (size_t field = 0; field < people.others.size(); ++field) {
    const uint32_t x = people.others[field][a], y = people.others[field][b];
    const unsigned level = x == 0 || y == 0 ? 0 : x == y ? 1 : 2;
    candidate.others |= static_cast<uint8_t>(level << (2 * field));
    if (level == 1) {
      candidate.value_bits -= static_cast<float>(std::log2(people.ShareOf(field, x)));
    }
  }
  return candidate;
}

double BitsOf(const Candidate& candidate, const WeightBits& bits) {
  float sum = candidate.value_bits + bits.date[candidate.date];
  sum += candidate.exchanged ? bits.exchanged : bits.straight;
  sum += bits.extra_word * static_cast<float>(candidate.extra_words);
  for (size_t slot = 0; slot < 2; ++slot) {
    const auto levels = static_cast<uint32_t>(candidate.levels >> (32 * slot));
    for (size_t level = 1; level < kUnitLevelCount; ++level) {
      sum += static_cast<float>(levels >> (4 * level) & 15) * bits.name[slot][level];
    }
  }
  for (size_t field = 0; field < kOtherFieldsMax; ++field) {
    const unsigned level = candidate.others >> (2 * field) & 3;
    if (level == 1) sum += bits.agrees[field];
    if (level == 2) sum += bits.differs[field];
  }
  return sum;
}

}  // namespace lintas::matching

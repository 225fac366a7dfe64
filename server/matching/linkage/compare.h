// Compares two records, by numbers that Vocabulary and People hold. Internal to linkage/.
#ifndef LINTAS_SERVER_MATCHING_LINKAGE_COMPARE_H_
#define LINTAS_SERVER_MATCHING_LINKAGE_COMPARE_H_

#include "server/matching/linkage/linkage.h"
#include "server/matching/linkage/people.h"

namespace lintas::matching {

// Logarithms of LinkWeights, so that a pair's weight is a sum.
struct WeightBits {
  explicit WeightBits(const LinkWeights& weights);
  std::array<std::array<float, kUnitLevelCount>, 2> name;
  std::array<float, kDateLevelCount> date;
  std::array<float, kOtherFieldsMax> agrees, differs;
  float extra_word = 0;
  float exchanged = 0, straight = 0;
};

// The part of a weight that does not depend on LinkWeights, for each word laid beside another:
//   same       1 / share: agreeing on a rare word is strong.
//   near       (1 / share of one + 1 / share of the other) / near_sums: a word that hardly occurs
//              is rather a slip than another name, and the sum over all near pairs stays 1.
//   different  1, near enough.
// The words are laid in the way that is likeliest under `bits`.
Candidate Compare(const People& people, const WeightBits& bits, RecordIndex a, RecordIndex b);

double BitsOf(const Candidate& candidate, const WeightBits& bits);

}  // namespace lintas::matching

#endif  // LINTAS_SERVER_MATCHING_LINKAGE_COMPARE_H_

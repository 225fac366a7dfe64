// How much two written names speak for one person, without a population to count in: by each
// country's spelling rules, by what is known as a name of its own, and by rough shares. Linking of
// lists, which has a population, is in linkage.h. Pure, any thread.
#ifndef LINTAS_SERVER_MATCHING_NAME_MATCH_H_
#define LINTAS_SERVER_MATCHING_NAME_MATCH_H_

#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "server/matching/date_compare.h"
#include "server/matching/name.h"

namespace lintas::matching {

// Two words, or neighbouring words written together, laid beside each other.
enum class WordLevel : uint8_t {
  kSame,
  kSpelling,   // Equal by the country's spelling rules.
  kScript,     // A Khmer word and a Latin reading of it.
  kLoose,      // Equal only if aspiration and neighbouring vowels are ignored.
  kInitial,    // One is the first letter of the other.
  kCutOff,     // A beginning, where the machine-readable zone was full.
  kSlip,       // As a slip of the hand or the ear would make it, and no other known name.
  kOtherName,  // Near, but names of their own, or told apart by an ending.
  kDifferent,
};

struct WordEvidence {
  WordLevel level = WordLevel::kDifferent;
  double bits = 0;
};

// The evidence of one word laid beside another. Both as in PersonName::words.
WordEvidence CompareWords(absl::string_view a, absl::string_view b, NameCountry country);

struct NameEvidence {
  // Log2 of how much likelier these two names are of one person than of two.
  double bits = 0;
  // A word of one contradicts a word of the other.
  bool contradiction = false;
  // One line a word or pair of words, for people to read: `SOEKARNO = SUKARNO, spelling +7.2`.
  std::vector<std::string> reasons;
};

// Lays the words beside each other in the order that fits best.
NameEvidence CompareNames(const PersonName& a, const PersonName& b);

struct PairEvidence {
  // The match weight in bits: names and dates. Never a share or a probability.
  double bits = 0;
  // At the product's threshold; a hint to look, no finding (red line R4).
  bool match = false;
  std::vector<std::string> reasons;
  // What was not there to be compared: `birth date`.
  std::vector<std::string> missing;
};

// The threshold for pairs that somebody already laid beside each other.
inline constexpr double kPairThresholdBits = 3;

// What a pair of birth dates adds.
double DateBits(DateLevel level);

PairEvidence ComparePersons(const PersonName& name_a, LooseDate born_a, const PersonName& name_b,
                            LooseDate born_b);

}  // namespace lintas::matching

#endif  // LINTAS_SERVER_MATCHING_NAME_MATCH_H_

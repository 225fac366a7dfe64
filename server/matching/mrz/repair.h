// Suggests how a machine-readable zone that breaks rules may have been meant: signs that readers
// and typists take for each other, lower case, blanks, a miscounted run of fillers. A suggestion is
// never applied by itself: that the check digits fit then does not prove that the zone was so.
// Pure.
#ifndef LINTAS_SERVER_MATCHING_MRZ_REPAIR_H_
#define LINTAS_SERVER_MATCHING_MRZ_REPAIR_H_

#include <string>
#include <vector>

#include "server/matching/mrz/reading.h"

namespace lintas::mrz {

// One sign read as another. Line and column count from 1.
struct Change {
  Field field = Field::kLines;
  int line = 0;
  int column = 0;
  char from = 0;
  char to = 0;
};

struct Suggestion {
  std::vector<std::string> lines;
  // Look-alike signs that were exchanged.
  std::vector<Change> changes;
  // The lines were brought to upper case, freed of blanks, or a run of fillers was made longer or
  // shorter.
  bool reshaped = false;
  // All rules hold for `lines`; otherwise fewer are broken than before.
  bool valid = false;
};

constexpr size_t kSuggestionsMax = 5;

// Fewest changes first; none if the reading is valid or nothing makes it better. Where only one
// class of sign may stand: O/0, I/1, B/8, S/5, Z/2, G/6. Where both may (numbers, optional data):
// the first four pairs, at most two at a time, and only if the check digits then fit.
std::vector<Suggestion> Suggest(const Reading& reading, const matching::CivilDate& today);

}  // namespace lintas::mrz

#endif  // LINTAS_SERVER_MATCHING_MRZ_REPAIR_H_

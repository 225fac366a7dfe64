// A person's name taken apart: the words that are compared, and what only stands beside them.
// Pure, any thread.
#ifndef LINTAS_SERVER_MATCHING_NAME_H_
#define LINTAS_SERVER_MATCHING_NAME_H_

#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "server/matching/known_names.h"

namespace lintas::matching {

struct PersonName {
  // Normalised, Khmer signs in order, in the order written; abbreviations of Muhammad and Abdul
  // written out; no word twice if the name was one word doubled.
  std::vector<std::string> words;
  // What follows bin or binti: the father's name, often left out.
  std::vector<std::string> father;
  // H., Hj., degrees, Raden, Lok, bin, ...; no evidence of who it is.
  std::vector<std::string> tags;
  // One word, or one word doubled or padded with FNU, LNU or XXX: these are one name.
  bool mononym = false;
  // From a machine-readable zone that is full to its last place (39, 31 or 30 signs): the last word
  // may be cut off (ICAO Doc 9303-4 section 4.2.3, -5, -6), so it is compared as a beginning.
  bool truncated = false;
  bool khmer_script = false;

  bool empty() const { return words.empty(); }
};

// Takes any text; at most kNameWordsMax words are kept. A `<` anywhere marks a machine-readable
// form: `SOK<<SOPHEA<<<`. Only commas and those tell family from given name, and neither orders the
// comparison: Khmer names lead with the family, most Indonesians have none.
PersonName ParseName(absl::string_view text);
inline constexpr size_t kNameWordsMax = 8;

// Whose rules the words follow, by known names and by letters: a guess for choosing foldings.
NameCountry GuessCountry(const PersonName& name);
// Of two names at once: script, then the words of both.
NameCountry GuessCountry(const PersonName& a, const PersonName& b);

}  // namespace lintas::matching

#endif  // LINTAS_SERVER_MATCHING_NAME_H_

// Finds people by a name that was misspelt or misheard. In memory: about 60 bytes a person, see
// docs/matching.md.
#ifndef LINTAS_SERVER_MATCHING_PERSON_INDEX_H_
#define LINTAS_SERVER_MATCHING_PERSON_INDEX_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include "absl/strings/string_view.h"
#include "server/matching/date_compare.h"

namespace lintas::matching {

// I1  A person whose name shares half of its trigrams with the query is found: every hit that
//     PostgreSQL's pg_trgm has at similarity 0.5 (trigrams of each word with two blanks before and
//     one behind it, shared over all that either has) is among the found, up to the limit.
// I2  So is one whose words are spellings of the query's words by either country's rules.
//
// Thread-compatible: fill and Build() on one thread, then Search() on any.
class PersonIndex {
 public:
  // Order of Add().
  using PersonNumber = uint32_t;

  struct Hit {
    PersonNumber person = 0;
    // Shared trigrams over all trigrams, 0 to 1; words that are spellings of one another count as
    // equal. For finding; what speaks for the person is `bits`.
    double similarity = 0;
    // ComparePersons(): name and, if given, birth date.
    double bits = 0;
  };

  PersonIndex();
  ~PersonIndex();

  void Add(absl::string_view name, LooseDate born);
  void Build();
  size_t size() const;

  // Best first, at most `limit`; ties in order of numbers. `born` 0 is unknown.
  std::vector<Hit> Search(absl::string_view name, LooseDate born, size_t limit) const;

 private:
  class State;
  std::unique_ptr<State> state_;
};

}  // namespace lintas::matching

#endif  // LINTAS_SERVER_MATCHING_PERSON_INDEX_H_

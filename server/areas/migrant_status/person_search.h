// Finds the records of the persons that a query may mean, as far as the caller may see them, and
// what else is known of them: their other documents, their national number.
//
//   Q1  An attaché's search sees own nationals only from the first key on (R7), makes the same
//   reads
//       for absent, protected and not visible (P26), and by a name shows only whom the whole name
//       speaks for: that a name is searched word by word finds misspelt names and gives away no
//       more than asking for each word would.
//   Q2  A document that another person's record shares joins the records; it never hides one.
//   Doubts
//       stand beside the person (person_groups.h).
//
// Reads of committed state only. Thread safe.
#ifndef LINTAS_SERVER_AREAS_MIGRANT_STATUS_PERSON_SEARCH_H_
#define LINTAS_SERVER_AREAS_MIGRANT_STATUS_PERSON_SEARCH_H_

#include <functional>
#include <vector>

#include "absl/status/statusor.h"
#include "lintas/migrant_status/v1/migrant_status.pb.h"
#include "server/areas/migrant_status/person_groups.h"
#include "server/base/error.h"
#include "server/call/call.h"
#include "server/records/reader.h"

namespace lintas::migrant_status {

constexpr size_t kPersonsMax = 10;
constexpr size_t kPersonsForAttacheMax = 5;

struct FoundPerson {
  PersonRecords records;
  v1::Match match;
};

// True if a query gives neither number nor reference: then only name and birth date stand for the
// person.
bool IsByName(const v1::PersonQuery& query);

class PersonSearch {
 public:
  // `read_on`: after a search of an attaché, the reads that make it cost what others cost.
  PersonSearch(const Reader* reader, std::function<absl::Status(const FindQuery&)> read_on)
      : reader_(reader), read_on_(std::move(read_on)) {}

  // INVALID_FIELDS, or INSUFFICIENT_IDENTIFIERS: a name needs a birth date, for an attaché a
  // complete one, who does not ask by a national number alone. Depends on caller and query only.
  absl::Status Check(const Call& call, const v1::PersonQuery& query) const;

  // How a name is searched.
  enum class Width {
    kWide,   // All words together, and the longest ones apart, and day and month exchanged.
    kExact,  // All words together; wide if that finds nobody.
  };
  struct Result {
    std::vector<FoundPerson> persons;  // The likeliest first.
    bool more = false;
    // Somebody has more records than are read: nothing is to be said of anybody.
    bool incomplete = false;
  };
  absl::StatusOr<Result> Find(const Call& call, const v1::PersonQuery& query, Width width) const;

  // Tokens for "who asked about X" (P25).
  std::vector<Token> SubjectTokens(const v1::PersonQuery& query) const;

 private:
  class Gathering;
  absl::Status Gather(const Call& call, const v1::PersonQuery& query, bool wide,
                      Gathering* gathering) const;
  absl::Status GatherOne(const FindQuery& query, bool even, Gathering* gathering) const;
  absl::Status GatherAll(const FindQuery& query, bool even, Gathering* gathering) const;
  absl::Status GatherReference(const Call& call, const std::string& name,
                               Gathering* gathering) const;
  absl::Status Widen(const Call& call, const v1::PersonQuery& query, PersonRecords* records,
                     bool* incomplete) const;
  FindQuery Base(const Call& call) const;

  const Reader* const reader_;
  const std::function<absl::Status(const FindQuery&)> read_on_;
};

}  // namespace lintas::migrant_status

#endif  // LINTAS_SERVER_AREAS_MIGRANT_STATUS_PERSON_SEARCH_H_

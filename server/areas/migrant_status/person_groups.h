// Which records are of one person, by what they share, and how well a person fits what was asked.
// Pure; any thread.
#ifndef LINTAS_SERVER_AREAS_MIGRANT_STATUS_PERSON_GROUPS_H_
#define LINTAS_SERVER_AREAS_MIGRANT_STATUS_PERSON_GROUPS_H_

#include <memory>
#include <string>
#include <vector>

#include "google/protobuf/message.h"
#include "lintas/migrant_status/v1/migrant_status.pb.h"

namespace lintas::migrant_status {

// A record as the caller sees it.
struct ShownRecord {
  std::string name;
  std::string owner;  // Lower-case alpha-3.
  std::shared_ptr<const google::protobuf::Message> message;

  // Null if the record shows none.
  const types::v1::Person* person() const;
  std::vector<types::v1::DocumentReference> documents() const;
};

// Something that only one person has, of which further records are asked for: a document with its
// issuer, or a national number.
struct StrongKey {
  std::string document_number, document_issuer, national_number;

  std::string Text() const;
};
std::vector<StrongKey> StrongKeysOf(const ShownRecord& record);

using PersonRecords = std::vector<ShownRecord>;  // By name.

// Records that share a strong key, directly or through others, are one group; names and dates join
// nobody. Groups by the name of their first record.
std::vector<PersonRecords> GroupByPerson(const std::vector<ShownRecord>& records);

// How a group fits `query`: name and birth date by server/matching, the best of its written forms.
v1::Match MatchOf(const v1::PersonQuery& query, const PersonRecords& records);
// True if the name as a whole speaks for the person (R7: what an attaché is shown of a name).
bool SpeaksForPerson(const v1::Match& match);

std::vector<v1::PersonStatus::Doubt> DoubtsOf(const PersonRecords& records);
std::vector<std::string> NationalitiesOf(const PersonRecords& records);
std::vector<v1::Identity> IdentitiesOf(const PersonRecords& records);

}  // namespace lintas::migrant_status

#endif  // LINTAS_SERVER_AREAS_MIGRANT_STATUS_PERSON_GROUPS_H_

// How an attaché finds a person (R7): own nationals only, with a case, by document number or by
// name with complete birth date. A name alone gives at most five masked candidates; each opening is
// on record and counted.
//
//   C1  Never more than kCandidatesMax, the same ones for the same name, and no word on how many
//       there are.
//   C2  A reference is sealed for one officer and one case, lives kReferenceLife, and says nothing.
//       It is good until the node is started again at the longest.
//   C3  Lookups that show nothing are counted, whatever the reason was; at the agreed number the
//       day's lookups end. So nobody walks through numbers or names.
//   C4  A lookup that shows nothing costs the same reads whatever it met (even_reads.h).
//
// Thread safe.
#ifndef LINTAS_SERVER_AREAS_MIGRATION_INFORMATION_CANDIDATES_H_
#define LINTAS_SERVER_AREAS_MIGRATION_INFORMATION_CANDIDATES_H_

#include <string>

#include "lintas/migration_information/v1/candidate_search.pb.h"
#include "lintas/migration_information/v1/migration_information.pb.h"
#include "server/agreement/quota.h"
#include "server/areas/common/lookup_misses.h"
#include "server/call/call.h"
#include "server/records/reader.h"

namespace lintas::migration_information {

constexpr size_t kCandidatesMax = 5;
constexpr absl::Duration kReferenceLife = absl::Minutes(10);
constexpr uint32_t kOpeningsPerDayDefault = 20;

// `S. D.` of `SYNTHETICA` and `DARA`: the first letter of each part, in any script.
std::string Initials(const types::v1::Person& person);

class Candidates {
 public:
  // Both outlive it.
  Candidates(const Reader* reader, LookupMisses* misses);
  Candidates(const Candidates&) = delete;
  Candidates& operator=(const Candidates&) = delete;

  // FindRecords of an attaché: `find` is what anybody else's would be. RESOURCE_EXHAUSTED, reason
  // QUOTA; INVALID_ARGUMENT, reason INSUFFICIENT_IDENTIFIERS, before anything is looked up.
  void Find(const Call& call, const v1::FindRecordsRequest& request, const UnaryHandler& find,
            Reply reply);
  // AskPartner of an attaché: misses there are misses too.
  void Ask(const Call& call, const google::protobuf::Message& request, const UnaryHandler& ask,
           Reply reply);
  void Search(const Call& call, const google::protobuf::Message& request, Reply reply);
  void Open(const Call& call, const google::protobuf::Message& request, Reply reply);

 private:
  absl::StatusOr<v1::SearchCandidatesResponse> SearchByName(const Call& call,
                                                            const FindQuery& query) const;
  std::string Seal(const Call& call, const FoundRecord& found) const;
  absl::StatusOr<std::string> RecordIdOf(const Call& call, const std::string& reference) const;
  absl::Status ChargeOpening(const Call& call);

  const Reader* const reader_;
  LookupMisses* const misses_;  // C3
  const std::string key_;
  Quota openings_{"candidate_openings_per_day", absl::Hours(24)};
};

}  // namespace lintas::migration_information

#endif  // LINTAS_SERVER_AREAS_MIGRATION_INFORMATION_CANDIDATES_H_

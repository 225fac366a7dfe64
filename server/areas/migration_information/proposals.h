// Answers to the partner's record requests and list matches, proposed from the own records.
#ifndef LINTAS_SERVER_AREAS_MIGRATION_INFORMATION_PROPOSALS_H_
#define LINTAS_SERVER_AREAS_MIGRATION_INFORMATION_PROPOSALS_H_

#include "server/areas/common/answer_proposal.h"
#include "server/base/clock.h"
#include "server/records/reader.h"

namespace lintas::migration_information {

// Both must outlive every call.
AnswerProposers Proposers(const Reader* reader, Clock* clock);

}  // namespace lintas::migration_information

#endif  // LINTAS_SERVER_AREAS_MIGRATION_INFORMATION_PROPOSALS_H_

// AnswerProposal: what an area could answer to a request of the partner's, for an officer to read
// before anything is sent.
#ifndef LINTAS_SERVER_AREAS_COMMON_ANSWER_PROPOSAL_H_
#define LINTAS_SERVER_AREAS_COMMON_ANSWER_PROPOSAL_H_

#include <google/protobuf/message.h>

#include <functional>
#include <map>
#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "server/call/call.h"

namespace lintas {

struct AnswerProposal {
  std::string step;  // Code in the request's table.
  std::unique_ptr<google::protobuf::Message> content;
  Disclosure disclosure;  // The records that it rests on.
};

// By the code of the procedure's table: from what the request carries to an answer. Reads only;
// safe from any thread. Of records it takes those that the agreement lets be asked for and that the
// caller may see; absent, protected and undisclosable make no difference (P26).
using AnswerProposers =
    std::map<std::string, std::function<absl::StatusOr<AnswerProposal>(
                              const Call&, const google::protobuf::Message& request)>>;

}  // namespace lintas

#endif  // LINTAS_SERVER_AREAS_COMMON_ANSWER_PROPOSAL_H_

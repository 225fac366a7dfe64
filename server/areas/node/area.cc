#include "server/areas/node/area.h"

#include <memory>

#include "server/areas/common/method_list.h"
#include "server/areas/node/answers.h"

namespace lintas::node {

std::vector<Method> Methods(const Deps& deps) {
  return MethodList<Answers>("lintas.node.v1.NodeService", std::make_shared<const Answers>(deps))
      .Add("GetStatus", Operation::kReadStatus, &Answers::GetStatus)
      .Add("GetCheckpoint", Operation::kProve, &Answers::GetCheckpoint)
      .Add("GetReceipt", Operation::kProve, &Answers::GetReceipt)
      .Add("ListAccessEntries", Operation::kReadAudit, &Answers::ListAccessEntries)
      .Add("AdoptAgreement", Operation::kAdopt, &Answers::AdoptAgreement)
      .Add("GetAgreement", Operation::kReadStatus, &Answers::GetAgreement)
      .Add("PauseLink", Operation::kPauseLink, &Answers::PauseLink)
      .Add("ResumeLink", Operation::kPauseLink, &Answers::ResumeLink)
      .Take();
}

}  // namespace lintas::node

#include "server/areas/migrant_status/area.h"

#include <memory>

#include "server/areas/common/method_list.h"
#include "server/areas/migrant_status/answers.h"

namespace lintas::migrant_status {

const google::protobuf::FileDescriptor* File() {
  return v1::GetStatusRequest::descriptor()->file();
}

std::vector<Method> Methods(const Deps& deps) {
  return MethodList<Answers>("lintas.migrant_status.v1.StatusService",
                             std::make_shared<const Answers>(deps))
      .Add("GetStatus", Operation::kShowStatus, &Answers::GetStatus)
      .Add("CheckStatus", Operation::kCheckStatus, &Answers::CheckStatus)
      .Take();
}

}  // namespace lintas::migrant_status

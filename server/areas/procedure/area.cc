#include "server/areas/procedure/area.h"

#include <memory>

#include "server/areas/common/method_list.h"
#include "server/areas/procedure/answers.h"

namespace lintas::procedure {

std::vector<Method> Methods(const Deps& deps) {
  return MethodList<Answers>("lintas.procedure.v1.ProcedureService",
                             std::make_shared<const Answers>(deps))
      .Add("OpenProcedure", Operation::kTakeStep, &Answers::Open)
      .Add("TakeStep", Operation::kTakeStep, &Answers::Take)
      .Add("ProposeAnswer", Operation::kTakeStep, &Answers::Propose)
      .Add("GetProcedure", Operation::kReadProcedures, &Answers::Get)
      .Add("ListInbox", Operation::kReadProcedures, &Answers::Inbox)
      .Add("GetBoard", Operation::kReadProcedures, &Answers::Board)
      .Add("BeginUpload", Operation::kTakeStep, &Answers::BeginUpload)
      .Add("UploadChunk", Operation::kTakeStep, &Answers::UploadChunk)
      .Add("DownloadAttachment", Operation::kReadProcedures, &Answers::Download)
      .Take();
}

}  // namespace lintas::procedure
